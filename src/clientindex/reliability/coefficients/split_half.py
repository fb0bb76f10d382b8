"""Reliability of the sum from two halves, over all ways to split the indicators.

The covariance of two halves is a sum over pairs of indicators, which thousands of splits repeat.
Within a block of a few indicators there are few ways to be split, so what every two blocks add is
summed once for every two ways, and a split then takes one number for every two blocks.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from clientindex.compiled import njit
from clientindex.reliability.coefficients.alpha import SUM_VARIANCE_FLOOR

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST_SPLITS = 5_000
"""More splits than that are sampled."""

BLOCK = 5
"""Indicators of a block: two blocks then have 1,024 ways to be split, fewer than
there are splits."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Splits:
    """Ways to split k indicators into halves as equal as k allows.

    Attributes
    ----------
    first : float ndarray of shape (S, k)
        1 where an indicator is in the first half.
    exhaustive : bool
        Whether these are all splits.
    """

    first: NDArray[np.float64]
    exhaustive: bool


def list_splits(k: int, *, seed: np.random.SeedSequence, most: int = MOST_SPLITS) -> Splits:
    """List all splits of k indicators, or sample `most` of them where there are more.

    Parameters
    ----------
    k : int
        At least 2.
    seed : numpy.random.SeedSequence
        Used only for sampling.
    most : int
    """
    half = k // 2
    number = math.comb(k, half) // (2 if k % 2 == 0 else 1)
    if number > most:
        order = np.argsort(np.random.default_rng(seed).random((most, k)), axis=1)
        return Splits(first=(order < half).astype(np.float64), exhaustive=False)
    # In an even split the half with the first indicator is called the first: each split once.
    chosen = [(0, *rest) for rest in combinations(range(1, k), half - 1)]
    if k % 2:
        chosen = list(combinations(range(k), half))
    first = np.zeros((len(chosen), k))
    for row, items in enumerate(chosen):
        first[row, list(items)] = 1.0
    return Splits(first=first, exhaustive=True)


def compute_split_halves(
    cov: NDArray[np.float64], splits: Splits
) -> dict[str, NDArray[np.float64]]:
    """Compute the largest, smallest and mean split half.

    A split into halves A and B gives ``4 cov(A, B) / V``, V the variance of the sum (Flanagan,
    Rulon; Guttman's lambda 4 is the largest). The mean is that over all splits also where they are
    sampled: ``4 h (k - h) / (k (k - 1)) C / V`` with h = k // 2 and C the sum of covariances, which
    is alpha for even k.

    Parameters
    ----------
    cov : ndarray of shape (..., k, k)
    splits : Splits

    Returns
    -------
    dict
        "split_half_max", "split_half_min", "split_half_mean", each of shape (...).

    References
    ----------
    Guttman L. A basis for analyzing test-retest reliability. Psychometrika, 1945, 10(4), 255-282.
    doi:10.1007/BF02288892
    """
    k = cov.shape[-1]
    total = cov.sum(axis=(-2, -1))
    trace = np.trace(cov, axis1=-2, axis2=-1)
    total = np.where(total > SUM_VARIANCE_FLOOR * trace, total, np.nan)
    least, most = _find_ends(np.ascontiguousarray(cov.reshape(-1, k, k)), splits.first)
    half = k // 2
    mean = 4 * half * (k - half) / (k * (k - 1)) * (1 - trace / total)
    return {
        "split_half_max": np.asarray(4 * most.reshape(total.shape) / total),
        "split_half_min": np.asarray(4 * least.reshape(total.shape) / total),
        "split_half_mean": np.asarray(mean),
    }


@njit(nogil=True)
def _find_ends(
    cov: NDArray[np.float64], first: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:  # pragma: no cover - compiled
    """Return the smallest and largest covariance of two halves of every matrix (B, k, k)."""
    ways = _number_ways(first)
    n_blocks, n_splits = ways.shape
    table, values = np.empty((1 << BLOCK, 1 << BLOCK)), np.empty(n_splits)
    least, most = np.empty(len(cov)), np.empty(len(cov))
    for b in range(len(cov)):
        values[:] = 0.0
        for x in range(n_blocks):
            _fill_own(cov[b], x, table[0])
            for s in range(n_splits):
                values[s] += table[0, ways[x, s]]
            for y in range(x + 1, n_blocks):
                _fill_between(cov[b], x, y, table)
                for s in range(n_splits):
                    values[s] += table[ways[x, s], ways[y, s]]
        least[b], most[b] = values.min(), values.max()
    return least, most


@njit(nogil=True)
def _number_ways(first: NDArray[np.float64]) -> NDArray[np.intp]:  # pragma: no cover - compiled
    """Return how each block is split each time: a binary digit for every indicator."""
    n_splits, k = first.shape
    ways = np.zeros(((k + BLOCK - 1) // BLOCK, n_splits), dtype=np.intp)
    for i in range(k):
        for s in range(n_splits):
            if first[s, i] > 0:
                ways[i // BLOCK, s] += 1 << (i % BLOCK)
    return ways


@njit(nogil=True)
def _fill_own(
    cov: NDArray[np.float64], x: int, row: NDArray[np.float64]
) -> None:  # pragma: no cover - compiled
    """Write what the indicators of a block add among themselves, shape (ways,)."""
    start, end = x * BLOCK, min((x + 1) * BLOCK, len(cov))
    for way in range(1 << (end - start)):
        value = 0.0
        for i in range(start, end):
            for j in range(i + 1, end):
                if (way >> (i - start) & 1) != (way >> (j - start) & 1):
                    value += cov[i, j]
        row[way] = value


@njit(nogil=True)
def _fill_between(
    cov: NDArray[np.float64], x: int, y: int, table: NDArray[np.float64]
) -> None:  # pragma: no cover - compiled
    """Write what two blocks add to each other, shape (ways, ways).

    An indicator of the second block adds its covariances with the first half of the first block, or
    with the second half where it is in the first half itself: its binary digit doubles the ways.
    """
    start, end = x * BLOCK, min((x + 1) * BLOCK, len(cov))
    for way in range(1 << (end - start)):
        row = table[way]
        row[0] = 0.0
        known = 1
        for j in range(y * BLOCK, min((y + 1) * BLOCK, len(cov))):
            with_first, with_second = 0.0, 0.0
            for i in range(start, end):
                if way >> (i - start) & 1:
                    with_first += cov[i, j]
                else:
                    with_second += cov[i, j]
            for other in range(known):
                row[known + other] = row[other] + with_second
                row[other] += with_first
            known *= 2
