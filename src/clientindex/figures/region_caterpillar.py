"""Mean index of every region with its interval, against all regions together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.figures.labels import add_legend, with_centres
from clientindex.figures.means import (
    draw_intervals,
    draw_means,
    draw_overall,
    name_means,
)
from clientindex.figures.recipe import Need, Recipe, take
from clientindex.figures.style import new_row_figure
from clientindex.results import COUNTRY, Regions

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from clientindex.results import Bundle
    from clientindex.wording import Wording

ROW_IN, ROOM_IN = 0.25, 1.05
NAME_WIDTH = 44


def draw_region_caterpillar(result: Regions, *, ax: Axes, wording: Wording, row_in: float) -> Axes:
    """Draw the mean index of regions with intervals, best on top, and the country line.

    A region without an interval (one centre) gets a hollow marker; a region without a score is
    left out.

    Parameters
    ----------
    result : Regions
    ax : Axes
    wording : Wording
    row_in : float
        Height of a row, inches; sets the size of the type.

    Returns
    -------
    Axes
    """
    frame = arrange_regions(result)
    draw_means(
        frame,
        ax=ax,
        row_in=row_in,
        label=wording.text("figures.region_caterpillar.mean"),
        label_single=wording.text("figures.region_caterpillar.no_interval"),
    )
    draw_intervals(frame, ax=ax, wording=wording, level=result.level)
    _draw_country(result, ax=ax, wording=wording)
    counts = zip(frame["region"], frame["n_centres"], strict=True)
    names = [with_centres(str(region), int(n), wording=wording) for region, n in counts]
    label = wording.text("figures.region_caterpillar.x")
    name_means(ax, names, wording=wording, row_in=row_in, width=NAME_WIDTH, label=label)
    return ax


def arrange_regions(result: Regions) -> pd.DataFrame:
    """Return the rows of the regions that have a score, best mean first, equal means by name."""
    frame = result.frame
    frame = frame[(frame["region"] != COUNTRY) & frame["estimate"].notna()]
    return frame.sort_values(["estimate", "region"], ascending=[False, True], kind="stable")


def _draw_country(result: Regions, *, ax: Axes, wording: Wording) -> None:
    frame = result.frame[(result.frame["region"] == COUNTRY) & result.frame["estimate"].notna()]
    for row in frame.to_dict("records"):
        value = wording.number(row["estimate"])
        name = wording.text("figures.region_caterpillar.country", value=value)
        label = with_centres(name, int(row["n_centres"]), wording=wording)
        draw_overall(row, ax=ax, label=label)


def _make(bundle: Bundle, wording: Wording) -> Figure:
    regions = take(bundle, "regions", Regions)
    n_rows = len(arrange_regions(regions))
    figure, row_in = new_row_figure(n_rows, wanted_in=ROW_IN, room_in=ROOM_IN)
    ax = figure.add_subplot()
    draw_region_caterpillar(regions, ax=ax, wording=wording, row_in=row_in)
    add_legend(figure, ax, columns=2)
    return figure


RECIPE = Recipe(
    name="region_caterpillar",
    needs=(Need(name="regions", kind=Regions, has_content=lambda r: len(arrange_regions(r)) > 0),),
    make=_make,
)
