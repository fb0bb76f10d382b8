"""The index of every centre with a star, with its interval, against the bands of the stars."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from clientindex.figures import colours
from clientindex.figures.labels import add_legend, use_ranks, use_wording, wrap
from clientindex.figures.recipe import Need, Recipe, take
from clientindex.figures.star_bands import draw_bands, list_bands
from clientindex.figures.style import new_figure
from clientindex.results import Stars

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from clientindex.figures.star_bands import Band
    from clientindex.results import Bundle
    from clientindex.wording import Wording

HEIGHT_IN = 4.3
SIDE_LABEL_WIDTH = 40
AXIS_WIDTH_PT = 400
"""Approximate width of the axes, points; decides how thick a line may be."""


def draw_centre_intervals(
    result: Stars, *, ax: Axes, wording: Wording, bands: Sequence[Band]
) -> Axes:
    """Draw the index of all centres with a star from best to worst, with intervals.

    A centre whose interval stays inside the band of its star is a dark dot; one whose interval
    reaches another star is a light hollow diamond.

    Parameters
    ----------
    result : Stars
    ax : Axes
    wording : Wording
    bands : sequence of Band
        Bands of the stars; none where they differ between peer groups.

    Returns
    -------
    Axes
    """
    frame = result.frame[result.frame["star"].notna()]
    position = np.arange(1, len(frame) + 1)
    doubtful = (frame["star_low"] != frame["star_high"]).fillna(value=True).to_numpy(bool)
    _draw_group(frame, position, ~doubtful, ax=ax, wording=wording, kind="certain")
    _draw_group(frame, position, doubtful, ax=ax, wording=wording, kind="doubtful")
    margin = max(len(frame) * 0.01, 0.5)
    ax.set_xlim(1 - margin, len(frame) + margin)
    draw_bands(bands, ax=ax, wording=wording, upright=True)
    use_wording(ax.yaxis, wording)
    use_ranks(ax.xaxis, wording, last=len(frame))
    level = wording.percent(result.level, digits=0)
    side = wording.text("figures.centre_intervals.y", level=level)
    ax.set_ylabel(wrap(side, width=SIDE_LABEL_WIDTH))
    ax.set_xlabel(wording.text("figures.centre_intervals.x", n=wording.integer(len(frame))))
    return ax


def _draw_group(
    frame: pd.DataFrame,
    position: np.ndarray,
    chosen: np.ndarray,
    *,
    ax: Axes,
    wording: Wording,
    kind: str,
) -> None:
    """Draw the centres of one kind; nothing, and no legend entry, when there are none."""
    if not chosen.any():
        return
    certain = kind == "certain"
    colour = colours.CERTAIN if certain else colours.DOUBTFUL
    step = AXIS_WIDTH_PT / len(frame)
    part = frame[chosen]
    ax.vlines(
        position[chosen],
        part["ci_low"].to_numpy(float),
        part["ci_high"].to_numpy(float),
        color=colour,
        linewidth=float(np.clip(step * 0.45, 0.25, 1.4)),
        alpha=0.55,
    )
    ax.plot(
        position[chosen],
        part["estimate"].to_numpy(float),
        "o" if certain else "D",
        color=colour if certain else colours.OVERALL,
        markerfacecolor=colour if certain else colours.PAPER,
        markersize=float(np.clip(step * 1.5, 1.1, 4.5)),
        markeredgewidth=float(np.clip(step * 0.3, 0.25, 0.8)),
        label=_with_total(f"figures.centre_intervals.{kind}", int(chosen.sum()), wording=wording),
    )


def _with_total(key: str, n: int, *, wording: Wording) -> str:
    return wording.text("figures.with_total", name=wording.text(key), n=wording.integer(n))


def _make(bundle: Bundle, wording: Wording) -> Figure:
    figure = new_figure(HEIGHT_IN)
    ax = figure.add_subplot()
    stars = take(bundle, "stars", Stars)
    draw_centre_intervals(
        stars, ax=ax, wording=wording, bands=list_bands(stars, bundle.methodology)
    )
    add_legend(figure, ax, columns=1)
    return figure


RECIPE = Recipe(
    name="centre_intervals",
    needs=(
        Need(name="stars", kind=Stars, has_content=lambda r: bool(r.frame["star"].notna().any())),
    ),
    make=_make,
)
