"""Are the groups distinct: heterotrait-monotrait ratios of every two groups."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
from matplotlib.patches import Patch, Rectangle

from clientindex.figures import colours
from clientindex.figures.labels import SMALLEST_PT, add_note, fit_size, name_basis, wrap
from clientindex.figures.recipe import Need, Recipe, take
from clientindex.figures.style import WIDTH_IN, new_figure
from clientindex.results import Validity
from clientindex.wording.names import name_group

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from clientindex.methodology import Methodology
    from clientindex.methodology.thresholds import Threshold
    from clientindex.results import Bundle
    from clientindex.wording import Wording

STATISTICS: Final = {"lower": "htmt", "upper": "htmt2"}
"""Half of the matrix -> statistic."""
ROW_IN, ROOM_IN = 0.52, 1.35
NAMES_IN: Final = 1.5
NAME_WIDTH: Final = 20
NUMBER_PT, INTERVAL_PT = 9.0, 6.6


def draw_htmt_matrix(
    result: Validity, *, ax: Axes, wording: Wording, methodology: Methodology, column_in: float
) -> Axes:
    """Draw HTMT below the diagonal and HTMT2 above it, with intervals, shaded by level.

    The darker and the more densely hatched a cell, the less distinct the two groups; levels and
    their limits come from the methodology.

    Parameters
    ----------
    result : Validity
    ax : Axes
    wording : Wording
    methodology : Methodology
        Order and names of the groups, thresholds of HTMT.
    column_in : float
        Width of a column, inches; sets the size of the type.

    Returns
    -------
    Axes
    """
    cells = find_cells(result, methodology)
    groups = list_groups(result, methodology)
    threshold = methodology.thresholds.htmt
    texts = {place: _tell(row, wording) for place, row in cells.items()}
    intervals = [interval for _, interval in texts.values() if interval]
    size = fit_size(intervals, width_in=0.94 * column_in, largest=INTERVAL_PT)
    for place, row in cells.items():
        look = _find_look(float(row["estimate"]), threshold)
        _draw_cell(place, *texts[place], look, ax=ax, size=size)
    for number in range(len(groups)):
        ax.add_patch(
            Rectangle((number - 0.5, number - 0.5), 1, 1, facecolor=colours.BAND_SHADE, lw=0)
        )
    _name_axes(groups, ax=ax, wording=wording, methodology=methodology, column_in=column_in)
    values = {
        "level": wording.percent(result.level, digits=0),
        "basis": name_basis(result.basis, wording),
        "n": wording.integer(result.n),
    }
    add_note(ax, wording.text("figures.htmt_matrix.x", **values))
    ax.spines[:].set_visible(False)
    return ax


def list_groups(result: Validity, methodology: Methodology) -> list[str]:
    """Return the groups that have a ratio in the order of the methodology."""
    frame = result.pairs[result.pairs["statistic"].isin(STATISTICS.values())]
    found = {*frame["group"], *frame["other"]}
    return [key for key in methodology.group_keys if key in found]


def find_cells(
    result: Validity, methodology: Methodology
) -> dict[tuple[int, int], Mapping[Hashable, Any]]:
    """Return (row, column) -> row of the result; undefined ratios are left out."""
    groups = list_groups(result, methodology)
    cells: dict[tuple[int, int], Mapping[Hashable, Any]] = {}
    for half, statistic in STATISTICS.items():
        chosen = result.pairs[result.pairs["statistic"] == statistic]
        for row in chosen[chosen["estimate"].notna()].to_dict("records"):
            first, last = sorted((groups.index(row["group"]), groups.index(row["other"])))
            cells[(last, first) if half == "lower" else (first, last)] = row
    return cells


def _tell(row: Mapping[Hashable, Any], wording: Wording) -> tuple[str, str]:
    number = wording.number(row["estimate"], digits=2)
    if np.isnan(row["ci_low"]):
        return number, ""
    return number, wording.interval(row["ci_low"], row["ci_high"], digits=2)


def _find_look(value: float, threshold: Threshold) -> int:
    """Return the position of the level of a value."""
    keys = [level.key for level in threshold.levels]
    return keys.index(threshold.classify(value))


def _draw_cell(
    place: tuple[int, int], number: str, interval: str, look: int, *, ax: Axes, size: float
) -> None:
    row, column = place
    colour, hatch = colours.level_look(look)
    ax.add_patch(
        Rectangle(
            (column - 0.5, row - 0.5),
            1,
            1,
            facecolor=colour,
            hatch=hatch,
            edgecolor=colours.PAPER,
            linewidth=1.2,
        )
    )
    ink = colours.ink_on(colour)
    box = {"facecolor": colour, "edgecolor": "none", "pad": 0.8}
    shown = bool(interval) and size >= SMALLEST_PT
    ax.text(
        column,
        row - 0.16 * shown,
        number,
        ha="center",
        va="center",
        size=NUMBER_PT,
        color=ink,
        weight="bold",
        bbox=box,
    )
    if shown:
        ax.text(
            column, row + 0.22, interval, ha="center", va="center", size=size, color=ink, bbox=box
        )


def _name_axes(
    groups: list[str], *, ax: Axes, wording: Wording, methodology: Methodology, column_in: float
) -> None:
    names = [name_group(key, methodology, wording) for key in groups]
    ax.set_yticks(range(len(groups)), labels=[wrap(name, width=NAME_WIDTH) for name in names])
    above = [wrap(name, width=12) for name in names]
    size = fit_size(above, width_in=0.97 * column_in, largest=7.5)
    ax.set_xticks(range(len(groups)), labels=above)
    ax.tick_params(axis="y", length=0, labelsize=8)
    ax.tick_params(axis="x", length=0, labelsize=size, labeltop=True, labelbottom=False)
    ax.set_xlim(-0.5, len(groups) - 0.5)
    ax.set_ylim(len(groups) - 0.5, -0.5)


def name_ranges(threshold: Threshold, wording: Wording) -> list[str]:
    """Name the levels of a threshold by their limits, lowest first."""
    limits = [level.lower for level in threshold.levels]
    told = ["" if limit is None else wording.number(limit, digits=2) for limit in limits]
    names = []
    for number, low in enumerate(told):
        high = told[number + 1] if number + 1 < len(told) else ""
        if low and high:
            names.append(wording.text("figures.range.between", low=low, high=high))
        elif high:
            names.append(wording.text("figures.range.below", high=high))
        else:
            names.append(wording.text("figures.range.from", low=low))
    return names


def add_level_legend(figure: Figure, names: list[str]) -> None:
    """Put one patch a level above the figure."""
    patches = []
    for number, name in enumerate(names):
        colour, hatch = colours.level_look(number)
        edge = colours.PAPER if hatch else colours.REFERENCE
        patches.append(Patch(facecolor=colour, hatch=hatch, edgecolor=edge, label=name))
    figure.legend(handles=patches, loc="outside upper center", ncols=len(patches))


def _make(bundle: Bundle, wording: Wording) -> Figure:
    result, methodology = take(bundle, "validity", Validity), bundle.methodology
    groups = list_groups(result, methodology)
    column_in = (WIDTH_IN - NAMES_IN) / len(groups)
    figure = new_figure(ROOM_IN + ROW_IN * len(groups))
    ax = figure.add_subplot()
    draw_htmt_matrix(result, ax=ax, wording=wording, methodology=methodology, column_in=column_in)
    add_level_legend(figure, name_ranges(methodology.thresholds.htmt, wording))
    return figure


def _has_ratios(result: Validity) -> bool:
    frame: pd.DataFrame = result.pairs
    if frame.empty:
        return False
    chosen = frame["statistic"].isin(STATISTICS.values())
    return bool(frame.loc[chosen, "estimate"].notna().any())


RECIPE = Recipe(
    name="htmt_matrix",
    needs=(Need(name="validity", kind=Validity, has_content=_has_ratios),),
    make=_make,
)
