"""How much groups and indicators weigh, and how much they really matter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from clientindex.figures import colours
from clientindex.figures.labels import NOTE_PT, NOTE_WIDTH, name_rows, use_wording, wrap
from clientindex.figures.legends import add_common_legend
from clientindex.figures.recipe import Need, Recipe, take
from clientindex.figures.style import new_row_figure
from clientindex.results.weight_importance import WeightImportance
from clientindex.wording.names import name_group, name_indicator

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from clientindex.methodology import Methodology
    from clientindex.results import Bundle
    from clientindex.wording import Wording

ROW_IN, ROOM_IN = 0.265, 2.0
NAME_WIDTH: Final = 44
KINDS: Final = ("group", "indicator")
LOOKS: Final[dict[str, dict[str, Any]]] = {
    "linear_share": {"marker": "o", "color": colours.ESTIMATE},
    "smooth_share": {
        "marker": "s",
        "color": colours.ESTIMATE,
        "markerfacecolor": colours.PAPER,
    },
    "net_share": {"marker": "D", "color": colours.OVERALL, "markerfacecolor": colours.OVERALL},
}
"""Realised importance, from the upper to the lower mark of a row."""
SHIFTS: Final = (-0.27, 0.0, 0.27)
COLUMN_PT: Final = 44
"""Width of a column of numbers at the right, points."""
COLUMNS: Final = ("nominal", "effective")
KEY: Final = "figures.weight_importance"


def draw_weight_importance(
    result: WeightImportance,
    *,
    ax: Axes,
    wording: Wording,
    methodology: Methodology,
    kind: str,
    row_in: float = ROW_IN,
) -> Axes:
    """Draw a row a group or indicator: its weight, and shares of importance with intervals.

    The upright line is the weight in the index. Marks at its right matter more than they weigh.

    Parameters
    ----------
    result : WeightImportance
    ax : Axes
    wording : Wording
    methodology : Methodology
        Order and names.
    kind : {"group", "indicator"}
    row_in : float
        Height of a row, inches; sets the size of the type.

    Returns
    -------
    Axes
    """
    weights = arrange_weights(result, methodology, kind)
    rows = np.arange(len(weights))
    size = float(np.clip(row_in * 72 * 0.18, 1.2, 3.4))
    ax.vlines(
        100 * weights["effective"].to_numpy(float),
        rows - 0.42,
        rows + 0.42,
        color=colours.INK,
        linewidth=2.0,
        zorder=1.8,
        label=wording.text(f"{KEY}.weight"),
    )
    for (statistic, look), shift in zip(LOOKS.items(), SHIFTS, strict=True):
        scaled = {"markersize": size, "markeredgewidth": 0.24 * size} | look
        _draw_shares(result, weights, statistic, scaled, shift=shift, ax=ax, wording=wording)
    _print_weights(weights, ax=ax, wording=wording, row_in=row_in)
    name = name_group if kind == "group" else name_indicator
    names = [name(str(key), methodology, wording) for key in weights["key"]]
    name_rows(ax, names, row_in=row_in, width=NAME_WIDTH)
    _part_rows(weights["group"].to_numpy(), ax=ax)
    use_wording(ax.xaxis, wording)
    ax.grid(visible=True, axis="x")
    ax.spines["left"].set_visible(False)
    return ax


def arrange_weights(result: WeightImportance, methodology: Methodology, kind: str) -> pd.DataFrame:
    """Return the weights of one kind in the order of the methodology."""
    keys = methodology.group_keys if kind == "group" else methodology.indicator_keys
    found = result.weights[result.weights["kind"] == kind].set_index("key")
    return found.loc[[key for key in keys if key in found.index]].reset_index()


def take_shares(result: WeightImportance, kind: str, statistic: str) -> pd.DataFrame:
    """Return ``key``, ``estimate``, ``ci_low``, ``ci_high`` of one share of importance."""
    frame = result.importance
    chosen = (frame["kind"] == kind) & (frame["statistic"] == statistic)
    return frame.loc[chosen & frame["estimate"].notna(), ["key", "estimate", "ci_low", "ci_high"]]


def _draw_shares(
    result: WeightImportance,
    weights: pd.DataFrame,
    statistic: str,
    look: dict[str, Any],
    *,
    shift: float,
    ax: Axes,
    wording: Wording,
) -> None:
    """Draw one measure of importance; rows in which it is not defined have no mark."""
    found = take_shares(result, str(weights["kind"].iloc[0]), statistic).set_index("key")
    shown = weights["key"].isin(found.index).to_numpy()
    if not shown.any():
        return
    part = found.loc[weights.loc[shown, "key"]]
    y = np.flatnonzero(shown) + shift
    low, high = (100 * part[end].to_numpy(float) for end in ("ci_low", "ci_high"))
    ax.hlines(y, low, high, color=look["color"], linewidth=0.26 * look["markersize"], alpha=0.8)
    ax.plot(
        100 * part["estimate"].to_numpy(float),
        y,
        linestyle="none",
        label=wording.text(f"{KEY}.{statistic}"),
        **look,
    )


def _print_weights(weights: pd.DataFrame, *, ax: Axes, wording: Wording, row_in: float) -> None:
    """Print the stated weight and that in the index at the right of every row."""
    size = min(7.5, row_in * 72 * 0.55)
    for column, name in enumerate(COLUMNS):
        place = (column + 1) * COLUMN_PT - 6
        ax.annotate(
            wording.text(f"{KEY}.{name}"),
            (1, 1),
            xytext=(place, 3),
            xycoords="axes fraction",
            textcoords="offset points",
            ha="right",
            va="bottom",
            size=7.0,
            linespacing=1.05,
        )
        for row, value in enumerate(weights[name].to_numpy(float)):
            ax.annotate(
                wording.percent(float(value), digits=1),
                (1, row),
                xytext=(place, 0),
                xycoords=("axes fraction", "data"),
                textcoords="offset points",
                ha="right",
                va="center",
                size=size,
            )


def _part_rows(groups: np.ndarray, *, ax: Axes) -> None:
    """Draw a thin line where indicators of another group begin; groups stand alone."""
    changes = np.flatnonzero(groups[1:] != groups[:-1])
    if len(changes) + 1 == len(groups):
        return
    for row in changes:
        ax.axhline(row + 0.5, color=colours.REFERENCE, linewidth=0.6, linestyle=":", zorder=0.5)


def _make(bundle: Bundle, wording: Wording) -> Figure:
    result, methodology = take(bundle, "weight_importance", WeightImportance), bundle.methodology
    sizes = [len(arrange_weights(result, methodology, kind)) for kind in KINDS]
    figure, row_in = new_row_figure(sum(sizes), wanted_in=ROW_IN, room_in=ROOM_IN)
    axes = figure.subplots(2, 1, height_ratios=sizes)
    for ax, kind in zip(axes, KINDS, strict=True):
        draw_weight_importance(
            result, ax=ax, wording=wording, methodology=methodology, kind=kind, row_in=row_in
        )
        ax.set_xlabel(wording.text(f"{KEY}.x_{kind}"), size=8)
    figure.supxlabel(wrap(_write_note(result, wording), width=NOTE_WIDTH), size=NOTE_PT)
    add_common_legend(figure, axes)
    return figure


def _write_note(result: WeightImportance, wording: Wording) -> str:
    note = wording.text(
        f"{KEY}.x",
        level=wording.percent(result.level, digits=0),
        n=wording.integer(result.n),
        replicates=wording.integer(result.replicates),
    )
    shares = [f"{name}_share" for name in ("smooth", "net")]
    known = result.importance["statistic"].isin(shares) & result.importance["estimate"].notna()
    if known.sum() < len(shares) * len(result.weights):
        note += wording.text(f"{KEY}.missing")
    return note


def _describe(bundle: Bundle, wording: Wording) -> Mapping[str, str]:
    result, methodology = take(bundle, "weight_importance", WeightImportance), bundle.methodology
    told: dict[str, str] = {}
    for kind, name in zip(KINDS, (name_group, name_indicator), strict=True):
        weights = arrange_weights(result, methodology, kind).set_index("key")["effective"]
        shares = take_shares(result, kind, "linear_share").set_index("key")
        by_share = shares.assign(weight=weights).sort_values("estimate", kind="stable")
        for end, row in (("least", 0), ("most", -1)):
            key, values = str(by_share.index[row]), by_share.iloc[row]
            told[f"{kind}_{end}"] = wording.text(
                f"{KEY}.told",
                name=name(key, methodology, wording),
                share=wording.percent(float(values["estimate"]), digits=1),
                ends=wording.interval(100 * values["ci_low"], 100 * values["ci_high"]),
                weight=wording.percent(float(values["weight"]), digits=1),
            )
    return told | {
        "n": wording.integer(result.n),
        "level": wording.percent(result.level, digits=0),
    }


def _has_shares(result: WeightImportance) -> bool:
    return all(len(take_shares(result, kind, "linear_share")) for kind in KINDS)


RECIPE = Recipe(
    name="weight_importance",
    needs=(Need(name="weight_importance", kind=WeightImportance, has_content=_has_shares),),
    make=_make,
    describe=_describe,
)
