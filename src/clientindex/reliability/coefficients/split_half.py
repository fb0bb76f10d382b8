"""Reliability of the sum from two halves, over all ways to split the indicators."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from clientindex.reliability.coefficients.alpha import SUM_VARIANCE_FLOOR

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST_SPLITS = 5_000
"""More splits than that are sampled."""


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
    rows, columns = np.triu_indices(k, 1)
    apart = np.abs(splits.first[:, rows] - splits.first[:, columns])
    values = 4 * (cov[..., rows, columns] @ apart.T) / total[..., None]
    half = k // 2
    mean = 4 * half * (k - half) / (k * (k - 1)) * (1 - trace / total)
    return {
        "split_half_max": values.max(axis=-1),
        "split_half_min": values.min(axis=-1),
        "split_half_mean": np.asarray(mean),
    }
