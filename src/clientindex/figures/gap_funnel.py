"""Gaps of centres against their errors, with the limits of the funnel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
from matplotlib.transforms import Bbox

from clientindex.figures import colours
from clientindex.figures.labels import measure, use_wording
from clientindex.figures.legends import add_common_legend
from clientindex.figures.panels import fit_marker
from clientindex.figures.recipe import Need, Recipe, take
from clientindex.figures.style import new_figure
from clientindex.results import ChecklistInflation

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from clientindex.results import Bundle
    from clientindex.wording import Wording

HEIGHT_IN: Final = 4.6
STYLES: Final = ("--", "-")
"""Lines of the limits, narrowest first; the last one serves all wider ones."""
LEGEND_WIDTH: Final = 64
MOST_NAMES: Final = 20
"""Flagged centres inside the widest limits are named when there are no more; no more are named."""
NAME_PT: Final = 6.5
SIDE_MARGIN: Final = 0.06
"""Room left and right of the points, share of their range."""
OFFSET_PT: Final = 4.5
FLAG_PT: Final = 4.0
"""Height that the mark of a flagged centre takes."""
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
    _draw_limits(result.funnel, ax=ax, wording=wording)
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
    _set_view(points["error"].to_numpy(float), ax=ax)
    for axis in (ax.xaxis, ax.yaxis):
        use_wording(axis, wording)
    ax.set_xlabel(wording.text(f"{KEY}.{'x_both' if result.has_checklist_error else 'x'}"))
    ax.set_ylabel(wording.text(f"{KEY}.y"))
    return ax


def _set_view(error: np.ndarray, *, ax: Axes) -> None:
    """Show the errors that there are: limits at smaller ones concern no centre."""
    low, high = float(error.min()), float(error.max())
    room = SIDE_MARGIN * (high - low or high or 1.0)
    ax.set_xlim(max(0.0, low - room), high + room)


def _draw_limits(funnel: pd.DataFrame, *, ax: Axes, wording: Wording) -> None:
    for number, (level, part) in enumerate(funnel.groupby("level")):
        rows = part.sort_values("error")
        style = STYLES[min(number, len(STYLES) - 1)]
        share = float(level)  # type: ignore[arg-type]
        digits = 0 if round(share * 100) == round(share * 100, 6) else 1
        told = wording.percent(share, digits=digits)
        for side, label in (("low", "_limit"), ("high", wording.text(f"{KEY}.limit", level=told))):
            ax.plot(
                rows["error"].to_numpy(float),
                rows[side].to_numpy(float),
                color=colours.BIAS,
                linestyle=style,
                linewidth=1.0,
                zorder=1.5,
                label=label,
            )


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
    beyond = find_beyond(points, result.funnel)
    few = points["flagged"].sum() <= MOST_NAMES
    chosen = beyond | points["flagged"] if few else beyond
    named = points[chosen].assign(far=points["z"].abs())
    order = named.sort_values(["far", "centre"], ascending=[False, True], kind="stable")
    return order.drop(columns="far").head(MOST_NAMES)


def find_beyond(points: pd.DataFrame, funnel: pd.DataFrame) -> pd.Series:
    """Return which points lie outside the widest lines of the funnel as they are drawn."""
    if funnel.empty:
        return points["error"] < 0
    wide = funnel[funnel["level"] == funnel["level"].max()].sort_values("error")
    low, high = (np.interp(points["error"], wide["error"], wide[side]) for side in ("low", "high"))
    outside = (points["excess"] > high) | (points["excess"] < low)
    return pd.Series(outside, index=points.index)


def name_centres(named: pd.DataFrame, flagged: pd.DataFrame, *, ax: Axes) -> None:
    """Write the names of centres beside their points where they cover no name or flagged point.

    The first ones come first; a name for which no place is free is left out. Call it when the axes
    have their size.

    Parameters
    ----------
    named, flagged : DataFrame
        ``centre``, ``error``, ``excess``.
    ax : Axes
    """
    inside = ax.get_window_extent()
    scale = ax.get_figure(root=True).dpi / 72  # type: ignore[union-attr]
    marks = ax.transData.transform(flagged[["error", "excess"]].to_numpy(float))
    half = FLAG_PT / 2 * scale
    taken = [Bbox([mark - half, mark + half]) for mark in marks]
    for centre, error, excess in named[["centre", "error", "excess"]].itertuples(index=False):
        point = ax.transData.transform((error, excess))
        for across, up in ((1, 0), (-1, 0), (1, 1), (-1, 1), (1, -1), (-1, -1)):
            box = _place(str(centre), point, (across, up), scale=scale)
            free = not any(box.overlaps(other) for other in taken)
            if free and box.x0 >= inside.x0 and box.x1 <= inside.x1 and box.y1 <= inside.y1:
                taken.append(box)
                ax.annotate(
                    str(centre),
                    (error, excess),
                    xytext=(across * OFFSET_PT, up * NAME_PT),
                    textcoords="offset points",
                    ha="left" if across > 0 else "right",
                    va="center",
                    size=NAME_PT,
                    zorder=4,
                    bbox={
                        "facecolor": colours.PAPER,
                        "edgecolor": "none",
                        "pad": 0.4,
                        "alpha": 0.7,
                    },
                )
                break


def _place(name: str, point: np.ndarray, side: tuple[int, int], *, scale: float) -> Bbox:
    """Return the box of a name beside a point, pixels."""
    across, up = side
    width, half = measure(name, size=NAME_PT) * 72 * scale, NAME_PT * 0.6 * scale
    near = point[0] + across * OFFSET_PT * scale
    low, high = sorted((near, near + across * width))
    middle = point[1] + up * NAME_PT * scale
    return Bbox([[low, middle - half], [high, middle + half]])


def _make(bundle: Bundle, wording: Wording) -> Figure:
    result = take(bundle, "inflation", ChecklistInflation)
    figure = new_figure(HEIGHT_IN)
    ax = figure.add_subplot()
    draw_gap_funnel(result, ax=ax, wording=wording)
    add_common_legend(figure, [ax], width=LEGEND_WIDTH)
    figure.draw_without_rendering()
    points = select_points(result)
    name_centres(select_named(result), points[points["flagged"]], ax=ax)
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
