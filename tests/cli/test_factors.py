"""The command for the structure of the indicators: models of one's own, words and exit codes."""

from __future__ import annotations

import re
import shutil
import sys
from types import ModuleType, SimpleNamespace

import pandas as pd
import pytest
from click.testing import CliRunner

from clientindex.cli import main
from clientindex.results import Unavailable
from presentation_bundle import make_suitability
from presentation_factors import make_confirmatory

MODEL = """# service against place
service =~ competence + communication + respect
place   =~ location + premises + navigation
"""


@pytest.fixture
def project(simulated, monkeypatch):
    monkeypatch.chdir(simulated)
    return simulated


@pytest.fixture
def fit(project, tmp_path):
    """Return a function that fits a model text by the command."""

    def call(text, *options, edition="demo"):
        path = tmp_path / "mine.txt"
        if isinstance(text, bytes):
            path.write_bytes(text)
        else:
            path.write_text(text, encoding="utf-8")
        return CliRunner().invoke(main, ["factors", edition, "--model", str(path), *options])

    return call


def test_help_shows_the_language():
    result = CliRunner().invoke(main, ["factors", "--help"])
    assert result.exit_code == 0
    assert "EDITION" in result.output
    assert "service =~ competence + communication + respect" in result.output
    assert "factors" in CliRunner().invoke(main, ["--help"]).output


def test_a_model_is_fitted_by_the_estimators_of_the_methodology(fit):
    result = fit(MODEL)
    assert result.exit_code == 0, result.output
    assert "30 centres" in result.output
    assert result.output.count("fitted") == 2
    for words in ("Estimates, wlsmv", "Estimates, mlr", "Largest modification indices, mlr"):
        assert words in result.output
    assert re.search(r"place =~ premises\s+│\s+│ [01]\.\d{3}", result.output)
    assert re.search(r"service ~~ place", result.output)


def test_an_estimator_may_be_chosen(fit):
    result = fit(MODEL, "--estimator", "ml")
    assert result.exit_code == 0
    assert "Estimates, ml (95% intervals)" in result.output
    assert "wlsmv" not in result.output
    assert fit(MODEL, "--estimator", "gls").exit_code == 2


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("f =~ competense + goal + advice", "line 1, column 6: read 'competense'; .*'competence'"),
        ("f =~ goal advice", "line 1, column 11: read 'advice'; terms are joined by"),
        ("\n# nothing\n", "mine.txt: the model is empty; write at least one factor"),
        ("f =~ goal # цель".encode("cp1251"), "byte 13 is not UTF-8; save the file as UTF-8"),
    ],
)
def test_a_text_that_is_no_model_is_wrong_use(fit, text, words):
    result = fit(text)
    assert result.exit_code == 2
    assert re.search(words, result.output), result.output
    assert "Traceback" not in result.output
    assert "respondents" not in result.output, "the answers are not read for nothing"


def test_a_missing_file_or_edition_is_wrong_use(project):
    result = CliRunner().invoke(main, ["factors", "demo", "--model", "absent.txt"])
    assert result.exit_code == 2
    assert "absent.txt: cannot be read (No such file or directory)" in result.output
    result = CliRunner().invoke(main, ["factors", "dmeo"])
    assert result.exit_code == 2
    assert "no edition 'dmeo'" in result.output


def test_an_unidentified_model_says_which_parameters(fit):
    result = fit("f =~ NA*goal + advice + vacancies", "--estimator", "ml")
    assert result.exit_code == 2
    assert "not identified: f ~~ f" in result.output


def test_fewer_centres_than_parameters_are_refused_with_a_remedy(fit):
    factors = "f =~ " + " + ".join(
        f"{key}" for key in ("goal", "vacancies", "advice", "recommendation", "competence")
    )
    text = f"{factors}\ng =~ location + premises + navigation + accessibility + respect"
    result = fit(text, "--estimator", "mlr")
    assert result.exit_code == 0, "21 parameters, 30 centres"
    more = f"{text}\nh =~ information + channels + waiting + paperwork"
    result = fit(more, "--estimator", "mlr", "--estimator", "ml")
    assert result.exit_code == 1
    words = " ".join(re.sub(r"[│┃]", " ", result.output).split())
    assert "fewer centres than parameters (30/31)" in words
    assert "use a smaller model" in words
    assert "Estimates, ml" in result.output


def test_a_part_that_is_not_available_is_said_and_the_others_follow(project, monkeypatch):
    groups = {"service": ("goal", "advice", "respect"), "comfort": ("location", "premises")}
    absent = Unavailable(stage="factors", reason="one_centre")
    found = {
        "suitability": make_suitability(
            tuple(k for keys in groups.values() for k in keys), tuple(groups)
        ),
        "factor_number": absent,
        "exploratory": absent,
        "confirmatory": make_confirmatory(groups),
    }
    fake = ModuleType("clientindex.factors.assessment")
    fake.assess = lambda counts, **_: SimpleNamespace(**found)
    monkeypatch.setitem(sys.modules, "clientindex.factors.assessment", fake)
    monkeypatch.delitem(sys.modules, "clientindex.cli.factor_structure", raising=False)
    result = CliRunner().invoke(main, ["factors", "demo"])
    assert result.exit_code == 0, result.output
    assert "Suitability (polychoric correlations): KMO" in result.output
    assert "Number of factors: Factor analysis: no result. Only one centre" in result.output
    assert "second_order" in result.output
    found |= dict.fromkeys(found, absent)
    assert CliRunner().invoke(main, ["factors", "demo"]).exit_code == 1
    monkeypatch.delitem(sys.modules, "clientindex.cli.factor_structure")


def test_answers_without_variance_are_told_in_words(fit, project, tmp_path):
    folder = tmp_path / "constant"
    shutil.copytree(project, folder)
    for path in (folder / "data_raw" / "demo").glob("survey_*.csv"):
        pd.read_csv(path).assign(goal=4).to_csv(path, index=False)
    result = fit(MODEL, edition=str(folder / "editions" / "demo.yml"))
    assert result.exit_code == 1
    assert "Traceback" not in result.output
    assert "All answers are equal for these indicators: Purpose of the visit" in result.output
