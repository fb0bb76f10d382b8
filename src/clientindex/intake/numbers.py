"""Read numbers from text, strictly: what a person would not call a number is not one."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from clientindex.intake.raw import TextColumn

LARGEST_WHOLE = 2**53
"""Up to here every whole number is a float of its own."""

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_GROUPED = re.compile(r"[+-]?\d{1,3}([ \u00a0\u2009\u202f]\d{3})+([.,]\d+)?", re.ASCII)
_BLANKS = re.compile(r"[ \u00a0\u2009\u202f]")


def parse_number(text: str, *, decimal: str) -> float:
    """Return the number that `text` writes, NaN when it writes none.

    Accepts spaces between thousands, as spreadsheets export them; refuses ``nan``, ``inf``,
    ``1_0``, the other decimal mark, and numbers beyond the range of a float.

    Examples
    --------
    >>> parse_number("1 234,5", decimal=","), parse_number("3,5", decimal=".")
    (1234.5, nan)
    """
    plain = _BLANKS.sub("", text) if _GROUPED.fullmatch(text) else text
    if decimal != ".":
        plain = plain.replace(".", "?").replace(decimal, ".")
    number = float(plain) if _NUMBER.fullmatch(plain) else math.nan
    return number if math.isfinite(number) else math.nan


def find_whole(numbers: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return whether each number is a whole one from 0 that a float holds exactly."""
    return np.asarray((numbers >= 0) & (numbers == np.floor(numbers)) & (numbers <= LARGEST_WHOLE))


def parse_numbers(column: TextColumn, *, decimal: str) -> NDArray[np.float64]:
    """Return the number of every row, shape (N,); NaN for empty cells and for what is no number."""
    numbers = [parse_number(text, decimal=decimal) for text in column.distinct]
    return np.array([*numbers, math.nan])[column.codes]


def advise_number(text: str, *, decimal: str) -> str:
    """Return what to do with a cell that is no number."""
    other = "," if decimal == "." else "."
    if not math.isnan(parse_number(text, decimal=other)):
        return f"Write 'decimal: \"{other}\"' for this file in the edition."
    return "Correct the cell, or empty it when the number is unknown."
