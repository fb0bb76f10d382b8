"""What is kept of runs: sums by centre. Memory grows with centres, not with draws."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from clientindex.sensitivity.together.decomposition import (
    make_shapley_matrix,
    measure_unexplained,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from clientindex.sensitivity.runs.model import Published, RunOutputs
    from clientindex.sensitivity.together.points import PointPairs

Number = TypeVar("Number", bound=np.generic)


@dataclass(slots=True, kw_only=True, eq=False)
class Sums:
    """Sums over pairs, for N centres, n sources and K levels.

    Attributes
    ----------
    levels : int64 ndarray of shape (N, K + 1)
        Runs of everything with each level; level 0 is none.
    right, right_square : ndarray of shape (N,)
        Shares of such runs of a pair with the published level, and their squares.
    accuracy_square : ndarray of shape (1,)
        Squares of the mean of these shares over centres.
    alone : ndarray of shape (n, N)
        Runs of one source alone with another level.
    doubt, doubt_square : ndarray of shape (n + 1, N)
        Parts of the sources in the doubt, then all of it.
    doubt_total_square : ndarray of shape (n + 1,)
        Squares of the sums of these over centres.
    level : ndarray of shape (N,)
        Index less the published one, mean over runs of a pair.
    variance, variance_square : ndarray of shape (n + 1, N)
        Parts of the sources in the variance of the index, then all of it.
    """

    levels: NDArray[np.int64]
    right: NDArray[np.float64]
    right_square: NDArray[np.float64]
    accuracy_square: NDArray[np.float64]
    alone: NDArray[np.float64]
    doubt: NDArray[np.float64]
    doubt_square: NDArray[np.float64]
    doubt_total_square: NDArray[np.float64]
    level: NDArray[np.float64]
    variance: NDArray[np.float64]
    variance_square: NDArray[np.float64]

    def add(self, other: Sums) -> None:
        """Add the sums of other pairs."""
        for one in fields(self):
            getattr(self, one.name).__iadd__(getattr(other, one.name))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Block:
    """Sums of some pairs, and the ranks of all of their runs of everything, (runs, N)."""

    sums: Sums
    ranks: NDArray[np.int64]


def tally_pairs(pairs: PointPairs, numbers: range, *, n_levels: int) -> Block:
    """Run some pairs and sum them in their order."""
    found = pairs.setup.model.run(pairs.list_runs(numbers))
    ranks = _by_pair(pairs, found.ranks)[: pairs.n_mixed]
    return Block(
        sums=_tally(pairs, found, n_levels=n_levels),
        ranks=ranks.reshape(-1, ranks.shape[-1]),
    )


def _by_pair(pairs: PointPairs, found: NDArray[Number]) -> NDArray[Number]:
    """Return what was found of all runs as (runs of a pair, pairs, ...)."""
    apart = found.reshape(-1, pairs.n_runs, *found.shape[1:])
    return np.ascontiguousarray(apart.swapaxes(0, 1))


def _tally(pairs: PointPairs, found: RunOutputs, *, n_levels: int) -> Sums:
    """Sum over pairs, in their order; arrays before the sums are (runs or parts, pairs, N)."""
    own: Published = pairs.setup.model.published
    n, n_mixed = len(pairs.sources), pairs.n_mixed
    matrix = make_shapley_matrix(n)
    levels = _by_pair(pairs, found.levels)
    changed = (levels != own.levels).astype(np.float64)
    everything = changed[:n_mixed].mean(axis=0)
    by_subset = np.concatenate(
        [np.zeros((1, *everything.shape)), changed[n_mixed:], everything[None]]
    )
    doubt = np.concatenate([_mix(matrix, by_subset), everything[None]])
    index = _by_pair(pairs, found.index[:, own.places] - own.index)[:n_mixed]
    # Sums over the runs of a pair depend on their place in memory by rounding.
    index = np.moveaxis(np.ascontiguousarray(np.moveaxis(index, 0, -1)), -1, 0)
    unexplained = measure_unexplained(index)
    variance = np.concatenate([_mix(matrix, -unexplained), unexplained[:1]])
    right = 1 - everything
    return Sums(
        levels=_count_levels(levels[:n_mixed], n_levels),
        right=right.sum(axis=0),
        right_square=(right**2).sum(axis=0),
        accuracy_square=_add_up(right.mean(axis=1) ** 2),
        alone=by_subset[1 << np.arange(n)].sum(axis=1),
        doubt=doubt.sum(axis=1),
        doubt_square=(doubt**2).sum(axis=1),
        doubt_total_square=_add_up(doubt.sum(axis=2) ** 2),
        level=index.mean(axis=0).sum(axis=0),
        variance=variance.sum(axis=1),
        variance_square=(variance**2).sum(axis=1),
    )


def _add_up(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Sum over the last axis from the first value to the last."""
    return np.atleast_1d(np.cumsum(values, axis=-1)[..., -1])


def _count_levels(levels: NDArray[np.int64], n_levels: int) -> NDArray[np.int64]:
    """Count over runs and pairs how often each centre has each level, shape (N, K + 1)."""
    counted = [(levels == level).sum(axis=(0, 1)) for level in range(n_levels + 1)]
    return np.stack(counted, axis=1)


def _mix(matrix: NDArray[np.float64], values: NDArray[np.float64]) -> NDArray[np.float64]:
    # No matrix library, so that bits depend on no number of threads.
    return np.asarray(np.einsum("iu,upn->ipn", matrix, values))


def find_error(
    total: NDArray[np.float64], squares: NDArray[np.float64], n: int
) -> NDArray[np.float64]:
    """Return Monte Carlo standard errors of means of n independent pairs from their sums."""
    mean = total / n
    return np.asarray(np.sqrt(np.maximum(squares / n - mean**2, 0.0) / (n - 1)))
