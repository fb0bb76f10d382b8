"""By how much weights must move before the star of a centre changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from clientindex.figures import colours
from clientindex.figures.centre_rows import fit_rows, list_names, name_centres, tell_rows
from clientindex.figures.labels import add_note, use_wording
from clientindex.figures.legends import add_common_legend
from clientindex.figures.recipe import Need, Recipe, take
from clientindex.figures.style import new_figure
from clientindex.results.weight_bounds import WeightBounds
from clientindex.wording.sensitivity_names import write_band

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from clientindex.results import Bundle
    from clientindex.wording import Wording

ROOM_IN: Final = 1.45
ALL_PCT: Final = 100.0
BEYOND: Final = 106.0
"""Where centres stand whose star no band up to 100 % changes."""
LOOKS: Final[dict[str, dict[str, Any]]] = {
    "loses_band_pct": {"marker": "v", "color": colours.BELOW},
    "wins_band_pct": {"marker": "^", "color": colours.ABOVE},
}
KEY: Final = "figures.star_margins"


def draw_star_margins(
    result: WeightBounds,
    *,
    ax: Axes,
    wording: Wording,
    names: Sequence[str] | None = None,
    row_in: float = 0.27,
) -> Axes:
    """Draw a row a centre: the smallest band of weights in which it loses and wins a star.

    The line from 0 is the band in which the star is certain. Centres whose star no band up to
    100 % changes have a hollow mark at the right.

    Parameters
    ----------
    result : WeightBounds
    ax : Axes
    wording : Wording
    names : sequence of str, optional
        Of the centres in the order of the result; places are written unless given.
    row_in : float
        Height of a row, inches.

    Returns
    -------
    Axes
    """
    frame = result.frame
    rows = np.arange(len(frame))
    size = float(np.clip(row_in * 72 * 0.4, 2.4, 5.0))
    smallest = frame["smallest_band_pct"].to_numpy(float)
    certain = np.where(np.isnan(smallest), ALL_PCT, smallest)
    width = float(np.clip(row_in * 72 * 0.25, 0.5, 3.0))
    ax.hlines(rows, 0, certain, color=colours.INTERVAL, linewidth=width)
    for column, look in LOOKS.items():
        value = frame[column].to_numpy(float)
        known = ~np.isnan(value)
        if known.any():
            ax.plot(
                value[known],
                rows[known],
                linestyle="none",
                markersize=size,
                markeredgewidth=0,
                zorder=3,
                label=wording.text(f"{KEY}.{column}"),
                **look,
            )
    _mark_unmoved(rows[np.isnan(smallest)], ax=ax, wording=wording, size=size)
    band = write_band(result.band_pct, wording)
    ax.axvline(
        result.band_pct,
        color=colours.INK,
        linewidth=1.0,
        linestyle="--",
        label=wording.text(f"{KEY}.band", band=band),
    )
    tell_rows(ax, names, n=len(frame), wording=wording, row_in=row_in)
    ax.set_xlim(0, BEYOND + 4)
    ax.set_xticks([0, 20, 40, 60, 80, 100])
    use_wording(ax.xaxis, wording)
    ax.grid(visible=True, axis="x")
    ax.spines["left"].set_visible(False)
    return ax


def _mark_unmoved(rows: np.ndarray, *, ax: Axes, wording: Wording, size: float) -> None:
    if not len(rows):
        return
    ax.plot(
        np.full(len(rows), BEYOND),
        rows,
        "o",
        color=colours.INK,
        markerfacecolor=colours.PAPER,
        markersize=size,
        markeredgewidth=0.7,
        label=wording.text(f"{KEY}.never"),
    )


def _make(bundle: Bundle, wording: Wording) -> Figure:
    result = take(bundle, "weight_bounds", WeightBounds)
    centres = result.frame["centre"].astype(str).tolist()
    height, row_in = fit_rows(len(centres), room_in=ROOM_IN)
    figure = new_figure(height)
    ax = figure.add_subplot()
    names = list_names(centres, name_centres(bundle))
    draw_star_margins(result, ax=ax, wording=wording, names=names, row_in=row_in)
    note = wording.text(f"{KEY}.x", moves=wording.text(f"figures.sensitivity.vary.{result.moves}"))
    if not result.frame["reached"].all():
        note += wording.text(f"{KEY}.bounds")
    add_note(ax, note, width=84)
    add_common_legend(figure, [ax])
    return figure


def _describe(bundle: Bundle, wording: Wording) -> Mapping[str, str]:
    result = take(bundle, "weight_bounds", WeightBounds)
    frame = result.frame
    smallest = frame["smallest_band_pct"].to_numpy(float)
    told = {
        "n": wording.integer(len(frame)),
        "certain": wording.integer(int(frame["certain"].fillna(value=False).sum())),
        "never": wording.integer(int(np.isnan(smallest).sum())),
        "band": write_band(result.band_pct, wording),
    }
    first = int(np.nanargmin(smallest))
    centre = str(frame["centre"].iloc[first])
    return told | {
        "centre": name_centres(bundle).get(centre, centre),
        "least": wording.number(float(smallest[first]), digits=1),
    }


RECIPE = Recipe(
    name="star_margins",
    needs=(
        Need(
            name="weight_bounds",
            kind=WeightBounds,
            has_content=lambda r: bool(r.frame["smallest_band_pct"].notna().any()),
        ),
    ),
    make=_make,
    describe=_describe,
)
