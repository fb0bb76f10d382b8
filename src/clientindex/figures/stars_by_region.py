"""How many centres of every region earned how many stars."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from clientindex.figures import colours
from clientindex.figures.labels import add_legend, name_rows, use_wording
from clientindex.figures.recipe import Need, Recipe, take
from clientindex.figures.star_bands import name_star
from clientindex.figures.style import new_row_figure
from clientindex.results import COUNTRY, Regions, Stars

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.container import BarContainer
    from matplotlib.figure import Figure

    from clientindex.results import Bundle
    from clientindex.wording import Wording

ROW_IN, ROOM_IN = 0.25, 1.05
NAME_WIDTH = 34
SMALLEST = 0.035
"""A part narrower than this share of the axis holds no number."""


def draw_stars_by_region(
    result: Regions, *, ax: Axes, wording: Wording, withheld: Mapping[str, int], row_in: float
) -> Axes:
    """Draw counts of centres by star, one bar a region, the best mean index on top.

    Parameters
    ----------
    result : Regions
    ax : Axes
    wording : Wording
    withheld : mapping of str to int
        Region -> number of centres without a star; a region known only from here is added at the
        end.
    row_in : float
        Height of a row, inches; sets the size of the type.

    Returns
    -------
    Axes
    """
    counts = arrange_counts(result, withheld)
    largest = counts.to_numpy().sum(axis=1).max()
    left = np.zeros(len(counts))
    for look, column in zip(_looks(counts, wording), counts.columns, strict=True):
        values = counts[column].to_numpy()
        rows = np.flatnonzero(values)
        if rows.size:
            bars = ax.barh(rows, values[rows], left=left[rows], height=0.78, **look)
            _print_counts(ax, bars, wording=wording, smallest=largest * SMALLEST, row_in=row_in)
        left = left + values
    name_rows(ax, [str(region) for region in counts.index], row_in=row_in, width=NAME_WIDTH)
    use_wording(ax.xaxis, wording, integers=True)
    ax.set_xlabel(wording.text("figures.stars_by_region.x"))
    ax.set_xlim(0, largest * 1.01)
    ax.grid(visible=True, axis="x")
    ax.spines["left"].set_visible(False)
    return ax


def arrange_counts(result: Regions, withheld: Mapping[str, int]) -> pd.DataFrame:
    """Return counts with one row a region (best mean first) and one column a star, then withheld.

    Returns
    -------
    DataFrame
        Indexed by region; columns "stars_1" ... and "withheld".
    """
    frame = result.frame[result.frame["region"] != COUNTRY]
    frame = frame.sort_values(
        ["estimate", "region"], ascending=[False, True], na_position="last", kind="stable"
    ).set_index("region")
    stars = sorted((c for c in frame.columns if c.startswith("stars_")), key=_star_of)
    known = [*frame.index, *sorted(set(withheld) - set(frame.index))]
    counts = frame[stars].reindex(known).fillna(0).astype(int)
    return counts.assign(withheld=[withheld.get(region, 0) for region in known])


def _star_of(column: str) -> float:
    return float(column.removeprefix("stars_"))


def _looks(counts: pd.DataFrame, wording: Wording) -> list[dict[str, Any]]:
    stars = [_star_of(column) for column in counts.columns[:-1]]
    looks: list[dict[str, Any]] = [
        {
            "color": colour,
            "edgecolor": colours.PAPER,
            "label": name_star(star, wording),
        }
        for star, colour in zip(stars, colours.star_colours(len(stars)), strict=True)
    ]
    without: dict[str, Any] = {
        "color": colours.WITHHELD,
        "edgecolor": colours.REFERENCE,
        "hatch": colours.WITHHELD_HATCH,
        "label": wording.text("figures.stars_by_region.withheld"),
    }
    return [*looks, without]


def _print_counts(
    ax: Axes, bars: BarContainer, *, wording: Wording, smallest: float, row_in: float
) -> None:
    """Print each count in its part unless that is too narrow; on paper where it is hatched."""
    face = bars.patches[0].get_facecolor()
    hatched = bars.patches[0].get_hatch() is not None
    ink = colours.ink_on(face)
    box = {"facecolor": colours.PAPER, "edgecolor": "none", "pad": 0.6} if hatched else None
    size = min(7.5, row_in * 72 * 0.6)
    for bar in bars.patches:
        if bar.get_width() > smallest:
            text = wording.integer(round(bar.get_width()))
            x = bar.get_x() + bar.get_width() / 2
            y = bar.get_y() + bar.get_height() / 2
            ax.text(x, y, text, bbox=box, ha="center", va="center", size=size, color=ink)


def _make(bundle: Bundle, wording: Wording) -> Figure:
    regions, stars = take(bundle, "regions", Regions), take(bundle, "stars", Stars).frame
    unstarred = stars.loc[stars["star"].isna(), "region"].value_counts()
    withheld = {str(region): int(n) for region, n in unstarred.items()}
    n_rows = len({*regions.frame["region"], *withheld} - {COUNTRY})
    figure, row_in = new_row_figure(n_rows, wanted_in=ROW_IN, room_in=ROOM_IN)
    ax = figure.add_subplot()
    draw_stars_by_region(regions, ax=ax, wording=wording, withheld=withheld, row_in=row_in)
    add_legend(figure, ax, columns=6)
    return figure


RECIPE = Recipe(
    name="stars_by_region",
    needs=(
        Need(name="regions", kind=Regions, has_content=lambda r: len(r.frame) > 0),
        Need(name="stars", kind=Stars, has_content=lambda r: len(r.frame) > 0),
    ),
    make=_make,
)
