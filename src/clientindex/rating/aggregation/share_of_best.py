"""A value as a share of the best: ``x / best`` where more is better, ``best / x`` where less is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from clientindex.errors import StatisticsError
from clientindex.rating.aggregation.columns import check_columns

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ShareOfBest:
    """Ratios to the best value.

    Attributes
    ----------
    best : ndarray of shape (K,)
        Positive.
    direction : ndarray of shape (K,)
    """

    best: NDArray[np.float64]
    direction: NDArray[np.float64]

    def apply(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        """Normalise values of shape (..., K); NaN stays NaN.

        Raises
        ------
        StatisticsError
            If a value is negative, or 0 where less is better: it has no ratio to the best.
        """
        x = np.asarray(x, dtype=np.float64)
        if (x < 0).any() or ((x == 0) & (self.direction < 0)).any():
            msg = "the share of the best needs values above 0 (where more is better, 0 too)"
            raise StatisticsError(msg)
        return self._divide(x)

    def invert(self, y: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the values that have these shares of the best.

        Raises
        ------
        StatisticsError
            As :meth:`apply`.
        """
        y = np.asarray(y, dtype=np.float64)
        if (y < 0).any() or ((y == 0) & (self.direction < 0)).any():
            msg = "no value is a negative share of the best, nor, where less is better, none of it"
            raise StatisticsError(msg)
        return np.asarray(np.where(self.direction > 0, y * self.best, self._divide(y)))

    def _divide(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        with np.errstate(divide="ignore"):
            return np.asarray(np.where(self.direction > 0, x / self.best, self.best / x))


def fit_share_of_best(x: ArrayLike, *, direction: ArrayLike) -> ShareOfBest:
    """Fit shares of the best value.

    Parameters
    ----------
    x : array_like of shape (U, K)
        On a ratio scale: positive, or 0 where more is better. NaN is left out.
    direction : array_like of shape (K,)

    Raises
    ------
    StatisticsError
        If the best of a column, named by its number, is not positive.

    Notes
    -----
    COINr's ``fracmax`` instead divides a reversed (negative) value by the largest reversed one,
    which grows as quality falls and is infinite where the best is 0; it is not followed.
    """
    columns, signs = check_columns(x, direction)
    best = np.where(signs > 0, np.nanmax(columns, axis=0), np.nanmin(columns, axis=0))
    lost = np.flatnonzero(best <= 0)
    if len(lost):
        msg = f"the best of columns {lost.tolist()} is not positive, so it has no shares"
        raise StatisticsError(msg)
    return ShareOfBest(best=best, direction=signs)
