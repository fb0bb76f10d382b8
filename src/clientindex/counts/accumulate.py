"""Answers of respondents added to counts: the one pass over them.

What is compiled stands in :mod:`clientindex.counts.kernel`.
"""

from __future__ import annotations

import itertools
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from clientindex.counts.kernel import add_units, count_rows
from clientindex.errors import CountsError

Arrays = tuple[
    NDArray[np.int64],
    NDArray[np.int64],
    NDArray[np.int32],
    NDArray[np.int64],
    NDArray[np.int64],
    NDArray[np.int64],
]
"""What :func:`accumulate_pairs` returns."""

MAX_RESPONDENTS = 2**31 - 1
"""Respondents that one unit may have: the pair tables are int32."""

BLOCK_ROWS = 2**20
"""Rows brought together by unit at a time, and more where units are many."""

ROWS_A_UNIT = 256
"""Rows of a block for each unit: a table that is fetched from memory should be used for many rows.

With 20,000 units and ten million rows, blocks of 2**20 rows took three times as long.
"""

FEW_ROWS = 20
"""Units with fewer rows in a block are counted row by row, which is then faster.

Measured with 20 indicators of 5 categories: 16 rows take 7 microseconds against 9 in bit sets,
24 rows take 10 against 9.
"""

ROWS_A_THREAD = 2**14
"""Fewer rows are not worth a thread."""


def make_arrays(n_units: int, n_items: int, n_categories: int) -> Arrays:
    """Return empty counts, in the order and shapes of :func:`accumulate_pairs`."""
    width = n_categories + 1
    return (
        np.zeros(n_units, np.int64),
        np.zeros((n_units, n_items, width), np.int64),
        np.zeros((n_units, n_items * (n_items - 1) // 2, width, width), np.int32),
        np.zeros(n_units, np.int64),
        np.zeros((n_units, n_items), np.int64),
        np.zeros((n_units, n_items, n_items), np.int64),
    )


def accumulate_pairs(
    codes: NDArray[np.uint8],
    unit_of: NDArray[np.int32],
    n_units: int,
    n_categories: int,
    *,
    n_threads: int = 1,
) -> Arrays:
    """Count answers, pairs of answers and complete-row moments by unit.

    Parameters
    ----------
    codes : uint8 ndarray of shape (N, K), C-contiguous
        Categories 0..C; 0 = no answer.
    unit_of : int32 ndarray of shape (N,)
        Unit of each row, 0..U-1, in any order.
    n_units, n_categories : int
        U and C.
    n_threads : int
        Threads that share the units; the result does not depend on it.

    Returns
    -------
    n : int64 ndarray of shape (U,)
    margins : int64 ndarray of shape (U, K, C + 1)
    pairs : int32 ndarray of shape (U, P, C + 1, C + 1)
    n_complete : int64 ndarray of shape (U,)
    complete_sum : int64 ndarray of shape (U, K)
    complete_cross : int64 ndarray of shape (U, K, K)

    Raises
    ------
    CountsError
        If a unit has more than :data:`MAX_RESPONDENTS` rows, or `n_threads` is below 1.

    Notes
    -----
    Beyond the result, a thread needs the codes of its rows of one block: at most
    :data:`BLOCK_ROWS`, or :data:`ROWS_A_UNIT` a unit where that is more.
    """
    arrays = make_arrays(n_units, codes.shape[1], n_categories)
    add_respondents(arrays, codes, unit_of, n_threads=n_threads)
    return arrays


def add_respondents(
    arrays: Arrays, codes: NDArray[np.uint8], unit_of: NDArray[np.int32], *, n_threads: int = 1
) -> None:
    """Add respondents to counts in place.

    Parameters
    ----------
    arrays : tuple of ndarray
        As :func:`accumulate_pairs` returns them; the arrays may have room for more units than
        there are so far.
    codes, unit_of, n_threads
        See :func:`accumulate_pairs`.

    Raises
    ------
    CountsError
        See :func:`accumulate_pairs`; nothing is added then.
    """
    if n_threads < 1:
        msg = f"counting with {n_threads} threads; give 1 or more"
        raise CountsError(msg)
    n = arrays[0]
    if int(n.max(initial=0)) + len(codes) > MAX_RESPONDENTS:
        check_respondents(n + count_rows(unit_of, len(n)))

    block_rows = find_block_rows(len(n))

    def add(units: tuple[int, int]) -> None:
        first, last = units
        add_units(codes, unit_of, first, last, block_rows, FEW_ROWS, *arrays)

    threads = min(n_threads, 1 + len(codes) // ROWS_A_THREAD)
    if threads == 1:
        add((0, len(n)))
        return
    bounds = _share_units(count_rows(unit_of, len(n)), threads)
    with ThreadPoolExecutor(threads) as pool:
        for _ in pool.map(add, itertools.pairwise(bounds)):
            pass


def find_block_rows(n_units: int) -> int:
    """Return the rows that are best counted at a time."""
    return max(BLOCK_ROWS, ROWS_A_UNIT * n_units)


def check_respondents(n: NDArray[np.int64]) -> None:
    """Refuse units, shape (U,), with more respondents than a pair table can count.

    Raises
    ------
    CountsError
    """
    if len(n) and int(n.max()) > MAX_RESPONDENTS:
        msg = (
            f"unit {int(n.argmax())} (counted from 0) has {int(n.max())} respondents, more than "
            f"the {MAX_RESPONDENTS} that its tables can count; split it, for instance by period"
        )
        raise CountsError(msg)


def _share_units(rows: NDArray[np.int64], parts: int) -> list[int]:
    """Return the bounds of `parts` ranges of units with about as many rows each."""
    shares = np.arange(1, parts) * (int(rows.sum()) / parts)
    inner = np.searchsorted(np.cumsum(rows), shares) + 1
    return [0, *np.minimum(inner, len(rows)).tolist(), len(rows)]
