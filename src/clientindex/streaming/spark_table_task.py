"""What executors do with rows that Spark has read itself: count those of one partition."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote, urlparse

import numpy as np

import clientindex
from clientindex.intake.log import FaultLog, Place, ReadingError
from clientindex.intake.open_table import add_constants
from clientindex.intake.pieces.needed import make_encoder
from clientindex.intake.raw import RawBatch, make_table
from clientindex.intake.row_layout import RowRun
from clientindex.streaming.accumulate import Accumulator
from clientindex.streaming.spark_rows import IDS_A_ROW, tell_ids, tell_part, tell_runs
from clientindex.streaming.spark_tasks import check_program, join_records

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from clientindex.edition import SurveySource
    from clientindex.streaming.job import CountingJob

FILE_COLUMN: Final = "__clientindex_file"
ROW_COLUMN: Final = "__clientindex_row"
"""Columns that say in which file a row stands, and where; they are no columns of the survey."""

FIRST_ROW: Final = 2
"""Rows of a part are numbered from here, as those of a piece of delimited text are."""

MOST_RUNS: Final = 10_000
"""With more runs of rows only the partition is told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TableCounter:
    """Counts a partition of a table.

    Attributes
    ----------
    place : int
        Position of the table among the sources.
    source : SurveySource
    name : str
        Name of the table in faults.
    job : CountingJob
    program : str
        Version of the program that asks.
    """

    place: int
    source: SurveySource
    name: str
    job: CountingJob
    program: str = clientindex.__version__

    def __call__(self, batches: Iterator[Any]) -> Iterator[Any]:
        """Yield the rows of the partition whose rows are in `batches`."""
        from pyspark import TaskContext

        check_program(self.program)
        context = TaskContext.get()
        yield from self.count(batches, number=0 if context is None else context.partitionId())

    def count(self, batches: Iterator[Any], *, number: int) -> Iterator[Any]:
        """Yield the rows of a partition with that number."""
        log = FaultLog()
        accumulator = Accumulator(self.source, self.job, log)
        runs, records, sent = _Runs(), [], 0
        try:
            for batch in self._encode(batches, runs):
                accumulator.add(batch)
                records.append(accumulator.take_ids())
                if sum(map(len, records)) >= IDS_A_ROW:
                    yield from tell_ids(self.place, number, join_records(records), first=sent)
                    records, sent = [], sent + sum(map(len, records)) // IDS_A_ROW + 1
        except ReadingError as exc:
            log.add(exc.code, Place(file=self.name, row=exc.row), exc.trouble)
        yield from tell_ids(self.place, number, join_records(records), first=sent)
        if runs.found:
            yield tell_runs(self.place, number, runs.found)
        yield from tell_part(self.place, number, accumulator.finish())

    def _encode(self, batches: Iterator[Any], runs: _Runs) -> Iterator[RawBatch]:
        encode = make_encoder(self.source, self.job.methodology)
        row = FIRST_ROW
        for batch in batches:
            names = batch.schema.names
            columns = [
                encode(name, batch.column(position))
                for position, name in enumerate(names)
                if name not in (FILE_COLUMN, ROW_COLUMN)
            ]
            if ROW_COLUMN in names:
                runs.add(batch, row)
            rows = np.arange(row, row + len(batch))
            table = make_table(self.name, columns, rows=rows, decimal=self.source.decimal)
            row += len(batch)
            yield RawBatch(table=add_constants(table, self.source), n_records=len(batch))


class _Runs:
    """Rows of a partition that stand together in a file."""

    def __init__(self) -> None:
        self.found: list[RowRun] = []
        self._ended: tuple[str, int] | None = None
        self._too_many = False

    def add(self, batch: Any, row: int) -> None:
        """Add a batch whose first row has the number `row` in the partition."""
        if self._too_many or not len(batch):
            return
        rows = np.asarray(batch.column(ROW_COLUMN)).astype(np.int64)
        files = batch.column(FILE_COLUMN).dictionary_encode()
        codes = np.asarray(files.indices)
        labels = [name_file(path) for path in files.dictionary.to_pylist()]
        for start in _find_starts(codes, rows):
            label, at = labels[codes[start]], int(rows[start])
            if start or (label, at) != self._ended:
                self.found.append(RowRun(start=row + int(start), label=label, first=at + 2))
        self._ended = (labels[codes[-1]], int(rows[-1]) + 1)
        if len(self.found) > MOST_RUNS:
            self.found, self._too_many = [], True


def _find_starts(codes: NDArray[Any], rows: NDArray[np.int64]) -> NDArray[np.intp]:
    """Return where another file begins, or the rows of one do not follow each other."""
    breaks = (np.diff(codes) != 0) | (np.diff(rows) != 1)
    return np.concatenate([[0], np.flatnonzero(breaks) + 1])


def name_file(address: str) -> str:
    """Return the name of a file from its address, with the folders that name columns.

    Examples
    --------
    >>> name_file("s3a://bucket/survey/year=2026/region=%D0%90/part-0.parquet")
    'year=2026/region=А/part-0.parquet'
    """
    parts = unquote(urlparse(address).path).split("/")
    return "/".join([*(part for part in parts[:-1] if "=" in part), parts[-1]])
