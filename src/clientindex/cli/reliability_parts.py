"""``clientindex reliability --segment / --region / --period``: the part of the data to show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from clientindex.cli.options import refuse, require_known
from clientindex.reliability.scopes import KINDS, WHOLE, Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from clientindex.cli.study import Study
    from clientindex.methodology import Methodology


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part of the data.

    Attributes
    ----------
    kind : {"all", "segment", "region", "period"}
    key : str
        As results have it; "all" for everybody.
    asked : str
        What was asked for where it is everybody, e.g. "region X"; "" otherwise.
    """

    kind: Kind
    key: str
    asked: str = ""

    def __str__(self) -> str:
        """Name the part in words."""
        if self.kind != WHOLE:
            return f"{self.kind} {self.key}"
        return f"everybody ({self.asked}, the only one)" if self.asked else "everybody"

    def of(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return the rows of a frame that speak of this part."""
        return frame[(frame["kind"] == self.kind) & (frame["part"] == self.key)]


EVERYBODY = Part(kind="all", key=WHOLE)


def check_choice(asked: Mapping[Kind, str | None], methodology: Methodology) -> None:
    """Refuse what is wrong before the answers are read.

    Raises
    ------
    click.BadParameter
        If there are two kinds of parts, or the segment is not one of the methodology's.
    """
    given = [kind for kind, key in asked.items() if key is not None]
    if len(given) > 1:
        names = " and ".join(f"--{kind}" for kind in given)
        refuse(f"{names} exclude each other; ask for one part at a time", option=f"--{given[1]}")
    segment = asked.get("segment")
    if segment is not None:
        require_known(segment, methodology.segment_keys, option="--segment", what="segment")


def choose_part(asked: Mapping[Kind, str | None], study: Study) -> Part:
    """Return the part of the data that was asked for; everybody where nothing was.

    The only segment, region or period of the data is everybody.

    Raises
    ------
    click.BadParameter
        If the data have no such part.
    """
    for kind in KINDS:
        key = asked.get(kind)
        if key is None:
            continue
        present = _list_present(kind, study)
        if not present:
            refuse("the data do not say when answers were given", option=f"--{kind}")
        require_known(key, present, option=f"--{kind}", what=f"{kind} with answers")
        if len(_list_all(kind, study)) > 1:
            return Part(kind=kind, key=key)
        return Part(kind="all", key=WHOLE, asked=f"{kind} {key}")
    return EVERYBODY


def _list_all(kind: Kind, study: Study) -> list[str]:
    units = study.counts.units
    values = units["centre"].map(study.strata) if kind == "region" else units[kind]
    return sorted(set(values))


def _list_present(kind: Kind, study: Study) -> list[str]:
    """Return the parts that have a name: a period may be unknown, "" in the data."""
    return [key for key in _list_all(kind, study) if key]
