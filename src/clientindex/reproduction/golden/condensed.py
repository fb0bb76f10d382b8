"""What is kept of a table: all cells of a small one, sums and a few rows of a large one."""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from clientindex.reproduction.comparison.tolerance import parse_number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from clientindex.reproduction.content.table import ShownTable

WHOLE_ROWS: Final = 60
"""Tables of so many rows are kept whole."""

STATISTICS: Final = ("n", "distinct", "sum", "sum_of_squares", "smallest", "largest", "sha256")
"""What is kept of a column of a large table, in this order.

Of numbers: how many there are, their sum, sum of squares, smallest and largest. Of texts: how many
there are, how many different ones, and the SHA-256 of all of them sorted. Empty cells do not count.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldenTable:
    """A table as it is kept.

    Attributes
    ----------
    name : str
    columns : tuple of str
    n_rows : int
    rows : tuple of tuple of str
        All rows of a small table; the first, the middle and the last of a large one.
    keys : int
        How many first cells of a large table name a row; 0 where none do, or where they hold
        numbers: rows are then found by their place.
    summary : tuple of tuple of str
        A row a column of a large table, see :data:`STATISTICS`, "" for what is not defined; empty
        for a small table.
    """

    name: str
    columns: tuple[str, ...]
    n_rows: int
    rows: tuple[tuple[str, ...], ...]
    keys: int = 0
    summary: tuple[tuple[str, ...], ...] = ()

    @property
    def is_whole(self) -> bool:
        """Whether all rows are kept."""
        return not self.summary

    @property
    def n_values(self) -> int:
        """Number of values that are kept."""
        kept = (*self.rows, *self.summary)
        return sum(cell != "" for row in kept for cell in row)


def condense(table: ShownTable) -> GoldenTable:
    """Return what is kept of a table; every number is written in full precision."""
    if len(table.rows) <= WHOLE_ROWS:
        n = len(table.rows)
        return GoldenTable(name=table.name, columns=table.columns, n_rows=n, rows=table.rows)
    return GoldenTable(
        name=table.name,
        columns=table.columns,
        n_rows=len(table.rows),
        rows=tuple(table.rows[place] for place in list_places(len(table.rows))),
        keys=_count_keys(table),
        summary=tuple(_summarise(cells) for cells in zip(*table.rows, strict=True)),
    )


def list_places(n_rows: int) -> tuple[int, ...]:
    """Return the places of the rows that are kept of a large table."""
    return (0, n_rows // 2, n_rows - 1)


def _count_keys(table: ShownTable) -> int:
    keys = table.n_keys
    names = [cell for row in table.rows for cell in row[:keys]]
    return 0 if any(parse_number(cell) is not None for cell in names) else keys


def _summarise(cells: Sequence[str]) -> tuple[str, ...]:
    filled = [cell for cell in cells if cell]
    numbers = [number for cell in filled if (number := parse_number(cell)) is not None]
    if filled and len(numbers) == len(filled):
        sums = (math.fsum(numbers), math.fsum(x * x for x in numbers), min(numbers), max(numbers))
        return (str(len(numbers)), "", *(repr(value) for value in sums), "")
    digest = hashlib.sha256("\n".join(sorted(filled)).encode()).hexdigest()
    return (str(len(filled)), str(len(set(filled))), "", "", "", "", digest)
