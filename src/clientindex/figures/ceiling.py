"""Shares of the worst and the best answer to every indicator."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from clientindex.figures import colours
from clientindex.figures.labels import WordingFormatter, add_legend, name_rows
from clientindex.figures.recipe import Need, Recipe, take
from clientindex.figures.style import new_row_figure
from clientindex.results import ItemAnalysis
from clientindex.wording.names import name_indicator

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from clientindex.methodology import Methodology
    from clientindex.results import Bundle
    from clientindex.wording import Wording

ROW_IN, ROOM_IN = 0.25, 1.2
NAME_WIDTH: Final = 34
BAR: Final = 0.36
LOOKS: Final = {"ceiling": (colours.ESTIMATE, -0.19), "floor": (colours.DOUBTFUL, 0.19)}


def draw_ceiling(
    result: ItemAnalysis, *, ax: Axes, wording: Wording, methodology: Methodology, row_in: float
) -> Axes:
    """Draw two bars an indicator with their intervals: share of the best and the worst answer.

    Parameters
    ----------
    result : ItemAnalysis
    ax : Axes
    wording : Wording
    methodology : Methodology
        Order and names of the indicators.
    row_in : float
        Height of a row, inches.

    Returns
    -------
    Axes
    """
    frame = select_rows(result)
    keys = [key for key in methodology.indicator_keys if key in set(frame["indicator"])]
    for statistic, (colour, offset) in LOOKS.items():
        part = frame[frame["statistic"] == statistic]
        rows = np.array([keys.index(key) for key in part["indicator"]]) + offset
        shares = 100 * part["estimate"].to_numpy(float)
        ax.barh(
            rows,
            shares,
            height=BAR,
            color=colour,
            label=wording.text(f"figures.ceiling.{statistic}"),
        )
        low, high = (100 * part[end].to_numpy(float) for end in ("ci_low", "ci_high"))
        ax.hlines(rows, low, high, color=colours.INK, linewidth=0.9)
    names = [name_indicator(key, methodology, wording) for key in keys]
    name_rows(ax, names, row_in=row_in, width=NAME_WIDTH)
    ax.xaxis.set_major_formatter(WordingFormatter(wording))
    ax.grid(visible=True, axis="x")
    ax.spines["left"].set_visible(False)
    level = wording.percent(result.level, digits=0)
    ax.set_xlabel(wording.text("figures.ceiling.x", level=level))
    return ax


def select_rows(result: ItemAnalysis) -> pd.DataFrame:
    """Return floor and ceiling of everybody."""
    frame = result.items
    return frame[(frame["kind"] == "all") & frame["statistic"].isin(list(LOOKS))]


def _make(bundle: Bundle, wording: Wording) -> Figure:
    result, methodology = take(bundle, "item_analysis", ItemAnalysis), bundle.methodology
    n_rows = select_rows(result)["indicator"].nunique()
    figure, row_in = new_row_figure(n_rows, wanted_in=ROW_IN, room_in=ROOM_IN)
    ax = figure.add_subplot()
    draw_ceiling(result, ax=ax, wording=wording, methodology=methodology, row_in=row_in)
    add_legend(figure, ax, columns=2)
    return figure


RECIPE = Recipe(
    name="ceiling",
    needs=(
        Need(
            name="item_analysis",
            kind=ItemAnalysis,
            has_content=lambda r: len(select_rows(r)) > 0,
        ),
    ),
    make=_make,
)
