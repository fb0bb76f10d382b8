"""Stars over the simplex of the weights of three groups: how many stay, and those of one centre."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from matplotlib.collections import PolyCollection
from matplotlib.colors import Normalize
from matplotlib.patches import Patch

from clientindex.figures import colours
from clientindex.figures.centre_rows import name_centres
from clientindex.figures.labels import NOTE_PT, wrap
from clientindex.figures.recipe import Need, Recipe, take
from clientindex.figures.shade_scale import add_share_scale
from clientindex.figures.star_bands import name_star
from clientindex.figures.style import new_figure
from clientindex.results import WeightStability
from clientindex.wording.names import name_group

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.typing import ColorType
    from numpy.typing import NDArray

    from clientindex.methodology import Methodology
    from clientindex.results import Bundle
    from clientindex.wording import Wording

HEIGHT_IN: Final = 4.3
NAME_WIDTH: Final = 17
TITLE_WIDTH: Final = 44
TITLE_Y: Final = 0.87
"""Foot of the titles, share of the height of the axes."""
HEIGHT: Final = np.sqrt(3) / 2
"""Of a triangle whose side is 1."""
WEIGHTS: Final = ("weight_1", "weight_2", "weight_3")
QUANTITIES: Final = ("share_same_star", "star")
KEY: Final = "figures.weight_simplex"


def draw_weight_simplex(
    result: WeightStability,
    *,
    ax: Axes,
    wording: Wording,
    methodology: Methodology,
    quantity: str,
) -> Axes:
    """Draw the simplex of three weights in triangles; each has the shade of what stars do there.

    At a corner one group has the whole weight of the three; the mark is where weights stand now.

    Parameters
    ----------
    result : WeightStability
    ax : Axes
    wording : Wording
    methodology : Methodology
        Names and current weights of the groups.
    quantity : {"share_same_star", "star"}
        Share of centres that keep their star, or the star of the watched centre.

    Returns
    -------
    Axes
    """
    values = result.simplex[quantity].to_numpy(float)
    shades = (
        list(colours.SHARES(Normalize(find_lowest(result), 1)(values)))
        if quantity == "share_same_star"
        else _shade_stars(values, methodology)
    )
    triangles = make_triangles(result)
    ax.add_collection(
        PolyCollection(list(triangles), facecolor=shades, edgecolor=shades, linewidth=0.6)
    )
    ax.plot([0, 1, 0.5, 0], [0, 0, HEIGHT, 0], color=colours.INK, linewidth=0.8)
    current = np.array([methodology.group(key).weight for key in result.simplex_groups])
    (x,), (y,) = place_weights(current[None] / current.sum()).T
    ax.plot(
        [x],
        [y],
        "o",
        markersize=6,
        color=colours.LIMITS,
        markerfacecolor=colours.PAPER,
        markeredgewidth=1.8,
        zorder=4,
    )
    _name_corners(result, ax=ax, wording=wording, methodology=methodology)
    ax.set_xlim(-0.16, 1.16)
    ax.set_ylim(-0.22, HEIGHT + 0.42)
    ax.set_aspect("equal")
    ax.set_axis_off()
    return ax


def find_lowest(result: WeightStability) -> float:
    """Return the share that is paper: the smallest one, rounded down to 20 %, below all of them."""
    smallest = float(result.simplex["share_same_star"].min())
    return min(float(np.floor(5 * smallest + 1e-9)) / 5, 0.8)


def make_triangles(result: WeightStability) -> NDArray[np.float64]:
    """Return the corners of the equal triangles of which the rows are the middles, (N, 3, 2)."""
    weights = result.simplex[list(WEIGHTS)].to_numpy(float)
    steps = round(np.sqrt(len(weights)))
    scaled = steps * weights / weights.sum(axis=1, keepdims=True)
    base = np.floor(scaled + 1e-9)
    upright = base.sum(axis=1) == steps - 1
    unit = np.eye(3)
    moves = np.where(upright[:, None, None], unit, 1 - unit)
    return place_weights((base[:, None, :] + moves) / steps)


def place_weights(parts: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return x and y of parts that sum to 1: corners at the left, at the right and on top."""
    x = parts[..., 1] + parts[..., 2] / 2
    return np.stack([x, HEIGHT * parts[..., 2]], axis=-1)


def _shade_stars(values: NDArray[np.float64], methodology: Methodology) -> list[ColorType]:
    levels = [float(star) for star in methodology.stars.star_values]
    shades = colours.star_colours(len(levels))
    return [
        colours.PAPER if np.isnan(star) else shades[levels.index(float(star))] for star in values
    ]


def _name_corners(
    result: WeightStability, *, ax: Axes, wording: Wording, methodology: Methodology
) -> None:
    total = sum(methodology.group(key).weight for key in result.simplex_groups)
    corners: Sequence[tuple[float, float, str]] = (
        (0.0, -0.04, "top"),
        (1.0, -0.04, "top"),
        (0.5, HEIGHT + 0.03, "bottom"),
    )
    for key, (x, y, side) in zip(result.simplex_groups, corners, strict=True):
        name = wrap(name_group(key, methodology, wording), width=NAME_WIDTH)
        share = wording.percent(total, digits=0)
        ax.text(
            x,
            y,
            wording.text(f"{KEY}.corner", name=name, share=share),
            ha="center",
            va=side,
            size=7,
        )


def _explain_stars(
    result: WeightStability,
    *,
    ax: Axes,
    key: Axes,
    wording: Wording,
    methodology: Methodology,
    name: str,
) -> None:
    """Put the key of the stars into axes of its own, the name of the centre above the simplex."""
    found = sorted(set(result.simplex["star"].dropna().astype(float)))
    levels = [float(star) for star in methodology.stars.star_values]
    shades = colours.star_colours(len(levels))
    handles = [
        Patch(facecolor=shades[levels.index(star)], edgecolor=colours.REFERENCE, linewidth=0.5)
        for star in found
    ]
    labels = [name_star(star, wording) for star in found]
    if result.simplex["star"].isna().any():
        handles.append(Patch(facecolor=colours.PAPER, edgecolor=colours.REFERENCE, linewidth=0.5))
        labels.append(wording.text(f"{KEY}.none"))
    own = result.frame.set_index("centre")["star"][result.simplex_centre]
    title = wording.text(f"{KEY}.star", name=name, star=name_star(float(own), wording))
    ax.set_title(wrap(title, width=TITLE_WIDTH), size=8, y=TITLE_Y, parse_math=False)
    key.legend(handles, labels, loc="center", ncols=len(labels), fontsize=7.5)


def _make(bundle: Bundle, wording: Wording) -> Figure:
    result, methodology = take(bundle, "weight_stability", WeightStability), bundle.methodology
    figure = new_figure(HEIGHT_IN)
    axes, (bar, key) = figure.subplots(2, 2, height_ratios=(1, 0.035))
    for ax, quantity in zip(axes, QUANTITIES, strict=True):
        draw_weight_simplex(
            result, ax=ax, wording=wording, methodology=methodology, quantity=quantity
        )
    title = wording.text(f"{KEY}.share", n=wording.integer(len(result.frame)))
    axes[0].set_title(wrap(title, width=TITLE_WIDTH), size=8, y=TITLE_Y)
    add_share_scale(
        figure,
        axes[0],
        label=wording.text(f"{KEY}.scale"),
        wording=wording,
        cax=bar,
        lowest=find_lowest(result),
    )
    name = name_centres(bundle).get(result.simplex_centre, result.simplex_centre)
    key.set_axis_off()
    _explain_stars(result, ax=axes[1], key=key, wording=wording, methodology=methodology, name=name)
    note = wrap(wording.text(f"{KEY}.x"), width=96)
    figure.supxlabel(note, size=NOTE_PT)
    return figure


def _describe(bundle: Bundle, wording: Wording) -> Mapping[str, str]:
    result = take(bundle, "weight_stability", WeightStability)
    share = result.simplex["share_same_star"].to_numpy(float)
    own = float(result.frame.set_index("centre")["star"][result.simplex_centre])
    groups = [name_group(key, bundle.methodology, wording) for key in result.simplex_groups]
    kept = float((result.simplex["star"] == own).mean())
    return {
        "groups": wording.join(groups),
        "lowest": wording.percent(float(share.min()), digits=0),
        "highest": wording.percent(float(share.max()), digits=0),
        "centre": name_centres(bundle).get(result.simplex_centre, result.simplex_centre),
        "star": name_star(own, wording),
        "kept": wording.percent(kept, digits=0),
        "n": wording.integer(len(result.frame)),
    }


RECIPE = Recipe(
    name="weight_simplex",
    needs=(
        Need(
            name="weight_stability", kind=WeightStability, has_content=lambda r: len(r.simplex) > 0
        ),
    ),
    make=_make,
    describe=_describe,
)
