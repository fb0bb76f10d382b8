"""Rounding half up on the decimal representation, for arrays.

Python's `round` and `numpy.round` take 2.5 to 2 and 3.5 to 4, and 2.675 to 2.67; a published rating
with 198 means of stars that end in exactly one half would have about half of those wrong.
"""

from __future__ import annotations

from decimal import ROUND_FLOOR, Decimal
from typing import TYPE_CHECKING

import numpy as np

from clientindex.errors import StatisticsError
from clientindex.rating.bands import settle

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

HALF_STAR = "0.5"

_HALF = Decimal("0.5")
_NEAR = 1e-6
"""So near to one half, the decimals decide; farther off, floating point cannot err."""


def round_half_up(values: ArrayLike, *, step: str = "1") -> NDArray[np.float64]:
    """Round to the nearest multiple of a step, halves away from zero.

    Parameters
    ----------
    values : array_like
        First rounded to 9 decimals, where scores are tied: the mean of 2 and 3 by weights that sum
        to 1 may be 2.4999999999999996, and means 2.5. NaN stays NaN.
    step : str
        A positive decimal: "1", "0.5", "0.01". Text, because 0.01 is no binary number.

    Returns
    -------
    ndarray of the same shape
        The floating-point numbers that are nearest to the decimal results.

    Raises
    ------
    StatisticsError
        If the step is not a positive number.

    Examples
    --------
    >>> round_half_up([0.5, 1.5, 2.5, -2.5]).tolist()
    [1.0, 2.0, 3.0, -3.0]
    >>> round_half_up([1.005, 2.675], step="0.01").tolist()
    [1.01, 2.68]
    """
    unit = _read_step(step)
    settled = settle(np.asarray(values, dtype=np.float64))
    size = np.abs(settled)
    quotient = size / float(unit)
    whole = np.floor(quotient)
    count = whole + (quotient - whole >= 0.5)
    doubtful = (np.abs(quotient - whole - 0.5) < _NEAR) | (quotient > 1 / _NEAR)
    flat = count.reshape(-1)
    for place in np.flatnonzero(doubtful & np.isfinite(settled)):
        exact = Decimal(repr(float(size.reshape(-1)[place])))
        flat[place] = float((exact / unit + _HALF).to_integral_value(rounding=ROUND_FLOOR))
    numerator, denominator = unit.as_integer_ratio()
    rounded = flat.reshape(settled.shape) * numerator / denominator
    return np.where(settled < 0, -rounded, rounded)


def round_to_half_stars(values: ArrayLike) -> NDArray[np.float64]:
    """Round to halves, half up: 2.25 is 2.5 and 2.75 is 3.

    Examples
    --------
    >>> round_to_half_stars([2.2499, 2.25, 2.75]).tolist()
    [2.0, 2.5, 3.0]
    """
    return round_half_up(values, step=HALF_STAR)


def label_half_stars(levels: NDArray[np.int64], *, lowest: float = 1.0) -> NDArray[np.float64]:
    """Return levels 1, 2, 3 ... of a rule as half stars `lowest`, `lowest` + 0.5 ...

    A rule with nine levels gives the half stars 1 to 5. The functions of
    :mod:`clientindex.rating.star_doubt` take levels, and so work for half stars too.

    Examples
    --------
    >>> import numpy as np
    >>> label_half_stars(np.array([1, 2, 9])).tolist()
    [1.0, 1.5, 5.0]
    """
    return lowest + (np.asarray(levels, dtype=np.float64) - 1) / 2


def _read_step(step: str) -> Decimal:
    try:
        unit = Decimal(step)
    except ArithmeticError:
        unit = Decimal("NaN")
    if not unit.is_finite() or unit <= 0:
        msg = f"the step of rounding must be a positive decimal, got {step!r}"
        raise StatisticsError(msg)
    return unit
