"""Gaps of centres against their errors, with the limits of the funnel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from clientindex.figures import colours
from clientindex.figures.funnel import (
    MOST_NAMES,
    draw_limits,
    find_beyond,
    name_centres,
    set_view,
)
from clientindex.figures.labels import use_wording
from clientindex.figures.legends import add_common_legend
from clientindex.figures.panels import fit_marker
from clientindex.figures.recipe import Need, Recipe, take
from clientindex.figures.style import new_figure
from clientindex.results import ChecklistInflation

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from clientindex.results import Bundle
    from clientindex.wording import Wording

HEIGHT_IN: Final = 4.6
LEGEND_WIDTH: Final = 64
KEY: Final = "figures.gap_funnel"


def draw_gap_funnel(result: ChecklistInflation, *, ax: Axes, wording: Wording) -> Axes:
    """Draw one point a centre: error of its gap against gap less expected, and the funnel.

    Centres flagged at the false discovery rate have another colour and marker.

    Parameters
    ----------
    result : ChecklistInflation
    ax : Axes
    wording : Wording

    Returns
    -------
    Axes
    """
    points = select_points(result)
    ax.axhline(0, color=colours.REFERENCE, linewidth=0.7, zorder=1)
    draw_limits(
        result.funnel,
        ax=ax,
        wording=wording,
        colour=colours.BIAS,
        label=lambda level: wording.text(f"{KEY}.limit", level=level),
    )
    size = fit_marker(len(points))
    fdr = wording.percent(result.fdr, digits=0)
    looks = (
        (False, "o", colours.INK, 0.4, wording.text(f"{KEY}.centre")),
        (True, "D", colours.FLAGGED, 1.0, wording.text(f"{KEY}.flagged", fdr=fdr)),
    )
    for flagged, marker, colour, alpha, label in looks:
        part = points[points["flagged"] == flagged]
        if len(part):
            ax.plot(
                part["error"].to_numpy(float),
                part["excess"].to_numpy(float),
                marker,
                color=colour,
                alpha=alpha,
                markeredgewidth=0,
                markersize=max(size, 2.6) + 1 if flagged else size,
                zorder=3 if flagged else 2,
                label=label,
            )
    set_view(points["error"].to_numpy(float), ax=ax)
    for axis in (ax.xaxis, ax.yaxis):
        use_wording(axis, wording)
    ax.set_xlabel(wording.text(f"{KEY}.{'x_both' if result.has_checklist_error else 'x'}"))
    ax.set_ylabel(wording.text(f"{KEY}.y"))
    return ax


def select_points(result: ChecklistInflation) -> pd.DataFrame:
    """Return the centres whose gap can be placed, with ``excess``: gap less expected, points."""
    frame = result.centres
    frame = frame.assign(
        excess=frame["gap"] - frame["expected"], flagged=frame["flagged"].eq(other=True)
    )
    return frame[frame["excess"].notna() & frame["error"].notna()]


def select_named(result: ChecklistInflation) -> pd.DataFrame:
    """Return the centres to be named, farthest z first: flagged ones, and those beyond the funnel.

    Flagged centres inside the widest limits are named only where all of them are few; of many
    centres beyond the limits the farthest are named.
    """
    points = select_points(result)
    beyond = find_beyond(points, result.funnel, value="excess")
    few = points["flagged"].sum() <= MOST_NAMES
    chosen = beyond | points["flagged"] if few else beyond
    named = points[chosen].assign(far=points["z"].abs())
    order = named.sort_values(["far", "centre"], ascending=[False, True], kind="stable")
    return order.drop(columns="far").head(MOST_NAMES)


def _make(bundle: Bundle, wording: Wording) -> Figure:
    result = take(bundle, "inflation", ChecklistInflation)
    figure = new_figure(HEIGHT_IN)
    ax = figure.add_subplot()
    draw_gap_funnel(result, ax=ax, wording=wording)
    add_common_legend(figure, [ax], width=LEGEND_WIDTH)
    figure.draw_without_rendering()
    points = select_points(result)
    name_centres(select_named(result), points[points["flagged"]], ax=ax, value="excess")
    return figure


RECIPE = Recipe(
    name="gap_funnel",
    needs=(
        Need(
            name="inflation",
            kind=ChecklistInflation,
            has_content=lambda r: len(select_points(r)) > 0,
        ),
    ),
    make=_make,
)
