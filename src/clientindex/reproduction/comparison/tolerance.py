"""Which numbers count as equal."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

RELATIVE: Final = 1e-9
ABSOLUTE: Final = 1e-12


@dataclass(frozen=True, slots=True, kw_only=True)
class Tolerance:
    """How far a rebuilt number may be from the published one.

    Attributes
    ----------
    relative : float
        Times the larger of both numbers.
    absolute : float
        In the unit of the number.

    Notes
    -----
    Equal programs on equal processors give equal bytes. Other processors add in another order,
    which changes the last of some sixteen digits; a sum of thousands, some digits more.
    """

    relative: float = RELATIVE
    absolute: float = ABSOLUTE

    def accepts(self, published: str, rebuilt: str) -> bool:
        """Return whether two texts are equal, or are numbers that are near enough.

        Examples
        --------
        >>> Tolerance().accepts("0.1", "0.10000000000000002"), Tolerance().accepts("0.1", "0.11")
        (True, False)
        """
        if published == rebuilt:
            return True
        a, b = parse_number(published), parse_number(rebuilt)
        if a is None or b is None:
            return False
        return math.isclose(a, b, rel_tol=self.relative, abs_tol=self.absolute)

    def __str__(self) -> str:
        """Return how it stands with a difference: relative, then absolute."""
        return f"{self.relative:g} / {self.absolute:g}"


def parse_number(text: str) -> float | None:
    """Return the number that a cell of a file of data holds, or None where it holds words."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


AS_WRITTEN: Final = "as_written"
"""The tolerance of documents: rounding there leaves no room for more."""
