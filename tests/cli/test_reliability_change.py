"""Another set of indicators, parts of the data, and what is refused before anything is read."""

from __future__ import annotations

import re

import pandas as pd
import pingouin
import pytest

from reliability_output import (
    GROUPS,
    KEYS,
    PRINTED,
    call,
    find_row,
    key,
    read_answers,
    read_ends,
    read_estimate,
)


@pytest.fixture
def project(suspicious, monkeypatch):
    monkeypatch.chdir(suspicious)
    return suspicious


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--drop", "competense"], "read 'competense', .*allowed: .*did you mean 'competence'"),
        (["--move", "respect=confort"], "read 'confort', which is no group; .*mean 'comfort'"),
        (["--move", "respekt=comfort"], "read 'respekt', which is no indicator"),
        (["--move", "respect"], "read 'respect'; write INDICATOR=GROUP"),
        (["--move", "respect=friendliness"], "respect is in friendliness already"),
        (["--move", "respect=effort", "--move", "respect=comfort"], "moved to effort and to comf"),
        (["--drop", "respect", "--move", "respect=effort"], "dropped and moved at once"),
        ([x for name in KEYS for x in ("--drop", name)], "no indicator with a weight is left"),
        (["--segment", "citizen"], "read 'citizen', .*allowed: citizens, employers; did you"),
        (["--segment", "citizens", "--period", "2026Q1"], "--segment and --period exclude each"),
    ],
)
def test_wrong_use_is_told_before_the_answers_are_read(project, options, words):
    result = call(*options)
    assert result.exit_code == 2
    assert re.search(words, result.output), result.output
    assert "respondents" not in result.output


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--region", "Псковская обл."], "did you mean 'Псковская область'"),
        (["--period", "2025Q1"], "read '2025Q1', .*allowed: 2026Q1, 2026Q2"),
    ],
)
def test_a_part_that_is_not_there_names_those_that_are(project, options, words):
    result = call(*options)
    assert result.exit_code == 2
    assert re.search(words, result.output), result.output
    assert "Traceback" not in result.output


def test_a_change_of_the_set_against_pingouin(project):
    keyed = key(read_answers(project))
    result = call("--drop", "respect", "--move", "paperwork=comfort")
    assert result.exit_code == 0
    assert "without respect, with paperwork in comfort" in " ".join(result.output.split())
    after = {
        "friendliness": ["competence", "communication", "partnership"],
        "effort": ["information", "waiting"],
        "comfort": ["location", "premises", "paperwork"],
        "all indicators": [name for name in KEYS if name != "respect"],
    }
    for group, members in after.items():
        old, new, change = find_row(result.output, group, "alpha")
        alphas = [
            pingouin.cronbach_alpha(keyed[own], nan_policy="pairwise")[0]
            for own in (GROUPS.get(group, KEYS), members)
        ]
        assert [read_estimate(old), read_estimate(new)] == pytest.approx(alphas, abs=PRINTED)
        assert all(low < high for low, high in map(read_ends, (old, new)))
        assert read_estimate(change) == pytest.approx(alphas[1] - alphas[0], abs=PRINTED)
    assert find_row(result.output, "effort", "omega total")[1:] == ["- (1)", "- (1)"]
    assert "(1) effort, omega total: 2 indicators, it needs 3" in result.output


def test_a_group_that_loses_everything_has_notes(project):
    result = call("--drop", "location", "--drop", "premises")
    assert result.exit_code == 0
    assert find_row(result.output, "comfort", "reliability of centres")[1:] == ["- (1)", "- (1)"]
    assert "(1) comfort: no indicators are left" in result.output


def test_a_change_may_be_written_too(project, tmp_path):
    result = call("--drop", "respect", "--csv", str(tmp_path / "new"))
    assert result.exit_code == 0
    table = pd.read_csv(tmp_path / "new" / "set_change.csv")
    assert set(table["group"]) == {"friendliness", "index"}
    assert "set_change.csv" in result.output
