"""Means over centres as dots with intervals, one a row: what regions and groups have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from clientindex.figures import colours

if TYPE_CHECKING:
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
