"""Regions of Russia as a grid of tiles, coloured by the mean index of their centres."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from matplotlib.cm import ScalarMappable
from matplotlib.collections import PatchCollection
from matplotlib.colors import Normalize
from matplotlib.patches import Rectangle

from clientindex.figures import colours
from clientindex.figures.labels import fit_size, use_wording
from clientindex.figures.recipe import Need, Recipe, take
from clientindex.figures.regional_rows import select_index
from clientindex.figures.style import WIDTH_IN, new_figure
from clientindex.figures.tile_layout import load_tiles, place_regions
from clientindex.results.regional import RegionalProfile

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from clientindex.figures.tile_layout import Tile
    from clientindex.results import Bundle
    from clientindex.wording import Wording

SIDE: Final = 0.96
"""Side of a tile, share of the cell."""
NAME_PT, VALUE_PT = 5.5, 7.5
NAME_ROOM: Final = 0.92
"""Share of the tile's width that a name may take."""
NAME_UP, VALUE_DOWN = -0.19, 0.24
"""Places of name and value in a tile, shares of the cell."""
HEIGHT_IN: Final = 4.7
SCALE_PLACE: Final = (0.60, 0.14, 0.34, 0.035)
"""Left, bottom, width and height of the scale: in the empty south-east of the grid."""
KEY: Final = "figures.region_tiles"


def draw_region_tiles(result: RegionalProfile, *, ax: Axes, wording: Wording) -> Axes:
    """Draw a square tile for every federal subject of Russia, roughly where it lies.

    Regions with a mean index have its colour and value; the others are pale and have their name
    only. Regions that the grid does not know are left out here and named in the caption.

    Parameters
    ----------
    result : RegionalProfile
    ax : Axes
    wording : Wording

    Returns
    -------
    Axes
    """
    means, placed, _ = place_means(result)
    value_of = {placed[region].name: value for region, value in means.items() if region in placed}
    scale = make_scale(means.values())
    tiles = load_tiles()
    _fill_tiles(tiles, value_of, scale, ax=ax)
    width_in = WIDTH_IN / (1 + max(tile.column for tile in tiles)) * SIDE
    for tile in tiles:
        name = tile.labels[wording.language]
        size = fit_size([name], width_in=NAME_ROOM * width_in, largest=NAME_PT)
        value = value_of.get(tile.name)
        if value is None:
            _write(tile, name, 0.0, ax=ax, size=size, ink=colours.REFERENCE)
            continue
        ink = colours.ink_on(colours.REGION_MEANS(scale(value)))
        _write(tile, name, NAME_UP, ax=ax, size=size, ink=ink)
        _write(tile, wording.number(value), VALUE_DOWN, ax=ax, size=VALUE_PT, ink=ink)
    ax.set_xlim(-0.5, max(tile.column for tile in tiles) + 0.5)
    ax.set_ylim(max(tile.row for tile in tiles) + 0.5, -0.5)
    ax.set_aspect("equal")
    ax.set_axis_off()
    if value_of:
        _draw_scale(scale, ax=ax, wording=wording)
    return ax


def place_means(result: RegionalProfile) -> tuple[dict[str, float], dict[str, Tile], list[str]]:
    """Return region -> mean index over its centres, region -> tile, and regions without a tile."""
    frame = select_index(result, by="centres")
    means = dict(zip(frame["region"].astype(str), frame["estimate"].astype(float), strict=True))
    placed, unplaced = place_regions(means)
    return means, placed, unplaced


def make_scale(values: Iterable[float]) -> Normalize:
    """Return the scale of colours: the whole points around the values."""
    known = np.array(list(values), dtype=float)
    low, high = (float(known.min()), float(known.max())) if known.size else (0.0, 100.0)
    low, high = float(np.floor(low)), float(np.ceil(high))
    return Normalize(low, high if high > low else low + 1)


def _fill_tiles(
    tiles: tuple[Tile, ...], value_of: Mapping[str, float], scale: Normalize, *, ax: Axes
) -> None:
    known = [tile for tile in tiles if tile.name in value_of]
    rest = [tile for tile in tiles if tile.name not in value_of]
    faces = [colours.REGION_MEANS(scale(value_of[tile.name])) for tile in known]
    for part, face, edge in (
        (rest, colours.BAND_SHADE, "none"),
        (known, faces, colours.INK),
    ):
        squares = [
            Rectangle((tile.column - SIDE / 2, tile.row - SIDE / 2), SIDE, SIDE) for tile in part
        ]
        if squares:
            ax.add_collection(
                PatchCollection(squares, facecolor=face, edgecolor=edge, linewidth=0.6)
            )


def _write(tile: Tile, text: str, down: float, *, ax: Axes, size: float, ink: str) -> None:
    place = (tile.column, tile.row + down)
    written = ax.text(*place, text, ha="center", va="center", size=size, color=ink)
    written.set_linespacing(0.95)
    written.set_in_layout(False)  # it is inside its tile; measuring 100 texts takes a second


def _draw_scale(scale: Normalize, *, ax: Axes, wording: Wording) -> None:
    """Draw the scale of colours where the grid is empty."""
    place = ax.inset_axes(SCALE_PLACE)
    mapped = ScalarMappable(norm=scale, cmap=colours.REGION_MEANS)
    bar = ax.get_figure(root=True).colorbar(  # type: ignore[union-attr]
        mapped, cax=place, orientation="horizontal"
    )
    bar.outline.set_visible(False)
    use_wording(place.xaxis, wording)
    place.tick_params(labelsize=7, length=2)
    place.set_title(wording.text(f"{KEY}.scale"), size=7.5, loc="left")


def _make(bundle: Bundle, wording: Wording) -> Figure:
    result = take(bundle, "regional", RegionalProfile)
    figure = new_figure(HEIGHT_IN)
    draw_region_tiles(result, ax=figure.add_subplot(), wording=wording)
    return figure


def _describe(bundle: Bundle, wording: Wording) -> dict[str, str]:
    means, placed, unplaced = place_means(take(bundle, "regional", RegionalProfile))
    order = sorted(means, key=lambda region: (-means[region], region))
    return {
        "unplaced": wording.text(f"{KEY}.unplaced", regions="; ".join(unplaced))
        if unplaced
        else wording.text(f"{KEY}.none"),
        "placed": wording.integer(len(placed)),
        "tiles": wording.integer(len(load_tiles())),
        "best": order[0],
        "best_value": wording.number(means[order[0]]),
        "worst": order[-1],
        "worst_value": wording.number(means[order[-1]]),
    }


RECIPE = Recipe(
    name="region_tiles",
    needs=(
        Need(
            name="regional",
            kind=RegionalProfile,
            has_content=lambda r: len(select_index(r, by="centres")) > 0,
        ),
    ),
    make=_make,
    describe=_describe,
)
