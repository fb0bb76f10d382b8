"""The one hot loop of the package: respondents to integer tables, compiled by numba.

A one-hot matrix product does the same in numpy but needs (C + 1) K columns of floats a respondent;
the loop touches each answer pair once and writes integers.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

Arrays = tuple[
    NDArray[np.int64],
    NDArray[np.int64],
    NDArray[np.int32],
    NDArray[np.int64],
    NDArray[np.int64],
    NDArray[np.int64],
]


def accumulate_pairs(
    codes: NDArray[np.uint8], unit_of: NDArray[np.int32], n_units: int, n_categories: int
) -> Arrays:
    """Count answers, pairs of answers and complete-row moments by unit.

    Parameters
    ----------
    codes : uint8 ndarray of shape (N, K), C-contiguous
        Categories 0..C.
    unit_of : int32 ndarray of shape (N,)
        Unit of each row, 0..U-1.
    n_units, n_categories : int
        U and C.

    Returns
    -------
    n : (U,)
    margins : (U, K, C + 1)
    pairs : (U, P, C + 1, C + 1)
    n_complete : (U,)
    complete_sum : (U, K)
    complete_cross : (U, K, K)
    """
    n_items = codes.shape[1]
    width = n_categories + 1
    arrays: Arrays = (
        np.zeros(n_units, np.int64),
        np.zeros((n_units, n_items, width), np.int64),
        np.zeros((n_units, n_items * (n_items - 1) // 2, width, width), np.int32),
        np.zeros(n_units, np.int64),
        np.zeros((n_units, n_items), np.int64),
        np.zeros((n_units, n_items, n_items), np.int64),
    )
    _accumulate(codes, unit_of, *arrays)
    return arrays


@njit(cache=True, nogil=True)
def _accumulate(
    codes: NDArray[np.uint8],
    unit_of: NDArray[np.int32],
    n: NDArray[np.int64],
    margins: NDArray[np.int64],
    pairs: NDArray[np.int32],
    n_complete: NDArray[np.int64],
    complete_sum: NDArray[np.int64],
    complete_cross: NDArray[np.int64],
) -> None:
    n_rows, n_items = codes.shape
    for row in range(n_rows):
        unit = unit_of[row]
        n[unit] += 1
        complete = True
        position = 0
        for a in range(n_items):
            first = codes[row, a]
            margins[unit, a, first] += 1
            complete = complete and first > 0
            for b in range(a + 1, n_items):
                pairs[unit, position, first, codes[row, b]] += 1
                position += 1
        if complete:
            n_complete[unit] += 1
            for a in range(n_items):
                first_value = np.int64(codes[row, a])
                complete_sum[unit, a] += first_value
                for b in range(n_items):
                    complete_cross[unit, a, b] += first_value * np.int64(codes[row, b])


@njit(cache=True, nogil=True)
def add_rows(
    total: NDArray[np.int64], places: NDArray[np.intp], rows: NDArray[np.int64]
) -> None:  # pragma: no cover - compiled
    """Add every row of shape (N, M) into its place of `total`, shape (G, M); places may repeat."""
    for row in range(rows.shape[0]):
        place = places[row]
        for column in range(rows.shape[1]):
            total[place, column] += rows[row, column]
