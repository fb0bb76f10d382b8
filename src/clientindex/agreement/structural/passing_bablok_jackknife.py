"""Passing and Bablok's line without each centre in turn, from slopes that are sorted once.

Leaving out a centre takes n - 1 slopes from the sorted ones; the slope of a rank among the rest is
found from the places of those that are gone. So the jackknife costs about as much as sorting.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from clientindex.agreement.structural.pairwise_slopes import compute_median_offset

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from clientindex.agreement.structural.pairwise_slopes import PairwiseSlopes

ROWS_AT_ONCE = 256


def fit_passing_bablok_left_out(
    x: NDArray[np.float64], y: NDArray[np.float64], *, taken: tuple[PairwiseSlopes, int]
) -> NDArray[np.float64]:
    """Fit the line of 1983 without each centre in turn.

    The same numbers as the fit of
    :func:`~clientindex.agreement.structural.passing_bablok.make_passing_bablok` with weight 0 for
    the centre, without its n products of weights with all slopes.

    Parameters
    ----------
    x, y : ndarray of shape (n,)
        Complete pairs.
    taken : tuple
        What :func:`~clientindex.agreement.structural.passing_bablok.take_slopes` returns.

    Returns
    -------
    ndarray of shape (n, 2)
        Intercept and slope; NaN where the slope is beyond those that remain.
    """
    slopes, below = taken
    n = len(x)
    gone = _place_slopes(slopes, n)
    slope = np.array([_take_remaining(slopes, below, gone[i]) for i in range(n)])
    return np.column_stack([_fit_intercepts(x, y, slope), slope])


def _place_slopes(slopes: PairwiseSlopes, n: int) -> NDArray[np.intp]:
    """Return the places of the slopes of every centre, ascending, then the number of slopes."""
    count = len(slopes.values)
    places = np.full((n, n), count, dtype=np.intp)
    places[slopes.first, slopes.second] = np.arange(count)
    places[slopes.second, slopes.first] = np.arange(count)
    places.sort(axis=1)
    return places


def _take_remaining(slopes: PairwiseSlopes, below: int, gone: NDArray[np.intp]) -> float:
    """Return the shifted median of the slopes that remain; NaN where its rank is beyond them."""
    count = len(slopes.values)
    gone = gone[: np.searchsorted(gone, count)]
    remaining = count - len(gone)
    rank = (remaining + 1) / 2 + below - int(np.searchsorted(gone, below))
    wanted = np.array([np.floor(rank), np.ceil(rank)], dtype=np.intp) - 1
    if remaining == 0 or wanted[1] >= remaining:
        return float("nan")
    # Before the k-th that remains lie as many that are gone as have k or fewer before them.
    places = wanted + np.searchsorted(gone - np.arange(len(gone)), wanted, side="right")
    low, high = slopes.values[places]
    middle = low if low == high else (low + high) / 2
    return float(middle) if np.isfinite(middle) else float("nan")


def _fit_intercepts(
    x: NDArray[np.float64], y: NDArray[np.float64], slope: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return medians of ``y - slope x`` without each centre."""
    parts = []
    for start in range(0, len(x), ROWS_AT_ONCE):
        rows = np.arange(start, min(start + ROWS_AT_ONCE, len(x)))
        weights = np.ones((len(rows), len(x)))
        weights[np.arange(len(rows)), rows] = 0.0
        parts.append(compute_median_offset(x, y, slope[rows], weights))
    return np.concatenate(parts)
