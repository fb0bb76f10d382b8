"""Scores of centres with exact standard errors: weighted sums of indicator means."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from clientindex.rating.degrees import combine_degrees, count_degrees
from clientindex.rating.missing_scores import Lost, list_missing
from clientindex.rating.model_scores import compute_scores_by_model
from clientindex.rating.score_model import needs_model
from clientindex.rating.score_table import ScoreArrays, ScoreRows, tabulate_scores
from clientindex.rating.weighting import (
    Presence,
    WeightPlan,
    find_present,
    make_weight_plan,
    share_inner,
    share_outer,
    share_segments,
)
from clientindex.results import Scores

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from clientindex.counts import CentreMoments
    from clientindex.methodology import Methodology
    from clientindex.rating.measures import MeasureScores

NO_VARIANCE = 1e-11
"""Variances up to this many squared points are what cancellation leaves of equal answers."""


def compute_scores(
    moments: CentreMoments,
    methodology: Methodology,
    *,
    visitors: Mapping[str, float] | None = None,
    regions: Mapping[str, str] | None = None,
    measures: MeasureScores | None = None,
) -> Scores:
    """Compute indicator, group and index scores of every centre with their standard errors.

    Parameters
    ----------
    moments : CentreMoments
        Indicator means of C centres and S segments with their sampling covariance.
    methodology : Methodology
        Weights, rules for missing answers and the level of the intervals.
    visitors : mapping of str to float, optional
        Number of visitors N of the centres where the register knows it.
    regions : mapping of str to str, optional
        Region of every centre; needed where a mean of the region stands in for missing values.
    measures : MeasureScores, optional
        Of the methodology's measures, see :func:`clientindex.rating.score_measures`.

    Returns
    -------
    Scores
        One row a centre, segment with answers (then "all") and score. Scores that the rules for
        missing answers refuse have a NaN estimate.

    Notes
    -----
    A group score is ``sum_k w_k m_k`` over its indicators, the index ``sum_g v_g`` times the group
    scores, and the score of all segments ``sum_s u_s`` times the segments' scores. Weights of
    missing indicators and groups are shared among those present, or the score is refused, as the
    methodology says. A segment that lacks a score is left out of that score and the weights of the
    others are re-scaled; so one segment alone counts fully.

    All this is linear in the means, so ``se² = f w'Σw`` with the effective weights ``w`` and the
    covariance ``Σ`` of the means is exact given ``Σ``; segments are different people, so their
    variances add. ``f = 1 - n / N`` is the finite-population correction with all respondents n of
    the centre and N visitors. Where N is unknown or does not exceed n there is no correction: a
    register with fewer visitors than respondents is wrong, and no register makes a survey certain.

    The standard error is NaN where an indicator behind the score has a single answer. Intervals
    are those of Student's t and end at 0 and 100. The variance of a segment has n - 1 degrees of
    freedom (of weighted answers the effective n less one), that of all segments what
    Satterthwaite's formula combines (:mod:`clientindex.rating.degrees`): a few answers of much
    weight leave the error itself uncertain.

    Other means than the arithmetic, means that stand in for missing values, measures and z scores
    of groups are in :mod:`clientindex.rating.score_model`: errors are then those of the delta
    method, with the derivatives of the scores in place of ``w``.

    ``n`` is the number of respondents for the index, and for a group the largest number of answers
    to one of its indicators, which at least that many respondents gave. For "all" it counts the
    segments that the score rests on.
    """
    factor = correct_finite_population(moments, visitors or {})
    if needs_model(methodology, measures):
        return compute_scores_by_model(
            moments, methodology, factor=factor, regions=regions, measures=measures
        )
    plan = make_weight_plan(methodology)
    presence = find_present(~np.isnan(moments.mean), plan)
    single = _score_segments(moments, plan, presence=presence)
    both = _append_combined(single, plan)
    rows = ScoreRows.of(moments)
    return Scores(
        frame=tabulate_scores(both, rows, methodology, factor=factor),
        level=methodology.intervals.level,
        std_error_method=moments.std_error_method,
        fpc_used=bool((factor < 1).any()),
        n_reweighted=int(presence.reweighted.sum()),
        missing=list_missing(
            Lost.of(presence, plan), rows.shown[:, :-1], methodology, segments=rows.segments
        ),
    )


def _score_segments(moments: CentreMoments, plan: WeightPlan, *, presence: Presence) -> ScoreArrays:
    """Compute the scores of single segments."""
    inner = share_inner(presence, plan, inner=plan.inner)
    index = inner * share_outer(presence, outer=plan.outer)[..., plan.group_of]
    means = np.nan_to_num(moments.mean)
    n = count_respondents(moments, plan)
    group_estimate = np.add.reduceat(inner * means, plan.starts, axis=-1)
    index_estimate = (index * means).sum(axis=-1)
    return ScoreArrays(
        estimate=np.concatenate(
            [
                np.where(presence.index, index_estimate, np.nan)[..., None],
                np.where(presence.groups, group_estimate, np.nan),
                moments.mean,
            ],
            axis=-1,
        ),
        variance=_vary(moments.cov_mean, plan, inner=inner, index=index),
        n=n,
        df=count_degrees(n, moments.degrees),
    )


def _vary(
    cov: NDArray[np.float64],
    plan: WeightPlan,
    *,
    inner: NDArray[np.float64],
    index: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Return w'Σw of the index, the groups and the indicators, shape (C, S, J)."""
    diagonal = np.diagonal(cov, axis1=-2, axis2=-1)
    unknown = np.isnan(diagonal)
    known = np.nan_to_num(cov)
    ends = [*plan.starts[1:], len(plan.group_of)]
    parts = [_quadratic(known, index, unknown)]
    for start, end in zip(plan.starts, ends, strict=True):
        block = slice(start, end)
        parts.append(_quadratic(known[..., block, block], inner[..., block], unknown[..., block]))
    variance = np.concatenate([np.stack(parts, axis=-1), diagonal], axis=-1)
    return np.where(variance <= NO_VARIANCE, 0.0, variance)


def _quadratic(
    cov: NDArray[np.float64], weights: NDArray[np.float64], unknown: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """Return w'Σw, NaN where a variance with a positive weight is unknown."""
    product = np.einsum("cskl,csl->csk", cov, weights)
    undefined = (unknown & (weights > 0)).any(axis=-1)
    return np.where(undefined, np.nan, (product * weights).sum(axis=-1))


def count_respondents(moments: CentreMoments, plan: WeightPlan) -> NDArray[np.float64]:
    """Return respondents behind the index, the groups and the indicators, shape (C, S, J)."""
    known = ~np.isnan(moments.mean)
    largest = np.where(np.isnan(moments.n), np.inf, moments.n)
    groups = np.maximum.reduceat(largest, plan.starts, axis=-1)
    groups = np.where(np.isinf(groups), np.nan, groups)
    # Answers without a known number of respondents: the number is unknown, not 0.
    index = np.where(moments.n_respondents > 0, moments.n_respondents, np.nan)
    index = np.where(known.any(axis=-1), index, 0.0)
    return np.concatenate([index[..., None], groups, moments.n], axis=-1)


def _append_combined(single: ScoreArrays, plan: WeightPlan) -> ScoreArrays:
    """Append the scores of all segments as the last segment."""
    present = ~np.isnan(single.estimate)
    share = share_segments(present, plan)
    used = share > 0
    combined = np.where(used, share * np.nan_to_num(single.estimate), 0).sum(axis=1)
    parts = np.where(used, share**2 * single.variance, 0.0)
    n = np.where(used | ~used.any(axis=1, keepdims=True), single.n, 0).sum(axis=1)
    missing = ~used.any(axis=1)
    whole = {
        "estimate": np.where(missing, np.nan, combined),
        "variance": np.where(missing, np.nan, parts.sum(axis=1)),
        "n": n,
        "df": combine_degrees(parts, single.df, axis=1),
    }
    found = {
        name: np.concatenate([getattr(single, name), last[:, None]], axis=1)
        for name, last in whole.items()
    }
    found["variance"] = np.where(np.isnan(found["estimate"]), np.nan, found["variance"])
    return ScoreArrays(**found)


def correct_finite_population(
    moments: CentreMoments, visitors: Mapping[str, float]
) -> NDArray[np.float64]:
    """Return the factor 1 - n / N on the variance of every centre, shape (C,)."""
    size = np.array([visitors.get(centre, np.nan) for centre in moments.centres], dtype=np.float64)
    n = moments.n_respondents.sum(axis=1)
    usable = size > n
    return np.where(usable, 1 - n / np.where(usable, size, 1.0), 1.0)
