"""Loadings of the exploratory model with their intervals, and what they say of every indicator."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from clientindex.figures import colours
from clientindex.figures.labels import (
    SMALLEST_PT,
    add_note,
    fit_size,
    name_basis,
    name_rows,
    wrap,
)
from clientindex.figures.recipe import Need, Recipe, take
from clientindex.figures.style import WIDTH_IN, new_row_figure
from clientindex.results import ExploratoryModel
from clientindex.wording.names import GENERAL, name_group, name_indicator, name_variable

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping, Sequence

    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from clientindex.methodology import Methodology
    from clientindex.results import Bundle
    from clientindex.wording import Wording

ROW_IN, ROOM_IN = 0.33, 1.6
NAMES_IN: Final = 1.95
NAME_WIDTH: Final = 32
FACTOR_NAME_WIDTH: Final = 13
NUMBER_PT, INTERVAL_PT = 8.0, 6.0
LOWEST_WITH_INTERVAL_IN: Final = 0.23
"""Rows lower than this have no room for a second line."""
MARKS: Final = {"own": "✓", "cross": "+", "other": "→", "none": "✗"}
"""Verdict -> its sign."""


def draw_loadings_heatmap(
    result: ExploratoryModel,
    *,
    ax: Axes,
    wording: Wording,
    methodology: Methodology,
    size_in: tuple[float, float],
) -> Axes:
    """Draw the pattern loadings with their intervals, and the verdict on every indicator.

    Salient loadings are bold. The last column tells by a sign where the indicator loads, with the
    share of bootstrap replicates that say the same. Where cells are too small for intervals they
    are left out.

    Parameters
    ----------
    result : ExploratoryModel
    ax : Axes
    wording : Wording
    methodology : Methodology
        Order and names of indicators and groups, and the loading that counts as salient.
    size_in : tuple of float
        Width and height of a cell, inches; they set the size of the type.

    Returns
    -------
    Axes
    """
    table = arrange_loadings(result, methodology)
    values = table.to_numpy()
    ax.imshow(values, cmap=colours.LOADINGS, vmin=-1, vmax=1, aspect="auto")
    salient = methodology.factors.salient_loading
    small = _find_interval_size(result, wording, size_in)
    ends = _find_ends(result)
    for (row, column), value in np.ndenumerate(values):
        if not np.isnan(value):
            key = (str(table.index[row]), str(table.columns[column]))
            interval = _tell_interval(ends.get(key), wording) if small else ""
            _print_cell(
                (column, row),
                float(value),
                interval,
                ax=ax,
                wording=wording,
                bold=abs(value) >= salient,
                sizes=(_number_size(size_in), small),
            )
    with_verdicts = len(result.verdicts) > 0
    if with_verdicts:
        _print_verdicts(
            result,
            list(table.index),
            ax=ax,
            wording=wording,
            x=len(table.columns),
            sizes=(_number_size(size_in), small),
        )
    names = [name_indicator(key, methodology, wording) for key in table.index]
    name_rows(ax, names, row_in=size_in[1], width=NAME_WIDTH)
    _name_columns(
        result,
        list(table.columns),
        ax=ax,
        wording=wording,
        methodology=methodology,
        column_in=size_in[0],
    )
    ax.set_xlim(-0.5, len(table.columns) - 0.5 + with_verdicts)
    _part_groups([methodology.group_of(key) for key in table.index], ax=ax)
    add_note(ax, _write_note(result, wording, salient=salient, intervals=small > 0))
    ax.spines[:].set_visible(False)
    return ax


def arrange_loadings(result: ExploratoryModel, methodology: Methodology) -> pd.DataFrame:
    """Return loadings with one row an indicator in the methodology's order, one column a factor."""
    frame = result.loadings
    factors = list(dict.fromkeys(frame["factor"]))
    table = frame.set_index(["indicator", "factor"])["estimate"].unstack("factor")  # noqa: PD010 - pivot_table averages duplicates silently
    present = [key for key in methodology.indicator_keys if key in table.index]
    return table.loc[present, factors]


def _number_size(size_in: tuple[float, float]) -> float:
    return min(NUMBER_PT, size_in[1] * 72 * 0.5)


def _find_ends(result: ExploratoryModel) -> dict[tuple[str, str], tuple[float, float]]:
    frame = result.loadings
    keys = zip(frame["indicator"], frame["factor"], strict=True)
    return dict(zip(keys, zip(frame["ci_low"], frame["ci_high"], strict=True), strict=True))


def _tell_interval(ends: tuple[float, float] | None, wording: Wording) -> str:
    if ends is None or np.isnan(ends).any():
        return ""
    return wording.interval(float(ends[0]), float(ends[1]), digits=2)


def _find_interval_size(
    result: ExploratoryModel, wording: Wording, size_in: tuple[float, float]
) -> float:
    """Return the type size of the intervals, 0 where they would be too small to read."""
    told = [_tell_interval(ends, wording) for ends in _find_ends(result).values()]
    if size_in[1] < LOWEST_WITH_INTERVAL_IN or not any(told):
        return 0.0
    size = fit_size(
        told, width_in=0.95 * size_in[0], largest=min(INTERVAL_PT, size_in[1] * 72 * 0.3)
    )
    return size if size >= SMALLEST_PT else 0.0


def _print_cell(
    place: tuple[int, int],
    value: float,
    interval: str,
    *,
    ax: Axes,
    wording: Wording,
    bold: bool,
    sizes: tuple[float, float],
) -> None:
    column, row = place
    ink = colours.ink_on(colours.LOADINGS((value + 1) / 2))
    style: dict[str, Any] = {"ha": "center", "va": "center", "color": ink}
    lift = 0.17 if interval else 0.0
    weight = "bold" if bold else "normal"
    number = wording.number(value, digits=2)
    ax.text(column, row - lift, number, weight=weight, size=sizes[0], **style)
    if interval:
        ax.text(column, row + 0.27, interval, size=sizes[1], **style)


def _print_verdicts(
    result: ExploratoryModel,
    keys: Sequence[str],
    *,
    ax: Axes,
    wording: Wording,
    x: int,
    sizes: tuple[float, float],
) -> None:
    for verdict in result.verdicts.to_dict("records"):
        if verdict["indicator"] not in keys:
            continue
        row = keys.index(verdict["indicator"])
        shown = sizes[1] > 0 and not np.isnan(verdict["share"])
        sign = _write_sign(verdict)
        ax.text(x, row - 0.17 * shown, sign, ha="center", va="center", size=sizes[0], weight="bold")
        if shown:
            share = wording.percent(verdict["share"], digits=0)
            ax.text(x, row + 0.27, share, ha="center", va="center", size=sizes[1])


def _write_sign(verdict: Mapping[Hashable, Any]) -> str:
    """Return the sign of a verdict, with the other factor where there is one to name."""
    sign = MARKS[verdict["verdict"]]
    return f"{sign} {verdict['other_factor']}" if verdict["verdict"] in ("cross", "other") else sign


def _name_columns(
    result: ExploratoryModel,
    factors: Sequence[str],
    *,
    ax: Axes,
    wording: Wording,
    methodology: Methodology,
    column_in: float,
) -> None:
    """Name factors by their number and the group they match; the verdicts by their heading."""
    matched = dict(zip(result.variance["factor"], result.variance["matched_group"], strict=True))
    labels = [
        _name_factor(factor, str(matched[factor]), wording=wording, methodology=methodology)
        for factor in factors
    ]
    size = fit_size(labels, width_in=0.97 * column_in, largest=7.0)
    if size < SMALLEST_PT:
        labels, size = list(factors), 7.0
    if len(result.verdicts):
        labels = [*labels, wrap(wording.text("figures.loadings_heatmap.verdict"), width=12)]
    ax.set_xticks(range(len(labels)), labels=labels)
    ax.tick_params(axis="x", length=0, labelsize=size, labeltop=True, labelbottom=False)


def _name_factor(factor: str, group: str, *, wording: Wording, methodology: Methodology) -> str:
    if factor == GENERAL:
        return wrap(name_variable(factor, methodology, wording), width=FACTOR_NAME_WIDTH)
    name = name_group(group, methodology, wording)
    return f"{factor}\n{wrap(name, width=FACTOR_NAME_WIDTH)}"


def _part_groups(groups: Sequence[str], *, ax: Axes) -> None:
    """Part the groups of indicators by a line."""
    for row, (above, below) in enumerate(pairwise(groups)):
        if above != below:
            ax.axhline(row + 0.5, color=colours.INK, linewidth=0.8)


def _write_note(
    result: ExploratoryModel, wording: Wording, *, salient: float, intervals: bool
) -> str:
    shown = {"salient": wording.number(salient, digits=2), "n": wording.integer(result.n)}
    basis = name_basis(result.basis, wording)
    sentences = [wording.text("figures.loadings_heatmap.x", basis=basis, **shown)]
    if intervals:
        level = wording.percent(result.level, digits=0)
        sentences.append(wording.text("figures.loadings_heatmap.intervals", level=level))
    if len(result.verdicts):
        found = dict.fromkeys(result.verdicts["verdict"])
        meanings = [
            wording.text(f"figures.loadings_heatmap.{key}", sign=sign)
            for key, sign in MARKS.items()
            if key in found
        ]
        sentences.append("; ".join(meanings))
    return ". ".join(sentences)


def _make(bundle: Bundle, wording: Wording) -> Figure:
    model, methodology = take(bundle, "exploratory", ExploratoryModel), bundle.methodology
    table = arrange_loadings(model, methodology)
    n_rows = len(table)
    n_columns = len(table.columns) + (len(model.verdicts) > 0)
    figure, row_in = new_row_figure(n_rows, wanted_in=ROW_IN, room_in=ROOM_IN)
    draw_loadings_heatmap(
        model,
        ax=figure.add_subplot(),
        wording=wording,
        methodology=methodology,
        size_in=((WIDTH_IN - NAMES_IN) / n_columns, row_in),
    )
    return figure


RECIPE = Recipe(
    name="loadings_heatmap",
    needs=(
        Need(name="exploratory", kind=ExploratoryModel, has_content=lambda r: len(r.loadings) > 0),
    ),
    make=_make,
)
