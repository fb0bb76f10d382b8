"""Results of the reliability room as the terminal shows them, from hand-made results."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from rich.console import Console

from clientindex.cli import plain_tables
from clientindex.cli.footnotes import Footnotes
from clientindex.cli.plain_tables import print_table, print_words
from clientindex.cli.reliability_centres import tell_centres
from clientindex.cli.reliability_items import tell_items
from clientindex.cli.reliability_parts import EVERYBODY, Part
from clientindex.cli.reliability_quality import MOST_CENTRES, tell_quality
from clientindex.cli.reliability_sets import tell_drops
from clientindex.cli.reliability_tables import tell_consistency, tell_omegas
from clientindex.methodology import Methodology, load_methodology
from presentation_reliability import (
    make_answer_quality,
    make_centre_reliability,
    make_consistency,
    make_indicator_sets,
    make_items,
    make_omegas,
)

ROOT = Path(__file__).parents[2]
EMPLOYERS = Part(kind="segment", key="employers")
REGION = Part(kind="region", key="Край")


@pytest.fixture(scope="module")
def methodology():
    return load_methodology(ROOT / "methodology" / "2026.yml")


@pytest.fixture(scope="module")
def two_groups(methodology):
    """Keep the groups that the hand-made coefficients of consistency have."""
    kept = tuple(g for g in methodology.groups if g.key in {"friendliness", "comfort"})
    keys = [key for group in kept for key in group.indicators]
    indicators = tuple(i for i in methodology.indicators if i.key in keys)
    fields = dict(methodology) | {"groups": kept, "indicators": indicators}
    return Methodology.model_construct(**fields)  # a copy would keep the cached keys


@pytest.fixture(scope="module")
def members(methodology):
    return {group.key: tuple(group.indicators) for group in methodology.groups}


@pytest.fixture
def read(capsys):
    """Return a function that gives the output without frames, cells joined by spaces."""

    def lines():
        text = capsys.readouterr().out.replace("│", " ").replace("┃", " ")
        return [" ".join(line.split()) for line in text.splitlines()]

    return lines


def complete(frame, **values):
    """Return a frame with the columns that it lacks."""
    return frame.assign(**{name: x for name, x in values.items() if name not in frame})


def make_quality():
    """Make the quality of answers with the intervals of both sides of a comparison."""
    result = make_answer_quality()
    own = result.effects
    sides = {
        f"{side}_{end}": own[side] + shift
        for side in ("before", "after")
        for end, shift in (("low", -0.02), ("high", 0.02))
    }
    whole = {"kind": "all", "part": "all", "statistic": "", "group": ""}
    return replace(
        result, effects=complete(own, **sides), left_out=complete(result.left_out, **whole)
    )


def make_analysis(members):
    """Make the item analysis with the interval of what runs against its key."""
    result = make_items(members)
    against = complete(result.against_key, ci_low=-0.17, ci_high=-0.03)
    return replace(result, against_key=against)


def test_alpha_stands_beside_feldts_interval(two_groups, read):
    assert tell_consistency(make_consistency(), EVERYBODY, two_groups)
    lines = read()
    assert "95% intervals; pairwise covariances; 1000 bootstrap replicates" in lines[0]
    assert "friendliness 4 1230 0.795 [0.770, 0.810] [0.785, 0.805]" in lines
    assert "all indicators 20 1234 0.920 [0.910, 0.930] [0.910, 0.930]" in lines
    assert "it is not the reliability of the scores" in " ".join(lines)


def test_an_omega_on_its_bound_is_an_upper_limit(methodology, read):
    tell_consistency(make_consistency(), EMPLOYERS, methodology)
    lines = read()
    assert "100 bootstrap replicates" in lines[0]
    note = next(line for line in lines if "an upper limit" in line)
    assert "comfort, omega total: an upper limit: the uniqueness of waiting is on its" in note
    row = next(line for line in lines if line.startswith("comfort -"))
    assert f"0.710 [0.690, 0.730] {note.split()[0]}" in row


def test_a_part_without_coefficients_has_its_reason_only(methodology, read):
    result = make_consistency()
    assert not tell_consistency(result, REGION, methodology)
    culprit = result.left_out["detail"].iloc[0]
    assert read()[1:] == [f"(1) targeting: All answers are equal: {culprit}."]


def test_omegas_name_their_solution_and_a_refused_model_is_a_dash(methodology, read):
    assert tell_omegas(make_omegas(), EVERYBODY, methodology)
    lines = read()
    row = next(line for line in lines if line.startswith("all indicators"))
    assert row.startswith(
        "all indicators 0.940 [0.910, 0.970] 0.750 [0.720, 0.780] 0.930 [0.900, 0.960] - ("
    )
    assert any("bifactor: There are fewer centres than parameters" in line for line in lines)
    assert any("(centres/parameters): 5/60." in line for line in lines)


def test_an_indicator_against_its_key_is_a_warning(methodology, members, read):
    assert tell_items(make_analysis(members), EMPLOYERS, methodology)
    warning = next(line for line in read() if line.startswith("WARNING"))
    assert "waiting runs against its key: correlation with the others of effort -0.10" in warning
    assert re.search(r"-0.10 \[-0.\d\d, -0.\d\d\]; check its 'direction'", warning)


def test_everybody_is_told_without_whom_alpha_is_higher(methodology, members, read):
    tell_items(make_analysis(members), EVERYBODY, methodology)
    lines = read()
    assert "Alpha of their group is higher without: waiting" in lines
    assert not any(line.startswith("WARNING") for line in lines)
    waiting = next(line for line in lines if line.startswith("waiting"))
    assert waiting.startswith("waiting 1170 5.0% [3.0%, 7.0%] 3.88 [3.85, 3.90]")
    assert waiting.endswith("60.0% [58.0%, 62.0%]")


def test_answers_needed_are_whole_and_may_have_no_limit(methodology, read):
    result = make_centre_reliability()
    assert tell_centres(result, EVERYBODY, methodology)
    lines = read()
    assert "all indicators 0.7 80% [60%, 100%] 35 [28, 46]" in lines
    comfort = next(line for line in lines if line.startswith("comfort 0.7"))
    note = next(line for line in lines if "no number of answers is enough" in line)
    assert comfort == f"comfort 0.7 80% [60%, 100%] 35 [28, inf] {note.split()[0]}"
    assert any("reliability at 30 answers" in line for line in lines)
    assert any("all indicators, omega between centres: The computation" in x for x in lines)


def with_row(frame, chosen, **values):
    """Return a frame with other values in the rows that are chosen."""
    return frame.assign(**{name: frame[name].mask(chosen, value) for name, value in values.items()})


def test_an_estimate_by_moments_may_be_negative(methodology, read):
    result = make_centre_reliability()
    own = result.coefficients
    moments = own[(own["statistic"] == "icc1") & (own["group"] == "index")]
    moments = moments.assign(method="anova", estimate=-0.02, ci_low=-0.03)
    changed = replace(result, coefficients=pd.concat([own, moments], ignore_index=True))
    tell_centres(changed, EVERYBODY, methodology)
    lines = read()
    below = next(line for line in lines if "stands for 0" in line)
    row = next(line for line in lines if line.startswith("all indicators -0.020"))
    assert f"] {below.split()[0]} 0.060" in row


def test_centres_that_do_not_differ_need_answers_without_end(methodology, read):
    result = make_centre_reliability()
    gap = {"statistic": "answers", "reason": "no_between_variance", "detail": ""}
    label = {"kind": "all", "part": "all", "group": "comfort"}
    answers = with_row(result.answers, result.answers["group"] == "comfort", estimate=np.inf)
    left_out = pd.DataFrame([{**label, **gap}])
    tell_centres(replace(result, answers=answers, left_out=left_out), EVERYBODY, methodology)
    lines = read()
    note = next(line for line in lines if "comfort, answers needed: Centres do not differ" in line)
    assert f"comfort 0.8 80% [60%, 100%] - {note.split()[0]}" in lines


def test_bent_covariances_are_marked(methodology, read):
    result = make_centre_reliability()
    own = result.coefficients
    chosen = own["statistic"] == "alpha_between"
    tell_centres(
        replace(result, coefficients=with_row(own, chosen, bent=True)), EVERYBODY, methodology
    )
    lines = read()
    note = next(line for line in lines if "changed to the nearest that are" in line)
    row = next(line for line in lines if line.startswith("all indicators between"))
    assert row.startswith(f"all indicators between {note.split()[0]} 0.970")


def test_rules_have_their_limits_and_centres_their_rate(methodology, read):
    assert tell_quality(make_quality(), EVERYBODY, methodology)
    lines = read()
    assert "straight_lining: the same option to all of at least 10 indicators" in lines
    assert "duplicates: at least 3 equal answers to everything in one centre and day" in lines
    assert "straight_lining 37 1234 3.00% [2.50%, 3.50%] 1 of 2" in lines
    assert "straight_lining c3 Край 25 of 250 10.0% [0.0%, 20.0%] < 0.001" in lines
    change = "-0.0125 [-0.0145, -0.0105]"
    row = next(line for line in lines if line.startswith("straight_lining 37 alpha"))
    assert row.startswith("straight_lining 37 alpha, all indicators 0.920 [")
    assert row.endswith(change)
    assert any(
        x.startswith("any 41 index 72.50 [") and x.endswith("] +0.25 [+0.10, +0.40]") for x in lines
    )
    assert any(line.endswith("speeding: The duration of interviews is unknown.") for line in lines)


def test_a_long_list_of_centres_is_cut(methodology, read):
    result = make_quality()
    first = result.centres.iloc[[0]]
    many = pd.concat([first.assign(centre=f"k{at:02d}") for at in range(MOST_CENTRES + 3)])
    tell_quality(replace(result, centres=many), EVERYBODY, methodology)
    lines = read()
    assert "... and 3 more in the files of --csv" in lines
    assert sum(line.startswith("straight_lining k") for line in lines) == MOST_CENTRES


def test_nobody_flagged_is_no_upper_limit(methodology, read):
    result = make_quality()
    shares = result.shares.assign(estimate=0.0, ci_low=0.0, ci_high=0.0, n_flagged=0)
    tell_quality(replace(result, shares=shares), EVERYBODY, methodology)
    lines = read()
    assert any(line.startswith("duplicates 0 1234 0.00% [0.00%, 0.00%] (1)") for line in lines)
    assert any("an interval is no upper limit" in line for line in lines)
    assert any("nothing changes, no rule flags anybody" in line for line in lines)


def test_rules_that_are_all_off_are_said_to_be(methodology, read):
    result = make_quality()
    empty = {name: getattr(result, name).iloc[:0] for name in ("rules", "shares", "left_out")}
    assert not tell_quality(replace(result, **empty), EVERYBODY, methodology)
    assert "The methodology switches all rules off" in read()


def test_drops_are_changes_with_their_sign(methodology, members, read):
    assert tell_drops(make_indicator_sets(members), EVERYBODY, methodology)
    lines = read()
    waiting = next(line for line in lines if line.startswith("waiting"))
    assert waiting.startswith("waiting +0.050 [+0.040, +0.060] +0.040 [+0.030, +0.050] +0.020")
    assert any("intervals by leaving out each centre in turn" in line for line in lines)


@pytest.fixture
def narrow(monkeypatch):
    """Make the terminal 80 columns wide."""
    monkeypatch.setattr(plain_tables, "_make_console", lambda: Console(width=80))


def test_a_wide_table_is_cut_into_several_and_no_cell_is_broken(narrow, two_groups, capsys):
    tell_consistency(make_consistency(), EVERYBODY, two_groups)
    output = capsys.readouterr().out
    assert max(map(len, output.splitlines())) <= 80
    rows = [line for line in output.splitlines() if line.startswith("│ friendliness")]
    assert len(rows) == 3, "alpha, then the other coefficients in two tables"
    assert "0.785 [0.765, 0.805]" in output


def test_without_keys_a_wide_table_is_folded(narrow, capsys):
    print_table(["a", "b"], [["x" * 60, "y" * 60]])
    assert max(map(len, capsys.readouterr().out.splitlines())) <= 80


def test_sentences_are_broken_between_words(narrow, capsys):
    print_words("word " * 40)
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 3
    assert all(line.split()[0] == "word" for line in lines)


def gaps(*rows):
    return pd.DataFrame(rows, columns=["group", "statistic", "reason", "detail"])


def test_a_reason_that_groups_share_is_one_note(methodology, capsys):
    notes = Footnotes(
        gaps(
            ("effort", "alpha", "one_indicator", "waiting"),
            ("effort", "ave", "one_indicator", "waiting"),
            *[(key, "", "one_centre", "") for key in (*methodology.group_keys, "index")],
        ),
        methodology,
        names={"ave": "AVE"},
    )
    assert notes.dash("comfort", "alpha") == "- (1)"
    assert notes.explain("effort", "alpha") == "(2)"
    notes.tell()
    assert capsys.readouterr().out.splitlines() == [
        "(1) There is one centre; what differs between centres is unknown.",
        "(2) effort, alpha, AVE: The group has one indicator: waiting.",
    ]


def test_an_absent_number_without_a_reason_is_not_hidden(methodology, capsys):
    notes = Footnotes(gaps(), methodology)
    assert notes.write(None, "effort", "alpha") == "- (1)"
    notes.tell()
    assert capsys.readouterr().out == (
        "(1) effort, alpha: not defined; the analysis gives no reason\n"
    )


def test_the_status_of_a_model_is_a_word(methodology, capsys):
    row = {"statistic": "bifactor", "reason": "model_status", "detail": "inadmissible"}
    Footnotes(pd.DataFrame([row]), methodology).tell()
    assert capsys.readouterr().out == (
        "(1) bifactor: The model was not fitted: inadmissible solution.\n"
    )


def test_a_note_is_the_one_that_names_the_indicator(methodology):
    notes = Footnotes(
        gaps(
            ("effort", "", "zero_variance", "waiting"),
            ("effort", "mean", "too_few_answers", "waiting"),
            ("effort", "mean", "unstable_resampling", "paperwork"),
        ),
        methodology,
    )
    assert notes.explain("effort", "mean", about="paperwork") == "(1)"
    assert notes.explain("effort", "mean", about="waiting") == "(2)"
    assert notes.explain("effort", "sd", about="information") == "(3)"
