"""Weights of groups from every source, and the stars that would change under them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from clientindex.figures import colours
from clientindex.figures.labels import add_note, fit_size, measure, name_rows, use_wording, wrap
from clientindex.figures.recipe import Need, Recipe, take
from clientindex.figures.style import new_row_figure
from clientindex.results.weight_sources import WeightSources
from clientindex.wording.names import name_group
from clientindex.wording.sensitivity_names import name_weight_source

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from clientindex.methodology import Methodology
    from clientindex.results import Bundle
    from clientindex.wording import Wording

ROW_IN, ROOM_IN = 0.36, 1.75
NAME_WIDTH: Final = 27
HEAD_WIDTH: Final = 12
TITLE_WIDTH: Final = 18
BARS_IN: Final = 1.2
"""Width of the bars at least, inches; words at their ends are reckoned from it."""
CHANGE_PT: Final = 7.0
TILES_IN: Final = 3.3
"""Width of the tiles at least, inches."""
TILE_GAP_IN: Final = 0.04
HEAD_PT: Final = 6.8
DARKEST: Final = 0.75
"""Shade of the largest weight; a number must be readable on it."""
CURRENT: Final = "current"
NOTHING: Final = 1e-9
"""Less weight than this does not move."""
KEY: Final = "figures.weight_sources"


def draw_weight_sources(
    result: WeightSources,
    *,
    ax: Axes,
    wording: Wording,
    methodology: Methodology,
    row_in: float = ROW_IN,
) -> Axes:
    """Draw a row a source and a column a group: weight in the index, with an interval if known.

    The current weights are framed by a line. The darker, the larger the weight.

    Parameters
    ----------
    result : WeightSources
    ax : Axes
    wording : Wording
    methodology : Methodology
        Order and names of the groups.
    row_in : float
        Height of a row, inches; sets the size of the type.

    Returns
    -------
    Axes
    """
    table = arrange_sources(result, methodology)
    values = table.to_numpy(float)
    largest = float(np.nanmax(values))
    ax.imshow(DARKEST * values / largest, cmap=colours.SHARES, vmin=0, vmax=1, aspect="auto")
    ends = _take_ends(result)
    room = TILES_IN / len(table.columns) - TILE_GAP_IN
    widest = wording.percent(largest, digits=1)
    size = fit_size([widest], width_in=room, largest=min(8.0, row_in * 72 * 0.33))
    for (row, column), value in np.ndenumerate(values):
        if np.isnan(value):
            continue
        low, high = ends[str(table.index[row]), str(table.columns[column])]
        told = wording.percent(float(value), digits=1)
        if not np.isnan(low):
            told += "\n" + wording.interval(100 * low, 100 * high, digits=0)
        ax.text(
            column,
            row,
            told,
            ha="center",
            va="center",
            size=size if np.isnan(low) else 0.88 * size,
            linespacing=1.05,
            color=colours.ink_on(colours.SHARES(DARKEST * value / largest)),
            in_layout=False,
        )
    _part_tiles(table.shape, ax=ax)
    if CURRENT in table.index:
        row = list(table.index).index(CURRENT)
        ax.axhspan(
            row - 0.48, row + 0.48, fill=False, edgecolor=colours.LIMITS, linewidth=1.6, zorder=3
        )
    name_rows(
        ax, [name_weight_source(s, wording) for s in table.index], row_in=row_in, width=NAME_WIDTH
    )
    heads = [wrap(name_group(k, methodology, wording), width=HEAD_WIDTH) for k in table.columns]
    ax.set_xticks(range(len(heads)), labels=heads)
    fitting = fit_size(heads, width_in=room, largest=HEAD_PT)
    ax.tick_params(axis="x", length=0, labeltop=True, labelbottom=False, labelsize=fitting)
    ax.spines[:].set_visible(False)
    return ax


def draw_source_changes(
    result: WeightSources, *, ax: Axes, wording: Wording, methodology: Methodology
) -> Axes:
    """Draw a bar a source, in the rows of the weights: share of centres whose star would change.

    The number of them is printed; a source without stars has words in place of a bar.

    Parameters
    ----------
    result : WeightSources
    ax : Axes
    wording : Wording
    methodology : Methodology

    Returns
    -------
    Axes
    """
    sources = list(arrange_sources(result, methodology).index)
    compared = result.comparison.set_index("source").reindex(sources)
    share = 100 * compared["share_changed"].to_numpy(float)
    known = np.flatnonzero(~np.isnan(share))
    ax.barh(known, share[known], height=0.5, color=colours.ESTIMATE)
    most = float(np.nanmax(share, initial=0.0)) or 1.0
    told = [_tell_change(compared.iloc[row], wording) for row in range(len(sources))]
    room = max(measure(text, size=CHANGE_PT) for text in told) + 0.08
    ax.set_xlim(0, most * BARS_IN / max(BARS_IN - room, 0.2))
    for row, value in enumerate(share):
        ax.annotate(
            told[row],
            (0.0 if np.isnan(value) else float(value), row),
            xytext=(3, 0),
            textcoords="offset points",
            va="center",
            size=CHANGE_PT,
            in_layout=False,
        )
    ax.set_ylim(len(sources) - 0.5, -0.5)
    ax.tick_params(axis="y", length=0, labelleft=False)
    use_wording(ax.xaxis, wording)
    ax.set_xticks([0, most], labels=[wording.number(x, digits=0) for x in (0, most)])
    ax.set_title(wrap(wording.text(f"{KEY}.changed"), width=TITLE_WIDTH), size=7.5)
    ax.spines["left"].set_color(colours.REFERENCE)
    return ax


def arrange_sources(result: WeightSources, methodology: Methodology) -> pd.DataFrame:
    """Return weights of groups, a row a source in the order of the result, a column a group."""
    frame = result.weights[result.weights["kind"] == "group"]
    told = frame.set_index(["source", "key"])["effective"].astype(float)
    table = told.unstack("key")  # noqa: PD010 - pivot_table averages duplicates
    columns = [key for key in methodology.group_keys if key in table.columns]
    return table.loc[list(dict.fromkeys(frame["source"])), columns]


def _take_ends(result: WeightSources) -> dict[tuple[str, str], tuple[float, float]]:
    """Return the ends of the intervals of group weights by source and group."""
    frame = result.weights[result.weights["kind"] == "group"]
    columns = frame[["source", "key", "ci_low", "ci_high"]].itertuples(index=False)
    return {(str(s), str(key)): (float(low), float(high)) for s, key, low, high in columns}


def _tell_change(row: pd.Series, wording: Wording) -> str:
    if pd.isna(row["share_changed"]):
        return wording.text(f"{KEY}.no_stars")
    return wording.text(
        f"{KEY}.n_changed",
        share=wording.percent(float(row["share_changed"]), digits=1),
        n=wording.integer(int(row["n_changed"])),
        of=wording.integer(int(row["n"])),
    )


def _part_tiles(shape: tuple[int, ...], *, ax: Axes) -> None:
    for number in range(1, shape[0]):
        ax.axhline(number - 0.5, color=colours.PAPER, linewidth=1.5)
    for number in range(1, shape[1]):
        ax.axvline(number - 0.5, color=colours.PAPER, linewidth=1.5)


def _make(bundle: Bundle, wording: Wording) -> Figure:
    result, methodology = take(bundle, "weight_sources", WeightSources), bundle.methodology
    n_rows = len(arrange_sources(result, methodology))
    figure, row_in = new_row_figure(n_rows, wanted_in=ROW_IN, room_in=ROOM_IN)
    left, right = figure.subplots(1, 2, width_ratios=(2.6, 1))
    draw_weight_sources(result, ax=left, wording=wording, methodology=methodology, row_in=row_in)
    draw_source_changes(result, ax=right, wording=wording, methodology=methodology)
    add_note(left, _write_note(result, wording), width=74)
    left.xaxis.set_label_position("bottom")
    return figure


def _write_note(result: WeightSources, wording: Wording) -> str:
    """Say what the tiles hold; of intervals only where there are some."""
    note = wording.text(f"{KEY}.x")
    if any(not np.isnan(low) for low, _ in _take_ends(result).values()):
        note += wording.text(f"{KEY}.interval", level=wording.percent(result.level, digits=0))
    return note


def _describe(bundle: Bundle, wording: Wording) -> Mapping[str, str]:
    result = take(bundle, "weight_sources", WeightSources)
    table = arrange_sources(result, bundle.methodology)
    compared = result.comparison[result.comparison["source"] != CURRENT]
    compared = _keep_apart(compared[compared["share_changed"].notna()])
    ordered = compared.sort_values("share_changed", kind="stable")
    told = [
        wording.text(
            f"{KEY}.told",
            source=name_weight_source(str(row["source"]), wording),
            change=_tell_change(row, wording),
        )
        for _, row in ordered.iloc[[0, -1]].iterrows()
    ]
    return {
        "sources": wording.integer(len(table)),
        "least": told[0],
        "most": told[1],
    }


def _keep_apart(compared: pd.DataFrame) -> pd.DataFrame:
    """Return sources whose weights differ from the current ones; all where none does."""
    apart = compared[compared["distance"] > NOTHING]
    return apart if len(apart) else compared


def _has_sources(result: WeightSources) -> bool:
    others = result.comparison[result.comparison["source"] != CURRENT]
    return bool(others["share_changed"].notna().any())


RECIPE = Recipe(
    name="weight_sources",
    needs=(Need(name="weight_sources", kind=WeightSources, has_content=_has_sources),),
    make=_make,
    describe=_describe,
)
