"""Pairs of measurements of the same centres, with weights that stand for resampling them.

Every line of this package is a function of weights: leaving a centre out is the weight 0, drawing
it twice the weight 2. So one fit serves estimate, jackknife and bootstrap.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from clientindex.errors import StatisticsError

if TYPE_CHECKING:
    from numpy.typing import NDArray

FEWEST_PAIRS = 3
"""Two centres lie on a line whatever they are."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pairs:
    """Complete pairs of measurements.

    Attributes
    ----------
    x, y : ndarray of shape (n,)
    kept : bool ndarray of shape (C,)
        Which of the given centres have both measurements, and all known variances.
    """

    x: NDArray[np.float64]
    y: NDArray[np.float64]
    kept: NDArray[np.bool_]

    @property
    def n(self) -> int:
        """Number of complete pairs."""
        return len(self.x)

    @property
    def n_dropped(self) -> int:
        """Number of centres without a complete pair."""
        return len(self.kept) - self.n


def take_pairs(
    x: NDArray[np.float64], y: NDArray[np.float64], *known: NDArray[np.float64]
) -> Pairs:
    """Take the centres with a finite value in every array.

    Parameters
    ----------
    x, y : ndarray of shape (C,)
    *known : ndarray of shape (C,)
        Known variances or errors that a fit needs as well.

    Raises
    ------
    StatisticsError
        When fewer than three pairs are complete or one side is constant.
    """
    columns = np.stack([np.asarray(values, dtype=np.float64) for values in (x, y, *known)])
    kept = np.asarray(np.isfinite(columns).all(axis=0))
    pairs = Pairs(x=columns[0, kept], y=columns[1, kept], kept=kept)
    if pairs.n < FEWEST_PAIRS:
        message = f"a line needs {FEWEST_PAIRS} centres with both measurements, found {pairs.n}"
        raise StatisticsError(message)
    if np.ptp(pairs.x) == 0 or np.ptp(pairs.y) == 0:
        message = "a line is not defined: all values of one measurement are equal"
        raise StatisticsError(message)
    return pairs


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Moments:
    """Weighted means and centred sums of squares, each of shape (...).

    Attributes
    ----------
    total : ndarray
        Sum of weights.
    mean_x, mean_y : ndarray
    s_xx, s_xy, s_yy : ndarray
        Sums ``sum w (x - mean_x) (y - mean_y)``, not divided.
    """

    total: NDArray[np.float64]
    mean_x: NDArray[np.float64]
    mean_y: NDArray[np.float64]
    s_xx: NDArray[np.float64]
    s_xy: NDArray[np.float64]
    s_yy: NDArray[np.float64]


def compute_moments(
    x: NDArray[np.float64], y: NDArray[np.float64], weights: NDArray[np.float64] | None
) -> Moments:
    """Compute weighted moments for every row of weights.

    Parameters
    ----------
    x, y : ndarray of shape (n,)
    weights : ndarray of shape (..., n) or None
        None stands for equal weights.
    """
    w = np.ones(len(x)) if weights is None else weights
    # Centred first, so that sums of squares do not cancel.
    base_x, base_y = x.mean(), y.mean()
    u, v = x - base_x, y - base_y
    total = w.sum(axis=-1)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean_u, mean_v = w @ u / total, w @ v / total
    return Moments(
        total=np.asarray(total),
        mean_x=np.asarray(base_x + mean_u),
        mean_y=np.asarray(base_y + mean_v),
        s_xx=np.asarray(w @ (u * u) - total * mean_u**2),
        s_xy=np.asarray(w @ (u * v) - total * mean_u * mean_v),
        s_yy=np.asarray(w @ (v * v) - total * mean_v**2),
    )


def pass_through_means(moments: Moments, slope: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return intercept and slope, shape (..., 2), of the line through the means."""
    return np.stack([moments.mean_y - slope * moments.mean_x, slope], axis=-1)
