"""Pieces of SPSS files: ranges of rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.intake.pieces.piece import Piece
from clientindex.intake.read_sav import count_sav_rows, read_sav_rows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from clientindex.edition import SurveySource
    from clientindex.intake.raw import RawBatch


def plan_sav(source: SurveySource, *, name: str, n_rows: int) -> Iterator[Piece]:
    """Yield the pieces of an SPSS file, `n_rows` rows each.

    A file that does not say how many rows it has is one piece.

    Raises
    ------
    ReadingError
        If the file is damaged or its text has another encoding.
    """
    total = count_sav_rows(source.file, source)
    size = source.file.stat().st_size
    for start in range(0, max(total, 1), n_rows):
        stop = min(start + n_rows, total) if total >= 0 else -1
        yield Piece(
            source=source,
            name=name,
            kind="sav",
            start=start,
            stop=stop,
            n_bytes=size * (stop - start) // total if total > 0 else size,
        )


def read_sav_piece(piece: Piece) -> Iterator[RawBatch]:
    """Yield the rows of a piece; row 2 is the first of the file.

    Every reading passes the rows before it, so a piece is read at once.

    Raises
    ------
    ReadingError
        If the file is damaged or its text has another encoding.
    """
    yield read_sav_rows(
        piece.source.file,
        piece.source,
        file=piece.name,
        start=piece.start,
        n_rows=max(piece.stop - piece.start, 0),
    )
