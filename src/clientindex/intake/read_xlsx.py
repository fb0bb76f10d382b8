"""Read one sheet of an Excel workbook; formulas give the value that Excel saved."""

from __future__ import annotations

import warnings
import zipfile
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import ParseError

import numpy as np

from clientindex.intake.log import FaultLog, Place, ReadingError, Trouble
from clientindex.intake.raw import RawTable, encode_cells, format_cell, make_table
from clientindex.settings import find_nearest

if TYPE_CHECKING:
    from pathlib import Path

    from clientindex.edition.sources import TableFile


def read_xlsx(path: Path, source: TableFile, log: FaultLog, *, file: str) -> RawTable:
    """Read a sheet: the one that the edition names, else the first.

    Parameters
    ----------
    path : Path
    source : TableFile
        Sheet, and the decimal mark of numbers kept as text.
    log : FaultLog
        Warned when a sheet had to be guessed.
    file : str
        Name of the file in faults.

    Returns
    -------
    RawTable

    Raises
    ------
    ReadingError
        If the workbook is damaged or lacks the sheet.
    """
    import openpyxl
    from openpyxl.utils.exceptions import InvalidFileException

    damages = (zipfile.BadZipFile, InvalidFileException, ParseError, KeyError, ValueError, EOFError)
    try:
        with warnings.catch_warnings():
            # Styles and validations that openpyxl does not know say nothing about the cells.
            warnings.simplefilter("ignore", UserWarning)
            book = openpyxl.load_workbook(path, read_only=True, data_only=True)
            try:
                cells = _read_cells(book, source, log, file=file)
            finally:
                book.close()
    except damages as exc:
        trouble = Trouble(
            read=f"a damaged workbook ({exc})",
            allowed="a workbook in .xlsx format",
            advice="Open it in Excel and save it as .xlsx (not .xls), or export it again.",
        )
        raise ReadingError(trouble, code="E-FILE-UNREADABLE") from None
    return _make_table(cells, source, file=file)


def _read_cells(book: Any, source: TableFile, log: FaultLog, *, file: str) -> list[list[Any]]:
    sheets = {sheet.title: sheet for sheet in book.worksheets}
    sheet = sheets[_choose_sheet(list(sheets), source, log, file=file)]
    sheet.reset_dimensions()
    return [list(row) for row in sheet.iter_rows(values_only=True)]


def _choose_sheet(names: list[str], source: TableFile, log: FaultLog, *, file: str) -> str:
    listed = ", ".join(map(repr, names))
    if source.sheet is None:
        if len(names) > 1:
            trouble = Trouble(
                read=f"the sheets {listed}",
                allowed="one sheet, or the name of one in the edition",
                advice=f"The sheet {names[0]!r} was read. Write 'sheet: NAME' to choose another.",
            )
            log.add("W-SHEET", Place(file=file), trouble)
        return names[0]
    if source.sheet in names:
        return source.sheet
    near = find_nearest(source.sheet, names)
    advice = f"Did you mean 'sheet: {near}'?" if near else "Write the name of one of them."
    trouble = Trouble(read=f"no sheet {source.sheet!r}", allowed=f"one of {listed}", advice=advice)
    raise ReadingError(trouble, code="E-SHEET")


def _make_table(cells: list[list[Any]], source: TableFile, *, file: str) -> RawTable:
    heading = [format_cell(cell) for cell in cells[0]] if cells else []
    body = cells[1:]
    width = max((len(row) for row in cells), default=0)
    heading += [""] * (width - len(heading))
    for row in body:
        row.extend([None] * (width - len(row)))
    columns = [
        encode_cells(name, [row[position] for row in body], decimal=source.decimal)
        for position, name in enumerate(heading)
    ]
    rows = np.arange(2, len(body) + 2)
    return make_table(file, columns, rows=rows, decimal=source.decimal)
