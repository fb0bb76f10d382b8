"""Indicators that repeat each other, that the ranks do without, or that run against the index."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.results import WeightImportance
from clientindex.tables.long import bound, count, lay_out, measure, tell
from clientindex.tables.naming import say, say_truth
from clientindex.tables.rating.names import name_known_indicator, name_subject
from clientindex.tables.recipe import TableRecipe, make_recipe
from clientindex.tables.sensitivity.names import TOP

if TYPE_CHECKING:
    from clientindex.methodology import Methodology
    from clientindex.tables.spec import TableSpec
    from clientindex.wording import Wording


def build_pairs(result: WeightImportance, methodology: Methodology, wording: Wording) -> TableSpec:
    """Build the pairs of indicators that repeat each other, nearest first."""
    pairs = result.pairs
    columns = (
        tell("first_indicator", "first", name_known_indicator),
        tell("second_indicator", "second", name_known_indicator),
        tell("same_group", "same_group", say_truth),
        measure("pair_correlation", "estimate", digits=2),
        bound("ci", "pair_correlation", digits=2),
        measure("pair_net", "net", digits=2),
        bound("net", "pair_net", digits=2),
    )
    return lay_out(
        "redundant_indicators",
        pairs[pairs["redundant"] | pairs["net_redundant"]].head(TOP),
        columns,
        level=result.level,
        methodology=methodology,
        wording=wording,
        notes=(
            wording.text(
                "table.redundant_indicators.note",
                limit=wording.number(result.redundancy, 2),
                n=wording.integer(len(pairs)),
                centres=wording.integer(result.n),
                most=wording.integer(TOP),
            ),
        ),
    )


def build_odd(result: WeightImportance, methodology: Methodology, wording: Wording) -> TableSpec:
    """Build the indicators against the index, then those that the ranks do without."""
    removal = result.removal
    odd = removal[removal["leaves_ranks"] | (removal["against"] != "no")]
    columns = (
        tell("indicator", "key", name_known_indicator),
        tell("group", "group", name_subject),
        measure("corrected_correlation", "estimate", digits=2),
        bound("ci", "corrected_correlation", digits=2),
        tell("against", "against", say("runs_against")),
        measure("tau_without", "tau", digits=3),
        measure("mean_rank_shift", "mean_abs_rank_shift", digits=1),
        tell("leaves_ranks", "leaves_ranks", say_truth),
        count("n"),
    )
    return lay_out(
        "odd_indicators",
        odd.sort_values("estimate", kind="stable"),
        columns,
        level=result.level,
        methodology=methodology,
        wording=wording,
        notes=(
            wording.text("table.odd_indicators.note", limit=wording.number(result.same_ranks, 2)),
        ),
    )


RECIPES: tuple[TableRecipe, ...] = (
    make_recipe("redundant_indicators", "weight_importance", WeightImportance, build_pairs),
    make_recipe("odd_indicators", "weight_importance", WeightImportance, build_odd),
)
