"""Leave out faulty rows and files where the edition allows it, and say how much that is."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from clientindex.intake.codes import STRUCTURAL
from clientindex.intake.log import Place, Trouble

if TYPE_CHECKING:
    from collections.abc import Sequence

    from clientindex.edition import LeaveOut
    from clientindex.intake.log import FaultLog

UNREAD_ROW = "E-ROW-WIDTH"
"""Rows with this fault never come into a table."""

ROW_FAULTS = frozenset(
    {
        UNREAD_ROW,
        "E-PATTERN",
        "E-SEGMENT",
        "E-CENTRE-EMPTY",
        "E-CENTRE-UNKNOWN",
        "E-NUMBER",
        "E-FRACTION",
        "E-DURATION",
        "E-WEIGHT",
        "E-SCALE",
        "E-LABEL",
    }
)
"""Faults of single rows, which go with the row; a repeated respondent is a fault of two rows."""

FILE_FAULTS = (
    STRUCTURAL
    | ROW_FAULTS
    | {
        "E-COLUMN-TWICE",
        "E-AGE",
        "E-INDICATOR",
        "E-COUNT",
        "E-MEAN",
        "E-SD",
        "E-N",
    }
)
"""Faults of one reading of a survey file, which go with it."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Reading:
    """What one entry of the edition reads of a survey file.

    Attributes
    ----------
    file : str
        Name of the file in faults.
    entry : int
        Position of the entry among those of the survey.
    log : FaultLog
        Faults of this reading alone.
    """

    file: str
    entry: int
    log: FaultLog

    @property
    def is_broken(self) -> bool:
        """Whether a fault hides rows or a column."""
        return self.log.is_broken([self.file])


def leave_out_rows(log: FaultLog, rule: LeaveOut, *, file: str, n_left_out: int, n: int) -> None:
    """Make errors of single rows warnings, where the rule allows their share.

    Parameters
    ----------
    log : FaultLog
    rule : LeaveOut
    file : str
        Name of a file of single answers in faults.
    n_left_out : int
        Rows with an error among the `n` rows of the file that could be read.
    n : int
        Rows of the file that the filter keeps.
    """
    unread = log.count_rows(UNREAD_ROW, file)
    left_out, total = n_left_out + unread, n + unread
    if not left_out or left_out / total > rule.rows:
        return
    log.forgive_rows(file, ROW_FAULTS)
    trouble = Trouble(
        read=f"{left_out} of {total} rows with an error, which are left out",
        allowed=f"at most {rule.rows:.6g} of the rows, as 'leave_out' in the edition says",
        advice="Mend the rows that the other faults of the file name; else nothing.",
    )
    log.add("W-LEFT-OUT", Place(file=file), trouble)


def leave_out_files(readings: Sequence[Reading], rule: LeaveOut) -> tuple[Reading, ...]:
    """Make errors of broken readings warnings, where the rule allows the number of their files.

    Parameters
    ----------
    readings : sequence of Reading
        Of all survey files, in the order of the edition.
    rule : LeaveOut

    Returns
    -------
    tuple of Reading
        Those that are left out: what was read of them must not be used.
    """
    broken = [reading for reading in readings if reading.is_broken]
    n_files = len({reading.file for reading in broken})
    if not broken or n_files > rule.files or len(broken) == len(readings):
        return ()
    times = Counter(reading.file for reading in readings)
    for reading in broken:
        reading.log.forgive_file(reading.file, FILE_FAULTS)
        which = f", as entry {reading.entry + 1} reads it" if times[reading.file] > 1 else ""
        trouble = Trouble(
            read=f"a file that cannot be used{which}, one of {n_files}, which are left out",
            allowed=f"at most {rule.files}, as 'leave_out' in the edition says",
            advice="Mend what the other faults of the file say; else nothing.",
        )
        reading.log.add("W-LEFT-OUT", Place(file=reading.file), trouble)
    return tuple(broken)
