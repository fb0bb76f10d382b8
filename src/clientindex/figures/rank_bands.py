"""How far random weightings move the rank of every centre."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from clientindex.figures import colours
from clientindex.figures.centre_rows import name_centres
from clientindex.figures.labels import add_legend, use_ranks, wrap
from clientindex.figures.recipe import Need, Recipe, take
from clientindex.figures.style import new_figure
from clientindex.results import WeightStability
from clientindex.wording.sensitivity_names import tell_weightings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from clientindex.results import Bundle
    from clientindex.wording import Wording

HEIGHT_IN = 4.6
SIDE_LABEL_WIDTH = 44
AXIS_WIDTH_PT = 400
"""Approximate width of the axes, points; decides how thick a line may be."""


def draw_rank_bands(result: WeightStability, *, ax: Axes, wording: Wording) -> Axes:
    """Draw the band of ranks over random weightings against the rank under stated weights.

    Rank 1 is at the top left; a centre whose rank never moves is a dot on the diagonal.

    Parameters
    ----------
    result : WeightStability
    ax : Axes
    wording : Wording

    Returns
    -------
    Axes
    """
    frame = result.frame
    rank = frame["rank"].to_numpy(float)
    step = AXIS_WIDTH_PT / len(frame)
    level = wording.percent(result.level, digits=0)
    ax.vlines(
        rank,
        frame["rank_low"].to_numpy(float),
        frame["rank_high"].to_numpy(float),
        color=colours.INTERVAL,
        linewidth=float(np.clip(step * 0.7, 0.25, 4.0)),
        label=wording.text(
            "figures.rank_bands.band", level=level, draws=wording.integer(result.draws)
        ),
    )
    ax.plot(
        rank,
        frame["rank_median"].to_numpy(float),
        "o",
        color=colours.ESTIMATE,
        markersize=float(np.clip(step * 1.0, 0.9, 4.0)),
        label=wording.text("figures.rank_bands.median"),
    )
    last = max(rank.max(), frame["rank_high"].max())
    ax.plot(
        [1, last],
        [1, last],
        color=colours.OVERALL,
        linewidth=0.9,
        linestyle="--",
        zorder=3,
        label=wording.text("figures.rank_bands.unchanged"),
    )
    _set_view(float(last), ax=ax, wording=wording)
    ax.set_xlabel(wording.text("figures.rank_bands.x", n=wording.integer(len(frame))))
    side = wording.text("figures.rank_bands.y", weightings=tell_weightings(result, wording))
    ax.set_ylabel(wrap(side, width=SIDE_LABEL_WIDTH))
    return ax


def _set_view(last: float, *, ax: Axes, wording: Wording) -> None:
    """Show ranks from 1 to the last on both axes, with rank 1 at the top left."""
    margin = max(last * 0.015, 0.5)
    ax.set_xlim(1 - margin, last + margin)
    ax.set_ylim(last + margin, 1 - margin)
    for axis in (ax.xaxis, ax.yaxis):
        use_ranks(axis, wording, last=last)
    ax.grid(visible=True)


def _make(bundle: Bundle, wording: Wording) -> Figure:
    figure = new_figure(HEIGHT_IN)
    ax = figure.add_subplot()
    stability = take(bundle, "weight_stability", WeightStability)
    draw_rank_bands(stability, ax=ax, wording=wording)
    add_legend(figure, ax, columns=2)
    return figure


def _describe(bundle: Bundle, wording: Wording) -> Mapping[str, str]:
    result = take(bundle, "weight_stability", WeightStability)
    frame = result.frame
    ends = frame[["rank_low", "rank_high"]].to_numpy(float)
    widest = int((ends[:, 1] - ends[:, 0]).argmax())
    centre = str(frame["centre"].iloc[widest])
    tau = result.mean_kendall_tau
    known = not np.isnan(tau)
    return {
        "n": wording.integer(len(frame)),
        "level": wording.percent(result.level, digits=0),
        "draws": wording.integer(result.draws),
        "weightings": tell_weightings(result, wording),
        "shift": wording.number(result.mean_abs_rank_shift, digits=1),
        "tau": wording.number(tau, digits=2) if known else wording.text("figures.told.undefined"),
        "centre": name_centres(bundle).get(centre, centre),
        "low": wording.integer(int(ends[widest, 0])),
        "high": wording.integer(int(ends[widest, 1])),
    }


RECIPE = Recipe(
    name="rank_bands",
    needs=(
        Need(name="weight_stability", kind=WeightStability, has_content=lambda r: len(r.frame) > 0),
    ),
    make=_make,
    describe=_describe,
)
