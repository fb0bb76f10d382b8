"""Group and index scores by the means and the rules for missing values of a methodology.

The general road: any mean at any level, missing values imputed, groups brought to z scores. Where
all of a methodology is a weighted sum, :mod:`clientindex.rating.weighting` does the same with fewer
steps, and to the same bits as ever.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from clientindex.rating.aggregation import (
    Mean,
    MissingRule,
    complete,
    compute_mean,
    compute_mean_gradient,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from clientindex.methodology import Methodology
    from clientindex.methodology.scoring_settings import LevelName, Missing


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LevelRules:
    """What happens at every level.

    Attributes
    ----------
    group, index, segments : Mean
    missing_indicator, missing_group : str
        See :class:`clientindex.methodology.scoring_settings.Scoring`.
    normalises : bool
        Whether group scores are brought to z scores.
    group_of : ndarray of shape (K,)
    region_of : int ndarray of shape (C,) or None
        Number of each centre's region, where values are imputed from regions.
    """

    group: Mean
    index: Mean
    segments: Mean
    missing_indicator: Missing
    missing_group: Missing
    normalises: bool
    group_of: NDArray[np.intp]
    region_of: NDArray[np.intp] | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LevelScores:
    """Scores of both levels, and what was missing.

    Attributes
    ----------
    groups : ndarray of shape (..., C, S, G)
        As they enter the index.
    index : ndarray of shape (..., C, S)
    lost_indicators, imputed_indicators : bool ndarray of shape (..., C, S, K)
        Missing with weight; with a mean in their place.
    lost_groups, imputed_groups : bool ndarray of shape (..., C, S, G)
    flat_groups : bool ndarray of shape (..., G)
        Groups that cannot be brought to z scores in any segment: their scores are equal.
    group_gradient : ndarray of shape (C, S, G, K) or None
        Derivatives by each indicator; NaN rows where a score has none.
    index_gradient : ndarray of shape (C, S, K) or None
    by_groups : ndarray of shape (C, S, G) or None
        Derivatives of the index by the groups as they enter it.
    """

    groups: NDArray[np.float64]
    index: NDArray[np.float64]
    lost_indicators: NDArray[np.bool_]
    imputed_indicators: NDArray[np.bool_]
    lost_groups: NDArray[np.bool_]
    imputed_groups: NDArray[np.bool_]
    flat_groups: NDArray[np.bool_]
    group_gradient: NDArray[np.float64] | None
    index_gradient: NDArray[np.float64] | None
    by_groups: NDArray[np.float64] | None


def make_mean(methodology: Methodology, level: LevelName) -> Mean:
    """Return the mean by which a level of the methodology is reached."""
    rule = methodology.scoring.mean_of(level)
    return Mean(kind=rule.kind, power=rule.power)


def score_levels(
    x: NDArray[np.float64],
    rules: LevelRules,
    *,
    inner: NDArray[np.float64],
    outer: NDArray[np.float64],
    with_gradients: bool = False,
) -> LevelScores:
    """Compute group and index scores.

    Parameters
    ----------
    x : ndarray of shape (..., C, S, K)
        Indicator scores; NaN is missing.
    rules : LevelRules
    inner : ndarray of shape (..., K)
        Weights inside groups; leading axes broadcast to those of `x`. 0 asks for nothing.
    outer : ndarray of shape (..., G)
    with_gradients : bool

    Returns
    -------
    LevelScores

    Raises
    ------
    StatisticsError
        If a mean is not defined for negative scores.

    Notes
    -----
    A mean of the other indicators of the group stands in for a missing one with their weights, a
    mean of the region with equal weights of its centres, in the same segment. A group of which no
    indicator is there stays missing whatever the rule, as nothing of it was measured; so does an
    index.
    Derivatives go through a group's mean that stands in; a region's is held for known.

    z scores of groups are ``(g - mean) / sd`` over all centres that have the group, n - 1, in each
    segment; mean and deviation are then held for known. A group whose scores are all equal, or of
    which there is one, has no z score and no weight.
    """
    place = np.zeros(outer.shape[-1], dtype=np.intp)
    lower = _step(x, inner, rules.group_of, rules.group, rules.missing_indicator, rules)
    groups, deviation = lower.value, np.ones(lower.value.shape[-2:])
    flat = np.zeros((*groups.shape[:-3], groups.shape[-1]), dtype=bool)
    if rules.normalises:
        groups, deviation, flat = _standardise(groups)
        outer = np.where(flat[..., None, None, :], 0.0, outer)
    upper = _step(groups, outer, place, rules.index, rules.missing_group, rules)
    group_gradient = index_gradient = by_groups = None
    if with_gradients:
        group_gradient = lower.differentiate() / deviation[..., None]
        by_groups = upper.differentiate()[..., 0, :]
        index_gradient = _chain(by_groups, group_gradient)
    return LevelScores(
        groups=groups,
        index=upper.value[..., 0],
        lost_indicators=lower.lost,
        imputed_indicators=lower.imputed,
        lost_groups=upper.lost,
        imputed_groups=upper.imputed,
        flat_groups=flat,
        group_gradient=group_gradient,
        index_gradient=index_gradient,
        by_groups=by_groups,
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Step:
    """One level up, P parents of K children."""

    value: NDArray[np.float64]
    lost: NDArray[np.bool_]
    imputed: NDArray[np.bool_]
    filled: NDArray[np.float64]
    weights: NDArray[np.float64]
    share: NDArray[np.float64]
    parent_of: NDArray[np.intp]
    mean: Mean
    follows: bool

    def differentiate(self) -> NDArray[np.float64]:
        """Return derivatives of every parent by every child, shape (..., P, K)."""
        gradient = np.zeros((*self.value.shape, self.filled.shape[-1]))
        for parent in range(self.value.shape[-1]):
            at = np.flatnonzero(self.parent_of == parent)
            own = compute_mean_gradient(self.filled[..., at], self.weights[..., at], mean=self.mean)
            moved = np.where(self.imputed[..., at], own, 0.0).sum(axis=-1, keepdims=True)
            own = np.where(self.imputed[..., at] & ~np.isnan(own), 0.0, own)
            if self.follows:
                own = own + moved * self.share[..., at]
            gradient[..., parent, at] = own
            lost = np.asarray(np.isnan(own).any(axis=-1))
            gradient[..., parent, :][lost] = np.nan
        return gradient


def _step(
    x: NDArray[np.float64],
    weights: NDArray[np.float64],
    parent_of: NDArray[np.intp],
    mean: Mean,
    treatment: Missing,
    rules: LevelRules,
) -> _Step:
    member = parent_of == np.arange(int(parent_of.max()) + 1)[:, None]
    if np.isfinite(x).all():
        return _step_whole(x, weights, parent_of, mean, member)
    w = np.broadcast_to(weights, x.shape).astype(np.float64)
    lost = np.isnan(x) & (w > 0)
    kept = np.where(np.isnan(x), 0.0, w)
    total = (kept @ member.T)[..., parent_of]
    share = kept / np.where(total > 0, total, 1.0)
    filled, imputed = x, np.zeros(x.shape, dtype=bool)
    if treatment not in ("refuse", "reweight"):
        fill = (
            ((share * np.nan_to_num(x)) @ member.T)[..., parent_of]
            if treatment == "impute_group_mean"
            else average_regions(x, rules.region_of)
        )
        imputed = lost & (total > 0) & ~np.isnan(fill)
        filled = np.where(imputed, fill, x)
    done = complete(
        filled, w, rule=MissingRule(treatment="reweight" if treatment == "reweight" else "refuse")
    )
    used = done.weights
    # Nothing of a parent is there: no mean, whatever the rule.
    used = np.where(total > 0, used, 0.0)
    return _Step(
        value=_average(done.x, used, mean, member),
        lost=lost,
        imputed=imputed,
        filled=done.x,
        weights=used,
        share=share,
        parent_of=parent_of,
        mean=mean,
        follows=treatment == "impute_group_mean",
    )


def _step_whole(
    x: NDArray[np.float64],
    weights: NDArray[np.float64],
    parent_of: NDArray[np.intp],
    mean: Mean,
    member: NDArray[np.bool_],
) -> _Step:
    """Go a level up where nothing is missing: weights are those of all centres, and not copied."""
    nothing = np.zeros(x.shape, dtype=bool)
    return _Step(
        value=_average(x, weights, mean, member),
        lost=nothing,
        imputed=nothing,
        filled=x,
        weights=weights,
        share=weights,
        parent_of=parent_of,
        mean=mean,
        follows=False,
    )


def _average(
    x: NDArray[np.float64], weights: NDArray[np.float64], mean: Mean, member: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """Return the means of all parents, whose children are the rows of `member`."""
    places = map(np.flatnonzero, member)
    return np.stack([compute_mean(x[..., at], weights[..., at], mean=mean) for at in places], -1)


def average_regions(
    x: NDArray[np.float64], region_of: NDArray[np.intp] | None
) -> NDArray[np.float64]:
    """Return the mean of the region for every centre, shape of `x`; NaN where no centre has one.

    Parameters
    ----------
    x : ndarray of shape (..., C, S, K)
    region_of : int ndarray of shape (C,) or None
        None takes all centres for one region.
    """
    means = np.full(x.shape, np.nan)
    codes = np.zeros(x.shape[-3], dtype=np.intp) if region_of is None else region_of
    for region in np.unique(codes):
        at = codes == region
        part = x[..., at, :, :]
        n = (~np.isnan(part)).sum(axis=-3, keepdims=True)
        total = np.nan_to_num(part).sum(axis=-3, keepdims=True)
        means[..., at, :, :] = np.where(n > 0, total / np.maximum(n, 1), np.nan)
    return means


def _standardise(
    groups: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.bool_]]:
    """Return z scores over centres, the deviations (S, G) and the groups that have none."""
    known = ~np.isnan(groups)
    n = known.sum(axis=-3, keepdims=True)
    mean = np.nan_to_num(groups).sum(axis=-3, keepdims=True) / np.maximum(n, 1)
    squares = np.where(known, (groups - mean) ** 2, 0.0).sum(axis=-3, keepdims=True)
    deviation = np.sqrt(squares / np.maximum(n - 1, 1))
    usable = (n > 1) & (deviation > 1e-12 * np.maximum(np.abs(mean), 1.0))
    z = np.where(usable, (groups - mean) / np.where(usable, deviation, 1.0), np.nan)
    flat = ~usable[..., 0, :, :].any(axis=-2)
    return z, np.where(usable, deviation, np.nan)[..., 0, :, :], flat


def _chain(own: NDArray[np.float64], below: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the index's derivatives by indicators; a group without them matters where it counts.

    `own` has shape (..., G), `below` (..., G, K).
    """
    lost = np.asarray(np.isnan(below).any(axis=-1))
    product = np.einsum(
        "...g,...gk->...k", np.nan_to_num(own), np.where(lost[..., None], 0.0, below)
    )
    unknown = np.isnan(own).any(axis=-1) | ((own != 0) & lost).any(axis=-1)
    return np.where(unknown[..., None], np.nan, product)
