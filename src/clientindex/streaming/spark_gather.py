"""What comes back from Spark, put together file by file on the machine that asked."""

from __future__ import annotations

import pickle
from dataclasses import replace
from typing import TYPE_CHECKING

from clientindex.streaming.respondent_ids import IdRecords, save_records
from clientindex.streaming.spark_rows import COUNTS, PART, read_counts, read_ids, read_part

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from clientindex.counts import PairCounts
    from clientindex.methodology import Methodology
    from clientindex.streaming.part import SurveyPart
    from clientindex.streaming.spark_rows import Row

UNITS_AT_ONCE = 512
"""Units whose tables are in memory at a time, beside those of the file."""


class Gathered:
    """Parts of some files, in any order of arrival; counts and ids wait on disk.

    Parameters
    ----------
    folder : Path
        Where counts wait; they are removed once they are read.
    name_ids : callable
        Gives the file that keeps the ids of a part, from the position of its file and its number.
    """

    def __init__(self, folder: Path, name_ids: Callable[[int, int], Path]) -> None:
        self._folder, self._name_ids = folder, name_ids
        self._parts: dict[tuple[int, int], SurveyPart] = {}
        self._ids: dict[tuple[int, int], IdRecords] = {}

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
                with self._name_counts(row.place).open("ab") as stream:
                    pickle.dump((row.key, bytes(row.data)), stream)
            elif row.key == PART:
                self._parts[about] = read_part(bytes(row.data))
            else:
                target = self._name_ids(*about)
                path = target.with_stem(f"{target.stem}-{row.key.replace(' ', '-')}")
                saved = save_records([read_ids(bytes(row.data))], path)
                self._ids[about] = self._ids.get(about, IdRecords()) + saved

    def list_parts(self, place: int) -> Iterator[tuple[int, SurveyPart]]:
        """Yield number and part of every part of a file, in order, without their counts."""
        for file, number in sorted(self._parts):
            if file == place:
                ids = self._ids.get((file, number), IdRecords())
                yield number, replace(self._parts[file, number], ids=ids)

    def read_counts(self, place: int, methodology: Methodology) -> Iterator[PairCounts]:
        """Yield the counts of a file, some units at a time, and forget them."""
        path = self._name_counts(place)
        if not path.is_file():
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
