"""Recipes of every number of the sensitivity of stars, for files."""

from __future__ import annotations

from clientindex.results import LeaveOneOut, Multiverse
from clientindex.tables.long import make_long_recipe
from clientindex.tables.recipe import make_recipe
from clientindex.tables.sensitivity.method_files import METHODS, TOGETHER, build_variants
from clientindex.tables.sensitivity.star_files import BOUNDS, DRAWS, LEAVING, build_leaving
from clientindex.tables.sensitivity.weight_files import IMPORTANCE, SOURCES

LONG_TABLES = (*IMPORTANCE, *SOURCES, *DRAWS, *BOUNDS, *METHODS, *TOGETHER, *LEAVING)

RECIPES = (
    *map(make_long_recipe, LONG_TABLES),
    make_recipe("leave_out_centres", "leave_out", LeaveOneOut, build_leaving),
    make_recipe("multiverse_variants", "multiverse", Multiverse, build_variants),
)
