"""How sure stars are when sampling error, weights and method move together, and due to what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from clientindex.figures import colours
from clientindex.figures.centre_rows import fit_rows, list_names, name_centres, tell_rows
from clientindex.figures.labels import add_note, even_marks, name_rows, use_wording, wrap
from clientindex.figures.legends import LEGEND_PT
from clientindex.figures.recipe import Need, Recipe, take
from clientindex.figures.style import new_figure
from clientindex.results.joint_doubt import JointDoubt
from clientindex.wording.sensitivity_names import write_band

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from clientindex.results import Bundle
    from clientindex.wording import Wording

ROOM_IN, WRONG_IN = 1.35, 1.5
ALL: Final = "all"
SOURCES: Final = ("sampling", "weights", "method")
LOOKS: Final[dict[str, dict[str, Any]]] = {
    "sampling": {"color": colours.PAPER, "hatch": "....", "edgecolor": colours.REFERENCE},
    "weights": {"color": colours.INTERVAL, "hatch": "", "edgecolor": colours.ESTIMATE},
    "method": {"color": colours.LIMITS, "hatch": "////", "edgecolor": colours.PAPER},
    ALL: {"color": colours.ESTIMATE, "hatch": "", "edgecolor": colours.ESTIMATE},
}
NAME_WIDTH: Final = 34
TITLE_WIDTH: Final = 84
KEY: Final = "figures.joint_doubt"


def draw_joint_doubt(
    result: JointDoubt,
    *,
    ax: Axes,
    wording: Wording,
    names: Sequence[str] | None = None,
    row_in: float = 0.27,
) -> Axes:
    """Draw a row a centre: probability of its star under everything, and under sampling alone.

    The line between both is what weights and method add to the doubt.

    Parameters
    ----------
    result : JointDoubt
    ax : Axes
    wording : Wording
    names : sequence of str, optional
        Of the centres by rank; places are written unless given.
    row_in : float
        Height of a row, inches.

    Returns
    -------
    Axes
    """
    frame = sort_centres(result)
    rows = np.arange(len(frame))
    whole, alone = (100 * frame[name].to_numpy(float) for name in ("p_star", "p_star_sampling"))
    known = ~np.isnan(alone)
    size = float(np.clip(row_in * 72 * 0.35, 1.5, 4.5))
    ax.hlines(
        rows[known],
        whole[known],
        alone[known],
        color=colours.NET_SHADE,
        linewidth=float(np.clip(row_in * 72 * 0.12, 0.4, 1.4)),
    )
    if known.any():
        ax.plot(
            alone[known],
            rows[known],
            "D",
            color=colours.OVERALL,
            markerfacecolor=colours.PAPER,
            markersize=size,
            markeredgewidth=0.6,
            label=wording.text(f"{KEY}.alone"),
        )
    label = wording.text(f"{KEY}.whole")
    ax.plot(whole, rows, "o", color=colours.ESTIMATE, markersize=size, label=label)
    tell_rows(ax, names, n=len(frame), wording=wording, row_in=row_in)
    lowest = np.nanmin(np.concatenate([whole, alone]))
    ax.set_xlim(10 * np.floor(lowest / 10) - 2, 102)
    use_wording(ax.xaxis, wording)
    ax.grid(visible=True, axis="x")
    ax.spines["left"].set_visible(False)
    return ax


def draw_wrong_stars(result: JointDoubt, *, ax: Axes, wording: Wording) -> Axes:
    """Draw the expected number of stars that would be others, in all and by what makes them so.

    Lines are plus-minus two Monte Carlo errors; parts sum to the whole.

    Parameters
    ----------
    result : JointDoubt
    ax : Axes
    wording : Wording

    Returns
    -------
    Axes
    """
    parts = take_wrong(result)
    values = parts[["estimate", "mc_error"]].to_numpy(float)
    for row, (source, (value, error)) in enumerate(zip(parts["source"], values, strict=True)):
        ax.barh(row, value, height=0.62, linewidth=0.5, **LOOKS[source])
        ends = (value - 2 * error, value + 2 * error)
        ax.hlines(row, *ends, color=colours.INK, linewidth=1.2, zorder=3)
        told = wording.text(
            f"{KEY}.number",
            value=_tell_number(value, wording),
            error=wording.number(error, digits=2),
        )
        place = (max(value, ends[1]), row)
        ax.annotate(told, place, xytext=(4, 0), textcoords="offset points", va="center", size=7.5)
    names = [wording.text(f"{KEY}.part.{source}") for source in parts["source"]]
    name_rows(ax, names, row_in=0.27, width=NAME_WIDTH)
    ax.axvline(0, color=colours.REFERENCE, linewidth=0.8)
    low, high = min(0.0, float(values[:, 0].min())), float(values[:, 0].max())
    ax.set_xlim(1.1 * low, low + 1.3 * (high - low or 1.0))
    use_wording(ax.xaxis, wording)
    ax.spines["left"].set_visible(False)
    ax.set_title(
        wrap(
            wording.text(f"{KEY}.wrong", n=wording.integer(len(result.centres))), width=TITLE_WIDTH
        ),
        size=8,
    )
    return ax


def _tell_number(value: float, wording: Wording) -> str:
    """Write a number of centres; of ten or more one decimal is enough."""
    return wording.number(value, digits=1 if value >= 10 else 2)


def sort_centres(result: JointDoubt) -> pd.DataFrame:
    """Return the centres by published rank; those of one rank keep their order."""
    return result.centres.sort_values("rank", kind="stable")


def take_wrong(result: JointDoubt) -> pd.DataFrame:
    """Return ``source``, ``estimate``, ``mc_error`` of expected wrong stars, the whole first."""
    frame = result.summary
    own = frame[(frame["statistic"] == "expected_wrong") & frame["estimate"].notna()]
    order = [source for source in (ALL, *SOURCES) if source in set(own["source"])]
    return own.set_index("source").loc[order].reset_index()


def _make(bundle: Bundle, wording: Wording) -> Figure:
    result = take(bundle, "joint_doubt", JointDoubt)
    centres = sort_centres(result)["centre"].astype(str).tolist()
    height, row_in = fit_rows(len(centres), room_in=ROOM_IN + WRONG_IN)
    figure = new_figure(height)
    rows_in = row_in * len(centres)
    top, bottom = figure.subplots(2, 1, height_ratios=(WRONG_IN, rows_in + 0.4))
    draw_wrong_stars(result, ax=top, wording=wording)
    names = list_names(centres, name_centres(bundle))
    draw_joint_doubt(result, ax=bottom, wording=wording, names=names, row_in=row_in)
    values = {"draws": wording.integer(result.draws), "n": wording.integer(len(centres))}
    band = write_band(result.band_pct, wording)
    add_note(bottom, wording.text(f"{KEY}.x", band=band, **values), width=88)
    legend = bottom.legend(
        loc="lower center", bbox_to_anchor=(0.4, 1.0), ncols=1, fontsize=LEGEND_PT
    )
    even_marks(legend)
    return figure


def _describe(bundle: Bundle, wording: Wording) -> Mapping[str, str]:
    result = take(bundle, "joint_doubt", JointDoubt)
    parts = take_wrong(result).set_index("source")["estimate"]
    accuracy = result.summary.set_index("statistic")["estimate"]["expected_accuracy"]
    told = [
        wording.text(
            f"{KEY}.told",
            source=wording.text(f"{KEY}.part.{source}"),
            value=_tell_number(float(parts[source]), wording),
        )
        for source in parts.index
        if source != ALL
    ]
    return {
        "n": wording.integer(len(result.centres)),
        "wrong": _tell_number(float(parts[ALL]), wording),
        "parts": "; ".join(told),
        "accuracy": wording.percent(float(accuracy), digits=1),
        "draws": wording.integer(result.draws),
    }


RECIPE = Recipe(
    name="joint_doubt",
    needs=(
        Need(
            name="joint_doubt",
            kind=JointDoubt,
            has_content=lambda r: len(r.centres) > 0 and len(take_wrong(r)) > 0,
        ),
    ),
    make=_make,
    describe=_describe,
)
