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
from clientindex.factors.polychoric.tables import compute_cuts

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from clientindex.factors.polychoric.cells import CellScores

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
        Cut points, which differ between pairs of one indicator. A category that nobody of the pair
        chose has none: cut points of the others come first, then infinite ones.
    influence : ndarray of shape (P, C, C)
        Contribution of one respondent in each cell to the error of the correlation.
    """

    rho: NDArray[np.float64]
    row_cuts: NDArray[np.float64]
    column_cuts: NDArray[np.float64]
    influence: NDArray[np.float64]


def solve_full(total: NDArray[np.float64], rho: NDArray[np.float64]) -> FullSolution:
    """Maximise the likelihood of every pair by Fisher scoring, all pairs at once.

    Parameters
    ----------
    total : ndarray of shape (P, C, C)
        Two-way tables.
    rho : ndarray of shape (P,)
        Starts, such as the two-step correlations.

    Raises
    ------
    StatisticsError
        If a pair does not converge.
    """
    rows, columns = (
        np.argsort(total.sum(axis=axis) <= 0, axis=1, kind="stable") for axis in (2, 1)
    )
    pairs = np.arange(len(total))[:, None, None]
    place = (pairs, rows[:, :, None], columns[:, None, :])
    packed = total[place]
    at = np.concatenate(
        [
            compute_cuts(packed.sum(axis=2))[:, 1:-1],
            compute_cuts(packed.sum(axis=1))[:, 1:-1],
            rho[:, None],
        ],
        axis=1,
    )
    at = _climb(packed, at)
    row_cuts, column_cuts, found = _unpack(at)
    influence = np.empty_like(total)
    influence[place] = _compute_influence(packed, score_cells(row_cuts, column_cuts, found))
    return FullSolution(rho=found, row_cuts=row_cuts, column_cuts=column_cuts, influence=influence)


def _climb(total: NDArray[np.float64], at: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the parameters at the maximum, shape (P, 2 C - 1): both cut points, correlation."""
    for _ in range(MAX_STEPS):
        cells = score_cells(*_unpack(at))
        gradient, information = _differentiate(total, cells)
        step = np.einsum("pij,pj->pi", np.linalg.pinv(information, hermitian=True), gradient)
        scale = np.minimum(1.0, LARGEST_MOVE / np.maximum(np.abs(step).max(axis=1), 1e-300))
        step *= scale[:, None]
        step[:, -1] = np.clip(step[:, -1], (-1 - at[:, -1]) / 2, (1 - at[:, -1]) / 2)
        at = at + step
        if np.abs(step).max() < TOLERANCE:
            return at
    msg = (
        "polychoric correlations by full maximum likelihood did not converge; use "
        "factors.polychoric: two_step in the methodology"
    )
    raise StatisticsError(msg)


def _compute_influence(total: NDArray[np.float64], cells: CellScores) -> NDArray[np.float64]:
    """Return the influence of a respondent in each cell on the correlation, shape (P, C, C).

    The score of the correlation less its regression on the scores of the pair's cut points, by its
    information, both as outer products over respondents.
    """
    scores = _stack(cells)
    outer = np.einsum("pab,piab,pjab->pij", total, scores, scores, optimize=True)
    inverse = np.linalg.pinv(outer, hermitian=True)
    return np.asarray(np.einsum("pi,piab->pab", inverse[:, -1], scores))


def _unpack(
    at: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    size = at.shape[1] // 2
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
