"""Results of the factor room as the terminal shows them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from clientindex.cli.factor_tables import (
    explain_status,
    tell_comparison,
    tell_number,
    tell_verdicts,
)
from presentation_bundle import make_model
from presentation_factors import make_confirmatory, make_factor_number

GROUPS = {
    "service": ("competence", "respect", "advice"),
    "effort": ("waiting", "paperwork"),
    "comfort": ("location", "premises"),
}


def read(capsys):
    """Return the output without frames, a line of cells joined by spaces."""
    lines = capsys.readouterr().out.replace("│", " ").replace("┃", " ").splitlines()
    return [" ".join(line.split()) for line in lines]


def test_votes_stand_side_by_side_and_an_undefined_one_is_a_dash(capsys):
    tell_number(make_factor_number(GROUPS))
    lines = read(capsys)
    assert "rules disagree, read all" in lines[0]
    assert any(line.startswith("parallel_components normal polychoric 5") for line in lines)
    assert any(line.startswith("comparison_data polychoric -") for line in lines)


def test_verdicts_are_words(capsys):
    result = make_model(GROUPS)
    tell_verdicts(result)
    lines = read(capsys)
    assert result.rotation in lines[0]
    row = result.verdicts.iloc[0]
    line = next(line for line in lines if line.startswith(row["indicator"]))
    assert f"{row['own_loading']:.2f}" in line
    assert "loads" in line


def test_models_show_which_indices_are_robust(capsys):
    result = make_confirmatory(GROUPS)
    tell_comparison(result)
    lines = read(capsys)
    assert f"{result.n_centres} centres" in lines[0]
    assert any(line.startswith("correlated wlsmv") for line in lines)
    assert any("in correlated" in line for line in lines)
    assert not any("reject every model" in line for line in lines)
    tell_comparison(replace(result, uninformative=True))
    assert any("chi-square tests reject every model" in line for line in read(capsys))


@pytest.mark.parametrize(
    ("status", "detail", "words"),
    [
        ("ok", "", "fitted"),
        ("heywood", "goal ~~ goal", "negative variance or a correlation beyond 1: goal ~~ goal"),
        ("unidentified", "few_groups", "a second-order factor needs at least three groups"),
        ("too_few_centres", "30/57", "fewer centres than parameters (30/57)"),
        ("not_converged", "f =~ goal", "did not converge: f =~ goal"),
        ("inadmissible", "goal, advice", "no admissible solution: goal, advice"),
    ],
)
def test_a_status_is_a_sentence(status, detail, words):
    assert words in explain_status(status, detail)
