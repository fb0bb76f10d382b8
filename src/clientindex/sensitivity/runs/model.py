"""Runs of an edition: indices, ranks and stars of all centres under given inputs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from clientindex.errors import StatisticsError
from clientindex.rating.star_doubt.given import depends_on_scores
from clientindex.rating.star_rules import FixedCuts, apply_rule, find_levels
from clientindex.sensitivity.rank_rows import rank_rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from clientindex.rating.posterior import Posterior
    from clientindex.rating.star_rules import StarRule
    from clientindex.rating.weighting import WeightPlan
    from clientindex.sensitivity.runs.errors import MeanErrors
    from clientindex.sensitivity.runs.methods import Scorer

NO_DRAW = -1
"""Number of the draw that is none: means as they were found."""

SMALLEST_FACTOR = 1e-12
"""Of a stated weight: one of 0, at the end of a band of 100 %, would ask for no answers."""

DRAWN_TOGETHER = 8
"""Draws of indicator means that are held at once: more would fill memory, fewer are slower."""

NO_LEVEL = 0
"""Stands where a rule cannot be applied to the indices of a run."""


class LostIndexError(StatisticsError):
    """A method leaves starred centres without an index.

    Attributes
    ----------
    n : int
        Centres.
    """

    def __init__(self, n: int) -> None:
        super().__init__(
            f"runs leave {n} starred centres without an index: take other alternatives"
        )
        self.n = n


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RunInputs:
    """Inputs of R runs.

    Attributes
    ----------
    draw : int64 ndarray of shape (R,)
        Number of the draw of indicator means, or `NO_DRAW`.
    method, rule : int ndarray of shape (R,)
        Places among the methods and star rules of the model.
    inner : ndarray of shape (R, K)
        Weights of indicators; positive ones need not sum to 1 in their group.
    outer : ndarray of shape (R, G)
        Weights of groups.
    """

    draw: NDArray[np.int64]
    method: NDArray[np.intp]
    rule: NDArray[np.intp]
    inner: NDArray[np.float64]
    outer: NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RunOutputs:
    """Outputs of R runs for C centres, N of them with a published star.

    Attributes
    ----------
    index : ndarray of shape (R, C)
    ranks, levels : int64 ndarray of shape (R, N)
        Levels 1 to K after caps, or `NO_LEVEL`.
    """

    index: NDArray[np.float64]
    ranks: NDArray[np.int64]
    levels: NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Published:
    """What was published of the N starred centres.

    Attributes
    ----------
    places : int ndarray of shape (N,)
        Among the C centres.
    index, std_error : ndarray of shape (N,)
    ranks, levels, limits : int64 ndarray of shape (N,)
        `limits`: most levels that caps leave.
    """

    places: NDArray[np.intp]
    index: NDArray[np.float64]
    std_error: NDArray[np.float64]
    ranks: NDArray[np.int64]
    levels: NDArray[np.int64]
    limits: NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RunModel:
    """An edition that can be run under other inputs.

    Attributes
    ----------
    errors : MeanErrors
    plan : WeightPlan
        Stated weights.
    scorers : tuple of Scorer
        One a method; the first is the methodology's own.
    rescaled : tuple of bool
        Whether the index of the method is put back to the mean and standard deviation of the
        published one: it has other units.
    rules : tuple of StarRule
        For the starred centres; the first is the methodology's own.
    published : Published
    posterior : Posterior or None
        Where true indices of the starred centres lie. With it, drawn indices are moved there before
        a rule finds cut points in them, see :class:`clientindex.rating.posterior.Posterior`.
    """

    errors: MeanErrors
    plan: WeightPlan
    scorers: tuple[Scorer, ...]
    rescaled: tuple[bool, ...]
    rules: tuple[StarRule, ...]
    published: Published
    posterior: Posterior | None = None

    def weigh(
        self, factors: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Multiply stated weights and re-scale them inside their parents.

        Parameters
        ----------
        factors : ndarray of shape (R, K + G)
            Of indicators, then of groups.

        Returns
        -------
        inner, outer : ndarray of shape (R, K) and (R, G)
        """
        plan = self.plan
        n_items = len(plan.inner)
        factors = np.maximum(factors, SMALLEST_FACTOR)
        inner = plan.inner * factors[:, :n_items]
        outer = plan.outer * factors[:, n_items:]
        total = np.add.reduceat(inner, plan.starts, axis=1)
        inner /= np.where(total > 0, total, 1.0)[:, plan.group_of]
        return inner, outer / outer.sum(axis=1, keepdims=True)

    def run(self, inputs: RunInputs) -> RunOutputs:
        """Compute all outputs.

        Raises
        ------
        LostIndexError
            If a starred centre has no index in a run.
        """
        index = self._score(inputs)
        starred = index[:, self.published.places]
        lost = int(np.isnan(starred).any(axis=0).sum())
        if lost:
            raise LostIndexError(lost)
        return RunOutputs(
            index=index,
            ranks=rank_rows(starred),
            levels=self._find_levels(self._move(starred, inputs), inputs.rule),
        )

    def _score(self, inputs: RunInputs) -> NDArray[np.float64]:
        index = np.empty((len(inputs.draw), self.errors.value.shape[2]))
        scores = self._list_scores(np.unique(inputs.draw))
        number, drawn = next(scores)
        for at in _group_runs(inputs):
            if inputs.draw[at[0]] != number:
                number, drawn = next(scores)
            method = inputs.method[at[0]]
            scorer = self.scorers[method]
            found = scorer.score(
                scorer.prepare(drawn), inner=inputs.inner[at], outer=inputs.outer[at]
            )
            index[at] = self._rescale(found) if self.rescaled[method] else found
        return index

    def _list_scores(self, numbers: NDArray[np.int64]) -> Iterator[tuple[int, NDArray[np.float64]]]:
        """Yield numbers of draws, each with its scores, in their order."""
        drawn = numbers[numbers != NO_DRAW]
        if len(drawn) < len(numbers):
            yield NO_DRAW, self.errors.value
        for first in range(0, len(drawn), DRAWN_TOGETHER):
            together = drawn[first : first + DRAWN_TOGETHER].tolist()
            yield from zip(together, self.errors.draw(together), strict=True)

    def _rescale(self, index: NDArray[np.float64]) -> NDArray[np.float64]:
        """Put each run to the mean and deviation that the starred centres have as published."""
        own, there = index[:, self.published.places], self.published.index
        mean, deviation = own.mean(axis=1, keepdims=True), own.std(axis=1, keepdims=True)
        share = np.divide(there.std(), deviation, where=deviation > 0, out=np.zeros_like(deviation))
        return np.asarray(there.mean() + share * (index - mean))

    def _move(self, starred: NDArray[np.float64], inputs: RunInputs) -> NDArray[np.float64]:
        """Move and narrow drawn indices to the posterior, where a rule looks at them."""
        looks = np.array([depends_on_scores(rule) for rule in self.rules])
        at = (inputs.draw != NO_DRAW) & looks[inputs.rule]
        if self.posterior is None or not at.any():
            return starred
        still = self._score(
            RunInputs(
                draw=np.full(int(at.sum()), NO_DRAW),
                method=inputs.method[at],
                rule=inputs.rule[at],
                inner=inputs.inner[at],
                outer=inputs.outer[at],
            )
        )[:, self.published.places]
        own = self.published
        moved = starred.copy()
        moved[at] = still - own.index
        moved[at] += self.posterior.move(own.index + starred[at] - still, own.index, own.std_error)
        return moved

    def _find_levels(
        self, starred: NDArray[np.float64], rule: NDArray[np.intp]
    ) -> NDArray[np.int64]:
        levels = np.empty(starred.shape, dtype=np.int64)
        for place, own in enumerate(self.rules):
            at = rule == place
            if isinstance(own, FixedCuts):
                levels[at] = find_levels(starred[at], np.array(own.cuts))
            else:
                levels[at] = _apply(own, starred[at])
        return np.minimum(levels, self.published.limits)


def _group_runs(inputs: RunInputs) -> list[NDArray[np.intp]]:
    """Return the places of runs that share draw and method, by draw, then by method."""
    order = np.lexsort((inputs.method, inputs.draw))
    draw, method = inputs.draw[order], inputs.method[order]
    starts = np.flatnonzero((np.diff(draw) != 0) | (np.diff(method) != 0)) + 1
    return np.split(order, starts)


def _apply(rule: StarRule, runs: Sequence[NDArray[np.float64]]) -> NDArray[np.int64]:
    levels = np.full(np.shape(runs), NO_LEVEL, dtype=np.int64)
    for at, scores in enumerate(runs):
        try:
            levels[at] = apply_rule(rule, scores).stars
        except StatisticsError:
            # Too few distinct indices: nobody has a star in this run.
            continue
    return levels
