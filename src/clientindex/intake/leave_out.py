"""Leave out faulty rows and files where the edition allows it, and say how much that is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.intake.log import Place, Trouble

if TYPE_CHECKING:
    from collections.abc import Collection

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
    if not left_out or left_out > rule.rows * total:
        return
    log.forgive_rows(file, ROW_FAULTS)
    trouble = Trouble(
        read=f"{left_out} of {total} rows with an error, which are left out",
        allowed=f"at most {rule.rows:.6g} of the rows, as 'leave_out' in the edition says",
        advice="Mend the rows that the other faults of the file name; else nothing.",
    )
    log.add("W-LEFT-OUT", Place(file=file), trouble)


def leave_out_files(log: FaultLog, rule: LeaveOut, *, files: Collection[str]) -> bool:
    """Make errors of broken survey files warnings, where the rule allows their number.

    Parameters
    ----------
    log : FaultLog
    rule : LeaveOut
    files : collection of str
        All survey files, by their names in faults.

    Returns
    -------
    bool
        Whether broken files are left out: what was read of them must not be used.
    """
    broken = [name for name in dict.fromkeys(files) if log.is_broken([name])]
    if not broken or len(broken) > rule.files or len(broken) == len(set(files)):
        return False
    for name in broken:
        log.forgive_file(name)
        trouble = Trouble(
            read=f"a file that cannot be used, one of {len(broken)}, which are left out",
            allowed=f"at most {rule.files}, as 'leave_out' in the edition says",
            advice="Mend what the other faults of the file say; else nothing.",
        )
        log.add("W-LEFT-OUT", Place(file=name), trouble)
    return True
