"""What every statistic of agreement returns, and when one is not defined."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

MINIMUM_PAIRS = 3
"""Fewer centres leave no degree of freedom for a spread and a correlation at once."""

NO_SPREAD = 1e-9
"""A standard deviation in points up to which values count as equal."""

UNDEFINED_CONSTANT = "undefined: all values of one source are equal"
UNDEFINED_FEW = f"undefined: fewer than {MINIMUM_PAIRS} pairs"


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A statistic with its interval; NaN where undefined.

    Attributes
    ----------
    estimate, std_error, ci_low, ci_high : float
    level : float
        Of the interval.
    n : int
        Pairs or units behind it.
    method : str
        Of the interval, or why the statistic is undefined.
    """

    estimate: float
    std_error: float = float("nan")
    ci_low: float = float("nan")
    ci_high: float = float("nan")
    level: float
    n: int
    method: str


def leave_undefined(reason: str, *, level: float, n: int) -> Estimate:
    """Return a NaN with the reason in place of the method."""
    return Estimate(estimate=float("nan"), level=level, n=n, method=reason)


def check_pairs(x: NDArray[np.float64], y: NDArray[np.float64], *, level: float) -> None:
    """Raise unless x and y are equally long vectors without missing values and 0 < level < 1.

    Raises
    ------
    ValueError
    """
    check_share(level, "level")
    if x.ndim != 1 or x.shape != y.shape:
        msg = f"x and y must be vectors of one length, not of shapes {x.shape} and {y.shape}"
        raise ValueError(msg)
    check_complete(x, "x")
    check_complete(y, "y")


def check_share(value: float, name: str) -> None:
    """Raise ValueError unless 0 < value < 1."""
    if not 0 < value < 1:
        msg = f"{name} must lie between 0 and 1, not be {value}"
        raise ValueError(msg)


def check_complete(values: NDArray[np.float64], name: str) -> None:
    """Raise ValueError where a value is missing or infinite."""
    bad = int((~np.isfinite(values)).sum())
    if bad:
        msg = f"{name} has {bad} missing or infinite values; drop incomplete pairs first"
        raise ValueError(msg)


def has_constant(*sources: NDArray[np.float64]) -> bool:
    """Return whether all values of one source are equal."""
    return any(float(values.std()) <= NO_SPREAD for values in sources)
