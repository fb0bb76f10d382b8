"""What comes back from Spark, put together file by file on the machine that asked."""

from __future__ import annotations

import pickle
from dataclasses import replace
from typing import TYPE_CHECKING

from clientindex.errors import ClusterError
from clientindex.streaming.respondent_ids import RECORD, IdRecords, save_records
from clientindex.streaming.spark_rows import (
    COUNTS,
    PART,
    RUNS,
    read_counts,
    read_ids,
    read_part,
    read_runs,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from clientindex.counts import PairCounts
    from clientindex.intake.row_layout import RowRun
    from clientindex.methodology import Methodology
    from clientindex.streaming.file_counts import FileBuilder
    from clientindex.streaming.part import SurveyPart
    from clientindex.streaming.spark_rows import Row

UNITS_AT_ONCE = 512
"""Units whose tables are in memory at a time, beside those of the file."""

IDS_A_FILE = 2**22
"""Records of ids that are sorted together: 84 MB."""


class Gathered:
    """Parts of some files, in any order of arrival; counts and ids wait on disk.

    Parameters
    ----------
    folder : Path
        Where counts and ids wait; they are removed once they are read.
    name_ids : callable
        Gives the file that keeps the ids of a part, from the position of its file and its number.
    """

    def __init__(self, folder: Path, name_ids: Callable[[int, int], Path]) -> None:
        self._folder, self._name_ids = folder, name_ids
        self._parts: dict[tuple[int, int], SurveyPart] = {}
        self._begun: set[Path] = set()
        self._runs: dict[tuple[int, int], list[RowRun]] = {}

    def take(self, rows: Iterable[Row]) -> None:
        """Take rows as they arrive.

        Raises
        ------
        OSError
            If the folder cannot be written.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        for row in rows:
            about = (row.place, row.number)
            if row.number == COUNTS:
                packed = pickle.dumps((row.key, bytes(row.data)))
                self._append(self._name_counts(row.place), packed)
            elif row.key == PART:
                self._parts[about] = read_part(bytes(row.data))
            elif row.key == RUNS:
                self._runs[about] = read_runs(bytes(row.data))
            else:
                self._append(self._name_unsorted(*about), bytes(row.data))

    def list_parts(self, place: int) -> Iterator[tuple[int, SurveyPart]]:
        """Yield number and part of every part of a file, in order, without their counts."""
        for file, number in sorted(self._parts):
            if file == place:
                yield number, replace(self._parts[file, number], ids=self._sort_ids(file, number))

    def list_runs(self, place: int, number: int) -> list[RowRun]:
        """Return where the rows of a part stand in files; none where that is not known."""
        return self._runs.get((place, number), [])

    def add_counts(self, place: int, builder: FileBuilder, methodology: Methodology) -> None:
        """Add the counts of a file to its parts.

        Raises
        ------
        ClusterError
            If they are not those of the rows that the parts tell of.
        """
        n = 0
        for counts in self._read_counts(place, methodology):
            builder.add_counts(counts)
            n += int(counts.n.sum())
        if n != builder.n_expected:
            msg = (
                f"Spark counted {n} respondents where its executors passed {builder.n_expected}: "
                "rows changed while they were read, or came in another order when Spark repeated "
                "work. Have Spark write the survey as Parquet files and count those."
            )
            raise ClusterError(msg)

    def _read_counts(self, place: int, methodology: Methodology) -> Iterator[PairCounts]:
        """Yield the counts of a file, some units at a time, and forget them."""
        path = self._name_counts(place)
        if path not in self._begun:
            return
        rows: list[tuple[str, bytes]] = []
        with path.open("rb") as stream:
            for row in _load_all(stream):
                rows.append(row)
                if len(rows) == UNITS_AT_ONCE:
                    yield from read_counts(rows, methodology)
                    rows = []
        yield from read_counts(rows, methodology)
        path.unlink()

    def _append(self, path: Path, content: bytes) -> None:
        """Append to a file of this run; what an interrupted run left there goes."""
        with path.open("ab" if path in self._begun else "wb") as stream:
            stream.write(content)
        self._begun.add(path)

    def _sort_ids(self, place: int, number: int) -> IdRecords:
        """Save the ids of a part as the engine of this machine does."""
        unsorted, saved = self._name_unsorted(place, number), IdRecords()
        if unsorted not in self._begun:
            return saved
        target = self._name_ids(place, number)
        with unsorted.open("rb") as stream:
            at = 0
            while content := stream.read(IDS_A_FILE * RECORD.itemsize):
                path = target.with_stem(f"{target.stem}-{at:04d}")
                saved += save_records([read_ids(content)], path)
                at += 1
        unsorted.unlink()
        return saved

    def _name_unsorted(self, place: int, number: int) -> Path:
        return self._name_ids(place, number).with_suffix(".unsorted")

    def _name_counts(self, place: int) -> Path:
        return self._folder / f"from-spark-{place:06d}.rows"


def _load_all(stream: object) -> Iterator[tuple[str, bytes]]:
    while True:
        try:
            # Our own rows of this run.
            row: tuple[str, bytes] = pickle.load(stream)  # type: ignore[arg-type]
        except EOFError:
            return
        yield row
