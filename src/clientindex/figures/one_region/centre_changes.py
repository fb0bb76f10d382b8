"""Differences of the centres of a region from the previous edition, by name, with intervals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from clientindex.figures import colours
from clientindex.figures.centre_changes import KEY, LOOKS, arrange_differences
from clientindex.figures.funnel import tell_level
from clientindex.figures.labels import name_rows, use_wording
from clientindex.figures.legends import add_common_legend
from clientindex.figures.recipe import Need, Recipe, take
from clientindex.figures.style import new_row_figure
from clientindex.results.change import EditionChange

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from clientindex.results import Bundle
    from clientindex.wording import Wording

ROW_IN, ROOM_IN = 0.235, 1.2
NAME_WIDTH: Final = 44
LEGEND_WIDTH: Final = 64


def draw_region_changes(
    result: EditionChange, *, ax: Axes, wording: Wording, region: str, row_in: float
) -> Axes:
    """Draw one row a centre of the region that can be compared, largest rise on top.

    Marks are those of the figure of the country: triangles rose or fell at the false discovery
    rate, over all centres of the country; hollow ones were not tested.

    Parameters
    ----------
    result : EditionChange
    ax : Axes
    wording : Wording
    region : str
    row_in : float
        Height of a row, inches; sets the size of the type.

    Returns
    -------
    Axes
    """
    frame = select_differences(result, region)
    ax.axvline(0, color=colours.REFERENCE, linewidth=0.9, zorder=1)
    for kind in LOOKS:
        _draw_kind(frame, kind, result, ax=ax, wording=wording, row_in=row_in)
    name_rows(ax, frame["name"].astype(str).tolist(), row_in=row_in, width=NAME_WIDTH)
    use_wording(ax.xaxis, wording)
    level = wording.percent(result.level, digits=0)
    ax.set_xlabel(wording.text("figures.region_changes.x", level=level), loc="right")
    ax.grid(visible=True, axis="x")
    ax.spines["left"].set_visible(False)
    return ax


def select_differences(result: EditionChange, region: str) -> pd.DataFrame:
    """Return the centres of a region with a difference, largest first, with their ``kind``."""
    frame = arrange_differences(result)
    return frame[frame["region"] == region].reset_index(drop=True)


def _draw_kind(
    frame: pd.DataFrame,
    kind: str,
    result: EditionChange,
    *,
    ax: Axes,
    wording: Wording,
    row_in: float,
) -> None:
    chosen = frame["kind"].eq(kind).to_numpy()
    if not chosen.any():
        return
    marker, colour, face = LOOKS[kind]
    part, rows = frame[chosen], np.flatnonzero(chosen)
    ends = part["ci_low"].to_numpy(float), part["ci_high"].to_numpy(float)
    ax.hlines(rows, *ends, color=colour, linewidth=1.3, alpha=0.8)
    told = {"fdr": tell_level(result.fdr, wording)} if kind in {"up", "down"} else {}
    ax.plot(
        part["difference"].to_numpy(float),
        rows,
        marker,
        color=colour,
        markerfacecolor=face,
        markersize=min(5.5, row_in * 26),
        zorder=3,
        label=wording.text(f"{KEY}.{kind or 'plain'}", **told),
    )


def make_recipe(region: str) -> Recipe:
    """Return the recipe of a region's figure."""

    def make(bundle: Bundle, wording: Wording) -> Figure:
        result = take(bundle, "change", EditionChange)
        n_rows = len(select_differences(result, region))
        figure, row_in = new_row_figure(n_rows, wanted_in=ROW_IN, room_in=ROOM_IN)
        ax = figure.add_subplot()
        draw_region_changes(result, ax=ax, wording=wording, region=region, row_in=row_in)
        add_common_legend(figure, [ax], width=LEGEND_WIDTH)
        return figure

    def describe(bundle: Bundle, wording: Wording) -> Mapping[str, str]:
        result = take(bundle, "change", EditionChange)
        frame = select_differences(result, region)
        kinds, values = frame["kind"].value_counts(), frame["difference"]
        counts = {
            name: wording.integer(int(kinds.get(name, 0))) for name in ("up", "down", "untested")
        }
        return counts | {
            "region": region,
            "centres": wording.counted(len(frame), "centre"),
            "level": wording.percent(result.level, digits=0),
            "span": wording.span(float(values.min()), float(values.max())),
        }

    return Recipe(
        name="region_changes",
        needs=(
            Need(
                name="change",
                kind=EditionChange,
                has_content=lambda r: len(select_differences(r, region)) > 0,
            ),
        ),
        make=make,
        describe=describe,
    )
