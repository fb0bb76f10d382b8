"""Find the columns that an edition names in a file, and the keys that every row belongs to."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from clientindex.intake.log import FaultLog, Place, Trouble
from clientindex.intake.open_table import describe_absent_column
from clientindex.intake.raw import TextColumn, clean_text, make_blank
from clientindex.settings import find_nearest

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

    from clientindex.edition import ColumnSpec
    from clientindex.edition.sources import TableFile
    from clientindex.intake.raw import RawTable

MAX_LISTED = 12


class RoleFinder:
    """Finds columns by their role, and remembers which were used.

    Parameters
    ----------
    table : RawTable
        The file.
    columns : mapping
        Role -> column as the edition writes it; other roles go by their own name.
    log : FaultLog
    """

    def __init__(self, table: RawTable, columns: Mapping[str, ColumnSpec], log: FaultLog) -> None:
        self.table = table
        self.log = log
        self._specs = dict(columns)
        self._used: set[str] = set()
        self._told_repeated: set[str] = set()

    def name_of(self, role: str) -> str:
        """Return the heading of a role."""
        return self._specs[role].column if role in self._specs else role

    def find(self, role: str, *, needed: bool, keep_declared: bool = False) -> TextColumn | None:
        """Return the column of a role with its pattern applied.

        Values that the file declares missing are empty cells, unless `keep_declared`. A role that
        the edition lists is needed always.
        """
        column = self.find_heading(self.name_of(role), needed=needed or role in self._specs)
        if column is None:
            return None
        if not keep_declared:
            column = column.blank_declared()
        spec = self._specs.get(role)
        return column if spec is None or spec.pattern is None else self._extract(column, spec)

    def find_listed(self, role: str, spec: ColumnSpec | None = None) -> TextColumn | None:
        """Return the column of a role that is read only where the edition lists it.

        `spec` is its column where the role is not among the source's ``columns``.
        """
        if spec is None:
            return self.find(role, needed=True) if role in self._specs else None
        column = self.find_heading(spec.column)
        if column is None:
            return None
        column = column.blank_declared()
        return column if spec.pattern is None else self._extract(column, spec)

    def find_heading(self, name: str, *, needed: bool = True) -> TextColumn | None:
        """Return the column with this heading; a needed one that is absent is a fault."""
        name = clean_text(name)
        column = self.table.columns.get(name)
        if column is None:
            if needed:
                self._report_absent(name)
            return None
        if name in self.table.repeated and name not in self._told_repeated:
            self._report_repeated(name)
        self._used.add(name)
        return column

    def mark_used(self, names: Mapping[str, str]) -> None:
        """Note columns that a filter uses."""
        self._used.update(names)

    def report_extra(self) -> None:
        """Warn once of the columns that nothing used."""
        extra = [name or "(no heading)" for name in self.table.columns if name not in self._used]
        if not extra:
            return
        listed = ", ".join(map(repr, extra[:MAX_LISTED]))
        more = f" and {len(extra) - MAX_LISTED} more" if len(extra) > MAX_LISTED else ""
        trouble = Trouble(
            read=f"{len(extra)} column{'s' if len(extra) > 1 else ''} not used: {listed}{more}",
            allowed="columns that the edition or the methodology names",
            advice="Nothing, if they are not needed; else name them in the edition.",
        )
        self.log.add("W-COLUMN-EXTRA", Place(file=self.table.file, row=1), trouble)

    def _report_absent(self, name: str) -> None:
        free = [heading for heading in self.table.columns if heading not in self._used]
        trouble = describe_absent_column(name, free)
        self.log.add("E-COLUMN", Place(file=self.table.file, row=1, column=name), trouble)

    def _report_repeated(self, name: str) -> None:
        self._told_repeated.add(name)
        trouble = Trouble(
            read=f"the heading {name!r} more than once",
            allowed="every heading that is used stands once",
            advice="Rename or delete one of the two columns.",
        )
        self.log.add("E-COLUMN-TWICE", Place(file=self.table.file, row=1, column=name), trouble)

    def _extract(self, column: TextColumn, spec: ColumnSpec) -> TextColumn:
        pattern = re.compile(spec.pattern or "")
        found = {text: _first_group(pattern, text) for text in column.distinct}
        fails = column.spread([*(found[text] is None for text in column.distinct), False])
        self.log.add_rows(
            "E-PATTERN",
            self.table,
            column=column.name,
            at=fails,
            describe=lambda row: Trouble(
                read=column.show(row),
                allowed=f"text that matches the pattern {spec.pattern}",
                advice="Correct the cell, or the pattern in the edition.",
            ),
        )
        return column.convert(lambda text: found[text] or "")


def _first_group(pattern: re.Pattern[str], text: str) -> str | None:
    match = pattern.search(text)
    return None if match is None else clean_text(match.group(1) or "")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CentreList:
    """The centres that may occur, or None when there is no register to compare with."""

    known: frozenset[str] | None
    register_file: str = ""

    def nearest(self, centre: str) -> str | None:
        """Return the id most like `centre`, first of all the one that differs by leading zeros."""
        known = self.known or frozenset()
        bare = centre.lstrip("0")
        padded = sorted(name for name in known if name.lstrip("0") == bare)
        return padded[0] if padded else find_nearest(centre, sorted(known))


def find_centres(finder: RoleFinder, centres: CentreList) -> TextColumn | None:
    """Return the column of centre ids, each filled and in the register."""
    column = finder.find("centre", needed=True)
    if column is None:
        return None
    finder.log.add_rows(
        "E-CENTRE-EMPTY",
        finder.table,
        column=column.name,
        at=column.is_empty,
        describe=lambda _row: Trouble(
            read="an empty cell",
            allowed="the id of a centre",
            advice="Fill in the id, or delete the row.",
        ),
    )
    if centres.known is not None:
        _check_known(finder, column, centres)
    return column


def _check_known(finder: RoleFinder, column: TextColumn, centres: CentreList) -> None:
    known = centres.known or frozenset()
    strange = column.spread([*(text not in known for text in column.distinct), False])

    def describe(row: int) -> Trouble:
        near = centres.nearest(column.text_at(row))
        hint = f"Did you mean {near!r}? " if near else ""
        return Trouble(
            read=column.show(row),
            allowed=f"a centre of the register {centres.register_file}",
            advice=f"{hint}Correct the id, or add the centre to the register.",
        )

    finder.log.add_rows(
        "E-CENTRE-UNKNOWN", finder.table, column=column.name, at=strange, describe=describe
    )


def find_labels(
    finder: RoleFinder, role: Literal["period", "channel", "day"]
) -> NDArray[np.object_]:
    """Return the period, channel or day of every row as text, "" when the file does not say."""
    return find_label_column(finder, role).texts()


def find_label_column(finder: RoleFinder, role: Literal["period", "channel", "day"]) -> TextColumn:
    """Return the column of the period, channel or day; empty when the file does not say."""
    column = finder.find(role, needed=False)
    return make_blank(len(finder.table)) if column is None else column.prefer_labels()


def open_roles(table: RawTable, source: TableFile, log: FaultLog) -> RoleFinder:
    """Return the finder of a source's columns, its filter columns noted as used."""
    columns: Mapping[str, ColumnSpec] = getattr(source, "columns", {})
    finder = RoleFinder(table, columns, log)
    finder.mark_used({**source.where, **source.constant})
    return finder
