"""Bland-Altman plots: survey against checklist, one small panel a group."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

import numpy as np

from clientindex.figures import colours
from clientindex.figures.labels import add_legend, use_wording, wrap
from clientindex.figures.recipe import Need, Recipe, take
from clientindex.figures.style import new_figure
from clientindex.results import GroupAgreement

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from clientindex.results import Bundle
    from clientindex.wording import Wording

PANEL_IN, ROOM_IN = 2.0, 1.0
MOST_COLUMNS = 3
NAME_WIDTH = 24
LINES = {"bias": "-", "loa_low": "--", "loa_high": "--"}
"""Statistic -> line style: bias is solid, limits of agreement are dashed."""


def draw_bland_altman(
    result: GroupAgreement, *, ax: Axes, wording: Wording, group: str, name: str
) -> Axes:
    """Draw one group: mean of the two sources against checklist minus survey.

    Bias and limits of agreement come from the result, with their intervals shaded; a line whose
    estimate is missing is left out.

    Parameters
    ----------
    result : GroupAgreement
    ax : Axes
    wording : Wording
    group : str
        Key of the group.
    name : str
        Its name, the heading of the panel.

    Returns
    -------
    Axes

    References
    ----------
    Bland J. M., Altman D. G. Measuring agreement in method comparison studies. Statistical Methods
    in Medical Research, 1999, 8(2), 135-160. https://doi.org/10.1177/096228029900800204
    """
    points = result.points[result.points["group"] == group]
    survey, checklist = points["survey"].to_numpy(float), points["checklist"].to_numpy(float)
    ax.axhline(0, color=colours.REFERENCE, linewidth=0.7, zorder=1)
    level = wording.percent(result.level, digits=0)
    _draw_lines(result.frame[result.frame["group"] == group], ax=ax, wording=wording, level=level)
    ax.plot(
        (survey + checklist) / 2,
        checklist - survey,
        "o",
        color=colours.INK,
        alpha=0.4,
        markeredgewidth=0,
        markersize=float(np.clip(60 / np.sqrt(max(len(points), 1)), 1.5, 3.5)),
        zorder=2,
        label=wording.text("figures.agreement_bland_altman.centre"),
    )
    count = wording.text("figures.n", n=wording.integer(len(points)))
    ax.set_title(f"{wrap(name, width=NAME_WIDTH)}\n{count}")
    use_wording(ax.xaxis, wording)
    use_wording(ax.yaxis, wording)
    return ax


def _draw_lines(frame: pd.DataFrame, *, ax: Axes, wording: Wording, level: str) -> None:
    labels = {
        "bias": wording.text("figures.agreement_bland_altman.bias", level=level),
        "loa_low": wording.text("figures.agreement_bland_altman.limits"),
    }
    chosen = frame[frame["statistic"].isin(LINES) & frame["estimate"].notna()]
    for row in chosen.to_dict("records"):
        bias = row["statistic"] == "bias"
        colour = colours.BIAS if bias else colours.LIMITS
        shade = colours.BIAS_SHADE if bias else colours.LIMITS_SHADE
        if not np.isnan(row["ci_low"]):
            ax.axhspan(row["ci_low"], row["ci_high"], facecolor=shade, edgecolor="none", zorder=0)
        ax.axhline(
            row["estimate"],
            color=colour,
            linestyle=LINES[row["statistic"]],
            linewidth=1.1,
            # Both limits share one legend entry; matplotlib leaves out labels with an underscore.
            label=labels.get(row["statistic"], "_limit"),
            zorder=3,
        )


def draw_panels(bundle: Bundle, *, figure: Figure, wording: Wording) -> Figure:
    """Draw one panel a group, in the order of the methodology, with common axes."""
    agreement = take(bundle, "agreement", GroupAgreement)
    groups = _groups_of(bundle)
    columns = _columns(len(groups))
    rows = ceil(len(groups) / columns)
    axes = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False).ravel()
    for ax, key in zip(axes, groups, strict=False):
        name = bundle.methodology.group(key).name.in_language(wording.language)
        draw_bland_altman(agreement, ax=ax, wording=wording, group=key, name=name)
    for number in range(len(groups), rows * columns):
        axes[number].remove()
        axes[number - columns].tick_params(labelbottom=True)
    figure.supxlabel(wording.text("figures.agreement_bland_altman.x"), size="medium")
    figure.supylabel(wording.text("figures.agreement_bland_altman.y"), size="medium")
    add_legend(figure, axes[0], columns=3)
    return figure


def _groups_of(bundle: Bundle) -> list[str]:
    points = take(bundle, "agreement", GroupAgreement).points
    present = set(points["group"])
    return [key for key in bundle.methodology.group_keys if key in present]


def _columns(n_groups: int) -> int:
    """Return the number of panel columns: two by two for four groups, else up to three."""
    return 2 if n_groups == 4 else min(n_groups, MOST_COLUMNS)


def _make(bundle: Bundle, wording: Wording) -> Figure:
    n_groups = len(_groups_of(bundle))
    rows = ceil(n_groups / _columns(n_groups))
    figure = new_figure(ROOM_IN + PANEL_IN * rows)
    return draw_panels(bundle, figure=figure, wording=wording)


RECIPE = Recipe(
    name="agreement_bland_altman",
    needs=(Need(name="agreement", kind=GroupAgreement, has_content=lambda r: len(r.points) > 0),),
    make=_make,
)
