"""How alike the factors of every region are to those of the country."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from matplotlib.lines import Line2D

from clientindex.figures import colours
from clientindex.figures.congruence_tiles import draw_tiles
from clientindex.figures.htmt_matrix import add_level_legend, name_ranges
from clientindex.figures.labels import fit_size, name_basis, name_rows, use_wording, wrap
from clientindex.figures.recipe import Need, Recipe, take
from clientindex.figures.style import WIDTH_IN, new_row_figure
from clientindex.results import RegionCongruence
from clientindex.wording.names import name_group

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from clientindex.methodology import Methodology
    from clientindex.methodology.thresholds import Threshold
    from clientindex.results import Bundle
    from clientindex.wording import Wording

ROW_IN, ROOM_IN = 0.25, 1.5
NAME_WIDTH: Final = 26
NAMES_IN: Final = 1.8
MOST_ROWS: Final = 42
"""More regions than this are shown as numbers in tiles, in two columns."""
MOST_PANELS: Final = 6
"""More factors than this are shown as tiles too."""
LOWEST: Final = 0.8
"""The view always reaches down to this congruence."""
COLUMN_IN: Final = 6.3
"""Room for all columns of tiles with their names."""
NOTE_WIDTH: Final = 92


def draw_region_congruence(
    result: RegionCongruence,
    *,
    ax: Axes,
    wording: Wording,
    methodology: Methodology,
    factor: str,
    row_in: float,
) -> Axes:
    """Draw one factor: congruence of every region with its interval, the most alike on top.

    Dotted lines are the limits of the methodology; the marker tells the level: round where the
    factor counts as the same, a square where it is fairly alike, a hollow triangle where it
    differs. A region without an interval has no line.

    Parameters
    ----------
    result : RegionCongruence
    ax : Axes
    wording : Wording
    methodology : Methodology
    factor : str
        Key of the group.
    row_in : float
        Height of a row, inches; sets the size of the type.

    Returns
    -------
    Axes
    """
    regions = list_regions(result)
    frame = result.frame[(result.frame["factor"] == factor) & result.frame["estimate"].notna()]
    rows = np.array([regions.index(region) for region in frame["region"]])
    sure = frame["ci_low"].notna().to_numpy()
    if sure.any():
        ax.hlines(
            rows[sure],
            frame["ci_low"].to_numpy(float)[sure],
            frame["ci_high"].to_numpy(float)[sure],
            color=colours.INTERVAL,
            linewidth=1.5,
            zorder=1,
        )
    threshold = methodology.thresholds.congruence
    _draw_levels(frame, rows, threshold, ax=ax, size=min(4.6, row_in * 26))
    for level in threshold.levels:
        if level.lower is not None:
            ax.axvline(level.lower, color=colours.REFERENCE, linewidth=0.8, linestyle=":", zorder=0)
    name_rows(ax, regions, row_in=row_in, width=NAME_WIDTH)
    ax.set_xlim(*_find_view(result))
    use_wording(ax.xaxis, wording)
    ax.set_title(wrap(name_group(factor, methodology, wording), width=14))
    ax.grid(visible=True, axis="y", linewidth=0.4)
    ax.spines["left"].set_visible(False)
    return ax


def list_regions(result: RegionCongruence) -> list[str]:
    """Return the regions by their least congruence, the highest first, equal ones by name."""
    frame = result.frame[result.frame["estimate"].notna()]
    least = frame.groupby("region")["estimate"].min().reset_index()
    least = least.sort_values(["estimate", "region"], ascending=[False, True], kind="stable")
    return [str(region) for region in least["region"]]


def list_factors(result: RegionCongruence, methodology: Methodology) -> list[str]:
    """Return the factors that have a congruence in the order of the methodology."""
    found = set(result.frame.loc[result.frame["estimate"].notna(), "factor"])
    return [key for key in methodology.group_keys if key in found]


def _draw_levels(
    frame: pd.DataFrame, rows: np.ndarray, threshold: Threshold, *, ax: Axes, size: float
) -> None:
    keys = [level.key for level in threshold.levels]
    values = frame["estimate"].to_numpy(float)
    found = np.array([keys.index(threshold.classify(value)) for value in values])
    for number in range(len(keys)):
        chosen = found == number
        if chosen.any():
            look = colours.congruence_look(len(keys) - 1 - number)
            ax.plot(
                values[chosen],
                rows[chosen],
                linestyle="none",
                markersize=size,
                clip_on=False,
                **look,
            )


def _find_view(result: RegionCongruence) -> tuple[float, float]:
    told = result.frame[["estimate", "ci_low"]].to_numpy(float)
    low = min(LOWEST, float(np.nanmin(told)))
    return low - 0.03 * (1 - low), 1 + 0.03 * (1 - low)


def draw_panels(
    result: RegionCongruence,
    *,
    figure: Figure,
    wording: Wording,
    methodology: Methodology,
    row_in: float,
) -> Figure:
    """Draw one panel a factor with common rows."""
    factors = list_factors(result, methodology)
    axes = figure.subplots(1, len(factors), sharey=True, squeeze=False).ravel()
    for ax, factor in zip(axes, factors, strict=True):
        draw_region_congruence(
            result, ax=ax, wording=wording, methodology=methodology, factor=factor, row_in=row_in
        )
        ax.tick_params(axis="x", labelsize=6.5)
    titles = [ax.get_title() for ax in axes]
    size = fit_size(titles, width_in=0.97 * (WIDTH_IN - NAMES_IN) / len(axes), largest=8.0)
    for ax in axes:
        ax.title.set_size(size)
    _add_marker_legend(figure, methodology.thresholds.congruence, wording=wording)
    return figure


def _add_marker_legend(figure: Figure, threshold: Threshold, *, wording: Wording) -> None:
    names = name_ranges(threshold, wording)
    handles = [
        Line2D(
            [], [], linestyle="none", markersize=4.5, label=name, **colours.congruence_look(look)
        )
        for look, name in enumerate(reversed(names))
    ]
    figure.legend(handles=handles, loc="outside upper center", ncols=len(handles))


def _add_note(figure: Figure, result: RegionCongruence, *, wording: Wording, tiles: bool) -> None:
    values = {
        "level": wording.percent(result.level, digits=0),
        "basis": name_basis(result.basis, wording),
    }
    kind = "tiles" if tiles else "dots"
    text = wording.text(f"figures.region_congruence.{kind}", **values)
    if len(result.left_out):
        left_out = wording.integer(len(result.left_out))
        text = f"{text}. {wording.text('figures.region_congruence.left_out', n=left_out)}"
    figure.supxlabel(wrap(text, width=NOTE_WIDTH), size=7.5)


def count_rows(n_regions: int) -> int:
    """Return the rows of a column: many regions are split into two columns."""
    return n_regions if n_regions <= MOST_ROWS else (n_regions + 1) // 2


def draw_columns(
    result: RegionCongruence,
    *,
    figure: Figure,
    wording: Wording,
    methodology: Methodology,
    row_in: float,
) -> Figure:
    """Draw tiles in one column of regions, or in two."""
    regions, factors = list_regions(result), list_factors(result, methodology)
    n_rows = count_rows(len(regions))
    parts = [regions[start : start + n_rows] for start in range(0, len(regions), n_rows)]
    axes = figure.subplots(1, len(parts), squeeze=False).ravel()
    for ax, part in zip(axes, parts, strict=True):
        draw_tiles(
            result,
            ax=ax,
            wording=wording,
            methodology=methodology,
            regions=part,
            factors=factors,
            n_rows=n_rows,
            size_in=(COLUMN_IN / len(parts), row_in),
        )
    add_level_legend(figure, name_ranges(methodology.thresholds.congruence, wording)[::-1])
    return figure


def _make(bundle: Bundle, wording: Wording) -> Figure:
    result = take(bundle, "region_congruence", RegionCongruence)
    methodology = bundle.methodology
    regions, factors = list_regions(result), list_factors(result, methodology)
    tiles = len(regions) > MOST_ROWS or len(factors) > MOST_PANELS
    n_rows = count_rows(len(regions))
    figure, row_in = new_row_figure(n_rows, wanted_in=ROW_IN, room_in=ROOM_IN)
    if tiles:
        draw_columns(result, figure=figure, wording=wording, methodology=methodology, row_in=row_in)
    else:
        draw_panels(result, figure=figure, wording=wording, methodology=methodology, row_in=row_in)
    _add_note(figure, result, wording=wording, tiles=tiles)
    return figure


RECIPE = Recipe(
    name="region_congruence",
    needs=(
        Need(
            name="region_congruence",
            kind=RegionCongruence,
            has_content=lambda r: bool(r.frame["estimate"].notna().any()),
        ),
    ),
    make=_make,
)
