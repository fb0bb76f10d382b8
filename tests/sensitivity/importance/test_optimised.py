"""Optimised weights of an edition: exact, put into a methodology, told where out of reach."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from pydantic import ValidationError
from scipy.stats import pearsonr

from clientindex.errors import StatisticsError
from clientindex.methodology.weight_importance_settings import WeightImportanceSettings
from clientindex.rating import compute_scores

if TYPE_CHECKING:
    import pandas as pd

EXACT, SEARCHED = 1e-9, 2e-4


def select(frame: pd.DataFrame, kind: str, measure: str) -> pd.DataFrame:
    return frame[(frame["kind"] == kind) & (frame["measure"] == measure)]


def take(scores: Any, kind: str, key: str) -> np.ndarray:
    frame = scores.frame
    wanted = (frame["segment"] == "all") & (frame["kind"] == kind) & (frame["key"] == key)
    return frame[wanted].sort_values("centre")["estimate"].to_numpy(float)


def realise(case: Any, methodology: Any) -> np.ndarray:
    """Return linear shares of the groups under a methodology."""
    scores = compute_scores(case.moments, methodology, regions=case.regions)
    index = take(scores, "index", "index")
    ratio = [
        pearsonr(take(scores, "group", k), index).statistic ** 2 for k in methodology.group_keys
    ]
    return np.array(ratio) / sum(ratio)


def put(methodology: Any, change: Any, weights: pd.Series, **changes: Any) -> Any:
    groups = methodology.model_dump(by_alias=True)["groups"]
    groups = [{**group, "weight": float(weights[group["key"]])} for group in groups]
    return change(groups=groups, **changes)


@pytest.mark.parametrize("target", ["weights", "equal"])
def test_a_methodology_with_these_weights_has_the_importance(
    case: Any, change: Any, target: str
) -> None:
    found = case.optimise(target=target)
    row = select(found.summary, "group", "linear").iloc[0]
    assert (row["outcome"], row["route"]) == ("reached", "weighted_sum")
    own = select(found.frame, "group", "linear").set_index("key")
    realised = realise(case, put(case.methodology, change, own["weight"]))
    np.testing.assert_allclose(realised, own["target"], atol=EXACT)
    np.testing.assert_allclose(own["share"], own["target"], atol=EXACT)
    assert ((own["ci_low"] <= own["weight"]) & (own["weight"] <= own["ci_high"])).all()
    np.testing.assert_allclose(realise(case, case.methodology), own["share_now"], atol=EXACT)


def test_curved_means_are_searched(make_case: Any, change: Any) -> None:
    curved = {"scoring": {"levels": {"index": {"kind": "harmonic"}}}}
    methodology = change(**curved)
    mean = np.repeat(np.random.default_rng(5).uniform(20, 90, (50, 1, 20)), 2, axis=1)
    case = make_case(mean, methodology=methodology)
    found = case.optimise(target="equal")
    row = select(found.summary, "group", "linear").iloc[0]
    assert (row["outcome"], row["route"]) == ("reached", "search")
    own = select(found.frame, "group", "linear").set_index("key")
    realised = realise(case, put(methodology, change, own["weight"], **curved))
    np.testing.assert_allclose(realised, 0.2, atol=SEARCHED)


def test_groups_brought_to_z_scores(make_case: Any, change: Any, case: Any) -> None:
    """Weighted sums again, but of z scores: equal correlations need what the closed form says."""
    methodology = change(scoring={"normalise_groups": "z", "scale": "standard"})
    z = make_case(case.moments.mean, methodology=methodology)
    found = z.optimise(target="equal")
    own = select(found.frame, "group", "linear")
    assert select(found.summary, "group", "linear")["outcome"].item() == "reached"
    x = np.column_stack([take(z.scores, "group", key) for key in own["key"]])
    raw = np.linalg.solve(np.corrcoef(x.T), np.ones(5)) / x.std(axis=0)
    np.testing.assert_allclose(own["weight"], raw / raw.sum(), atol=EXACT)
    assert z.assess().removal["tau"].between(0.5, 1).all()


def test_smooth_importance_reaches_its_target(case: Any) -> None:
    found = case.optimise(target="equal")
    row = select(found.summary, "group", "smooth").iloc[0]
    assert row["outcome"] == "reached"
    own = select(found.frame, "group", "smooth")
    np.testing.assert_allclose(own["share"], 0.2, atol=SEARCHED)
    assert own["std_error"].isna().all()
    assert "not_resampled" in set(found.left_out["reason"])


def test_a_stated_target_out_of_reach(case: Any) -> None:
    keys = case.methodology.group_keys
    target = dict(zip(keys, [0.96, 0.01, 0.01, 0.01, 0.01], strict=True))
    found = case.optimise(target=target)
    row = select(found.summary, "group", "linear").iloc[0]
    assert row["outcome"] == "closest"
    assert row["gap"] > SEARCHED
    own = select(found.frame, "group", "linear").set_index("key")
    np.testing.assert_allclose(own["weight"], [1, 0, 0, 0, 0], atol=1e-6)
    assert found.target == "given"
    centres = select(found.centres, "group", "linear").sort_values("centre")
    np.testing.assert_allclose(centres["index"], take(case.scores, "group", keys[0]), atol=EXACT)
    assert np.isfinite(found.tidy()["estimate"]).all()


def test_weights_of_indicators(make_case: Any) -> None:
    rng = np.random.default_rng(1)
    mean = np.repeat(rng.normal(60, 3, (600, 1, 1)) + rng.normal(0, 6, (600, 1, 20)), 2, axis=1)
    case = make_case(mean)
    found = case.optimise()
    own = select(found.frame, "indicator", "linear")
    assert select(found.summary, "indicator", "linear")["outcome"].item() == "reached"
    index = mean[:, 0] @ own["weight"].to_numpy()
    ratio = np.array([pearsonr(column, index).statistic ** 2 for column in mean[:, 0].T])
    np.testing.assert_allclose(ratio / ratio.sum(), own["target"], atol=EXACT)
    np.testing.assert_allclose(own["target"], case.methodology.effective_weights, atol=EXACT)


def test_indicators_that_cannot_be_weighted_are_told(make_case: Any, case: Any) -> None:
    mean = case.moments.mean.copy()
    mean[..., 5] = 50.0
    flat = make_case(mean).optimise()
    left = flat.left_out[flat.left_out["reason"] == "no_variance"]
    assert left["key"].tolist() == [case.methodology.indicator_keys[5]]
    assert set(flat.summary["kind"]) == {"group"}
    mean[..., 5] = mean[..., 6]
    twice = make_case(mean).optimise()
    assert set(twice.left_out.loc[twice.left_out["reason"] == "told_by_others", "kind"]) == {
        "indicator"
    }
    few = make_case(case.moments.mean[:12]).optimise()
    assert few.left_out.loc[few.left_out["kind"] == "indicator", "reason"].tolist() == [
        "too_few_centres"
    ]


def test_the_asem_pillars(asem: Any) -> None:
    """Pillars of an index of 51 countries: what is reached is so by scipy's correlations."""
    found = asem.optimise(target="equal")
    own = select(found.frame, "group", "linear")
    x = np.column_stack([take(asem.scores, "group", key) for key in own["key"]])
    index = x @ own["weight"].to_numpy()
    r = np.array([pearsonr(column, index).statistic for column in x.T])
    shares = r * np.abs(r) / (r**2).sum()
    np.testing.assert_allclose(own["share"], shares, atol=EXACT)
    summary = select(found.summary, "group", "linear").iloc[0]
    assert summary["gap"] <= summary["gap_now"]
    assert summary["outcome"] in ("reached", "closest")


def test_targets_that_cannot_be_are_refused(case: Any) -> None:
    keys = case.methodology.group_keys
    with pytest.raises(StatisticsError, match="unknown: kindness; missing: comfort"):
        case.optimise(target={**dict.fromkeys(keys[:-1], 0.25), "kindness": 0.0})
    with pytest.raises(ValidationError, match=r"must sum to 1, they sum to 0\.5"):
        WeightImportanceSettings(target={"friendliness": 0.5})
    with pytest.raises(ValidationError, match="greater than or equal to 0"):
        WeightImportanceSettings(target={"friendliness": 1.5, "effort": -0.5})
