"""The two-step polychoric correlation: thresholds from each indicator, then the correlation.

Given thresholds, the log-likelihood of a two-way table ``sum n_ab log pi_ab(rho)`` has the score
``sum n_ab pi'_ab / pi_ab``, where ``pi'_ab`` are differences of the bivariate density. Its root is
found by Fisher scoring inside a shrinking bracket, for any number of pairs and replicates in one
compiled loop.

References
----------
Olsson U. Maximum likelihood estimation of the polychoric correlation coefficient. Psychometrika,
1979, 44(4), 443-460. doi:10.1007/BF02296207
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from clientindex.factors.polychoric.normal import bivariate_cdf, bivariate_pdf

if TYPE_CHECKING:
    from numpy.typing import NDArray

LARGEST = 1 - 1e-8
"""Correlations are sought between minus and plus this."""

BOUNDARY = 0.9999
"""Absolute correlation from which two indicators count as one."""

TOLERANCE = 1e-12
MAX_STEPS = 100
SMALLEST_SHARE = 1e-300

THREADS = 2
"""Replicates are split over so many threads; results do not depend on it."""


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
    blocks = np.array_split(np.arange(len(pairs)), min(THREADS, len(pairs)))

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

    with ThreadPoolExecutor(len(blocks)) as pool:
        list(pool.map(work, blocks))
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
    for r in range(pairs.shape[0]):
        for p in range(pairs.shape[1]):
            table = pairs[r, p]
            if _is_flat(table):
                found[r, p] = np.nan
            else:
                found[r, p] = solve_pair(
                    table, cuts[r, first[p]], cuts[r, second[p]], start[p], tolerance
                )


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
def solve_pair(
    table: NDArray[np.float64],
    row_cuts: NDArray[np.float64],
    column_cuts: NDArray[np.float64],
    start: float,
    tolerance: float,
) -> float:
    """Return the root of the score of one table."""
    low, high = -LARGEST, LARGEST
    rho = min(max(start, -0.95), 0.95)
    for _ in range(MAX_STEPS):
        score, information = score_pair(table, row_cuts, column_cuts, rho)
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
def score_pair(
    table: NDArray[np.float64],
    row_cuts: NDArray[np.float64],
    column_cuts: NDArray[np.float64],
    rho: float,
) -> tuple[float, float]:
    """Return the score and the sum of squared scores (its information) of one table."""
    size = table.shape[0]
    below = np.zeros(size + 1)
    below_density = np.zeros(size + 1)
    here = np.empty(size + 1)
    here_density = np.empty(size + 1)
    score, information = 0.0, 0.0
    for a in range(size):
        for b in range(size + 1):
            here[b] = bivariate_cdf(row_cuts[a + 1], column_cuts[b], rho)
            here_density[b] = bivariate_pdf(row_cuts[a + 1], column_cuts[b], rho)
        for b in range(size):
            n = table[a, b]
            if n != 0.0:
                share = here[b + 1] - here[b] - below[b + 1] + below[b]
                slope = (
                    here_density[b + 1] - here_density[b] - below_density[b + 1] + below_density[b]
                )
                ratio = slope / max(share, SMALLEST_SHARE)
                score += n * ratio
                information += n * ratio * ratio
        below[:] = here
        below_density[:] = here_density
    return score, information
