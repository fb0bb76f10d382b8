"""Kendall's tau-b of one ranking against many, and reversed pairs, in n log n steps each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from clientindex.compiled import njit

if TYPE_CHECKING:
    from numpy.typing import NDArray


def compute_kendall_tau(
    nominal: NDArray[np.int64], drawn: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Compute Kendall's tau-b between nominal ranks and each row of drawn ranks.

    Parameters
    ----------
    nominal : int64 ndarray of shape (C,)
        Ranks with ties.
    drawn : int64 ndarray of shape (B, C)
        Ranks with ties.

    Returns
    -------
    ndarray of shape (B,)
        NaN where one of the two has no two different ranks.

    Notes
    -----
    ``tau_b = (P - Q) / sqrt((N - X)(N - Y))`` with N pairs, X and Y of them tied in one ranking,
    and Q discordant pairs counted as the swaps of a merge sort (Knight 1966). Agrees with
    ``scipy.stats.kendalltau`` to 1e-12.

    References
    ----------
    Knight W. R. A computer method for calculating Kendall's tau with ungrouped data. Journal of the
    American Statistical Association, 1966, 61(314), 436-439. doi:10.1080/01621459.1966.10480879
    """
    order = np.argsort(nominal, kind="stable")
    excess, tied_drawn = np.empty(len(drawn), np.int64), np.empty(len(drawn), np.int64)
    _compare_rows(nominal[order], drawn, order, excess, tied_drawn)
    pairs = len(nominal) * (len(nominal) - 1) // 2
    tied_nominal = _count_tied_pairs(nominal)
    scale = np.sqrt(float(pairs - tied_nominal)) * np.sqrt((pairs - tied_drawn).astype(np.float64))
    return np.where(scale > 0, excess / np.where(scale > 0, scale, 1.0), np.nan)


def count_reversed_pairs(nominal: NDArray[np.int64], drawn: NDArray[np.int64]) -> NDArray[np.int64]:
    """Count pairs that stand in opposite order in nominal ranks and each row of drawn ones.

    Parameters
    ----------
    nominal : int64 ndarray of shape (C,)
    drawn : int64 ndarray of shape (B, C)

    Returns
    -------
    int64 ndarray of shape (B,)
        A pair that is tied in either ranking is not reversed.
    """
    order = np.argsort(nominal, kind="stable")
    found = np.empty(len(drawn), dtype=np.int64)
    _count_rows(nominal[order], drawn, order, found)
    return found


def _count_tied_pairs(values: NDArray[np.int64]) -> int:
    sizes = np.unique(values, return_counts=True)[1].astype(np.int64)
    return int((sizes * (sizes - 1) // 2).sum())


@njit(nogil=True)
def _compare_rows(
    nominal: NDArray[np.int64],
    drawn: NDArray[np.int64],
    order: NDArray[np.intp],
    excess: NDArray[np.int64],
    tied_drawn: NDArray[np.int64],
) -> None:
    """Fill the excess of concordant pairs and the pairs tied in each drawn ranking.

    `nominal` is rising, and `order` what brought it there.
    """
    n = len(nominal)
    tied_nominal = _count_tied_neighbours(nominal)
    for row in range(len(drawn)):
        values = drawn[row][order]
        # Ties of the nominal ranking ordered by the drawn one bring no swaps.
        tied_both = _sort_ties(nominal, values)
        ranking = np.sort(values)
        tied_drawn[row] = _count_tied_neighbours(ranking)
        pairs = n * (n - 1) // 2
        swaps = _count_swaps(values)
        excess[row] = pairs - tied_nominal - tied_drawn[row] + tied_both - 2 * swaps


@njit(nogil=True)
def _count_rows(
    nominal: NDArray[np.int64],
    drawn: NDArray[np.int64],
    order: NDArray[np.intp],
    found: NDArray[np.int64],
) -> None:
    """Fill the reversed pairs of each row; `nominal` is rising, and `order` brought it there."""
    for row in range(len(drawn)):
        values = drawn[row][order]
        _sort_ties(nominal, values)
        found[row] = _count_swaps(values)


@njit(nogil=True)
def _count_tied_neighbours(values: NDArray[np.int64]) -> int:
    """Count the pairs of equal values, which stand side by side."""
    tied = run = 0
    for place in range(1, len(values)):
        run = run + 1 if values[place] == values[place - 1] else 0
        tied += run
    return tied


@njit(nogil=True)
def _sort_ties(nominal: NDArray[np.int64], values: NDArray[np.int64]) -> int:
    """Sort values in place where the nominal ranks are equal; count pairs equal in both."""
    tied = start = 0
    for place in range(1, len(values) + 1):
        if place == len(values) or nominal[place] != nominal[start]:
            if place - start > 1:
                values[start:place] = np.sort(values[start:place])
                tied += _count_tied_neighbours(values[start:place])
            start = place
    return tied


@njit(nogil=True)
def _count_swaps(values: NDArray[np.int64]) -> int:
    """Count pairs out of order by a bottom-up merge sort; equal values are in order."""
    n = len(values)
    source, target = values.copy(), values.copy()
    swaps = 0
    width = 1
    while width < n:
        for start in range(0, n, 2 * width):
            middle, end = min(start + width, n), min(start + 2 * width, n)
            left, right = start, middle
            for position in range(start, end):
                if left < middle and (right >= end or source[left] <= source[right]):
                    target[position] = source[left]
                    left += 1
                else:
                    target[position] = source[right]
                    right += 1
                    swaps += middle - left
        source, target = target, source
        width *= 2
    return swaps
