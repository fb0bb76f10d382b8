"""Two-way tables of keyed answers: from counts of centres to what an estimator reads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.special import ndtri

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
    rows, columns = pairs.sum(axis=-1) > 0, pairs.sum(axis=-2) > 0
    inside = rows[..., :, None] & columns[..., None, :]
    empty = inside & (pairs == 0)
    small = (rows.sum(axis=-1) == 2) & (columns.sum(axis=-1) == 2)
    one = small & (empty.sum(axis=(-1, -2)) == 1)
    filled = pairs + np.where(empty & ~small[..., None, None], rule.larger, 0.0)
    if rule.two_by_two and one.any():
        in_row = empty.any(axis=-1)[..., :, None]
        in_column = empty.any(axis=-2)[..., None, :]
        sign = np.where(in_row == in_column, 1.0, -1.0)
        filled = filled + np.where(one[..., None, None] & inside, sign * rule.two_by_two, 0.0)
    return filled
