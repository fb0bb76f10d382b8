"""Correlation of every indicator with the rest of its group, in every part of the data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from clientindex.figures import colours
from clientindex.figures.labels import name_rows, wrap
from clientindex.figures.recipe import Need, Recipe, take
from clientindex.figures.style import new_row_figure
from clientindex.results import ItemAnalysis
from clientindex.wording.names import name_indicator, name_scope

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from clientindex.methodology import Methodology
    from clientindex.results import Bundle
    from clientindex.wording import Wording

ROW_IN, ROOM_IN = 0.27, 2.1
NAME_WIDTH: Final = 32
PART_WIDTH: Final = 22
DARK: Final = 0.55
"""Correlation from which the cell is dark and its number white."""
MOST_PARTS: Final = 24
"""More columns would have no room for their numbers; regions are then left to the table."""


def draw_item_rest(
    result: ItemAnalysis, *, ax: Axes, wording: Wording, methodology: Methodology, row_in: float
) -> Axes:
    """Draw one cell an indicator and part of the data: colour and number are the correlation.

    Parameters
    ----------
    result : ItemAnalysis
    ax : Axes
    wording : Wording
    methodology : Methodology
        Order and names of indicators and segments.
    row_in : float
        Height of a row, inches.

    Returns
    -------
    Axes
    """
    table = lay_out(result, methodology)
    values = table.to_numpy(float)
    ax.imshow(values, cmap=colours.LOADINGS, vmin=-1, vmax=1, aspect="auto")
    size = min(6.5, row_in * 20, 125 / len(table.columns))
    for row, column in zip(*np.nonzero(np.isfinite(values)), strict=True):
        value = float(values[row, column])
        ink = colours.PAPER if value >= DARK else colours.INK
        text = wording.number(value, 2)
        ax.text(column, row, text, ha="center", va="center", size=size, color=ink)
    names = [name_indicator(key, methodology, wording) for key in table.index]
    name_rows(ax, names, row_in=row_in, width=NAME_WIDTH)
    kinds, keys = (table.columns.get_level_values(level) for level in ("kind", "part"))
    places = zip(kinds, keys, strict=True)
    parts = [name_scope(kind, part, methodology, wording) for kind, part in places]
    labels = [wrap(part, width=PART_WIDTH) for part in parts]
    ax.set_xticks(range(len(parts)), labels=labels, rotation=90, size=7)
    ax.tick_params(axis="x", length=0)
    for row, one in enumerate(table.index[1:], start=1):
        if methodology.group_of(one) != methodology.group_of(table.index[row - 1]):
            ax.axhline(row - 0.5, color=colours.INK, linewidth=0.9)
    for side in ax.spines.values():
        side.set_visible(False)
    return ax


def lay_out(result: ItemAnalysis, methodology: Methodology) -> pd.DataFrame:
    """Return correlations with the rest of the own group, indicators by parts of the data."""
    frame = result.relations
    frame = frame[(frame["statistic"] == "item_rest") & (frame["group"] != "index")]
    table = frame.pivot_table(
        index="indicator", columns=["kind", "part"], values="estimate", sort=False
    )
    if len(table.columns) > MOST_PARTS:
        table = table.loc[:, table.columns.get_level_values("kind") != "region"]
    shown = [key for key in methodology.indicator_keys if key in table.index]
    return table.loc[shown]


def _make(bundle: Bundle, wording: Wording) -> Figure:
    result, methodology = take(bundle, "item_analysis", ItemAnalysis), bundle.methodology
    n_rows = len(lay_out(result, methodology))
    figure, row_in = new_row_figure(n_rows, wanted_in=ROW_IN, room_in=ROOM_IN)
    ax = figure.add_subplot()
    draw_item_rest(result, ax=ax, wording=wording, methodology=methodology, row_in=row_in)
    return figure


def _has_content(result: ItemAnalysis) -> bool:
    frame = result.relations
    return bool(((frame["statistic"] == "item_rest") & (frame["group"] != "index")).any())


RECIPE = Recipe(
    name="item_rest",
    needs=(Need(name="item_analysis", kind=ItemAnalysis, has_content=_has_content),),
    make=_make,
)
