"""Mean scores of the groups of a region beside those of the country."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from clientindex.figures import colours
from clientindex.figures.labels import name_rows, use_wording
from clientindex.figures.legends import add_common_legend
from clientindex.figures.recipe import Need, Recipe, take
from clientindex.figures.style import new_row_figure
from clientindex.results import COUNTRY, GroupMeans

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from clientindex.methodology import Methodology
    from clientindex.results import Bundle
    from clientindex.wording import Wording

ROW_IN, ROOM_IN = 0.46, 1.1
NAME_WIDTH: Final = 26
SHIFT: Final = 0.17
"""How far both means of a group stand from the middle of its row, share of the row."""
LOOKS: Final = {
    "region": ("D", colours.ESTIMATE, "-", -SHIFT),
    "country": ("s", colours.OVERALL, "--", SHIFT),
}
KEY: Final = "figures.region_groups"


def draw_region_groups(
    result: GroupMeans,
    *,
    ax: Axes,
    wording: Wording,
    methodology: Methodology,
    region: str,
    row_in: float,
) -> Axes:
    """Draw the mean score of groups in a region and, below it, in the country, with intervals.

    Groups stand in the order of the methodology; one without a score in the region is left out, a
    mean without an interval (one centre) is hollow.

    Parameters
    ----------
    result : GroupMeans
    ax : Axes
    wording : Wording
    methodology : Methodology
        Names of groups.
    region : str
    row_in : float
        Height of a row, inches; sets the size of the type.

    Returns
    -------
    Axes
    """
    own = arrange_groups(result, region)
    country = arrange_groups(result, COUNTRY).set_index("group").reindex(own["group"])
    for kind, frame in (("region", own), ("country", country.reset_index())):
        _draw_means(frame, kind, ax=ax, name=_name(kind, region, result, wording))
    names = [methodology.group(key).name.in_language(wording.language) for key in own["group"]]
    name_rows(ax, names, row_in=row_in, width=NAME_WIDTH)
    use_wording(ax.xaxis, wording)
    ax.set_xlabel(wording.text(f"{KEY}.x"), loc="right")
    ax.grid(visible=True, axis="x")
    ax.spines["left"].set_visible(False)
    return ax


def arrange_groups(result: GroupMeans, region: str) -> pd.DataFrame:
    """Return the groups that have a score in a region, in the order of the methodology."""
    frame = result.frame
    return frame[(frame["region"] == region) & frame["estimate"].notna()]


def _name(kind: str, region: str, result: GroupMeans, wording: Wording) -> str:
    name = region if kind == "region" else wording.text(f"{KEY}.country")
    return wording.text(f"{KEY}.{kind}_mean", name=name, level=wording.percent(result.level))


def _draw_means(frame: pd.DataFrame, kind: str, *, ax: Axes, name: str) -> None:
    marker, colour, style, shift = LOOKS[kind]
    rows, estimate = np.arange(len(frame)) + shift, frame["estimate"].to_numpy(float)
    low, high = frame["ci_low"].to_numpy(float), frame["ci_high"].to_numpy(float)
    sure, known = ~np.isnan(low), ~np.isnan(estimate)
    ax.hlines(rows[sure], low[sure], high[sure], color=colour, linewidth=1.3, linestyle=style)
    for chosen, face, label in ((sure, colour, name), (known & ~sure, colours.PAPER, "")):
        if chosen.any():
            ax.plot(
                estimate[chosen],
                rows[chosen],
                marker,
                color=colour,
                markerfacecolor=face,
                markersize=4.8,
                label=label or (None if sure.any() else name),
            )


def make_recipe(region: str) -> Recipe:
    """Return the recipe of a region's figure."""

    def make(bundle: Bundle, wording: Wording) -> Figure:
        means = take(bundle, "group_means", GroupMeans)
        n_rows = len(arrange_groups(means, region))
        figure, row_in = new_row_figure(n_rows, wanted_in=ROW_IN, room_in=ROOM_IN)
        ax = figure.add_subplot()
        draw_region_groups(
            means,
            ax=ax,
            wording=wording,
            methodology=bundle.methodology,
            region=region,
            row_in=row_in,
        )
        add_common_legend(figure, [ax])
        return figure

    def describe(bundle: Bundle, wording: Wording) -> Mapping[str, str]:
        means = take(bundle, "group_means", GroupMeans)
        n = len(arrange_groups(means, region))
        level = wording.percent(means.level, digits=0)
        return {"region": region, "groups": wording.counted(n, "group"), "level": level}

    return Recipe(
        name="region_group_scores",
        needs=(
            Need(
                name="group_means",
                kind=GroupMeans,
                has_content=lambda r: len(arrange_groups(r, region)) > 0,
            ),
        ),
        make=make,
        describe=describe,
    )
