"""What every normaliser asks of the values it is fitted on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from clientindex.errors import StatisticsError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


def check_columns(
    x: ArrayLike, direction: ArrayLike
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return values and directions as numbers.

    Parameters
    ----------
    x : array_like of shape (U, K)
    direction : array_like of shape (K,)

    Raises
    ------
    StatisticsError
        If a direction is not +1 or -1, directions are not as many as columns, a value is infinite,
        or a column (numbered from 0) has no two different values.
    """
    columns = np.asarray(x, dtype=np.float64)
    signs = np.asarray(direction, dtype=np.float64)
    if columns.ndim != 2 or signs.shape != columns.shape[1:] or not (np.abs(signs) == 1).all():
        msg = (
            "normalising needs a table of units by indicators and for each indicator the "
            f"direction 1 or -1, got {columns.shape} and {signs.tolist()}"
        )
        raise StatisticsError(msg)
    if np.isinf(columns).any():
        msg = "values to be normalised must be finite or missing, but one is infinite"
        raise StatisticsError(msg)
    low = np.where(np.isnan(columns), np.inf, columns).min(axis=0, initial=np.inf)
    high = np.where(np.isnan(columns), -np.inf, columns).max(axis=0, initial=-np.inf)
    flat = np.flatnonzero(~(low < high))
    if len(flat):
        msg = f"columns {flat.tolist()} have no two different values: they tell no units apart"
        raise StatisticsError(msg)
    return columns, signs
