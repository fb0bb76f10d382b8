"""Read pairwise judgements: matrices, or one row a judgement; both become the same cells."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from clientindex.intake.expert_answers import ExpertTable
from clientindex.intake.log import Place, Trouble
from clientindex.intake.numbers import parse_number

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from clientindex.intake.expert_answers import KeyBook
    from clientindex.intake.log import FaultLog
    from clientindex.intake.raw import RawTable

RECIPROCAL_TOLERANCE = 0.05
"""``a_ij a_ji`` may miss 1 by this much: 1/3 is written as 0.33, 1/7 as 0.14."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One judgement as it stands in a sheet."""

    expert: str
    first: str
    second: str
    value: float
    place: Place


@dataclass(slots=True)
class Cells:
    """Judgements of one parent, by expert and pair, and where each expert's begin."""

    values: dict[str, dict[tuple[str, str], Cell]] = field(default_factory=dict)
    spoilt: set[str] = field(default_factory=set)
    places: dict[str, Place] = field(default_factory=dict)


class JudgementReader:
    """Collects judgements sheet by sheet, and makes matrices of them in the end.

    Parameters
    ----------
    book : KeyBook
    log : FaultLog
    """

    def __init__(self, book: KeyBook, log: FaultLog) -> None:
        self._book = book
        self._log = log
        self._parents: dict[str, Cells] = {}

    def read_triples(self, table: RawTable, columns: Mapping[str, str]) -> None:
        """Read a sheet of one row a judgement.

        `columns` maps "expert", "first", "second" and "judgement" to headings.
        """
        for row in range(len(table)):
            text = {role: table.columns[name].text_at(row) for role, name in columns.items()}
            place = Place(file=table.file, row=int(table.rows[row]), column=columns["judgement"])
            self._add(
                table, text["expert"], text["first"], text["second"], text["judgement"], place
            )

    def read_matrices(self, table: RawTable, columns: Mapping[str, str]) -> None:
        """Read a sheet of matrices, one below the other.

        `columns` maps "expert" and "key" to headings; the others are the keys compared with. Cells
        on one side of the diagonal may be empty.
        """
        headings = [name for name in table.columns if name not in columns.values()]
        known = []
        for name in headings:
            if self._book.find(name) is None:
                place = Place(file=table.file, row=1, column=name)
                self._book.report(name, place, self._log)
            else:
                known.append(name)
        for row in range(len(table)):
            expert, key = (table.columns[columns[r]].text_at(row) for r in ("expert", "key"))
            for name in known:
                text = table.columns[name].text_at(row)
                place = Place(file=table.file, row=int(table.rows[row]), column=name)
                if text:
                    self._add(table, expert, key, name, text, place)

    def conclude(self) -> dict[str, ExpertTable]:
        """Return matrices by parent, of the experts whose judgements are complete and good."""
        return {parent: self._make(parent, cells) for parent, cells in self._parents.items()}

    def _add(
        self, table: RawTable, expert: str, first: str, second: str, text: str, place: Place
    ) -> None:
        keys = [self._book.find(name) for name in (first, second)]
        for name, key in zip((first, second), keys, strict=True):
            if key is None:
                self._book.report(name, place, self._log)
        if keys[0] is None or keys[1] is None:
            return
        parent = self._book.parent_of[keys[0]]
        if parent != self._book.parent_of[keys[1]]:
            self._report_strangers(keys[0], keys[1], place)
            return
        if not expert:
            self._gap("an empty cell in place of the expert", "Name or number the expert.", place)
            return
        cells = self._parents.setdefault(parent, Cells())
        cells.places.setdefault(expert, place)
        value = _parse_judgement(text, decimal=table.decimal)
        if math.isnan(value) or (keys[0] == keys[1] and value != 1):
            self._report_value(text, place, same=keys[0] == keys[1])
            cells.spoilt.add(expert)
            return
        cell = Cell(expert=expert, first=keys[0], second=keys[1], value=value, place=place)
        if cell.first != cell.second:
            self._keep(cells, cell)

    def _keep(self, cells: Cells, cell: Cell) -> None:
        own = cells.values.setdefault(cell.expert, {})
        back = own.get((cell.second, cell.first))
        if (cell.first, cell.second) in own:
            trouble = Trouble(
                read=f"{cell.first} to {cell.second} by {cell.expert} again",
                allowed="every judgement of an expert once",
                advice="Delete the repeated judgement, or tell the experts apart.",
            )
            self._log.add("E-EXPERT-TWICE", cell.place, trouble)
            cells.spoilt.add(cell.expert)
        elif back is not None and abs(back.value * cell.value - 1) > RECIPROCAL_TOLERANCE:
            trouble = Trouble(
                read=f"{cell.value:g}, and {back.value:g} back (row {back.place.row})",
                allowed=f"1 / {back.value:g} = {1 / back.value:.3g}",
                advice="Ask the expert which of the two is meant, or empty one of the cells.",
            )
            self._log.add("E-EXPERT-RECIPROCAL", cell.place, trouble)
            cells.spoilt.add(cell.expert)
        else:
            own[cell.first, cell.second] = cell

    def _make(self, parent: str, cells: Cells) -> ExpertTable:
        keys = self._book.children[parent]
        found: dict[str, NDArray[np.float64]] = {}
        for expert, place in cells.places.items():
            matrix = _fill(cells.values.get(expert, {}), keys)
            gaps = np.argwhere(np.triu(np.isnan(matrix)))
            if len(gaps) and expert not in cells.spoilt:
                pairs = "; ".join(f"{keys[i]} to {keys[j]}" for i, j in gaps[:5].tolist())
                more = f" and {len(gaps) - 5} more" if len(gaps) > 5 else ""
                self._gap(
                    f"no judgement of {expert} about {pairs}{more}",
                    "Ask the expert, or delete the expert's judgements about this parent.",
                    Place(file=place.file, row=place.row),
                )
            elif expert not in cells.spoilt:
                found[expert] = matrix
        return ExpertTable(
            parent=parent,
            keys=keys,
            experts=tuple(found),
            values=np.array(list(found.values())).reshape(len(found), len(keys), len(keys)),
            places=tuple(cells.places[expert] for expert in found),
        )

    def _gap(self, read: str, advice: str, place: Place) -> None:
        trouble = Trouble(read=read, allowed="every pair of one parent's children", advice=advice)
        self._log.add("E-EXPERT-GAP", place, trouble)

    def _report_strangers(self, first: str, second: str, place: Place) -> None:
        trouble = Trouble(
            read=f"{first} (of {self._book.parent_of[first]}) to {second} (of "
            f"{self._book.parent_of[second]})",
            allowed="groups with groups, and indicators with those of their own group",
            advice="Delete the judgement, or correct a key.",
        )
        self._log.add("E-EXPERT-KEY", place, trouble)

    def _report_value(self, text: str, place: Place, *, same: bool) -> None:
        trouble = Trouble(
            read=text or "an empty cell",
            allowed="1: a thing weighs as much as itself"
            if same
            else "a positive number such as 3, 0.5 or 1/3",
            advice="Correct the cell; where Excel made a date of 1/3, format the column as text.",
        )
        self._log.add("E-EXPERT-JUDGEMENT", place, trouble)


def _parse_judgement(text: str, *, decimal: str) -> float:
    """Return a positive number or fraction, NaN for anything else."""
    top, slash, bottom = text.replace(" ", "").partition("/")
    if slash and top.isdigit() and bottom.isdigit() and int(bottom) > 0:
        number = float(Fraction(int(top), int(bottom)))
    else:
        number = parse_number(text, decimal=decimal)
    return number if number > 0 else math.nan


def _fill(cells: Mapping[tuple[str, str], Cell], keys: tuple[str, ...]) -> NDArray[np.float64]:
    """Return the matrix of judgements; of two that answer each other the one from 1 upwards."""
    matrix = np.full((len(keys), len(keys)), np.nan)
    np.fill_diagonal(matrix, 1.0)
    at = {key: place for place, key in enumerate(keys)}
    for cell in sorted(cells.values(), key=lambda own: own.value):
        first, second = at[cell.first], at[cell.second]
        matrix[first, second], matrix[second, first] = cell.value, 1 / cell.value
    return matrix
