"""Stars by the survey against stars by the checklist: numbers of centres."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from matplotlib.patches import Rectangle

from clientindex.figures import colours
from clientindex.figures.labels import add_note
from clientindex.figures.recipe import Need, Recipe, take
from clientindex.figures.style import new_figure
from clientindex.results import CategoryAgreement

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from clientindex.results import Bundle
    from clientindex.wording import Wording

ROW_IN, ROOM_IN = 0.5, 1.15
COUNT_PT, SHARE_PT = 9.5, 7.0
KEY: Final = "figures.star_cross"


def draw_star_cross(result: CategoryAgreement, *, ax: Axes, wording: Wording) -> Axes:
    """Draw one tile a pair of stars: number of centres, and its share of the row as shade.

    Rows are stars by the survey, most on top; columns stars by the checklist. Equal stars are
    framed. A row without centres has no shade.

    Parameters
    ----------
    result : CategoryAgreement
    ax : Axes
    wording : Wording

    Returns
    -------
    Axes
    """
    table = arrange_stars(result)
    counts = table.to_numpy(float)
    totals = counts.sum(axis=1)
    shares = np.divide(
        counts, totals[:, None], out=np.full_like(counts, np.nan), where=totals[:, None] > 0
    )
    ax.imshow(shares, cmap=colours.SHARES, vmin=0, vmax=1, aspect="auto")
    for (row, column), count in np.ndenumerate(counts):
        _print_tile((row, column), int(count), float(shares[row, column]), ax=ax, wording=wording)
    for number in range(len(counts)):
        ax.axhline(number - 0.5, color=colours.BAND_SHADE, linewidth=0.8)
        ax.axvline(number - 0.5, color=colours.BAND_SHADE, linewidth=0.8)
    for row, star in enumerate(table.index):
        corner = (list(table.columns).index(star) - 0.47, row - 0.47)
        ax.add_patch(
            Rectangle(corner, 0.94, 0.94, fill=False, edgecolor=colours.LIMITS, lw=1.8, zorder=3)
        )
    _name_axes(table, totals, ax=ax, wording=wording)
    return ax


def arrange_stars(result: CategoryAgreement) -> pd.DataFrame:
    """Return numbers of centres, survey stars (most first) by checklist stars (fewest first)."""
    frame = result.table[result.table["kind"] == "stars"]
    table = frame.pivot_table(index="survey", columns="checklist", values="n", aggfunc="sum")
    stars = sorted({*table.index, *table.columns})
    return table.reindex(index=stars[::-1], columns=stars).fillna(0).astype(int)


def _print_tile(
    place: tuple[int, int], count: int, share: float, *, ax: Axes, wording: Wording
) -> None:
    row, column = place
    ink = colours.ink_on(colours.SHARES(share)) if count else colours.REFERENCE
    lift = 0.14 * (count > 0)
    ax.text(
        column,
        row - lift,
        wording.integer(count),
        ha="center",
        va="center",
        size=COUNT_PT,
        weight="bold" if count else "normal",
        color=ink,
    )
    if count:
        text = wording.percent(share, digits=0)
        ax.text(column, row + 0.24, text, ha="center", va="center", size=SHARE_PT, color=ink)


def _name_axes(table: pd.DataFrame, totals: np.ndarray, *, ax: Axes, wording: Wording) -> None:
    names = {
        star: wording.text("figures.star", stars=wording.integer(int(star))) for star in table.index
    }
    ax.set_xticks(range(len(names)), labels=[names[star] for star in table.columns])
    ax.set_yticks(range(len(names)), labels=[names[star] for star in table.index])
    ax.tick_params(axis="both", length=0, labelsize=9)
    ax.xaxis.set_ticks_position("top")
    ax.xaxis.set_label_position("top")
    ax.set_ylabel(wording.text(f"{KEY}.survey"))
    ax.set_title(wording.text(f"{KEY}.checklist"), size=9, pad=4)
    for row, total in enumerate(totals):
        text = wording.text("figures.n", n=wording.integer(int(total)))
        ax.annotate(text, (1.01, row), xycoords=("axes fraction", "data"), va="center", size=8)
    ax.spines[:].set_visible(False)
    total = wording.integer(int(totals.sum()))
    add_note(ax, wording.text(f"{KEY}.x", n=total))
    ax.xaxis.set_label_position("bottom")


def _make(bundle: Bundle, wording: Wording) -> Figure:
    result = take(bundle, "category_agreement", CategoryAgreement)
    figure = new_figure(ROOM_IN + ROW_IN * len(arrange_stars(result)))
    draw_star_cross(result, ax=figure.add_subplot(), wording=wording)
    return figure


def _has_stars(result: CategoryAgreement) -> bool:
    frame = result.table
    return bool(frame.loc[frame["kind"] == "stars", "n"].sum() > 0)


RECIPE = Recipe(
    name="star_cross",
    needs=(Need(name="category_agreement", kind=CategoryAgreement, has_content=_has_stars),),
    make=_make,
)
