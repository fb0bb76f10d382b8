"""Full maximum likelihood: thresholds of a pair and its correlation at once.

References
----------
Olsson U. Maximum likelihood estimation of the polychoric correlation coefficient. Psychometrika,
1979, 44(4), 443-460. doi:10.1007/BF02296207
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from clientindex.errors import StatisticsError
from clientindex.factors.polychoric.cells import score_cells

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from clientindex.factors.polychoric.cells import CellScores
    from clientindex.factors.polychoric.tables import AnswerTables

MAX_STEPS = 200
TOLERANCE = 1e-10
LARGEST_MOVE = 0.5


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FullSolution:
    """Estimates of P pairs by full maximum likelihood.

    Attributes
    ----------
    rho : ndarray of shape (P,)
    row_cuts, column_cuts : ndarray of shape (P, C + 1)
        Cut points, which differ between pairs of one indicator.
    """

    rho: NDArray[np.float64]
    row_cuts: NDArray[np.float64]
    column_cuts: NDArray[np.float64]


def solve_full(
    total: NDArray[np.float64],
    row_cuts: NDArray[np.float64],
    column_cuts: NDArray[np.float64],
    rho: NDArray[np.float64],
) -> FullSolution:
    """Maximise the likelihood of every pair by Fisher scoring, all pairs at once.

    Parameters
    ----------
    total : ndarray of shape (P, C, C)
        Two-way tables.
    row_cuts, column_cuts : ndarray of shape (P, C + 1)
        Starts, such as the two-step cut points; infinite ones stay.
    rho : ndarray of shape (P,)
        Starts.

    Raises
    ------
    StatisticsError
        If a pair does not converge.
    """
    at = np.concatenate([row_cuts[:, 1:-1], column_cuts[:, 1:-1], rho[:, None]], axis=1)
    size = row_cuts.shape[1] - 2
    for _ in range(MAX_STEPS):
        cells = score_cells(*_unpack(at, size))
        gradient, information = _differentiate(total, cells)
        step = np.einsum("pij,pj->pi", np.linalg.pinv(information, hermitian=True), gradient)
        scale = np.minimum(1.0, LARGEST_MOVE / np.maximum(np.abs(step).max(axis=1), 1e-300))
        step *= scale[:, None]
        step[:, -1] = np.clip(step[:, -1], (-1 - at[:, -1]) / 2, (1 - at[:, -1]) / 2)
        at = at + step
        if np.abs(step).max() < TOLERANCE:
            rows, columns, found = _unpack(at, size)
            return FullSolution(rho=found, row_cuts=rows, column_cuts=columns)
    msg = (
        "polychoric correlations by full maximum likelihood did not converge; use "
        "factors.polychoric: two_step in the methodology"
    )
    raise StatisticsError(msg)


def compute_full_influence(
    tables: AnswerTables, total: NDArray[np.float64], solution: FullSolution
) -> NDArray[np.float64]:
    """Compute what each centre contributes to the error of each correlation.

    The score of the correlation less its regression on the scores of the pair's cut points, by its
    information, both as outer products over respondents.

    Parameters
    ----------
    tables : AnswerTables
        Of U centres.
    total : ndarray of shape (P, C, C)
    solution : FullSolution

    Returns
    -------
    ndarray of shape (U, P)
    """
    cells = score_cells(solution.row_cuts, solution.column_cuts, solution.rho)
    scores = _stack(cells)
    outer = np.einsum("pab,piab,pjab->pij", total, scores, scores)
    inverse = np.linalg.pinv(outer, hermitian=True)
    efficient = np.einsum("pi,piab->pab", inverse[:, -1], scores)
    return tables.sum_cells(efficient)


def _unpack(
    at: NDArray[np.float64], size: int
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    low, high = np.full((len(at), 1), -np.inf), np.full((len(at), 1), np.inf)
    rows = np.concatenate([low, at[:, :size], high], axis=1)
    columns = np.concatenate([low, at[:, size : 2 * size], high], axis=1)
    return rows, columns, at[:, -1]


def _stack(cells: CellScores) -> NDArray[np.float64]:
    """Return scores by all parameters of a pair, shape (P, 2 C - 1, C, C)."""
    return np.concatenate([cells.by_row, cells.by_column, cells.by_rho[:, None]], axis=1)


def _differentiate(
    total: NDArray[np.float64], cells: CellScores
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    scores = _stack(cells)
    gradient = np.einsum("pab,piab->pi", total, scores)
    n = total.sum(axis=(1, 2))
    information = np.einsum("p,pab,piab,pjab->pij", n, cells.share, scores, scores, optimize=True)
    return gradient, information
