"""What funnels of centres have in common: lines of the limits, who is beyond them, names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
from matplotlib.transforms import Bbox

from clientindex.figures import colours
from clientindex.figures.labels import measure

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.axes import Axes

    from clientindex.wording import Wording

STYLES: Final = ("--", "-")
"""Lines of the limits, narrowest first; the last one serves all wider ones."""
NAME_PT: Final = 6.5
MOST_NAMES: Final = 20
"""No more centres are named."""
SIDE_MARGIN: Final = 0.06
"""Room left and right of the points, share of their range."""
OFFSET_PT: Final = 4.5
FLAG_PT: Final = 4.0
"""Height that the mark of a flagged centre takes."""


def set_view(error: np.ndarray, *, ax: Axes) -> None:
    """Show the errors that there are: limits at smaller ones concern no centre."""
    low, high = float(error.min()), float(error.max())
    room = SIDE_MARGIN * (high - low or high or 1.0)
    ax.set_xlim(max(0.0, low - room), high + room)


def draw_limits(
    funnel: pd.DataFrame, *, ax: Axes, wording: Wording, colour: str, label: Callable[[str], str]
) -> None:
    """Draw both limits of every level against the error.

    Parameters
    ----------
    funnel : DataFrame
        ``level``, ``error``, ``low``, ``high``.
    ax : Axes
    wording : Wording
    colour : str
    label : callable
        Entry of the legend for a level that is written as per cent.
    """
    for number, (level, part) in enumerate(funnel.groupby("level")):
        rows = part.sort_values("error")
        told = tell_level(float(level), wording)  # type: ignore[arg-type]
        for side, entry in (("low", "_limit"), ("high", label(told))):
            ax.plot(
                rows["error"].to_numpy(float),
                rows[side].to_numpy(float),
                color=colour,
                linestyle=STYLES[min(number, len(STYLES) - 1)],
                linewidth=1.0,
                zorder=1.5,
                label=entry,
            )


def tell_level(level: float, wording: Wording) -> str:
    """Write a level as per cent, with a decimal where it has one."""
    digits = 0 if round(level * 100) == round(level * 100, 6) else 1
    return wording.percent(level, digits=digits)


def find_beyond(points: pd.DataFrame, funnel: pd.DataFrame, *, value: str) -> pd.Series:
    """Return which points lie outside the widest lines of the funnel as they are drawn.

    Parameters
    ----------
    points : DataFrame
        ``error`` and the column that `value` names.
    funnel : DataFrame
        ``level``, ``error``, ``low``, ``high``.
    value : str
    """
    if funnel.empty:
        return points["error"] < 0
    wide = funnel[funnel["level"] == funnel["level"].max()].sort_values("error")
    low, high = (np.interp(points["error"], wide["error"], wide[side]) for side in ("low", "high"))
    outside = (points[value] > high) | (points[value] < low)
    return pd.Series(outside, index=points.index)


def name_centres(named: pd.DataFrame, flagged: pd.DataFrame, *, ax: Axes, value: str) -> None:
    """Write the names of centres beside their points where they cover no name or flagged point.

    The first ones come first; a name for which no place is free is left out. Call it when the axes
    have their size.

    Parameters
    ----------
    named, flagged : DataFrame
        ``centre``, ``error`` and the column that `value` names.
    ax : Axes
    value : str
    """
    inside = ax.get_window_extent()
    scale = ax.get_figure(root=True).dpi / 72  # type: ignore[union-attr]
    marks = ax.transData.transform(flagged[["error", value]].to_numpy(float))
    half = FLAG_PT / 2 * scale
    taken = [Bbox([mark - half, mark + half]) for mark in marks]
    for centre, error, height in named[["centre", "error", value]].itertuples(index=False):
        point = ax.transData.transform((error, height))
        for across, up in ((1, 0), (-1, 0), (1, 1), (-1, 1), (1, -1), (-1, -1)):
            box = _place(str(centre), point, (across, up), scale=scale)
            free = not any(box.overlaps(other) for other in taken)
            if free and box.x0 >= inside.x0 and box.x1 <= inside.x1 and box.y1 <= inside.y1:
                taken.append(box)
                ax.annotate(
                    str(centre),
                    (error, height),
                    xytext=(across * OFFSET_PT, up * NAME_PT),
                    textcoords="offset points",
                    ha="left" if across > 0 else "right",
                    va="center",
                    size=NAME_PT,
                    zorder=4,
                    parse_math=False,
                    bbox={
                        "facecolor": colours.PAPER,
                        "edgecolor": "none",
                        "pad": 0.4,
                        "alpha": 0.7,
                    },
                )
                break


def _place(name: str, point: np.ndarray, side: tuple[int, int], *, scale: float) -> Bbox:
    """Return the box of a name beside a point, pixels."""
    across, up = side
    width, half = measure(name, size=NAME_PT) * 72 * scale, NAME_PT * 0.6 * scale
    near = point[0] + across * OFFSET_PT * scale
    low, high = sorted((near, near + across * width))
    middle = point[1] + up * NAME_PT * scale
    return Bbox([[low, middle - half], [high, middle + half]])
