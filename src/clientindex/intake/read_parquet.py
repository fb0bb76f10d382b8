"""Read Parquet files."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
from pyarrow import parquet

from clientindex.intake.log import FaultLog, ReadingError, Trouble
from clientindex.intake.raw import RawTable, encode_arrow, make_table
from clientindex.threads import get_threads

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from clientindex.edition.sources import TableFile

INDEX_PREFIX = "__index_level_"
"""Columns that pandas adds on writing; nobody meant them as data."""

DAMAGES = (pa.ArrowInvalid, pa.ArrowNotImplementedError, OSError)
"""What Arrow raises of a damaged file; an OSError with a number is one of the system."""


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
    with tell_damage(), path.open("rb") as stream:
        table = parquet.ParquetFile(stream).read(use_threads=get_threads() > 1)
    columns = [
        encode_arrow(name, table.column(position), decimal=source.decimal)
        for position, name in enumerate(table.column_names)
        if not name.startswith(INDEX_PREFIX)
    ]
    rows = np.arange(2, len(table) + 2)
    return make_table(file, columns, rows=rows, decimal=source.decimal)


@contextmanager
def tell_damage(row: int | None = None) -> Iterator[None]:
    """Turn what Arrow says of a damaged file into its fault, from `row` on where that is known.

    Raises
    ------
    ReadingError
        If the file is damaged or of another kind.
    OSError
        If the system refuses to read it.
    """
    try:
        yield
    except DAMAGES as exc:
        if isinstance(exc, OSError) and exc.errno is not None:
            raise
        raise _describe_damage(exc, row) from None


def _describe_damage(exc: Exception, row: int | None) -> ReadingError:
    since = "" if row is None else f" from row {row} on"
    trouble = Trouble(
        read=f"a damaged file{since} ({exc})",
        allowed="a Parquet file",
        advice="Write it again from its source.",
    )
    return ReadingError(trouble, code="E-FILE-UNREADABLE", row=row)
