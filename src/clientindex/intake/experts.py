"""Read experts' answers about weights from a workbook; each sheet has one of three layouts.

The layout follows from the headings, which may be English or Russian; groups and indicators go by
key or by name.

Points (budget allocation)
    ``expert``, then one column a group or indicator; one row an expert. Children of one parent must
    all be there, and their points are compared inside the parent, whatever they sum to.
Matrices (analytic hierarchy process)
    ``expert``, ``key``, then one column a key; the matrices of all experts one below the other. A
    cell says how many times the row weighs as much as the column: 3, 0.5, 1/3. One side of the
    diagonal may be empty.
Judgements (the same as a list)
    ``expert``, ``first``, ``second``, ``judgement``: how many times the first weighs as much as the
    second; every pair once, in either direction.

A CSV file is one sheet. Several sheets of one layout add up.
"""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

from clientindex.intake.expert_answers import ExpertAnswers, ExpertTable, KeyBook
from clientindex.intake.expert_judgements import JudgementReader
from clientindex.intake.expert_points import read_points
from clientindex.intake.log import Place, Trouble
from clientindex.intake.open_table import open_table

if TYPE_CHECKING:
    from clientindex.edition.sources import TableFile
    from clientindex.intake.log import FaultLog
    from clientindex.intake.raw import RawTable
    from clientindex.intake.tables import InputFile
    from clientindex.methodology import Methodology

HEADINGS = {
    "expert": ("expert", "эксперт"),
    "key": ("key", "ключ"),
    "first": ("first", "первый"),
    "second": ("second", "второй"),
    "judgement": ("judgement", "judgment", "суждение"),
}
"""Role -> headings it goes by."""

TRIPLES = ("expert", "first", "second", "judgement")
MATRICES = ("expert", "key")


def read_experts(
    source: TableFile, methodology: Methodology, log: FaultLog, *, file: str
) -> ExpertAnswers:
    """Read all sheets, or the one that the source names, and log all their faults at once.

    Parameters
    ----------
    source : TableFile
        A workbook, or any other table as one sheet.
    methodology : Methodology
        Whose groups and indicators are weighed.
    log : FaultLog
    file : str
        Name of the file in faults.

    Returns
    -------
    ExpertAnswers
        What has no fault. With an error in the log, do not go on.
    """
    book = KeyBook(methodology)
    judgements = JudgementReader(book, log)
    points: dict[str, ExpertTable] = {}
    inputs: list[InputFile] = []
    for sheet in _list_sheets(source):
        named = file if sheet is None else f"{file} [{sheet}]"
        opened = open_table(source.model_copy(update={"sheet": sheet}), log, file=named)
        if opened is None:
            continue
        inputs = [opened.record]
        roles = _find_roles(opened.table)
        if all(role in roles for role in TRIPLES):
            judgements.read_triples(opened.table, {role: roles[role] for role in TRIPLES})
        elif all(role in roles for role in MATRICES):
            judgements.read_matrices(opened.table, {role: roles[role] for role in MATRICES})
        elif "expert" in roles and len(opened.table.columns) > 1:
            found = read_points(opened.table, roles["expert"], book, log)
            _merge(points, found, opened.table, log)
        else:
            _report_layout(opened.table, log)
    return ExpertAnswers(points=points, judgements=judgements.conclude(), inputs=tuple(inputs))


def _list_sheets(source: TableFile) -> list[str | None]:
    """Return the sheets to read; None where there is nothing to choose, or nothing to be read."""
    import openpyxl

    if source.sheet is not None or source.file.suffix.lower() not in (".xlsx", ".xlsm"):
        return [source.sheet]
    try:
        book = openpyxl.load_workbook(source.file, read_only=True)
    except (OSError, zipfile.BadZipFile, KeyError, ValueError):
        return [None]  # told in words when the file is opened
    names: list[str | None] = [sheet.title for sheet in book.worksheets]
    book.close()
    return names


def _find_roles(table: RawTable) -> dict[str, str]:
    """Return the heading of every role that the sheet has."""
    return {
        role: heading
        for heading in table.columns
        for role, names in HEADINGS.items()
        if heading.casefold() in names
    }


def _merge(
    points: dict[str, ExpertTable],
    found: dict[str, ExpertTable],
    table: RawTable,
    log: FaultLog,
) -> None:
    for parent, answers in found.items():
        if parent in points:
            trouble = Trouble(
                read=f"points for {parent!r}, which another sheet has too",
                allowed="the points for one parent on one sheet",
                advice="Put them on one sheet, or name the one to read ('sheet: NAME').",
            )
            log.add("E-EXPERT-TWICE", Place(file=table.file), trouble)
        else:
            points[parent] = answers


def _report_layout(table: RawTable, log: FaultLog) -> None:
    listed = ", ".join(map(repr, list(table.columns)[:12]))
    trouble = Trouble(
        read=f"the headings {listed or 'none'}",
        allowed="'expert' and keys (points); 'expert', 'key' and keys (matrices); 'expert', "
        "'first', 'second' and 'judgement' (judgements)",
        advice="Correct the headings, or name the sheet to read in the edition ('sheet: NAME').",
    )
    log.add("E-EXPERT-LAYOUT", Place(file=table.file, row=1), trouble)
