"""Alpha and omega of every group against the thresholds of the methodology."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from clientindex.figures import colours
from clientindex.figures.labels import add_legend, name_rows, print_n, use_wording
from clientindex.figures.recipe import Need, Recipe, take
from clientindex.figures.style import new_row_figure
from clientindex.results import ALL_SEGMENTS, INDEX, Consistency
from clientindex.wording.consistency import pick

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from clientindex.methodology import Methodology
    from clientindex.methodology.thresholds import Threshold
    from clientindex.results import Bundle
    from clientindex.wording import Wording

ROW_IN, ROOM_IN = 0.56, 1.1
NAME_WIDTH = 24
SPREAD = 0.56
"""Share of a row over which its coefficients lie."""
COEFFICIENTS = ("alpha", "omega_total", "green_yang")
"""Of sums of answers: alpha, omega of one factor and Green and Yang's categorical omega."""
HIGHEST = 1.0


def draw_consistency_groups(
    result: Consistency, *, ax: Axes, wording: Wording, methodology: Methodology, row_in: float
) -> Axes:
    """Draw coefficients of everybody with intervals, one row a group and a marker a coefficient.

    A coefficient that is not defined is left out; one without an interval has no line.

    Parameters
    ----------
    result : Consistency
    ax : Axes
    wording : Wording
    methodology : Methodology
        Names of groups, thresholds of alpha.
    row_in : float
        Height of a row, inches; sets the size of the type.

    Returns
    -------
    Axes
    """
    frame = select_rows(result)
    groups = list(dict.fromkeys(frame["group"]))
    shown = [name for name in COEFFICIENTS if name in set(frame["statistic"])]
    offsets = np.linspace(-SPREAD / 2, SPREAD / 2, len(shown)) if len(shown) > 1 else [0.0]
    size = min(7.0, row_in * 72 * SPREAD / max(len(shown) - 1, 1))
    for number, (name, offset) in enumerate(zip(shown, offsets, strict=True)):
        part = frame[frame["statistic"] == name]
        rows = np.array([groups.index(group) for group in part["group"]]) + offset
        label = wording.text(f"coefficient.{name}")
        _draw_coefficient(part, rows, number, ax=ax, label=label)
        if number == 0:
            print_n(part["n"], rows, ax=ax, wording=wording, size=size)
    names = [name_group(group, wording=wording, methodology=methodology) for group in groups]
    name_rows(ax, names, row_in=row_in, width=NAME_WIDTH)
    _draw_thresholds(methodology.thresholds.alpha, ax=ax, wording=wording)
    use_wording(ax.xaxis, wording)
    level = wording.percent(result.level, digits=0)
    ax.set_xlabel(wording.text("figures.consistency_groups.x", level=level), loc="right")
    ax.spines["left"].set_visible(False)
    return ax


def name_group(key: str, *, wording: Wording, methodology: Methodology) -> str:
    """Return the name of a group, or of all indicators together."""
    if key == INDEX:
        return wording.text("figures.all_indicators")
    return methodology.group(key).name.in_language(wording.language)


def select_rows(result: Consistency) -> pd.DataFrame:
    """Return the coefficients of everybody that are shown."""
    frame = pick(result, *COEFFICIENTS)
    return frame[(frame["part"] == ALL_SEGMENTS) & frame["estimate"].notna()]


def _draw_coefficient(
    part: pd.DataFrame, rows: np.ndarray, number: int, *, ax: Axes, label: str
) -> None:
    colour, marker = colours.segment_look(number)
    low, high = part["ci_low"].to_numpy(float), part["ci_high"].to_numpy(float)
    ax.hlines(rows, low, high, color=colour, linewidth=1.3)
    ax.plot(part["estimate"].to_numpy(float), rows, marker, color=colour, label=label, markersize=5)


def _draw_thresholds(threshold: Threshold, *, ax: Axes, wording: Wording) -> None:
    """Mark where each level begins; the view always holds them all and ends at 1."""
    starts = [level.lower for level in threshold.levels if level.lower is not None]
    low = min([ax.get_xlim()[0], *(start - 0.02 for start in starts)])
    ax.set_xlim(low, HIGHEST)
    edges = [low, *starts, HIGHEST]
    for number, (start, end) in enumerate(pairwise(edges)):
        if number % 2:
            ax.axvspan(start, end, facecolor=colours.BAND_SHADE, edgecolor="none", zorder=0)
        if number:
            ax.axvline(start, color=colours.REFERENCE, linewidth=0.8, linestyle=":", zorder=1)
            ax.annotate(
                wording.text("figures.consistency_groups.from", value=_shortest(start, wording)),
                (start, 1.01),
                xycoords=("data", "axes fraction"),
                ha="left",
                size=7.5,
            )


def _shortest(value: float, wording: Wording) -> str:
    return wording.number(value, digits=1 if round(value, 1) == value else 2)


def _make(bundle: Bundle, wording: Wording) -> Figure:
    result = take(bundle, "consistency", Consistency)
    n_rows = select_rows(result)["group"].nunique()
    figure, row_in = new_row_figure(n_rows, wanted_in=ROW_IN, room_in=ROOM_IN)
    ax = figure.add_subplot()
    draw_consistency_groups(
        result, ax=ax, wording=wording, methodology=bundle.methodology, row_in=row_in
    )
    add_legend(figure, ax, columns=3)
    return figure


RECIPE = Recipe(
    name="consistency_groups",
    needs=(
        Need(name="consistency", kind=Consistency, has_content=lambda r: len(select_rows(r)) > 0),
    ),
    make=_make,
)
