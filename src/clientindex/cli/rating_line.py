"""An interval as a line of characters, so that a terminal shows a caterpillar plot."""

from __future__ import annotations

import math
from dataclasses import dataclass

WIDTH = 41
MARK, LINE, CUT = "o", "-", "|"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruler:
    """Positions of a line of characters.

    Attributes
    ----------
    low, high : float
        Values at the first and at the last character.
    cuts : tuple of float
        Values that a bar stands at where nothing lies over it.
    width : int
    """

    low: float
    high: float
    cuts: tuple[float, ...] = ()
    width: int = WIDTH

    def place(self, value: float) -> int:
        """Return the character that a value stands at; values beyond the ends stand at them."""
        span = self.high - self.low
        share = (value - self.low) / span if span > 0 else 0.5
        return math.floor(min(max(share, 0.0), 1.0) * (self.width - 1) + 0.5)

    def draw(self, value: float, low: float, high: float) -> str:
        """Return the line of an interval with its estimate; of an estimate alone without ends."""
        line = [" "] * self.width
        for cut in self.cuts:
            if self.low < cut < self.high:
                line[self.place(cut)] = CUT
        if math.isfinite(low) and math.isfinite(high):
            first, last = self.place(low), self.place(high)
            line[first : last + 1] = LINE * (last + 1 - first)
        if math.isfinite(value):
            line[self.place(value)] = MARK
        return "".join(line).rstrip()
