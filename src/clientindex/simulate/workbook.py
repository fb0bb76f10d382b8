"""A workbook of plain sheets, the same bytes whenever and wherever it is written."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from typing import TYPE_CHECKING

import xlsxwriter

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

CREATED = dt.datetime(2000, 1, 1, tzinfo=dt.UTC).replace(tzinfo=None)
EARLIEST = (1980, 1, 1, 0, 0, 0)
"""Of files in an archive."""


def write_sheets(sheets: Mapping[str, Sequence[Sequence[str | int | None]]]) -> bytes:
    """Return the bytes of a workbook; a cell of None is empty, and no text is a formula.

    Parts are stored as they are: packed bytes differ between libraries of compression.
    """
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        book.set_properties({"created": CREATED})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for place, row in enumerate(rows):
                sheet.write_row(place, 0, row)
    stored = io.BytesIO()
    with zipfile.ZipFile(buffer) as packed, zipfile.ZipFile(stored, "w") as plain:
        for name in packed.namelist():
            plain.writestr(zipfile.ZipInfo(name, date_time=EARLIEST), packed.read(name))
    return stored.getvalue()
