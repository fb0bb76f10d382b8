"""Slopes of all pairs of centres, sorted once and weighted for every resample.

A centre drawn twice makes pairs that weigh double; a pair of the centre with itself has no slope.
So ranks are sums of weights over slopes that are sorted only once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

TIE = 1e-9
"""Two values, beside the larger of the two, or a slope and -1, nearer than this are equal.

Without it 0.82 - 0.83 and 0.93 - 0.92 would not make a slope of -1, and ties would depend on
rounding.
"""

Middle = Literal["slope", "angle"]
"""What is averaged between two middle slopes: slopes, or angles (as R mcr and deming do)."""

NUMBERS_AT_ONCE = 16_000_000
"""Weights of pairs held together: bounds memory, changes no number."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PairwiseSlopes:
    """Sorted slopes with the two centres of each.

    Attributes
    ----------
    values : ndarray of shape (P,)
        Ascending.
    first, second : int ndarray of shape (P,)
        Positions of the centres.
    """

    values: NDArray[np.float64]
    first: NDArray[np.intp]
    second: NDArray[np.intp]


def compute_pairwise_slopes(
    x: NDArray[np.float64], y: NDArray[np.float64], *, vertical: bool
) -> PairwiseSlopes:
    """Compute and sort the slopes ``(y_i - y_j) / (x_i - x_j)``, i < j.

    Parameters
    ----------
    x, y : ndarray of shape (n,)
    vertical : bool
        Whether pairs with equal x and different y count, as plus or minus infinity by the sign of
        ``y_i - y_j``. Pairs with both equal have no slope.
    """
    first, second = np.triu_indices(len(x), 1)
    dx, dy = _subtract(x, first, second), _subtract(y, first, second)
    usable = (dx != 0) | (dy != 0) if vertical else dx != 0
    dx, dy, first, second = dx[usable], dy[usable], first[usable], second[usable]
    with np.errstate(divide="ignore"):
        # A zero of dx may carry a sign; only that of dy says which infinity.
        values = dy / np.abs(dx) * np.where(dx < 0, -1.0, 1.0)
    order = np.argsort(values, kind="stable")
    return PairwiseSlopes(values=values[order], first=first[order], second=second[order])


def _subtract(
    values: NDArray[np.float64], first: NDArray[np.intp], second: NDArray[np.intp]
) -> NDArray[np.float64]:
    """Return differences of pairs, zero where they are rounding."""
    a, b = values[first], values[second]
    return np.where(np.abs(a - b) <= TIE * np.maximum(np.abs(a), np.abs(b)), 0.0, a - b)


def accumulate_weights(slopes: PairwiseSlopes, weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return cumulated weights of the sorted slopes, shape (R, P)."""
    products = weights[:, slopes.first]
    products *= weights[:, slopes.second]
    return np.cumsum(products, axis=1, out=products)


def split_rows(weights: NDArray[np.float64], pairs: int) -> list[NDArray[np.float64]]:
    """Split rows of weights so that the weights of their pairs fit in memory."""
    rows = max(NUMBERS_AT_ONCE // max(pairs, 1), 1)
    return [weights[start : start + rows] for start in range(0, len(weights), rows)]


def take_ranked(
    slopes: PairwiseSlopes, cumulated: NDArray[np.float64], rank: float, middle: Middle
) -> float:
    """Take the slope of a rank counted from 1; a half rank lies between two slopes.

    Parameters
    ----------
    slopes : PairwiseSlopes
    cumulated : ndarray of shape (P,)
        Cumulated whole weights of the slopes.
    rank : float
        A multiple of one half; -inf and inf are returned below and above all ranks.
    middle : {"slope", "angle"}
    """
    if rank < 1:
        return -np.inf
    if rank > cumulated[-1]:
        return np.inf
    places = np.searchsorted(cumulated, [np.floor(rank), np.ceil(rank)], side="left")
    low, high = slopes.values[places]
    if low == high:
        return float(low)
    if middle == "angle":
        return float(np.tan((np.arctan(low) + np.arctan(high)) / 2))
    return float((low + high) / 2)


def compute_median_offset(
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    slope: NDArray[np.float64],
    weights: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Compute weighted medians of ``y - slope x``, shape (R,).

    Parameters
    ----------
    x, y : ndarray of shape (n,)
    slope : ndarray of shape (R,)
    weights : ndarray of shape (R, n)
        Whole numbers.
    """
    with np.errstate(invalid="ignore"):
        offsets = y - slope[:, None] * x
    order = np.argsort(offsets, axis=1)
    ranked = np.take_along_axis(offsets, order, axis=1)
    cumulated = np.cumsum(np.take_along_axis(weights, order, axis=1), axis=1)
    total = cumulated[:, -1:]
    low = np.argmax(cumulated >= np.floor((total + 1) / 2), axis=1)
    high = np.argmax(cumulated >= np.ceil((total + 1) / 2), axis=1)
    rows = np.arange(len(ranked))
    return np.asarray((ranked[rows, low] + ranked[rows, high]) / 2)
