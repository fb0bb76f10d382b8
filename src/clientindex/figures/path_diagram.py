"""Path diagram of a confirmatory model: indicators in boxes, factors in ellipses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
from matplotlib.patches import Ellipse, FancyArrowPatch, Rectangle
from matplotlib.path import Path

from clientindex.figures import colours
from clientindex.figures.labels import add_note, fit_size, wrap
from clientindex.figures.path_layout import Place, arrange, count_rows, find_homes
from clientindex.figures.recipe import Need, Recipe, take
from clientindex.figures.style import new_row_figure
from clientindex.results import ConfirmatoryModels
from clientindex.wording.names import name_variable

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping, Sequence

    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from clientindex.figures.path_layout import PathLayout
    from clientindex.methodology import Methodology
    from clientindex.results import Bundle
    from clientindex.wording import Wording

ROW_IN, ROOM_IN = 0.36, 0.88
NUMBER_PT: Final = 6.2
BOX_PT, FACTOR_PT = 6.8, 7.4
LINE_SPACING: Final = 1.15
LABEL_AT_IN: Final = 0.42
"""Distance of the middle of a loading from the box that its arrow points to."""
LABEL_BOX: Final = {"facecolor": colours.PAPER, "edgecolor": "none", "pad": 0.6}
THINNEST_PT, THICKEST_PT = 0.5, 1.9
OWN, ARC, NODE, TEXT = 2, 1, 3, 4
"""Layers of the drawing: arcs lie lowest, numbers on top."""


def draw_path_diagram(
    result: ConfirmatoryModels,
    *,
    ax: Axes,
    wording: Wording,
    methodology: Methodology,
    model: str,
    row_in: float,
) -> Axes:
    """Draw one model with standardised estimates and their standard errors.

    An arrow is the thicker the larger its loading and dashed where the loading is negative; arcs
    join correlated factors; a number to the right of a box is the share of its variance that the
    factors leave. A factor that measures indicators of several others is a tall ellipse: to the
    right of the boxes (bifactor), or to the left of the factors that it explains (second order).

    Parameters
    ----------
    result : ConfirmatoryModels
    ax : Axes
    wording : Wording
    methodology : Methodology
        Order and names of indicators and groups.
    model : str
        Key of the model.
    row_in : float
        Height of a row, inches; sets the size of the type.

    Returns
    -------
    Axes
    """
    table = select_parameters(result, model)
    loadings = table[table["op"] == "=~"]
    homes = find_homes(loadings, methodology.indicator_keys)
    joined = _select_correlations(table, list(dict.fromkeys(homes.values())))
    shares = _select_residuals(table, list(homes))
    layout = arrange(
        loadings, homes, row_in=row_in, correlated=len(joined) > 0, residuals=len(shares) > 0
    )
    _draw_nodes(layout, ax=ax, wording=wording, methodology=methodology)
    for row in loadings.to_dict("records"):
        _draw_loading(row, layout, ax=ax, wording=wording)
    for row in joined.to_dict("records"):
        _draw_correlation(row, layout, ax=ax, wording=wording)
    if any(place.x > _right_of(layout) for place in layout.general.values()):
        shares = {}
    _print_residuals(shares, layout, ax=ax, wording=wording)
    _set_view(layout, ax=ax)
    key = "figures.path_diagram.x_residuals" if shares else "figures.path_diagram.x"
    estimator = str(table["estimator"].iloc[0]).upper()
    add_note(ax, wording.text(key, estimator=estimator, n=wording.integer(result.n)))
    return ax


def select_parameters(result: ConfirmatoryModels, model: str) -> pd.DataFrame:
    """Return the parameters of a model by the leading estimator, or by the first that has it."""
    frame = result.parameters[result.parameters["model"] == model]
    found = list(dict.fromkeys(frame["estimator"]))
    if not found:
        return frame
    return frame[frame["estimator"] == (result.main if result.main in found else found[0])]


def _select_correlations(table: pd.DataFrame, factors: Sequence[str]) -> pd.DataFrame:
    between = (table["op"] == "~~") & (table["lhs"] != table["rhs"])
    both = table["lhs"].isin(factors) & table["rhs"].isin(factors)
    return table[between & both & table["standardised"].notna()]


def _select_residuals(table: pd.DataFrame, indicators: Sequence[str]) -> dict[str, float]:
    """Return the shares of variance that the factors leave, of the indicators that have one.

    Ordinal models have none: there the variance left is no parameter.
    """
    own = table[(table["op"] == "~~") & (table["lhs"] == table["rhs"])]
    own = own[own["lhs"].isin(indicators) & own["standardised"].notna()]
    return dict(zip(own["lhs"], own["standardised"].astype(float), strict=True))


def _right_of(layout: PathLayout) -> float:
    return max(place.x + place.width / 2 for place in layout.boxes.values())


def _draw_nodes(
    layout: PathLayout, *, ax: Axes, wording: Wording, methodology: Methodology
) -> None:
    named = {
        key: name_variable(key, methodology, wording)
        for key in (*layout.boxes, *layout.factors, *layout.general)
    }
    _draw_boxes(layout, named, ax=ax)
    labels = {key: wrap(named[key], width=15) for key in layout.factors}
    lines = max(label.count("\n") + 1 for label in labels.values())
    lowest = min(place.height for place in layout.factors.values())
    size = min(
        fit_size(
            labels.values(),
            width_in=0.84 * min(p.width for p in layout.factors.values()),
            largest=FACTOR_PT,
        ),
        0.85 * lowest * 72 / (lines * LINE_SPACING),
    )
    for key, place in layout.factors.items():
        _draw_ellipse(place, labels[key], ax=ax, size=size)
    for key, place in layout.general.items():
        _draw_ellipse(place, named[key], ax=ax, size=FACTOR_PT + 0.6, rotation=90)


def _draw_boxes(layout: PathLayout, named: dict[str, str], *, ax: Axes) -> None:
    place = next(iter(layout.boxes.values()))
    two_lines = place.height * 72 / (2 * LINE_SPACING)
    labels = {key: wrap(named[key], width=33) for key in layout.boxes}
    widths = fit_size(labels.values(), width_in=0.94 * place.width, largest=BOX_PT)
    size = min(widths, two_lines * 0.98)
    for key, box in layout.boxes.items():
        ax.add_patch(
            Rectangle(
                (box.x - box.width / 2, box.y - box.height / 2),
                box.width,
                box.height,
                facecolor=colours.PAPER,
                edgecolor=colours.INK,
                linewidth=0.7,
                zorder=NODE,
            )
        )
        ax.text(
            box.x,
            box.y,
            labels[key],
            ha="center",
            va="center",
            size=size,
            linespacing=LINE_SPACING,
            zorder=TEXT,
        )


def _draw_ellipse(place: Place, label: str, *, ax: Axes, size: float, rotation: float = 0) -> None:
    ax.add_patch(
        Ellipse(
            (place.x, place.y),
            place.width,
            place.height,
            facecolor=colours.FACTOR_SHADE,
            edgecolor=colours.INK,
            linewidth=0.8,
            zorder=NODE,
        )
    )
    ax.text(
        place.x,
        place.y,
        label,
        ha="center",
        va="center",
        size=size,
        rotation=rotation,
        linespacing=LINE_SPACING,
        zorder=TEXT,
    )


def _draw_loading(
    row: Mapping[Hashable, Any], layout: PathLayout, *, ax: Axes, wording: Wording
) -> None:
    """Draw the arrow of a loading: from a factor to a box, or to a factor below it."""
    source = {**layout.factors, **layout.general}[row["lhs"]]
    target = {**layout.factors, **layout.boxes}.get(row["rhs"])
    if target is None:
        return
    side = -1 if source.x < target.x else 1
    if row["rhs"] in layout.factors:
        end = target.find_edge(source.x, target.y)
    else:
        end = (target.x + side * target.width / 2, target.y)
    start = _find_start(source, end)
    value = float(row["standardised"])
    if np.isnan(value):
        return
    arrow = FancyArrowPatch(
        start,
        end,
        arrowstyle="-|>",
        mutation_scale=6,
        shrinkA=0,
        shrinkB=0,
        color=colours.INK,
        linewidth=THINNEST_PT + (THICKEST_PT - THINNEST_PT) * min(abs(value), 1.0),
        linestyle="-" if value >= 0 else (0, (3, 2)),
        zorder=OWN,
    )
    arrow.set_gid(f"{row['lhs']}=~{row['rhs']}")
    ax.add_patch(arrow)
    reach = abs(end[0] - start[0])
    share = 1 - min(LABEL_AT_IN / reach, 0.5)
    x, y = (start[i] + share * (end[i] - start[i]) for i in range(2))
    ax.text(
        x,
        y,
        _tell(row, wording),
        ha="center",
        va="center",
        size=NUMBER_PT,
        bbox=LABEL_BOX,
        zorder=TEXT,
    )


def _find_start(source: Place, end: tuple[float, float]) -> tuple[float, float]:
    """Return where an arrow leaves its factor: level from a tall ellipse, radially from others."""
    offset = (end[1] - source.y) / (source.height / 2)
    if source.height <= source.width or abs(offset) >= 1:
        return source.find_edge(*end)
    x, y = source.find_left(offset)
    return (x if end[0] < source.x else 2 * source.x - x), y


def _tell(row: Mapping[Hashable, Any], wording: Wording, *, apart: str = " ") -> str:
    """Return an estimate and, where it has one, its standard error in brackets."""
    text = wording.number(float(row["standardised"]), digits=2)
    error = float(row["standardised_se"])
    if np.isnan(error) or error == 0:
        return text
    return f"{text}{apart}({wording.number(error, digits=3)})"


def _draw_correlation(
    row: Mapping[Hashable, Any], layout: PathLayout, *, ax: Axes, wording: Wording
) -> None:
    """Draw the arc between two factors, to their left, its number where it bends most."""
    order = list(layout.factors)
    upper, lower = sorted((row["lhs"], row["rhs"]), key=order.index)
    distance = order.index(lower) - order.index(upper)
    depth = layout.arc_depths[distance - 1]
    offset = 0.7 / distance
    start = layout.factors[upper].find_left(offset)
    end = layout.factors[lower].find_left(-offset)
    left = layout.factors[upper].x - layout.factors[upper].width / 2
    bend = (left - depth - 0.25 * min(start[0], end[0])) / 0.75
    path = Path(
        [start, (bend, start[1]), (bend, end[1]), end],
        [Path.MOVETO, Path.CURVE4, Path.CURVE4, Path.CURVE4],
    )
    arc = FancyArrowPatch(
        path=path,
        arrowstyle="<|-|>",
        mutation_scale=5,
        color=colours.REFERENCE,
        linewidth=0.7,
        linestyle="-" if row["standardised"] >= 0 else (0, (3, 2)),
        zorder=ARC,
    )
    arc.set_gid(f"{row['lhs']}~~{row['rhs']}")
    ax.add_patch(arc)
    ax.text(
        left - depth,
        (start[1] + end[1]) / 2,
        _tell(row, wording, apart="\n"),
        ha="center",
        va="center",
        size=NUMBER_PT,
        linespacing=1.0,
        bbox=LABEL_BOX,
        zorder=TEXT,
    )


def _print_residuals(
    shares: Mapping[str, float], layout: PathLayout, *, ax: Axes, wording: Wording
) -> None:
    for key, share in shares.items():
        box = layout.boxes[key]
        right = box.x + box.width / 2
        ax.add_patch(
            FancyArrowPatch(
                (right + 0.15, box.y),
                (right, box.y),
                arrowstyle="-|>",
                mutation_scale=5,
                shrinkA=0,
                shrinkB=0,
                color=colours.REFERENCE,
                linewidth=0.7,
                zorder=OWN,
            )
        )
        text = wording.number(share, digits=2)
        ax.text(right + 0.19, box.y, text, ha="left", va="center", size=NUMBER_PT, zorder=TEXT)


def _set_view(layout: PathLayout, *, ax: Axes) -> None:
    ax.set_xlim(-0.02, layout.width + 0.02)
    ax.set_ylim(layout.height + 0.02, -0.02)
    ax.set_aspect("equal", anchor="N")
    ax.set_xticks([])
    ax.set_yticks([])
    ax.spines[:].set_visible(False)


def _make_recipe(name: str, model: str) -> Recipe:
    def make(bundle: Bundle, wording: Wording) -> Figure:
        result, methodology = take(bundle, "confirmatory", ConfirmatoryModels), bundle.methodology
        table = select_parameters(result, model)
        homes = find_homes(table[table["op"] == "=~"], methodology.indicator_keys)
        n_rows = count_rows(homes)
        figure, row_in = new_row_figure(n_rows, wanted_in=ROW_IN, room_in=ROOM_IN)
        draw_path_diagram(
            result,
            ax=figure.add_subplot(),
            wording=wording,
            methodology=methodology,
            model=model,
            row_in=row_in,
        )
        return figure

    def has_content(result: ConfirmatoryModels) -> bool:
        table = select_parameters(result, model)
        return bool(table.loc[table["op"] == "=~", "standardised"].notna().any())

    need = Need(name="confirmatory", kind=ConfirmatoryModels, has_content=has_content)
    return Recipe(name=name, needs=(need,), make=make)


RECIPES = (
    _make_recipe("path_diagram", "correlated"),
    _make_recipe("path_second_order", "second_order"),
    _make_recipe("path_bifactor", "bifactor"),
)
"""One recipe a standard model that has more than one factor."""
