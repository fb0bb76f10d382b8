"""Correlations between centres against those within them: does one impression rule centres."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from clientindex.figures import colours
from clientindex.figures.labels import add_legend, use_wording, wrap
from clientindex.figures.recipe import Need, Recipe, take
from clientindex.figures.style import new_figure
from clientindex.results import Levels

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from clientindex.methodology import Methodology
    from clientindex.results import Bundle
    from clientindex.wording import Wording

HEIGHT_IN: Final = 4.4
SIDE_WIDTH: Final = 46
MARGIN: Final = 0.04
KINDS: Final = {"own": ("o", colours.ESTIMATE), "other": ("^", colours.DOUBTFUL)}


def draw_levels_correlations(
    result: Levels, *, ax: Axes, wording: Wording, methodology: Methodology
) -> Axes:
    """Draw one point a pair of indicators: its correlation within centres and between them.

    Pairs of one group and of two groups differ in marker and colour; on the dashed line the two
    levels agree. The interval of the level between centres is a thin line.

    Parameters
    ----------
    result : Levels
    ax : Axes
    wording : Wording
    methodology : Methodology
        Groups of the indicators.

    Returns
    -------
    Axes
    """
    pairs = pair_levels(result, methodology)
    for kind, (marker, colour) in KINDS.items():
        part = pairs[pairs["kind"] == kind]
        sure = part["ci_low"].notna()
        ax.vlines(
            part.loc[sure, "within"],
            part.loc[sure, "ci_low"],
            part.loc[sure, "ci_high"],
            color=colour,
            linewidth=0.6,
            alpha=0.35,
            zorder=1,
        )
        ax.plot(
            part["within"].to_numpy(float),
            part["between"].to_numpy(float),
            marker,
            color=colour,
            markersize=3.6,
            markeredgewidth=0,
            alpha=0.85,
            zorder=2,
            label=wording.text(f"figures.levels_correlations.{kind}", n=wording.integer(len(part))),
        )
    told = pairs[["within", "between"]].to_numpy(float)
    low, high = min(0.0, float(told.min())) - MARGIN, max(1.0, float(told.max())) + MARGIN
    ax.plot(
        [low, high],
        [low, high],
        color=colours.INK,
        linestyle="--",
        linewidth=0.9,
        zorder=3,
        label=wording.text("figures.levels_correlations.equal"),
    )
    ax.set_xlim(low, high)
    ax.set_ylim(low, high)
    for axis in (ax.xaxis, ax.yaxis):
        use_wording(axis, wording)
    ax.grid(visible=True)
    level = wording.percent(result.confidence, digits=0)
    counts = {"n": wording.integer(result.n), "n_centres": wording.integer(result.n_centres)}
    ax.set_xlabel(wording.text("figures.levels_correlations.x", **counts))
    ax.set_ylabel(
        wrap(wording.text("figures.levels_correlations.y", level=level), width=SIDE_WIDTH)
    )
    return ax


def pair_levels(result: Levels, methodology: Methodology) -> pd.DataFrame:
    """Return one row a pair of indicators with both correlations; other pairs are left out.

    Returns
    -------
    DataFrame
        ``within``, ``between``, ``ci_low``, ``ci_high`` (of ``between``), ``kind`` ("own" for two
        indicators of one group, "other" for two groups).
    """
    frame = result.correlations[result.correlations["estimate"].notna()]
    keys = ["indicator", "other"]
    within = frame[frame["level"] == "within"].set_index(keys)[["estimate"]]
    between = frame[frame["level"] == "between"].set_index(keys)
    pairs = within.rename(columns={"estimate": "within"}).join(
        between.rename(columns={"estimate": "between"})[["between", "ci_low", "ci_high"]],
        how="inner",
    )
    same = [methodology.group_of(one) == methodology.group_of(other) for one, other in pairs.index]
    return pairs.reset_index().assign(kind=np.where(same, "own", "other"))


def _make(bundle: Bundle, wording: Wording) -> Figure:
    figure = new_figure(HEIGHT_IN)
    ax = figure.add_subplot()
    result = take(bundle, "levels", Levels)
    draw_levels_correlations(result, ax=ax, wording=wording, methodology=bundle.methodology)
    add_legend(figure, ax, columns=2)
    return figure


def _has_pairs(result: Levels) -> bool:
    frame = result.correlations
    if frame.empty:
        return False
    return set(frame.loc[frame["estimate"].notna(), "level"]) >= {"within", "between"}


RECIPE = Recipe(
    name="levels_correlations",
    needs=(Need(name="levels", kind=Levels, has_content=_has_pairs),),
    make=_make,
)
