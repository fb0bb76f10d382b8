"""Two methodologies on a small pilot: values by hand, errors row by row, refusals in words."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from ruamel.yaml import YAML
from scipy.stats import false_discovery_control, kendalltau, t

from clientindex.edition import load_edition
from clientindex.errors import IntakeError, StatisticsError
from clientindex.intake import require_tables, run_intake
from clientindex.methodology import load_methodology
from clientindex.pipeline.compare import compare_on_edition
from clientindex.pipeline.material import prepare_material
from clientindex.rating import compute_scores
from small_pilot import make_small_pilot

ROOT = Path(__file__).parents[2]
OLD = ROOT / "methodology" / "2026.yml"
POINTS = 1e-9
"""Sums of products in another order."""
STORED = 1e-12


@pytest.fixture(scope="module")
def pilot(tmp_path_factory):
    """Give a pilot of 80 centres in which everybody answers everything."""
    folder = tmp_path_factory.mktemp("compare")
    made = make_small_pilot(folder, missing_share=0.0)
    return SimpleNamespace(folder=folder, path=folder / "demo.yml", pilot=made)


@pytest.fixture(scope="module")
def gappy(tmp_path_factory):
    """Give a pilot in which one answer in ten is missing."""
    folder = tmp_path_factory.mktemp("gappy")
    made = make_small_pilot(folder, missing_share=0.1, centres=30, citizens=1500, employers=500)
    return SimpleNamespace(folder=folder, path=folder / "demo.yml", pilot=made)


def write_methodology(folder, edit, name="2027"):
    yaml = YAML()
    raw = yaml.load(OLD.read_text(encoding="utf-8"))
    raw["id"] = name
    edit(raw)
    path = folder / f"{name}.yml"
    with path.open("w", encoding="utf-8") as stream:
        yaml.dump(raw, stream)
    return path


def find(raw, area, key):
    return next(item for item in raw[area] if item["key"] == key)


def drop(raw, *keys):
    raw["indicators"] = [i for i in raw["indicators"] if i["key"] not in keys]
    for group in raw["groups"]:
        group["indicators"] = [k for k in group["indicators"] if k not in keys]


def add_privacy(raw):
    text = {"ru": "Тайна", "en": "Privacy"}
    raw["indicators"].append({"key": "privacy", "name": text, "question": text})
    group = raw["groups"][0]
    group["indicators"] = [*group["indicators"], "privacy"]


def set_weights(raw):
    for group, weight in zip(raw["groups"], (0.3, 0.25, 0.2, 0.15, 0.1), strict=True):
        group["weight"] = weight
    raw["segments"][0]["weight"], raw["segments"][1]["weight"] = 0.8, 0.2


def compare(place, edit, old=OLD):
    return compare_on_edition(old, write_methodology(place.folder, edit), place.path).result


def score_rows(place, methodology_path):
    """Return centre, segment and index of every respondent, and the share of every segment."""
    methodology = load_methodology(methodology_path)
    edition = load_edition(place.path)
    data = edition.data.model_copy(update={"checklist": None, "second_checklist": None})
    own = edition.model_copy(update={"data": data})
    tables = require_tables(run_intake(own, methodology))
    responses = tables.responses
    points = np.zeros(responses.codes.shape)
    for k, key in enumerate(methodology.indicator_keys):
        points[:, k] = np.array([np.nan, *methodology.points_of(key)])[responses.codes[:, k]]
    rows = responses.units.iloc[responses.unit_of].reset_index(drop=True)
    shares = {s.key: s.weight for s in methodology.segments}
    return SimpleNamespace(
        centre=rows["centre"],
        segment=rows["segment"],
        points=points,
        weights=methodology.effective_weights,
        shares=shares,
        visitors=tables.register.set_index("centre")["visitors"],
    )


def find_errors_by_rows(first, second):
    """Return se of the difference from single answers: each respondent's own difference."""
    frame = pd.DataFrame({"centre": first.centre, "segment": first.segment})
    own = [side.points @ side.weights for side in (first, second)]
    errors = {}
    for centre, rows in frame.groupby("centre"):
        present = set(rows["segment"])
        variance = 0.0
        for segment, part in rows.groupby("segment"):
            shares = [
                side.shares[segment] / sum(side.shares[s] for s in present)
                for side in (first, second)
            ]
            apart = shares[1] * own[1][part.index] - shares[0] * own[0][part.index]
            variance += apart.var(ddof=1) / len(part) if len(part) > 1 else np.nan
        visitors = first.visitors[centre]
        factor = 1 - len(rows) / visitors if visitors > len(rows) else 1.0
        errors[centre] = np.sqrt(factor * variance)
    return pd.Series(errors)


def test_the_same_methodology_changes_nothing(pilot):
    result = compare(pilot, lambda raw: raw.update(id="2026"))
    assert result.changes.empty
    assert result.weights["status"].unique().tolist() == ["both"]
    centres = result.centres
    assert (centres["difference"] == 0).all()
    assert set(centres["reason"]) <= {"no_difference", "small_sample"}
    assert centres["p_value"].isna().all()
    assert (centres["rank_shift"].dropna() == 0).all()
    assert centres["p_star_before"].equals(centres["p_star_after"])
    assert result.find("kendall_tau") == pytest.approx(1, abs=STORED)
    assert [result.count(name) for name in ("gained", "lost", "up", "down", "tested")] == [0] * 5
    assert result.count("same") == int(centres["star_before"].notna().sum())
    off = result.transitions["star_before"] != result.transitions["star_after"]
    assert result.transitions.loc[off, "n"].sum() == 0
    assert result.errors == "none"


def test_indices_are_those_of_single_answers_and_errors_of_their_differences(pilot):
    result = compare(pilot, set_weights)
    first, second = (score_rows(pilot, p) for p in (OLD, pilot.folder / "2027.yml"))
    centres = result.centres.set_index("centre")
    expected = find_errors_by_rows(first, second)
    known = expected.notna() & (expected > 0)
    assert known.sum() > 70
    np.testing.assert_allclose(
        centres.loc[expected.index[known], "std_error"], expected[known], rtol=POINTS
    )
    one = "R33-001"
    mine = (first.centre == one).to_numpy()
    by_hand = 0.0
    for segment, share in second.shares.items():
        rows = mine & (first.segment == segment).to_numpy()
        by_hand += share * (second.points[rows] @ second.weights).mean()
    assert centres.loc[one, "after"] == pytest.approx(by_hand, abs=POINTS)
    assert result.errors == "exact"


def test_tests_ranks_and_summary_follow_from_the_centres(pilot):
    result = compare(pilot, set_weights)
    centres = result.centres
    tested = centres[centres["reason"] == ""]
    width = 2 * t.ppf(0.975, tested["df"]) * tested["std_error"]
    np.testing.assert_allclose(tested["ci_high"] - tested["ci_low"], width, rtol=POINTS)
    p = 2 * t.sf(np.abs(tested["difference"] / tested["std_error"]), tested["df"])
    np.testing.assert_allclose(tested["p_value"], p, rtol=POINTS)
    np.testing.assert_allclose(tested["q_value"], false_discovery_control(p), rtol=POINTS)
    up = (false_discovery_control(p) <= result.fdr) & (tested["difference"] > 0)
    assert (tested["flagged"] == "up").tolist() == up.tolist()
    ranked = centres.dropna(subset=["rank_before", "rank_after"])
    tau = kendalltau(ranked["before"].round(9), ranked["after"].round(9)).statistic
    assert result.find("kendall_tau") == pytest.approx(tau, abs=STORED)
    shift = (ranked["rank_before"] - ranked["rank_after"]).abs()
    assert result.find("mean_rank_shift") == pytest.approx(shift.mean(), abs=STORED)
    gained = centres["stars_gained"].dropna()
    assert result.count("gained") == (gained > 0).sum()
    country, regions = result.parts.iloc[0], result.parts[result.parts["by"] == "region"]
    for name in ("gained", "lost", "same", "n_centres", "up", "down"):
        assert regions[name].sum() == country[name]
    mean = np.average(regions["difference"], weights=regions["n_compared"])
    assert country["difference"] == pytest.approx(mean, abs=POINTS)
    assert result.transitions["n"].sum() == len(centres)
    assert len(result.tidy()) == len(centres) + len(result.parts) + len(result.summary)


def test_a_new_star_rule_moves_stars_and_no_index(pilot):
    def edit(raw):
        for band in raw["stars"]["bands"]:
            band["from"] += 2 * (band["from"] > 0)
            band["to"] += 2 * (band["to"] < 100)

    result = compare(pilot, edit)
    centres = result.centres.dropna(subset=["star_before", "star_after"])
    assert (centres["difference"] == 0).all()
    assert set(result.changes["effect"]) == {"stars", "text"}
    bands = np.array([52, 62, 72, 82])
    expected = np.searchsorted(bands, centres["after"], side="right") + 1
    assert centres["star_after"].astype(int).tolist() == expected.tolist()
    assert result.count("gained") == 0
    assert result.count("lost") == (expected < centres["star_before"].to_numpy(int)).sum() > 0
    assert result.errors == "none"


def test_a_removed_indicator_and_one_that_moves(pilot):
    def edit(raw):
        drop(raw, "follow_up", "partnership")
        raw["indicators"].append(
            find(YAML().load(OLD.read_text(encoding="utf-8")), "indicators", "partnership")
        )
        raw["groups"][4]["indicators"].append("partnership")

    result = compare(pilot, edit)
    status = result.weights.set_index("indicator")["status"]
    assert status["follow_up"] == "gone"
    moved = result.changes[result.changes["kind"] == "moved"]
    assert moved["subject"].tolist() == ["partnership"]
    old, new = (score_rows(pilot, p) for p in (OLD, pilot.folder / "2027.yml"))
    expected = find_errors_by_rows(old, new)
    found = result.centres.set_index("centre")["std_error"].reindex(expected.index)
    known = (expected > 0).to_numpy()
    np.testing.assert_allclose(found[known], expected[known], rtol=POINTS)


def test_errors_where_either_has_what_the_other_lacks_or_scores_otherwise(pilot):
    """Answers are counted anew: one methodology lacks an indicator, the other re-scales one."""
    old = write_methodology(pilot.folder, lambda raw: drop(raw, "goal"), name="without_goal")

    def edit(raw):
        drop(raw, "follow_up")
        find(raw, "indicators", "waiting")["scale"] = {
            "minimum": 1,
            "maximum": 5,
            "points": {1: 0, 2: 10, 3: 40, 4: 80, 5: 100},
            "missing": raw["scale"]["missing"],
        }

    result = compare(pilot, edit, old=old)
    status = result.weights.set_index("indicator")["status"]
    assert status[["goal", "follow_up", "waiting", "advice"]].tolist() == [
        *("new", "gone", "rescaled", "both")
    ]
    expected = find_errors_by_rows(
        score_rows(pilot, old), score_rows(pilot, pilot.folder / "2027.yml")
    )
    found = result.centres.set_index("centre")["std_error"].reindex(expected.index)
    known = (expected > 0).to_numpy()
    np.testing.assert_allclose(found[known], expected[known], rtol=1e-7)
    assert result.errors == "exact"


def test_missing_answers_use_everybody_who_answered(gappy):
    """The linearised difference of every respondent, summed over rows of one segment."""
    result = compare(gappy, set_weights)
    first, second = (score_rows(gappy, p) for p in (OLD, gappy.folder / "2027.yml"))
    centres = result.centres.set_index("centre")
    one = centres.index[centres["reason"] == ""][0]
    variance = 0.0
    mine = (first.centre == one).to_numpy()
    for segment in first.shares:
        x = first.points[mine & (first.segment == segment).to_numpy()]
        answered = ~np.isnan(x)
        n = answered.sum(axis=0)
        assert n.min() > 1
        apart = second.shares[segment] * second.weights - first.shares[segment] * first.weights
        centred = np.where(answered, x - np.nanmean(x, axis=0), 0.0)
        own = centred * np.sqrt(n / (n - 1)) / n
        variance += ((own @ apart) ** 2).sum()
    factor = 1 - mine.sum() / first.visitors[one]
    assert centres.loc[one, "std_error"] == pytest.approx(np.sqrt(factor * variance), rel=POINTS)


def test_a_geometric_mean_has_errors_of_its_tangent(pilot):
    result = compare(pilot, lambda raw: raw["scoring"].update(aggregation="geometric"))
    assert result.errors == "delta"
    rated = result.centres[result.centres["reason"] == ""]
    assert (rated["difference"] < 0).all()
    assert rated["std_error"].between(0, 1).all()


def test_other_weights_of_periods_are_told_with_a_bound(pilot):
    """The error of a difference is at most the sum of both errors, and here is told as that."""
    periods = sorted(set(pilot.pilot.tables.responses.units["period"]))

    def edit(raw):
        total = len(periods) * (len(periods) + 1) / 2
        weights = {period: place / total for place, period in enumerate(periods, start=1)}
        raw["scoring"]["periods"] = {"weights": weights}

    old = write_methodology(pilot.folder, set_weights, name="weighed")
    result = compare(pilot, edit, old=old)
    assert result.errors == "bound"
    assert result.left_out["reason"].tolist() == ["other_answer_weights"]
    both = [run_scores(pilot, path) for path in (old, pilot.folder / "2027.yml")]
    found = result.centres.set_index("centre")["std_error"]
    total = (both[0] + both[1]).reindex(found.index)
    np.testing.assert_allclose(found, total, rtol=POINTS)


def test_another_mean_of_periods_makes_other_means_of_the_same_answers(pilot):
    periods = sorted(set(pilot.pilot.tables.responses.units["period"]))
    weights = dict.fromkeys(periods, 1 / len(periods))

    def weigh(raw):
        raw["scoring"]["periods"] = {"weights": weights}

    def edit(raw):
        weigh(raw)
        raw["scoring"]["levels"] = {"periods": "geometric"}

    old = write_methodology(pilot.folder, weigh, name="arithmetic")
    result = compare(pilot, edit, old=old)
    assert result.errors == "bound"
    assert result.left_out["reason"].tolist() == ["other_answer_weights"]


def run_scores(place, path):
    """Return the published standard error of every centre."""
    methodology, edition = load_methodology(path), load_edition(place.path)
    tables = require_tables(run_intake(edition, methodology))
    material = prepare_material(edition, methodology, tables=tables, warnings=pd.DataFrame())
    scores = compute_scores(material.moments, methodology, visitors=material.visitors).frame
    own = scores[(scores["kind"] == "index") & (scores["segment"] == "all")]
    return own.set_index("centre")["std_error"]


def test_methodologies_without_a_common_indicator_are_refused(pilot):
    def edit(raw):
        for group in raw["groups"]:
            group["indicators"] = [f"other_{key}" for key in group["indicators"]]
        for indicator in raw["indicators"]:
            indicator["key"] = f"other_{indicator['key']}"

    with pytest.raises(StatisticsError, match=r"'2026' and '2027' have no indicator in common"):
        compare(pilot, edit)


def test_an_indicator_that_nobody_was_asked_is_refused_by_its_key(pilot):
    with pytest.raises(
        IntakeError, match=r"cannot be scored by methodology '2027'.*data lack: privacy\."
    ):
        compare(pilot, add_privacy)


def test_an_asked_indicator_without_answers_falls_under_the_rule_for_missing_ones(pilot):
    """As in a run: the column is there, nobody filled it in, its weight is shared."""
    folder = pilot.folder / "empty"
    folder.mkdir()
    text = pilot.path.read_text(encoding="utf-8")
    for name in ("survey_citizens", "survey_employers"):
        source = pilot.folder / "data" / f"{name}.csv"
        frame = pd.read_csv(source, dtype=str).assign(privacy="99")
        frame.to_csv(folder / f"{name}.csv", index=False)
        text = text.replace(str(source), str(folder / f"{name}.csv"))
    path = folder / "demo.yml"
    path.write_text(text, encoding="utf-8")

    place = SimpleNamespace(folder=folder, path=path)
    result = compare(place, add_privacy)
    row = result.left_out[result.left_out["statistic"] == "indicator"].iloc[0]
    assert (row["subject"], row["reason"], row["detail"]) == (
        *("privacy", "no_answers_to_indicator", "2027"),
    )
    assert (result.centres["difference"].dropna() == 0).all()


def test_points_against_standard_scores_have_no_difference(pilot):
    def edit(raw):
        raw["scoring"].update(scale="standard", normalise_groups="z", missing_group="reweight")
        raw["stars"].update(bands=[], rule="quantiles", stars=5)

    result = compare(pilot, edit)
    assert result.centres["difference"].isna().all()
    assert "other_scale" in result.left_out["reason"].tolist()
    assert 0.9 < result.find("kendall_tau") <= 1
