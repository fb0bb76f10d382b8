"""Collect faults: all of them, in words, without drowning the reader in equal ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from clientindex.intake.codes import CODES, STRUCTURAL, severity_of
from clientindex.intake.faults import DataFault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from numpy.typing import NDArray

    from clientindex.intake.raw import RawTable

MAX_ROWS = 20
"""Rows listed for one code in one column of one file; the rest is counted."""


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


class FaultLog:
    """Collects the faults of one intake."""

    def __init__(self) -> None:
        self._faults: list[DataFault] = []

    @property
    def faults(self) -> tuple[DataFault, ...]:
        """All faults so far, in the order found."""
        return tuple(self._faults)

    def is_broken(self, files: Iterable[str]) -> bool:
        """Return whether any of these files hides data behind a fault of its structure."""
        broken = {fault.file for fault in self._faults if fault.code in STRUCTURAL}
        return not broken.isdisjoint(files)

    def add(self, code: str, place: Place, trouble: Trouble) -> None:
        """Add one fault.

        Raises
        ------
        KeyError
            If the code is not in :data:`clientindex.intake.codes.CODES`.
        """
        if code not in CODES:
            raise KeyError(code)
        self._faults.append(
            DataFault(
                code=code,
                severity=severity_of(code),
                file=place.file,
                row=place.row,
                column=place.column,
                read=trouble.read,
                allowed=trouble.allowed,
                advice=trouble.advice,
            )
        )

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
        trouble: Trouble | None = None
        for position in positions[:MAX_ROWS].tolist():
            trouble = describe(position)
            row = int(table.rows[position])
            self.add(code, Place(file=table.file, row=row, column=column), trouble)
        extra = len(positions) - MAX_ROWS
        if extra > 0 and trouble is not None:
            read = f"{extra} more row{'s' if extra > 1 else ''} with the same fault"
            more = Trouble(read=read, allowed=trouble.allowed, advice=trouble.advice)
            self.add(code, Place(file=table.file, column=column), more)
