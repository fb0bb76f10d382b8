"""Pieces of delimited text, each with whole records."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.intake.decoding import decode_text
from clientindex.intake.pieces.piece import Piece
from clientindex.intake.read_csv import (
    drop_byte_order_mark,
    find_heading,
    parse_csv,
    read_heading,
    refuse_other_kinds,
)
from clientindex.intake.records import find_end

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any, BinaryIO

    from clientindex.edition import SurveySource
    from clientindex.intake.log import FaultLog
    from clientindex.intake.raw import RawBatch, TextColumn

HEADING_BYTES = 2**21
"""Bytes that are searched for the line of headings; more than :data:`LONGEST_CELL`."""


def plan_csv(source: SurveySource, *, name: str, n_bytes: int) -> Iterator[Piece]:
    """Yield the pieces of a delimited text of about `n_bytes` each.

    Raises
    ------
    ReadingError
        If the headings cannot be read as the edition says.
    """
    with source.file.open("rb") as stream:
        heading, start = _take_heading(stream.read(HEADING_BYTES), source)

        # One line only, or lines that end with a carriage return alone: read at once.
        whole = [(start, source.file.stat().st_size)]
        is_cut = heading.endswith(b"\n")
        for begin, end in _split(stream, start, n_bytes, source.delimiter) if is_cut else whole:
            yield Piece(
                source=source,
                name=name,
                kind="csv",
                start=begin,
                stop=end,
                n_bytes=end - begin,
                heading=heading,
            )


def _take_heading(content: bytes, source: SurveySource) -> tuple[bytes, int]:
    """Return the line of headings without a byte order mark, and where the rows begin.

    There is none where `content`, which may be cut anywhere, does not hold a whole line.
    """
    refuse_other_kinds(content)
    text = drop_byte_order_mark(content, source.encoding)
    line = find_heading(text, source)
    if not line:
        return b"", 0
    read_heading(decode_text(line, encoding=source.encoding).encode(), source.delimiter)
    return line, len(content) - len(text) + len(line)


def _split(stream: BinaryIO, start: int, n_bytes: int, delimiter: str) -> Iterator[tuple[int, int]]:
    """Yield begin and end of every piece; without rows one that is empty."""
    wanted, yielded = n_bytes, False
    while True:
        stream.seek(start)
        content = stream.read(wanted)
        if not content:
            if not yielded:
                yield start, start
            return
        end = find_end(content, delimiter=delimiter, is_whole=len(content) < wanted)
        if end == 0:
            wanted *= 2
            continue
        yield start, start + end
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
    return parse_csv(piece.heading + content, piece.source, log, file=piece.name, encode=encode)
