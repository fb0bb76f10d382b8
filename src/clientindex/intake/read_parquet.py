"""Read Parquet files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
from pyarrow import parquet

from clientindex.intake.log import FaultLog, ReadingError, Trouble
from clientindex.intake.raw import RawTable, encode_arrow, make_table

if TYPE_CHECKING:
    from pathlib import Path

    from clientindex.edition.sources import TableFile

INDEX_PREFIX = "__index_level_"
"""Columns that pandas adds on writing; nobody meant them as data."""


def read_parquet(path: Path, source: TableFile, log: FaultLog, *, file: str) -> RawTable:
    """Read a Parquet file; its first row of data counts as row 2, like in a spreadsheet.

    Parameters
    ----------
    path : Path
    source : TableFile
        Decimal mark of numbers kept as text.
    log : FaultLog
    file : str
        Name of the file in faults.

    Returns
    -------
    RawTable

    Raises
    ------
    ReadingError
        If the file is damaged or of another kind.
    """
    try:
        with path.open("rb") as stream:
            table = parquet.ParquetFile(stream).read()
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, OSError) as exc:
        if isinstance(exc, PermissionError | IsADirectoryError):
            raise
        raise describe_damage(exc) from None
    columns = [
        encode_arrow(name, table.column(position), decimal=source.decimal)
        for position, name in enumerate(table.column_names)
        if not name.startswith(INDEX_PREFIX)
    ]
    rows = np.arange(2, len(table) + 2)
    return make_table(file, columns, rows=rows, decimal=source.decimal)


def describe_damage(exc: Exception, *, row: int | None = None) -> ReadingError:
    """Return the fault of a file that cannot be read, from `row` on where that is known."""
    since = "" if row is None else f" from row {row} on"
    trouble = Trouble(
        read=f"a damaged file{since} ({exc})",
        allowed="a Parquet file",
        advice="Write it again from its source.",
    )
    return ReadingError(trouble, code="E-FILE-UNREADABLE", row=row)
