"""Importance in an edition: COINr's index, loops over other methodologies, and what is missing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from scipy.stats import kendalltau, pearsonr, rankdata

from clientindex.errors import StatisticsError
from clientindex.rating import compute_scores
from clientindex.rating.blend import blend_checklists
from clientindex.results import Unavailable

if TYPE_CHECKING:
    from clientindex.results import Scores

ASEM = Path(__file__).parents[4] / "shared" / "data" / "asem_coinr"
TOLERANCE = 1e-10
# The tables of COINr print 15 digits of numbers up to 100.
PRINTED = 5e-9


def take(scores: Scores, kind: str, key: str) -> np.ndarray:
    frame = scores.frame
    wanted = (frame["segment"] == "all") & (frame["kind"] == kind) & (frame["key"] == key)
    return frame[wanted].sort_values("centre")["estimate"].to_numpy(float)


def pick(frame: pd.DataFrame, kind: str, statistic: str) -> pd.Series:
    own = frame[(frame["kind"] == kind) & (frame["statistic"] == statistic)]
    return own.set_index("key")["estimate"]


def test_the_asem_index(asem: Any) -> None:
    found = asem.assess()
    table = pd.read_csv(ASEM / "stage_Aggregated.csv")
    names = {name.lower(): name for name in table.columns}
    for kind in ("group", "indicator"):
        linear = pick(found.importance, kind, "linear")
        expected = [pearsonr(table[names[k]], table["Index"]).statistic ** 2 for k in linear.index]
        np.testing.assert_allclose(linear, expected, rtol=0, atol=PRINTED)
    effective = pd.read_csv(ASEM / "eff_weights.csv").assign(key=lambda t: t["iCode"].str.lower())
    own = found.weights.merge(effective, on="key")
    assert len(own) == 57
    np.testing.assert_allclose(own["effective"], own["EffWeight"], rtol=0, atol=1e-12)
    reasons = found.left_out[found.left_out["statistic"] == "net"]["reason"]
    assert reasons.tolist() == ["measures_in_index"] * 2
    assert found.sampling == "none"


def test_ranks_of_the_asem_index_without_each_indicator(asem: Any) -> None:
    found = asem.assess().removal.set_index("key")
    ranks = pd.read_csv(ASEM / "remove_level1_ranks.csv").set_index("uCode")
    shift = pd.read_csv(ASEM / "remove_level1_meanabsdiff.csv").set_index("element")["MeanAbsDiff"]
    for key in ranks.columns.drop("Nominal"):
        row = found.loc[key.lower()]
        tau = kendalltau(ranks["Nominal"], ranks[key]).statistic
        assert row["tau"] == pytest.approx(tau, abs=TOLERANCE)
        assert row["mean_abs_rank_shift"] == pytest.approx(shift[key], abs=TOLERANCE)


def test_indicators_against_the_asem_index(asem: Any) -> None:
    """Corrected correlations with the index that a new aggregation without the indicator gives."""
    found = asem.assess().removal.set_index("key")
    table = pd.read_csv(ASEM / "stage_Aggregated.csv")
    meta = pd.read_csv(ASEM / "iMeta.csv").set_index("iCode")
    effective = pd.read_csv(ASEM / "eff_weights.csv").set_index("iCode")["EffWeight"]
    pillars = meta.index[meta["Level"] == 2]
    for removed in meta.index[meta["Level"] == 1]:
        index = 0
        for pillar in pillars:
            own = meta.index[(meta["Parent"] == pillar) & (meta.index != removed)]
            index = index + effective[pillar] * table[own].mean(axis=1)
        expected = pearsonr(table[removed], index).statistic
        assert found.loc[removed.lower(), "estimate"] == pytest.approx(expected, abs=PRINTED)
    assert set(found.loc[found["estimate"] < 0, "against"]) <= {"estimate", "interval"}
    assert (found["estimate"] < 0).any()


def test_shares_and_weights(case: Any) -> None:
    found = case.assess()
    for kind in ("group", "indicator"):
        for name in ("linear", "smooth", "net"):
            share = pick(found.importance, kind, f"{name}_share")
            assert share.sum() == pytest.approx(1, abs=TOLERANCE)
        weights = found.weights[found.weights["kind"] == kind].set_index("key")
        ratio = pick(found.importance, kind, "linear_share") / weights["effective"]
        np.testing.assert_allclose(
            pick(found.importance, kind, "share_to_weight"), ratio, atol=TOLERANCE
        )
        np.testing.assert_allclose(weights["applied"], weights["effective"], atol=TOLERANCE)
    told = found.importance
    assert (told["ci_low"] <= told["estimate"] + TOLERANCE).all()
    assert (told["estimate"] <= told["ci_high"] + TOLERANCE).all()
    assert found.left_out.empty
    assert len(found.pairs) == 190
    assert np.isfinite(found.tidy()["estimate"]).all()


def test_own_parts_of_a_weighted_sum(case: Any) -> None:
    """Closed form: w² / (P var(y)), P the diagonal of the inverse covariance of the groups."""
    found = case.assess()
    own = pick(found.importance, "group", "uncorrelated")
    x = np.column_stack([take(case.scores, "group", key) for key in own.index])
    index = take(case.scores, "index", "index")
    weights = np.array([group.weight for group in case.methodology.groups])
    inverse = np.diag(np.linalg.inv(np.cov(x.T)))
    np.testing.assert_allclose(own, weights**2 / inverse / index.var(ddof=1), atol=TOLERANCE)


def test_net_importance_by_hand(case: Any) -> None:
    """Answers have the variance 4 each and no covariance: 4 w² for the index, 4 w for both."""
    found = pick(case.assess().importance, "indicator", "net")
    weights = case.methodology.effective_weights
    y = take(case.scores, "index", "index")
    # Two segments of weight one half: variances of means are halved.
    noise = 4.0 / 2
    for place, key in enumerate(found.index):
        x = take(case.scores, "indicator", key)
        cov = np.cov(x, y)
        both = cov[0, 1] - noise * weights[place]
        expected = both**2 / ((cov[0, 0] - noise) * (cov[1, 1] - noise * (weights**2).sum()))
        assert found[key] == pytest.approx(expected, abs=TOLERANCE)


def test_removal_is_another_methodology(case: Any, change: Any) -> None:
    found = case.assess().removal.set_index("key")
    base = case.methodology.model_dump(by_alias=True)["groups"]
    index = take(case.scores, "index", "index")
    for key in case.methodology.indicator_keys[::6]:
        groups = [dict(group, indicators=dict(group["indicators"])) for group in base]
        for group in groups:
            if key in group["indicators"]:
                group["indicators"][key] = 0.0
                total = sum(group["indicators"].values())
                group["indicators"] = {k: w / total for k, w in group["indicators"].items()}
        other = compute_scores(case.moments, change(groups=groups))
        without = take(other, "index", "index")
        row = found.loc[key]
        assert row["tau"] == pytest.approx(kendalltau(index, without).statistic, abs=TOLERANCE)
        shift = np.abs(rankdata(-index, "min") - rankdata(-without, "min")).mean()
        assert row["mean_abs_rank_shift"] == pytest.approx(shift, abs=TOLERANCE)
        expected = pearsonr(take(case.scores, "indicator", key), without).statistic
        assert row["estimate"] == pytest.approx(expected, abs=TOLERANCE)
    kept = case.assess(same_ranks=float(found["tau"].median())).removal
    assert kept["leaves_ranks"].sum() == (found["tau"] >= found["tau"].median()).sum()


def test_an_indicator_that_runs_against_the_index_and_one_that_repeats_another(
    make_case: Any,
) -> None:
    rng = np.random.default_rng(4)
    mean = np.repeat(rng.normal(60, 5, (60, 1, 1)) + rng.normal(0, 3, (60, 1, 20)), 2, axis=1)
    mean[..., 3] = 120 - mean[..., :3].mean(axis=-1)
    mean[..., 9] = mean[..., 8] + 0.01 * mean[..., 10]
    case = make_case(mean)
    keys = case.methodology.indicator_keys
    found = case.assess()
    against = found.removal.set_index("key")["against"]
    assert against[keys[3]] == "interval"
    assert (against.drop(keys[3]) == "no").all()
    redundant = found.pairs[found.pairs["redundant"]]
    assert [*redundant[["first", "second"]].iloc[0]] == [keys[8], keys[9]]


def test_compensation_of_curved_means(make_case: Any, change: Any) -> None:
    methodology = change(scoring={"levels": {"index": {"kind": "geometric"}}})
    mean = np.repeat(np.random.default_rng(5).uniform(20, 90, (40, 1, 20)), 2, axis=1)
    case = make_case(mean, methodology=methodology)
    found = case.assess()
    first, second = methodology.group_keys[:2]
    a, b = (take(case.scores, "group", key) for key in (first, second))
    weights = {group.key: group.weight for group in methodology.groups}
    rates = weights[first] / weights[second] * b / a
    row = found.compensation.set_index(["group", "by"]).loc[(first, second)]
    assert row["rate_median"] == pytest.approx(np.median(rates), abs=TOLERANCE)
    assert row["rate_low"] == pytest.approx(rates.min(), abs=TOLERANCE)
    assert row["rate_high"] == pytest.approx(rates.max(), abs=TOLERANCE)
    weak = found.weak.set_index("group").loc[first]
    index = take(case.scores, "index", "index")
    low = a <= np.sort(a)[9]
    expected = (index[low] >= np.sort(index)[19]).mean()
    assert weak["estimate"] == pytest.approx(expected, abs=TOLERANCE)
    assert weak["n_weak"] == 10


def test_the_same_seed_gives_the_same_numbers(case: Any) -> None:
    first, again, other = (case.assess(seed=seed).importance for seed in (3, 3, 4))
    pd.testing.assert_frame_equal(first, again)
    pd.testing.assert_series_equal(first["estimate"], other["estimate"])
    assert not first["ci_low"].equals(other["ci_low"])


def test_missing_scores_are_told_with_their_centres(make_case: Any, case: Any) -> None:
    mean = case.moments.mean.copy()
    mean[:7, :, 0] = np.nan
    mean[..., 5] = 50.0
    found = make_case(mean).assess()
    key, flat = case.methodology.indicator_keys[0], case.methodology.indicator_keys[5]
    own = found.importance.set_index(["key", "statistic"])["n"]
    assert own[(key, "linear")] == 53
    assert own[(key, "uncorrelated")] == 53
    left = found.left_out[found.left_out["key"] == flat].set_index("statistic")["reason"]
    assert left["linear"] == "no_variance"
    assert left["smooth"] == "few_values"
    assert left["corrected_correlation"] == "no_variance"


def test_checklists_in_the_index(case: Any) -> None:
    checklists = pd.DataFrame(
        {
            "centre": list(case.regions),
            "key": "index",
            "estimate": np.linspace(90, 60, len(case.regions)),
            "variance": 0.0,
        }
    )
    blended = replace(case, scores=blend_checklists(case.scores, checklists, weight=0.3))
    found = blended.assess()
    told = set(found.left_out["statistic"] + "." + found.left_out["reason"])
    assert {"net.checklists_in_index", "removal.checklists_in_index"} <= told
    assert found.removal.empty
    assert found.compensation.empty
    assert np.isfinite(pick(found.importance, "group", "linear")).all()
    lack = blended.optimise()
    assert isinstance(lack, Unavailable)
    assert lack.reason == "checklists_in_index"


def test_too_few_centres_equal_scores_and_unknown_regions(make_case: Any, case: Any) -> None:
    few = make_case(case.moments.mean[:3])
    equal = make_case(np.full((8, 2, 20), 50.0))
    for own, reason in ((few, "too_few_centres"), (equal, "equal_scores")):
        for found in (own.assess(), own.optimise()):
            assert isinstance(found, Unavailable)
            assert found.reason == reason
    with pytest.raises(StatisticsError, match="no region is known for centres C000"):
        replace(case, regions={}).assess()


def test_a_handful_of_centres_is_no_crash(make_case: Any, case: Any) -> None:
    found = make_case(case.moments.mean[:5]).assess()
    reasons = set(found.left_out["reason"])
    assert "too_few_centres" in reasons
    assert found.n == 5
