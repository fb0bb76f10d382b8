"""Read the register of centres."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from clientindex.intake.log import FaultLog, Place, Trouble
from clientindex.intake.numbers import find_whole, parse_numbers
from clientindex.intake.repeats import RepeatRule, report_repeats
from clientindex.intake.roles import CentreList, RoleFinder, find_centres

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    from clientindex.edition import ColumnSpec
    from clientindex.intake.raw import RawTable, TextColumn

REPEATED_CENTRE = RepeatRule(
    code="E-CENTRE-TWICE",
    allowed="every centre once",
    advice="Delete the repeated row, or correct the id.",
)
ANY_CENTRE = CentreList(known=None)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Register:
    """The register as read.

    Attributes
    ----------
    table : RawTable
        For its name and row numbers.
    frame : DataFrame of shape (N, 4)
        ``centre``, ``name``, ``region``, ``visitors`` in the order of the file.
    headings : dict
        Role -> heading.
    """

    table: RawTable
    frame: pd.DataFrame
    headings: dict[str, str]

    @property
    def centres(self) -> CentreList:
        """The ids that other files may use."""
        known = frozenset(self.frame["centre"]) - {""}
        return CentreList(known=known or None, register_file=self.table.file)

    @property
    def regions(self) -> frozenset[str]:
        """The regions that other files may name."""
        return frozenset(self.frame["region"]) - {""}

    def sorted_frame(self) -> pd.DataFrame:
        """Return the table that intake hands on, sorted by centre."""
        return self.frame.sort_values("centre", ignore_index=True)


def read_register(finder: RoleFinder) -> Register:
    """Read the register and log its faults.

    A name that is absent is the centre's id; visitors may be unknown; the region may not.
    """
    centre = find_centres(finder, ANY_CENTRE)
    region = _find_regions(finder)
    ids = _texts(finder, centre)
    name = finder.find("name", needed=False)
    names = _texts(finder, None if name is None else name.prefer_labels())
    frame = pd.DataFrame(
        {
            "centre": ids,
            "name": np.where(names == "", ids, names),
            "region": _texts(finder, region),
        },
        dtype="str",
    ).assign(visitors=_read_visitors(finder))
    headings = {role: finder.name_of(role) for role in ("centre", "name", "region", "visitors")}
    report_repeats(
        frame[["centre"]],
        [finder.table],
        finder.log,
        rule=REPEATED_CENTRE,
        columns=[headings["centre"]],
    )
    _warn_single_regions(frame["region"], finder)
    return Register(table=finder.table, frame=frame, headings=headings)


def read_attributes(
    finder: RoleFinder, register: Register, attributes: Mapping[str, ColumnSpec]
) -> pd.DataFrame | None:
    """Return the texts of the attributes that the edition names, sorted by centre; None of none."""
    if not attributes:
        return None
    texts = {
        name: _texts(finder, None if column is None else column.prefer_labels())
        for name, column in (
            (name, finder.find_listed(name, spec)) for name, spec in attributes.items()
        )
    }
    frame = pd.DataFrame({"centre": register.frame["centre"], **texts}, dtype="str")
    return frame.sort_values("centre", ignore_index=True)


def make_register(centres: Iterable[str], log: FaultLog) -> pd.DataFrame:
    """Return a register of the centres that the survey names, and say that there is none."""
    trouble = Trouble(
        read="no register in the edition",
        allowed="a register of centres with their regions and visitors",
        advice="Add 'register' to the edition: without it misspelt centres, regions and the share "
        "of visitors asked cannot be known.",
    )
    log.add("W-REGISTER-NONE", Place(file=""), trouble)
    ids = sorted(set(centres))
    frame = pd.DataFrame({"centre": ids, "name": ids, "region": ""}, dtype="str")
    return frame.assign(visitors=np.nan)


def _texts(finder: RoleFinder, column: TextColumn | None) -> NDArray[np.object_]:
    return np.full(len(finder.table), "", dtype=object) if column is None else column.texts()


def _find_regions(finder: RoleFinder) -> TextColumn | None:
    column = finder.find("region", needed=True)
    if column is None:
        return None
    finder.log.add_rows(
        "E-REGION-EMPTY",
        finder.table,
        column=column.name,
        at=column.is_empty,
        describe=lambda _row: Trouble(
            read="an empty cell",
            allowed="the name of a region",
            advice="Fill in the region of the centre.",
        ),
    )
    return column.prefer_labels()


def _read_visitors(finder: RoleFinder) -> NDArray[np.float64]:
    column = finder.find("visitors", needed=False)
    if column is None:
        return np.full(len(finder.table), np.nan)
    n = parse_numbers(column, decimal=finder.table.decimal)
    good = column.is_empty | find_whole(n)
    finder.log.add_rows(
        "E-VISITORS",
        finder.table,
        column=column.name,
        at=~good,
        describe=lambda row: Trouble(
            read=column.show(row),
            allowed="a whole number from 0, or an empty cell when it is unknown",
            advice="Correct the cell.",
        ),
    )
    return n


def _warn_single_regions(region: pd.Series[str], finder: RoleFinder) -> None:
    single = ((region != "") & ~region.duplicated(keep=False)).to_numpy()
    finder.log.add_rows(
        "W-REGION-SINGLE",
        finder.table,
        column=finder.name_of("region"),
        at=single,
        describe=lambda row: Trouble(
            read=f"{region.iloc[row]}, with one centre",
            allowed="two centres or more in a region",
            advice="Check the spelling of the region; else nothing: its variance stays unknown.",
        ),
    )
