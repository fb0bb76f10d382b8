"""Standard errors from the covariance of answers against those of resampled respondents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from clientindex.figures import colours
from clientindex.figures.labels import use_wording, wrap
from clientindex.figures.legends import add_common_legend
from clientindex.figures.panels import fit_marker
from clientindex.figures.recipe import Need, Recipe, take
from clientindex.figures.style import new_figure
from clientindex.results import ErrorCheck

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from clientindex.results import Bundle
    from clientindex.wording import Wording

HEIGHT_IN: Final = 4.8
MARGIN: Final = 0.05
"""Room beyond the smallest and largest error, share of their range."""
NOISES: Final = 2.0
"""Half-width of the wedge, in standard deviations of a ratio by chance of the replicates."""
LEGEND_WIDTH: Final = 64
SIDE_WIDTH: Final = 44
KEY: Final = "figures.error_check"


def draw_error_check(result: ErrorCheck, *, ax: Axes, wording: Wording) -> Axes:
    """Draw one point a centre: exact error across, resampled error up; on the line they are equal.

    The wedge is what chance of the replicates does to equal errors. Centres with few respondents
    have another colour and marker.

    Parameters
    ----------
    result : ErrorCheck
    ax : Axes
    wording : Wording

    Returns
    -------
    Axes
    """
    points = select_points(result)
    small = points["small_n"].eq(other=True).to_numpy(bool)
    size = fit_marker(len(points))
    looks = (
        (~small, "o", colours.ESTIMATE, size, wording.text(f"{KEY}.centre")),
        (small, "D", colours.DOUBTFUL, max(size, 3.0), _name_small(result, wording)),
    )
    for chosen, marker, colour, pt, label in looks:
        if chosen.any():
            ax.plot(
                points["exact"].to_numpy(float)[chosen],
                points["resampled"].to_numpy(float)[chosen],
                marker,
                color=colour,
                alpha=0.75,
                markeredgewidth=0,
                markersize=pt,
                zorder=3,
                label=label,
            )
    told = points[["exact", "resampled"]].to_numpy(float)
    low, high = float(told.min()), float(told.max())
    room = MARGIN * (high - low or high or 1.0)
    ends = np.array([max(0.0, low - room), high + room])
    _draw_equality(result, ends, ax=ax, wording=wording)
    ax.set(xlim=ends, ylim=ends)
    for axis in (ax.xaxis, ax.yaxis):
        use_wording(axis, wording)
    ax.grid(visible=True)
    ax.set_xlabel(wording.text(f"{KEY}.x", n=wording.integer(len(points))))
    side = wording.text(f"{KEY}.y", replicates=wording.integer(result.replicates))
    ax.set_ylabel(wrap(side, width=SIDE_WIDTH))
    return ax


def select_points(result: ErrorCheck) -> pd.DataFrame:
    """Return the centres that have both standard errors."""
    frame = result.centres
    return frame[frame["exact"].notna() & frame["resampled"].notna()]


def _name_small(result: ErrorCheck, wording: Wording) -> str:
    return wording.text(f"{KEY}.small_n", n=wording.integer(result.small_sample))


def _draw_equality(result: ErrorCheck, ends: np.ndarray, *, ax: Axes, wording: Wording) -> None:
    noise = result.summary.loc[result.summary["centres"] == "all", "noise"]
    for value in noise[noise.notna()]:
        ax.fill_between(
            ends,
            ends * (1 - NOISES * value),
            ends * (1 + NOISES * value),
            color=colours.WEDGE_SHADE,
            linewidth=0,
            zorder=1,
            label=wording.text(f"{KEY}.noise", share=wording.percent(NOISES * value, digits=0)),
        )
    ax.plot(
        ends,
        ends,
        color=colours.INK,
        linestyle="--",
        linewidth=0.9,
        zorder=2,
        label=wording.text(f"{KEY}.equal"),
    )


def _make(bundle: Bundle, wording: Wording) -> Figure:
    figure = new_figure(HEIGHT_IN)
    ax = figure.add_subplot()
    draw_error_check(take(bundle, "error_check", ErrorCheck), ax=ax, wording=wording)
    add_common_legend(figure, [ax], width=LEGEND_WIDTH)
    return figure


def _describe(bundle: Bundle, wording: Wording) -> Mapping[str, str]:
    result = take(bundle, "error_check", ErrorCheck)
    (row,) = result.summary[result.summary["centres"] == "all"].to_dict("records")
    ratio = wording.text(f"{KEY}.no_ratio")
    if not np.isnan(row["median_ratio"]):
        ratio = wording.text(
            f"{KEY}.ratio",
            median=wording.number(float(row["median_ratio"]), digits=2),
            span=wording.span(float(row["low_ratio"]), float(row["high_ratio"]), digits=2),
        )
    return {"n": wording.integer(len(select_points(result))), "ratio": ratio}


RECIPE = Recipe(
    name="error_check",
    needs=(
        Need(name="error_check", kind=ErrorCheck, has_content=lambda r: len(select_points(r)) > 0),
    ),
    make=_make,
    describe=_describe,
)
