"""Effect of every region on the gap between checklist and survey, with its interval."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from clientindex.figures import colours
from clientindex.figures.labels import with_count
from clientindex.figures.legends import add_common_legend
from clientindex.figures.means import (
    draw_intervals,
    draw_means,
    draw_overall,
    name_means,
)
from clientindex.figures.recipe import Need, Recipe, take
from clientindex.figures.style import new_row_figure
from clientindex.results import ChecklistInflation

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from clientindex.results import Bundle
    from clientindex.wording import Wording

ROW_IN, ROOM_IN = 0.25, 1.25
NAME_WIDTH: Final = 44
KEY: Final = "figures.gap_regions"


def draw_gap_regions(
    result: ChecklistInflation, *, ax: Axes, wording: Wording, row_in: float
) -> Axes:
    """Draw the effects of regions with intervals, largest on top, and the medians of their gaps.

    Medians are hollow. The mean of the effects is a dashed line with its interval shaded.

    Parameters
    ----------
    result : ChecklistInflation
    ax : Axes
    wording : Wording
    row_in : float
        Height of a row, inches; sets the size of the type.

    Returns
    -------
    Axes
    """
    frame = arrange_effects(result)
    ax.axvline(0, color=colours.REFERENCE, linewidth=0.7, zorder=0.8)
    draw_means(
        frame,
        ax=ax,
        row_in=row_in,
        label=wording.text(f"{KEY}.effect"),
        label_single=wording.text(f"{KEY}.no_interval"),
    )
    draw_intervals(frame, ax=ax, wording=wording, level=result.level)
    ax.plot(
        frame["median"].to_numpy(float),
        np.arange(len(frame)),
        "D",
        color=colours.OVERALL,
        markerfacecolor="none",
        markeredgewidth=0.9,
        markersize=min(4.5, row_in * 28),
        zorder=3,
        label=wording.text(f"{KEY}.median"),
    )
    _draw_mean(result, ax=ax, wording=wording)
    counts = zip(frame["region"], frame["n"], strict=True)
    names = [with_count(str(region), int(n), wording=wording) for region, n in counts]
    label = wording.text(f"{KEY}.x")
    name_means(ax, names, wording=wording, row_in=row_in, width=NAME_WIDTH, label=label)
    return ax


def arrange_effects(result: ChecklistInflation) -> pd.DataFrame:
    """Return the rows of regions that have an effect, largest first, equal ones by name."""
    frame = result.regions[result.regions["estimate"].notna()]
    return frame.sort_values(["estimate", "region"], ascending=[False, True], kind="stable")


def _draw_mean(result: ChecklistInflation, *, ax: Axes, wording: Wording) -> None:
    summary = result.summary
    chosen = summary[(summary["statistic"] == "mean") & summary["estimate"].notna()]
    for row in chosen.to_dict("records"):
        label = wording.text(f"{KEY}.mean", value=wording.number(row["estimate"]))
        draw_overall(row, ax=ax, label=label)


def _make(bundle: Bundle, wording: Wording) -> Figure:
    result = take(bundle, "inflation", ChecklistInflation)
    n_rows = len(arrange_effects(result))
    figure, row_in = new_row_figure(n_rows, wanted_in=ROW_IN, room_in=ROOM_IN)
    ax = figure.add_subplot()
    draw_gap_regions(result, ax=ax, wording=wording, row_in=row_in)
    add_common_legend(figure, [ax])
    return figure


RECIPE = Recipe(
    name="gap_regions",
    needs=(
        Need(
            name="inflation",
            kind=ChecklistInflation,
            has_content=lambda r: len(arrange_effects(r)) > 0,
        ),
    ),
    make=_make,
)
