"""The index of every centre of a region with its interval, best on top."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.figures.legends import add_common_legend
from clientindex.figures.recipe import Need, Recipe, take
from clientindex.figures.region_centres import (
    ROOM_IN,
    ROW_IN,
    arrange_centres,
    describe_region,
    draw_region_centres,
)
from clientindex.figures.style import new_row_figure
from clientindex.results import Stars

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matplotlib.figure import Figure

    from clientindex.results import Bundle
    from clientindex.wording import Wording


def make_recipe(region: str) -> Recipe:
    """Return the recipe of a region's figure."""

    def make(bundle: Bundle, wording: Wording) -> Figure:
        stars = take(bundle, "stars", Stars)
        n_rows = len(arrange_centres(stars, region))
        figure, row_in = new_row_figure(n_rows, wanted_in=ROW_IN, room_in=ROOM_IN)
        ax = figure.add_subplot()
        draw_region_centres(
            stars,
            ax=ax,
            wording=wording,
            methodology=bundle.methodology,
            region=region,
            row_in=row_in,
        )
        add_common_legend(figure, [ax])
        return figure

    def describe(bundle: Bundle, wording: Wording) -> Mapping[str, str]:
        return describe_region(take(bundle, "stars", Stars), region, wording)

    return Recipe(
        name="region_stars",
        needs=(Need(name="stars", kind=Stars, has_content=lambda r: _has_index(r, region)),),
        make=make,
        describe=describe,
    )


def _has_index(result: Stars, region: str) -> bool:
    return bool(arrange_centres(result, region)["estimate"].notna().any())
