"""Scores of the general road: hand calculations, slopes against differences, known truth."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.stats import gmean, hmean, zscore

from clientindex.counts import CentreMoments
from clientindex.errors import StatisticsError
from clientindex.methodology import Methodology
from clientindex.rating import compute_joint_scores, compute_scores
from clientindex.rating.score_covariances import compute_covariances, compute_errors
from clientindex.rating.score_inputs import gather_inputs
from clientindex.rating.score_model import fit_score_model
from clientindex.rating.score_plan import make_score_plan

REGIONS = {f"C{i:02d}": "north" if i % 2 else "south" for i in range(100)}
LEVELS = {"group": {"kind": "power", "power": 0.5}, "index": "geometric", "segments": "harmonic"}


def rescore(methodology: Methodology, **scoring: Any) -> Methodology:
    raw = methodology.model_dump(by_alias=True)
    raw["scoring"] |= scoring
    return Methodology.model_validate(raw)


def make_model(moments: CentreMoments, methodology: Methodology) -> Any:
    inputs = gather_inputs(
        moments, methodology, measures=None, factor=np.ones(len(moments.centres))
    )
    plan = make_score_plan(methodology, measures=None, centres=inputs.centres, regions=REGIONS)
    return fit_score_model(inputs, plan)


def index_of(scores: Any, segment: str = "all") -> pd.Series[float]:
    frame = scores.frame
    rows = frame[(frame["segment"] == segment) & (frame["kind"] == "index")]
    return rows.set_index("centre")["estimate"]


def test_both_roads_agree_where_both_lead(
    sparse_answers: pd.DataFrame, make_methodology: Any, make_moments: Any
) -> None:
    for rule in ("refuse", "reweight"):
        methodology = make_methodology(missing_indicator=rule, missing_group=rule)
        moments = make_moments(sparse_answers, methodology)
        model = make_model(moments, methodology)
        joint = compute_joint_scores(moments, methodology)
        np.testing.assert_allclose(model.combined, joint.estimate, rtol=0, atol=1e-11)
        np.testing.assert_allclose(compute_covariances(model), joint.covariance, rtol=0, atol=1e-9)
        scores = compute_scores(moments, methodology).frame
        errors = compute_errors(model)
        rows = scores[(scores["segment"] == "citizens") & (scores["kind"] == "index")]
        at = [moments.centres.index(centre) for centre in rows["centre"]]
        found = errors.variance[at, 0, 0]
        np.testing.assert_allclose(found, rows["std_error"] ** 2, rtol=0, atol=1e-9)
        # Every score's degrees of freedom, by either road.
        rows = scores[scores["segment"] == "all"]
        told = errors.df[:, -1].ravel()
        known = rows["df"].notna().to_numpy()
        np.testing.assert_allclose(told[known], rows["df"][known], rtol=1e-9)


def test_means_of_each_level_are_those_of_scipy(
    complete_answers: pd.DataFrame, methodology: Methodology, make_moments: Any
) -> None:
    moments = make_moments(complete_answers, methodology)
    moments = replace(moments, mean=np.clip(moments.mean, 1, None))
    found = index_of(compute_scores(moments, rescore(methodology, levels=LEVELS)))
    front = (moments.mean[..., :2] ** 0.5 @ [0.7, 0.3]) ** 2
    back = (moments.mean[..., 2:] ** 0.5 @ [0.5, 0.25, 0.25]) ** 2
    single = gmean(np.stack([front, back]), weights=np.array([0.6, 0.4])[:, None, None], axis=0)
    wanted = hmean(single, weights=np.array([[0.7, 0.3]]), axis=1)
    np.testing.assert_allclose(found, wanted, rtol=1e-12)


@pytest.mark.parametrize("missing", ["reweight", "impute_group_mean"])
def test_errors_are_those_of_the_tangent(
    sparse_answers: pd.DataFrame, methodology: Methodology, make_moments: Any, missing: str
) -> None:
    """Derivatives of every score by every mean, by differences of the scores themselves."""
    rules = {"missing_indicator": missing, "missing_group": missing}
    changed = rescore(methodology, levels=LEVELS, **rules)
    moments = make_moments(sparse_answers, changed)
    moments = replace(moments, mean=np.clip(moments.mean, 5, 95))
    model = make_model(moments, changed)
    total = model.differentiate() * np.nan_to_num(model.segment_gradient)[..., None]
    step = 1e-5
    for segment in range(2):
        for item in range(5):
            moved = moments.mean.copy()
            moved[:, segment, item] += step
            higher = make_model(replace(moments, mean=moved), changed).combined
            slope = (higher - model.combined) / step
            known = ~np.isnan(slope) & ~np.isnan(moved[:, segment, item])[:, None]
            own = np.where(model.used[:, segment], total[:, segment, :, item], 0.0)
            np.testing.assert_allclose(slope[known], own[known], rtol=0, atol=1e-4)
    covariance = compute_covariances(model)
    assert np.nanmin(np.linalg.eigvalsh(np.nan_to_num(covariance))) > -1e-9
    frame = compute_scores(moments, changed).frame
    index = frame[(frame["segment"] == "all") & (frame["kind"] == "index")]
    assert np.array_equal(
        np.isnan(covariance[:, 0, 0]), index.set_index("centre")["std_error"].isna()
    )


def test_delta_errors_hold_in_draws(methodology: Methodology) -> None:
    """Means drawn around the truth: the spread of the geometric index is its standard error."""
    changed = rescore(methodology, aggregation="geometric")
    rng = np.random.default_rng(1)
    truth, spread = np.array([55.0, 70, 62, 48, 80]), 2.0
    n_draws = 4000
    mean = truth + rng.normal(0, spread, (n_draws, 1, 5))
    moments = CentreMoments(
        centres=tuple(f"{i:05d}" for i in range(n_draws)),
        segments=methodology.segment_keys,
        indicators=methodology.indicator_keys,
        mean=np.concatenate([mean, np.full_like(mean, np.nan)], axis=1),
        n=np.full((n_draws, 2, 5), 50.0),
        cov_mean=np.broadcast_to(spread**2 * np.eye(5), (n_draws, 2, 5, 5)).copy(),
        n_respondents=np.tile([50.0, 0.0], (n_draws, 1)),
        std_error_method="exact",
    )
    scores = compute_scores(moments, changed)
    assert scores.std_error_method == "delta"
    rows = scores.frame[(scores.frame["segment"] == "all") & (scores.frame["kind"] == "index")]
    assert rows["std_error"].mean() == pytest.approx(rows["estimate"].std(), rel=0.04)


def test_a_mean_stands_in_for_what_is_missing_and_is_counted(
    methodology: Methodology, make_moments: Any
) -> None:
    raw = pd.DataFrame(
        [
            ["C01", "citizens", 5, 1, 5, 0, 3],
            ["C01", "citizens", 5, 1, 4, 0, 3],
            ["C03", "citizens", 3, 3, 2, 2, 3],
            ["C03", "citizens", 3, 3, 4, 4, 3],
            ["C02", "citizens", 3, 3, 5, 5, 3],
        ],
        columns=["centre", "segment", *"abcde"],
    )
    moments = make_moments(raw, methodology)
    region = rescore(methodology, missing_indicator="impute_region_mean")
    found = compute_scores(moments, region, regions=REGIONS)
    back = found.frame[(found.frame["key"] == "back") & (found.frame["segment"] == "all")]
    # c 87.5; d of the north from C03: 50; e 50.
    assert back["estimate"].tolist()[0] == pytest.approx(0.5 * 87.5 + 0.25 * 50 + 0.25 * 50)
    assert (found.n_imputed, found.n_reweighted) == (1, 0)
    row = found.missing.iloc[0].to_dict()
    assert row == {
        "kind": "indicator",
        "key": "d",
        "segment": "citizens",
        "treatment": "impute_region_mean",
        "n_missing": 1,
        "n_imputed": 1,
    }
    group = compute_scores(moments, rescore(methodology, missing_indicator="impute_group_mean"))
    back = group.frame[(group.frame["key"] == "back") & (group.frame["segment"] == "all")]
    assert back["estimate"].tolist()[0] == pytest.approx((0.5 * 87.5 + 0.25 * 50) / 0.75)
    with pytest.raises(StatisticsError, match="no region of C01"):
        compute_scores(moments, region, regions={})


def test_groups_as_z_scores_and_a_flat_group_has_no_weight(
    complete_answers: pd.DataFrame, methodology: Methodology, make_moments: Any
) -> None:
    changed = rescore(methodology, scale="standard", normalise_groups="z", missing_group="reweight")
    citizens = complete_answers[complete_answers["segment"] == "citizens"]
    moments = make_moments(citizens, changed)
    moments.mean[:, 0, 2:] = 40.0
    scores = compute_scores(moments, changed)
    front = moments.mean[:, 0, :2] @ [0.7, 0.3]
    np.testing.assert_allclose(index_of(scores), zscore(front, ddof=1), rtol=0, atol=1e-12)
    assert scores.left_out.to_dict("records") == [
        {"kind": "group", "key": "back", "reason": "no_variance", "detail": ""}
    ]
    frame = scores.frame[scores.frame["segment"] == "all"]
    assert (frame["estimate"] < 0).any()
    assert (frame["ci_low"].dropna() < 0).any()


def test_a_mean_that_negative_scores_have_not_is_refused_in_words(
    complete_answers: pd.DataFrame, methodology: Methodology, make_moments: Any
) -> None:
    changed = rescore(
        methodology, scale="standard", normalise_groups="z", levels={"index": "geometric"}
    )
    with pytest.raises(StatisticsError, match="geometric mean is not defined for negative"):
        compute_scores(make_moments(complete_answers, changed), changed)


def test_top_box_shares_are_counted_shares(
    complete_answers: pd.DataFrame, methodology: Methodology, make_moments: Any
) -> None:
    """B is reverse-keyed: answers 1 and 2 count."""
    changed = rescore(methodology, answers="top_box", top_box_from=4)
    frame = compute_scores(make_moments(complete_answers, changed), changed).frame
    frame = frame[(frame["segment"] == "citizens") & (frame["kind"] == "indicator")]
    found = frame.pivot_table(index="centre", columns="key", values="estimate")
    own = complete_answers[complete_answers["segment"] == "citizens"].set_index("centre")[
        [*"abcde"]
    ]
    counted = (own >= 4).assign(b=own["b"] <= 2)
    wanted = 100 * counted.groupby("centre").mean()
    np.testing.assert_allclose(found, wanted.loc[found.index], rtol=0, atol=1e-10)
    share, n = wanted / 100, own.groupby("centre").size()
    errors = frame.pivot_table(index="centre", columns="key", values="std_error")
    se = 100 * np.sqrt((share * (1 - share)).div(n - 1, axis=0))
    np.testing.assert_allclose(errors, se.loc[errors.index, errors.columns], rtol=0, atol=1e-9)
