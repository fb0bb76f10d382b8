"""Stated weights of a methodology with what they come to in the index."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from clientindex.rating.aggregation import Level
from clientindex.rating.weighting import make_weight_plan
from clientindex.sensitivity.importance.sample import GROUP
from clientindex.sensitivity.importance.weights import compute_effective_weights

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from clientindex.methodology import Methodology
    from clientindex.rating import MeasureScores


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Stated:
    """Weights within the parent, as stated, and in the index.

    Attributes
    ----------
    inner, outer : ndarray of shape (K,) and (G,)
        As stated.
    of_indicators, of_groups : ndarray of shape (K,) and (G,)
        Effective; 0 for measures that are dropped and for groups of nothing else.
    """

    inner: NDArray[np.float64]
    outer: NDArray[np.float64]
    of_indicators: NDArray[np.float64]
    of_groups: NDArray[np.float64]

    def nominal(self, kind: str) -> NDArray[np.float64]:
        """Return stated weights of a kind."""
        return self.outer if kind == GROUP else self.inner

    def effective(self, kind: str) -> NDArray[np.float64]:
        """Return effective weights of a kind."""
        return self.of_groups if kind == GROUP else self.of_indicators


def find_stated(methodology: Methodology, measures: MeasureScores | None) -> Stated:
    """Read weights; dropped measures weigh 0, and what is left is re-scaled to sum to 1."""
    plan = make_weight_plan(methodology)
    dropped = frozenset[str]() if measures is None else measures.dropped
    kept = np.where([key in dropped for key in methodology.indicator_keys], 0.0, plan.inner)
    lost = np.bincount(plan.group_of, weights=kept) == 0
    outer = np.where(lost, 0.0, plan.outer)
    inner = np.where(lost[plan.group_of], 1.0, kept)
    below, above = compute_effective_weights(
        [
            Level(parent_of=plan.group_of, weights=inner),
            Level(parent_of=np.zeros(len(outer), dtype=np.intp), weights=outer),
        ]
    )
    return Stated(inner=plan.inner, outer=plan.outer, of_indicators=below, of_groups=above)
