"""Lines between survey and checklist, one small panel a group and the index."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

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
from clientindex.results import Agreement, StructuralRelation

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from clientindex.methodology import Methodology
    from clientindex.results import Bundle
    from clientindex.wording import Wording

BOUNDS: Final = ("least_squares", "inverse_least_squares")
MAIN: Final = "errors_in_variables"
LINES: Final[dict[str, dict[str, Any]]] = {
    "passing_bablok": {"color": colours.REFERENCE, "linestyle": ":", "linewidth": 1.0},
    "deming_equal": {"color": colours.REFERENCE, "linestyle": "-.", "linewidth": 0.8},
    "deming": {"color": colours.INK, "linestyle": "--", "linewidth": 0.8},
    "traits": {"color": colours.OVERALL, "linestyle": "--", "linewidth": 1.5},
    MAIN: {"color": colours.ESTIMATE, "linestyle": "-", "linewidth": 1.7},
}
"""Line -> its style, from below to above; colour and dashes differ."""
LEGEND: Final = (MAIN, "ribbon", "traits", "deming", "deming_equal", "passing_bablok", "bounds")
MARGIN: Final = 0.05
"""Room around the centres, share of their range."""
PARALLEL: Final = 1e-9
KEY: Final = "figures.structural_lines"

Line = tuple[float, float]
"""Intercept and slope."""


def draw_structural_lines(
    result: StructuralRelation,
    points: pd.DataFrame,
    *,
    ax: Axes,
    wording: Wording,
    methodology: Methodology,
    subject: str,
) -> Axes:
    """Draw centres and the lines of one subject over the range of their survey scores.

    The wedge lies between the two least-squares lines, the bounds of the slope; the ribbon shows
    the interval of the slope of the errors-in-variables line. Missing lines are left out.

    Parameters
    ----------
    result : StructuralRelation
    points : DataFrame
        ``subject``, ``survey``, ``checklist``, one row a centre.
    ax : Axes
    wording : Wording
    methodology : Methodology
        Name of the subject.
    subject : str
        Key of a group, or "index".

    Returns
    -------
    Axes
    """
    chosen = select_points(points, subject)
    survey, checklist = chosen["survey"].to_numpy(float), chosen["checklist"].to_numpy(float)
    ax.plot(
        survey,
        checklist,
        "o",
        color=colours.INK,
        alpha=0.3,
        markeredgewidth=0,
        markersize=fit_marker(len(chosen)),
        zorder=1.5,
        label=wording.text(f"{KEY}.centre"),
    )
    lines = {name: find_line(result, subject, name) for name in (*BOUNDS, *LINES)}
    span = np.array([survey.min(), survey.max()])
    _draw_wedge([lines[name] for name in BOUNDS], span, ax=ax, wording=wording)
    _draw_ribbon(result, subject, span, ax=ax, wording=wording)
    for zorder, (name, style) in enumerate(LINES.items()):
        line = lines[name]
        if line is not None:
            label = wording.text(f"{KEY}.{name}")
            ax.plot(span, _at(line, span), zorder=2 + zorder / 10, label=label, **style)
    head_panel(ax, subject, len(chosen), wording=wording, methodology=methodology)
    set_view(ax, chosen)
    for axis in (ax.xaxis, ax.yaxis):
        use_wording(axis, wording)
    return ax


def find_line(result: StructuralRelation, subject: str, name: str) -> Line | None:
    """Return intercept and slope of a line; none where one is missing."""
    rows = _take_rows(result, subject, name)
    found = dict(zip(rows["statistic"], rows["estimate"].astype(float), strict=True))
    if "intercept" not in found or "slope" not in found:
        return None
    return found["intercept"], found["slope"]


def find_slope_ends(result: StructuralRelation, subject: str) -> tuple[float, float] | None:
    """Return the ends of the interval of the errors-in-variables slope; none where missing."""
    rows = _take_rows(result, subject, MAIN)
    rows = rows[(rows["statistic"] == "slope") & rows["ci_low"].notna() & rows["ci_high"].notna()]
    if rows.empty:
        return None
    return float(rows["ci_low"].iloc[0]), float(rows["ci_high"].iloc[0])


def _take_rows(result: StructuralRelation, subject: str, name: str) -> pd.DataFrame:
    """Return the rows of a line that are known, with the interval that is shown."""
    shown = result.choose_shown()
    chosen = (shown["subject"] == subject) & (shown["line"] == name) & shown["estimate"].notna()
    return shown[chosen]


def set_view(ax: Axes, points: pd.DataFrame) -> None:
    """Show all centres; steep lines leave the view."""
    for name, move in (("survey", ax.set_xlim), ("checklist", ax.set_ylim)):
        low, high = float(points[name].min()), float(points[name].max())
        room = MARGIN * max(high - low, 1.0)
        move(low - room, high + room)


def _at(line: Line, x: np.ndarray) -> np.ndarray:
    return np.asarray(line[0] + line[1] * x)


def _draw_wedge(bounds: list[Line | None], span: np.ndarray, *, ax: Axes, wording: Wording) -> None:
    one, other = bounds
    if one is None or other is None:
        return
    x = _with_crossing(one, other, span)
    ax.fill_between(
        x,
        _at(one, x),
        _at(other, x),
        facecolor=colours.WEDGE_SHADE,
        edgecolor=colours.REFERENCE,
        linewidth=0.5,
        zorder=0.5,
        label=wording.text(f"{KEY}.bounds"),
    )


def _draw_ribbon(
    result: StructuralRelation, subject: str, span: np.ndarray, *, ax: Axes, wording: Wording
) -> None:
    """Turn the main line about the middle of the centres from one end of its slope to the other."""
    line, ends = find_line(result, subject, MAIN), find_slope_ends(result, subject)
    if line is None or ends is None:
        return
    pivot = _cross(line, find_line(result, subject, BOUNDS[0]), span)
    height = line[0] + line[1] * pivot
    turned = [(height - slope * pivot, slope) for slope in ends]
    x = np.unique(np.clip([span[0], pivot, span[1]], *span))
    ax.fill_between(
        x,
        _at(turned[0], x),
        _at(turned[1], x),
        facecolor=colours.RIBBON_SHADE,
        edgecolor="none",
        alpha=0.8,
        zorder=1,
        label=wording.text(f"{KEY}.ribbon"),
    )


def _with_crossing(one: Line, other: Line, span: np.ndarray) -> np.ndarray:
    return np.unique(np.clip([span[0], _cross(one, other, span), span[1]], *span))


def _cross(one: Line, other: Line | None, span: np.ndarray) -> float:
    """Return where two lines cross; the middle of the span for parallel ones.

    Lines of least squares and of errors in variables all go through the mean of the centres.
    """
    if other is None or abs(one[1] - other[1]) < PARALLEL:
        return float(span.mean())
    return (other[0] - one[0]) / (one[1] - other[1])


def _list_panels(relation: StructuralRelation, points: pd.DataFrame, bundle: Bundle) -> list[str]:
    both = set(relation.lines.loc[relation.lines["estimate"].notna(), "subject"])
    subjects = list_subjects(both, bundle.methodology)
    return [key for key in subjects if len(select_points(points, key))]


def _make(bundle: Bundle, wording: Wording) -> Figure:
    relation = take(bundle, "structural", StructuralRelation)
    points = take(bundle, "agreement", Agreement).points
    subjects = _list_panels(relation, points, bundle)
    figure, axes = make_panels(len(subjects), n_entries=len(LEGEND) + 1)
    for ax, subject in zip(axes, subjects, strict=True):
        draw_structural_lines(
            relation,
            points,
            ax=ax,
            wording=wording,
            methodology=bundle.methodology,
            subject=subject,
        )
    shown = points[points["subject"].isin(subjects)].dropna(subset=["survey", "checklist"])
    set_view(axes[0], shown)
    figure.supxlabel(wording.text(f"{KEY}.x"), size="medium")
    figure.supylabel(wording.text(f"{KEY}.y"), size="medium")
    add_common_legend(figure, axes, order=[wording.text(f"{KEY}.{name}") for name in LEGEND])
    return figure


RECIPE = Recipe(
    name="structural_lines",
    needs=(
        Need(
            name="structural",
            kind=StructuralRelation,
            has_content=lambda r: bool(r.lines["estimate"].notna().any()),
        ),
        Need(name="agreement", kind=Agreement, has_content=lambda r: len(r.points) > 0),
    ),
    make=_make,
)
