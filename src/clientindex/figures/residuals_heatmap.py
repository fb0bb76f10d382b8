"""What a confirmatory model leaves unexplained in each correlation."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator

from clientindex.figures import colours
from clientindex.figures.labels import NOTE_PT, add_note, fit_size, use_wording, wrap
from clientindex.figures.recipe import Need, Recipe, take
from clientindex.figures.style import WIDTH_IN, new_figure, row_height
from clientindex.results import ConfirmatoryModels
from clientindex.wording.names import name_indicator, name_model

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from clientindex.methodology import Methodology
    from clientindex.results import Bundle
    from clientindex.wording import Wording

MAIN_MODEL: Final = "correlated"
ROW_IN, ROOM_IN = 0.24, 1.0
NAMES_IN: Final = 1.8
NAME_WIDTH: Final = 36
N_LARGEST: Final = 8
"""Residuals that are framed and told as numbers."""
NARROWEST: Final = 0.1
"""The colours span at least this much on both sides of zero, so that noise stays pale."""
SIGNED_SHARE: Final = 0.4
"""From this share of the span on a cell carries the sign of its residual."""


def draw_residuals_heatmap(
    result: ConfirmatoryModels,
    *,
    ax: Axes,
    wording: Wording,
    methodology: Methodology,
    row_in: float,
    model: str = MAIN_MODEL,
) -> Axes:
    """Draw observed less implied correlations below the diagonal, the largest ones as a list.

    Parameters
    ----------
    result : ConfirmatoryModels
    ax : Axes
    wording : Wording
    methodology : Methodology
        Order and names of the indicators.
    row_in : float
        Height of a row, inches; sets the size of the type.
    model : str
        Key of the model.

    Returns
    -------
    Axes
    """
    frame = select_residuals(result, model)
    keys = list_indicators(frame, methodology)
    matrix = _arrange(frame, keys)
    span = max(NARROWEST, float(np.nanmax(np.abs(matrix))))
    ax.imshow(matrix, cmap=colours.LOADINGS, vmin=-span, vmax=span, aspect="auto")
    size = min(8.0, row_in * 72 * 0.5)
    _print_signs(matrix, ax=ax, span=span, size=size)
    _part_groups([methodology.group_of(key) for key in keys], ax=ax)
    _tell_largest(frame, keys, ax=ax, wording=wording, size=size)
    _name_axes(keys, ax=ax, wording=wording, methodology=methodology, row_in=row_in)
    add_note(
        ax,
        wording.text(
            "figures.residuals_heatmap.x",
            model=name_model(model, methodology, wording),
            estimator=str(frame["estimator"].iloc[0]).upper(),
            n=wording.integer(result.n),
        ),
    )
    ax.spines[:].set_visible(False)
    return ax


def select_residuals(result: ConfirmatoryModels, model: str) -> pd.DataFrame:
    """Return the residuals of a model by the leading estimator, or by the first that has them."""
    frame = result.residuals[(result.residuals["model"] == model)]
    frame = frame[frame["residual"].notna()]
    found = list(dict.fromkeys(frame["estimator"]))
    if not found:
        return frame
    return frame[frame["estimator"] == (result.main if result.main in found else found[0])]


def list_indicators(frame: pd.DataFrame, methodology: Methodology) -> list[str]:
    """Return the indicators that have residuals in the order of the methodology."""
    found = {*frame["indicator"], *frame["other"]}
    return [key for key in methodology.indicator_keys if key in found]


def _arrange(frame: pd.DataFrame, keys: list[str]) -> np.ndarray:
    """Return residuals below the diagonal; NaN elsewhere."""
    matrix = np.full((len(keys), len(keys)), np.nan)
    for row, column, residual in _place(frame, keys):
        matrix[row, column] = residual
    return matrix


def _place(frame: pd.DataFrame, keys: list[str]) -> list[tuple[int, int, float]]:
    """Return (row, column, residual) with the row below the column."""
    order = {key: number for number, key in enumerate(keys)}
    placed = []
    for one, other, residual in zip(
        frame["indicator"], frame["other"], frame["residual"], strict=True
    ):
        column, row = sorted((order[one], order[other]))
        if row > column:
            placed.append((row, column, float(residual)))
    return placed


def _print_signs(matrix: np.ndarray, *, ax: Axes, span: float, size: float) -> None:
    for (row, column), value in np.ndenumerate(matrix):
        if abs(value) >= SIGNED_SHARE * span:
            ink = colours.ink_on(colours.LOADINGS((value / span + 1) / 2))
            sign = "+" if value > 0 else "\u2212"
            ax.text(column, row, sign, ha="center", va="center", size=size, color=ink)


def _part_groups(groups: list[str], *, ax: Axes) -> None:
    """Part the groups by lines that end at the diagonal."""
    last = len(groups) - 0.5
    for place, (before, after) in enumerate(pairwise(groups)):
        if before != after:
            ax.plot([-0.5, place + 0.5], [place + 0.5] * 2, color=colours.INK, linewidth=0.8)
            ax.plot([place + 0.5] * 2, [place + 0.5, last], color=colours.INK, linewidth=0.8)
    ax.plot([-0.5, -0.5, last, -0.5], [-0.5, last, last, -0.5], color=colours.REFERENCE, lw=0.6)


def _tell_largest(
    frame: pd.DataFrame, keys: list[str], *, ax: Axes, wording: Wording, size: float
) -> None:
    """Frame the largest residuals and list them in the empty half, largest first."""
    placed = sorted(_place(frame, keys), key=lambda cell: -abs(cell[2]))[:N_LARGEST]
    lines = [wording.text("figures.residuals_heatmap.largest")]
    for row, column, residual in placed:
        ax.add_patch(
            Rectangle(
                (column - 0.5, row - 0.5), 1, 1, fill=False, edgecolor=colours.INK, linewidth=1.3
            )
        )
        pair = {"one": wording.integer(column + 1), "other": wording.integer(row + 1)}
        value = wording.number(residual, digits=3)
        lines.append(wording.text("figures.residuals_heatmap.pair", value=value, **pair))
    ax.text(
        0.99,
        0.99,
        "\n".join(lines),
        transform=ax.transAxes,
        ha="right",
        va="top",
        size=max(NOTE_PT, min(size, 8.0)),
        linespacing=1.4,
    )


def _name_axes(
    keys: list[str], *, ax: Axes, wording: Wording, methodology: Methodology, row_in: float
) -> None:
    """Write numbers below the columns, and numbers with names beside the rows."""
    numbers = [wording.integer(i) for i in range(1, len(keys) + 1)]
    names = [name_indicator(key, methodology, wording) for key in keys]
    labels = [
        wrap(f"{number}. {name}", width=NAME_WIDTH)
        for number, name in zip(numbers, names, strict=True)
    ]
    lines = max(label.count("\n") + 1 for label in labels)
    size = min(fit_size(labels, width_in=NAMES_IN - 0.1, largest=7.0), row_in * 72 / (lines * 1.17))
    ax.set_yticks(range(len(keys)), labels=labels)
    ax.set_xticks(range(len(keys)), labels=numbers)
    ax.tick_params(axis="y", length=0, labelsize=size)
    ax.tick_params(axis="x", length=0, labelsize=min(7.0, row_in * 72 * 0.5))


def _make(bundle: Bundle, wording: Wording) -> Figure:
    result, methodology = take(bundle, "confirmatory", ConfirmatoryModels), bundle.methodology
    frame = select_residuals(result, MAIN_MODEL)
    n_rows = len(list_indicators(frame, methodology))
    row_in = min(
        row_height(n_rows, wanted_in=ROW_IN, room_in=ROOM_IN), (WIDTH_IN - NAMES_IN) / n_rows
    )
    figure = new_figure(ROOM_IN + row_in * n_rows)
    ax = figure.add_subplot()
    draw_residuals_heatmap(result, ax=ax, wording=wording, methodology=methodology, row_in=row_in)
    add_scale(figure, ax, wording=wording)
    return figure


def add_scale(figure: Figure, ax: Axes, *, wording: Wording) -> None:
    """Put the scale of the colours above the axes."""
    low, high = ax.images[0].get_clim()
    shown = ScalarMappable(norm=Normalize(low, high), cmap=colours.LOADINGS)
    bar = figure.colorbar(
        shown, ax=ax, location="top", shrink=0.6, aspect=40, pad=0.02, anchor=(1.0, 0.0)
    )
    use_wording(bar.ax.xaxis, wording)
    bar.ax.xaxis.set_major_locator(MaxNLocator(nbins=5, symmetric=True))
    bar.outline.set_linewidth(0.4)
    bar.ax.tick_params(labelsize=7)
    bar.set_label(wording.text("figures.residuals_heatmap.scale"), size=NOTE_PT)


RECIPE = Recipe(
    name="residuals_heatmap",
    needs=(
        Need(
            name="confirmatory",
            kind=ConfirmatoryModels,
            has_content=lambda r: len(select_residuals(r, MAIN_MODEL)) > 0,
        ),
    ),
    make=_make,
)
