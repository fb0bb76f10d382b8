"""Correlations of groups by survey and checklist: do the same groups agree over methods."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.patches import Rectangle
from matplotlib.ticker import FixedLocator

from clientindex.figures import colours
from clientindex.figures.labels import (
    NOTE_PT,
    SMALLEST_PT,
    add_note,
    fit_size,
    name_rows,
    use_wording,
    wrap,
)
from clientindex.figures.recipe import Need, Recipe, take
from clientindex.figures.style import WIDTH_IN, new_row_figure
from clientindex.results import MultitraitMatrix
from clientindex.wording.names import name_group

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping, Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from clientindex.methodology import Methodology
    from clientindex.results import Bundle
    from clientindex.wording import Wording

HALVES: Final = {"lower": "survey_sampling", "upper": "none"}
"""Half of the matrix -> error that was taken out of its correlations."""
METHODS: Final = ("survey", "checklist")
SAME_GROUP: Final = "monotrait_heteromethod"
ROW_IN, ROOM_IN = 0.38, 1.8
NAMES_IN: Final = 1.95
NAME_WIDTH: Final = 28
NUMBER_PT: Final = 8.0
FILLED: Final = 0.76
"""Share of a cell's width that its number may take; bold type is wider than it is measured."""
BLOCK_PT: Final = 8.5
KEY: Final = "figures.multitrait_matrix"

Place = tuple[int, int]


def draw_multitrait_matrix(
    result: MultitraitMatrix,
    *,
    ax: Axes,
    wording: Wording,
    methodology: Methodology,
    size_in: tuple[float, float],
) -> Axes:
    """Draw correlations net of sampling error below the diagonal, as measured above it.

    Correlations of a group with itself over the two methods are framed; those whose interval does
    not hold zero are bold. Numbers are left out where cells are too small for them.

    Parameters
    ----------
    result : MultitraitMatrix
    ax : Axes
    wording : Wording
    methodology : Methodology
        Order and names of the groups.
    size_in : tuple of float
        Width and height of a cell, inches; they set the size of the type.

    Returns
    -------
    Axes
    """
    groups = list_groups(result, methodology)
    cells = find_cells(result, groups)
    size = 2 * len(groups)
    matrix = np.full((size, size), np.nan)
    for place, row in cells.items():
        matrix[place] = row["estimate"]
    ax.imshow(matrix, cmap=colours.LOADINGS, vmin=-1, vmax=1, aspect="auto")
    for number in range(size):
        _add_box((number, number), ax=ax, facecolor=colours.BAND_SHADE, linewidth=0)
    _print_numbers(cells, ax=ax, wording=wording, size_in=size_in)
    for place, row in cells.items():
        if row["kind"] == SAME_GROUP:
            _add_box(place, ax=ax, fill=False, edgecolor=colours.INK, linewidth=1.6, zorder=3)
    _name_axes(groups, ax=ax, wording=wording, methodology=methodology, row_in=size_in[1])
    _part_methods(len(groups), ax=ax, wording=wording)
    add_note(ax, _write_note(result, wording))
    ax.spines[:].set_visible(False)
    return ax


def list_groups(result: MultitraitMatrix, methodology: Methodology) -> list[str]:
    """Return the groups that have correlations in the order of the methodology."""
    frame = result.correlations[result.correlations["estimate"].notna()]
    found = {*frame["first_group"], *frame["second_group"]}
    return [key for key in methodology.group_keys if key in found]


def find_cells(
    result: MultitraitMatrix, groups: Sequence[str]
) -> dict[Place, Mapping[Hashable, Any]]:
    """Return (row, column) -> row of the result; undefined correlations are left out."""
    order = [(method, group) for method in METHODS for group in groups]
    cells: dict[Place, Mapping[Hashable, Any]] = {}
    for half, removed in HALVES.items():
        frame = result.correlations
        chosen = frame[(frame["removed"] == removed) & frame["estimate"].notna()]
        for row in chosen.to_dict("records"):
            sides = (
                order.index((row[f"{side}_method"], row[f"{side}_group"]))
                for side in ("first", "second")
            )
            first, last = sorted(sides)
            cells[(last, first) if half == "lower" else (first, last)] = row
    return cells


def _add_box(place: Place, *, ax: Axes, **style: Any) -> None:
    row, column = place
    ax.add_patch(Rectangle((column - 0.5, row - 0.5), 1, 1, **style))


def _print_numbers(
    cells: Mapping[Place, Mapping[Hashable, Any]],
    *,
    ax: Axes,
    wording: Wording,
    size_in: tuple[float, float],
) -> None:
    texts = {place: wording.number(row["estimate"], digits=2) for place, row in cells.items()}
    largest = min(NUMBER_PT, size_in[1] * 72 * 0.55)
    size = fit_size(texts.values(), width_in=FILLED * size_in[0], largest=largest)
    if size < SMALLEST_PT:
        return
    for (row, column), text in texts.items():
        cell = cells[(row, column)]
        ax.text(
            column,
            row,
            text,
            ha="center",
            va="center",
            size=size,
            weight="bold" if cell["ci_low"] > 0 or cell["ci_high"] < 0 else "normal",
            color=colours.ink_on(colours.LOADINGS((cell["estimate"] + 1) / 2)),
        )


def _name_axes(
    groups: Sequence[str], *, ax: Axes, wording: Wording, methodology: Methodology, row_in: float
) -> None:
    """Write numbers above the columns, and numbers with names beside the rows."""
    numbers = [wording.integer(i) for i in range(1, len(groups) + 1)] * 2
    names = [name_group(key, methodology, wording) for key in groups] * 2
    labels = [f"{number}. {name}" for number, name in zip(numbers, names, strict=True)]
    name_rows(ax, labels, row_in=row_in, width=NAME_WIDTH)
    shown = [label.get_text() for label in ax.get_yticklabels()]
    largest = min(8.0, float(ax.get_yticklabels()[0].get_fontsize()))
    ax.tick_params(
        axis="y", labelsize=fit_size(shown, width_in=NAMES_IN - 0.1, largest=largest), length=0
    )
    ax.set_xticks(range(len(numbers)), labels=numbers)
    ax.tick_params(axis="x", length=0, labeltop=True, labelbottom=False)


def _part_methods(n_groups: int, *, ax: Axes, wording: Wording) -> None:
    """Part the blocks of the two methods, and name them above and to the right."""
    ax.axhline(n_groups - 0.5, color=colours.INK, linewidth=1.0)
    ax.axvline(n_groups - 0.5, color=colours.INK, linewidth=1.0)
    for number, method in enumerate(METHODS):
        middle = (n_groups - 1) / 2 + number * n_groups
        name = wording.text(f"{KEY}.{method}")
        ax.annotate(
            name,
            (middle, 1),
            xycoords=("data", "axes fraction"),
            xytext=(0, 17),
            textcoords="offset points",
            ha="center",
            va="bottom",
            size=BLOCK_PT,
            weight="bold",
        )
        ax.annotate(
            name,
            (1, middle),
            xycoords=("axes fraction", "data"),
            xytext=(5, 0),
            textcoords="offset points",
            ha="left",
            va="center",
            size=BLOCK_PT,
            weight="bold",
            rotation=270,
        )


def _write_note(result: MultitraitMatrix, wording: Wording) -> str:
    level, n = wording.percent(result.level, digits=0), wording.integer(result.n)
    found = set(result.correlations.loc[result.correlations["estimate"].notna(), "removed"])
    shown = "both" if HALVES["lower"] in found else "measured"
    return wording.text(f"{KEY}.{shown}", level=level, n=n)


def add_scale(figure: Figure, ax: Axes, *, wording: Wording) -> None:
    """Put the scale of the colours above the axes."""
    shown = ScalarMappable(norm=Normalize(-1, 1), cmap=colours.LOADINGS)
    bar = figure.colorbar(shown, ax=ax, location="top", shrink=0.6, aspect=40, pad=0.03)
    use_wording(bar.ax.xaxis, wording)
    bar.ax.xaxis.set_major_locator(FixedLocator([-1, -0.5, 0, 0.5, 1]))
    bar.outline.set_linewidth(0.4)
    bar.ax.tick_params(labelsize=7)
    bar.set_label(wrap(wording.text(f"{KEY}.scale"), width=60), size=NOTE_PT)


def _make(bundle: Bundle, wording: Wording) -> Figure:
    result, methodology = take(bundle, "multitrait", MultitraitMatrix), bundle.methodology
    n_rows = 2 * len(list_groups(result, methodology))
    figure, row_in = new_row_figure(n_rows, wanted_in=ROW_IN, room_in=ROOM_IN)
    ax = figure.add_subplot()
    size_in = ((WIDTH_IN - NAMES_IN - 0.25) / n_rows, row_in)
    draw_multitrait_matrix(result, ax=ax, wording=wording, methodology=methodology, size_in=size_in)
    add_scale(figure, ax, wording=wording)
    return figure


def _has_correlations(result: MultitraitMatrix) -> bool:
    frame = result.correlations
    shown = frame["removed"].isin(HALVES.values())
    return bool((shown & frame["estimate"].notna()).any())


RECIPE = Recipe(
    name="multitrait_matrix",
    needs=(Need(name="multitrait", kind=MultitraitMatrix, has_content=_has_correlations),),
    make=_make,
)
