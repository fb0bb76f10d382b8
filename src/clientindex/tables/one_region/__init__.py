"""Tables of the report of one region; those of the country stand in the rooms beside."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from clientindex.tables.one_region.changes import build_changes
from clientindex.tables.one_region.groups import build_groups
from clientindex.tables.one_region.rows import (
    build_audit_list,
    build_stars,
    build_unusual,
    build_withheld_list,
)
from clientindex.tables.recipe import TableRecipe

if TYPE_CHECKING:
    from collections.abc import Callable

    from clientindex.results import Bundle
    from clientindex.tables.spec import TableSpec
    from clientindex.wording import Wording

    Build = Callable[[Bundle, Wording, str], TableSpec]

_PARTS: tuple[tuple[str, tuple[str, ...], Build], ...] = (
    ("region_stars", ("stars",), build_stars),
    ("region_group_scores", ("group_means",), build_groups),
    ("region_changes", ("change",), build_changes),
    ("region_unusual_centres", ("regional", "stars"), build_unusual),
    ("region_withheld", ("stars",), build_withheld_list),
    ("region_audit_list", ("audit",), build_audit_list),
)
"""Name, results that must be there, and what builds it."""


def list_region_tables(region: str) -> tuple[TableRecipe, ...]:
    """Return the recipes of the tables of a region, named as the bundle names it."""
    return tuple(
        TableRecipe(name=name, needs=needs, build=partial(_build, build, region))
        for name, needs, build in _PARTS
    )


def _build(build: Build, region: str, bundle: Bundle, wording: Wording) -> TableSpec:
    return build(bundle, wording, region)
