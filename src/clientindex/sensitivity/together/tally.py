"""What is kept of runs: sums by centre. Memory grows with centres, not with draws."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np

from clientindex.sensitivity.together.decomposition import (
    make_shapley_matrix,
    measure_unexplained,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from clientindex.sensitivity.runs.model import Published, RunOutputs
    from clientindex.sensitivity.together.points import PointPairs


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
    ranks: NDArray[np.int32]


def tally_pairs(pairs: PointPairs, numbers: range, *, n_levels: int) -> Block:
    """Run some pairs and sum them in their order."""
    model = pairs.setup.model
    found = [model.run(pairs.list_runs(number)) for number in numbers]
    parts = [_tally(pairs, one, n_levels=n_levels) for one in found]
    total = parts[0]
    for part in parts[1:]:
        total.add(part)
    ranks = np.concatenate([one.ranks[: pairs.n_mixed] for one in found]).astype(np.int32)
    return Block(sums=total, ranks=ranks)


def _tally(pairs: PointPairs, found: RunOutputs, *, n_levels: int) -> Sums:
    own: Published = pairs.setup.model.published
    n, n_mixed = len(pairs.sources), pairs.n_mixed
    matrix = make_shapley_matrix(n)
    changed = (found.levels != own.levels).astype(np.float64)
    everything = changed[:n_mixed].mean(axis=0)
    by_subset = np.concatenate(
        [np.zeros((1, len(own.places))), changed[n_mixed:], everything[None]]
    )
    doubt = np.concatenate([_mix(matrix, by_subset), everything[None]])
    index = found.index[:n_mixed, own.places] - own.index
    unexplained = measure_unexplained(index)
    variance = np.concatenate([_mix(matrix, -unexplained), unexplained[:1]])
    mixed = found.levels[:n_mixed]
    right = 1 - everything
    return Sums(
        levels=(mixed[..., None] == np.arange(n_levels + 1)).sum(axis=0),
        right=right,
        right_square=right**2,
        accuracy_square=np.array([right.mean() ** 2]),
        alone=by_subset[1 << np.arange(n)],
        doubt=doubt,
        doubt_square=doubt**2,
        doubt_total_square=doubt.sum(axis=1) ** 2,
        level=index.mean(axis=0),
        variance=variance,
        variance_square=variance**2,
    )


def _mix(matrix: NDArray[np.float64], values: NDArray[np.float64]) -> NDArray[np.float64]:
    # No matrix library, so that bits depend on no number of threads.
    return np.asarray(np.einsum("iu,un->in", matrix, values))


def find_error(
    total: NDArray[np.float64], squares: NDArray[np.float64], n: int
) -> NDArray[np.float64]:
    """Return Monte Carlo standard errors of means of n independent pairs from their sums."""
    mean = total / n
    return np.asarray(np.sqrt(np.maximum(squares / n - mean**2, 0.0) / (n - 1)))
