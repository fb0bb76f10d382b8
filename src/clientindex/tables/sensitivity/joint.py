"""How sure stars are when sampling, weights and method may all be otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.results import JointDoubt
from clientindex.tables.long import bound, count, lay_out, measure, share, stars, tell
from clientindex.tables.naming import keep
from clientindex.tables.recipe import TableRecipe, make_recipe
from clientindex.tables.sensitivity.names import TOP, name_choice, name_doubt, name_option

if TYPE_CHECKING:
    from clientindex.methodology import Methodology
    from clientindex.tables.spec import TableSpec
    from clientindex.wording import Wording


def build_parts(result: JointDoubt, methodology: Methodology, wording: Wording) -> TableSpec:
    """Build one row a source: how many stars would be others because of it."""
    wrong = result.summary[result.summary["statistic"] == "expected_wrong"]
    columns = (
        tell("doubt_of", "source", name_doubt),
        measure("stars_other", "estimate", digits=1),
        measure("stars_other_error", "mc_error", digits=2),
        share("doubt_share", "share", digits=1),
    )
    return lay_out(
        "joint_parts",
        wrong,
        columns,
        level=result.level,
        methodology=methodology,
        wording=wording,
        notes=(
            wording.text(
                "table.joint_parts.note",
                n=wording.integer(len(result.centres)),
                draws=wording.integer(result.draws),
                runs=wording.integer(result.runs),
            ),
            *_tell_options(result, methodology, wording),
        ),
    )


def _tell_options(
    result: JointDoubt, methodology: Methodology, wording: Wording
) -> tuple[str, ...]:
    """Say between which methods was drawn, choice by choice."""
    open_choices = [
        (name, rows) for name, rows in result.options.groupby("choice", sort=False) if len(rows) > 1
    ]
    told = [
        wording.text(
            "variant.options",
            choice=name_choice(str(name), methodology, wording),
            options=wording.join([name_option(o, methodology, wording) for o in rows["option"]]),
        )
        for name, rows in open_choices
    ]
    if not told:
        return ()
    return (wording.text("table.joint_parts.options", options="; ".join(told)),)


def build_least_sure(result: JointDoubt, methodology: Methodology, wording: Wording) -> TableSpec:
    """Build the centres whose star is least sure when all moves together."""
    frame = result.centres.sort_values(["p_star", "rank"], kind="stable").head(TOP)
    columns = (
        tell("centre", "name", keep),
        stars(),
        measure("index", "estimate", digits=1),
        measure("p_joint", "p_star", digits=2),
        measure("p_sampling", "p_star_sampling", digits=2),
        measure("p_weights", "p_star_weights", digits=2),
        measure("p_method", "p_star_method", digits=2),
        count("rank"),
        bound("rank", "rank_joint", digits=0, named=True),
    )
    return lay_out(
        "joint_least_sure",
        frame,
        columns,
        level=result.level,
        methodology=methodology,
        wording=wording,
        notes=(
            wording.text(
                "table.joint_least_sure.note",
                most=wording.integer(TOP),
                level=wording.percent(result.level),
            ),
        ),
    )


RECIPES: tuple[TableRecipe, ...] = (
    make_recipe("joint_parts", "joint_doubt", JointDoubt, build_parts),
    make_recipe("joint_least_sure", "joint_doubt", JointDoubt, build_least_sure),
)
