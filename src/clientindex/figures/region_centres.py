"""The index of every centre of one region with its interval, against the bands of the stars."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from clientindex.figures import colours
from clientindex.figures.labels import SMALLEST_PT, wrap
from clientindex.figures.legends import add_common_legend
from clientindex.figures.means import draw_intervals, name_means
from clientindex.figures.recipe import Need, Recipe, take
from clientindex.figures.star_bands import draw_bands, list_bands, name_star
from clientindex.figures.style import new_row_figure
from clientindex.results import Stars

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping
    from typing import Any

    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from clientindex.methodology import Methodology
    from clientindex.results import Bundle
    from clientindex.wording import Wording

ROW_IN, ROOM_IN = 0.235, 1.2
NAME_WIDTH: Final = 44
SIDE_WIDTH: Final = 27
SIDE_PT: Final = 7.5
LINE_SPACING: Final = 1.2
MOST_CENTRES: Final = 88
"""Centres that a page has room for in type that can be read."""
KEY: Final = "figures.region_centres"


def draw_region_centres(
    result: Stars,
    *,
    ax: Axes,
    wording: Wording,
    methodology: Methodology,
    region: str,
    row_in: float = ROW_IN,
) -> Axes:
    """Draw the centres of a region, best on top, those without a star below with the reason.

    Colour and shape of the mark go with the star, which is written at the right with n; centres
    without a star are hollow.

    Parameters
    ----------
    result : Stars
    ax : Axes
    wording : Wording
    methodology : Methodology
        Bands of the stars.
    region : str
    row_in : float
        Height of a row, inches; sets the size of the type.

    Returns
    -------
    Axes
    """
    frame = arrange_centres(result, region)
    draw_intervals(frame, ax=ax, wording=wording, level=result.level)
    _draw_starred(frame, ax=ax, wording=wording, methodology=methodology, row_in=row_in)
    _draw_withheld(frame, ax=ax, wording=wording, row_in=row_in)
    ax.margins(x=0.04)
    names = frame["name"].astype(str).tolist()
    label = wording.text(f"{KEY}.x")
    name_means(ax, names, wording=wording, row_in=row_in, width=NAME_WIDTH, label=label)
    draw_bands(list_bands(result, methodology), ax=ax, wording=wording, upright=False)
    _tell_rows(frame, ax=ax, wording=wording, row_in=row_in)
    return ax


def arrange_centres(result: Stars, region: str) -> pd.DataFrame:
    """Return the centres of a region: those with a star by rank, then the others by their index."""
    frame = result.frame[result.frame["region"] == region]
    starred = frame["star"].notna()
    ordered = frame.assign(without=~starred, below=-frame["estimate"]).sort_values(
        ["without", "below", "centre"], kind="stable"
    )
    return ordered.drop(columns=["without", "below"]).reset_index(drop=True)


def choose_region(result: Stars) -> str:
    """Return the region with most centres that a page has room for, the first by name of several.

    Only regions with an index to be drawn count; "" where there is none.
    """
    frame = result.frame
    sizes = frame["region"].value_counts()
    scored = set(frame.loc[frame["estimate"].notna(), "region"])
    fitting = {r: int(n) for r, n in sizes.items() if r in scored and n <= MOST_CENTRES}
    return str(min(fitting, key=lambda region: (-fitting[region], region), default=""))


def _draw_starred(
    frame: pd.DataFrame, *, ax: Axes, wording: Wording, methodology: Methodology, row_in: float
) -> None:
    levels = [float(star) for star in methodology.stars.star_values]
    shades = colours.star_colours(len(levels))
    for star in sorted(frame["star"].dropna().unique(), reverse=True):
        rows = np.flatnonzero(frame["star"].eq(star).fillna(value=False).to_numpy(bool))
        place = levels.index(float(star))
        ax.plot(
            frame["estimate"].to_numpy(float)[rows],
            rows,
            colours.star_marker(place),
            color=colours.ESTIMATE,
            markerfacecolor=shades[place],
            markersize=min(5.5, row_in * 28),
            markeredgewidth=0.7,
            zorder=3,
            label=f"_{name_star(float(star), wording)}",
        )


def _draw_withheld(frame: pd.DataFrame, *, ax: Axes, wording: Wording, row_in: float) -> None:
    hollow = (frame["star"].isna() & frame["estimate"].notna()).to_numpy(bool)
    if hollow.any():
        ax.plot(
            frame["estimate"].to_numpy(float)[hollow],
            np.flatnonzero(hollow),
            "X",
            color=colours.REFERENCE,
            markerfacecolor=colours.PAPER,
            markersize=min(6.0, row_in * 30),
            markeredgewidth=0.9,
            zorder=3,
            label=wording.text(f"{KEY}.withheld"),
        )


def _tell_rows(frame: pd.DataFrame, *, ax: Axes, wording: Wording, row_in: float) -> None:
    """Write star and n, or n and the reason why there is no star, at the right of every row."""
    fits_two = row_in * 72 >= 2 * SMALLEST_PT * LINE_SPACING
    for number, row in enumerate(frame.to_dict("records")):
        told = _tell_row(row, wording)
        text = wrap(told, width=SIDE_WIDTH) if fits_two else told
        lines = text.count("\n") + 1
        ax.annotate(
            text,
            (1.01, number),
            xycoords=("axes fraction", "data"),
            va="center",
            size=min(SIDE_PT, row_in * 72 / (lines * LINE_SPACING)),
            linespacing=1.0,
        )


def _tell_row(row: Mapping[Hashable, Any], wording: Wording) -> str:
    counted = not np.isnan(float(row["n"]))
    n = [wording.text("figures.n", n=wording.integer(int(row["n"])))] if counted else []
    if row["withheld"]:
        return ": ".join([*n, wording.text(f"{KEY}.reason.{row['withheld']}")])
    return ", ".join([name_star(float(row["star"]), wording), *n])


def _make(bundle: Bundle, wording: Wording) -> Figure:
    stars = take(bundle, "stars", Stars)
    return make_figure(bundle, wording, region=choose_region(stars))


def make_figure(bundle: Bundle, wording: Wording, *, region: str) -> Figure:
    """Make the figure of a region."""
    stars = take(bundle, "stars", Stars)
    n_rows = len(arrange_centres(stars, region))
    figure, row_in = new_row_figure(n_rows, wanted_in=ROW_IN, room_in=ROOM_IN)
    ax = figure.add_subplot()
    draw_region_centres(
        stars,
        ax=ax,
        wording=wording,
        methodology=bundle.methodology,
        region=region,
        row_in=row_in,
    )
    add_common_legend(figure, [ax])
    return figure


def _describe(bundle: Bundle, wording: Wording) -> Mapping[str, str]:
    stars = take(bundle, "stars", Stars)
    return describe_region(stars, choose_region(stars), wording)


def describe_region(stars: Stars, region: str, wording: Wording) -> Mapping[str, str]:
    """Return what stands for the placeholders of caption and alternative text of a region."""
    frame = arrange_centres(stars, region)
    return {
        "region": region,
        "n": wording.integer(len(frame)),
        "withheld": _tell_withheld(int(frame["star"].isna().sum()), wording),
        "span": wording.span(frame["estimate"].min(), frame["estimate"].max()),
        "level": wording.percent(stars.level, digits=0),
    }


def _tell_withheld(n: int, wording: Wording) -> str:
    if n == 0:
        return wording.text(f"{KEY}.none_withheld")
    return wording.text(f"{KEY}.some_withheld", n=wording.integer(n))


RECIPE = Recipe(
    name="region_centres",
    needs=(Need(name="stars", kind=Stars, has_content=lambda r: bool(choose_region(r))),),
    make=_make,
    describe=_describe,
)
