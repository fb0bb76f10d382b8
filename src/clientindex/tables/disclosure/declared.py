"""What is declared of counts of people: which they are and which add up to one another."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any, Final

FILE: Final = "counts.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredCells:
    """Cells of a frame; see the head of counts.toml."""

    family: str
    result: str
    frame: str
    key: tuple[str, ...]
    count: str = ""
    given_away_by: tuple[str, ...] = ()
    rests: tuple[str, ...] = ()
    where: dict[str, list[str]] = field(default_factory=dict)
    whole: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredSum:
    """Which cells add up to which."""

    family: str
    total: tuple[str, ...]
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """All that is declared.

    Attributes
    ----------
    cells : tuple of DeclaredCells
    sums : tuple of DeclaredSum
    centre_key : tuple of str
        Key of the count of respondents of a centre.
    kept : tuple of str
        Columns that do not rest on respondents.
    """

    cells: tuple[DeclaredCells, ...]
    sums: tuple[DeclaredSum, ...]
    centre_key: tuple[str, ...]
    kept: tuple[str, ...]

    @property
    def families(self) -> tuple[str, ...]:
        """Names of the families in their order."""
        return tuple(dict.fromkeys(cells.family for cells in self.cells))


@cache
def read_declared() -> Declared:
    """Read counts.toml."""
    text = (resources.files("clientindex.tables.disclosure") / FILE).read_text(encoding="utf-8")
    data = tomllib.loads(text)
    return Declared(
        cells=tuple(_read_cells(row) for row in data["cells"]),
        sums=tuple(
            DeclaredSum(family=row["family"], total=tuple(row["total"]), parts=tuple(row["parts"]))
            for row in data["sums"]
        ),
        centre_key=tuple(data["follows"]["key"]),
        kept=tuple(data["follows"]["kept"]),
    )


def _read_cells(row: dict[str, Any]) -> DeclaredCells:
    return DeclaredCells(
        family=row["family"],
        result=row["result"],
        frame=row["frame"],
        key=tuple(row["key"]),
        count=row.get("count", ""),
        given_away_by=tuple(row.get("with", ())),
        rests=tuple(row.get("rests", ())),
        where=row.get("where", {}),
        whole=row.get("whole", False),
    )
