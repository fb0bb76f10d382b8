"""Weights under which importance is what it should be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.results import OptimisedWeights
from clientindex.tables.long import bound, count, lay_out, measure, share, tell
from clientindex.tables.naming import say
from clientindex.tables.recipe import TableRecipe, make_recipe
from clientindex.tables.sensitivity.names import name_part

if TYPE_CHECKING:
    from clientindex.methodology import Methodology
    from clientindex.tables.spec import TableSpec
    from clientindex.wording import Wording

LED_BY = "linear"
"""The measure of importance whose weights stand in documents."""


def build_weights(
    result: OptimisedWeights, methodology: Methodology, wording: Wording
) -> TableSpec:
    """Build one row a group: target, weight and share now, optimised weight and its share."""
    frame = result.frame[(result.frame["kind"] == "group") & (result.frame["measure"] == LED_BY)]
    columns = (
        tell("group", ("kind", "key"), name_part),
        share("weight_now", digits=1),
        share("importance_now", "share_now", digits=1),
        share("importance_target", "target", digits=1),
        share("optimised_weight", "weight", digits=1),
        bound("ci", "optimised_weight", scale=100, digits=1),
        share("importance_reached", "share", digits=1),
        count("n_centres", "n"),
    )
    return lay_out(
        "optimised_weights",
        frame,
        columns,
        level=result.level,
        methodology=methodology,
        wording=wording,
        notes=(
            wording.text(
                "table.optimised_weights.note",
                target=wording.text(f"importance_goal.{result.target}"),
                replicates=wording.integer(result.replicates),
            ),
        ),
    )


def build_summary(
    result: OptimisedWeights, methodology: Methodology, wording: Wording
) -> TableSpec:
    """Build one row a kind of weights and measure of importance: how near the target is."""
    columns = (
        tell("weights_of", "kind", say("weights_of")),
        tell("importance_measure", "measure", say("importance_measure")),
        tell("target_outcome", "outcome", say("target_outcome")),
        share("gap_now", digits=1),
        share("gap_after", "gap", digits=1, ends="exact"),
        share("weight_moved", "distance", digits=1),
        measure("tau", digits=3),
        measure("mean_rank_shift", "mean_abs_rank_shift", digits=1),
    )
    return lay_out(
        "optimised_summary",
        result.summary,
        columns,
        level=result.level,
        methodology=methodology,
        wording=wording,
        notes=(
            wording.text(
                "table.optimised_summary.note", n=wording.integer(int(result.summary["n"].max()))
            ),
        ),
    )


RECIPES: tuple[TableRecipe, ...] = (
    make_recipe("optimised_weights", "optimised_weights", OptimisedWeights, build_weights),
    make_recipe("optimised_summary", "optimised_weights", OptimisedWeights, build_summary),
)
