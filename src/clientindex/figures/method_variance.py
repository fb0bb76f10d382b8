"""Variance of survey and checklist between centres, by where it comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from clientindex.figures import colours
from clientindex.figures.labels import add_note, measure, use_wording, wrap
from clientindex.figures.legends import add_common_legend
from clientindex.figures.recipe import Need, Recipe, take
from clientindex.figures.style import new_row_figure
from clientindex.results import MethodVariance
from clientindex.wording.names import name_group

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from clientindex.methodology import Methodology
    from clientindex.results import Bundle
    from clientindex.wording import Wording

ROW_IN, ROOM_IN = 0.56, 1.45
NAME_WIDTH: Final = 20
NOTE_WIDTH: Final = 84
APART_PT: Final = 14.0
"""Space around the names of sources, points."""
BARS_IN: Final = 4.1
"""Width of the bars at least, inches; what words at their ends take is reckoned from it."""
MOST_WORDS: Final = 0.7
"""Share of that width that words may take."""
LEVEL: Final = "centre"
ALL: Final = "all"
"""Subject of means over groups."""
SIDES: Final = ("survey", "checklist")
PARTS: Final[dict[str, tuple[tuple[str, str], ...]]] = {
    "survey": (
        ("trait_common", "trait_common"),
        ("trait_own", "trait_own"),
        ("trait", "trait"),
        ("method", "halo"),
        ("specific", "survey_specific"),
        ("sampling_error", "sampling_error"),
    ),
    "checklist": (
        ("trait_common", "trait_common"),
        ("trait_own", "trait_own"),
        ("trait", "trait"),
        ("method", "checklist_method"),
        ("specific", "checklist_specific"),
    ),
}
"""Source -> (look of a part, its statistic), from left to right."""
PALE: Final = ("specific", "sampling_error")
"""Parts whose edge must be darker than themselves."""
SHARED: Final = ("halo", "checklist_method", "sampling_error")
"""One value serves all groups: the model has them so, and sampling error is told as a mean."""
KEY: Final = "figures.method_variance"

Part = tuple[str, str, float]


def draw_method_variance(
    result: MethodVariance, *, ax: Axes, wording: Wording, methodology: Methodology, row_in: float
) -> Axes:
    """Draw two stacked bars a group (survey, checklist), the means over groups on top.

    A negative part has no length; words at the end of its bar tell it.

    Parameters
    ----------
    result : MethodVariance
    ax : Axes
    wording : Wording
    methodology : Methodology
        Order and names of the groups.
    row_in : float
        Height of a row of two bars, inches.

    Returns
    -------
    Axes
    """
    subjects = list_subjects(result, methodology)
    size, ends = min(7.0, row_in * 72 * 0.22), [0.0]
    for row, subject in enumerate(subjects):
        for side, shift in zip(SIDES, (-0.2, 0.2), strict=True):
            parts = list_parts(result, subject, side)
            ends.append(_draw_bar(parts, row + shift, ax=ax, wording=wording, size=size))
    _name_rows(subjects, ax=ax, wording=wording, methodology=methodology, row_in=row_in)
    if len(subjects) > 1 and subjects[0] == ALL:
        ax.axhline(0.5, color=colours.INK, linewidth=0.8)
    use_wording(ax.xaxis, wording)
    ax.set_xlim(0, max(ends) or 1.0)
    ax.grid(visible=True, axis="x")
    ax.spines["left"].set_visible(False)
    counts = {"n": wording.integer(result.n), "n_regions": wording.integer(result.n_regions)}
    add_note(ax, wording.text(f"{KEY}.x", **counts), width=NOTE_WIDTH)
    return ax


def list_subjects(result: MethodVariance, methodology: Methodology) -> list[str]:
    """Return "all" and the groups that have variances, in the order of the methodology."""
    frame = result.frame
    shown = frame[(frame["level_of"] == LEVEL) & frame["estimate"].notna()]
    told = set(shown.loc[shown["statistic"].isin(_statistics()), "subject"])
    return [key for key in (ALL, *methodology.group_keys) if key in told]


def _statistics() -> set[str]:
    return {statistic for parts in PARTS.values() for _, statistic in parts}


def list_parts(result: MethodVariance, subject: str, side: str) -> list[Part]:
    """Return (look, statistic, variance) of one bar; the trait is whole where it is not split.

    What the model takes for equal in all groups is taken from the means over groups.
    """
    own, mean = _take(result, subject), _take(result, ALL)
    parts: list[Part] = []
    for look, statistic in PARTS[side]:
        if look == "trait" and any(part[0] == "trait_common" for part in parts):
            continue
        value = own.get(statistic, mean.get(statistic) if statistic in SHARED else None)
        if value is not None:
            parts.append((look, statistic, value))
    return parts


def _take(result: MethodVariance, subject: str) -> Mapping[str, float]:
    frame = result.frame
    chosen = (frame["level_of"] == LEVEL) & (frame["subject"] == subject)
    rows = frame[chosen & frame["estimate"].notna()]
    return dict(zip(rows["statistic"], rows["estimate"].astype(float), strict=True))


def _draw_bar(parts: list[Part], y: float, *, ax: Axes, wording: Wording, size: float) -> float:
    """Draw the parts of a bar, and return how far the axis must reach to hold it and its words."""
    left, negative = 0.0, []
    for look, statistic, value in parts:
        if value < 0:
            negative.append(wording.text(f"{KEY}.short.{statistic}"))
            continue
        colour, hatch = colours.COMPONENTS[look]
        ax.barh(
            y,
            value,
            left=left,
            height=0.34,
            color=colour,
            hatch=hatch,
            edgecolor=colours.REFERENCE if look in PALE else colours.PAPER,
            linewidth=0.5,
            label=wording.text(f"{KEY}.{look}"),
        )
        left += value
    if not negative:
        return left * 1.02
    text = wording.text(f"{KEY}.negative", parts=", ".join(negative))
    ax.annotate(text, (left, y), xytext=(3, 0), textcoords="offset points", va="center", size=size)
    room = min(measure(text, size=size) + 0.1, MOST_WORDS * BARS_IN)
    return left * BARS_IN / (BARS_IN - room)


def _name_rows(
    subjects: list[str], *, ax: Axes, wording: Wording, methodology: Methodology, row_in: float
) -> None:
    """Name the sources beside their bars, and the subjects to the left of them."""
    rows = np.arange(len(subjects))
    places = [row + shift for row in rows for shift in (-0.2, 0.2)]
    sides = [wording.text(f"{KEY}.{side}") for _ in rows for side in SIDES]
    size = min(7.5, row_in * 72 * 0.26)
    ax.set_yticks(places, labels=sides)
    ax.tick_params(axis="y", length=0, labelsize=size)
    ax.set_ylim(len(subjects) - 0.5, -0.5)
    second = ax.secondary_yaxis(0.0)
    names = [
        wording.text(f"{KEY}.all") if key == ALL else name_group(key, methodology, wording)
        for key in subjects
    ]
    second.set_yticks(rows, labels=[wrap(name, width=NAME_WIDTH) for name in names])
    apart = max(measure(side, size=size) for side in sides) * 72 + APART_PT
    second.tick_params(axis="y", length=0, pad=apart, labelsize=min(8.0, row_in * 72 * 0.26))
    second.spines[:].set_visible(False)


def _make(bundle: Bundle, wording: Wording) -> Figure:
    result, methodology = take(bundle, "method_variance", MethodVariance), bundle.methodology
    n_rows = len(list_subjects(result, methodology))
    figure, row_in = new_row_figure(n_rows, wanted_in=ROW_IN, room_in=ROOM_IN)
    ax = figure.add_subplot()
    draw_method_variance(result, ax=ax, wording=wording, methodology=methodology, row_in=row_in)
    order = [wording.text(f"{KEY}.{look}") for look in colours.COMPONENTS]
    add_common_legend(figure, [ax], order=order)
    return figure


def _has_variances(result: MethodVariance) -> bool:
    frame = result.frame
    shown = (frame["level_of"] == LEVEL) & frame["statistic"].isin(_statistics())
    return bool(frame.loc[shown, "estimate"].notna().any())


RECIPE = Recipe(
    name="method_variance",
    needs=(Need(name="method_variance", kind=MethodVariance, has_content=_has_variances),),
    make=_make,
)
