"""The two-step polychoric correlation: thresholds from each indicator, then the correlation.

Given thresholds, the log-likelihood of a two-way table ``sum n_ab log pi_ab(rho)`` has the score
``sum n_ab pi'_ab / pi_ab``, where ``pi'_ab`` are differences of the bivariate density. Its root is
found by Fisher scoring inside a shrinking bracket, for any number of pairs and replicates in one
compiled loop. Probabilities are sums of Mehler's series, whose factors are computed once for the
cut points of a replicate; correlations too large for it take the integrals themselves.

References
----------
Olsson U. Maximum likelihood estimation of the polychoric correlation coefficient. Psychometrika,
1979, 44(4), 443-460. doi:10.1007/BF02296207
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from clientindex.factors.polychoric import mehler
from clientindex.factors.polychoric.mehler import TERMS, add_factors, count_terms
from clientindex.factors.polychoric.normal import bivariate_cdf, bivariate_pdf, normal_cdf
from clientindex.threads import get_threads, map_in_threads

if TYPE_CHECKING:
    from numpy.typing import NDArray

LARGEST = 1 - 1e-8
"""Correlations are sought between minus and plus this."""

BOUNDARY = 0.9999
"""Absolute correlation from which two indicators count as one."""

TOLERANCE = 1e-12
MAX_STEPS = 100
SMALLEST_SHARE = 1e-300
SERIES_LARGEST = mehler.LARGEST


def solve_two_step(
    pairs: NDArray[np.float64],
    cuts: NDArray[np.float64],
    *,
    start: NDArray[np.float64] | None = None,
    tolerance: float = TOLERANCE,
) -> NDArray[np.float64]:
    """Solve for the correlation of every pair in every replicate.

    Parameters
    ----------
    pairs : ndarray of shape (R, P, C, C)
        Two-way tables in the order of ``numpy.triu_indices(K, 1)``.
    cuts : ndarray of shape (R, K, C + 1)
        Cut points with infinite ends.
    start : ndarray of shape (P,), optional
        Where to start; the root does not depend on it.
    tolerance : float
        Step at which the search ends; bootstrap replicates need no more digits than they have.

    Returns
    -------
    ndarray of shape (R, P)
        NaN where a table has fewer than two used rows or columns; beyond :data:`BOUNDARY` where
        the likelihood has no inner root.
    """
    n_pairs = pairs.shape[1]
    first, second = np.triu_indices(cuts.shape[1], 1)
    begin = np.zeros(n_pairs) if start is None else np.nan_to_num(start)
    found = np.empty(pairs.shape[:2])
    blocks = np.array_split(np.arange(len(pairs)), min(get_threads(), len(pairs)))

    def work(rows: NDArray[np.intp]) -> None:
        part = slice(int(rows[0]), int(rows[-1]) + 1)
        _solve_all(
            np.ascontiguousarray(pairs[part]),
            np.ascontiguousarray(cuts[part]),
            first,
            second,
            begin,
            tolerance,
            found[part],
        )

    map_in_threads(work, blocks)
    return found


@njit(cache=True, nogil=True)
def _solve_all(
    pairs: NDArray[np.float64],
    cuts: NDArray[np.float64],
    first: NDArray[np.int64],
    second: NDArray[np.int64],
    start: NDArray[np.float64],
    tolerance: float,
    found: NDArray[np.float64],
) -> None:
    size = cuts.shape[2]
    below = np.empty((cuts.shape[1], size))
    factors = np.empty((cuts.shape[1], TERMS, size))
    for r in range(pairs.shape[0]):
        _prepare(cuts[r], below, factors)
        for p in range(pairs.shape[1]):
            table = pairs[r, p]
            one, other = first[p], second[p]
            if _is_flat(table):
                found[r, p] = np.nan
            else:
                margins = (below[one], below[other])
                series = (factors[one], factors[other])
                found[r, p] = _solve_pair(
                    table, (cuts[r, one], cuts[r, other]), margins, series, start[p], tolerance
                )


@njit(cache=True, nogil=True)
def _prepare(
    cuts: NDArray[np.float64], below: NDArray[np.float64], factors: NDArray[np.float64]
) -> None:
    """Write the probabilities below the cut points of every indicator, and their factors."""
    single = np.empty(TERMS)
    for i in range(cuts.shape[0]):
        for c in range(cuts.shape[1]):
            below[i, c] = normal_cdf(cuts[i, c])
            single[:] = 0.0
            add_factors(cuts[i, c], single)
            factors[i, :, c] = single


@njit(cache=True, nogil=True)
def _is_flat(table: NDArray[np.float64]) -> bool:
    """Return whether fewer than two rows or columns are used."""
    rows, columns = 0, 0
    for a in range(table.shape[0]):
        if table[a].sum() > 0:
            rows += 1
        if table[:, a].sum() > 0:
            columns += 1
    return rows < 2 or columns < 2


@njit(cache=True, nogil=True)
def _solve_pair(
    table: NDArray[np.float64],
    cuts: tuple[NDArray[np.float64], NDArray[np.float64]],
    below: tuple[NDArray[np.float64], NDArray[np.float64]],
    factors: tuple[NDArray[np.float64], NDArray[np.float64]],
    start: float,
    tolerance: float,
) -> float:
    """Return the root of the score of one table."""
    size = len(cuts[0])
    joint, density = np.empty((size, size)), np.empty((size, size))
    low, high = -LARGEST, LARGEST
    rho = min(max(start, -0.95), 0.95)
    for _ in range(MAX_STEPS):
        if abs(rho) <= SERIES_LARGEST:
            _sum_series(below, factors, rho, joint)
        else:
            _integrate(cuts, rho, joint)
        _fill_density(cuts, rho, density)
        score, information = _score(table, joint, density)
        if score > 0:
            low = rho
        else:
            high = rho
        step = score / information if information > 0 else 0.0
        moved = rho + step
        if not (low < moved < high):
            moved = 0.5 * (low + high)
        if abs(moved - rho) < tolerance:
            return moved
        rho = moved
    return rho


@njit(cache=True, nogil=True)
def _sum_series(
    below: tuple[NDArray[np.float64], NDArray[np.float64]],
    factors: tuple[NDArray[np.float64], NDArray[np.float64]],
    rho: float,
    joint: NDArray[np.float64],
) -> None:
    """Write the probability below every pair of cut points by Mehler's series."""
    rows, columns = factors
    size = joint.shape[0]
    for a in range(size):
        for b in range(size):
            joint[a, b] = below[0][a] * below[1][b]
    power = 1.0
    for n in range(count_terms(rho)):
        power *= rho
        for a in range(1, size - 1):
            weight = power * rows[n, a]
            for b in range(1, size - 1):
                joint[a, b] += weight * columns[n, b]


@njit(cache=True, nogil=True)
def _integrate(
    cuts: tuple[NDArray[np.float64], NDArray[np.float64]], rho: float, joint: NDArray[np.float64]
) -> None:
    """Write the probability below every pair of cut points by integration."""
    for a in range(joint.shape[0]):
        for b in range(joint.shape[1]):
            joint[a, b] = bivariate_cdf(cuts[0][a], cuts[1][b], rho)


@njit(cache=True, nogil=True)
def _fill_density(
    cuts: tuple[NDArray[np.float64], NDArray[np.float64]], rho: float, density: NDArray[np.float64]
) -> None:
    """Write the density at every pair of cut points: the slope of the probability by rho."""
    for a in range(density.shape[0]):
        for b in range(density.shape[1]):
            density[a, b] = bivariate_pdf(cuts[0][a], cuts[1][b], rho)


@njit(cache=True, nogil=True)
def _score(
    table: NDArray[np.float64], joint: NDArray[np.float64], density: NDArray[np.float64]
) -> tuple[float, float]:
    """Return the score and the sum of squared scores (its information) of one table."""
    score, information = 0.0, 0.0
    for a in range(table.shape[0]):
        for b in range(table.shape[1]):
            n = table[a, b]
            if n != 0.0:
                share = joint[a + 1, b + 1] - joint[a + 1, b] - joint[a, b + 1] + joint[a, b]
                slope = density[a + 1, b + 1] - density[a + 1, b] - density[a, b + 1]
                ratio = (slope + density[a, b]) / max(share, SMALLEST_SHARE)
                score += n * ratio
                information += n * ratio * ratio
    return score, information
