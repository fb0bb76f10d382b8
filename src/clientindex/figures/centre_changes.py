"""Differences of centres from the previous edition under one method, sorted, with intervals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from clientindex.figures import colours
from clientindex.figures.funnel import tell_level
from clientindex.figures.labels import use_ranks, use_wording, wrap
from clientindex.figures.legends import add_common_legend
from clientindex.figures.recipe import Need, Recipe, take
from clientindex.figures.style import new_figure
from clientindex.results.change import EditionChange

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from clientindex.results import Bundle
    from clientindex.wording import Wording

HEIGHT_IN: Final = 4.4
AXIS_WIDTH_PT: Final = 400
"""Approximate width of the axes, points; decides how thick a line may be."""
MOST_NAMED: Final = 30
"""Of no more centres every one is named below the axes."""
SIDE_LABEL_WIDTH: Final = 44
LEGEND_WIDTH: Final = 70
LOOKS: Final = {
    "untested": ("o", colours.REFERENCE, colours.PAPER),
    "": ("o", colours.NET_SHADE, colours.NET_SHADE),
    "down": ("v", colours.FLAGGED, colours.FLAGGED),
    "up": ("^", colours.ESTIMATE, colours.ESTIMATE),
}
KEY: Final = "figures.centre_changes"


def draw_centre_changes(result: EditionChange, *, ax: Axes, wording: Wording) -> Axes:
    """Draw the differences of all comparable centres from largest to smallest, with intervals.

    Centres that rose or fell at the false discovery rate have a colour and a marker of their own;
    those that are not tested (small sample) are hollow.

    Parameters
    ----------
    result : EditionChange
    ax : Axes
    wording : Wording

    Returns
    -------
    Axes
    """
    frame = arrange_differences(result)
    position = np.arange(1, len(frame) + 1)
    ax.axhline(0, color=colours.REFERENCE, linewidth=0.8, zorder=1)
    for kind in LOOKS:
        chosen = frame["kind"].eq(kind).to_numpy()
        if chosen.any():
            label = _name_kind(kind, int(chosen.sum()), result, wording)
            _draw_kind(frame[chosen], position[chosen], len(frame), kind, ax=ax, label=label)
    margin = max(len(frame) * 0.01, 0.5)
    ax.set_xlim(1 - margin, len(frame) + margin)
    use_wording(ax.yaxis, wording)
    if len(frame) <= MOST_NAMED:
        ax.set_xticks(position, labels=frame["centre"].astype(str), rotation=90, parse_math=False)
    else:
        use_ranks(ax.xaxis, wording, last=len(frame))
    ax.grid(visible=True, axis="y")
    level = wording.percent(result.level, digits=0)
    ax.set_ylabel(wrap(wording.text(f"{KEY}.y", level=level), width=SIDE_LABEL_WIDTH))
    key = "x_named" if len(frame) <= MOST_NAMED else "x"
    ax.set_xlabel(wording.text(f"{KEY}.{key}", n=wording.integer(len(frame))))
    return ax


def arrange_differences(result: EditionChange) -> pd.DataFrame:
    """Return the centres with a difference, largest first, equal ones by centre.

    Column ``kind`` is "up", "down", "" or "untested".
    """
    frame = result.centres[result.centres["difference"].notna()]
    frame = frame.assign(kind=frame["flagged"].mask(frame["p_value"].isna(), "untested"))
    return frame.sort_values(["difference", "centre"], ascending=[False, True], kind="stable")


def _name_kind(kind: str, n: int, result: EditionChange, wording: Wording) -> str:
    told = {"fdr": tell_level(result.fdr, wording)} if kind in {"up", "down"} else {}
    name = wording.text(f"{KEY}.{kind or 'plain'}", **told)
    return wording.text("figures.with_total", name=name, n=wording.integer(n))


def _draw_kind(
    part: pd.DataFrame, position: np.ndarray, n: int, kind: str, *, ax: Axes, label: str
) -> None:
    marker, colour, face = LOOKS[kind]
    step, flagged = AXIS_WIDTH_PT / n, kind in {"up", "down"}
    ax.vlines(
        position,
        part["ci_low"].to_numpy(float),
        part["ci_high"].to_numpy(float),
        color=colour,
        linewidth=float(np.clip(step * 0.45, 0.25, 1.4)),
        alpha=0.75 if flagged else 0.6,
    )
    ax.plot(
        position,
        part["difference"].to_numpy(float),
        marker,
        color=colour,
        markerfacecolor=face,
        markersize=float(np.clip(step * 1.5, 1.6 if flagged else 1.1, 5.0)),
        markeredgewidth=float(np.clip(step * 0.3, 0.25, 0.8)),
        zorder=3,
        label=label,
    )


def _make(bundle: Bundle, wording: Wording) -> Figure:
    result = take(bundle, "change", EditionChange)
    figure = new_figure(HEIGHT_IN)
    ax = figure.add_subplot()
    draw_centre_changes(result, ax=ax, wording=wording)
    add_common_legend(figure, [ax], width=LEGEND_WIDTH)
    return figure


def _describe(bundle: Bundle, wording: Wording) -> dict[str, str]:
    result = take(bundle, "change", EditionChange)
    frame = arrange_differences(result)
    kinds = frame["kind"].value_counts()
    values = frame["difference"]
    return {
        "up": wording.integer(int(kinds.get("up", 0))),
        "down": wording.integer(int(kinds.get("down", 0))),
        "untested": wording.integer(int(kinds.get("untested", 0))),
        "centres": wording.counted(len(frame), "centre"),
        "fdr": tell_level(result.fdr, wording),
        "level": wording.percent(result.level, digits=0),
        "span": wording.span(float(values.min()), float(values.max())),
    }


RECIPE = Recipe(
    name="centre_changes",
    needs=(
        Need(
            name="change",
            kind=EditionChange,
            has_content=lambda r: bool(r.centres["difference"].notna().any()),
        ),
    ),
    make=_make,
    describe=_describe,
)
