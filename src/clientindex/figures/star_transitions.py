"""Stars of the previous edition against stars of this one: numbers of centres."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from matplotlib.collections import PatchCollection
from matplotlib.patches import Rectangle

from clientindex.figures import colours
from clientindex.figures.labels import NOTE_WIDTH, add_note, fit_size, wrap
from clientindex.figures.recipe import Need, Recipe, take
from clientindex.figures.star_bands import name_star
from clientindex.figures.style import new_figure
from clientindex.results.change import ABSENT, WITHHELD, EditionChange

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from clientindex.results import Bundle
    from clientindex.results.methodology_comparison import MethodologyComparison
    from clientindex.wording import Wording

ROW_IN, ROOM_IN = 0.42, 1.35
AXES_IN: Final = 4.8
"""Least width of the axes, inches."""
GAP: Final = 0.35
"""Between stars and what is no star, share of a row."""
COUNT_PT, SHARE_PT = 9.0, 6.8
NO_STAR: Final = (WITHHELD, ABSENT)
NAME_WIDTH: Final = 10
KEY: Final = "figures.star_transitions"


def draw_star_transitions(
    result: EditionChange | MethodologyComparison,
    *,
    ax: Axes,
    wording: Wording,
    key: str = KEY,
    width_in: float = AXES_IN,
    note_width: int = NOTE_WIDTH,
) -> Axes:
    """Draw one tile a pair of stars: number of centres, and its share of the row as shade.

    Rows are stars of the previous edition, most on top; columns stars of this one. Equal stars are
    framed. Centres whose star was withheld, or that were in no register, stand apart without shade,
    and count in no share.

    Parameters
    ----------
    result : EditionChange or MethodologyComparison
    ax : Axes
    wording : Wording
    key : str
        Of the names of both axes and of the note in the catalogue.
    width_in : float
        Width of the axes, inches.
    note_width : int
        Longest line of the note, characters.

    Returns
    -------
    Axes
    """
    table = arrange_transitions(result)
    rows, columns = _find_places(table.index), _find_places(table.columns)
    shares = _share_rows(table)
    _draw_tiles(table, rows, columns, shares, ax=ax)
    for (row, column), count in np.ndenumerate(table.to_numpy()):
        place = (float(columns[column]), float(rows[row]))
        _print_tile(place, int(count), float(shares[row, column]), ax=ax, wording=wording)
    framed = [
        Rectangle((columns[column] - 0.46, rows[row] - 0.46), 0.92, 0.92)
        for row, star in enumerate(table.index)
        for column, other in enumerate(table.columns)
        if star == other and star not in NO_STAR
    ]
    ax.add_collection(
        PatchCollection(framed, facecolor="none", edgecolor=colours.LIMITS, linewidth=1.8, zorder=3)
    )
    _name_stars(table, rows, columns, ax=ax, wording=wording, key=key, width_in=width_in)
    _name_axes(table, rows, ax=ax, wording=wording, key=key, note_width=note_width)
    return ax


def arrange_transitions(result: EditionChange | MethodologyComparison) -> pd.DataFrame:
    """Return numbers of centres: previous stars (most first) by present ones (fewest first).

    Withheld and absent come last in rows and columns.
    """
    frame = result.transitions
    table = frame.pivot_table(
        index="star_before", columns="star_after", values="n", aggfunc="sum", fill_value=0
    )
    before, after = (_sort_stars(list(labels)) for labels in (table.index, table.columns))
    rows = [*before[::-1], *(label for label in NO_STAR if label in table.index)]
    columns = [*after, *(label for label in NO_STAR if label in table.columns)]
    return table.loc[rows, columns].astype(int)


def _sort_stars(labels: list[str]) -> list[str]:
    return sorted((label for label in labels if label not in NO_STAR), key=float)


def _find_places(labels: pd.Index) -> np.ndarray:
    """Return the places of rows or columns; what is no star stands apart."""
    apart = np.array([label in NO_STAR for label in labels])
    return np.arange(len(labels)) + GAP * apart


def _share_rows(table: pd.DataFrame) -> np.ndarray:
    """Return shares of the row among centres with a star in both editions; NaN elsewhere."""
    starred = np.outer(
        [label not in NO_STAR for label in table.index],
        [label not in NO_STAR for label in table.columns],
    )
    counts = np.where(starred, table.to_numpy(float), 0.0)
    totals = counts.sum(axis=1, keepdims=True)
    shares = np.divide(counts, totals, out=np.full_like(counts, np.nan), where=totals > 0)
    return np.where(starred, shares, np.nan)


def _draw_tiles(
    table: pd.DataFrame, rows: np.ndarray, columns: np.ndarray, shares: np.ndarray, *, ax: Axes
) -> None:
    squares, faces = [], []
    for (row, column), share in np.ndenumerate(shares):
        corner = (float(columns[column]) - 0.5, float(rows[row]) - 0.5)
        squares.append(Rectangle(corner, 1, 1))
        faces.append(colours.PAPER if np.isnan(share) else colours.SHARES(share))
    ax.add_collection(
        PatchCollection(squares, facecolor=faces, edgecolor=colours.GRID, linewidth=0.7)
    )
    ax.set_xlim(columns[0] - 0.52, columns[-1] + 0.52)
    ax.set_ylim(rows[-1] + 0.52, rows[0] - 0.52)


def _print_tile(
    place: tuple[float, float], count: int, share: float, *, ax: Axes, wording: Wording
) -> None:
    shaded = count > 0 and not np.isnan(share)
    ink = colours.ink_on(colours.SHARES(share)) if shaded else colours.INK
    texts = [(-0.15 * shaded, wording.integer(count), COUNT_PT, "bold" if count else "normal")]
    if shaded:
        texts.append((0.25, wording.percent(share, digits=0), SHARE_PT, "normal"))
    for down, text, size, weight in texts:
        written = ax.text(
            place[0],
            place[1] + down,
            text,
            ha="center",
            va="center",
            size=size,
            weight=weight,
            color=ink if count else colours.REFERENCE,
        )
        written.set_in_layout(False)  # it is inside its tile


def _name_stars(
    table: pd.DataFrame,
    rows: np.ndarray,
    columns: np.ndarray,
    *,
    ax: Axes,
    wording: Wording,
    key: str,
    width_in: float,
) -> None:
    def name(label: str) -> str:
        if label in NO_STAR:
            return wrap(wording.text(f"{key}.{label}"), width=NAME_WIDTH)
        return name_star(float(label), wording)

    size = 8.5 if len(columns) <= 8 else 7
    ax.set_xticks(columns, labels=[name(str(label)) for label in table.columns])
    ax.set_yticks(rows, labels=[name(str(label)) for label in table.index])
    ax.xaxis.set_ticks_position("top")
    ax.tick_params(axis="both", length=0, labelsize=size)
    apart = [
        tick
        for label, tick in zip(table.columns, ax.get_xticklabels(), strict=True)
        if label in NO_STAR
    ]
    room = width_in / (columns[-1] + 1)
    fitting = fit_size((tick.get_text() for tick in apart), width_in=room, largest=size)
    for tick in apart:
        tick.set_fontsize(fitting)


def _name_axes(
    table: pd.DataFrame, rows: np.ndarray, *, ax: Axes, wording: Wording, key: str, note_width: int
) -> None:
    ax.set_ylabel(wording.text(f"{key}.before"))
    ax.set_title(wording.text(f"{key}.after"), size=9, pad=4)
    totals = table.to_numpy().sum(axis=1)
    for place, total in zip(rows, totals, strict=True):
        text = wording.text("figures.n", n=wording.integer(int(total)))
        ax.annotate(text, (1.01, place), xycoords=("axes fraction", "data"), va="center", size=8)
    ax.spines[:].set_visible(False)
    total_n = wording.integer(int(totals.sum()))
    add_note(ax, wording.text(f"{key}.note", n=total_n), width=note_width)
    ax.xaxis.set_label_position("bottom")


def _make(bundle: Bundle, wording: Wording) -> Figure:
    result = take(bundle, "change", EditionChange)
    figure = new_figure(ROOM_IN + ROW_IN * len(arrange_transitions(result)))
    draw_star_transitions(result, ax=figure.add_subplot(), wording=wording)
    return figure


def _describe(bundle: Bundle, wording: Wording) -> dict[str, str]:
    result = take(bundle, "change", EditionChange)
    known = result.summary.set_index("statistic")["estimate"]
    numbers = {name: int(known[f"star_{name}"]) for name in ("same", "up", "down")}
    told = {name: wording.integer(n) for name, n in numbers.items()}
    return told | {"both": wording.counted(sum(numbers.values()), "centre")}


RECIPE = Recipe(
    name="star_transitions",
    needs=(
        Need(
            name="change",
            kind=EditionChange,
            has_content=lambda r: bool(r.transitions["n"].sum() > 0),
        ),
    ),
    make=_make,
    describe=_describe,
)
