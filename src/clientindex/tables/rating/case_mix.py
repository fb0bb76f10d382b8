"""Adjustment for traits of clients: what it does to centres, and the levels it uses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.results import CaseMix
from clientindex.tables.long import count, lay_out, measure, share, tell
from clientindex.tables.naming import say
from clientindex.tables.rating.names import (
    name_known_segment,
    name_known_trait,
    name_level_of,
    name_set,
    name_traits,
)
from clientindex.tables.recipe import make_recipe

if TYPE_CHECKING:
    from clientindex.methodology import Methodology
    from clientindex.tables.spec import TableSpec
    from clientindex.wording import Wording


def build_effect(result: CaseMix, methodology: Methodology, wording: Wording) -> TableSpec:
    """Build one row a set of traits: how the index and stars change."""
    columns = (
        tell("trait_set", "set", name_set),
        tell("traits", "traits", name_traits),
        count("n_centres"),
        measure("index_correlation", "correlation", digits=3),
        measure("rank_correlation", digits=3),
        measure("difference_sd", digits=2),
        measure("largest_difference", digits=2),
        count("n_starred"),
        count("n_star_changed"),
    )
    published = result.published
    which = "published" if published else "unpublished"
    values = {"set": name_set(published, methodology, wording)} if published else {}
    return lay_out(
        "case_mix_effect",
        result.summary,
        columns,
        level=result.level,
        methodology=methodology,
        wording=wording,
        notes=(
            wording.text("table.case_mix_effect.note"),
            wording.text(f"table.case_mix_effect.{which}", **values),
        ),
    )


def build_levels(result: CaseMix, methodology: Methodology, wording: Wording) -> TableSpec:
    """Build one row a set, segment, trait and level: respondents, and how it is used."""
    columns = (
        tell("trait_set", "set", name_set),
        tell("segment", "segment", name_known_segment),
        tell("trait", "trait", name_known_trait),
        tell("trait_level", ("trait", "level"), name_level_of),
        count("n"),
        share("share", digits=1),
        tell("level_use", "use", say("level_use")),
    )
    return lay_out(
        "case_mix_levels",
        result.levels,
        columns,
        level=result.level,
        methodology=methodology,
        wording=wording,
        notes=(
            wording.text(
                "table.case_mix_levels.note", minimum=wording.integer(result.minimum_respondents)
            ),
        ),
    )


RECIPES = (
    make_recipe("case_mix_effect", "case_mix", CaseMix, build_effect),
    make_recipe("case_mix_levels", "case_mix", CaseMix, build_levels),
)
