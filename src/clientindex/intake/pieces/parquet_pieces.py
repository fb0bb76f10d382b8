"""Pieces of Parquet files: row groups that stand together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from pyarrow import parquet

from clientindex.intake.pieces.piece import Piece
from clientindex.intake.raw import RawBatch, make_table
from clientindex.intake.read_parquet import INDEX_PREFIX, tell_damage
from clientindex.threads import get_threads

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from clientindex.edition import SurveySource
    from clientindex.intake.raw import TextColumn


def plan_parquet(source: SurveySource, *, name: str, n_rows: int) -> Iterator[Piece]:
    """Yield the pieces of a Parquet file: row groups until they have `n_rows` rows.

    Raises
    ------
    ReadingError
        If the file is damaged or of another kind.
    """
    with tell_damage(), source.file.open("rb") as stream:
        sizes = _list_groups(parquet.ParquetFile(stream).metadata)
        n_bytes = source.file.stat().st_size
    total, start, rows = sum(sizes), 0, 0
    for stop, n in enumerate(sizes, start=1):
        rows += n
        if rows >= n_rows or stop == len(sizes):
            yield Piece(
                source=source,
                name=name,
                kind="parquet",
                start=start,
                stop=stop,
                n_bytes=n_bytes * rows // total if total else n_bytes,
            )
            start, rows = stop, 0
    if not sizes:
        yield Piece(source=source, name=name, kind="parquet", start=0, stop=0, n_bytes=n_bytes)


def _list_groups(metadata: Any) -> list[int]:
    """Return the rows of every row group."""
    return [metadata.row_group(place).num_rows for place in range(metadata.num_row_groups)]


def read_parquet_piece(
    piece: Piece, *, n_rows: int, encode: Callable[[str, Any], TextColumn]
) -> Iterator[RawBatch]:
    """Yield the rows of a piece, at most `n_rows` at a time; row 2 is the first of the file.

    Raises
    ------
    ReadingError
        If the file is damaged; it names the first row that cannot be read.
    """
    with piece.source.file.open("rb") as stream:
        with tell_damage():
            file = parquet.ParquetFile(stream, pre_buffer=False)
        sizes = _list_groups(file.metadata)
        row = 2 + sum(sizes[: piece.start])
        groups = list(range(piece.start, piece.stop))
        batches = file.iter_batches(
            batch_size=n_rows, row_groups=groups, use_threads=get_threads() > 1
        )
        empty = True
        while True:
            with tell_damage(row):
                batch = next(batches, None)
            if batch is None:
                break
            empty = False
            yield _make_batch(piece, batch, row, encode)
            row += len(batch)
        if empty:
            yield _make_batch(piece, file.schema_arrow.empty_table(), row, encode)


def _make_batch(
    piece: Piece, batch: Any, row: int, encode: Callable[[str, Any], TextColumn]
) -> RawBatch:
    columns = [
        encode(name, batch.column(position))
        for position, name in enumerate(batch.schema.names)
        if not name.startswith(INDEX_PREFIX)
    ]
    rows = np.arange(row, row + len(batch))
    table = make_table(piece.name, columns, rows=rows, decimal=piece.source.decimal)
    return RawBatch(table=table, n_records=len(batch))
