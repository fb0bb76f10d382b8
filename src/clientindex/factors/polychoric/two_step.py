"""The two-step polychoric correlation: thresholds from each indicator, then the correlation.

Given thresholds, the log-likelihood of a two-way table ``sum n_ab log pi_ab(rho)`` has the score
``sum n_ab pi'_ab / pi_ab``, where ``pi'_ab`` are differences of the bivariate density. Its root is
found by Newton's method inside a shrinking bracket, by Fisher scoring where curvature misleads, for
any number of pairs and replicates in one compiled loop. Probabilities are sums of Mehler's series,
whose factors are computed once for the cut points of a replicate; correlations too large for it
take the integrals themselves.

References
----------
Olsson U. Maximum likelihood estimation of the polychoric correlation coefficient. Psychometrika,
1979, 44(4), 443-460. doi:10.1007/BF02296207
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from clientindex.compiled import njit
from clientindex.factors.polychoric import mehler
from clientindex.factors.polychoric.mehler import TERMS, fill_factors
from clientindex.factors.polychoric.normal import normal_cdf
from clientindex.factors.polychoric.table_score import (
    fill_slopes,
    integrate,
    score_table,
    sum_series,
)
from clientindex.threads import get_threads, map_in_threads

if TYPE_CHECKING:
    from numpy.typing import NDArray

LARGEST = 1 - 1e-8
"""Correlations are sought between minus and plus this."""

BOUNDARY = 0.9999
"""Absolute correlation from which two indicators count as one."""

TOLERANCE = 1e-12
"""Error of a correlation."""

LAST_STEP = 1e-7
"""Step of Newton's method after which the error, about its square, is below the tolerance."""

TRUSTED = 10.0
"""How many times curvature and information, about equal at a root, may differ for a step of
Newton's method; towards a perfect correlation the likelihood flattens and its steps would end short
of it."""

MAX_STEPS = 100
SERIES_LARGEST = mehler.LARGEST


def solve_two_step(
    pairs: NDArray[np.float64],
    cuts: NDArray[np.float64],
    *,
    start: NDArray[np.float64] | None = None,
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
            found[part],
        )

    map_in_threads(work, blocks)
    return found


@njit(nogil=True)
def _solve_all(
    pairs: NDArray[np.float64],
    cuts: NDArray[np.float64],
    first: NDArray[np.int64],
    second: NDArray[np.int64],
    start: NDArray[np.float64],
    found: NDArray[np.float64],
) -> None:
    size = cuts.shape[2]
    below = np.empty((cuts.shape[1], size))
    factors = np.zeros((cuts.shape[1], size, TERMS))
    room = (np.empty((size, TERMS)), np.zeros((3, size, size)))
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
                    table, (cuts[r, one], cuts[r, other]), margins, series, start[p], room
                )


@njit(nogil=True)
def _prepare(
    cuts: NDArray[np.float64], below: NDArray[np.float64], factors: NDArray[np.float64]
) -> None:
    """Write the probabilities below the cut points of every indicator, and their factors."""
    for i in range(cuts.shape[0]):
        for c in range(cuts.shape[1]):
            below[i, c] = normal_cdf(cuts[i, c])
        fill_factors(cuts[i], factors[i])


@njit(nogil=True)
def _is_flat(table: NDArray[np.float64]) -> bool:
    """Return whether fewer than two rows or columns are used."""
    rows, columns = 0, 0
    for a in range(table.shape[0]):
        row, column = 0.0, 0.0
        for b in range(table.shape[1]):
            row += table[a, b]
            column += table[b, a]
        rows += row > 0
        columns += column > 0
    return rows < 2 or columns < 2


@njit(nogil=True)
def _solve_pair(
    table: NDArray[np.float64],
    cuts: tuple[NDArray[np.float64], NDArray[np.float64]],
    below: tuple[NDArray[np.float64], NDArray[np.float64]],
    factors: tuple[NDArray[np.float64], NDArray[np.float64]],
    start: float,
    room: tuple[NDArray[np.float64], NDArray[np.float64]],
) -> float:
    """Return the root of the score of one table; `room` is written over."""
    scaled, grids = room
    joint, density, bend = grids[0], grids[1], grids[2]
    low, high = -LARGEST, LARGEST
    rho = min(max(start, -0.95), 0.95)
    for _ in range(MAX_STEPS):
        if abs(rho) <= SERIES_LARGEST:
            sum_series(below, factors, rho, scaled, joint)
        else:
            integrate(cuts, rho, joint)
        fill_slopes(cuts, rho, density, bend)
        score, curvature, information = score_table(table, joint, density, bend)
        if score > 0:
            low = rho
        else:
            high = rho
        is_newton = information / TRUSTED < curvature < information * TRUSTED
        scale = curvature if is_newton else information
        moved = rho + score / scale if scale > 0 else rho
        if not (low < moved < high):
            moved, is_newton = 0.5 * (low + high), False
        if abs(moved - rho) < (LAST_STEP if is_newton else TOLERANCE):
            return moved
        rho = moved
    return rho
