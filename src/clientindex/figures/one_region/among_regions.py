"""The mean index of a region among those of all regions and of the country."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from clientindex.figures import colours
from clientindex.figures.labels import add_legend
from clientindex.figures.recipe import Need, Recipe, take
from clientindex.figures.region_caterpillar import (
    ROOM_IN,
    ROW_IN,
    arrange_regions,
    draw_region_caterpillar,
)
from clientindex.figures.style import new_row_figure
from clientindex.results import COUNTRY, Regions

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from clientindex.results import Bundle
    from clientindex.wording import Wording

SHADE: Final = 0.45
"""Half of the height of the band behind the region, share of the row."""


def draw_region_among_regions(
    result: Regions, *, ax: Axes, wording: Wording, region: str, row_in: float
) -> Axes:
    """Draw the means of all regions as the caterpillar does, and lift out one of them.

    Its row has a shaded band, its name is bold and its mark a large diamond, so that it is found
    without colour, too.

    Parameters
    ----------
    result : Regions
    ax : Axes
    wording : Wording
    region : str
        A region with a mean.
    row_in : float
        Height of a row, inches; sets the size of the type.

    Returns
    -------
    Axes
    """
    draw_region_caterpillar(result, ax=ax, wording=wording, row_in=row_in)
    frame = arrange_regions(result).reset_index(drop=True)
    row = int(frame.index[frame["region"] == region][0])
    ax.axhspan(row - SHADE, row + SHADE, color=colours.RANK_SET_SHADE, zorder=0.4, linewidth=0)
    ax.plot(
        frame["estimate"].to_numpy(float)[row],
        row,
        "D",
        color=colours.OVERALL,
        markersize=min(6.5, row_in * 32),
        zorder=4,
        label=region,
    )
    ax.get_yticklabels()[row].set_fontweight("bold")
    return ax


def make_recipe(region: str) -> Recipe:
    """Return the recipe of a region's figure."""

    def make(bundle: Bundle, wording: Wording) -> Figure:
        regions = take(bundle, "regions", Regions)
        n_rows = len(arrange_regions(regions))
        figure, row_in = new_row_figure(n_rows, wanted_in=ROW_IN, room_in=ROOM_IN)
        ax = figure.add_subplot()
        draw_region_among_regions(regions, ax=ax, wording=wording, region=region, row_in=row_in)
        add_legend(figure, ax, columns=2)
        return figure

    def describe(bundle: Bundle, wording: Wording) -> Mapping[str, str]:
        regions = take(bundle, "regions", Regions)
        frame = regions.frame.set_index("region")["estimate"]
        return {
            "region": region,
            "mean": wording.number(float(frame[region])),
            "country": wording.number(float(frame[COUNTRY])),
            "regions": wording.counted(len(arrange_regions(regions)), "region"),
        }

    return Recipe(
        name="region_among_regions",
        needs=(Need(name="regions", kind=Regions, has_content=lambda r: _has_mean(r, region)),),
        make=make,
        describe=describe,
    )


def _has_mean(result: Regions, region: str) -> bool:
    return region in set(arrange_regions(result)["region"])
