"""Read English names of centres and regions from the register, where it has them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import pandas as pd

from clientindex.intake.log import Trouble

if TYPE_CHECKING:
    from clientindex.intake.register import Register
    from clientindex.intake.roles import RoleFinder

ROLES: Final = {"centre": "name_en", "region": "region_en"}
"""Kind of place -> role of the column that names it in English."""
COLUMNS: Final = ("kind", "place", "name")
_CYRILLIC: Final = re.compile(r"[А-Яа-яЁё]")


def read_english_names(finder: RoleFinder, register: Register) -> pd.DataFrame | None:
    """Read the English names that the register gives, and log their faults.

    Returns
    -------
    DataFrame or None
        ``kind`` ("centre" or "region"), ``place`` (id of the centre, or name of the region),
        ``name`` (in English), sorted; None where no column has any. Places whose cells are empty
        are absent: documents write them in Latin letters.
    """
    keys = {"centre": register.frame["centre"], "region": register.frame["region"]}
    parts = [_read_kind(kind, finder, keys[kind], register) for kind in ROLES]
    frame = pd.concat(parts, ignore_index=True).sort_values(list(COLUMNS), ignore_index=True)
    return frame if len(frame) else None


def _read_kind(
    kind: str, finder: RoleFinder, places: pd.Series[str], register: Register
) -> pd.DataFrame:
    column = finder.find(ROLES[kind], needed=False)
    texts = [""] * len(places) if column is None else list(column.prefer_labels().texts())
    frame = pd.DataFrame({"place": places, "name": texts}, dtype="str")
    if column is not None:
        _report_letters(frame, finder, heading=column.name)
        _report_empty(frame, finder, heading=column.name)
        _report_several(frame, finder, heading=column.name)
        said = register.frame["name"] if kind == "centre" else places
        _report_shared(frame.assign(said=said), finder, heading=column.name, kind=kind)
    filled = frame[(frame["name"] != "") & (frame["place"] != "")]
    once = filled.drop_duplicates("place").assign(kind=kind)
    return once.loc[:, list(COLUMNS)].astype("str")


def _report_letters(frame: pd.DataFrame, finder: RoleFinder, *, heading: str) -> None:
    """Refuse Russian letters, also those that look like Latin ones."""
    found = [_CYRILLIC.findall(name) for name in frame["name"]]

    def describe(row: int) -> Trouble:
        letters = ", ".join(dict.fromkeys(found[row]))
        return Trouble(
            read=f"{frame['name'].iloc[row]}, with the Russian letters {letters}",
            allowed="a name in Latin letters",
            advice="Write the English name, or leave the cell empty; a letter may only look Latin.",
        )

    finder.log.add_rows(
        "E-ENGLISH-LETTERS",
        finder.table,
        column=heading,
        at=pd.Series(found).astype(bool).to_numpy(),
        describe=describe,
    )


def _report_empty(frame: pd.DataFrame, finder: RoleFinder, *, heading: str) -> None:
    """Warn once a place that no row names."""
    named = set(frame.loc[frame["name"] != "", "place"])
    bare = ~frame["place"].isin(named) & ~frame.duplicated("place") & (frame["place"] != "")
    finder.log.add_rows(
        "W-ENGLISH-EMPTY",
        finder.table,
        column=heading,
        at=bare.to_numpy(),
        describe=lambda row: Trouble(
            read=f"no English name of {frame['place'].iloc[row]}",
            allowed="an English name, or none of any",
            advice="Fill in the name; else English documents use a list of regions and write "
            "centres in Latin letters.",
        ),
    )


def _report_several(frame: pd.DataFrame, finder: RoleFinder, *, heading: str) -> None:
    """Refuse a second English name of a place."""
    first = frame[frame["name"] != ""].drop_duplicates("place").set_index("place")["name"]
    known = frame["place"].map(first).fillna("")
    finder.log.add_rows(
        "E-ENGLISH-SEVERAL",
        finder.table,
        column=heading,
        at=((frame["name"] != "") & (frame["name"] != known)).to_numpy(),
        describe=lambda row: Trouble(
            read=f"{frame['name'].iloc[row]} for {frame['place'].iloc[row]}, which is "
            f"{known.iloc[row]} further up",
            allowed="one English name of a place",
            advice="Make the names equal.",
        ),
    )


def _report_shared(frame: pd.DataFrame, finder: RoleFinder, *, heading: str, kind: str) -> None:
    """Refuse one name of two regions; warn of centres that have one name in English alone."""
    filled = frame[frame["name"] != ""]
    first = filled.drop_duplicates("name").set_index("name")["said"]
    known = frame["name"].map(first).fillna("")
    shared = (frame["name"] != "") & (frame["said"] != known) & ~frame.duplicated(["said", "name"])
    follows = "they would be one region" if kind == "region" else "their ids tell them apart"
    finder.log.add_rows(
        "E-ENGLISH-TWICE" if kind == "region" else "W-ENGLISH-TWICE",
        finder.table,
        column=heading,
        at=shared.to_numpy(),
        describe=lambda row: Trouble(
            read=f"{frame['name'].iloc[row]} for {frame['said'].iloc[row]} and for "
            f"{known.iloc[row]}",
            allowed=f"different English names of different places; else {follows}",
            advice="Make the names differ.",
        ),
    )
