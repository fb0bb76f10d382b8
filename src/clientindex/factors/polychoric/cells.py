"""Probabilities of the cells of two-way tables and their logarithmic derivatives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from clientindex.compiled import njit
from clientindex.factors.polychoric.normal import (
    bivariate_cdf,
    bivariate_pdf,
    normal_cdf,
    normal_pdf,
)
from clientindex.factors.polychoric.table_score import SMALLEST_SHARE

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CellScores:
    """Cells of P tables with C categories a side under a bivariate normal.

    Attributes
    ----------
    share : ndarray of shape (P, C, C)
        Probability of the cell.
    by_rho : ndarray of shape (P, C, C)
        Derivative of its logarithm by the correlation.
    by_row, by_column : ndarray of shape (P, C - 1, C, C)
        By each inner cut point of rows and columns.
    """

    share: NDArray[np.float64]
    by_rho: NDArray[np.float64]
    by_row: NDArray[np.float64]
    by_column: NDArray[np.float64]


def score_cells(
    row_cuts: NDArray[np.float64], column_cuts: NDArray[np.float64], rho: NDArray[np.float64]
) -> CellScores:
    """Compute probabilities and scores of all cells.

    Parameters
    ----------
    row_cuts, column_cuts : ndarray of shape (P, C + 1)
        Infinite at both ends.
    rho : ndarray of shape (P,)
    """
    arrays = _score(np.ascontiguousarray(row_cuts), np.ascontiguousarray(column_cuts), rho)
    return CellScores(**dict(zip(("share", "by_rho", "by_row", "by_column"), arrays, strict=True)))


@njit(nogil=True)
def _score(
    row_cuts: NDArray[np.float64], column_cuts: NDArray[np.float64], rho: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    n_pairs, size = row_cuts.shape[0], row_cuts.shape[1] - 1
    shares = np.zeros((n_pairs, size, size))
    by_rho = np.zeros((n_pairs, size, size))
    by_row = np.zeros((n_pairs, size - 1, size, size))
    by_column = np.zeros((n_pairs, size - 1, size, size))
    for p in range(n_pairs):
        rows, columns, r = row_cuts[p], column_cuts[p], rho[p]
        for a in range(size):
            for b in range(size):
                share, slope = 0.0, 0.0
                for i in range(2):
                    for j in range(2):
                        sign = 1.0 if i == j else -1.0
                        share += sign * bivariate_cdf(rows[a + i], columns[b + j], r)
                        slope += sign * bivariate_pdf(rows[a + i], columns[b + j], r)
                if share <= SMALLEST_SHARE:
                    continue
                shares[p, a, b] = share
                by_rho[p, a, b] = slope / share
                for i in range(2):
                    way = 1.0 if i == 1 else -1.0
                    if 0 < a + i < size:
                        edge = _slice(rows[a + i], columns[b], columns[b + 1], r)
                        by_row[p, a + i - 1, a, b] = way * edge / share
                    if 0 < b + i < size:
                        edge = _slice(columns[b + i], rows[a], rows[a + 1], r)
                        by_column[p, b + i - 1, a, b] = way * edge / share
    return shares, by_rho, by_row, by_column


@njit(nogil=True)
def _slice(at: float, low: float, high: float, rho: float) -> float:
    """Return the density of X at `at` with Y between `low` and `high`."""
    if np.isinf(at):
        return 0.0
    root = np.sqrt(1.0 - rho * rho)
    upper = normal_cdf((high - rho * at) / root)
    lower = normal_cdf((low - rho * at) / root)
    return normal_pdf(at) * (upper - lower)
