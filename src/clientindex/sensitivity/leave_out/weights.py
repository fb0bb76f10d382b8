"""Weights without one indicator, group or segment."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class NestedWeights:
    """Weights at three levels; they need not sum to 1.

    Attributes
    ----------
    inner : ndarray of shape (K,)
    outer : ndarray of shape (G,)
    segment : ndarray of shape (S,)
    group_of : int ndarray of shape (K,)
    """

    inner: NDArray[np.float64]
    outer: NDArray[np.float64]
    segment: NDArray[np.float64]
    group_of: NDArray[np.intp]

    @property
    def effective(self) -> NDArray[np.float64]:
        """Share of each indicator in the index, shape (K,); all 0 where nothing has weight."""
        within = np.bincount(self.group_of, self.inner, minlength=len(self.outer))
        total = self.outer[within > 0].sum()
        scale = np.where(within > 0, within, 1.0)[self.group_of] * (total if total > 0 else 1.0)
        return np.asarray(self.inner * self.outer[self.group_of] / scale, dtype=np.float64)

    @property
    def leaves_something(self) -> bool:
        """Whether there is an index."""
        return bool(self.effective.any() and self.segment.any())


def drop_indicator(weights: NestedWeights, item: int) -> NestedWeights:
    """Return weights without an indicator; a group that it leaves empty has no weight either."""
    inner = np.where(np.arange(len(weights.inner)) == item, 0.0, weights.inner)
    group = weights.group_of[item]
    emptied = not inner[weights.group_of == group].any()
    dropped = replace(weights, inner=inner)
    return drop_group(dropped, int(group)) if emptied else dropped


def drop_group(weights: NestedWeights, group: int) -> NestedWeights:
    """Return weights without a group."""
    return replace(
        weights, outer=np.where(np.arange(len(weights.outer)) == group, 0.0, weights.outer)
    )


def drop_segment(weights: NestedWeights, segment: int) -> NestedWeights:
    """Return weights without a segment."""
    own = np.arange(len(weights.segment)) == segment
    return replace(weights, segment=np.where(own, 0.0, weights.segment))
