"""The change of the mean index and its parts: method, composition, service."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from clientindex.figures import colours
from clientindex.figures.labels import name_rows, use_wording, with_centres, wrap
from clientindex.figures.recipe import Need, Recipe, take
from clientindex.figures.style import new_row_figure
from clientindex.figures.told import tell_estimate
from clientindex.results import COUNTRY
from clientindex.results.change import PARTS, EditionChange
from clientindex.wording.names import name_region

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from clientindex.results import Bundle
    from clientindex.wording import Wording

ROW_IN, ROOM_IN = 0.28, 1.2
NAME_WIDTH: Final = 32
LABEL_WIDTH: Final = 80
TITLE_PT: Final = 8.5
SHOWN: Final = ("total", *PARTS)
LOOKS: Final = {
    "total": ("D", colours.INK),
    "method": ("s", colours.OVERALL),
    "composition": ("^", colours.REFERENCE),
    "service": ("o", colours.ESTIMATE),
}
KEY: Final = "figures.change_parts"


def draw_change_parts(
    result: EditionChange, *, axes: Sequence[Axes], wording: Wording, row_in: float
) -> Sequence[Axes]:
    """Draw the total change and its three parts, one panel each, one row a region.

    The country stands on top, the regions below it by their total change. A part without an
    interval (one centre) is hollow; one that is not defined is left out.

    Parameters
    ----------
    result : EditionChange
    axes : sequence of four Axes
        For the total, method, composition and service.
    wording : Wording
    row_in : float
        Height of a row, inches; sets the size of the type.

    Returns
    -------
    sequence of Axes
    """
    order = arrange_regions(result)
    for part, ax in zip(SHOWN, axes, strict=True):
        frame = result.parts[result.parts["part"] == part].set_index("region").reindex(order)
        _draw_part(frame, part, ax=ax, row_in=row_in)
        ax.axvline(0, color=colours.REFERENCE, linewidth=0.7, zorder=0.8)
        if order[0] == COUNTRY:
            ax.axhspan(-0.5, 0.5, facecolor=colours.BAND_SHADE, edgecolor="none", zorder=0)
        ax.set_title(wording.text(f"{KEY}.{part}"), size=TITLE_PT)
        ax.grid(visible=True, axis="x")
        ax.spines["left"].set_visible(False)
        use_wording(ax.xaxis, wording)
        ax.tick_params(axis="y", length=0)
    counted = result.parts[result.parts["part"] == "total"].set_index("region")["n"]
    names = [
        with_centres(name_region(region, wording), int(counted.get(region, 0)), wording=wording)
        for region in order
    ]
    name_rows(axes[0], names, row_in=row_in, width=NAME_WIDTH)
    return axes


def arrange_regions(result: EditionChange) -> list[str]:
    """Return the country, then the regions with a total change, largest first, equal ones by name.

    A region without it, or without any part, has no row.
    """
    frame = result.parts[result.parts["estimate"].notna() & result.parts["part"].isin(SHOWN)]
    total = frame[frame["part"] == "total"].set_index("region")["estimate"]
    regions = sorted(set(frame["region"]) - {COUNTRY})
    regions.sort(key=lambda region: -float(total.get(region, -np.inf)))
    return [COUNTRY] * bool((frame["region"] == COUNTRY).any()) + regions


def _draw_part(frame: pd.DataFrame, part: str, *, ax: Axes, row_in: float) -> None:
    marker, colour = LOOKS[part]
    rows, estimate = np.arange(len(frame)), frame["estimate"].to_numpy(float)
    sure = frame["ci_low"].notna().to_numpy()
    low, high = frame["ci_low"].to_numpy(float), frame["ci_high"].to_numpy(float)
    ax.hlines(rows[sure], low[sure], high[sure], color=colour, linewidth=1.2)
    for chosen, face in ((sure, colour), (~sure & ~np.isnan(estimate), colours.PAPER)):
        if chosen.any():
            ax.plot(
                estimate[chosen],
                rows[chosen],
                marker,
                color=colour,
                markerfacecolor=face,
                markersize=min(4.5, row_in * 26),
            )


def _make(bundle: Bundle, wording: Wording) -> Figure:
    result = take(bundle, "change", EditionChange)
    n_rows = len(arrange_regions(result))
    figure, row_in = new_row_figure(n_rows, wanted_in=ROW_IN, room_in=ROOM_IN)
    axes = figure.subplots(1, len(SHOWN), sharex=True, sharey=True)
    draw_change_parts(result, axes=list(axes), wording=wording, row_in=row_in)
    figure.supxlabel(wrap(_name_axis(result, wording), width=LABEL_WIDTH), size="medium")
    return figure


def _name_axis(result: EditionChange, wording: Wording) -> str:
    """Name what is drawn; hollow marks are explained where there are any."""
    shown = result.parts[result.parts["part"].isin(SHOWN)]
    hollow = (shown["estimate"].notna() & shown["ci_low"].isna()).any()
    told = wording.text(f"{KEY}.x", level=wording.percent(result.level, digits=0))
    return f"{told}; {wording.text(f'{KEY}.hollow')}" if hollow else told


def _describe(bundle: Bundle, wording: Wording) -> dict[str, str]:
    result = take(bundle, "change", EditionChange)
    frame = result.parts[result.parts["region"] == COUNTRY]
    told = {part: tell_estimate(frame[frame["part"] == part], wording) for part in SHOWN}
    regions = len([region for region in arrange_regions(result) if region != COUNTRY])
    level = wording.percent(result.level, digits=0)
    return told | {"regions": wording.counted(regions, "region"), "level": level}


RECIPE = Recipe(
    name="change_parts",
    needs=(
        Need(
            name="change",
            kind=EditionChange,
            has_content=lambda r: len(arrange_regions(r)) > 0,
        ),
    ),
    make=_make,
    describe=_describe,
)
