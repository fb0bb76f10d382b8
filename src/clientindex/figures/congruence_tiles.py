"""Factor congruence of many regions as numbers in tiles, where dots would be too small to read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from matplotlib.patches import Rectangle

from clientindex.figures import colours
from clientindex.figures.labels import fit_size, measure, wrap
from clientindex.wording.names import name_group

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping, Sequence

    from matplotlib.axes import Axes

    from clientindex.methodology import Methodology
    from clientindex.results import RegionCongruence
    from clientindex.wording import Wording

TILE_IN: Final = 0.3
"""Width that tiles keep when names are long."""
LEAST_NAME_IN: Final = 1.5
NAME_PT: Final = 7.0
HORIZONTAL_IN: Final = 0.6
"""Columns at least so wide have level headings."""
LARGEST_PT: Final = 6.6
DOUBT: Final = "*"
"""Follows a number whose interval reaches below the limit of its level."""


def draw_tiles(
    result: RegionCongruence,
    *,
    ax: Axes,
    wording: Wording,
    methodology: Methodology,
    regions: Sequence[str],
    factors: Sequence[str],
    n_rows: int,
    size_in: tuple[float, float],
) -> Axes:
    """Draw one tile a region and factor: the congruence, shaded and hatched by its level.

    Parameters
    ----------
    result : RegionCongruence
    ax : Axes
    wording : Wording
    methodology : Methodology
        Names of the groups and limits of congruence.
    regions, factors : sequence of str
        Rows and columns.
    n_rows : int
        Rows that the axes have room for.
    size_in : tuple of float
        Width of the column with its names, and height of a row, inches; they set the size of the
        type.

    Returns
    -------
    Axes
    """
    chosen = result.frame[result.frame["region"].isin(regions) & result.frame["estimate"].notna()]
    width_in, row_in = size_in
    wanted_in = max(measure(region, size=NAME_PT) for region in regions)
    name_in = min(wanted_in, max(LEAST_NAME_IN, width_in - TILE_IN * len(factors)))
    tile_in = (width_in - name_in) / len(factors)
    widest = wording.number(0, digits=2) + DOUBT
    size = fit_size([widest], width_in=0.94 * tile_in, largest=min(LARGEST_PT, row_in * 72 * 0.66))
    for row in chosen.to_dict("records"):
        place = (regions.index(row["region"]), factors.index(row["factor"]))
        _draw_tile(place, row, ax=ax, wording=wording, methodology=methodology, size=size)
    _name_regions(regions, ax=ax, name_in=name_in, row_in=row_in)
    _name_factors(
        [name_group(key, methodology, wording) for key in factors], ax=ax, tile_in=tile_in
    )
    ax.set_xlim(-0.5, len(factors) - 0.5)
    ax.set_ylim(n_rows - 0.5, -0.5)
    ax.spines[:].set_visible(False)
    return ax


def _name_regions(regions: Sequence[str], *, ax: Axes, name_in: float, row_in: float) -> None:
    """Name the rows; only a name that is too long for its room gets smaller type."""
    ax.set_yticks(range(len(regions)), labels=list(regions))
    ax.tick_params(axis="y", length=0)
    for label in ax.get_yticklabels():
        largest = min(NAME_PT, row_in * 72 * 0.75)
        label.set_fontsize(fit_size([label.get_text()], width_in=name_in, largest=largest))


def _name_factors(names: Sequence[str], *, ax: Axes, tile_in: float) -> None:
    level = tile_in >= HORIZONTAL_IN
    labels = [wrap(name, width=12 if level else 22) for name in names]
    lines = max(label.count("\n") + 1 for label in labels)
    if level:
        size = fit_size(labels, width_in=0.97 * tile_in, largest=7.4)
    else:
        size = min(7.0, tile_in * 72 / (lines * 1.2))
    ax.set_xticks(range(len(names)), labels=labels, rotation=0 if level else 90)
    ax.tick_params(axis="x", length=0, labelsize=size, labeltop=True, labelbottom=False)


def _draw_tile(
    place: tuple[int, int],
    row: Mapping[Hashable, Any],
    *,
    ax: Axes,
    wording: Wording,
    methodology: Methodology,
    size: float,
) -> None:
    threshold = methodology.thresholds.congruence
    keys = [level.key for level in threshold.levels]
    level = threshold.classify(row["estimate"])
    colour, hatch = colours.level_look(len(keys) - 1 - keys.index(level))
    ax.add_patch(
        Rectangle(
            (place[1] - 0.5, place[0] - 0.5),
            1,
            1,
            facecolor=colour,
            hatch=hatch,
            edgecolor=colours.PAPER,
            linewidth=0.8,
        )
    )
    doubtful = row["ci_low"] == row["ci_low"] and threshold.classify(row["ci_low"]) != level
    text = wording.number(row["estimate"], digits=2) + (DOUBT if doubtful else "")
    ax.text(
        place[1],
        place[0],
        text,
        ha="center",
        va="center",
        size=size,
        color=colours.ink_on(colour),
        bbox={"facecolor": colour, "edgecolor": "none", "pad": 0.3} if hatch else None,
    )
