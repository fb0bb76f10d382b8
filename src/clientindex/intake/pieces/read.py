"""Cut survey files into pieces, and read a piece, whatever the kind of file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.intake.log import ReadingError
from clientindex.intake.open_table import (
    add_constants,
    check_exists,
    describe_os_error,
    find_format,
)
from clientindex.intake.pieces.csv_pieces import plan_csv, read_csv_piece
from clientindex.intake.pieces.needed import make_encoder
from clientindex.intake.pieces.parquet_pieces import plan_parquet, read_parquet_piece
from clientindex.intake.pieces.piece import Piece, PieceSize
from clientindex.intake.pieces.sav_pieces import plan_sav, read_sav_piece
from clientindex.intake.raw import RawBatch
from clientindex.intake.read_xlsx import read_xlsx

if TYPE_CHECKING:
    from collections.abc import Iterator

    from clientindex.edition import SurveySource
    from clientindex.intake.log import FaultLog
    from clientindex.methodology import Methodology


def plan_pieces(source: SurveySource, *, name: str, size: PieceSize) -> Iterator[Piece]:
    """Yield the pieces of a file in its order.

    Parameters
    ----------
    source : SurveySource
    name : str
        Name of the file in faults.
    size : PieceSize

    Raises
    ------
    ReadingError
        If the file as a whole cannot be read as the edition says.
    """
    kind = find_format(source)
    check_exists(source.file)
    try:
        if kind == "csv":
            yield from plan_csv(source, name=name, n_bytes=size.n_bytes)
        elif kind == "parquet":
            yield from plan_parquet(source, name=name, n_rows=size.n_piece_rows)
        elif kind == "sav":
            yield from plan_sav(source, name=name, n_rows=size.n_piece_rows)
        else:
            n_bytes = source.file.stat().st_size
            yield Piece(source=source, name=name, kind=kind, start=0, stop=0, n_bytes=n_bytes)
    except OSError as exc:
        raise ReadingError(describe_os_error(exc), code="E-FILE-UNREADABLE") from None


def read_piece(
    piece: Piece, log: FaultLog, methodology: Methodology, *, size: PieceSize
) -> Iterator[RawBatch]:
    """Yield the rows of a piece, in memory a part at a time.

    Rows of a delimited text are numbered from the start of the piece, all others from the start of
    the file.

    Parameters
    ----------
    piece : Piece
    log : FaultLog
        Told of rows with a wrong number of cells.
    methodology : Methodology
        Names the indicators, whose columns are read.
    size : PieceSize

    Raises
    ------
    ReadingError
        If the piece cannot be read as the edition says.
    """
    try:
        for batch in _read(piece, log, methodology, size):
            yield RawBatch(
                table=add_constants(batch.table, piece.source), n_records=batch.n_records
            )
    except OSError as exc:
        raise ReadingError(describe_os_error(exc), code="E-FILE-UNREADABLE") from None


def _read(
    piece: Piece, log: FaultLog, methodology: Methodology, size: PieceSize
) -> Iterator[RawBatch]:
    encode = make_encoder(piece.source, methodology)
    if piece.kind == "csv":
        yield read_csv_piece(piece, log, encode=encode)
    elif piece.kind == "parquet":
        yield from read_parquet_piece(piece, n_rows=size.n_rows, encode=encode)
    elif piece.kind == "sav":
        yield from read_sav_piece(piece)
    else:
        table = read_xlsx(piece.source.file, piece.source, log, file=piece.name)
        yield RawBatch(table=table, n_records=len(table))
