"""Tables as CSV: once for machines, once for Excel with Russian settings."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

from clientindex.files import neutralise
from clientindex.tables.cells import to_percent
from clientindex.wording import round_half_up

if TYPE_CHECKING:
    from collections.abc import Callable

    from clientindex.tables.spec import Column, TableSpec, Value


def to_machine_csv(spec: TableSpec) -> bytes:
    """Write UTF-8, comma, decimal point, full precision; no value is an empty cell.

    Headings are the keys of the columns; an interval becomes ``<key>_low`` and ``<key>_high``.
    """
    header = [name for column in spec.columns for name in list_keys(column)]
    return _write(spec, header, delimiter=",", write=_write_exact).encode("utf-8")


def to_excel_csv(spec: TableSpec) -> bytes:
    """Write UTF-8 with a byte order mark, semicolon, decimal comma, rounded as in documents."""
    header = [neutralise(name) for column in spec.columns for name in list_headers(column)]
    return _write(spec, header, delimiter=";", write=_write_rounded).encode("utf-8-sig")


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


def spread_value(value: Value, column: Column) -> tuple[Value, ...]:
    """Return the cells of a value in files of data: two for an interval."""
    if column.kind != "interval":
        return (value,)
    return value if isinstance(value, tuple) else (None, None)


def _write(
    spec: TableSpec, header: list[str], *, delimiter: str, write: Callable[[Value, Column], str]
) -> str:
    buffer = io.StringIO()
    writer: Any = csv.writer(buffer, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow(header)
    for row in spec.rows:
        cells = zip(row, spec.columns, strict=True)
        writer.writerow([write(v, c) for value, c in cells for v in spread_value(value, c)])
    return buffer.getvalue()


def _write_exact(value: Value, column: Column) -> str:
    del column
    if value is None:
        return ""
    return neutralise(value) if isinstance(value, str) else repr(value)


def _write_rounded(value: Value, column: Column) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return neutralise(value)
    number: Any = to_percent(value) if column.kind == "percent" else value  # type: ignore[arg-type]  # intervals are spread
    digits = 3 if column.kind == "p_value" else column.digits
    return f"{round_half_up(number, digits=digits):f}".replace(".", ",")
