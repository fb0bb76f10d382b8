"""Bland-Altman plots: survey against checklist, one small panel a group and the index."""

from __future__ import annotations

from statistics import NormalDist
from typing import TYPE_CHECKING, Final

import numpy as np
from matplotlib.lines import Line2D

from clientindex.figures import colours
from clientindex.figures.labels import use_wording
from clientindex.figures.legends import add_common_legend
from clientindex.figures.panels import (
    fit_marker,
    head_panel,
    list_subjects,
    make_panels,
    select_points,
)
from clientindex.figures.recipe import Need, Recipe, take
from clientindex.figures.region_looks import list_looks, rank_regions, split_by_look
from clientindex.results import Agreement

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping, Sequence
    from typing import Any

    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from clientindex.figures.region_looks import RegionLook
    from clientindex.methodology import Methodology
    from clientindex.results import Bundle
    from clientindex.wording import Wording

LINES: Final = {"bias": "-", "loa_low": "--", "loa_high": "--"}
"""Statistic -> line style: bias is solid, limits of agreement are dashed."""
NET: Final = ("loa_net_low", "loa_net_high")
NET_PLACE: Final = 0.968
"""Where the bar of the limits net of sampling error stands, share of the panel's width."""
SIDE_MARGIN: Final = 0.1
"""Room left and right of the points, share of their range: the bar stands beside them."""
SIGNIFICANT: Final = 0.05
"""Limits that change with the mean are drawn when the p-value of the slope is smaller."""
N_LINES: Final = 4
"""Entries of the legend beside those of the regions."""
LARGER: Final = 1.5
"""Marks of regions with a colour of their own, relative to those of the others below them."""
KEY: Final = "figures.agreement_bland_altman"


def draw_bland_altman(
    result: Agreement,
    *,
    ax: Axes,
    wording: Wording,
    methodology: Methodology,
    subject: str,
    looks: Sequence[RegionLook],
) -> Axes:
    """Draw one subject: mean of the two sources against checklist less survey.

    Bias and limits of agreement have their intervals shaded; the limits net of sampling error are
    a bar at the right edge; limits that change with the mean are dotted where the slope is
    significant. What is missing in the result is left out.

    Parameters
    ----------
    result : Agreement
    ax : Axes
    wording : Wording
    methodology : Methodology
        Name of the subject.
    subject : str
        Key of a group, or "index".
    looks : sequence of RegionLook
        Marks of the regions, those below first.

    Returns
    -------
    Axes

    References
    ----------
    Bland J. M., Altman D. G. Measuring agreement in method comparison studies. Statistical Methods
    in Medical Research, 1999, 8(2), 135-160. https://doi.org/10.1177/096228029900800204
    """
    points = select_points(result.points, subject)
    ax.axhline(0, color=colours.REFERENCE, linewidth=0.7, zorder=1)
    rows = _find_rows(result, subject)
    _draw_lines(rows, ax=ax, wording=wording, level=wording.percent(result.level, digits=0))
    _draw_net(rows, ax=ax, wording=wording)
    _draw_regression(result, subject, ax=ax, wording=wording)
    _draw_points(points, looks, ax=ax, wording=wording)
    ax.margins(x=SIDE_MARGIN)
    head_panel(ax, subject, len(points), wording=wording, methodology=methodology)
    for axis in (ax.xaxis, ax.yaxis):
        use_wording(axis, wording)
    return ax


def _draw_points(
    points: pd.DataFrame, looks: Sequence[RegionLook], *, ax: Axes, wording: Wording
) -> None:
    size = fit_marker(len(points))
    own = size if all(look.region for look in looks) else min(3.5, LARGER * size)
    for look, part in split_by_look(points, looks):
        survey, checklist = part["survey"].to_numpy(float), part["checklist"].to_numpy(float)
        ax.plot(
            (survey + checklist) / 2,
            checklist - survey,
            look.marker,
            color=look.colour,
            alpha=0.8 if look.region else 0.6,
            markeredgewidth=0,
            markersize=own if look.region else size,
            zorder=2,
            label=look.region or wording.text(f"{KEY}.other_regions"),
        )


def _find_rows(result: Agreement, subject: str) -> dict[str, Mapping[Hashable, Any]]:
    """Return statistic -> row of the result; undefined ones are left out."""
    frame = result.of(subject)
    rows = frame[frame["estimate"].notna()].to_dict("index")
    return {str(statistic): row for statistic, row in rows.items()}


def _draw_lines(
    rows: Mapping[str, Mapping[Hashable, Any]], *, ax: Axes, wording: Wording, level: str
) -> None:
    labels = {
        "bias": wording.text(f"{KEY}.bias", level=level),
        "loa_low": wording.text(f"{KEY}.limits"),
    }
    for statistic, style in LINES.items():
        if statistic not in rows:
            continue
        row, bias = rows[statistic], statistic == "bias"
        colour = colours.BIAS if bias else colours.LIMITS
        shade = colours.BIAS_SHADE if bias else colours.LIMITS_SHADE
        if not np.isnan(row["ci_low"]):
            ax.axhspan(row["ci_low"], row["ci_high"], facecolor=shade, edgecolor="none", zorder=0)
        ax.axhline(
            row["estimate"],
            color=colour,
            linestyle=style,
            linewidth=1.1,
            # Both limits share one legend entry; matplotlib leaves out labels with an underscore.
            label=labels.get(statistic, "_limit"),
            zorder=3,
        )


def _draw_net(rows: Mapping[str, Mapping[Hashable, Any]], *, ax: Axes, wording: Wording) -> None:
    """Draw the limits net of sampling error as a bar, their intervals as its pale ends."""
    if not all(name in rows for name in NET):
        return
    place, across = [NET_PLACE] * 2, ax.get_yaxis_transform()
    for row in (rows[name] for name in NET):
        if not np.isnan(row["ci_low"]):
            ends = [row["ci_low"], row["ci_high"]]
            ax.plot(place, ends, color=colours.NET_SHADE, linewidth=4.5, transform=across, zorder=3)
    ax.plot(
        place,
        [rows[name]["estimate"] for name in NET],
        color=colours.INK,
        linewidth=1.2,
        marker="_",
        markersize=6,
        transform=across,
        zorder=4,
        label=wording.text(f"{KEY}.net"),
    )


def _draw_regression(result: Agreement, subject: str, *, ax: Axes, wording: Wording) -> None:
    """Draw bias and limits that change with the mean over the range of means seen."""
    frame = result.regression
    frame = frame[(frame["subject"] == subject) & (frame["p_value"] < SIGNIFICANT)]
    for row in frame.to_dict("records"):
        mean = np.array([row["mean_low"], row["mean_high"]], dtype=float)
        centre = row["intercept"] + row["slope"] * mean
        spread = row["spread_intercept"] + row["spread_slope"] * mean
        half = NormalDist().inv_cdf((1 + result.coverage) / 2) * np.sqrt(np.pi / 2) * spread
        label = wording.text(f"{KEY}.regression", p=wording.number(SIGNIFICANT, digits=2))
        for number, line in enumerate((centre, centre - half, centre + half)):
            dotted = Line2D(
                mean,
                line,
                color=colours.INK,
                linestyle=":",
                linewidth=1.1,
                zorder=4,
                label=label if number == 0 else "_limit",
            )
            ax.add_artist(dotted)  # unlike a plotted line it does not widen the view


def _make(bundle: Bundle, wording: Wording) -> Figure:
    result, methodology = take(bundle, "agreement", Agreement), bundle.methodology
    subjects = [
        key
        for key in list_subjects(result.points["subject"], methodology)
        if len(select_points(result.points, key))
    ]
    looks = list_looks(result.points["region"], rank_regions(bundle))
    figure, axes = make_panels(len(subjects), n_entries=N_LINES + len(looks))
    for ax, subject in zip(axes, subjects, strict=True):
        draw_bland_altman(
            result, ax=ax, wording=wording, methodology=methodology, subject=subject, looks=looks
        )
    figure.supxlabel(wording.text(f"{KEY}.x"), size="medium")
    figure.supylabel(wording.text(f"{KEY}.y"), size="medium")
    add_common_legend(figure, axes)
    return figure


def _has_points(result: Agreement) -> bool:
    points = result.points
    return bool((points["survey"].notna() & points["checklist"].notna()).any())


RECIPE = Recipe(
    name="agreement_bland_altman",
    needs=(Need(name="agreement", kind=Agreement, has_content=_has_points),),
    make=_make,
)
