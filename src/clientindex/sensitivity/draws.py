"""Random weightings and the index under each of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from clientindex.rating.weighting import (
    Presence,
    WeightPlan,
    share_inner,
    share_outer,
    share_segments,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WeightDraws:
    """B weightings; weights sum to 1 inside their parent.

    Attributes
    ----------
    inner : ndarray of shape (B, K)
        Indicator weights inside their groups.
    outer : ndarray of shape (B, G)
        Group weights.
    """

    inner: NDArray[np.float64]
    outer: NDArray[np.float64]


def draw_weights(
    plan: WeightPlan, *, size: int, band: float, generator: np.random.Generator
) -> WeightDraws:
    """Multiply every stated weight by its own uniform(1 - band, 1 + band), then re-scale.

    Parameters
    ----------
    plan : WeightPlan
        Stated weights of K indicators in G groups.
    size : int
        Number of weightings B.
    band : float
        Share by which a weight may move, e.g. 0.25.
    generator : numpy.random.Generator
        A draw takes K + G uniform numbers in turn: indicators, then groups. So the weightings do
        not depend on the sizes of the blocks in which they are drawn.

    Returns
    -------
    WeightDraws
    """
    n_items = len(plan.inner)
    factors = generator.uniform(1 - band, 1 + band, size=(size, n_items + len(plan.outer)))
    inner = plan.inner * factors[:, :n_items]
    outer = plan.outer * factors[:, n_items:]
    total = np.add.reduceat(inner, plan.starts, axis=1)
    return WeightDraws(
        inner=inner / np.where(total > 0, total, 1.0)[:, plan.group_of],
        outer=outer / outer.sum(axis=1, keepdims=True),
    )


def compute_drawn_index(
    mean: NDArray[np.float64], presence: Presence, plan: WeightPlan, *, draws: WeightDraws
) -> NDArray[np.float64]:
    """Compute the index of every centre under every weighting.

    Missing indicators, groups and segments are treated exactly as in the published index. Sums run
    along an axis of fixed length without a matrix library, so a draw gives the same bits in a
    block of any size.

    Parameters
    ----------
    mean : ndarray of shape (C, S, K)
        Indicator means, NaN without answers.
    presence : Presence
    plan : WeightPlan
    draws : WeightDraws
        B weightings.

    Returns
    -------
    ndarray of shape (B, C)
        NaN for centres without an index.
    """
    inner = share_inner(presence, plan, inner=draws.inner[:, None, None, :])
    outer = share_outer(presence, outer=draws.outer[:, None, None, :])
    groups = np.add.reduceat(inner * np.nan_to_num(mean), plan.starts, axis=-1)
    single = (groups * outer).sum(axis=-1)
    index = (single * share_segments(presence.index, plan)).sum(axis=-1)
    return np.where(presence.index.any(axis=-1), index, np.nan)
