"""Loadings of the exploratory model, indicators in the order of the groups."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from clientindex.figures import colours
from clientindex.figures.labels import name_rows, wrap
from clientindex.figures.recipe import Need, Recipe, take
from clientindex.figures.style import new_figure, row_height
from clientindex.results import ExploratoryModel
from clientindex.wording.names import name_group

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from clientindex.methodology import Methodology
    from clientindex.results import Bundle
    from clientindex.wording import Wording

ROW_IN, ROOM_IN = 0.25, 1.25
NAME_WIDTH = 42
FACTOR_NAME_WIDTH = 12
MOST_NAMED_FACTORS = 6
"""With more factors the columns are too narrow for the name of the matched group."""


def draw_loadings_heatmap(
    result: ExploratoryModel,
    *,
    ax: Axes,
    wording: Wording,
    methodology: Methodology,
    row_in: float,
) -> Axes:
    """Draw the pattern loadings with their values; salient ones are bold.

    Parameters
    ----------
    result : ExploratoryModel
    ax : Axes
    wording : Wording
    methodology : Methodology
        Order and names of indicators and groups, and the loading that counts as salient.
    row_in : float
        Height of a row, inches; sets the size of the type.

    Returns
    -------
    Axes
    """
    table = arrange_loadings(result, methodology)
    ax.imshow(table.to_numpy(), cmap=colours.LOADINGS, vmin=-1, vmax=1, aspect="auto")
    salient = methodology.factors.salient_loading
    size = min(8.0, row_in * 72 * 0.5)
    for (row, column), value in np.ndenumerate(table.to_numpy()):
        if not np.isnan(value):
            ink = colours.ink_on(colours.LOADINGS((value + 1) / 2))
            weight = "bold" if abs(value) >= salient else "normal"
            text = wording.number(float(value), digits=2)
            ax.text(
                column, row, text, ha="center", va="center", weight=weight, size=size, color=ink
            )
    language = wording.language
    names = [methodology.indicator(key).name.in_language(language) for key in table.index]
    name_rows(ax, names, row_in=row_in, width=NAME_WIDTH)
    _name_factors(result, list(table.columns), ax=ax, wording=wording, methodology=methodology)
    _part_groups([methodology.group_of(key) for key in table.index], ax=ax)
    shown = {"salient": wording.number(salient, digits=2), "n": wording.integer(result.n)}
    ax.set_xlabel(wording.text("figures.loadings_heatmap.x", **shown), loc="right")
    ax.spines[:].set_visible(False)
    return ax


def arrange_loadings(result: ExploratoryModel, methodology: Methodology) -> pd.DataFrame:
    """Return loadings with one row an indicator in the methodology's order, one column a factor."""
    frame = result.loadings
    factors = list(dict.fromkeys(frame["factor"]))
    table = frame.set_index(["indicator", "factor"])["estimate"].unstack("factor")  # noqa: PD010 - pivot_table averages duplicates silently
    present = [key for key in methodology.indicator_keys if key in table.index]
    return table.loc[present, factors]


def _name_factors(
    result: ExploratoryModel,
    factors: list[str],
    *,
    ax: Axes,
    wording: Wording,
    methodology: Methodology,
) -> None:
    matched = dict(zip(result.variance["factor"], result.variance["matched_group"], strict=True))
    labels = factors
    if len(factors) <= MOST_NAMED_FACTORS:
        groups = [name_group(matched[f], methodology, wording) for f in factors]
        named = zip(factors, groups, strict=True)
        labels = [f"{factor}\n{wrap(name, width=FACTOR_NAME_WIDTH)}" for factor, name in named]
    ax.set_xticks(range(len(factors)), labels=labels)
    ax.tick_params(axis="x", length=0, labelsize=6.8, labeltop=True, labelbottom=False)


def _part_groups(groups: list[str], *, ax: Axes) -> None:
    """Part the groups of indicators by a line."""
    for row, (above, below) in enumerate(pairwise(groups)):
        if above != below:
            ax.axhline(row + 0.5, color=colours.INK, linewidth=0.8)


def _make(bundle: Bundle, wording: Wording) -> Figure:
    model, methodology = take(bundle, "exploratory", ExploratoryModel), bundle.methodology
    n_rows = len(arrange_loadings(model, methodology))
    row_in = row_height(n_rows, wanted_in=ROW_IN, room_in=ROOM_IN)
    figure = new_figure(ROOM_IN + row_in * n_rows)
    ax = figure.add_subplot()
    draw_loadings_heatmap(model, ax=ax, wording=wording, methodology=methodology, row_in=row_in)
    return figure


RECIPE = Recipe(
    name="loadings_heatmap",
    needs=(
        Need(name="exploratory", kind=ExploratoryModel, has_content=lambda r: len(r.loadings) > 0),
    ),
    make=_make,
)
