"""A table as files of data have it: column by column, an interval as two."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from clientindex.tables.spec import Column, TableSpec, Value

End = Literal["", "low", "high"]
ENDS: tuple[End, End] = ("low", "high")


@dataclass(frozen=True, slots=True, kw_only=True)
class FlatColumn:
    """One column of a file of data.

    Attributes
    ----------
    column : Column
        What it is of.
    end : {"", "low", "high"}
        Which end of an interval it holds; empty for any other column.
    key : str
        Name in machine-readable files.
    header : str
        Heading in files for people.
    cells : list
        One value a row; None means no value, a word in a column of numbers one that is hidden.
    """

    column: Column
    end: End
    key: str
    header: str
    cells: list[Value]

    @property
    def words(self) -> list[str]:
        """Words that stand in a column of numbers, for what is not published."""
        if self.column.is_text:
            return []
        return [cell for cell in dict.fromkeys(self.cells) if isinstance(cell, str)]

    @property
    def has_gaps(self) -> bool:
        """Whether any cell has no value."""
        return None in self.cells


def flatten(spec: TableSpec) -> list[FlatColumn]:
    """Return the columns of the files of data of a table."""
    cells = list(zip(*spec.rows, strict=True)) or [()] * len(spec.columns)
    return [
        flat
        for column, values in zip(spec.columns, cells, strict=True)
        for flat in _flatten_column(column, list(values))
    ]


def list_keys(column: Column) -> tuple[str, ...]:
    """Return the machine names of a column."""
    if column.kind != "interval":
        return (column.key,)
    return (f"{column.key}_low", f"{column.key}_high")


def list_headers(column: Column) -> tuple[str, ...]:
    """Return the headings of a column in files of data."""
    if column.kind != "interval":
        return (column.header,)
    return (column.low_header, column.high_header)


def _flatten_column(column: Column, values: list[Value]) -> list[FlatColumn]:
    if column.kind != "interval":
        plain = FlatColumn(
            column=column, end="", key=column.key, header=column.header, cells=values
        )
        return [plain]
    ends = zip(ENDS, list_keys(column), list_headers(column), strict=True)
    return [
        FlatColumn(
            column=column,
            end=end,
            key=key,
            header=header,
            cells=[value[side] if isinstance(value, tuple) else value for value in values],
        )
        for side, (end, key, header) in enumerate(ends)
    ]
