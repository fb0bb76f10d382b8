"""Open one input file, whatever its kind: the only place that knows about files on disk."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from clientindex.edition import SurveySource
from clientindex.edition.file_sets import is_pattern
from clientindex.edition.formats import ENDINGS
from clientindex.hashing import hash_file
from clientindex.intake.log import FaultLog, Place, ReadingError, Trouble
from clientindex.intake.raw import TextColumn
from clientindex.intake.read_csv import read_csv
from clientindex.intake.read_parquet import read_parquet
from clientindex.intake.read_sav import read_sav
from clientindex.intake.read_xlsx import read_xlsx
from clientindex.intake.tables import InputFile
from clientindex.settings import find_nearest

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from numpy.typing import NDArray

    from clientindex.edition.sources import TableFile
    from clientindex.intake.raw import RawTable

_READERS = {"csv": read_csv, "xlsx": read_xlsx, "sav": read_sav, "parquet": read_parquet}
_UNREADABLE = "E-FILE-UNREADABLE"
MAX_LISTED = 10


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OpenedFile:
    """A file as read, and what the manifest says of it."""

    table: RawTable
    record: InputFile


def open_table(source: TableFile, log: FaultLog, *, file: str) -> OpenedFile | None:
    """Read a file and keep the rows that the edition asks for.

    Parameters
    ----------
    source : TableFile
    log : FaultLog
    file : str
        Name of the file in faults.

    Returns
    -------
    OpenedFile or None
        None when the file as a whole cannot be used; the log says why. The number of rows in its
        record is counted before the filter ``where``.
    """
    try:
        kind = find_format(source)
        check_exists(source.file)
        table = _READERS[kind](source.file, source, log, file=file)
        record = InputFile(path=source.file, sha256=hash_file(source.file), n_rows=len(table))
        table = filter_rows(add_constants(table, source), source)
    except ReadingError as exc:
        log.add(exc.code, Place(file=file, row=exc.row), exc.trouble)
        return None
    except OSError as exc:
        log.add(_UNREADABLE, Place(file=file), describe_os_error(exc))
        return None
    return OpenedFile(table=table, record=record)


def find_format(source: TableFile) -> str:
    """Return the format of a file.

    Raises
    ------
    ReadingError
        If neither the edition nor the ending says it, or Spark reads it and not this machine.
    """
    if isinstance(source, SurveySource) and source.spark is not None:
        trouble = Trouble(
            read="answers that Spark reads",
            allowed="the engine of Spark: run, validate and report with '--engine spark'",
            advice="Run it so, or give the answers as files in place of 'spark'.",
        )
        raise ReadingError(trouble, code="E-SETTING")
    ending = source.file.suffix.lower()
    kind = source.format or ENDINGS.get(ending)
    if kind is None:
        trouble = Trouble(
            read=f"the ending {ending!r}" if ending else "a name without ending",
            allowed=f"one of {', '.join(ENDINGS)}, or 'format' in the edition",
            advice="Save an .xls file as .xlsx; else write 'format: csv' or another format.",
        )
        raise ReadingError(trouble, code="E-FORMAT")
    return kind


def check_exists(path: Path) -> None:
    """Refuse what is not there, and folders.

    Raises
    ------
    ReadingError
        Saying what is there.
    """
    if path.is_dir():
        trouble = Trouble(
            read="a folder",
            allowed="a file; for a survey also a folder with files of a known kind",
            advice="Add the file's name to the path, or put files into the folder.",
        )
        raise ReadingError(trouble, code=_UNREADABLE)
    if is_pattern(path):
        trouble = Trouble(
            read="a pattern that no file answers to",
            allowed="a pattern of files that are there, for a survey",
            advice="Put the files there, or correct the pattern.",
        )
        raise ReadingError(trouble, code="E-FILE-MISSING")
    if not path.exists():
        folder = path.parent
        names = [p.name for p in folder.iterdir()] if folder.is_dir() else []
        near = find_nearest(path.name, names)
        found = "its folder exists" if folder.is_dir() else f"nor the folder {folder.name!r}"
        hint = f"Did you mean {near!r}?" if near else "Put the file there, or correct the path."
        trouble = Trouble(
            read=f"no such file ({found})", allowed="the file that the edition names", advice=hint
        )
        raise ReadingError(trouble, code="E-FILE-MISSING")


def describe_os_error(exc: OSError) -> Trouble:
    """Return the words for a file that the system refuses."""
    return Trouble(
        read=f"the system refuses to read it ({exc.strerror or exc})",
        allowed="a file that may be read",
        advice="Check its permissions, and that no other program holds it open.",
    )


def add_constants(table: RawTable, source: TableFile) -> RawTable:
    """Add the columns of ``constant``, which have one text in all rows."""
    if not source.constant:
        return table
    blank = np.zeros(len(table), dtype=np.int32)
    added = {
        name: TextColumn(name=name, codes=blank, distinct=(text,))
        for name, text in source.constant.items()
    }
    return replace(
        table,
        columns={**table.columns, **added},
        repeated=table.repeated | (set(table.columns) & set(added)),
    )


def filter_rows(table: RawTable, source: TableFile) -> RawTable:
    """Keep the rows whose cells hold the texts of ``where``.

    Raises
    ------
    ReadingError
        If the table has no rows, none is kept, or a column of the filter is absent.
    """
    if len(table) == 0:
        raise describe_no_rows()
    kept = keep_rows(table, source)
    if len(kept):
        return kept
    raise describe_none_kept(source, list_filtered(table, source))


def keep_rows(table: RawTable, source: TableFile) -> RawTable:
    """Keep the rows whose cells hold the texts of ``where``, possibly none.

    Raises
    ------
    ReadingError
        If a column of the filter is absent.
    """
    keep = np.ones(len(table), dtype=bool)
    for name, wanted in source.where.items():
        column = table.columns.get(name)
        if column is None:
            raise ReadingError(describe_absent_column(name, table.columns), code="E-COLUMN", row=1)
        keep &= _holds(column, wanted.strip())
    return table if keep.all() else table.take(keep)


def list_filtered(table: RawTable, source: TableFile) -> tuple[str, ...]:
    """Return some of the texts that the columns of the filter hold."""
    return tuple(
        text for name in source.where for text in table.columns[name].distinct[:MAX_LISTED]
    )


def describe_none_kept(source: TableFile, held: Iterable[str]) -> ReadingError:
    """Return the fault of a filter that keeps no row; `held` is what its columns hold."""
    asked = ", ".join(f"{name} = {wanted!r}" for name, wanted in source.where.items())
    trouble = Trouble(
        read=f"no row with {asked}",
        allowed=f"the texts that the column holds: {', '.join(map(repr, held)) or 'none'}",
        advice="Correct 'where' for this file in the edition.",
    )
    return ReadingError(trouble, code="E-NO-ROWS")


def describe_no_rows() -> ReadingError:
    """Return the fault of a file with headings alone."""
    trouble = Trouble(
        read="a heading without rows",
        allowed="at least one row of data",
        advice="Export the file again, or take it out of the edition.",
    )
    return ReadingError(trouble, code="E-NO-ROWS")


def _holds(column: TextColumn, wanted: str) -> NDArray[np.bool_]:
    """Return the rows whose text, or its value label, is `wanted`."""
    found = [wanted in (text, column.labels.get(text)) for text in column.distinct]
    return np.asarray(column.spread([*found, False]), dtype=bool)


def describe_absent_column(name: str, present: Iterable[str]) -> Trouble:
    """Return the words for a column that is not in the file."""
    headings = [heading for heading in present if heading]
    near = find_nearest(name, headings)
    listed = ", ".join(map(repr, headings[:MAX_LISTED]))
    more = f" and {len(headings) - MAX_LISTED} more" if len(headings) > MAX_LISTED else ""
    return Trouble(
        read=f"no column {name!r}; the file has {listed}{more}",
        allowed=f"a column {name!r}",
        advice=f"Did you mean {near!r}? Name it in the edition, or rename the column in the file."
        if near
        else "Name the right column in the edition, or add the column to the file.",
    )
