"""The command for reliability: numbers against other programs, parts, changes, words and codes."""

from __future__ import annotations

import re
import shutil
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pingouin
import pytest
import statsmodels.formula.api as smf
from click.testing import CliRunner

from clientindex.cli import main, reliability_battery
from clientindex.cli.reliability_parts import EVERYBODY, choose_part
from clientindex.results import Unavailable
from reliability_output import (
    COPIED,
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

FELDT = 0.0011
"""pingouin rounds the ends to three decimals, and so does the table."""

REML = 0.0011
"""The table has three decimals, and two optimisers differ in the fourth."""


@pytest.fixture(scope="module")
def whole(suspicious):
    """Run the command for everybody; keep its output and the assessment."""
    kept = {}
    assess = reliability_battery.assess

    def keep(*arguments, **options):
        kept["assessment"] = assess(*arguments, **options)
        return kept["assessment"]

    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(suspicious)
        patch.setattr(reliability_battery, "assess", keep)
        result = call("--csv", "tables")
    assert result.exit_code == 0, result.output
    return SimpleNamespace(output=result.output, assessment=kept["assessment"])


@pytest.fixture
def project(suspicious, monkeypatch):
    monkeypatch.chdir(suspicious)
    return suspicious


@pytest.fixture
def show(project, whole, monkeypatch):
    """Return a function that calls the command without computing again."""
    monkeypatch.setattr(reliability_battery, "assess", lambda *_, **__: whole.assessment)
    return call


def test_help_shows_changes_of_the_set():
    result = CliRunner().invoke(main, ["reliability", "--help"])
    assert result.exit_code == 0
    assert "clientindex reliability demo --drop waiting" in result.output
    assert "reliability" in CliRunner().invoke(main, ["--help"]).output


def test_no_cell_is_a_bare_nan(whole):
    assert not re.search(r"\bnan\b", whole.output, flags=re.IGNORECASE)
    assert "gives no reason" not in whole.output


@pytest.mark.parametrize("group", GROUPS)
def test_alpha_has_the_interval_over_centres_beside_feldts(whole, suspicious, group):
    """pingouin.cronbach_alpha(data, nan_policy="pairwise")."""
    keyed = key(read_answers(suspicious))[GROUPS[group]]
    alpha, ends = pingouin.cronbach_alpha(keyed, nan_policy="pairwise")
    items, n, over_centres, feldt = find_row(whole.output, group)
    assert int(items) == len(GROUPS[group])
    assert len(keyed.dropna()) <= int(n) <= len(keyed)
    assert read_estimate(over_centres) == pytest.approx(alpha, abs=PRINTED)
    assert read_ends(feldt) == pytest.approx(list(ends), abs=FELDT)
    low, high = read_ends(over_centres)
    assert low < alpha < high


def test_which_omega_is_meant_is_named_and_models_are_not_taken_for_data(whole):
    assert "Schmid-Leiman: hierarchical" in whole.output
    assert "bifactor: total" in whole.output
    assert "Green-Yang omega (observed sum)" in whole.output
    assert "ordinal alpha (latent responses)" in whole.output
    table = whole.output.split("Omegas of several factors")[1]
    cells = find_row(table, "targeting")
    assert cells[2].startswith("- (")
    assert cells[4].startswith("- (")
    assert "The group has one indicator" in table


@pytest.mark.parametrize("indicator", ["competence", "waiting", "follow_up"])
def test_answers_of_an_indicator_by_hand(whole, suspicious, indicator):
    answers = key(read_answers(suspicious))[indicator]
    n, missing, mean, sd, worst, best = find_row(whole.output.split("Indicators (")[1], indicator)
    assert int(n) == answers.count()
    assert read_estimate(missing) == pytest.approx(100 * answers.isna().mean(), abs=0.051)
    assert read_estimate(mean) == pytest.approx(answers.mean(), abs=0.0051)
    assert read_estimate(sd) == pytest.approx(answers.std(), abs=0.0051)
    known = answers.dropna()
    assert read_estimate(worst) == pytest.approx(100 * (known == 1).mean(), abs=0.051)
    assert read_estimate(best) == pytest.approx(100 * (known == 5).mean(), abs=0.051)


@pytest.mark.parametrize(
    ("group", "indicator"), [("friendliness", "respect"), ("effort", "waiting")]
)
def test_an_indicator_and_the_rest_of_its_group_by_hand(whole, suspicious, group, indicator):
    """Pairwise covariances by pandas; alpha without it by pingouin."""
    keyed = key(read_answers(suspicious))[GROUPS[group]]
    cov = keyed.cov()
    rest = [name for name in cov if name != indicator]
    together = cov.loc[indicator, rest].sum()
    spread = np.sqrt(cov.loc[indicator, indicator] * cov.loc[rest, rest].to_numpy().sum())
    without = pingouin.cronbach_alpha(keyed[rest], nan_policy="pairwise")[0]
    correlation, alpha = find_row(whole.output, group, indicator)
    assert read_estimate(correlation) == pytest.approx(together / spread, abs=PRINTED)
    assert read_estimate(alpha) == pytest.approx(without, abs=PRINTED)
    change = find_row(whole.output.split("What a group becomes")[1], indicator)[0]
    whole_alpha = pingouin.cronbach_alpha(keyed, nan_policy="pairwise")[0]
    assert read_estimate(change) == pytest.approx(without - whole_alpha, abs=PRINTED)


def test_a_group_that_is_too_small_says_so(whole):
    assert find_row(whole.output, "targeting") == ["", "", "- (1)", "- (1)"]
    assert "(1) targeting: The group has one indicator: follow_up." in whole.output
    assert re.search(
        r"\(2\) comfort, omega total, .*: Two indicators do not determine it", whole.output
    )
    drops = whole.output.split("What a group becomes")[1]
    assert find_row(drops, "follow_up")[0].startswith("- (")
    assert "targeting: no indicators are left" in drops
    assert "comfort, alpha: 1 indicator, it needs 2" in drops


def read_one_way(folder):
    """Return scores in points of citizens in the group that has one indicator, by centre."""
    answers = read_answers(folder)
    citizens = answers[answers["segment"] == "citizens"].dropna(subset=["follow_up"])
    return pd.DataFrame(
        {"score": 25 * (citizens["follow_up"] - 1), "centre": citizens["centre_id"]}
    )


def test_intraclass_correlations_of_a_segment_by_anova_and_reml(show, suspicious):
    """ANOVA by numpy; REML by statsmodels MixedLM(score ~ 1, groups=centre)."""
    frame = read_one_way(suspicious)
    by_centre = frame.groupby("centre")["score"]
    n, mean = by_centre.count(), by_centre.mean()
    centres = len(n)
    within = by_centre.var(ddof=1).mul(n - 1).sum() / (n.sum() - centres)
    between = (n * (mean - frame["score"].mean()) ** 2).sum() / (centres - 1)
    size = (n.sum() - (n**2).sum() / n.sum()) / (centres - 1)
    fit = smf.mixedlm("score ~ 1", frame, groups=frame["centre"]).fit(reml=True)
    reml = float(fit.cov_re.iloc[0, 0] / (fit.cov_re.iloc[0, 0] + fit.scale))
    output = show("--segment", "citizens").output.split("Reliability of centres' scores")[1]
    cells = find_row(output, "targeting")
    icc1 = (between - within) / (between + (size - 1) * within)
    assert read_estimate(cells[0]) == pytest.approx(icc1, abs=PRINTED)
    assert read_estimate(cells[1]) == pytest.approx(reml, abs=REML)
    assert read_estimate(cells[2]) == pytest.approx(1 - within / between, abs=PRINTED)
    mean_size, effect = find_row(output.split("mean size")[1], "targeting")[:2]
    assert float(mean_size) == pytest.approx(size, abs=0.051)
    assert read_estimate(effect) == pytest.approx(1 + (size - 1) * reml, abs=0.051)
    needed = find_row(output, "targeting", "0.8")[1]
    assert read_estimate(needed) == pytest.approx(np.ceil(4 * (1 - reml) / reml), abs=1)


def test_suspicious_answers_are_counted_and_their_centre_stands_out(whole, suspicious):
    answers = read_answers(suspicious)
    same = answers[KEYS].eq(answers[KEYS[0]], axis=0).all(axis=1)
    assert same.sum() >= COPIED
    flagged, able, share, centres = find_row(whole.output, "straight_lining")
    assert int(flagged) == same.sum()
    assert int(able) == answers[KEYS].notna().all(axis=1).sum()
    assert read_estimate(share) == pytest.approx(100 * same.sum() / int(able), abs=0.0051)
    assert centres == "1 of 30"
    centre = answers.loc[same, "centre_id"].mode()[0]
    assert find_row(whole.output, "straight_lining", centre)[1].startswith(f"{COPIED} of ")
    assert "false discovery rate 5% by rule" in whole.output
    removed, of, before, after, _ = find_row(
        whole.output.split("without suspicious answers")[1], "straight_lining"
    )
    assert (int(removed), of) == (same.sum(), "alpha, all indicators")
    keyed = key(answers)[KEYS]
    for cell, rows in ((before, keyed), (after, keyed[~same])):
        alpha = pingouin.cronbach_alpha(rows, nan_policy="pairwise")[0]
        assert read_estimate(cell) == pytest.approx(alpha, abs=PRINTED)


@pytest.mark.parametrize(
    ("option", "column", "value"),
    [
        ("--segment", "segment", "employers"),
        ("--period", "quarter", "2026Q1"),
        ("--region", "region", "Псковская область"),
    ],
)
def test_a_part_of_the_data_is_shown_instead(show, suspicious, option, column, value):
    answers = key(read_answers(suspicious))
    register = pd.read_csv(suspicious / "data_raw" / "demo" / "register.csv")
    region = answers["centre_id"].map(register.set_index("centre_id")["region"])
    own = answers[answers.assign(region=region)[column] == value]
    alpha = pingouin.cronbach_alpha(own[GROUPS["effort"]], nan_policy="pairwise")[0]
    result = show(option, value)
    assert result.exit_code == 0
    assert f"Part of the data: {option.removeprefix('--')} {value}" in result.output
    assert read_estimate(find_row(result.output, "effort")[2]) == pytest.approx(alpha, abs=PRINTED)
    judged = "Centres are judged on all their answers" in result.output
    assert judged == (option != "--region")
    assert not re.search(r"\bnan\b", result.output, flags=re.IGNORECASE)


def test_a_part_with_one_centre_is_told_in_words(show, suspicious):
    register = pd.read_csv(suspicious / "data_raw" / "demo" / "register.csv")
    region = register["region"].value_counts().loc[lambda n: n == 1].index[0]
    result = show("--region", region)
    assert result.output.count("There is one centre; what differs between centres is unknown") >= 4
    share = find_row(result.output.split("Quality of answers")[1], "outlier")[2]
    assert re.fullmatch(r"\d\.\d\d% \(1\)", share)
    assert re.search(r"\(1\) straight_lining, .* any: There is one centre", result.output)
    assert "nan" not in result.output
    changed = call("--region", region, "--drop", "respect")
    assert changed.exit_code == 1
    assert f"region {region}: there is one centre" in changed.output


def test_the_only_segment_is_everybody():
    units = pd.DataFrame({"centre": ["1", "2"], "segment": "citizens", "period": ""})
    study = SimpleNamespace(counts=SimpleNamespace(units=units), strata={"1": "a", "2": "b"})
    part = choose_part({"segment": "citizens"}, study)
    assert (part.kind, part.key) == ("all", "all")
    assert str(part) == "everybody (segment citizens, the only one)"
    assert choose_part({"segment": None}, study) is EVERYBODY


def test_files_have_every_number_of_every_part(whole, suspicious):
    folder = suspicious / "tables"
    assert f"{len(list(folder.iterdir()))} CSV files of all parts of the data" in whole.output
    consistency = whole.assessment.consistency
    for name, frame in (
        ("consistency", consistency.tidy()),
        ("consistency.frame", consistency.frame),
        ("centre_reliability.answers", whole.assessment.centre_reliability.answers),
        ("item_analysis.items", whole.assessment.item_analysis.items),
    ):
        read = pd.read_csv(folder / f"{name}.csv", encoding="utf-8")
        pd.testing.assert_frame_equal(read, frame, check_dtype=False, rtol=1e-12)
    assert "Псковская область" in (folder / "answer_quality.shares.csv").read_text(encoding="utf-8")


def test_a_folder_that_cannot_be_written_is_told_before_anything_is_computed(project, tmp_path):
    (tmp_path / "file").write_text("not a folder")
    result = call("--csv", str(tmp_path / "file"))
    assert result.exit_code == 2
    assert re.search(r"file: cannot be written \(File exists\); name a folder", result.output)
    assert "respondents" not in result.output


def test_totals_are_refused(project, tmp_path):
    folder = tmp_path / "totals"
    shutil.copytree(project, folder)
    answers = read_answers(project).melt("centre_id", KEYS, "indicator", "answer").dropna()
    counts = answers.value_counts().rename("n").reset_index().astype({"answer": int})
    counts.to_csv(folder / "data_raw" / "demo" / "survey_citizens.csv", index=False)
    path = folder / "editions" / "demo.yml"
    text = path.read_text(encoding="utf-8")
    start, end = text.index("  survey:"), text.index("  register:")
    survey = """  survey:
    - file: ../data_raw/demo/survey_citizens.csv
      kind: option_counts
      segment: citizens
      columns: {centre: centre_id}
"""
    path.write_text(text[:start] + survey + text[end:], encoding="utf-8")
    for options in ([], ["--drop", "respect"]):
        result = CliRunner().invoke(main, ["reliability", str(path), *options])
        assert result.exit_code == 1
        assert re.search("totals by centre and no answers of respondents", result.output)
        assert "Traceback" not in result.output


def test_what_is_not_available_is_said_and_the_others_follow(project, whole, monkeypatch):
    absent = Unavailable(stage="reliability", reason="single_answers")
    found = {name: getattr(whole.assessment, name) for name in ("consistency", "omegas")}
    found |= {"item_analysis": whole.assessment.item_analysis, "answer_quality": absent}
    found["centre_reliability"] = whole.assessment.centre_reliability
    found["indicator_sets"] = whole.assessment.indicator_sets
    monkeypatch.setattr(reliability_battery, "assess", lambda *_, **__: SimpleNamespace(**found))
    result = call()
    assert result.exit_code == 0
    assert re.search(r"Quality of answers: .*Single answers are needed", result.output)
    assert "What a group becomes" in result.output
    found |= dict.fromkeys(found, absent)
    assert call().exit_code == 1
