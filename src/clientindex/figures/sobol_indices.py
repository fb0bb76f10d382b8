"""What moves stars, ranks and indices: total and first-order indices of weights and choices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from clientindex.figures import colours
from clientindex.figures.centre_rows import name_centres
from clientindex.figures.labels import add_note, name_rows, use_wording, wrap
from clientindex.figures.legends import add_common_legend
from clientindex.figures.recipe import Need, Recipe, take
from clientindex.figures.style import new_row_figure
from clientindex.results import COUNTRY
from clientindex.results.sobol_indices import SobolIndices
from clientindex.wording.sensitivity_names import name_input, name_output, write_band

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from clientindex.methodology import Methodology
    from clientindex.results import Bundle
    from clientindex.wording import Wording

    Output = tuple[str, str]

ROW_IN, ROOM_IN, HEAD_IN = 0.2, 1.35, 0.34
MOST: Final = 5
"""Single inputs shown of every output."""
NAME_WIDTH: Final = 52
TITLE_WIDTH: Final = 92
OUTPUTS: Final = ("mean_rank_shift", "share_changed_stars", "region_mean", "centre_index")
LOOKS: Final[dict[str, dict[str, Any]]] = {
    "total": {"color": colours.INTERVAL, "edgecolor": colours.ESTIMATE, "linewidth": 0.5},
    "first": {"color": colours.ESTIMATE, "edgecolor": colours.ESTIMATE, "linewidth": 0.5},
}
SHIFTS: Final = {"total": -0.2, "first": 0.2}
THICKNESS: Final = 0.38
KEY: Final = "figures.sobol_indices"


def draw_sobol_indices(
    result: SobolIndices,
    *,
    ax: Axes,
    wording: Wording,
    methodology: Methodology,
    output: Output,
    row_in: float = ROW_IN,
) -> Axes:
    """Draw two bars an input of one output, total index above first-order one, largest on top.

    Sources of several inputs stand first, parted by a line from the single inputs that matter most.

    Parameters
    ----------
    result : SobolIndices
    ax : Axes
    wording : Wording
    methodology : Methodology
        Names.
    output : tuple of str
        ``output`` and ``key`` of the result.
    row_in : float
        Height of a row, inches.

    Returns
    -------
    Axes
    """
    rows = arrange_indices(result, output)
    y = np.arange(len(rows))
    for name, look in LOOKS.items():
        value = 100 * rows[name].to_numpy(float)
        at = y + SHIFTS[name]
        ax.barh(at, value, height=THICKNESS, label=wording.text(f"{KEY}.{name}"), **look)
        low, high = (100 * rows[f"{name}_{end}"].to_numpy(float) for end in ("low", "high"))
        ax.hlines(at, low, high, color=colours.OVERALL, linewidth=1.1, zorder=3)
    n_sources = int((rows["input_kind"] == "source").sum())
    if 0 < n_sources < len(rows):
        ax.axhline(n_sources - 0.5, color=colours.INK, linewidth=0.7)
    ax.axvline(0, color=colours.REFERENCE, linewidth=0.7, zorder=2)
    names = [
        name_input(str(kind), str(key), methodology, wording)
        for kind, key in zip(rows["input_kind"], rows["input"], strict=True)
    ]
    name_rows(ax, names, row_in=row_in, width=NAME_WIDTH)
    use_wording(ax.xaxis, wording)
    ax.grid(visible=True, axis="x")
    ax.spines["left"].set_visible(False)
    return ax


def arrange_indices(result: SobolIndices, output: Output, most: int = MOST) -> pd.DataFrame:
    """Return sources, then the `most` single inputs of one output, each largest total first.

    A source that consists of one input is not repeated among the single ones.
    """
    frame = result.indices
    own = frame[(frame["output"] == output[0]) & (frame["key"] == output[1])]
    own = own[own["total"].notna()].sort_values("total", ascending=False, kind="stable")
    is_source = own["input_kind"] == "source"
    sources = own[is_source]
    single = own[~is_source & ~own["input_kind"].isin(sources["input"])]
    return pd.concat([sources, single.head(most)], ignore_index=True)


def choose_outputs(result: SobolIndices) -> list[Output]:
    """Return one output of each kind: of regions and of centres the one that moves most."""
    frame = result.outputs
    known = set(zip(result.indices["output"], result.indices["key"], strict=True))
    chosen: list[Output] = []
    for kind in OUTPUTS:
        own = frame[frame["output"] == kind]
        own = own[[(kind, key) in known for key in own["key"]]]
        regions = own[own["key"] != COUNTRY]
        own = regions if len(regions) else own
        if len(own):
            spread = own["std_dev"].to_numpy(float).round(9)
            chosen.append((kind, str(own["key"].iloc[int(spread.argmax())])))
    return chosen


def head_output(
    result: SobolIndices, output: Output, *, centres: Mapping[str, str], wording: Wording
) -> str:
    """Name an output with its mean and standard deviation over runs."""
    frame = result.outputs
    (row,) = frame[(frame["output"] == output[0]) & (frame["key"] == output[1])].to_dict("records")
    values = [float(row[name]) for name in ("mean", "std_dev")]
    if output[0] == "share_changed_stars":
        mean, spread = (wording.percent(value, digits=1) for value in values)
    else:
        mean, spread = (wording.number(value, digits=2) for value in values)
    name = name_output(*output, centres, wording)
    return wording.text(f"{KEY}.head", name=name, mean=mean, spread=spread)


def _make(bundle: Bundle, wording: Wording) -> Figure:
    result = take(bundle, "sobol_indices", SobolIndices)
    outputs, centres = choose_outputs(result), name_centres(bundle)
    sizes = [len(arrange_indices(result, output)) for output in outputs]
    room = ROOM_IN + HEAD_IN * len(outputs)
    figure, row_in = new_row_figure(sum(sizes), wanted_in=ROW_IN, room_in=room)
    axes = figure.subplots(len(outputs), 1, height_ratios=sizes, sharex=True, squeeze=False)[:, 0]
    for ax, output in zip(axes, outputs, strict=True):
        draw_sobol_indices(
            result,
            ax=ax,
            wording=wording,
            methodology=bundle.methodology,
            output=output,
            row_in=row_in,
        )
        head = head_output(result, output, centres=centres, wording=wording)
        ax.set_title(wrap(head, width=TITLE_WIDTH), size=8, loc="right", parse_math=False)
    add_note(axes[-1], _write_note(result, wording))
    add_common_legend(figure, axes)
    return figure


def _write_note(result: SobolIndices, wording: Wording) -> str:
    return wording.text(
        f"{KEY}.x",
        level=wording.percent(result.level, digits=0),
        band=write_band(result.band_pct, wording),
        runs=wording.integer(result.runs),
        most=wording.integer(MOST),
    )


def _describe(bundle: Bundle, wording: Wording) -> Mapping[str, str]:
    result = take(bundle, "sobol_indices", SobolIndices)
    told = []
    for output in choose_outputs(result):
        rows = arrange_indices(result, output)
        single = rows[rows["input_kind"] != "source"]
        top = (single if len(single) else rows).iloc[0]
        told.append(
            wording.text(
                f"{KEY}.told",
                output=name_output(*output, name_centres(bundle), wording),
                input=name_input(
                    str(top["input_kind"]), str(top["input"]), bundle.methodology, wording
                ),
                total=wording.percent(float(top["total"]), digits=0),
                ends=wording.interval(100 * top["total_low"], 100 * top["total_high"], digits=0),
            )
        )
    return {"told": "; ".join(told), "runs": wording.integer(result.runs)}


RECIPE = Recipe(
    name="sobol_indices",
    needs=(
        Need(
            name="sobol_indices", kind=SobolIndices, has_content=lambda r: bool(choose_outputs(r))
        ),
    ),
    make=_make,
    describe=_describe,
)
