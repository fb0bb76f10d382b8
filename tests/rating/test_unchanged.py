"""With default settings scores and stars are those of the plain formulas, to the last bit.

The formulas of the thin rating room are written out here as they stood before other means, measures
and found cut points came: whoever edits nothing in a methodology must see no digit change.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.stats import t

from clientindex.rating import assign_stars, compute_scores
from clientindex.rating.weighting import (
    find_present,
    make_weight_plan,
    share_inner,
    share_outer,
    share_segments,
)

if TYPE_CHECKING:
    import pandas as pd

    from clientindex.counts import CentreMoments
    from clientindex.methodology import Methodology


def score_plainly(moments: CentreMoments, methodology: Methodology) -> tuple[Any, Any, Any]:
    """Return the index of all segments, its variance and Satterthwaite's degrees of freedom."""
    plan = make_weight_plan(methodology)
    presence = find_present(~np.isnan(moments.mean), plan)
    inner = share_inner(presence, plan, inner=plan.inner)
    index = inner * share_outer(presence, outer=plan.outer)[..., plan.group_of]
    estimate = np.where(presence.index, (index * np.nan_to_num(moments.mean)).sum(axis=-1), np.nan)
    product = np.einsum("cskl,csl->csk", np.nan_to_num(moments.cov_mean), index)
    unknown = np.isnan(np.diagonal(moments.cov_mean, axis1=-2, axis2=-1)) & (index > 0)
    variance = np.where(unknown.any(axis=-1), np.nan, (product * index).sum(axis=-1))
    variance = np.where(variance <= 1e-11, 0.0, variance)
    share = share_segments(~np.isnan(estimate), plan)
    used = share > 0
    whole = np.where(used, share * np.nan_to_num(estimate), 0).sum(axis=1)
    spread = np.where(used, share**2 * variance, 0).sum(axis=1)
    lost = ~used.any(axis=1)
    parts = np.where(used, share**2 * variance, 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        df = spread**2 / np.where(parts > 0, parts**2 / (moments.n_respondents - 1), 0).sum(axis=1)
    df = np.where(spread == 0, np.inf, df)
    return np.where(lost, np.nan, whole), np.where(lost, np.nan, spread), df


def test_index_error_interval_star_and_p_star_are_the_same_bits(
    answers: pd.DataFrame, methodology: Methodology, make_moments: Any
) -> None:
    moments = make_moments(answers, methodology)
    whole, variance, df = score_plainly(moments, methodology)
    register = answers[["centre"]].drop_duplicates().assign(name="n", region="r")
    scores = compute_scores(moments, methodology)
    rows = scores.frame[(scores.frame["segment"] == "all") & (scores.frame["kind"] == "index")]
    assert rows["centre"].tolist() == list(moments.centres)
    assert np.array_equal(rows["estimate"], whole, equal_nan=True)
    se = np.sqrt(variance * np.ones(len(variance)))
    assert np.array_equal(rows["std_error"], se, equal_nan=True)
    np.testing.assert_allclose(rows["df"][~np.isnan(se)], df[~np.isnan(se)], rtol=1e-12)
    margin = t.ppf((1 + 0.95) / 2, rows["df"]) * se
    assert np.array_equal(rows["ci_high"], np.clip(whole + margin, None, 100), equal_nan=True)

    frame = assign_stars(scores, methodology, register=register).frame.set_index("centre")
    frame = frame.loc[list(moments.centres)]
    cuts = np.array([-np.inf, 50, 60, 70, 80, np.inf])
    given = frame["star"].notna().to_numpy()
    at = np.searchsorted(cuts[1:-1], np.round(whole[given], 9), side="right")
    assert np.array_equal(frame["star"][given], at + 1)
    with np.errstate(divide="ignore"):
        upper, lower = (
            (cuts[at + 1] - whole[given]) / se[given],
            (cuts[at] - whole[given]) / se[given],
        )
    own = t(frame["df"][given].to_numpy(float))
    wanted = np.where(se[given] == 0, 1.0, own.cdf(upper) - own.cdf(lower))
    np.testing.assert_allclose(frame["p_star"][given], wanted, rtol=1e-12)
    assert (frame["uncapped"][given] == frame["star"][given]).all()
    assert (frame[["capped_by", "peer_group"]] == "").all().all()
