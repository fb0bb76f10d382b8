"""Who answered, as hashes on disk: a respondent may stand once in a segment and period.

Ids of a national survey do not fit into memory. Every piece of a file leaves its hashes sorted in a
file of its own, and repeats are looked for in one slice of the range of hashes after another. Of
these files only what is asked for is read, and none stays open: there may be thousands.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from clientindex.intake.identifiers import hash_identifiers, hash_texts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from clientindex.intake.respondents import RespondentBatch

RECORD = np.dtype([("high", "<u8"), ("low", "<u8"), ("row", "<u4")])
"""Two halves of the hash of segment, period and id, and the row of the file."""

SLICE_RECORDS = 2**20
"""Records that are compared at a time."""

_Taken = tuple[int, int, "NDArray[np.void]"]
"""Position of a file, by how much its rows move, and records of it."""

_ODD = np.uint64(0x9E3779B97F4A7C15)


def hash_respondents(batch: RespondentBatch) -> NDArray[np.void]:
    """Return a record of every respondent with an id, shape (M,) of :data:`RECORD`."""
    column = batch.respondent
    if column is None:
        return np.zeros(0, dtype=RECORD)
    named = ~column.is_empty
    hashes = hash_identifiers(column)[named]
    period = hash_texts([*batch.period.distinct, ""])[batch.period.codes[named]]
    segment = (batch.segment[named].astype(np.int64) + 1).astype(np.uint64)
    records = np.empty(len(hashes), dtype=RECORD)
    with np.errstate(over="ignore"):
        records["high"] = (hashes[:, 0] ^ (period[:, 0] + segment * _ODD)) * _ODD
        records["low"] = (hashes[:, 1] ^ (period[:, 1] * _ODD + segment)) * _ODD
    records["row"] = batch.table.rows[named]
    return records


@dataclass(frozen=True, slots=True, kw_only=True)
class IdRecords:
    """Records of a piece or file.

    Attributes
    ----------
    files : tuple of (Path, int)
        File of sorted records, and by how much its rows move.
    """

    files: tuple[tuple[Path, int], ...] = ()

    def move(self, by: int) -> IdRecords:
        """Return the records of rows that `by` rows stand before."""
        return IdRecords(files=tuple((path, shift + by) for path, shift in self.files))

    def __add__(self, other: IdRecords) -> IdRecords:
        """Return the records of both."""
        return IdRecords(files=self.files + other.files)


def save_records(parts: Sequence[NDArray[np.void]], path: Path) -> IdRecords:
    """Write records sorted by hash; none leave no file."""
    filled = [part for part in parts if len(part)]
    if not filled:
        return IdRecords()
    records = np.concatenate(filled)
    records = records[np.argsort(records["high"])]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(records.data)
    return IdRecords(files=((path, 0),))


@dataclass(slots=True, eq=False)
class Repeats:
    """Rows of a file whose respondent stood before.

    Attributes
    ----------
    n : int
    first : list of (row, file, row)
        Some of the first such rows, with the place where the respondent stands at first: position
        of the file, and row.
    """

    n: int = 0
    first: list[tuple[int, int, int]] = field(default_factory=list)

    def add(self, rows: NDArray[np.int64], places: NDArray[np.int64], *, limit: int) -> None:
        """Add rows with the file and row where each respondent stands at first."""
        self.n += len(rows)
        kept = np.argsort(rows, kind="stable")[:limit]
        found = zip(rows[kept].tolist(), *places[kept].T.tolist(), strict=True)
        self.first = sorted([*self.first, *found])[:limit]


def find_repeats(files: Sequence[IdRecords], *, limit: int) -> dict[int, Repeats]:
    """Find respondents who stand twice.

    Parameters
    ----------
    files : sequence of IdRecords
        Of every file in order.
    limit : int
        Rows that are listed a file.

    Returns
    -------
    dict
        Position of a file -> its repeats; files without any are left out.
    """
    found: dict[int, Repeats] = {}
    for taken in _slice(files):
        twice = _find_twice([records["high"] for _, _, records in taken])
        if len(twice):
            _add_repeats(_list_candidates(taken, twice), found, limit)
    return found


def _slice(files: Sequence[IdRecords]) -> Iterator[list[_Taken]]:
    """Yield the records of one slice of the range of hashes after another."""
    kept = [
        (place, shift, path) for place, records in enumerate(files) for path, shift in records.files
    ]
    n_records = sum(path.stat().st_size for _, _, path in kept) // RECORD.itemsize
    n_slices = max(1, -(-n_records // SLICE_RECORDS))
    bounds = np.array([(2**64 * place) // n_slices for place in range(n_slices)], dtype=np.uint64)
    starts = [_find_starts(path, bounds) for _, _, path in kept]
    for number in range(n_slices):
        yield [
            (place, shift, _read(path, start[number], start[number + 1]))
            for (place, shift, path), start in zip(kept, starts, strict=True)
        ]


def _find_starts(path: Path, bounds: NDArray[np.uint64]) -> list[int]:
    """Return where every slice of a file begins, and the number of its records."""
    high = np.fromfile(path, dtype=RECORD)["high"]
    return [*np.searchsorted(high, bounds).tolist(), len(high)]


def _read(path: Path, start: int, stop: int) -> NDArray[np.void]:
    """Return the records of a file from one position up to another."""
    return np.fromfile(path, dtype=RECORD, count=stop - start, offset=start * RECORD.itemsize)


def _find_twice(parts: Sequence[NDArray[np.uint64]]) -> NDArray[np.uint64]:
    """Return the numbers that stand more than once."""
    numbers = np.sort(np.concatenate([np.zeros(0, dtype=np.uint64), *parts]))
    return np.unique(numbers[1:][numbers[1:] == numbers[:-1]])


def _list_candidates(taken: Sequence[_Taken], twice: NDArray[np.uint64]) -> NDArray[np.int64]:
    """Return high, low, file and row of the records whose first half stands more than once."""
    blocks = []
    for place, shift, records in taken:
        chosen = records[np.isin(records["high"], twice)]
        block = np.empty((len(chosen), 4), dtype=np.int64)
        block[:, 0], block[:, 1] = chosen["high"].view(np.int64), chosen["low"].view(np.int64)
        block[:, 2], block[:, 3] = place, chosen["row"].astype(np.int64) + shift
        blocks.append(block)
    return np.concatenate(blocks)


def _add_repeats(block: NDArray[np.int64], found: dict[int, Repeats], limit: int) -> None:
    """Add the rows of a block that are not the first with their hash."""
    block = block[np.lexsort((block[:, 3], block[:, 2], block[:, 1], block[:, 0]))]
    again = np.zeros(len(block), dtype=bool)
    again[1:] = (block[1:, :2] == block[:-1, :2]).all(axis=1)
    starts = np.maximum.accumulate(np.where(again, 0, np.arange(len(block))))
    repeated, places = block[again], block[starts[again]][:, 2:]
    for file in np.unique(repeated[:, 2]).tolist():
        here = repeated[:, 2] == file
        found.setdefault(file, Repeats()).add(repeated[here, 3], places[here], limit=limit)
