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
_CERTAIN_UP_TO: Final = 1e9
_HALF: Final = 0.5
_NEAR_HALF: Final = 1e-6


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


def write_rounded(x: object, *, digits: int, shift: int = 0) -> str:
    """Round half away from zero on the decimal representation; write plain digits.

    Parameters
    ----------
    x : float, int or numpy number
    digits : int
        Decimals, 0 or more.
    shift : int
        Places that the point moves to the right first: 2 writes a share as per cent.

    Returns
    -------
    str
        With a point, a hyphen for minus, no groups; never minus zero.

    Notes
    -----
    What Python's formatting does differs from this only where the number lies close to a half of
    its last digit; everything else takes that way, which is many times faster. Up to
    ``_CERTAIN_UP_TO`` in units of the last digit, the binary number, the decimal number and the
    product below are less than ``_NEAR_HALF`` apart.

    Raises
    ------
    WordingError
        If `x` is missing, infinite or no number at all.

    Examples
    --------
    >>> write_rounded(1.005, digits=2), write_rounded(-0.04, digits=1)
    ('1.01', '0.0')
    >>> write_rounded(0.285, digits=0, shift=2)
    '29'
    """
    if type(x) is float:
        size = abs(x) * 10.0 ** (digits + shift)
        if size < _CERTAIN_UP_TO and abs(size % 1 - _HALF) > _NEAR_HALF:
            shown = x if size > _HALF else abs(x)
            return f"{shown * 10.0**shift if shift else shown:.{digits}f}"
    return f"{_round_decimal(to_decimal(x).scaleb(shift), digits):f}"


def round_half_up(x: object, *, digits: int) -> Decimal:
    """Round half away from zero on the decimal representation.

    Examples
    --------
    >>> round_half_up(2.5, digits=0), round_half_up(0.125, digits=2), round_half_up(-0.04, digits=1)
    (Decimal('3'), Decimal('0.13'), Decimal('0.0'))
    """
    if type(x) is float:
        return Decimal(write_rounded(x, digits=digits))
    return _round_decimal(to_decimal(x), digits)


def _round_decimal(exact: Decimal, digits: int) -> Decimal:
    rounded = exact.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)
    return abs(rounded) if rounded.is_zero() else rounded


def format_number(x: object, *, digits: int, signs: NumberFormat) -> str:
    """Write a number with grouped thousands and a true minus sign."""
    rounded = write_rounded(x, digits=digits)
    whole, _, fraction = rounded.removeprefix("-").partition(".")
    sign = MINUS if rounded.startswith("-") else ""
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
