"""Places of centres by the current weights and by those of other sources, joined by lines."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from clientindex.figures.labels import wrap
from clientindex.figures.legends import LEGEND_PT, fit_columns
from clientindex.figures.rank_slopes import KINDS, draw_slopes, find_kinds, make_handles
from clientindex.figures.recipe import Need, Recipe, take
from clientindex.figures.style import new_figure
from clientindex.results.weight_sources import WeightSources
from clientindex.wording.sensitivity_names import name_weight_source

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from clientindex.results import Bundle
    from clientindex.wording import Wording

PANEL_IN, ROOM_IN = 2.9, 0.75
MOST: Final = 6
"""Sources shown: those that change most stars."""
MOST_COLUMNS: Final = 3
TITLE_WIDTH: Final = 30
TITLE_PT: Final = 8.0
CURRENT: Final = "current"
KEY: Final = "figures.source_slopes"


def draw_source_slopes(result: WeightSources, *, ax: Axes, wording: Wording, source: str) -> Axes:
    """Draw a line a centre from its place by the current weights to that by a source.

    Lines of centres whose star changes are coloured, dashed where there are fewer stars.

    Parameters
    ----------
    result : WeightSources
    ax : Axes
    wording : Wording
    source : str

    Returns
    -------
    Axes
    """
    ranked = arrange_source(result, source)
    sides = [wording.text(f"{KEY}.{side}") for side in ("before", "after")]
    draw_slopes(ranked, ax=ax, wording=wording, sides=sides)
    ax.tick_params(axis="x", labelsize=7)
    compared = _take_row(result, source)
    told = wording.text(
        f"{KEY}.head",
        up=wording.integer(int(compared["n_up"])),
        down=wording.integer(int(compared["n_down"])),
        n=wording.integer(int(compared["n"])),
        tau=wording.number(float(compared["kendall_tau"]), digits=2),
    )
    name = wrap(name_weight_source(source, wording), width=TITLE_WIDTH)
    ax.set_title(f"{name}\n{told}", size=TITLE_PT)
    return ax


def arrange_source(result: WeightSources, source: str) -> pd.DataFrame:
    """Return the centres by a source: ``rank_before``, ``rank_after``, ``kind`` of line."""
    frame = result.centres[result.centres["source"] == source]
    frame = frame[frame["rank"].notna() & frame["rank_change"].notna()]
    after = frame["rank"].astype(float)
    return frame[["centre"]].assign(
        rank_before=after - frame["rank_change"].astype(float),
        rank_after=after,
        kind=find_kinds(frame["star_change"]),
    )


def _take_row(result: WeightSources, source: str) -> pd.Series:
    """Return how far a source is from the current weights."""
    frame = result.comparison
    return frame[frame["source"] == source].iloc[0]


def list_sources(result: WeightSources) -> list[str]:
    """Return sources with other weights than the current ones, in the order of the result.

    Of more than :data:`MOST` those are kept that change most stars, then most ranks.
    """
    frame = result.comparison
    frame = frame[(frame["source"] != CURRENT) & (frame["distance"] > 0)]
    frame = frame[frame["share_changed"].notna() & frame["kendall_tau"].notna()]
    order = ["share_changed", "mean_abs_rank_shift"]
    kept = frame.sort_values(order, ascending=False, kind="stable").head(MOST)["source"]
    return [str(source) for source in frame["source"] if source in set(kept)]


def _make(bundle: Bundle, wording: Wording) -> Figure:
    result = take(bundle, "weight_sources", WeightSources)
    sources = list_sources(result)
    columns = min(MOST_COLUMNS, len(sources))
    rows = math.ceil(len(sources) / columns)
    figure = new_figure(ROOM_IN + PANEL_IN * rows)
    axes = figure.subplots(rows, columns, sharey=True, squeeze=False).ravel()
    for ax, source in zip(axes, sources, strict=False):
        draw_source_slopes(result, ax=ax, wording=wording, source=source)
    for ax in axes[len(sources) :]:
        ax.remove()
    figure.supylabel(wording.text(f"{KEY}.y"), size="medium")
    kinds = KINDS[1:] + KINDS[:1]
    labels = [wording.text(f"{KEY}.{kind}") for kind in kinds]
    figure.legend(
        make_handles(kinds),
        labels,
        loc="outside upper center",
        ncols=fit_columns(labels, width_in=figure.get_figwidth()),
        fontsize=LEGEND_PT,
    )
    return figure


def _describe(bundle: Bundle, wording: Wording) -> Mapping[str, str]:
    result = take(bundle, "weight_sources", WeightSources)
    told = [
        wording.text(
            f"{KEY}.told",
            source=name_weight_source(source, wording),
            up=wording.integer(int(_take_row(result, source)["n_up"])),
            down=wording.integer(int(_take_row(result, source)["n_down"])),
        )
        for source in list_sources(result)
    ]
    return {"told": "; ".join(told), "n": wording.integer(int(result.comparison["n"].max()))}


RECIPE = Recipe(
    name="source_slopes",
    needs=(
        Need(
            name="weight_sources", kind=WeightSources, has_content=lambda r: bool(list_sources(r))
        ),
    ),
    make=_make,
    describe=_describe,
)
