"""Mean index of regions with every centre once and with centres weighted by their visitors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from clientindex.figures import colours
from clientindex.figures.labels import name_rows, use_wording, with_centres
from clientindex.figures.legends import add_common_legend
from clientindex.figures.recipe import Need, Recipe, take
from clientindex.figures.regional_rows import select_index
from clientindex.figures.style import new_row_figure
from clientindex.figures.told import tell_estimate
from clientindex.results.regional import RegionalProfile

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from clientindex.results import Bundle
    from clientindex.wording import Wording

ROW_IN, ROOM_IN = 0.29, 1.3
NAME_WIDTH: Final = 44
SHIFT: Final = 0.18
"""How far both means of a region stand from the middle of its row, share of the row."""
LOOKS: Final = {
    "centres": ("o", colours.ESTIMATE, "--", -SHIFT),
    "visitors": ("s", colours.OVERALL, ":", SHIFT),
}
KEY: Final = "figures.regional_means"


def draw_regional_means(
    result: RegionalProfile, *, ax: Axes, wording: Wording, row_in: float
) -> Axes:
    """Draw both means of every region with intervals, best by centres on top, and the country's.

    A mean without an interval (one centre) is hollow.

    Parameters
    ----------
    result : RegionalProfile
    ax : Axes
    wording : Wording
    row_in : float
        Height of a row, inches; sets the size of the type.

    Returns
    -------
    Axes
    """
    order = arrange_regions(result)
    for by in LOOKS:
        frame = select_index(result, by=by).set_index("region").reindex(order)
        _draw_means(frame, by, ax=ax, wording=wording, row_in=row_in)
        _draw_country(select_index(result, by=by, country=True), by, ax=ax, wording=wording)
    counted = select_index(result, by="centres").set_index("region")["n_centres"]
    names = [with_centres(name, int(counted.get(name, 0)), wording=wording) for name in order]
    name_rows(ax, names, row_in=row_in, width=NAME_WIDTH)
    use_wording(ax.xaxis, wording)
    level = wording.percent(result.level, digits=0)
    ax.set_xlabel(wording.text(f"{KEY}.x", level=level), loc="right")
    ax.grid(visible=True, axis="x")
    ax.spines["left"].set_visible(False)
    return ax


def arrange_regions(result: RegionalProfile) -> list[str]:
    """Return the regions with a mean by centres, best first, equal ones by name."""
    frame = select_index(result, by="centres")
    order = frame.sort_values(["estimate", "region"], ascending=[False, True], kind="stable")
    return [str(region) for region in order["region"]]


def _draw_means(frame: pd.DataFrame, by: str, *, ax: Axes, wording: Wording, row_in: float) -> None:
    marker, colour, _, shift = LOOKS[by]
    rows, estimate = np.arange(len(frame)) + shift, frame["estimate"].to_numpy(float)
    low, high = frame["ci_low"].to_numpy(float), frame["ci_high"].to_numpy(float)
    sure = ~np.isnan(low)
    ax.hlines(rows[sure], low[sure], high[sure], color=colour, linewidth=1.1, alpha=0.75)
    hollow = ~sure & ~np.isnan(estimate)
    for chosen, face, label in (
        (sure, colour, wording.text(f"{KEY}.{by}")),
        (hollow, colours.PAPER, wording.text(f"{KEY}.{by}_single")),
    ):
        if chosen.any():
            ax.plot(
                estimate[chosen],
                rows[chosen],
                marker,
                color=colour,
                markerfacecolor=face,
                markersize=min(4.2, row_in * 20),
                label=label,
            )


def _draw_country(frame: pd.DataFrame, by: str, *, ax: Axes, wording: Wording) -> None:
    _, colour, style, _ = LOOKS[by]
    for value in frame["estimate"].to_numpy(float):
        ax.axvline(
            value,
            color=colour,
            linewidth=1.2,
            linestyle=style,
            zorder=1,
            label=wording.text(f"{KEY}.{by}_country", value=tell_estimate(frame, wording)),
        )


def _make(bundle: Bundle, wording: Wording) -> Figure:
    result = take(bundle, "regional", RegionalProfile)
    n_rows = len(arrange_regions(result))
    figure, row_in = new_row_figure(n_rows, wanted_in=ROW_IN, room_in=ROOM_IN)
    ax = figure.add_subplot()
    draw_regional_means(result, ax=ax, wording=wording, row_in=row_in)
    add_common_legend(figure, [ax])
    return figure


def _describe(bundle: Bundle, wording: Wording) -> dict[str, str]:
    result = take(bundle, "regional", RegionalProfile)
    order = arrange_regions(result)
    value = select_index(result, by="centres").set_index("region")["estimate"]
    told = {by: tell_estimate(select_index(result, by=by, country=True), wording) for by in LOOKS}
    return told | {
        "regions": wording.counted(len(order), "region"),
        "best": order[0],
        "best_value": wording.number(float(value[order[0]])),
        "worst": order[-1],
        "worst_value": wording.number(float(value[order[-1]])),
    }


RECIPE = Recipe(
    name="regional_means",
    needs=(
        Need(
            name="regional",
            kind=RegionalProfile,
            has_content=lambda r: len(arrange_regions(r)) > 0,
        ),
    ),
    make=_make,
    describe=_describe,
)
