"""What the index is without one of its parts, and orders that turn when a centre leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from clientindex.results import LeaveOneOut, RankReversals, Stars
from clientindex.tables.long import count, lay_out, measure, share, tell
from clientindex.tables.naming import keep, say
from clientindex.tables.recipe import TableRecipe, make_recipe
from clientindex.tables.sensitivity.names import TOP, name_part
from clientindex.wording.absence import take

if TYPE_CHECKING:
    from clientindex.methodology import Methodology
    from clientindex.results import Bundle
    from clientindex.tables.spec import TableSpec
    from clientindex.wording import Wording

SETTLED = ("group", "segment")
"""Kinds of parts that are few: all of them stand in documents."""

COLUMNS = (
    tell("left_out_kind", "kind", say("left_out_kind")),
    tell("left_out_part", ("kind", "key"), name_part),
    share("parts_same_star", "share_same_star", digits=1),
    count("n_stars_up", "n_star_up"),
    count("n_stars_down", "n_star_down"),
    measure("mean_rank_shift", "mean_abs_rank_shift", digits=1),
    measure("tau", "kendall_tau", digits=3),
    measure("mean_index_change", "mean_difference", digits=2),
    count("n_centres"),
)


def build_parts(result: LeaveOneOut, methodology: Methodology, wording: Wording) -> TableSpec:
    """Build groups and segments, then indicators and regions whose absence changes most stars."""
    parts = result.parts.sort_values("share_same_star", kind="stable")
    few = parts[parts["kind"].isin(SETTLED)]
    many = parts[~parts["kind"].isin(SETTLED) & (parts["share_same_star"] < 1)]
    chosen = pd.concat([few.sort_values("kind", kind="stable"), many.head(TOP)])
    return lay_out(
        "leave_out",
        chosen,
        COLUMNS,
        level=methodology.intervals.level,
        methodology=methodology,
        wording=wording,
        notes=(
            wording.text(
                "table.leave_out.note",
                most=wording.integer(TOP),
                n=wording.integer(len(result.parts)),
            ),
        ),
    )


def build_reversals(
    result: RankReversals, given: Stars, methodology: Methodology, wording: Wording
) -> TableSpec:
    """Build the removals that turn the order of most others."""
    names = given.frame.set_index("centre")["name"]
    turned = result.frame[(result.frame["n_reversed"] > 0) | (result.frame["n_star_changed"] > 0)]
    order = ["n_reversed", "n_star_changed"]
    frame = turned.sort_values(order, ascending=False, kind="stable").head(TOP)
    columns = (
        tell("removed_centre", "name", keep),
        count("others_left", "n_others"),
        count("pairs_turned", "n_reversed"),
        share("pairs_turned_share", "share_reversed", digits=2, ends="exact"),
        count("largest_shift", "max_abs_rank_shift"),
        count("other_stars_changed", "n_star_changed"),
    )
    return lay_out(
        "rank_reversals",
        frame.assign(name=frame["centre"].map(names)),
        columns,
        level=methodology.intervals.level,
        methodology=methodology,
        wording=wording,
        notes=(
            wording.text(
                "table.rank_reversals.note",
                most=wording.integer(TOP),
                n=wording.integer(len(result.frame)),
            ),
        ),
    )


def _build_reversals(bundle: Bundle, wording: Wording) -> TableSpec:
    result, given = take(bundle, "rank_reversals", RankReversals), take(bundle, "stars", Stars)
    return build_reversals(result, given, bundle.methodology, wording)


RECIPES: tuple[TableRecipe, ...] = (
    make_recipe("leave_out", "leave_out", LeaveOneOut, build_parts),
    TableRecipe(name="rank_reversals", needs=("rank_reversals", "stars"), build=_build_reversals),
)
