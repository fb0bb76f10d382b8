"""Pieces of delimited text, each with whole records."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from clientindex.intake.decoding import decode_text
from clientindex.intake.log import Place, Trouble
from clientindex.intake.pieces.piece import Piece
from clientindex.intake.pieces.records import find_records
from clientindex.intake.raw import RawBatch, make_table
from clientindex.intake.read_csv import parse_csv, read_heading, refuse_other_kinds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any, BinaryIO

    from clientindex.edition import SurveySource
    from clientindex.intake.log import FaultLog
    from clientindex.intake.raw import TextColumn

LONGEST_CELL = 2**20
"""A quoted cell with more bytes is one whose quotation mark is not closed."""

HEADING_BYTES = 2**20
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def plan_csv(source: SurveySource, *, name: str, n_bytes: int) -> Iterator[Piece]:
    """Yield the pieces of a delimited text of about `n_bytes` each.

    A line with a quotation mark that is not closed within :data:`LONGEST_CELL` is a piece of its
    own, so that the lines after it are read.

    Raises
    ------
    ReadingError
        If the headings cannot be read as the edition says.
    """
    with source.file.open("rb") as stream:
        heading, start = _take_heading(stream.read(HEADING_BYTES), source)

        def make(start: int, stop: int, *, unclosed: bool = False) -> Piece:
            return Piece(
                source=source,
                name=name,
                kind="csv",
                start=start,
                stop=stop,
                n_bytes=stop - start,
                heading=heading,
                unclosed=unclosed,
            )

        if not heading.endswith(b"\n"):
            # One line only, or lines that end with a carriage return alone: read at once.
            yield make(start, source.file.stat().st_size)
            return
        for begin, end, unclosed in _split(stream, start, n_bytes, source.delimiter):
            yield make(begin, end, unclosed=unclosed)


def _take_heading(content: bytes, source: SurveySource) -> tuple[bytes, int]:
    """Return the line of headings without a byte order mark, and where the rows begin.

    There is none where `content`, which may be cut anywhere, does not hold a whole line.
    """
    refuse_other_kinds(content)
    marked = source.encoding == "utf-8" and content.startswith(_BYTE_ORDER_MARK)
    mark = len(_BYTE_ORDER_MARK) if marked else 0
    end = _find_first_end(content[mark:], source.delimiter)
    if end == 0:
        return b"", 0
    heading = content[mark : mark + end]
    read_heading(decode_text(heading, encoding=source.encoding).encode(), source.delimiter)
    return heading, mark + end


def _find_first_end(content: bytes, delimiter: str) -> int:
    """Return where the first record ends; 0 = nowhere."""
    place = content.find(b"\n") + 1
    while place:
        if find_records(content[:place], delimiter=delimiter)[0] == place:
            return place
        place = content.find(b"\n", place) + 1
    return 0


def _split(
    stream: BinaryIO, start: int, n_bytes: int, delimiter: str
) -> Iterator[tuple[int, int, bool]]:
    """Yield begin, end and whether a quotation mark is not closed, of every piece."""
    wanted, yielded = n_bytes, False
    while True:
        stream.seek(start)
        content = stream.read(wanted)
        if not content:
            if not yielded:
                yield start, start, False
            return
        at_end = len(content) < wanted
        end, opened = find_records(content, delimiter=delimiter)
        unclosed = opened >= 0 and (at_end or len(content) - opened > LONGEST_CELL)
        if at_end and not unclosed:
            end = len(content)
        if end == 0 and not unclosed:
            wanted *= 2
            continue
        if end:
            yield start, start + end, False
        if unclosed:
            line = content.find(b"\n", max(opened, end)) + 1 or len(content)
            yield start + end, start + line, True
            end = line
        start, wanted, yielded = start + end, n_bytes, True


def read_csv_piece(
    piece: Piece, log: FaultLog, *, encode: Callable[[str, Any], TextColumn]
) -> RawBatch:
    """Read a piece of delimited text; row 2 is its first.

    Raises
    ------
    ReadingError
        If the text cannot be read as the edition says.
    """
    with piece.source.file.open("rb") as stream:
        stream.seek(piece.start)
        content = stream.read(piece.stop - piece.start)
    if piece.unclosed:
        return _report_unclosed(piece, content, log)
    return parse_csv(piece.heading + content, piece.source, log, file=piece.name, encode=encode)


def _report_unclosed(piece: Piece, content: bytes, log: FaultLog) -> RawBatch:
    text = content.decode(piece.source.encoding, errors="replace")
    log.add_listed(
        "E-ROW-WIDTH",
        Place(file=piece.name),
        rows=[2],
        describe=lambda _: Trouble(
            read=f"a quotation mark that is not closed: {text[:60]!r}",
            allowed="closed quotation marks",
            advice="Close the quotation mark, or double it where it is part of the text.",
        ),
    )
    nothing = make_table(
        piece.name, [], rows=np.zeros(0, dtype=np.int64), decimal=piece.source.decimal
    )
    return RawBatch(table=nothing, n_records=1)
