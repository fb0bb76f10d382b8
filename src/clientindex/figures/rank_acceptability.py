"""How often random weightings put every centre into each class of ranks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from clientindex.figures import colours
from clientindex.figures.centre_rows import fit_rows, list_names, name_centres, tell_rows
from clientindex.figures.labels import add_note
from clientindex.figures.recipe import Need, Recipe, take
from clientindex.figures.shade_scale import add_share_scale
from clientindex.figures.style import new_figure
from clientindex.results import WeightStability
from clientindex.wording.sensitivity_names import tell_weightings

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from clientindex.results import Bundle
    from clientindex.wording import Wording

ROOM_IN: Final = 1.6
SHOWN: Final = 0.005
"""Smaller shares are not printed."""
KEY: Final = "figures.rank_acceptability"


def draw_rank_acceptability(
    result: WeightStability,
    *,
    ax: Axes,
    wording: Wording,
    names: Sequence[str] | None = None,
    row_in: float = 0.27,
) -> Axes:
    """Draw a row a centre, best rank on top, and a column a class of ranks; shade is the share.

    Parameters
    ----------
    result : WeightStability
    ax : Axes
    wording : Wording
    names : sequence of str, optional
        Of the centres in the order of the result, with numbers in the cells; places are written
        unless given.
    row_in : float
        Height of a named row, inches; sets the size of the type.

    Returns
    -------
    Axes
    """
    table = arrange_acceptability(result)
    values = table.to_numpy(float)
    ax.imshow(values, cmap=colours.SHARES, vmin=0, vmax=1, aspect="auto", interpolation="none")
    if names is not None:
        size = min(8.0, row_in * 72 * 0.5)
        for (row, column), share in np.ndenumerate(values):
            if share >= SHOWN:
                ink = colours.ink_on(colours.SHARES(float(share)))
                told = wording.percent(float(share), digits=0)
                ax.text(column, row, told, ha="center", va="center", size=size, color=ink)
    for number in range(1, values.shape[1]):
        ax.axvline(number - 0.5, color=colours.BAND_SHADE, linewidth=0.8)
    tell_rows(ax, names, n=len(table), wording=wording, row_in=row_in)
    ax.set_xticks(range(values.shape[1]), labels=_name_classes(table, wording))
    ax.tick_params(axis="x", length=0, labelsize=7)
    ax.spines[:].set_visible(False)
    return ax


def arrange_acceptability(result: WeightStability) -> pd.DataFrame:
    """Return shares of draws, a row a centre by nominal rank, a column a class (first, last)."""
    told = result.acceptability.set_index(["centre", "rank_from", "rank_to"])["share"]
    table = told.unstack(["rank_from", "rank_to"]).astype(float)  # noqa: PD010 - no duplicates
    return table.reindex(result.frame["centre"]).sort_index(axis=1)


def _name_classes(table: pd.DataFrame, wording: Wording) -> list[str]:
    names = []
    for ends in table.columns.tolist():
        first, last = (wording.integer(int(end)) for end in ends)
        told = wording.text(f"{KEY}.class", first=first, last=last)
        names.append(first if first == last else told)
    return names


def _make(bundle: Bundle, wording: Wording) -> Figure:
    result = take(bundle, "weight_stability", WeightStability)
    centres = result.frame["centre"].astype(str).tolist()
    height, row_in = fit_rows(len(centres), room_in=ROOM_IN)
    figure = new_figure(height)
    ax = figure.add_subplot()
    names = list_names(centres, name_centres(bundle))
    draw_rank_acceptability(result, ax=ax, wording=wording, names=names, row_in=row_in)
    values = {
        "draws": wording.integer(result.draws),
        "weightings": tell_weightings(result, wording),
    }
    add_note(ax, wording.text(f"{KEY}.x", **values), width=84)
    add_share_scale(figure, ax, label=wording.text(f"{KEY}.scale"), wording=wording)
    return figure


def _describe(bundle: Bundle, wording: Wording) -> Mapping[str, str]:
    result = take(bundle, "weight_stability", WeightStability)
    table = arrange_acceptability(result)
    best = table.to_numpy(float)[:, 0]
    return {
        "n": wording.integer(len(table)),
        "classes": wording.integer(table.shape[1]),
        "draws": wording.integer(result.draws),
        "first": _name_classes(table, wording)[0],
        "ever": wording.integer(int((best > 0).sum())),
        "always": wording.integer(int((best == 1).sum())),
    }


RECIPE = Recipe(
    name="rank_acceptability",
    needs=(
        Need(
            name="weight_stability",
            kind=WeightStability,
            has_content=lambda r: len(r.acceptability) > 0,
        ),
    ),
    make=_make,
    describe=_describe,
)
