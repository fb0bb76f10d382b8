"""Every part of inflation on simulated centres with a known truth, and on input that has none."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from scipy.stats import binomtest, false_discovery_control, norm

from agreement_sources import Model, Truth, assert_explained, simulate_sources, take_centres
from clientindex.agreement.inflation.checklist_error import estimate_checklist_variance
from clientindex.agreement.inflation.grid import find_grid_step, fit_width
from clientindex.agreement.inflation.room import assess_inflation
from clientindex.methodology import Methodology
from clientindex.results import ChecklistInflation, Unavailable

if TYPE_CHECKING:
    from clientindex.agreement.sources import TwoSources

TENTH = Model(centres=400, inflating=0.1, inflation=15.0)
# A tenth far above widens the spread of gaps by 7 %, which is 13 % of tau; the rest is chance.
TAU_BIAS = 0.25
ROUNDING = 1e-9


@pytest.fixture(scope="module")
def truths(methodology: Methodology) -> list[Truth]:
    return [simulate_sources(methodology, TENTH, seed=seed) for seed in range(3)]


@pytest.fixture(scope="module")
def results(truths: list[Truth], methodology: Methodology) -> list[ChecklistInflation]:
    return [assess(truth.sources, methodology) for truth in truths]


def assess(sources: TwoSources, methodology: Methodology) -> ChecklistInflation:
    found = assess_inflation(sources, methodology)
    assert isinstance(found, ChecklistInflation)
    return found


def get(found: ChecklistInflation, statistic: str, column: str = "estimate") -> float:
    return float(found.summary.set_index("statistic").loc[statistic, column])


def mark_truth(found: ChecklistInflation, truth: Truth) -> np.ndarray:
    inflating = dict(zip(truth.sources.centres, truth.inflating, strict=True))
    return found.centres["centre"].map(inflating).to_numpy(dtype=bool)


def change(sources: TwoSources, **parts: np.ndarray) -> TwoSources:
    return replace(sources, **parts)


def hide_verifying(methodology: Methodology, keys: str) -> Methodology:
    """Return the methodology with some indicators that nobody can verify."""
    raw = methodology.model_dump(by_alias=True)
    for indicator in raw["indicators"]:
        indicator["verifiable"] = indicator["key"] not in keys
    return Methodology.model_validate(raw)


def test_flags_are_mostly_true_where_a_tenth_inflates_by_fifteen_points(truths, results) -> None:
    flagged = [
        (mark_truth(found, truth), found.centres["flagged"].to_numpy())
        for found, truth in zip(results, truths, strict=True)
    ]
    true = sum((inflating & flag).sum() for inflating, flag in flagged)
    false = sum((~inflating & flag).sum() for inflating, flag in flagged)
    assert false <= 0.1 * (true + false)
    assert true >= 0.25 * sum(inflating.sum() for inflating, _ in flagged)
    for found, (_, flag) in zip(results, flagged, strict=True):
        assert get(found, "flagged") == flag.sum()
        # A tenth inflates, but the naive test takes leniency for inflation.
        assert get(found, "flagged_naively") > 0.6 * len(flag)
    means = {name: np.mean([get(r, name) for r in results]) for name in ("spread", "mean")}
    assert means["spread"] == pytest.approx(TENTH.method, rel=TAU_BIAS)
    assert means["mean"] == pytest.approx(TENTH.leniency, abs=1.5)


def test_share_of_inflating_centres_is_held_by_its_interval(results) -> None:
    held = [get(r, "share", "ci_low") <= 0.1 <= get(r, "share", "ci_high") for r in results]
    assert sum(held) >= 2
    centres = results[0].centres
    assert centres["probability"].between(0, 1).all()
    assert centres["probability"].head(5).min() > centres["probability"].tail(100).max()


def test_rows_of_centres_are_the_sums_they_are_made_of(truths, results) -> None:
    sources, found = truths[0].sources, results[0]
    centres = found.centres.set_index("centre")
    at = [sources.centres.index(centre) for centre in centres.index]
    gap = sources.checklist[at, 0] - sources.survey[at, 0]
    error = np.sqrt(sources.covariance[at, 0, 0])
    effect = found.regions.set_index("region")["estimate"].reindex(centres["region"]).to_numpy()
    tau = get(found, "spread")
    z = (gap - effect) / np.sqrt(tau**2 + error**2)
    np.testing.assert_allclose(centres["gap"], gap, rtol=ROUNDING)
    np.testing.assert_allclose(centres["error"], error, rtol=ROUNDING)
    np.testing.assert_allclose(centres["expected"], effect, rtol=ROUNDING)
    np.testing.assert_allclose(centres["z"], z, rtol=1e-7, atol=1e-9)
    np.testing.assert_allclose(
        centres["q_value"], false_discovery_control(norm.sf(z)), rtol=1e-6, atol=1e-12
    )
    assert (np.diff(z) <= 0).all()
    assert get(found, "beyond_95") == (z > 1.959964).sum()
    assert get(found, "beyond_998") == (z > 3.090232).sum()
    assert found.regions["n"].sum() == len(centres) == 400
    assert found.regions["estimate"].is_monotonic_increasing


def test_funnel_and_power_are_their_formulas(results) -> None:
    found = results[0]
    tau, error = get(found, "spread"), found.centres["error"].to_numpy()
    for level, quantile in ((0.95, 1.959964), (0.998, 3.090232)):
        rows = found.funnel[found.funnel["level"] == level]
        np.testing.assert_allclose(rows["high"], quantile * np.hypot(tau, rows["error"]), rtol=1e-6)
        np.testing.assert_allclose(rows["low"], -rows["high"])
        assert rows["error"].iloc[[0, -1]].tolist() == [0.0, error.max()]
    flagged = max(int(found.centres["flagged"].sum()), 1)
    least = (norm.isf(0.05 * flagged / 400) + norm.ppf(0.8)) * np.hypot(tau, error)
    power = found.power.set_index("share")["estimate"]
    assert power[0.5] == pytest.approx(np.median(least), rel=1e-6)
    assert power[1.0] == pytest.approx(least.max(), rel=1e-6)


def test_gaps_concentrated_in_what_nobody_can_verify_are_seen(methodology: Methodology) -> None:
    model = replace(TENTH, inflation=12.0, where=("a", "d"), checklist_specific=1.0)
    truth = simulate_sources(methodology, model, seed=1)
    found = assess(truth.sources, hide_verifying(methodology, "ad"))
    flagged = found.centres["unverifiable_flagged"].to_numpy(dtype=bool)
    inflating = mark_truth(found, truth)
    assert flagged[inflating].mean() > 0.9
    assert flagged[~inflating].mean() < 0.02
    assert get(found, "unverifiable_flagged") == flagged.sum()
    row = found.centres.iloc[0]
    place = truth.sources.centres.index(row["centre"])
    gap = (truth.sources.checklist - truth.sources.survey)[place, 3:]
    assert row["unverifiable_gap"] == pytest.approx(gap[[0, 3]].mean() - gap[[1, 2, 4]].mean())
    assert found.left_out.empty
    assert_explained(found.centres)


def test_without_unverifiable_indicators_it_is_said(results, methodology: Methodology) -> None:
    left_out = results[0].left_out
    assert left_out.to_numpy().tolist() == [
        ["unverifiable_flagged", "no_unverifiable_indicators", ""]
    ]
    names = ("unverifiable_gap", "unverifiable_z", "unverifiable_q", "unverifiable_flagged")
    assert_explained(results[0].centres, names)
    sources = simulate_sources(methodology, TENTH, seed=0).sources
    found = assess(sources, hide_verifying(methodology, "abcde"))
    assert found.left_out["reason"].tolist() == ["no_verifiable_indicators"]


def test_signs_are_counted_by_hand(methodology: Methodology) -> None:
    sources = simulate_sources(
        methodology, replace(TENTH, centres=60, regions=3, trait_own=2.0), seed=2
    ).sources
    checklist = np.clip(sources.checklist, 0, 99)
    checklist[0, 3:] = 100.0
    checklist[1, 3:] = [100.0, 100.0, np.nan, np.nan, np.nan]
    checklist[2, 3:] = 40.0
    checklist[3, 3:] = [100.0, *[np.nan] * 4]
    found = assess(change(sources, checklist=checklist), methodology)
    rows = found.centres.set_index("centre").loc[["C0000", "C0001", "C0002", "C0003"]]
    assert rows["items"].tolist() == [5, 2, 5, 1]
    assert rows["at_ceiling"].to_list()[:3] == [True, True, False]
    assert rows["no_spread"].to_list()[:3] == [True, True, True]
    assert rows[["at_ceiling", "no_spread"]].iloc[3].isna().all()
    assert (get(found, "at_ceiling"), get(found, "no_spread")) == (2, 3)
    assert get(found, "at_ceiling", "n") == 59
    reasons = found.left_out.set_index("statistic")["reason"].to_dict()
    assert {reasons[name] for name in ("share", "shift", "separation")} == {"too_few_for_share"}
    assert found.centres["probability"].isna().all()


def test_second_visits_give_half_the_variance_of_differences(methodology: Methodology) -> None:
    first = np.arange(12.0)
    second = np.full(12, np.nan)
    second[:10] = first[:10] + 3 + np.array([1.0, -1] * 5)
    assert estimate_checklist_variance(first, second) == pytest.approx(10 / 9 / 2)
    second[0] = np.nan
    assert estimate_checklist_variance(first, second) is None
    sources = simulate_sources(methodology, TENTH, seed=0).sources
    again = np.full_like(sources.checklist, np.nan)
    again[:40, 0] = sources.checklist[:40, 0] + np.tile([2.0, -2.0], 20)
    found = assess(change(sources, second=again), methodology)
    plain = assess(sources, methodology)
    assert (found.has_checklist_error, plain.has_checklist_error) == (True, False)
    one, two = (r.centres.set_index("centre")["error"] for r in (plain, found))
    np.testing.assert_allclose(two**2 - one.reindex(two.index) ** 2, 4 * 40 / 39 / 2)
    assert get(found, "spread") < get(plain, "spread")


def test_windows_at_cuts_hold_whole_steps_of_a_grid(methodology: Methodology) -> None:
    assert find_grid_step(np.repeat([50.0, 52.5, 55.0, 60.0], 5)) == 2.5
    assert find_grid_step(np.append(np.repeat([50.0, 52.5, 55.0, 60.0], 5), 51.1)) == 2.5
    assert find_grid_step(np.random.default_rng(1).normal(60, 8, 200)) is None
    cuts = np.array([50.0, 60.0])
    assert [fit_width(2, step=s, cuts=cuts) for s in (None, 2.5, 0.3, 4.0)] == pytest.approx(
        [2, 2.5, 2.1, 4.0]
    )
    assert fit_width(4.5, step=4.0, cuts=cuts) == 4.0
    sources = simulate_sources(methodology, TENTH, seed=3).sources
    checklist = sources.checklist.copy()
    checklist[:, 0] = np.round(checklist[:, 0] / 2.5) * 2.5
    found = assess(change(sources, checklist=checklist), methodology)
    assert found.width == 2.5
    rows = found.bunching.set_index("cut")
    below, above = (int((checklist[:, 0] == value).sum()) for value in (67.5, 70.0))
    assert rows.loc[70.0, ["below", "above"]].tolist() == [below, above]
    exact = binomtest(above, below + above, alternative="greater").pvalue
    assert rows.loc[70.0, "p_value"] == pytest.approx(exact)
    assert rows["below"].iloc[-1] == rows["below"].iloc[:-1].sum()


def test_empty_and_overlapping_windows_are_told(methodology: Methodology) -> None:
    sources = simulate_sources(methodology, TENTH, seed=3).sources
    checklist = sources.checklist.copy()
    checklist[:, 0] = 55 + np.clip(checklist[:, 0] / 30, 0, 3)
    found = assess(change(sources, checklist=checklist), methodology)
    told = found.left_out[found.left_out["statistic"] == "bunching"]
    assert told["reason"].tolist() == ["empty_window"] * len(told)
    assert "50" in told["detail"].tolist()
    wide = methodology.agreement.model_copy(update={"bunching_width": 6.0})
    found = assess(sources, methodology.model_copy(update={"agreement": wide}))
    assert found.bunching.empty
    assert ["bunching", "overlapping_windows", "6"] in found.left_out.to_numpy().tolist()


@pytest.mark.parametrize("shared", [0, 1, 29])
def test_few_shared_centres_are_refused_with_their_number(
    methodology: Methodology, shared: int
) -> None:
    sources = simulate_sources(methodology, TENTH, seed=0).sources
    checklist = sources.checklist.copy()
    checklist[shared:] = np.nan
    found = assess_inflation(change(sources, checklist=checklist), methodology)
    assert found == Unavailable(stage="agreement", reason="too_few_centres", detail=f"{shared}/30")


def test_equal_gaps_and_gaps_without_spread_are_refused(methodology: Methodology) -> None:
    sources = simulate_sources(methodology, TENTH, seed=0).sources
    same = change(sources, checklist=sources.survey + 5.0)
    assert assess_inflation(same, methodology).reason == "equal_gaps"
    checklist = sources.survey + 5.0
    checklist[:3] += 1.0
    exact = change(sources, checklist=checklist, covariance=np.zeros_like(sources.covariance))
    assert assess_inflation(exact, methodology).reason == "no_spread"


def test_constant_checklists_tell_no_centre_from_another(methodology: Methodology) -> None:
    sources = simulate_sources(methodology, TENTH, seed=0).sources
    flat = change(sources, checklist=np.full_like(sources.checklist, 100.0))
    found = assess_inflation(flat, methodology)
    assert found == Unavailable(stage="agreement", reason="constant_checklist")


def test_one_region_has_gaps_and_nothing_between_regions(methodology: Methodology) -> None:
    sources = simulate_sources(methodology, replace(TENTH, regions=1), seed=0).sources
    found = assess(sources, methodology)
    reasons = found.left_out.set_index("statistic")["reason"]
    assert reasons[["between_regions", "mean", "shrinkage"]].tolist() == ["one_region"] * 3
    assert found.regions["shrinkage"].isna().all()


def test_ready_scores_without_indicators_have_no_signs(methodology: Methodology) -> None:
    sources = simulate_sources(methodology, TENTH, seed=0).sources
    checklist = sources.checklist.copy()
    checklist[:, 3:] = np.nan
    found = assess(change(sources, checklist=checklist), hide_verifying(methodology, "a"))
    reasons = found.left_out.set_index("statistic")["reason"].to_dict()
    assert reasons == {
        "unverifiable_flagged": "too_few_centres",
        "at_ceiling": "no_indicators",
        "no_spread": "no_indicators",
    }
    assert not set(reasons) & set(found.summary["statistic"])


def test_order_of_centres_changes_nothing(truths, results, methodology: Methodology) -> None:
    order = np.random.default_rng(3).permutation(400)
    turned = assess(take_centres(truths[0].sources, order), methodology)
    one, two = results[0].centres, turned.centres
    assert one["centre"].tolist() == two["centre"].tolist()
    np.testing.assert_allclose(one["z"], two["z"], rtol=1e-9, atol=1e-9)


def test_tidy_has_summary_regions_and_centres(results) -> None:
    found = results[0]
    assert len(found.tidy()) == len(found.summary) + len(found.regions) + len(found.centres)
