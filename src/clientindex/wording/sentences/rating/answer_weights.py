"""How answers are weighted, which margins were met, and what that costs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.results import ALL_SEGMENTS
from clientindex.results.answer_weights import AnswerWeights
from clientindex.wording.names import name_trait
from clientindex.wording.sentences.rating.reasons import say_cases
from clientindex.wording.sentences.recipe import make_paragraph
from clientindex.wording.sentences.rows import is_known, list_rows

if TYPE_CHECKING:
    from clientindex.methodology import Methodology
    from clientindex.wording.words import Wording


def say_answer_weights(result: AnswerWeights, methodology: Methodology, wording: Wording) -> str:
    """Say how answers are weighted, what was met and what not, and the effective sample."""
    said = [
        *_say_design(result, wording),
        *_say_raking(result, methodology, wording),
        *_say_not_met(result, methodology, wording),
        *_say_trims(result, wording),
        *_say_effect(result, wording),
        *_say_index(result, wording),
    ]
    return " ".join(said)


def _say_design(result: AnswerWeights, wording: Wording) -> list[str]:
    return [wording.text(f"sentence.answer_weights.{'design' if result.design else 'no_design'}")]


def _say_raking(result: AnswerWeights, methodology: Methodology, wording: Wording) -> list[str]:
    if result.level_of_margins == "none":
        return [wording.text("sentence.answer_weights.no_margins")]
    scopes = result.scopes
    raked = int(scopes["raked"].sum())
    return [
        wording.text(
            f"sentence.answer_weights.margins_{result.level_of_margins}",
            traits=wording.join(
                [name_trait(trait, methodology, wording) for trait in result.traits]
            ),
        ),
        wording.text(
            "sentence.answer_weights.met",
            n=wording.integer(raked),
            total=wording.counted(
                len(scopes), "region_of" if result.level_of_margins == "region" else "centre_of"
            ),
        ),
    ]


def _say_not_met(result: AnswerWeights, methodology: Methodology, wording: Wording) -> list[str]:
    """Say every reason once with the number of its cases."""
    items = say_cases(result.left_out, methodology, wording)
    if not items:
        return []
    return [wording.text("sentence.answer_weights.not_met", items=items)]


def _say_trims(result: AnswerWeights, wording: Wording) -> list[str]:
    if not is_known({"trim": result.trim}, "trim"):
        return [wording.text("sentence.answer_weights.no_trim")]
    n = int(result.scopes["n_cut"].sum())
    limit = wording.number(result.trim)
    return [wording.text("sentence.answer_weights.trim", limit=limit, n=wording.integer(n))]


def _say_effect(result: AnswerWeights, wording: Wording) -> list[str]:
    """Say the largest design effect of a centre, and how many have none."""
    rows = [row for row in list_rows(result.centres) if row["segment"] == ALL_SEGMENTS]
    rows = [row for row in rows if is_known(row, "deff")]
    if not rows:
        return []
    worst = max(rows, key=lambda row: float(row["deff"]))
    unequal = sum(1 for row in rows if row["deff"] > 1)
    if unequal == 0:
        total = wording.counted(len(rows), "centre")
        return [wording.text("sentence.answer_weights.no_effect", total=total)]
    return [
        wording.text(
            "sentence.answer_weights.effect",
            unequal=wording.counted(unequal, "centre_of"),
            total=wording.integer(len(rows)),
            deff=wording.number(worst["deff"], 2),
            n=wording.counted(int(worst["n"]), "respondent_of"),
            effective=wording.number(worst["n_eff"], 0),
        )
    ]


def _say_index(result: AnswerWeights, wording: Wording) -> list[str]:
    """Say by how much weights move the index of a centre at most."""
    rows = [row for row in list_rows(result.scores) if is_known(row, "difference")]
    if not rows:
        return []
    row = max(rows, key=lambda row: abs(float(row["difference"])))
    return [
        wording.text(
            "sentence.answer_weights.index",
            largest=wording.number(row["difference"]),
            before=wording.number(row["unweighted"]),
            after=wording.number(row["weighted"]),
            error=wording.number(row["weighted_error"]),
            n=wording.counted(len(rows), "centre"),
        )
    ]


RECIPES = (make_paragraph("answer_weights", "answer_weights", AnswerWeights, say_answer_weights),)
