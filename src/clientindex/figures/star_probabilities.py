"""The probability of every star of every centre, and the star that was given."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from matplotlib.collections import PolyCollection
from matplotlib.ticker import FixedLocator, FuncFormatter

from clientindex.figures import colours
from clientindex.figures.labels import add_note, name_rows, print_n, use_ranks
from clientindex.figures.recipe import Need, Recipe, take
from clientindex.figures.shade_scale import add_share_scale
from clientindex.figures.star_bands import name_star
from clientindex.figures.style import new_figure
from clientindex.results import StarDoubt

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from clientindex.results import Bundle
    from clientindex.wording import Wording

HEIGHT_IN: Final = 6.0
ROW_IN, ROOM_IN = 0.25, 1.3
MOST_NAMED: Final = 24
"""Centres of the country that are named where there are no more."""
NAME_WIDTH: Final = 44
NUMBER_PT: Final = 8.0
SHARE_OF_ROW: Final = 0.55
"""Height of printed numbers, share of the row."""
SHOWN: Final = 0.005
"""Smaller probabilities are not printed; those nearer to 1 are said to be above 99 %."""
KEY: Final = "figures.star_probabilities"


def draw_star_probabilities(
    result: StarDoubt,
    *,
    ax: Axes,
    wording: Wording,
    centres: Sequence[str] | None = None,
    row_in: float = ROW_IN,
) -> Axes:
    """Draw one row a centre, best index on top, and one column a star; shade is the probability.

    The star given is framed, one frame round all neighbours of one star. Probabilities are those
    of the leading route of the result.

    Parameters
    ----------
    result : StarDoubt
    ax : Axes
    wording : Wording
    centres : sequence of str, optional
        These centres only, with their names, their n and the numbers in the cells; those without a
        star are left out. All starred centres without names unless given.
    row_in : float
        Height of a named row, inches; sets the size of the type.

    Returns
    -------
    Axes
    """
    rows, table = arrange_doubt(result, centres)
    ax.imshow(
        table.to_numpy(), cmap=colours.SHARES, vmin=0, vmax=1, aspect="auto", interpolation="none"
    )
    _part_columns(len(table.columns), ax=ax)
    stars = [float(star) for star in table.columns]
    _frame_given(rows, stars, ax=ax)
    if centres is None:
        _number_rows(len(rows), ax=ax, wording=wording)
    else:
        _print_numbers(table, ax=ax, wording=wording, row_in=row_in)
        name_rows(ax, rows["name"].astype(str).tolist(), row_in=row_in, width=NAME_WIDTH)
        known = rows["n"].notna().to_numpy()
        size = min(NUMBER_PT, row_in * 72 * SHARE_OF_ROW)
        counts = rows["n"].to_numpy(float)[known]
        print_n(counts, np.flatnonzero(known), ax=ax, wording=wording, size=size)
    names = [name_star(star, wording) for star in stars]
    ax.set_xticks(range(len(names)), labels=names)
    ax.tick_params(axis="x", length=0, labeltop=True, labelbottom=False)
    kind = "note" if centres is None else "note_named"
    add_note(ax, wording.text(f"{KEY}.{kind}", route=name_route(result, wording)))
    ax.spines[:].set_visible(False)
    return ax


def arrange_doubt(
    result: StarDoubt, centres: Sequence[str] | None = None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the starred centres, best index first, and their probabilities, a column a star."""
    frame = result.centres[result.centres["star"].notna()]
    if centres is not None:
        frame = frame[frame["centre"].isin(list(centres))]
    rows = frame.sort_values(["estimate", "centre"], ascending=[False, True], kind="stable")
    told = result.probabilities.set_index(["centre", "star"])[result.leading]
    table = told.unstack("star").astype(float)  # noqa: PD010 - pivot_table averages duplicates
    return rows.reset_index(drop=True), table.reindex(rows["centre"]).sort_index(axis=1)


def name_route(result: StarDoubt, wording: Wording) -> str:
    """Say how the probabilities were found."""
    if result.leading == "normal":
        return wording.text(f"{KEY}.normal")
    return wording.text(f"{KEY}.draws", draws=wording.integer(result.draws - result.refused))


def _number_rows(n_rows: int, *, ax: Axes, wording: Wording) -> None:
    """Write ranks beside the rows: row 0 has rank 1; the view stays as it is."""
    use_ranks(ax.yaxis, wording, last=n_rows)
    ax.yaxis.set_major_locator(FixedLocator([tick - 1 for tick in ax.get_yticks()]))
    ax.yaxis.set_major_formatter(FuncFormatter(lambda y, _: wording.integer(round(y) + 1)))
    ax.set_ylim(n_rows - 0.5, -0.5)
    ax.set_ylabel(wording.text(f"{KEY}.y", n=wording.integer(n_rows)))


def _part_columns(n_columns: int, *, ax: Axes) -> None:
    for number in range(1, n_columns):
        ax.axvline(number - 0.5, color=colours.BAND_SHADE, linewidth=0.8)


def _frame_given(rows: pd.DataFrame, stars: Sequence[float], *, ax: Axes) -> None:
    """Frame the given stars; neighbours with the same star share one frame."""
    place = np.array([stars.index(star) for star in rows["star"]])
    starts = np.flatnonzero(np.diff(place, prepend=-1))
    ends = np.append(starts[1:], len(place))
    boxes = [
        [(x - 0.5, top - 0.5), (x + 0.5, top - 0.5), (x + 0.5, end - 0.5), (x - 0.5, end - 0.5)]
        for x, top, end in zip(place[starts], starts, ends, strict=True)
    ]
    frames = PolyCollection(boxes, facecolor="none", edgecolor=colours.LIMITS, linewidth=1.4)
    frames.set(zorder=3, clip_on=False)
    ax.add_collection(frames, autolim=False)


def _print_numbers(table: pd.DataFrame, *, ax: Axes, wording: Wording, row_in: float) -> None:
    size = min(NUMBER_PT, row_in * 72 * SHARE_OF_ROW)
    for (row, column), value in np.ndenumerate(table.to_numpy()):
        if value >= SHOWN:
            ax.text(
                column,
                row,
                tell_probability(float(value), wording),
                ha="center",
                va="center",
                size=size,
                color=colours.ink_on(colours.SHARES(float(value))),
                in_layout=False,
            )


def tell_probability(value: float, wording: Wording) -> str:
    """Write a probability as per cent; what is nearly certain is not rounded to certain."""
    if 1 - SHOWN < value < 1:
        return wording.text(f"{KEY}.above", share=wording.percent(0.99, digits=0))
    return wording.percent(value, digits=0)


def _make(bundle: Bundle, wording: Wording) -> Figure:
    result = take(bundle, "star_doubt", StarDoubt)
    starred = result.centres.loc[result.centres["star"].notna(), "centre"].tolist()
    named = starred if len(starred) <= MOST_NAMED else None
    figure = new_figure(HEIGHT_IN if named is None else ROOM_IN + ROW_IN * len(starred))
    ax = figure.add_subplot()
    draw_star_probabilities(result, ax=ax, wording=wording, centres=named, row_in=ROW_IN)
    add_share_scale(figure, ax, label=wording.text(f"{KEY}.scale"), wording=wording)
    return figure


def _describe(bundle: Bundle, wording: Wording) -> Mapping[str, str]:
    result = take(bundle, "star_doubt", StarDoubt)
    chosen = result.summary[result.summary["route"] == result.leading]
    found = chosen.set_index("statistic")["estimate"]
    return {
        "n": wording.integer(int(result.centres["star"].notna().sum())),
        "accuracy": wording.percent(found["expected_accuracy"], digits=1),
        "certain": wording.integer(round(found["certain"])),
        "level": wording.percent(result.level, digits=0),
    }


def _has_probabilities(result: StarDoubt) -> bool:
    return bool(result.probabilities[result.leading].notna().any())


RECIPE = Recipe(
    name="star_probabilities",
    needs=(Need(name="star_doubt", kind=StarDoubt, has_content=_has_probabilities),),
    make=_make,
    describe=_describe,
)
