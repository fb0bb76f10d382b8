"""Two-way tables of keyed answers: from counts of centres to what an estimator reads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.special import ndtri

from clientindex.compiled import njit

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from clientindex.counts import PairCounts
    from clientindex.methodology import Methodology
    from clientindex.methodology.factor_settings import ZeroCells


EXACT_SINGLE = 2.0**24
"""Counts below it are exact in single precision."""

BLOCK = 32
"""Pairs that are weighted at once: bounds the memory of floating-point copies."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AnswerTables:
    """Answers to K indicators in U units, without "no answer", reverse-keyed ones turned round.

    Attributes
    ----------
    margins : int ndarray of shape (U, K, C)
        Everybody who answered the indicator.
    pairs : int ndarray of shape (U, P, C, C)
        Everybody who answered both, in the order of ``numpy.triu_indices(K, 1)``.
    """

    margins: NDArray[np.integer[Any]]
    pairs: NDArray[np.integer[Any]]

    def combine(
        self, weights: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return margins and pairs of weighted sums over units, shapes (R, ...).

        Parameters
        ----------
        weights : ndarray of shape (R, U)
        """
        size = self.pairs.shape[1]
        pairs = np.empty((len(weights), *self.pairs.shape[1:]))
        largest = float(weights.max(initial=0.0)) * float(
            self.margins.sum(axis=2).sum(axis=0).max()
        )
        # Whole numbers below 2^24 are exact in single precision, which is twice as fast.
        kind: str = "f4" if largest < EXACT_SINGLE else "f8"
        light = weights.astype(kind)
        for start in range(0, size, BLOCK):
            part = slice(start, start + BLOCK)
            block = self.pairs[:, part].astype(kind)
            pairs[:, part] = np.tensordot(light, block, axes=(1, 0))
        return np.tensordot(weights, self.margins.astype(np.float64), axes=(1, 0)), pairs

    def sum_cells(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the sum of a value over the respondents of each unit, shape (U, P).

        Parameters
        ----------
        values : ndarray of shape (P, C, C)
            Value of a respondent in each cell.
        """
        flat = self.pairs.reshape(*self.pairs.shape[:2], -1)
        cells = values.reshape(len(values), -1)
        return np.column_stack([flat[:, p] @ cells[p] for p in range(len(cells))])


def read_tables(counts: PairCounts, methodology: Methodology) -> AnswerTables:
    """Read the tables of every unit of `counts`."""
    order = _list_categories(methodology)
    first, second = np.triu_indices(len(counts.indicators), 1)
    rows, columns = order[first][:, :, None], order[second][:, None, :]
    position = np.arange(len(first))[:, None, None]
    return AnswerTables(
        margins=read_margins(counts, methodology),
        pairs=counts.pairs[:, position, rows, columns],
    )


def read_margins(counts: PairCounts, methodology: Methodology) -> NDArray[np.int64]:
    """Read keyed answers to every indicator in every unit, shape (U, K, C)."""
    order = _list_categories(methodology)
    return counts.margins[:, np.arange(len(order))[:, None], order]


def _list_categories(methodology: Methodology) -> NDArray[np.intp]:
    """Return the category code at each place of the keyed order, shape (K, C).

    Categories that an indicator's scale lacks stay last; nobody has chosen them.
    """
    order = np.tile(
        np.arange(1, methodology.n_categories + 1), (len(methodology.indicator_keys), 1)
    )
    for row, key in enumerate(methodology.indicator_keys):
        if methodology.indicator(key).direction == "negative":
            size = methodology.scale_of(key).n_categories
            order[row, :size] = np.arange(size, 0, -1)
    return order


def compute_cuts(margins: NDArray[np.float64]) -> NDArray[np.float64]:
    """Compute cut points from answers: ``Phi^-1`` of cumulative shares.

    An empty category has two equal cuts round it, or infinite ones at an end, so that it takes no
    part of the distribution.

    Parameters
    ----------
    margins : ndarray of shape (..., C)

    Returns
    -------
    ndarray of shape (..., C + 1)
        The first is minus infinity, the last infinity; NaN without answers.
    """
    total = margins.sum(axis=-1, keepdims=True)
    with np.errstate(invalid="ignore", divide="ignore"):
        shares = np.cumsum(margins, axis=-1) / total
    zero = np.zeros_like(total)
    cuts = ndtri(np.concatenate([zero, np.clip(shares, 0.0, 1.0)], axis=-1))
    cuts[..., -1] = np.where(total[..., 0] > 0, np.inf, np.nan)
    return np.asarray(cuts, dtype=np.float64)


def fill_zero_cells(pairs: NDArray[np.float64], rule: ZeroCells) -> NDArray[np.float64]:
    """Return tables whose empty cells hold what the rule says.

    Rows and columns without any answer are no part of a table. In a 2 x 2 table with exactly one
    empty cell `two_by_two` is added to it and to the opposite cell and taken from the two others,
    so that margins stay (as lavaan does); in a larger table `larger` is added to every empty cell.

    Parameters
    ----------
    pairs : ndarray of shape (..., C, C)
    """
    if rule.two_by_two == 0 and rule.larger == 0:
        return pairs
    filled = np.array(pairs, dtype=np.float64)
    size = filled.shape[-1]
    _fill(filled.reshape(-1, size, size), rule.two_by_two, rule.larger)
    return filled


@njit(nogil=True)
def _fill(
    tables: NDArray[np.float64], two_by_two: float, larger: float
) -> None:  # pragma: no cover - compiled
    """Fill the empty cells of tables of shape (B, C, C) in place."""
    size = tables.shape[1]
    rows, columns = np.empty(size, dtype=np.bool_), np.empty(size, dtype=np.bool_)
    for b in range(len(tables)):
        table = tables[b]
        n_rows, n_columns = _find_used(table, rows, columns)
        n_empty, at, below = 0, 0, 0
        for i in range(size):
            for j in range(size):
                if rows[i] and columns[j] and table[i, j] == 0:
                    n_empty, at, below = n_empty + 1, i, j
        if n_empty == 0:
            continue
        is_small = n_rows == 2 and n_columns == 2
        for i in range(size):
            for j in range(size):
                if not (rows[i] and columns[j]):
                    continue
                if not is_small and table[i, j] == 0:
                    table[i, j] = larger
                elif is_small and n_empty == 1:
                    table[i, j] += two_by_two if (i == at) == (j == below) else -two_by_two


@njit(nogil=True)
def _find_used(
    table: NDArray[np.float64], rows: NDArray[np.bool_], columns: NDArray[np.bool_]
) -> tuple[int, int]:  # pragma: no cover - compiled
    """Write which rows and columns of a table have answers; return how many."""
    size = len(table)
    n_rows, n_columns = 0, 0
    for i in range(size):
        row, column = 0.0, 0.0
        for j in range(size):
            row += table[i, j]
            column += table[j, i]
        rows[i], columns[i] = row > 0, column > 0
        n_rows += row > 0
        n_columns += column > 0
    return n_rows, n_columns
