"""The index of every centre of a region with its interval, best on top."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.figures.recipe import Need, Recipe, take
from clientindex.figures.region_centres import arrange_centres, describe_region, make_figure
from clientindex.results import Stars

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matplotlib.figure import Figure

    from clientindex.results import Bundle
    from clientindex.wording import Wording


def make_recipe(region: str) -> Recipe:
    """Return the recipe of a region's figure."""

    def make(bundle: Bundle, wording: Wording) -> Figure:
        return make_figure(bundle, wording, region=region)

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
