"""Weights of answers: how raking ended, and what weights do to the index."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.results import ALL_SEGMENTS, AnswerWeights, Stars
from clientindex.tables.indicators import count_digits
from clientindex.tables.long import count, lay_out, measure, tell
from clientindex.tables.naming import keep, say_truth
from clientindex.tables.rating.names import say_reason
from clientindex.tables.recipe import TableRecipe, make_recipe
from clientindex.wording.absence import take

if TYPE_CHECKING:
    import pandas as pd

    from clientindex.methodology import Methodology
    from clientindex.results import Bundle
    from clientindex.tables.spec import TableSpec
    from clientindex.wording import Wording

N_EFFECT = 15
"""Centres in the table of the largest changes."""


def build_scopes(result: AnswerWeights, methodology: Methodology, wording: Wording) -> TableSpec:
    """Build one row a centre or region whose answers were raked, or could not be."""
    columns = (
        tell("raking_scope", "scope", keep),
        count("n"),
        count("n_margins"),
        count("iterations"),
        measure("margin_gap", "gap", digits=4),
        count("n_cut"),
        tell("raked", "raked", say_truth),
        tell("why_not", "reason", say_reason),
    )
    lost = result.left_out
    own = lost[(lost["scope"] != "") & (lost["trait"] == "")].drop_duplicates("scope")
    level = lost[lost["reason"].isin(["empty_level", "no_visitors_in_level"])]
    reasons = dict(zip(level["scope"], level["reason"], strict=True))
    reasons |= dict(zip(own["scope"], own["reason"], strict=True))
    return lay_out(
        "weights_scopes",
        result.scopes.assign(reason=result.scopes["scope"].map(reasons).fillna("")),
        columns,
        level=methodology.intervals.level,
        methodology=methodology,
        wording=wording,
        notes=(
            wording.text(
                "table.weights_scopes.note",
                tolerance=wording.number(result.tolerance, count_digits([result.tolerance])),
                most=wording.integer(result.max_iterations),
            ),
            _tell_limit(result.trim, wording),
        ),
    )


def _tell_limit(trim: float, wording: Wording) -> str:
    if trim != trim:
        return wording.text("table.weights_scopes.no_limit")
    return wording.text("table.weights_scopes.limit", trim=wording.number(trim))


def build_effect(
    result: AnswerWeights, given: Stars, methodology: Methodology, wording: Wording
) -> TableSpec:
    """Build the centres whose index the weights change most, with effective sample sizes."""
    columns = (
        tell("centre", "name", keep),
        measure("unweighted_index", "unweighted", digits=1),
        measure("unweighted_error", digits=2),
        measure("weighted_index", "weighted", digits=1),
        measure("weighted_error", digits=2),
        measure("difference", digits=2),
        count("n"),
        measure("n_eff", digits=1),
    )
    return lay_out(
        "weights_effect",
        _take_largest(result).merge(given.frame[["centre", "name"]], on="centre", how="left"),
        columns,
        level=given.level,
        methodology=methodology,
        wording=wording,
        notes=(wording.text("table.weights_effect.note", most=wording.integer(N_EFFECT)),),
    )


def _take_largest(result: AnswerWeights) -> pd.DataFrame:
    whole = result.centres[result.centres["segment"] == ALL_SEGMENTS]
    frame = result.scores.dropna(subset="difference").assign(
        size=lambda scores: scores["difference"].abs()
    )
    largest = frame[frame["size"] > 0].sort_values(["size", "centre"], ascending=[False, True])
    return largest.head(N_EFFECT).merge(whole[["centre", "n", "n_eff"]], on="centre", how="left")


def _build_effect(bundle: Bundle, wording: Wording) -> TableSpec:
    result, given = take(bundle, "answer_weights", AnswerWeights), take(bundle, "stars", Stars)
    return build_effect(result, given, bundle.methodology, wording)


RECIPES = (
    make_recipe("weights_scopes", "answer_weights", AnswerWeights, build_scopes),
    TableRecipe(name="weights_effect", needs=("answer_weights", "stars"), build=_build_effect),
)
