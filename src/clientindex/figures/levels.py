"""The structure within centres beside that between them, indicator by indicator."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from clientindex.figures import colours
from clientindex.figures.labels import NOTE_PT, add_legend, name_rows, use_wording, wrap
from clientindex.figures.recipe import Need, Recipe, take
from clientindex.figures.style import new_row_figure
from clientindex.results import Levels
from clientindex.wording.names import name_indicator

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from clientindex.methodology import Methodology
    from clientindex.results import Bundle
    from clientindex.wording import Wording

ROW_IN, ROOM_IN = 0.27, 1.35
NAME_WIDTH: Final = 34
OFFSETS: Final = {"within": -0.17, "between": 0.17}
"""Level -> place inside its row, in rows."""


def draw_levels(
    result: Levels, *, ax: Axes, wording: Wording, methodology: Methodology, row_in: float
) -> Axes:
    """Draw the loading of every indicator on its own group's factor at both levels.

    Two markers a row, filled for the level within centres and hollow for that between them, each
    with its interval; a loading that is not defined is left out.

    Parameters
    ----------
    result : Levels
    ax : Axes
    wording : Wording
    methodology : Methodology
        Order and names of the indicators.
    row_in : float
        Height of a row, inches; sets the size of the type.

    Returns
    -------
    Axes
    """
    keys = list_indicators(result, methodology)
    own = select_own_loadings(result, methodology)
    for level, offset in OFFSETS.items():
        part = own[own["level"] == level]
        _draw_marks(
            part,
            np.array([keys.index(key) for key in part["indicator"]], dtype=float) + offset,
            ax=ax,
            look=colours.LEVELS[level],
            label=wording.text(f"figures.levels.{level}"),
            size=min(4.6, row_in * 17),
        )
    names = [name_indicator(key, methodology, wording) for key in keys]
    name_rows(ax, names, row_in=row_in, width=NAME_WIDTH)
    _part_groups(keys, ax=ax, methodology=methodology)
    ax.axvline(0, color=colours.REFERENCE, linewidth=0.7, zorder=0)
    use_wording(ax.xaxis, wording)
    ax.grid(visible=True, axis="x")
    ax.spines["left"].set_visible(False)
    ax.set_title(wording.text("figures.levels.loadings"))
    return ax


def draw_shares_between(
    result: Levels, *, ax: Axes, wording: Wording, methodology: Methodology, row_in: float
) -> Axes:
    """Draw ICC(1) of every indicator with its interval, in the same rows."""
    keys = list_indicators(result, methodology)
    frame = result.variances
    frame = frame[frame["indicator"].isin(keys) & frame["estimate"].notna()]
    rows = np.array([keys.index(key) for key in frame["indicator"]], dtype=float)
    look = {"marker": "D", "color": colours.ESTIMATE, "markerfacecolor": colours.ESTIMATE}
    _draw_marks(frame, rows, ax=ax, look=look, label="", size=min(3.8, row_in * 15))
    _part_groups(keys, ax=ax, methodology=methodology)
    ends = frame[["estimate", "ci_low", "ci_high"]].to_numpy(float)
    ax.set_xlim(min(0.0, float(np.nanmin(ends))), 1.08 * float(np.nanmax(ends)))
    use_wording(ax.xaxis, wording)
    ax.grid(visible=True, axis="x")
    ax.spines["left"].set_visible(False)
    ax.set_title(wrap(wording.text("figures.levels.icc"), width=17))
    return ax


def list_indicators(result: Levels, methodology: Methodology) -> list[str]:
    """Return the indicators that have a loading or ICC(1), in the order of the methodology."""
    found = {*result.loadings["indicator"], *result.variances["indicator"]}
    return [key for key in methodology.indicator_keys if key in found]


def select_own_loadings(result: Levels, methodology: Methodology) -> pd.DataFrame:
    """Return the loadings of indicators on the factors of their own groups that are defined."""
    frame = result.loadings
    homes = np.array([methodology.group_of(key) for key in frame["indicator"]], dtype=object)
    own = pd.Series(frame["factor"].to_numpy(object) == homes, index=frame.index)
    return frame.loc[own & frame["estimate"].notna()]


def _draw_marks(
    frame: pd.DataFrame,
    rows: np.ndarray,
    *,
    ax: Axes,
    look: dict[str, Any],
    label: str,
    size: float,
) -> None:
    sure = frame["ci_low"].notna().to_numpy()
    ax.hlines(
        rows[sure],
        frame["ci_low"].to_numpy(float)[sure],
        frame["ci_high"].to_numpy(float)[sure],
        color=look["color"],
        linewidth=1.1,
        zorder=2,
    )
    ax.plot(
        frame["estimate"].to_numpy(float),
        rows,
        linestyle="none",
        markersize=size,
        zorder=3,
        label=label or "_icc",
        **look,
    )


def _part_groups(keys: list[str], *, ax: Axes, methodology: Methodology) -> None:
    """Part the groups of indicators by a line."""
    homes = [methodology.group_of(key) for key in keys]
    for row in range(1, len(homes)):
        if homes[row] != homes[row - 1]:
            ax.axhline(row - 0.5, color=colours.INK, linewidth=0.7)


def _make(bundle: Bundle, wording: Wording) -> Figure:
    result, methodology = take(bundle, "levels", Levels), bundle.methodology
    n_rows = len(list_indicators(result, methodology))
    figure, row_in = new_row_figure(n_rows, wanted_in=ROW_IN, room_in=ROOM_IN)
    left, right = figure.subplots(1, 2, sharey=True, width_ratios=(2, 1))
    for ax, draw in ((left, draw_levels), (right, draw_shares_between)):
        draw(result, ax=ax, wording=wording, methodology=methodology, row_in=row_in)
    right.tick_params(axis="y", length=0)
    values = {
        "level": wording.percent(result.confidence, digits=0),
        "n": wording.integer(result.n),
        "n_centres": wording.integer(result.n_centres),
    }
    figure.supxlabel(wording.text("figures.levels.x", **values), size=NOTE_PT)
    add_legend(figure, left, columns=2)
    return figure


def _has_both_levels(result: Levels) -> bool:
    frame = result.loadings
    defined = len(frame) > 0 and bool(frame["estimate"].notna().any())
    return defined and bool(result.variances["estimate"].notna().any())


RECIPE = Recipe(
    name="levels",
    needs=(Need(name="levels", kind=Levels, has_content=_has_both_levels),),
    make=_make,
)
