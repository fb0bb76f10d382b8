"""What a table is before it is written: columns, raw values and notes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from clientindex.tables.hidden import Hidden

if TYPE_CHECKING:
    from collections.abc import Iterator

Kind = Literal["text", "integer", "number", "percent", "p_value", "interval", "hash"]
Ends = Literal["rounded", "exact", "never"]
Value = str | int | float | tuple[float, float] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a table.

    Attributes
    ----------
    key : str
        Name in machine-readable files, snake_case.
    header : str
        Heading in the language of the table, with the unit where there is one.
    kind : {"text", "integer", "number", "percent", "p_value", "interval", "hash"}
        ``percent`` holds shares 0-1 and is written as per cent; ``interval`` holds a pair and
        becomes two columns in files of data; a ``hash`` is shortened in documents.
    digits : int
        Decimals shown; of the per cent for ``percent``.
    low_header, high_header : str
        Headings of the two ends of an interval in files of data.
    ends : {"rounded", "exact", "never"}
        When documents show a share as 0 or 100 %: whenever it rounds to it, only where it is
        exactly that, or never, because it was counted in draws. Else less or more is said.
    """

    key: str
    header: str
    kind: Kind = "text"
    digits: int = 0
    low_header: str = ""
    high_header: str = ""
    ends: Ends = "rounded"

    @property
    def is_text(self) -> bool:
        """Whether the column is aligned to the left."""
        return self.kind in ("text", "hash")


@dataclass(frozen=True, slots=True, kw_only=True)
class TableSpec:
    """A table with raw values; writers round them once, through the locale.

    Attributes
    ----------
    key : str
        Name of the table; with hyphens and ``tbl-`` before it, its label in documents.
    caption : str
    columns : tuple of Column
    rows : tuple of tuple
        Numbers stay numbers; None means no value, :class:`Hidden` one that is not published; an
        interval is a pair, None or hidden.
    notes : tuple of str
        Sentences below the table.
    explains_gaps : bool
        Whether the notes say what a cell without a value means, so that no general note has to.
    revised : frozenset of (int, str)
        Row and key of the column of every number that was revised since the publication; writers
        for people mark it.
    """

    key: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]
    notes: tuple[str, ...] = ()
    explains_gaps: bool = False
    revised: frozenset[tuple[int, str]] = frozenset()

    @property
    def label(self) -> str:
        """Label of the table in documents."""
        return f"tbl-{self.key.replace('_', '-')}"

    @property
    def has_gaps(self) -> bool:
        """Whether any cell has no value, so that the sign for it needs a note."""
        return any(value is None for row in self.rows for value in row)

    @property
    def hidden(self) -> Hidden | None:
        """The first value that is not published; None where all are."""
        found = (value for row in self.rows for value in row if isinstance(value, Hidden))
        return next(found, None)


def clean_value(value: Any) -> Value:
    """Turn a cell of a frame into a raw value; every kind of missing becomes None."""
    # Nearly all cells are plain: they are settled without asking pandas, cell by cell.
    kind = type(value)
    if kind is str or kind is int:
        return value  # type: ignore[no-any-return]  # a plain cell
    if kind is float:
        return None if value != value else value
    if isinstance(value, tuple):
        low, high = (clean_value(end) for end in value)
        return None if low is None or high is None else (low, high)  # type: ignore[return-value]  # ends are numbers
    if pd.isna(value):
        return None
    plain = value.item() if hasattr(value, "item") else value
    return plain if isinstance(plain, int | float) else str(plain)


def collect_rows(*columns: Any) -> tuple[tuple[Value, ...], ...]:
    """Zip columns of equal length into rows of raw values."""
    return tuple(zip(*map(_clean_column, columns), strict=True))


def _clean_column(values: Any) -> list[Value]:
    kind = getattr(values, "dtype", None)
    if isinstance(kind, np.dtype) and kind.kind in "fi":
        return [None if value != value else value for value in values.tolist()]
    return [clean_value(value) for value in values]


def pair_ends(low: Any, high: Any) -> Iterator[tuple[Any, Any]]:
    """Zip the ends of intervals."""
    return zip(low, high, strict=True)
