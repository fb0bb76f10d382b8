"""Write the fault table that a person opens in a spreadsheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.files import clear_unfinished, neutralise, write_whole
from clientindex.intake.faults import tabulate_faults

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from clientindex.intake.faults import DataFault

FAULT_TABLE_NAME = "faults.csv"
TEXT_COLUMNS = ("file", "column", "read", "allowed", "advice")


def write_fault_table(faults: Iterable[DataFault], folder: Path) -> Path:
    """Write ``faults.csv``: UTF-8 with a byte order mark, so that Excel shows Russian text.

    It is written aside and renamed, so an older table stays whole when the disk is full. Text that
    a spreadsheet would take for a formula gets an apostrophe before it.

    Parameters
    ----------
    faults : iterable of DataFault
    folder : Path
        Made when absent.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    OSError
        If the folder cannot be made or written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    clear_unfinished(folder)
    table = tabulate_faults(faults)
    for name in TEXT_COLUMNS:
        table[name] = [neutralise(text) for text in table[name]]
    content = table.to_csv(index=False, lineterminator="\r\n").encode("utf-8-sig")
    path = folder / FAULT_TABLE_NAME
    write_whole(content, path)
    return path
