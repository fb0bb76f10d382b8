"""Every variant of the method by the share of stars that it changes, with its choices below."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from clientindex.figures import colours
from clientindex.figures.labels import add_note, name_rows, use_wording, wrap
from clientindex.figures.legends import add_common_legend
from clientindex.figures.recipe import Need, Recipe, take
from clientindex.figures.style import new_row_figure
from clientindex.results.multiverse import Multiverse
from clientindex.wording.sensitivity_names import name_dimension, name_option

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from clientindex.results import Bundle
    from clientindex.wording import Wording

ROW_IN, ROOM_IN, CURVE_IN = 0.21, 1.35, 2.4
NAME_WIDTH: Final = 48
SIDE_WIDTH: Final = 30
AXIS_PT: Final = 300
"""Approximate width of the axes, points; decides how large a mark may be."""
CURRENT: Final = "current"
MOST_APART: Final = 80
"""Variants between which there is room for gaps."""
PUBLISHED: Final = 0
"""Number of the variant that is the published methodology."""
KEY: Final = "figures.multiverse"


def draw_multiverse_curve(result: Multiverse, *, ax: Axes, wording: Wording) -> Axes:
    """Draw the share of stars that every variant changes, least on the left.

    The dark part of a bar are stars won, the light one stars lost, the hatched one stars withheld.

    Parameters
    ----------
    result : Multiverse
    ax : Axes
    wording : Wording

    Returns
    -------
    Axes
    """
    frame = sort_variants(result)
    x = np.arange(len(frame))
    base = np.zeros(len(frame))
    looks = {
        "share_up": (colours.ESTIMATE, ""),
        "share_down": (colours.DOUBTFUL, ""),
        "share_withheld": (colours.WITHHELD, colours.WITHHELD_HATCH),
    }
    for name, (colour, hatch) in looks.items():
        value = 100 * frame[name].to_numpy(float)
        if value.any():
            ax.bar(
                x,
                value,
                bottom=base,
                width=0.86 if len(frame) <= MOST_APART else 1.0,
                color=colour,
                hatch=hatch,
                edgecolor=colours.REFERENCE if hatch else colour,
                linewidth=0.4 if hatch else 0.0,
                label=wording.text(f"{KEY}.{name}"),
            )
        base = base + value
    _mark_published(frame, base, ax=ax, wording=wording)
    ax.set_xlim(-0.7, len(frame) - 0.3)
    ax.set_ylim(0, 1.12 * max(base.max(), 1.0))
    ax.tick_params(axis="x", length=0, labelbottom=False)
    use_wording(ax.yaxis, wording)
    ax.grid(visible=True, axis="y")
    n = wording.integer(len(result.centres))
    ax.set_ylabel(wrap(wording.text(f"{KEY}.y", n=n), width=SIDE_WIDTH), size=8)
    return ax


def draw_multiverse_choices(
    result: Multiverse, *, ax: Axes, wording: Wording, row_in: float = ROW_IN
) -> Axes:
    """Mark the choices of every variant, in the columns of the curve, a row a choice.

    What the methodology chooses stands first and is dark; choices that move most stars are on top.

    Parameters
    ----------
    result : Multiverse
    ax : Axes
    wording : Wording
    row_in : float
        Height of a row, inches.

    Returns
    -------
    Axes
    """
    frame, rows = sort_variants(result), list_choices(result)
    apart = len(frame) <= MOST_APART
    step, height = AXIS_PT / len(frame), row_in * 72 * 0.45
    size = float(np.clip(min(0.6 * step, height), 0.9, 6.0)) if apart else height
    for row, choice in enumerate(rows.to_dict("records")):
        at = np.flatnonzero((frame[choice["dimension"]] == choice["choice"]).to_numpy())
        own = bool(choice["is_current"])
        ax.plot(
            at,
            np.full(len(at), row),
            "s" if apart else "|",
            markersize=size,
            color=colours.INK if own else colours.LIMITS,
            markeredgewidth=0.0 if apart else 0.8 * step,
        )
    changes = np.flatnonzero(np.diff(rows["dimension"].astype("category").cat.codes))
    for last in changes:
        ax.axhline(last + 0.5, color=colours.REFERENCE, linewidth=0.6)
    names = [
        wording.text(
            f"{KEY}.{'own' if _needs_mark(choice) else 'other'}",
            dimension=name_dimension(str(choice["dimension"]), wording),
            option=name_option(str(choice["choice"]), wording),
        )
        for choice in rows.to_dict("records")
    ]
    name_rows(ax, names, row_in=row_in, width=NAME_WIDTH)
    ax.set_xlim(-0.7, len(frame) - 0.3)
    ax.tick_params(axis="x", length=0, labelbottom=False)
    ax.spines[:].set_visible(False)
    return ax


def sort_variants(result: Multiverse) -> pd.DataFrame:
    """Return the variants, fewest changed stars first, then nearest ranks; the published leads."""
    frame = result.variants.assign(other=result.variants["variant"] != PUBLISHED)
    frame = frame.assign(share_changed=frame["share_changed"].round(9))
    order = ["share_changed", "other", "kendall_tau", "variant"]
    return frame.sort_values(order, ascending=[True, True, False, True], kind="stable")


def list_choices(result: Multiverse) -> pd.DataFrame:
    """Return choices in the order of the effects of their dimensions, the current one first."""
    order = {name: place for place, name in enumerate(result.effects["dimension"])}
    frame = result.choices[result.choices["dimension"].isin(list(order))]
    place = frame["dimension"].map(order)
    frame = frame.assign(place=place, other=~frame["is_current"].astype(bool))
    return frame.sort_values(["place", "other"], kind="stable").reset_index(drop=True)


def _needs_mark(choice: Mapping[Hashable, Any]) -> bool:
    """Return whether a choice is the methodology's, and its name does not say so."""
    return bool(choice["is_current"]) and choice["choice"] != CURRENT


def _mark_published(frame: pd.DataFrame, top: np.ndarray, *, ax: Axes, wording: Wording) -> None:
    at = np.flatnonzero((frame["variant"] == PUBLISHED).to_numpy())
    ax.plot(
        at,
        top[at],
        "v",
        markersize=6,
        color=colours.INK,
        clip_on=False,
        zorder=4,
        label=wording.text(f"{KEY}.published"),
    )


def _make(bundle: Bundle, wording: Wording) -> Figure:
    result = take(bundle, "multiverse", Multiverse)
    n_rows = len(list_choices(result))
    room = ROOM_IN + CURVE_IN
    figure, row_in = new_row_figure(n_rows, wanted_in=ROW_IN, room_in=room)
    top, bottom = figure.subplots(2, 1, height_ratios=(CURVE_IN, row_in * n_rows))
    draw_multiverse_curve(result, ax=top, wording=wording)
    draw_multiverse_choices(result, ax=bottom, wording=wording, row_in=row_in)
    n, grid = len(result.variants), result.n_grid
    values = {"n": wording.integer(n), "lost": wording.integer(grid - n)}
    add_note(bottom, wording.text(f"{KEY}.x", **values), width=84)
    add_common_legend(figure, [top])
    return figure


def _describe(bundle: Bundle, wording: Wording) -> Mapping[str, str]:
    result = take(bundle, "multiverse", Multiverse)
    others = result.variants[result.variants["variant"] != PUBLISHED]
    share = others["share_changed"].to_numpy(float)
    top = result.effects.iloc[0]
    known = not np.isnan(float(top["share_of_variance"]))
    effect = wording.percent(float(top["share_of_variance"]), digits=0) if known else ""
    return {
        "variants": wording.integer(len(result.variants)),
        "n": wording.integer(len(result.centres)),
        "lowest": wording.number(100 * float(share.min()), digits=0),
        "highest": wording.number(100 * float(share.max()), digits=0),
        "effect": wording.text(
            f"{KEY}.{'effect' if known else 'no_effect'}",
            **(
                {"dimension": name_dimension(str(top["dimension"]), wording), "share": effect}
                if known
                else {}
            ),
        ),
    }


RECIPE = Recipe(
    name="multiverse",
    needs=(
        Need(
            name="multiverse",
            kind=Multiverse,
            has_content=lambda r: len(r.variants) > 1 and len(r.effects) > 0,
        ),
    ),
    make=_make,
    describe=_describe,
)
