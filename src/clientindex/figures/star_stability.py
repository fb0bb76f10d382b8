"""Which stars random weightings give every centre: the map of the stability of stars."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
from matplotlib.collections import PolyCollection

from clientindex.figures import colours
from clientindex.figures.centre_rows import fit_rows, list_names, name_centres, tell_rows
from clientindex.figures.labels import add_note, use_wording
from clientindex.figures.legends import add_common_legend
from clientindex.figures.recipe import Need, Recipe, take
from clientindex.figures.star_bands import name_star
from clientindex.figures.style import new_figure
from clientindex.results import WeightStability
from clientindex.wording.sensitivity_names import tell_weightings

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from clientindex.results import Bundle
    from clientindex.wording import Wording

ROOM_IN: Final = 1.35
KEY: Final = "figures.star_stability"


def draw_star_stability(
    result: WeightStability,
    *,
    ax: Axes,
    wording: Wording,
    names: Sequence[str] | None = None,
    row_in: float = 0.27,
) -> Axes:
    """Draw a row a centre, best rank on top, cut into the shares of draws in which it has a star.

    Shares of few stars stand at the left and are light. What the published star has is framed, one
    frame round all neighbours of one star: where a frame fills the row, weights do not matter.

    Parameters
    ----------
    result : WeightStability
    ax : Axes
    wording : Wording
    names : sequence of str, optional
        Of the centres in the order of the result; places are written unless given.
    row_in : float
        Height of a named row, inches; sets the size of the type.

    Returns
    -------
    Axes
    """
    table = arrange_star_shares(result)
    shares = 100 * table.to_numpy(float)
    ends = np.concatenate([np.zeros((len(shares), 1)), shares.cumsum(axis=1)], axis=1)
    y = _step(np.arange(len(shares) + 1) - 0.5)
    known = [float(star) for star in table.columns if not np.isnan(star)]
    shades = dict(zip(known, colours.star_colours(len(known)), strict=True))
    for column, star in enumerate(float(star) for star in table.columns):
        if not shares[:, column].any():
            continue
        left, right = (np.repeat(ends[:, column + side], 2) for side in (0, 1))
        missing = np.isnan(star)
        ax.fill_betweenx(
            y,
            left,
            right,
            facecolor=colours.WITHHELD if missing else shades[star],
            edgecolor=colours.REFERENCE if missing else "none",
            hatch=colours.WITHHELD_HATCH if missing else "",
            linewidth=0,
            label=wording.text(f"{KEY}.none") if missing else name_star(star, wording),
        )
    frames = _frame_published(result, table, ends, label=wording.text(f"{KEY}.published"))
    frames.set_linewidth(float(np.clip(row_in * 72 * 0.3, 0.6, 1.2)))
    ax.add_collection(frames, autolim=False)
    if names is not None:
        _print_same(result, ax=ax, wording=wording, size=min(7.5, row_in * 72 * 0.55))
    tell_rows(ax, names, n=len(table), wording=wording, row_in=row_in)
    ax.set_xlim(0, 100)
    use_wording(ax.xaxis, wording)
    ax.spines[:].set_visible(False)
    return ax


def arrange_star_shares(result: WeightStability) -> pd.DataFrame:
    """Return shares of draws, a row a centre by nominal rank, a column a star; "no star" is NaN."""
    frame = result.star_shares
    told = frame.assign(star=frame["star"].astype(float).fillna(np.inf))
    table = told.pivot_table(index="centre", columns="star", values="share", aggfunc="sum")
    table = table.reindex(result.frame["centre"]).fillna(0.0).sort_index(axis=1)
    return table.rename(columns={np.inf: np.nan})


def _step(values: NDArray[Any]) -> NDArray[Any]:
    """Return the ends of rows, each inner one twice."""
    return np.repeat(values, 2)[1:-1]


def _frame_published(
    result: WeightStability,
    table: pd.DataFrame,
    ends: NDArray[np.float64],
    *,
    label: str,
) -> PolyCollection:
    """Frame what the published star has; neighbours with the same star share one frame."""
    columns = [float(star) for star in table.columns]
    place = np.array([columns.index(float(star)) for star in result.frame["star"]])
    starts = np.flatnonzero(np.diff(place, prepend=-1))
    stops = np.append(starts[1:], len(place))
    boxes = []
    for first, last in zip(starts, stops, strict=True):
        y = _step(np.arange(first, last + 1) - 0.5)
        left, right = (np.repeat(ends[first:last, place[first] + side], 2) for side in (0, 1))
        boxes.append(np.column_stack([np.append(left, right[::-1]), np.append(y, y[::-1])]))
    frames = PolyCollection(boxes, facecolor="none", edgecolor=colours.LIMITS, label=label)
    frames.set(zorder=3, clip_on=False, joinstyle="miter")
    return frames


def _print_same(result: WeightStability, *, ax: Axes, wording: Wording, size: float) -> None:
    """Print the share of draws with the nominal star and its Monte Carlo error beside the rows."""
    columns = ["share_same_star", "share_same_star_se"]
    for row, (share, error) in enumerate(result.frame[columns].to_numpy(float)):
        told = wording.text(
            f"{KEY}.same",
            share=wording.percent(share, digits=1),
            error=wording.number(100 * error, digits=1),
        )
        place = ("axes fraction", "data")
        ax.annotate(told, (1.01, row), xycoords=place, va="center", size=size)


def _make(bundle: Bundle, wording: Wording) -> Figure:
    result = take(bundle, "weight_stability", WeightStability)
    centres = result.frame["centre"].astype(str).tolist()
    height, row_in = fit_rows(len(centres), room_in=ROOM_IN)
    figure = new_figure(height)
    ax = figure.add_subplot()
    names = list_names(centres, name_centres(bundle))
    draw_star_stability(result, ax=ax, wording=wording, names=names, row_in=row_in)
    values = {
        "draws": wording.integer(result.draws),
        "weightings": tell_weightings(result, wording),
    }
    note = wording.text(f"{KEY}.x", **values)
    if names is not None:
        note += wording.text(f"{KEY}.beside")
    add_note(ax, note, width=84)
    add_common_legend(figure, [ax])
    return figure


def _describe(bundle: Bundle, wording: Wording) -> Mapping[str, str]:
    result = take(bundle, "weight_stability", WeightStability)
    share = result.frame["share_same_star"].to_numpy(float)
    least = int(share.argmin())
    centre = str(result.frame["centre"].iloc[least])
    return {
        "n": wording.integer(len(share)),
        "draws": wording.integer(result.draws),
        "weightings": tell_weightings(result, wording),
        "mean": wording.percent(result.mean_share_same_star, digits=1),
        "always": wording.integer(int((share == 1).sum())),
        "least": wording.percent(float(share[least]), digits=1),
        "centre": name_centres(bundle).get(centre, centre),
    }


RECIPE = Recipe(
    name="star_stability",
    needs=(
        Need(
            name="weight_stability",
            kind=WeightStability,
            has_content=lambda r: len(r.star_shares) > 0,
        ),
    ),
    make=_make,
    describe=_describe,
)
