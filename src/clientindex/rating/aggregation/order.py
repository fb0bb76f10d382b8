"""Normalisers that keep the order only: ranks, Borda points, percentile ranks.

All count how many of the units of the fit are strictly worse, b, of n that have a value; equal
values share the least.

================ ==========================================================================
rank             b + 1: the best has the largest, as a score (published ranks are the reverse)
borda            b
percentile       b / (n - 1): 0 for the worst, 1 for the best, PERCENTRANK.INC of spreadsheets
                 and ``prank`` of COINr
percentile_mid   (b + t / 2) / n with t equal values in the fit, itself included: mean 1/2
================ ==========================================================================
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Never

import numpy as np

from clientindex.errors import StatisticsError
from clientindex.rating.aggregation.columns import check_columns

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

OrderKind = Literal["rank", "borda", "percentile", "percentile_mid"]
ORDER_KINDS: tuple[OrderKind, ...] = ("rank", "borda", "percentile", "percentile_mid")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OrderNormaliser:
    """Places among the values of the fit.

    Attributes
    ----------
    reference : tuple of ndarray of shape (n_k,)
        Values of each indicator times its direction, ascending, without NaN.
    direction : ndarray of shape (K,)
    kind : {"rank", "borda", "percentile", "percentile_mid"}
    """

    reference: tuple[NDArray[np.float64], ...]
    direction: NDArray[np.float64]
    kind: OrderKind

    def apply(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        """Normalise values of shape (..., K); NaN stays NaN.

        A value that is not in the fit gets the place it would have there.
        """
        y = np.full(np.shape(x), np.nan)
        for k, known in enumerate(self.reference):
            column = np.asarray(x[..., k], dtype=np.float64) * self.direction[k]
            worse = np.searchsorted(known, column, side="left")
            tied = np.searchsorted(known, column, side="right") - worse
            place = self._place(worse, tied, len(known))
            y[..., k] = np.where(np.isnan(column), np.nan, place)
        return y

    def invert(self, y: NDArray[np.float64]) -> Never:
        """Refuse: places have lost the values.

        Raises
        ------
        StatisticsError
        """
        msg = f"{self.kind} keeps the order only, so values cannot be had back from it"
        raise StatisticsError(msg)

    def _place(
        self, worse: NDArray[np.intp], tied: NDArray[np.intp], n: int
    ) -> NDArray[np.float64]:
        if self.kind == "rank":
            return np.asarray(worse + 1.0, dtype=np.float64)
        if self.kind == "borda":
            return worse.astype(np.float64)
        if self.kind == "percentile":
            return np.asarray(np.minimum(worse / (n - 1), 1.0), dtype=np.float64)
        return np.asarray((worse + tied / 2) / n, dtype=np.float64)


def fit_order(x: ArrayLike, *, direction: ArrayLike, kind: OrderKind) -> OrderNormaliser:
    """Fit ranks, Borda points or percentile ranks.

    Parameters
    ----------
    x : array_like of shape (U, K)
        NaN is left out. Values are tied where they are exactly equal: their scale is not known
        here.
    direction : array_like of shape (K,)
        +1 where more is better, else -1.
    kind : {"rank", "borda", "percentile", "percentile_mid"}

    Raises
    ------
    StatisticsError
        On another kind; naming the columns without two different values.
    """
    if kind not in ORDER_KINDS:
        msg = f"order is kept by {', '.join(ORDER_KINDS)}, not {kind}"
        raise StatisticsError(msg)
    columns, signs = check_columns(x, direction)
    directed = columns * signs
    reference = tuple(np.sort(column[~np.isnan(column)]) for column in directed.T)
    return OrderNormaliser(reference=reference, direction=signs, kind=kind)
