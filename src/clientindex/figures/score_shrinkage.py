"""How far shrinkage moves scores: from what was measured to what is likely."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from clientindex.figures import colours
from clientindex.figures.labels import use_wording
from clientindex.figures.legends import add_common_legend
from clientindex.figures.panels import fit_marker
from clientindex.figures.recipe import Need, Recipe, take
from clientindex.figures.style import new_figure
from clientindex.results import INDEX, ShrunkenScores

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping
    from typing import Any

    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from clientindex.results import Bundle
    from clientindex.wording import Wording

HEIGHT_IN: Final = 4.6
LEGEND_WIDTH: Final = 64
KEY: Final = "figures.score_shrinkage"


def draw_score_shrinkage(
    result: ShrunkenScores,
    *,
    ax: Axes,
    wording: Wording,
    subject: str = INDEX,
    against: Literal["std_error", "n"] = "std_error",
    robust: bool = False,
) -> Axes:
    """Draw the score of every centre, the shrunken score, and a line between them.

    The common mean is a dashed line with its interval shaded.

    Parameters
    ----------
    result : ShrunkenScores
    ax : Axes
    wording : Wording
    subject : str
        "index", or the key of a group.
    against : {"std_error", "n"}
        Horizontal axis: standard error of the score, or number of answers.
    robust : bool
        Draw the robust intervals too.

    Returns
    -------
    Axes
    """
    frame = select_shrunken(result, subject)
    x, size = frame[against].to_numpy(float), fit_marker(len(frame))
    estimate, shrunk = (frame[name].to_numpy(float) for name in ("estimate", "shrunk"))
    _draw_mean(find_mean(result, subject), ax=ax, wording=wording)
    if robust:
        low, high = (frame[f"robust_{end}"].to_numpy(float) for end in ("low", "high"))
        level = wording.percent(result.level, digits=0)
        label = wording.text(f"{KEY}.robust", level=level)
        ax.vlines(x, low, high, color=colours.BIAS_SHADE, linewidth=1.6, zorder=1, label=label)
    ax.vlines(x, estimate, shrunk, color=colours.REFERENCE, linewidth=0.8, zorder=2)
    ax.plot(
        x,
        estimate,
        "o",
        color=colours.REFERENCE,
        markerfacecolor=colours.PAPER,
        markeredgewidth=0.7,
        markersize=size,
        zorder=2.5,
        label=wording.text(f"{KEY}.estimate"),
    )
    ax.plot(
        x,
        shrunk,
        "D",
        color=colours.ESTIMATE,
        markeredgewidth=0,
        markersize=size * 0.85,
        zorder=3,
        label=wording.text(f"{KEY}.shrunk"),
    )
    for axis in (ax.xaxis, ax.yaxis):
        use_wording(axis, wording)
    ax.set_xlabel(wording.text(f"{KEY}.{against}", n_centres=wording.integer(len(frame))))
    ax.set_ylabel(wording.text(f"{KEY}.{'y' if subject == INDEX else 'y_group'}"))
    return ax


def select_shrunken(result: ShrunkenScores, subject: str = INDEX) -> pd.DataFrame:
    """Return the centres whose score of a subject was shrunken."""
    frame = result.centres
    return frame[(frame["subject"] == subject) & frame["shrunk"].notna()]


def find_mean(result: ShrunkenScores, subject: str = INDEX) -> list[dict[Hashable, Any]]:
    """Return the row of the common mean, or none."""
    frame = result.models
    chosen = (frame["subject"] == subject) & (frame["statistic"] == "mean")
    return frame[chosen & frame["estimate"].notna()].to_dict("records")


def _draw_mean(rows: list[dict[Hashable, Any]], *, ax: Axes, wording: Wording) -> None:
    for row in rows:
        if not np.isnan(row["ci_low"]):
            ends = (row["ci_low"], row["ci_high"])
            ax.axhspan(*ends, facecolor=colours.LIMITS_SHADE, edgecolor="none", zorder=0.5)
        ax.axhline(
            row["estimate"],
            color=colours.OVERALL,
            linewidth=1.2,
            linestyle="--",
            zorder=1.5,
            label=wording.text(f"{KEY}.mean", value=wording.number(row["estimate"])),
        )


def _make(bundle: Bundle, wording: Wording) -> Figure:
    figure = new_figure(HEIGHT_IN)
    ax = figure.add_subplot()
    draw_score_shrinkage(take(bundle, "shrinkage", ShrunkenScores), ax=ax, wording=wording)
    add_common_legend(figure, [ax], width=LEGEND_WIDTH)
    return figure


def _describe(bundle: Bundle, wording: Wording) -> Mapping[str, str]:
    frame = select_shrunken(take(bundle, "shrinkage", ShrunkenScores))
    moved = (frame["shrunk"] - frame["estimate"]).abs()
    return {
        "n": wording.integer(len(frame)),
        "moved": wording.number(float(moved.max())),
        "factor": wording.percent(float(frame["factor"].max()), digits=0),
    }


RECIPE = Recipe(
    name="score_shrinkage",
    needs=(
        Need(
            name="shrinkage",
            kind=ShrunkenScores,
            has_content=lambda r: len(select_shrunken(r)) > 0,
        ),
    ),
    make=_make,
    describe=_describe,
)
