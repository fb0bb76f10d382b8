"""Numbers in a text of either language."""

from __future__ import annotations

import re
from typing import Final

_NUMBER: Final = re.compile(
    r"(?<![\w.,])[-\u2212]?\d{1,3}(?:[\u00a0\u202f]\d{3}|,\d{3}(?!\d))+(?:[.,]\d+)?"
    r"|[-\u2212]?\d+(?:[.,]\d+)*"
)
"""Digits in groups of three, or any digits with points and commas between them."""

MASK: Final = "#"


def find_numbers(text: str) -> list[str]:
    """Return the numbers of a text as they are written.

    Examples
    --------
    >>> find_numbers("72.5 points, n = 1,204; p = 0,05")
    ['72.5', '1,204', '0,05']
    """
    return _NUMBER.findall(text)


def mask_numbers(text: str) -> str:
    """Return the text with every number replaced, to find sentences that differ in numbers only.

    Examples
    --------
    >>> mask_numbers("72.5 points of 100")
    '# points of #'
    """
    return _NUMBER.sub(MASK, text)


def cut_at_numbers(text: str) -> list[str]:
    """Return the words before each number, so that it can be named."""
    return _NUMBER.split(text)[:-1]
