"""Estimates as dots with intervals, one a row: what regions, groups and centres have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from clientindex.figures import colours
from clientindex.figures.labels import name_rows, use_wording

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    import pandas as pd
    from matplotlib.axes import Axes

    from clientindex.wording import Wording

LINE_PT: Final = 1.4


def draw_intervals(frame: pd.DataFrame, *, ax: Axes, wording: Wording, level: float) -> None:
    """Draw one line a row of the frame from ``ci_low`` to ``ci_high``; none where missing."""
    sure = frame["ci_low"].notna().to_numpy()
    if not sure.any():
        return
    ax.hlines(
        np.flatnonzero(sure),
        frame["ci_low"].to_numpy(float)[sure],
        frame["ci_high"].to_numpy(float)[sure],
        color=colours.ESTIMATE,
        linewidth=LINE_PT,
        label=wording.text("figures.interval", level=wording.percent(level, digits=0)),
    )


def draw_means(
    frame: pd.DataFrame, *, ax: Axes, row_in: float, label: str, label_single: str
) -> None:
    """Draw filled markers where there is an interval, hollow ones where there is none.

    Parameters
    ----------
    frame : DataFrame
        ``estimate`` and ``ci_low``, top row first.
    ax : Axes
    row_in : float
        Height of a row, inches; markers shrink with it.
    label, label_single : str
        What a filled and a hollow marker mean, for the legend.
    """
    rows, estimate = np.arange(len(frame)), frame["estimate"].to_numpy(float)
    sure = frame["ci_low"].notna().to_numpy()
    for chosen, face, meaning in (
        (sure, colours.ESTIMATE, label),
        (~sure, colours.PAPER, label_single),
    ):
        if chosen.any():
            ax.plot(
                estimate[chosen],
                rows[chosen],
                "o",
                color=colours.ESTIMATE,
                markerfacecolor=face,
                markersize=min(4.5, row_in * 28),
                label=meaning,
            )


def draw_overall(row: Mapping[Any, Any], *, ax: Axes, label: str) -> None:
    """Draw the value of all rows together as a dashed line, its interval as a band.

    Parameters
    ----------
    row : mapping
        ``estimate``, ``ci_low``, ``ci_high``; no band where the ends are missing.
    ax : Axes
    label : str
        For the legend.
    """
    if not np.isnan(row["ci_low"]):
        ax.axvspan(
            row["ci_low"],
            row["ci_high"],
            facecolor=colours.LIMITS_SHADE,
            edgecolor="none",
            zorder=0.5,
        )
    ax.axvline(
        row["estimate"],
        color=colours.OVERALL,
        linewidth=1.2,
        linestyle="--",
        zorder=1,
        label=label,
    )


def name_means(
    ax: Axes, names: Sequence[str], *, wording: Wording, row_in: float, width: int, label: str
) -> None:
    """Name the rows from top to bottom, and the horizontal axis.

    Parameters
    ----------
    ax : Axes
    names : sequence of str
        One name a row.
    wording : Wording
    row_in : float
        Height of a row, inches.
    width : int
        Longest line of a name, characters.
    label : str
        Of the horizontal axis.
    """
    name_rows(ax, names, row_in=row_in, width=width)
    use_wording(ax.xaxis, wording)
    ax.set_xlabel(label, loc="right")
    ax.grid(visible=True, axis="x")
    ax.spines["left"].set_visible(False)
