"""Collect faults: all of them, in words, without drowning the reader in equal ones."""

from __future__ import annotations

from contextlib import contextmanager
from copy import copy
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from clientindex.intake.codes import CODES, STRUCTURAL, severity_of
from clientindex.intake.faults import DataFault

if TYPE_CHECKING:
    from collections.abc import (
        Callable,
        Collection,
        Hashable,
        Iterable,
        Iterator,
        Mapping,
        Sequence,
    )

    from numpy.typing import NDArray

    from clientindex.intake.raw import RawTable
    from clientindex.intake.row_layout import RowLayout

MAX_ROWS = 20
"""Rows listed for one code in one column of one file; the rest is counted."""

HEADING_ROW = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """What was read, what is allowed, what to do."""

    read: str
    allowed: str
    advice: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a fault stands."""

    file: str
    row: int | None = None
    column: str = ""


class ReadingError(Exception):
    """A fault that makes a whole file unreadable; intake lists it and goes on to the next file.

    Attributes
    ----------
    code : str
    trouble : Trouble
    row : int or None
    """

    def __init__(self, trouble: Trouble, *, code: str, row: int | None = None) -> None:
        super().__init__(trouble.read)
        self.code = code
        self.trouble = trouble
        self.row = row


@dataclass(slots=True)
class _Listed:
    """Faulty rows of one code in one column of one file: the first ones, and how many in all."""

    first: list[DataFault]
    n: int

    def tell(self) -> list[DataFault]:
        extra = self.n - len(self.first)
        if extra <= 0:
            return list(self.first)
        read = f"{extra} more row{'s' if extra > 1 else ''} with the same fault"
        return [*self.first, replace(self.first[-1], row=None, read=read)]


@dataclass(slots=True)
class _Shared:
    """A fault told once, with how many rows have it; its ``read`` says what they lack."""

    fault: DataFault
    n: int
    of: int

    def tell(self) -> list[DataFault]:
        read = f"{self.n} of {self.of} rows {self.fault.read}"
        return [replace(self.fault, read=read)] if self.n else []


class FaultLog:
    """Collects the faults of one intake.

    A long file is read in pieces, each with a log of its own: :meth:`merge` puts them together as
    if the file had been read at once. Every reading of a file has a log too, which :meth:`absorb`
    adds to that of the intake.
    """

    def __init__(self) -> None:
        self._entries: dict[tuple[Hashable, ...], DataFault | _Listed | _Shared] = {}
        self._layouts: dict[str, RowLayout] = {}
        self._watched: tuple[NDArray[np.bool_], Collection[str]] | None = None

    @property
    def faults(self) -> tuple[DataFault, ...]:
        """All faults so far, in the order found."""
        return tuple(self._locate(fault) for fault in self._tell())

    def is_broken(self, files: Iterable[str]) -> bool:
        """Return whether any of these files hides data behind a fault of its structure."""
        broken = {
            fault.file
            for fault in self._tell()
            if fault.code in STRUCTURAL and fault.severity == "error"
        }
        return not broken.isdisjoint(files)

    def count_rows(self, code: str, file: str) -> int:
        """Return how many rows of a file have a fault, those that are not listed included."""
        return sum(
            entry.n
            for entry in self._entries.values()
            if isinstance(entry, _Listed)
            and (entry.first[0].code, entry.first[0].file) == (code, file)
        )

    def forgive_rows(self, file: str, codes: Collection[str]) -> None:
        """Make listed faults of rows of a file warnings; faults of the file as a whole stay."""
        for entry in self._entries.values():
            if isinstance(entry, _Listed) and entry.first[0].code in codes:
                entry.first = [_forgive(fault, file) for fault in entry.first]

    def forgive_file(self, file: str, codes: Collection[str]) -> None:
        """Make faults of a file, those of its rows too, warnings."""
        self.forgive_rows(file, codes)
        for key, entry in self._entries.items():
            if isinstance(entry, DataFault) and entry.code in codes:
                self._entries[key] = _forgive(entry, file)

    @contextmanager
    def watch(self, n_rows: int, codes: Collection[str]) -> Iterator[NDArray[np.bool_]]:
        """Give a mask of `n_rows` rows, in which :meth:`add_rows` marks those with such a fault."""
        marked = np.zeros(n_rows, dtype=bool)
        self._watched = (marked, codes)
        try:
            yield marked
        finally:
            self._watched = None

    def add(self, code: str, place: Place, trouble: Trouble) -> None:
        """Add one fault.

        Raises
        ------
        KeyError
            If the code is not in :data:`clientindex.intake.codes.CODES`.
        """
        fault = _make_fault(code, place, trouble)
        self._entries[self._number("one", fault)] = fault

    def add_rows(
        self,
        code: str,
        table: RawTable,
        *,
        column: str,
        at: NDArray[np.bool_] | NDArray[np.intp],
        describe: Callable[[int], Trouble],
    ) -> None:
        """Add one fault a row, and one that counts those beyond the first twenty.

        Parameters
        ----------
        code : str
        table : RawTable
            The file.
        column : str
            Its heading.
        at : bool ndarray of shape (N,) or int ndarray
            The faulty rows, as a mask or as positions in `table`.
        describe : callable
            Gives the words for a position; called only for the rows listed.
        """
        positions = np.flatnonzero(at) if at.dtype == bool else at
        if self._watched is not None and code in self._watched[1]:
            self._watched[0][positions] = True
        self.add_listed(
            code,
            Place(file=table.file, column=column),
            rows=table.rows[positions],
            describe=lambda place: describe(int(positions[place])),
        )

    def add_listed(
        self,
        code: str,
        place: Place,
        *,
        rows: NDArray[np.int64] | Sequence[int],
        describe: Callable[[int], Trouble],
        n: int | None = None,
    ) -> None:
        """Add one fault for each of `rows` of a file, as :meth:`add_rows` does.

        `describe` gives the words for a position in `rows`; `n` says how many rows have the fault,
        where `rows` are only the first of them.
        """
        if len(rows) == 0:
            return
        first = [
            _make_fault(code, replace(place, row=int(rows[position])), describe(position))
            for position in range(min(len(rows), MAX_ROWS))
        ]
        key = self._number("rows", code, place.file, place.column)
        self._entries[key] = _Listed(first, len(rows) if n is None else n)

    def add_share(self, code: str, place: Place, *, n: int, of: int, trouble: Trouble) -> None:
        """Add one fault that says how many rows of a file have it; none when `n` is 0.

        ``trouble.read`` follows "n of N rows", such as "without age".
        """
        key = self._number("share", code, place.file, place.column)
        self._entries[key] = _Shared(_make_fault(code, place, trouble), n, of)

    def shift(self, by: int) -> None:
        """Move the rows of all faults but those of headings: the pieces before had `by` rows."""
        for key, entry in self._entries.items():
            if isinstance(entry, DataFault):
                self._entries[key] = _move(entry, by)
            elif isinstance(entry, _Listed):
                entry.first = [_move(fault, by) for fault in entry.first]

    def place_rows(self, file: str, layout: RowLayout) -> None:
        """Say where the rows of what is no file stand; faults are told there."""
        self._layouts[file] = layout

    def merge(self, other: FaultLog) -> None:
        """Add the faults of another piece of the files; what both tell of a file stays once."""
        self._layouts |= other._layouts
        for key, entry in other._entries.items():
            own = self._entries.get(key)
            if own is None:
                self._entries[key] = copy(entry)
            elif isinstance(own, _Listed) and isinstance(entry, _Listed):
                own.first = [*own.first, *entry.first][:MAX_ROWS]
                own.n += entry.n
            elif isinstance(own, _Shared) and isinstance(entry, _Shared):
                own.n += entry.n
                own.of += entry.of

    def absorb(self, other: FaultLog) -> None:
        """Add the faults of another reading; what both tell stays twice, as in one log."""
        self._layouts |= other._layouts
        for (*key, _), entry in other._entries.items():
            self._entries[self._number(*key)] = copy(entry)

    def to_records(self) -> list[dict[str, Any]]:
        """Return the log as values that JSON can hold; :meth:`from_records` reads them."""
        records: list[dict[str, Any]] = []
        for entry in self._entries.values():
            if isinstance(entry, DataFault):
                records.append({"kind": "one", "faults": [asdict(entry)]})
            elif isinstance(entry, _Listed):
                listed = [asdict(fault) for fault in entry.first]
                records.append({"kind": "rows", "faults": listed, "n": entry.n})
            else:
                shared = [asdict(entry.fault)]
                records.append({"kind": "share", "faults": shared, "n": entry.n, "of": entry.of})
        return records

    @classmethod
    def from_records(cls, records: Iterable[Mapping[str, Any]]) -> FaultLog:
        """Return the log that :meth:`to_records` told."""
        log = cls()
        for record in records:
            faults = [DataFault(**fault) for fault in record["faults"]]
            about = (faults[0].code, faults[0].file, faults[0].column)
            if record["kind"] == "one":
                log._entries[log._number("one", faults[0])] = faults[0]
            elif record["kind"] == "rows":
                log._entries[log._number("rows", *about)] = _Listed(faults, record["n"])
            else:
                shared = _Shared(faults[0], record["n"], record["of"])
                log._entries[log._number("share", *about)] = shared
        return log

    def _tell(self) -> list[DataFault]:
        told: list[DataFault] = []
        for entry in self._entries.values():
            told += [entry] if isinstance(entry, DataFault) else entry.tell()
        return told

    def _locate(self, fault: DataFault) -> DataFault:
        layout = self._layouts.get(fault.file)
        if layout is None or fault.row is None or fault.row <= HEADING_ROW:
            return fault
        label, row = layout.find(fault.row)
        return replace(fault, file=f"{fault.file}, {label}", row=row)

    def _number(self, *key: Hashable) -> tuple[Hashable, ...]:
        """Return the key with the number of its repeat in this log: equal faults are told again."""
        repeat = 0
        while (*key, repeat) in self._entries:
            repeat += 1
        return (*key, repeat)


def _make_fault(code: str, place: Place, trouble: Trouble) -> DataFault:
    if code not in CODES:
        raise KeyError(code)
    return DataFault(
        code=code,
        severity=severity_of(code),
        file=place.file,
        row=place.row,
        column=place.column,
        read=trouble.read,
        allowed=trouble.allowed,
        advice=trouble.advice,
    )


def _forgive(fault: DataFault, file: str) -> DataFault:
    return replace(fault, severity="warning") if fault.file == file else fault


def _move(fault: DataFault, by: int) -> DataFault:
    moves = fault.row is not None and fault.row > HEADING_ROW
    return replace(fault, row=(fault.row or 0) + by) if moves else fault
