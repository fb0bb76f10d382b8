"""Figures of the report of one region; those of the country stand in the rooms beside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.figures.one_region.among_regions import make_recipe as make_among_regions
from clientindex.figures.one_region.centre_changes import make_recipe as make_centre_changes
from clientindex.figures.one_region.centres import make_recipe as make_centres
from clientindex.figures.one_region.groups import make_recipe as make_groups

if TYPE_CHECKING:
    from clientindex.figures.recipe import Recipe


def list_region_figures(region: str) -> tuple[Recipe, ...]:
    """Return the recipes of the figures of a region, named as the bundle names it."""
    return (
        make_among_regions(region),
        make_groups(region),
        make_centres(region),
        make_centre_changes(region),
    )
