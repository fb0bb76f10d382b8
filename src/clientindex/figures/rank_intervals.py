"""Ranks of centres with the confidence sets of their true ranks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from matplotlib.collections import PolyCollection

from clientindex.figures import colours
from clientindex.figures.labels import name_rows, use_ranks
from clientindex.figures.legends import add_common_legend
from clientindex.figures.recipe import Need, Recipe, take
from clientindex.figures.style import new_figure
from clientindex.results import COUNTRY, RankTable, Stars

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from clientindex.results import Bundle
    from clientindex.wording import Wording

ROW_IN, ROOM_IN = 0.25, 1.1
HEIGHT_IN, LOWEST_IN = 7.4, 3.0
MOST_NAMED: Final = 24
"""Centres of the country that are named where there are no more."""
NAME_WIDTH: Final = 40
LEGEND_WIDTH: Final = 64
SETS: Final = {"simultaneous": (colours.RANK_SET_SHADE, 0.84), "marginal": (colours.RANK_SET, 0.5)}
"""Set -> its colour and thickness, share of the row; the wider one lies below."""
FALLBACK: Final = {"posterior": (colours.RANK_SET, 0.5)}
"""Drawn where confidence sets were not computed."""
LOWEST_WITH_GAPS_IN: Final = 0.1
"""Rows lower than this touch each other: gaps would only flicker."""
KEY: Final = "figures.rank_intervals"


def draw_rank_intervals(
    result: RankTable,
    *,
    ax: Axes,
    wording: Wording,
    scope: str = COUNTRY,
    names: Mapping[str, str] | None = None,
    height_in: float = HEIGHT_IN - ROOM_IN,
) -> Axes:
    """Draw one row a centre of a scope, best rank on top: rank, marginal and simultaneous sets.

    Where the result has no sets of this scope, the posterior interval stands instead, and the
    legend says so.

    Parameters
    ----------
    result : RankTable
    ax : Axes
    wording : Wording
    scope : str
        "country", or a region.
    names : mapping of str to str, optional
        Centre -> name; rows have no names unless given.
    height_in : float
        Height of all rows, inches.

    Returns
    -------
    Axes
    """
    frame = result.frame[result.frame["scope"] == scope]
    row_in = height_in / max(len(frame), 1)
    for kind, (colour, thickness) in choose_sets(frame).items():
        thick = thickness if row_in >= LOWEST_WITH_GAPS_IN else 1.0
        level = wording.percent(result.level, digits=0)
        label = wording.text(f"{KEY}.{kind}", level=level)
        _draw_set(frame, kind, ax=ax, colour=colour, thickness=thick, label=label)
    ax.plot(
        frame["rank"].to_numpy(float),
        np.arange(len(frame)),
        "o",
        color=colours.OVERALL,
        markersize=float(np.clip(row_in * 24, 1.6, 4.5)),
        markeredgewidth=0,
        zorder=3,
        label=wording.text(f"{KEY}.rank"),
    )
    n = len(frame)
    if names is None:
        ax.set_ylim(n - 0.5 + n * 0.01, -0.5 - n * 0.01)
        ax.set_yticks([])
        ax.set_ylabel(wording.text(f"{KEY}.y", n=wording.integer(n)))
    else:
        told = [names.get(centre, centre) for centre in frame["centre"]]
        name_rows(ax, told, row_in=row_in, width=NAME_WIDTH)
    margin = max(n * 0.015, 0.7)
    ax.set_xlim(1 - margin, n + margin)
    use_ranks(ax.xaxis, wording, last=n)
    ax.grid(visible=True, axis="x")
    where = "x" if scope == COUNTRY else "x_region"
    ax.set_xlabel(wording.text(f"{KEY}.{where}", n=wording.integer(n)))
    ax.spines["left"].set_visible(False)
    return ax


def choose_sets(frame: pd.DataFrame) -> dict[str, tuple[str, float]]:
    """Return the kinds of sets that the rows have, widest first, with colour and thickness."""
    found = {kind: look for kind, look in SETS.items() if frame[f"{kind}_low"].notna().any()}
    if found:
        return found
    return {kind: look for kind, look in FALLBACK.items() if frame[f"{kind}_low"].notna().any()}


def _draw_set(
    frame: pd.DataFrame, kind: str, *, ax: Axes, colour: str, thickness: float, label: str
) -> None:
    """Draw bars from half a rank before the first rank to half a rank after the last."""
    known = frame[f"{kind}_low"].notna().to_numpy()
    low = frame[f"{kind}_low"].to_numpy(float, na_value=np.nan)[known] - 0.5
    high = frame[f"{kind}_high"].to_numpy(float, na_value=np.nan)[known] + 0.5
    top = np.flatnonzero(known) - thickness / 2
    corners = [(low, top), (high, top), (high, top + thickness), (low, top + thickness)]
    boxes = np.stack([np.column_stack(corner) for corner in corners], axis=1)
    bars = PolyCollection(
        list(boxes), facecolor=colour, linewidth=0, antialiased=False, label=label
    )
    bars.set_zorder(1.5)
    ax.add_collection(bars, autolim=False)


def find_names(bundle: Bundle) -> dict[str, str] | None:
    """Return centre -> name, or None where the bundle has no stars."""
    stars = bundle.results.get("stars")
    if not isinstance(stars, Stars):
        return None
    return dict(zip(stars.frame["centre"], stars.frame["name"].astype(str), strict=True))


def _make(bundle: Bundle, wording: Wording) -> Figure:
    result = take(bundle, "ranks", RankTable)
    n = int((result.frame["scope"] == COUNTRY).sum())
    height_in = min(HEIGHT_IN, max(LOWEST_IN, ROOM_IN + ROW_IN * n))
    figure = new_figure(height_in)
    ax = figure.add_subplot()
    draw_rank_intervals(
        result,
        ax=ax,
        wording=wording,
        names=find_names(bundle) if n <= MOST_NAMED else None,
        height_in=height_in - ROOM_IN,
    )
    add_common_legend(figure, [ax], width=LEGEND_WIDTH)
    return figure


def _describe(bundle: Bundle, wording: Wording) -> Mapping[str, str]:
    result = take(bundle, "ranks", RankTable)
    frame = result.frame[result.frame["scope"] == COUNTRY]
    told = {"n": wording.integer(len(frame)), "level": wording.percent(result.level, digits=0)}
    for kind in choose_sets(frame):
        told["bars"] = wording.text(f"{KEY}.bars_{kind}")
        first = frame[frame[f"{kind}_low"].notna()].iloc[0]
        ranks = wording.span(int(first[f"{kind}_low"]), int(first[f"{kind}_high"]), digits=0)
        told["best"] = wording.text(f"{KEY}.best_{kind}", ranks=ranks)
    return told


def _has_ranks(result: RankTable) -> bool:
    frame = result.frame[result.frame["scope"] == COUNTRY]
    return len(frame) > 0 and bool(choose_sets(frame))


RECIPE = Recipe(
    name="rank_intervals",
    needs=(Need(name="ranks", kind=RankTable, has_content=_has_ranks),),
    make=_make,
    describe=_describe,
)
