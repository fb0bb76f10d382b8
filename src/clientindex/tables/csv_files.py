"""Tables as CSV: once for machines, once for Excel with Russian settings."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any, Final

from clientindex.files import neutralise
from clientindex.tables.flat import flatten
from clientindex.wording.numbers import write_rounded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from clientindex.tables.flat import FlatColumn
    from clientindex.tables.spec import Column, TableSpec

LINE_END: Final = "\r\n"
P_VALUE_DIGITS: Final = 3
_PERCENT_SHIFT: Final = 2


def to_machine_csv(spec: TableSpec) -> bytes:
    """Write UTF-8, comma, decimal point, full precision; no value is an empty cell.

    Headings are the keys of the columns; an interval becomes ``<key>_low`` and ``<key>_high``.
    """
    return write_machine_csv(flatten(spec))


def to_excel_csv(spec: TableSpec) -> bytes:
    """Write UTF-8 with a byte order mark, semicolon, decimal comma, rounded as in documents."""
    return write_excel_csv(flatten(spec))


def write_machine_csv(columns: Sequence[FlatColumn]) -> bytes:
    """Write a table that is column by column already, as :func:`to_machine_csv` does."""
    cells = [_write_texts(flat) if flat.column.is_text else flat.cells for flat in columns]
    return _write([flat.key for flat in columns], cells, delimiter=",").encode("utf-8")


def write_excel_csv(columns: Sequence[FlatColumn]) -> bytes:
    """Write a table that is column by column already, as :func:`to_excel_csv` does."""
    header = [neutralise(flat.header) for flat in columns]
    cells = [_write_texts(flat) if flat.column.is_text else _round(flat) for flat in columns]
    return _write(header, cells, delimiter=";").encode("utf-8-sig")


def _write(header: list[str], columns: Sequence[list[Any]], *, delimiter: str) -> str:
    buffer = io.StringIO()
    # The writer itself writes floats by their shortest decimal form and None as an empty cell.
    writer = csv.writer(buffer, delimiter=delimiter, lineterminator=LINE_END)
    writer.writerow(header)
    writer.writerows(zip(*columns, strict=True))
    return buffer.getvalue()


def _write_texts(flat: FlatColumn) -> list[Any]:
    safe = {c: neutralise(c) if isinstance(c, str) else c for c in dict.fromkeys(flat.cells)}
    return [safe[cell] for cell in flat.cells]


def _round(flat: FlatColumn) -> list[Any]:
    digits = count_digits(flat.column)
    shift = _PERCENT_SHIFT if flat.column.kind == "percent" else 0
    return [_round_cell(cell, digits, shift) for cell in flat.cells]


def count_digits(column: Column) -> int:
    """Return how many decimals a number has where it is rounded."""
    return P_VALUE_DIGITS if column.kind == "p_value" else column.digits


def _round_cell(cell: Any, digits: int, shift: int) -> str | None:
    if cell is None:
        return None
    if isinstance(cell, str):
        return neutralise(cell)
    return write_rounded(cell, digits=digits, shift=shift).replace(".", ",")
