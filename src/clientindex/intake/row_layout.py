"""Where the rows of a survey stand that is no file: in partitions, or in files that Spark read."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class RowRun:
    """Rows that stand together.

    Attributes
    ----------
    start : int
        Number of the first one in the whole.
    label : str
        What holds them, for people.
    first : int
        Number of the first one in that.
    """

    start: int
    label: str
    first: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RowLayout:
    """Runs in the order of their rows.

    Examples
    --------
    >>> runs = (RowRun(start=2, label="partition 0", first=1), RowRun(start=9, label="b", first=5))
    >>> RowLayout(runs=runs).find(8), RowLayout(runs=runs).find(10)
    (('partition 0', 7), ('b', 6))
    """

    runs: tuple[RowRun, ...]

    def find(self, row: int) -> tuple[str, int]:
        """Return what holds a row, and its number in that."""
        run = self.runs[max(bisect_right(self.runs, row, key=lambda run: run.start) - 1, 0)]
        return run.label, run.first + row - run.start
