"""One language: its texts by key, and how it writes numbers, dates and plurals."""

from __future__ import annotations

import string
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from clientindex.errors import WordingError
from clientindex.settings import find_nearest
from clientindex.wording.numbers import (
    NO_BREAK,
    NumberFormat,
    format_number,
    format_percent,
    round_half_up,
    to_decimal,
)
from clientindex.wording.units import tie_units

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

SMALLEST_P: Final = 0.001
"""Smaller p values are written as "< 0.001"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """Texts and number formats of one language.

    Attributes
    ----------
    language : {"ru", "en"}
    texts : Mapping
        Dotted key -> text with named placeholders ``{name}``.
    signs : NumberFormat
    """

    language: str
    texts: Mapping[str, str]
    signs: NumberFormat

    def text(self, key: str, **values: str) -> str:
        """Return a text with its placeholders filled, numbers and units on one line.

        Parameters
        ----------
        key : str
            Dotted key, e.g. ``"reliability.low"``.
        **values : str
            One value a placeholder; numbers must already be written by this wording.

        Raises
        ------
        WordingError
            If the key is unknown, or a value is missing, superfluous or not text.
        """
        pattern = self._pattern(key)
        needed = find_placeholders(pattern)
        if needed != set(values):
            missing, extra = sorted(needed - set(values)), sorted(set(values) - needed)
            msg = f"{self.language}: {key}: values missing for {missing}, not wanted: {extra}"
            raise WordingError(msg)
        for name, value in values.items():
            _check_text(value, where=f"{self.language}: {key}: {{{name}}}")
        return tie_units(pattern.format(**values), self.language)

    @property
    def missing(self) -> str:
        """The sign for "no value"; wherever it is shown, a note says what it means."""
        return self.text("missing.sign")

    def number(self, x: float, digits: int = 1) -> str:
        """Write a number with a fixed number of decimals, rounded half up.

        Raises
        ------
        WordingError
            If `x` is missing, infinite or not a number.
        """
        return format_number(x, digits=digits, signs=self.signs)

    def integer(self, n: int) -> str:
        """Write a whole number with grouped thousands.

        Raises
        ------
        WordingError
            If `n` is missing or has a fraction.
        """
        if to_decimal(n) % 1 != 0:
            msg = f"expected a whole number, got {n!r}"
            raise WordingError(msg)
        return format_number(n, digits=0, signs=self.signs)

    def percent(self, x: float, digits: int = 0) -> str:
        """Write a share between 0 and 1 as per cent."""
        return format_percent(x, digits=digits, signs=self.signs)

    def points(self, x: float, digits: int = 1) -> str:
        """Write points of the 0-100 scale with their unit."""
        return self.signs.points.format(x=self.number(x, digits))

    def interval(self, low: float, high: float, digits: int = 1) -> str:
        """Write both ends of an interval."""
        ends = {"low": self.number(low, digits), "high": self.number(high, digits)}
        return self.signs.interval.format(**ends)

    def span(self, low: float, high: float, digits: int = 1) -> str:
        """Write the range of several numbers in words; one number where both ends look equal."""
        first, last = self.number(low, digits), self.number(high, digits)
        return first if first == last else self.text("list.span", low=first, high=last)

    def p_value(self, p: float, *, symbol: bool = True) -> str:
        """Write a p value to three decimals; smaller than 0.001 is said to be so.

        Parameters
        ----------
        p : float
        symbol : bool
            Begin with the letter p and the relation; otherwise "= " is left out.

        Raises
        ------
        WordingError
            If `p` is missing or outside 0-1.
        """
        if not 0 <= to_decimal(p) <= 1:
            msg = f"{p!r} is not a p value"
            raise WordingError(msg)
        small = p < SMALLEST_P
        number = self.number(SMALLEST_P if small else p, digits=3)
        relation = "<" if small else "=" * symbol
        parts = ["p"] * symbol + [relation] * bool(relation) + [number]
        return NO_BREAK.join(parts)

    def date(self, day: dt.date) -> str:
        """Write a date in words."""
        month = self.text(f"date.month_{day.month}")
        return self.text("date.pattern", day=str(day.day), month=month, year=str(day.year))

    def plural(self, n: float, noun: str) -> str:
        """Return the form of a noun that goes with `n`, without the number.

        Parameters
        ----------
        n : int
            Counted things.
        noun : str
            Key under ``plural``, e.g. ``"centre"``.
        """
        count = int(round_half_up(n, digits=0))
        return self.text(f"plural.{noun}.{_plural_form(count, self.language)}")

    def counted(self, n: int, noun: str) -> str:
        """Write a number and its noun, kept together by a no-break space."""
        return f"{self.integer(n)}{NO_BREAK}{self.plural(n, noun)}"

    def join(self, items: list[str]) -> str:
        """Join words into a list with "and" before the last."""
        if len(items) < 2:
            return "".join(items)
        return self.text("list.last", first=", ".join(items[:-1]), last=items[-1])

    def _pattern(self, key: str) -> str:
        try:
            return self.texts[key]
        except KeyError:
            near = find_nearest(key, self.texts)
            hint = f"; did you mean {near!r}?" if near else ""
            msg = f"{self.language}: no text {key!r}{hint}"
            raise WordingError(msg) from None


def find_placeholders(pattern: str) -> set[str]:
    """Return the names in braces of a text."""
    return {name for _, name, _, _ in string.Formatter().parse(pattern) if name is not None}


def _check_text(value: object, *, where: str) -> None:
    if not isinstance(value, str):
        msg = f"{where}: a number must be written by the wording, got {value!r}"
        raise WordingError(msg)
    if not value:
        msg = f"{where}: empty text"
        raise WordingError(msg)


def _plural_form(n: int, language: str) -> str:
    """Return "one", "few" or "many" (English has no "few")."""
    n = abs(n)
    if language != "ru":
        return "one" if n == 1 else "many"
    if n % 10 == 1 and n % 100 != 11:
        return "one"
    if n % 10 in (2, 3, 4) and n % 100 not in (12, 13, 14):
        return "few"
    return "many"
