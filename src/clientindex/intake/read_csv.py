"""Read delimited text: UTF-8 with or without byte order mark, or cp1251."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
from pyarrow import csv as arrow_csv

from clientindex.intake.decoding import decode_text
from clientindex.intake.log import FaultLog, Place, ReadingError, Trouble
from clientindex.intake.raw import RawBatch, RawTable, clean_text, encode_arrow, make_table
from clientindex.intake.records import find_records, split_records
from clientindex.threads import get_threads

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from clientindex.edition.sources import TableFile
    from clientindex.intake.raw import TextColumn

DELIMITERS = {",": '","', ";": '";"', "\t": '"\\t"'}
"""Delimiter -> how an edition writes it."""

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_KINDS = {b"PK\x03\x04": "xlsx", b"$FL2": "sav", b"$FL3": "sav", b"PAR1": "parquet"}


def read_csv(path: Path, source: TableFile, log: FaultLog, *, file: str) -> RawTable:
    """Read a delimited text file.

    Parameters
    ----------
    path : Path
    source : TableFile
        Encoding, delimiter and decimal mark.
    log : FaultLog
        Told of rows with a wrong number of cells, which are left out.
    file : str
        Name of the file in faults.

    Returns
    -------
    RawTable

    Raises
    ------
    ReadingError
        If the file as a whole cannot be read as the edition says.
    """
    return parse_csv(path.read_bytes(), source, log, file=file).table


def parse_csv(
    content: bytes,
    source: TableFile,
    log: FaultLog,
    *,
    file: str,
    encode: Callable[[str, Any], TextColumn] = encode_arrow,
) -> RawBatch:
    """Read the bytes of a delimited text, or of its heading and a piece of its rows.

    Parameters
    ----------
    content : bytes
    source, log, file
        As for :func:`read_csv`.
    encode : callable
        Makes a column from its heading and an Arrow array of text.

    Returns
    -------
    RawBatch
        Row 2 is the first after the heading.

    Raises
    ------
    ReadingError
        If the text cannot be read as the edition says.
    """
    refuse_other_kinds(content)
    if not content.isascii():
        decode_text(content, encoding=source.encoding)
    text = _end_lines(drop_byte_order_mark(content, source.encoding))
    find_heading(text, source)
    kept, unclosed = split_records(text, delimiter=source.delimiter)
    body = _recode(kept, source.encoding)
    heading = read_heading(body, source.delimiter)
    table, bad = _parse(body, n_columns=len(heading), delimiter=source.delimiter)
    columns = [encode(name, table.column(position)) for position, name in enumerate(heading)]
    n_records = len(table) + len(bad) + len(unclosed)
    lost = [line.n_before + place for place, line in enumerate(unclosed, start=1)]
    rows = np.delete(np.arange(2, n_records + 2), [row - 2 for row in lost])
    at = [row.number - 2 for row in bad]
    troubles = {int(rows[place]): _describe_width(row) for place, row in zip(at, bad, strict=True)}
    for row, line in zip(lost, unclosed, strict=True):
        troubles[row] = _describe_unclosed(line.text, source.encoding)
    _report_lost_rows(troubles, log, file=file)
    made = make_table(file, columns, rows=np.delete(rows, at), decimal=source.decimal)
    return RawBatch(table=made, n_records=n_records)


def drop_byte_order_mark(content: bytes, encoding: str) -> bytes:
    """Return a text without the mark that UTF-8 may begin with."""
    return content.removeprefix(_BYTE_ORDER_MARK) if encoding == "utf-8" else content


def find_heading(text: bytes, source: TableFile) -> bytes:
    """Return the line of headings; nothing where it does not end within the text.

    Raises
    ------
    ReadingError
        If a quotation mark in it is not closed: nobody knows what the columns are.
    """
    end, opened, _ = find_records(text, delimiter=source.delimiter, most=1)
    if end == 0 and opened >= 0:
        trouble = _describe_unclosed(text, source.encoding)
        raise ReadingError(trouble, code="E-FILE-UNREADABLE", row=1)
    return text[:end]


def _recode(text: bytes, encoding: str) -> bytes:
    """Return a text that is known to be readable in UTF-8."""
    return text if encoding == "utf-8" or text.isascii() else text.decode(encoding).encode()


def _end_lines(body: bytes) -> bytes:
    """Return text whose lines end with a line feed, where they end with a carriage return alone."""
    ended = body if b"\n" in body else body.replace(b"\r", b"\n")
    return ended if ended.endswith((b"\n", b"\r")) else ended + b"\n"


def refuse_other_kinds(content: bytes) -> None:
    """Refuse bytes that begin like a file of another kind.

    Raises
    ------
    ReadingError
        Naming the kind.
    """
    for signature, kind in _KINDS.items():
        if content.startswith(signature):
            trouble = Trouble(
                read=f"a file that begins like .{kind}",
                allowed="delimited text",
                advice=f"Write 'format: {kind}' for this file in the edition.",
            )
            raise ReadingError(trouble, code="E-FILE-UNREADABLE", row=1)


def read_heading(body: bytes, delimiter: str) -> list[str]:
    """Return the headings of a text in UTF-8.

    Raises
    ------
    ReadingError
        If there are none, or they are separated by another character.
    """
    if not body or body.isspace():
        trouble = Trouble(
            read="an empty file",
            allowed="a row of headings and at least one row of data",
            advice="Export the file again, or take it out of the edition.",
        )
        raise ReadingError(trouble, code="E-NO-ROWS")
    try:
        first = next(csv.reader(_take_lines(body), delimiter=delimiter))
    except csv.Error as exc:
        raise _describe_damage(exc) from None
    names = [clean_text(name) for name in first] or [""]
    others = [mark for mark in DELIMITERS if mark != delimiter and mark in names[0]]
    if len(names) == 1 and others:
        right = max(others, key=names[0].count)
        trouble = Trouble(
            read=f"one column, {names[0][:60]!r}",
            allowed=f"columns separated by {DELIMITERS[delimiter]}, as the edition says",
            advice=f"Write 'delimiter: {DELIMITERS[right]}' for this file in the edition.",
        )
        raise ReadingError(trouble, code="E-DELIMITER", row=1)
    return names


def _take_lines(body: bytes) -> Iterator[str]:
    """Yield the lines of a text one by one: the headings are in the first of them."""
    start = 0
    while start < len(body):
        stop = body.find(b"\n", start) + 1 or len(body)
        yield body[start:stop].decode("utf-8")
        start = stop


def _parse(body: bytes, *, n_columns: int, delimiter: str) -> tuple[Any, list[Any]]:
    """Return the table and the rows with a wrong number of cells.

    Arrow numbers bad rows only on one thread, so the file is read again when there are any.
    """
    bad: list[Any] = []

    def note(row: Any) -> str:
        bad.append(row)
        return "skip"

    threads = get_threads() > 1
    table = _parse_once(body, note, layout=(n_columns, delimiter), use_threads=threads)
    if bad and threads:
        bad.clear()
        table = _parse_once(body, note, layout=(n_columns, delimiter), use_threads=False)
    return table, bad


def _parse_once(body: bytes, note: Any, *, layout: tuple[int, str], use_threads: bool) -> Any:
    n_columns, delimiter = layout
    names = [str(position) for position in range(n_columns)]
    try:
        return arrow_csv.read_csv(
            pa.BufferReader(body),
            read_options=arrow_csv.ReadOptions(
                column_names=names, skip_rows_after_names=1, use_threads=use_threads
            ),
            parse_options=arrow_csv.ParseOptions(
                delimiter=delimiter,
                newlines_in_values=True,
                ignore_empty_lines=False,
                invalid_row_handler=note,
            ),
            convert_options=arrow_csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()),
                strings_can_be_null=True,
                null_values=[""],
            ),
        )
    except pa.ArrowInvalid as exc:
        raise _describe_damage(exc) from None


def _describe_damage(exc: Exception) -> ReadingError:
    endless = "straddling" in str(exc)
    trouble = Trouble(
        read="a cell without end" if endless else f"text that cannot be split into cells ({exc})",
        allowed="delimited text with closed quotes",
        advice="Look for an unclosed quotation mark, or export the file again.",
    )
    return ReadingError(trouble, code="E-FILE-UNREADABLE")


def _describe_width(row: Any) -> Trouble:
    return Trouble(
        read=f"{row.actual_columns} cells: {row.text[:60]!r}",
        allowed=f"{row.expected_columns} cells, as in the heading",
        advice="Put quotation marks round cells that hold the delimiter, or mend the row.",
    )


def _describe_unclosed(line: bytes, encoding: str) -> Trouble:
    text = line[:240].decode(encoding, errors="replace").rstrip()
    return Trouble(
        read=f"a quotation mark that is not closed: {text[:60]!r}",
        allowed="closed quotation marks",
        advice="Close the quotation mark, or double it where it is part of the text.",
    )


def _report_lost_rows(troubles: Mapping[int, Trouble], log: FaultLog, *, file: str) -> None:
    """Log rows that are not in the table, whatever they lack, as one list."""
    rows = sorted(troubles)
    log.add_listed(
        "E-ROW-WIDTH",
        Place(file=file),
        rows=rows,
        describe=lambda position: troubles[rows[position]],
    )
