"""Index of centres against its error, with limits that hold over-dispersion and plain ones."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

import numpy as np

from clientindex.figures import colours
from clientindex.figures.funnel import (
    MOST_NAMES,
    draw_limits,
    find_beyond,
    name_centres,
    set_view,
    tell_level,
)
from clientindex.figures.labels import use_wording
from clientindex.figures.legends import add_common_legend
from clientindex.figures.panels import fit_marker
from clientindex.figures.recipe import Need, Recipe, take
from clientindex.figures.style import new_figure
from clientindex.results.regional import RegionalProfile

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from clientindex.results import Bundle
    from clientindex.wording import Wording

HEIGHT_IN: Final = 4.9
LEGEND_WIDTH: Final = 42
UNIT: Final = "centre"
SIZES: Final = (10, 15, 20, 30, 50, 75, 100, 150, 200, 300, 500, 750, 1000, 2000, 5000, 10000)
"""Numbers of respondents that may stand above the funnel."""
TICK_ROOM: Final = 0.05
"""Two of them stand no nearer, share of the axis."""
LOOKS: Final = {
    "": ("o", colours.INK, 0.4),
    "high": ("^", colours.ESTIMATE, 1.0),
    "low": ("v", colours.FLAGGED, 1.0),
}
KEY: Final = "figures.centre_funnel"


def draw_centre_funnel(result: RegionalProfile, *, ax: Axes, wording: Wording) -> Axes:
    """Draw one point a centre with a star: standard error of its index against the index.

    The target is a horizontal line. Limits without over-dispersion are grey; those of the additive
    model, which centres are flagged by, are blue. Numbers of respondents that give such an error to
    a typical centre stand above, where they are known.

    Parameters
    ----------
    result : RegionalProfile
    ax : Axes
    wording : Wording

    Returns
    -------
    Axes
    """
    points, funnel = result.centres, select_limits(result)
    target = float(take_dispersion(result)["target"])
    label = wording.text(f"{KEY}.target", value=wording.number(target))
    ax.axhline(target, color=colours.OVERALL, linewidth=1.0, zorder=1, label=label)
    for model, colour in (("plain", colours.REFERENCE), ("additive", colours.BIAS)):
        rows = funnel[funnel["model"] == model]
        name = partial(_name_limit, model, wording)
        draw_limits(rows, ax=ax, wording=wording, colour=colour, label=name)
    _draw_points(points, ax=ax, wording=wording, fdr=result.fdr)
    set_view(points["error"].to_numpy(float), ax=ax)
    _name_sizes(funnel, ax=ax, wording=wording)
    for axis in (ax.xaxis, ax.yaxis):
        use_wording(axis, wording)
    ax.set_xlabel(wording.text(f"{KEY}.x"))
    ax.set_ylabel(wording.text(f"{KEY}.y"))
    return ax


def _name_limit(model: str, wording: Wording, level: str) -> str:
    return wording.text(f"{KEY}.{model}", level=level)


def _draw_points(points: pd.DataFrame, *, ax: Axes, wording: Wording, fdr: float) -> None:
    size = fit_marker(len(points))
    for side, (marker, colour, alpha) in LOOKS.items():
        part = points[points["flagged_additive"] == side]
        if part.empty:
            continue
        told = {"fdr": tell_level(fdr, wording)} if side else {}
        ax.plot(
            part["error"].to_numpy(float),
            part["estimate"].to_numpy(float),
            marker,
            color=colour,
            alpha=alpha,
            markeredgewidth=0,
            markersize=max(size, 2.6) + 1.5 if side else size,
            zorder=3 if side else 2,
            label=wording.text(f"{KEY}.{side or 'centre'}", **told),
        )


def _name_sizes(funnel: pd.DataFrame, *, ax: Axes, wording: Wording) -> None:
    """Name the numbers of respondents above the axes; nothing where they are unknown."""
    grid = funnel[["error", "n"]].drop_duplicates().dropna().sort_values("n")
    if grid.empty:
        return
    n, error = grid["n"].to_numpy(float), grid["error"].to_numpy(float)
    low, high = ax.get_xlim()
    ticks: dict[float, str] = {}
    for size in SIZES:
        place = float(np.interp(size, n, error))
        near = any(abs(place - other) < TICK_ROOM * (high - low) for other in ticks)
        if n[0] <= size <= n[-1] and low <= place <= high and not near:
            ticks[place] = wording.integer(size)
    above = ax.secondary_xaxis("top")
    above.set_xticks(list(ticks), labels=list(ticks.values()))
    above.tick_params(length=2, labelsize=7)
    above.set_xlabel(wording.text(f"{KEY}.n"), size=8)


def select_limits(result: RegionalProfile) -> pd.DataFrame:
    """Return the limits of the funnel of centres."""
    return result.funnel[result.funnel["unit"] == UNIT]


def take_dispersion(result: RegionalProfile) -> pd.Series:
    """Return the row of the funnel of centres."""
    return result.dispersion[result.dispersion["unit"] == UNIT].iloc[0]


def select_named(result: RegionalProfile) -> pd.DataFrame:
    """Return the centres to be named, farthest z first: flagged ones and those beyond the limits.

    They are the limits of the additive model. Of more than :data:`MOST_NAMES` the farthest.
    """
    points, funnel = result.centres, select_limits(result)
    wide = funnel[funnel["model"] == "additive"]
    chosen = points["flagged_additive"].ne("") | find_beyond(points, wide, value="estimate")
    named = points[chosen].assign(far=points["z_additive"].abs())
    order = named.sort_values(["far", "centre"], ascending=[False, True], kind="stable")
    return order.drop(columns="far").head(MOST_NAMES)


def _make(bundle: Bundle, wording: Wording) -> Figure:
    result = take(bundle, "regional", RegionalProfile)
    figure = new_figure(HEIGHT_IN)
    ax = figure.add_subplot()
    draw_centre_funnel(result, ax=ax, wording=wording)
    add_common_legend(figure, [ax], width=LEGEND_WIDTH)
    figure.draw_without_rendering()
    flagged = result.centres[result.centres["flagged_additive"] != ""]
    name_centres(select_named(result), flagged, ax=ax, value="estimate")
    return figure


def _describe(bundle: Bundle, wording: Wording) -> dict[str, str]:
    result = take(bundle, "regional", RegionalProfile)
    row, index = take_dispersion(result), result.centres["estimate"]
    return {
        "phi": wording.number(float(row["phi"]), digits=2),
        "tau": wording.number(float(row["tau"])),
        "target": wording.number(float(row["target"])),
        "fdr": tell_level(result.fdr, wording),
        "centres": wording.counted(len(index), "centre"),
        "span": wording.span(float(index.min()), float(index.max())),
        "high": wording.integer(int(row["high_additive"])),
        "low": wording.integer(int(row["low_additive"])),
    }


def _has_funnel(result: RegionalProfile) -> bool:
    return len(result.centres) > 0 and bool((result.dispersion["unit"] == UNIT).any())


RECIPE = Recipe(
    name="centre_funnel",
    needs=(Need(name="regional", kind=RegionalProfile, has_content=_has_funnel),),
    make=_make,
    describe=_describe,
)
