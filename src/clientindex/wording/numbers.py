"""How numbers are rounded and written: half up on the decimal representation, never ``round``."""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from numbers import Integral, Real
from typing import Final

from clientindex.errors import WordingError

NO_BREAK: Final = "\u00a0"
MINUS: Final = "\u2212"
_GROUP: Final = 3
_PER_CENT: Final = Decimal(100)


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberFormat:
    """Signs of one language.

    Attributes
    ----------
    decimal : str
        Between whole part and fraction.
    thousands : str
        Between groups of three digits.
    percent, points, interval : str
        Patterns with ``{x}``, or ``{low}`` and ``{high}``.
    """

    decimal: str
    thousands: str
    percent: str
    points: str
    interval: str


def to_decimal(x: object) -> Decimal:
    """Return the decimal number that a float is printed as.

    Parameters
    ----------
    x : float, int or numpy number

    Raises
    ------
    WordingError
        If `x` is missing, infinite or no number at all.

    Examples
    --------
    >>> to_decimal(1.005)
    Decimal('1.005')
    """
    if isinstance(x, Decimal) and x.is_finite():
        return x
    if isinstance(x, bool) or not isinstance(x, Real):
        msg = f"expected a number, got {x!r} ({type(x).__name__})"
        raise WordingError(msg)
    if isinstance(x, Integral):
        return Decimal(int(x))
    if not math.isfinite(x):
        msg = f"a missing or infinite number ({x!r}) cannot be written; say in words why it is so"
        raise WordingError(msg)
    return Decimal(repr(float(x)))


def round_half_up(x: object, *, digits: int) -> Decimal:
    """Round half away from zero on the decimal representation.

    Examples
    --------
    >>> round_half_up(2.5, digits=0), round_half_up(0.125, digits=2), round_half_up(-0.04, digits=1)
    (Decimal('3'), Decimal('0.13'), Decimal('0.0'))
    """
    exact = to_decimal(x)
    rounded = exact.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)
    return abs(rounded) if rounded.is_zero() else rounded


def format_number(x: object, *, digits: int, signs: NumberFormat) -> str:
    """Write a number with grouped thousands and a true minus sign."""
    rounded = round_half_up(x, digits=digits)
    whole, _, fraction = f"{abs(rounded):f}".partition(".")
    sign = MINUS if rounded < 0 else ""
    tail = signs.decimal + fraction if fraction else ""
    return sign + _group(whole, signs.thousands) + tail


def format_percent(share: object, *, digits: int, signs: NumberFormat) -> str:
    """Write a share (0.95) as per cent."""
    x = format_number(to_decimal(share) * _PER_CENT, digits=digits, signs=signs)
    return signs.percent.format(x=x)


def _group(whole: str, separator: str) -> str:
    first = len(whole) % _GROUP or _GROUP
    parts = [whole[:first], *(whole[i : i + _GROUP] for i in range(first, len(whole), _GROUP))]
    return separator.join(parts)
