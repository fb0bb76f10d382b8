"""Correlations of drawn answers in categories, from their two-way tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from clientindex.compiled import njit
from clientindex.factors.polychoric import compute_cuts, solve_two_step
from clientindex.factors.polychoric.estimate import square_pairs
from clientindex.factors.polychoric.smooth import SMALLEST_EIGENVALUE, smooth
from clientindex.factors.polychoric.tables import fill_zero_cells
from clientindex.factors.polychoric.two_step import BOUNDARY

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from clientindex.factors.sample import Basis
    from clientindex.methodology.factor_settings import ZeroCells

    DrawCodes = Callable[[], NDArray[np.int8]]

LARGEST_DRAWN = 1000
"""Respondents that are drawn one by one at most.

Beyond it laws for large samples take over. With 20 indicators they then give the mean eigenvalues
of drawn data to a tenth of their standard deviation, and to a fifth where four answers of five fall
in one category (tests/factors/number).
"""

CHUNK = 50
"""Data sets whose two-way tables are in memory at once."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Estimator:
    """How drawn answers become a correlation matrix.

    Attributes
    ----------
    basis : {"pearson", "polychoric"}
    values : ndarray of shape (K, C)
        Answer behind each category; read by Pearson correlations.
    zero_cells : ZeroCells
        What polychoric correlations add to empty cells.
    """

    basis: Basis
    values: NDArray[np.float64]
    zero_cells: ZeroCells

    def correlate(
        self, draw: DrawCodes, n_replicates: int, *, near: NDArray[np.float64] | None = None
    ) -> NDArray[np.float64]:
        """Correlate as many drawn data sets, one after the other from the same generator.

        Parameters
        ----------
        draw : callable
            Returns categories (0 ... C - 1) of shape (K, n), which it may write over later.
        n_replicates : int
        near : ndarray of shape (K, K), optional
            Correlations to start an iteration from; independence by default.

        Returns
        -------
        ndarray of shape (B', K, K)
            Data sets in which an indicator does not vary are left out. Polychoric correlations at
            their boundary stay there; a matrix that is not positive definite is smoothed.
        """
        if self.basis == "pearson":
            found = np.array([self._correlate_values(draw()) for _ in range(n_replicates)])
        else:
            sizes = [min(CHUNK, n_replicates - start) for start in range(0, n_replicates, CHUNK)]
            found = np.concatenate([self._correlate_latent(draw, size, near) for size in sizes])
        defined: NDArray[np.bool_] = np.isfinite(found).all(axis=(1, 2))
        return np.asarray(found[defined])

    def _correlate_values(self, codes: NDArray[np.int8]) -> NDArray[np.float64]:
        x = np.empty(codes.shape)
        _look_up(self.values, codes, x)
        x -= x.mean(axis=1, keepdims=True)
        with np.errstate(invalid="ignore"):
            x /= np.sqrt(np.sum(x**2, axis=1, keepdims=True))
        r: NDArray[np.float64] = x @ x.T
        np.fill_diagonal(r, np.where(np.isfinite(np.diag(r)), 1.0, np.nan))
        return r

    def _correlate_latent(
        self, draw: DrawCodes, size: int, near: NDArray[np.float64] | None
    ) -> NDArray[np.float64]:
        n_items, n_categories = self.values.shape
        n_pairs = n_items * (n_items - 1) // 2
        tables = np.zeros((size, n_pairs, n_categories, n_categories))
        margins = np.zeros((size, n_items, n_categories))
        for row in range(size):
            _count(draw(), tables[row], margins[row])
        start = None if near is None else near[np.triu_indices(n_items, 1)]
        filled = fill_zero_cells(tables, self.zero_cells)
        rho = solve_two_step(filled, compute_cuts(margins), start=start)
        return repair(square_pairs(np.clip(rho, -BOUNDARY, BOUNDARY), n_items))


def repair(r: NDArray[np.float64]) -> NDArray[np.float64]:
    """Smooth the matrices of a stack that are not positive definite; undefined ones stay."""
    defined = np.asarray(np.isfinite(r).all(axis=(1, 2)))
    repaired = r.copy()
    smallest = np.linalg.eigvalsh(np.where(defined[:, None, None], r, np.eye(r.shape[1])))[:, 0]
    for at in np.flatnonzero(smallest <= SMALLEST_EIGENVALUE):
        repaired[at] = smooth(r[at]).matrix
    return repaired


@njit(nogil=True)
def _look_up(values: NDArray[np.float64], codes: NDArray[np.int8], x: NDArray[np.float64]) -> None:
    """Write the answers behind the categories."""
    for i in range(codes.shape[0]):
        for row in range(codes.shape[1]):
            x[i, row] = values[i, codes[i, row]]


@njit(nogil=True)
def _count(
    codes: NDArray[np.int8], tables: NDArray[np.float64], margins: NDArray[np.float64]
) -> None:
    """Add the answers to the two-way tables of all pairs and to the margins."""
    n_items, n = codes.shape
    for i in range(n_items):
        for row in range(n):
            margins[i, codes[i, row]] += 1.0
    pair = 0
    for i in range(n_items):
        for j in range(i + 1, n_items):
            table = tables[pair]
            for row in range(n):
                table[codes[i, row], codes[j, row]] += 1.0
            pair += 1
