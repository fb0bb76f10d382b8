"""Read sheets of budget points: one row an expert, one column a group or an indicator."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from clientindex.intake.expert_answers import ExpertTable
from clientindex.intake.log import Place, Trouble
from clientindex.intake.numbers import advise_number, parse_number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from clientindex.intake.expert_answers import KeyBook
    from clientindex.intake.log import FaultLog
    from clientindex.intake.raw import RawTable

SAME_TOTAL = 1e-6


def read_points(
    table: RawTable, expert: str, book: KeyBook, log: FaultLog
) -> dict[str, ExpertTable]:
    """Read one sheet and log all its faults.

    Parameters
    ----------
    table : RawTable
    expert : str
        Heading of the column of experts.
    book : KeyBook
    log : FaultLog

    Returns
    -------
    dict
        By parent, of the experts whose points about all children are there and good.
    """
    experts = _read_experts(table, expert, log)
    columns = _find_columns(table, expert, book, log)
    found = {}
    for parent in dict.fromkeys(book.parent_of[key] for key in columns):
        keys = book.children[parent]
        absent = [key for key in keys if key not in columns]
        for key in absent:
            trouble = Trouble(
                read=f"no column {key!r}, though others of {parent!r} have one",
                allowed="a column for every child of the same parent",
                advice="Add the column; experts who give it nothing write 0.",
            )
            log.add("E-EXPERT-GAP", Place(file=table.file, row=1, column=key), trouble)
        if not absent:
            found[parent] = _read_parent(
                table, parent, experts, [columns[k] for k in keys], keys, log
            )
    return found


def _read_experts(table: RawTable, heading: str, log: FaultLog) -> list[str]:
    """Return the expert of every row, "" where the row cannot be used."""
    texts = [str(text) for text in table.columns[heading].texts()]
    seen: set[str] = set()
    for row, text in enumerate(texts):
        place = Place(file=table.file, row=int(table.rows[row]), column=heading)
        if not text:
            trouble = Trouble(
                read="an empty cell", allowed="the expert", advice="Name or number the expert."
            )
            log.add("E-EXPERT-GAP", place, trouble)
        elif text in seen:
            trouble = Trouble(
                read=f"{text} again",
                allowed="every expert once a sheet",
                advice="Delete the repeated row, or tell the experts apart.",
            )
            log.add("E-EXPERT-TWICE", place, trouble)
            texts[row] = ""
        seen.add(text)
    return texts


def _find_columns(table: RawTable, expert: str, book: KeyBook, log: FaultLog) -> dict[str, str]:
    """Return the heading of every key."""
    columns: dict[str, str] = {}
    for heading in table.columns:
        if heading == expert:
            continue
        place = Place(file=table.file, row=1, column=heading)
        key = book.find(heading)
        if key is None:
            book.report(heading, place, log)
        elif key in columns:
            trouble = Trouble(
                read=f"{heading!r}, which means {key!r} as {columns[key]!r} does",
                allowed="one column for every key",
                advice="Delete one of the columns.",
            )
            log.add("E-EXPERT-TWICE", place, trouble)
        else:
            columns[key] = heading
    return columns


def _read_parent(
    table: RawTable,
    parent: str,
    experts: Sequence[str],
    headings: Sequence[str],
    keys: tuple[str, ...],
    log: FaultLog,
) -> ExpertTable:
    values = np.array(
        [[_read_cell(table, row, name, log) for name in headings] for row in range(len(table))]
    ).reshape(len(table), len(keys))
    kept = [
        row
        for row, name in enumerate(experts)
        if name and np.isfinite(values[row]).all() and _has_points(table, row, values, parent, log)
    ]
    _warn_totals(table, parent, values[kept].sum(axis=1), log)
    return ExpertTable(
        parent=parent,
        keys=keys,
        experts=tuple(experts[row] for row in kept),
        values=values[kept],
        places=tuple(Place(file=table.file, row=int(table.rows[row])) for row in kept),
    )


def _read_cell(table: RawTable, row: int, heading: str, log: FaultLog) -> float:
    column = table.columns[heading]
    text = column.text_at(row)
    place = Place(file=table.file, row=int(table.rows[row]), column=heading)
    number = parse_number(text, decimal=table.decimal)
    if not text:
        trouble = Trouble(
            read="an empty cell",
            allowed="points of every expert for everything",
            advice="Write 0 if the expert gives nothing; else ask, or delete the expert's row.",
        )
        log.add("E-EXPERT-GAP", place, trouble)
    elif not number >= 0:
        advice = "Correct the cell."
        if np.isnan(number):
            advice = advise_number(text, decimal=table.decimal)
        trouble = Trouble(read=text, allowed="a number of points from 0", advice=advice)
        log.add("E-EXPERT-POINTS", place, trouble)
        return float("nan")
    return number


def _has_points(
    table: RawTable, row: int, values: NDArray[np.float64], parent: str, log: FaultLog
) -> bool:
    if values[row].sum() > 0:
        return True
    trouble = Trouble(
        read=f"no points at all for {parent!r}",
        allowed="points above 0 for something",
        advice="Ask the expert, or delete the row.",
    )
    log.add("E-EXPERT-POINTS", Place(file=table.file, row=int(table.rows[row])), trouble)
    return False


def _warn_totals(table: RawTable, parent: str, totals: NDArray[np.float64], log: FaultLog) -> None:
    if len(totals) < 2 or np.ptp(totals) <= SAME_TOTAL * totals.max():
        return
    trouble = Trouble(
        read=f"experts who gave {totals.min():g} to {totals.max():g} points for {parent!r}",
        allowed="the same budget for every expert",
        advice="Check the sheet; shares of each expert's own total are used.",
    )
    log.add("W-EXPERT-TOTAL", Place(file=table.file), trouble)
