"""Where each region of Russia stands in a grid of tiles, and which name belongs to which tile."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Final

from clientindex.errors import RenderError
from clientindex.wording.region_names import list_keys, load_english_names

if TYPE_CHECKING:
    from collections.abc import Iterable

FILE: Final = "region_tiles.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """Place and names of one region.

    Attributes
    ----------
    name : str
        Full official name.
    labels : dict
        Language -> short name that fits the tile, on one or two lines.
    row, column : int
        Row 0 in the north, column 0 in the west.
    also : tuple of str
        Other names.
    """

    name: str
    labels: dict[str, str]
    row: int
    column: int
    also: tuple[str, ...]


@cache
def load_tiles() -> tuple[Tile, ...]:
    """Load the layout: a tile for every federal subject of Russia."""
    text = (resources.files("clientindex.figures") / FILE).read_text(encoding="utf-8")
    return tuple(
        Tile(
            name=row["name"],
            labels={"ru": row["ru"], "en": row["en"]},
            row=row["row"],
            column=row["column"],
            also=tuple(row.get("also", ())),
        )
        for row in tomllib.loads(text)["tiles"]
    )


def place_regions(regions: Iterable[str]) -> tuple[dict[str, Tile], list[str]]:
    """Find the tiles of regions.

    Parameters
    ----------
    regions : iterable of str
        Names as the data write them; letter case, ё, the kind of region, its short form and a
        second name in brackets or after a dash make no difference. English ones are known too.

    Returns
    -------
    placed : dict
        Name in the data -> tile.
    unplaced : list of str
        Names that no tile has, and second names of a tile that is taken.
    """
    known = _index_tiles()
    placed: dict[str, Tile] = {}
    unplaced, taken = [], set()
    for region in regions:
        found = {known[key].name: known[key] for key in list_keys(region) if key in known}
        tile = next(iter(found.values())) if len(found) == 1 else None
        if tile is None or tile.name in taken:
            unplaced.append(region)
        else:
            placed[region] = tile
            taken.add(tile.name)
    return placed, unplaced


@cache
def _index_tiles() -> dict[tuple[str, ...], Tile]:
    """Return key -> tile.

    Raises
    ------
    RenderError
        If two tiles share a name or a cell.
    """
    known: dict[tuple[str, ...], Tile] = {}
    english = load_english_names()
    cells: dict[tuple[int, int], Tile] = {}
    for tile in load_tiles():
        for name in (tile.name, english[tile.name], *tile.also):
            for key in list_keys(name):
                other = known.setdefault(key, tile)
                if other is not tile:
                    msg = f"{FILE}: {tile.name!r} and {other.name!r} share the name {name!r}."
                    raise RenderError(msg)
        if cells.setdefault((tile.row, tile.column), tile) is not tile:
            msg = f"{FILE}: {tile.name!r} shares its cell with another region."
            raise RenderError(msg)
    return known
