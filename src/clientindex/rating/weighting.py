"""Weights that each centre's scores really use, after the rules for missing answers.

Scores, their standard errors and every random weighting go through the same functions, so that a
draw with all multipliers equal to 1 is the published index.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from clientindex.methodology import Methodology


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WeightPlan:
    """Stated weights and rules for missing answers, as arrays.

    Attributes
    ----------
    starts : ndarray of shape (G,)
        Position of each group's first indicator: indicators follow the order of the groups.
    group_of : ndarray of shape (K,)
        Position of the group of each indicator.
    inner : ndarray of shape (K,)
        Weight of each indicator inside its group.
    outer : ndarray of shape (G,)
        Weight of each group in the index.
    segment : ndarray of shape (S,)
        Weight of each segment.
    refuses_indicator, refuses_group : bool
        Whether a missing indicator (group) leaves the group (index) without a score; otherwise its
        weight is shared among those present in proportion to their weights.
    """

    starts: NDArray[np.intp]
    group_of: NDArray[np.intp]
    inner: NDArray[np.float64]
    outer: NDArray[np.float64]
    segment: NDArray[np.float64]
    refuses_indicator: bool
    refuses_group: bool


def make_weight_plan(methodology: Methodology) -> WeightPlan:
    """Read the weights and the rules for missing answers from the methodology."""
    sizes = np.array([len(group.indicators) for group in methodology.groups])
    return WeightPlan(
        starts=np.concatenate([[0], np.cumsum(sizes)[:-1]]),
        group_of=np.repeat(np.arange(len(sizes)), sizes),
        inner=np.array([w for g in methodology.groups for w in g.indicators.values()]),
        outer=np.array([group.weight for group in methodology.groups]),
        segment=np.array([segment.weight for segment in methodology.segments]),
        refuses_indicator=methodology.scoring.missing_indicator == "refuse",
        refuses_group=methodology.scoring.missing_group == "refuse",
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Presence:
    """Which scores exist. It follows from the answers and the rules, not from a weighting.

    A weight of 0 asks for nothing: a missing indicator of weight 0 is not missing.

    Attributes
    ----------
    indicators : bool ndarray of shape (C, S, K)
    groups : bool ndarray of shape (C, S, G)
    index : bool ndarray of shape (C, S)
    reweighted : bool ndarray of shape (C, S, G)
        Groups with a score though an indicator of theirs has no answers.
    """

    indicators: NDArray[np.bool_]
    groups: NDArray[np.bool_]
    index: NDArray[np.bool_]
    reweighted: NDArray[np.bool_]


def find_present(indicators: NDArray[np.bool_], plan: WeightPlan) -> Presence:
    """Find the groups and indices that have a score.

    Parameters
    ----------
    indicators : bool ndarray of shape (C, S, K)
        Whether the centre has answers of the segment to the indicator.
    plan : WeightPlan

    Returns
    -------
    Presence
    """
    needed = plan.inner > 0
    any_there = np.logical_or.reduceat(indicators & needed, plan.starts, axis=-1)
    all_there = np.logical_and.reduceat(indicators | ~needed, plan.starts, axis=-1)
    groups = any_there & (all_there | (not plan.refuses_indicator))
    needed_groups = plan.outer > 0
    index: NDArray[np.bool_] = np.any(groups & needed_groups, axis=-1)
    if plan.refuses_group:
        index = index & np.all(groups | ~needed_groups, axis=-1)
    return Presence(
        indicators=indicators, groups=groups, index=index, reweighted=groups & ~all_there
    )


def share_inner(
    presence: Presence, plan: WeightPlan, *, inner: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return indicator weights that sum to 1 inside each group that has a score.

    Parameters
    ----------
    presence : Presence
    plan : WeightPlan
    inner : ndarray of shape (..., K)
        Stated or drawn weights; leading axes must broadcast against (C, S).

    Returns
    -------
    ndarray of shape (..., C, S, K)
        0 for indicators without answers and in groups without a score.
    """
    used = presence.indicators & presence.groups[..., plan.group_of]
    kept = np.where(used, inner, 0.0)
    total = np.add.reduceat(kept, plan.starts, axis=-1)
    return kept / _avoid_zero(total)[..., plan.group_of]


def share_outer(presence: Presence, *, outer: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return group weights that sum to 1 in each centre and segment that has an index.

    Parameters
    ----------
    presence : Presence
    outer : ndarray of shape (..., G)

    Returns
    -------
    ndarray of shape (..., C, S, G)
        0 for groups without a score and where there is no index.
    """
    kept = np.where(presence.groups & presence.index[..., None], outer, 0.0)
    return kept / _avoid_zero(kept.sum(axis=-1, keepdims=True))


def share_segments(present: NDArray[np.bool_], plan: WeightPlan) -> NDArray[np.float64]:
    """Return segment weights that sum to 1 over the segments that have the score.

    Parameters
    ----------
    present : bool ndarray of shape (C, S, ...)
        Whether the segment has the score.
    plan : WeightPlan

    Returns
    -------
    ndarray of the same shape
        With one segment present, that segment has weight 1; segments present with weight 0 only
        leave nothing, and so all weights are 0.
    """
    weights = plan.segment.reshape(1, -1, *[1] * (present.ndim - 2))
    kept = np.where(present, weights, 0.0)
    return kept / _avoid_zero(kept.sum(axis=1, keepdims=True))


def _avoid_zero(total: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.where(total > 0, total, 1.0)
