"""The index of all centres under other weights, by the general road of the rating."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from clientindex.rating.bands import rank_scores
from clientindex.rating.weighting import make_weight_plan
from clientindex.sensitivity.drawn_index import ModelIndex
from clientindex.sensitivity.draws import WeightDraws
from clientindex.sensitivity.importance.sample import GROUP, SAME
from clientindex.sensitivity.tau import compute_kendall_tau

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from clientindex.counts import CentreMoments
    from clientindex.methodology import Methodology
    from clientindex.rating import MeasureScores
    from clientindex.sensitivity.importance.sample import Sample


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Recomputed:
    """Index of the sample's centres as a function of weights.

    Attributes
    ----------
    model : ModelIndex
    inner : ndarray of shape (K,)
        Weights in use inside groups, each group summing to 1 (0 throughout in groups left out).
    outer : ndarray of shape (G,)
        Weights in use of groups, summing to 1.
    group_of : int ndarray of shape (K,)
    """

    model: ModelIndex
    inner: NDArray[np.float64]
    outer: NDArray[np.float64]
    group_of: NDArray[np.intp]

    @classmethod
    def of(
        cls,
        sample: Sample,
        moments: CentreMoments,
        methodology: Methodology,
        *,
        regions: Mapping[str, str],
        measures: MeasureScores | None,
    ) -> Recomputed | None:
        """Prepare; None where the published index is not what answers and measures give."""
        model = ModelIndex.of(
            moments, methodology, centres=sample.centres, regions=regions, measures=measures
        )
        group_of = make_weight_plan(methodology).group_of
        inner = share_inside(model.plan.inner, group_of)
        outer = model.plan.outer / model.plan.outer.sum()
        made = cls(model=model, inner=inner, outer=outer, group_of=group_of)
        index = made.compute(inner[None], outer[None])[0]
        return made if (np.abs(index - sample.index) <= SAME).all() else None

    def compute(
        self, inner: NDArray[np.float64], outer: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """Return the index, shape (B, C)."""
        return self.model.compute(WeightDraws(inner=inner, outer=outer))

    def effective(self, kind: str) -> NDArray[np.float64]:
        """Return the weights of a kind in the index."""
        return self.outer if kind == GROUP else self.inner * self.outer[self.group_of]

    def compute_for(self, kind: str, weights: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the index under weights (B, P) of a kind, shape (B, C).

        Indicators' weights in the index give those of groups by their sums; a group without any
        keeps its inner weights.
        """
        if kind == GROUP:
            inner = np.broadcast_to(self.inner, (len(weights), len(self.inner)))
            return self.compute(inner, weights)
        outer = sum_groups(weights, self.group_of)
        total = outer[:, self.group_of]
        inner = np.where(total > 0, weights / np.where(total > 0, total, 1.0), self.inner)
        return self.compute(inner, outer)

    def remove_each(self) -> NDArray[np.float64]:
        """Return the index without each indicator in turn, shape (K, C).

        The others of its group share its weight; the other groups that of a group of one.
        """
        n_items = len(self.inner)
        kept = np.where(np.eye(n_items, dtype=bool), 0.0, self.inner)
        inner = np.stack([share_inside(row, self.group_of) for row in kept])
        outer = np.where(sum_groups(kept, self.group_of) > 0, self.outer, 0.0)
        total = outer.sum(axis=1, keepdims=True)
        outer = outer / np.where(total > 0, total, 1.0)
        return np.concatenate(
            [self.compute(inner[k : k + 1], outer[k : k + 1]) for k in range(n_items)]
        )


def sum_groups(weights: NDArray[np.float64], group_of: NDArray[np.intp]) -> NDArray[np.float64]:
    """Sum weights (..., K) within groups, giving (..., G)."""
    member = group_of[:, None] == np.arange(int(group_of.max()) + 1)
    return np.asarray(weights @ member.astype(np.float64))


def share_inside(weights: NDArray[np.float64], group_of: NDArray[np.intp]) -> NDArray[np.float64]:
    """Return weights (K,) that sum to 1 in each group that has any."""
    total = sum_groups(weights, group_of)[group_of]
    return np.asarray(weights / np.where(total > 0, total, 1.0))


def compare_ranks(
    now: NDArray[np.float64], then: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return Kendall's tau-b and the mean absolute shift of ranks, each (B,); NaN without an index.

    `now` has shape (C,), `then` (B, C).
    """
    tau, shift = np.full(len(then), np.nan), np.full(len(then), np.nan)
    for row, index in enumerate(then):
        both = np.isfinite(index)
        if both.sum() < 2:
            continue
        ranks = rank_scores(np.vstack([now[both], index[both]]))
        tau[row] = compute_kendall_tau(ranks[0], ranks[1:])[0]
        shift[row] = np.abs(ranks[1] - ranks[0]).mean()
    return tau, shift
