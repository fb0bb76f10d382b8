"""What traits that a centre cannot choose do to its index."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.results.case_mix import CaseMix
from clientindex.wording.names import SET, name_indicator, name_level, name_trait, name_value
from clientindex.wording.sentences.rating.reasons import say_cases
from clientindex.wording.sentences.recipe import make_paragraph
from clientindex.wording.sentences.rows import Row, is_known, list_rows, say_interval

if TYPE_CHECKING:
    from clientindex.methodology import Methodology
    from clientindex.wording.words import Wording


def say_case_mix(result: CaseMix, methodology: Methodology, wording: Wording) -> str:
    """Say what adjusts, how much it moves, whose stars it would change, and what is published."""
    name = name_value(SET, result.published, methodology, wording)
    published = {"set": name} if name else {}
    said = [
        wording.text("sentence.case_mix.how"),
        *(_say_set(row, methodology, wording) for row in list_rows(result.summary)),
        *_say_strongest(result, methodology, wording),
        *_say_left_out(result, methodology, wording),
        wording.text(f"sentence.case_mix.{'adjusted' if published else 'plain'}", **published),
        wording.text("sentence.case_mix.caution"),
    ]
    return " ".join(said)


def _say_set(row: Row, methodology: Methodology, wording: Wording) -> str:
    traits = [name_trait(name, methodology, wording) for name in str(row["traits"]).split(", ")]
    values = {
        "set": name_value(SET, str(row["set"]), methodology, wording),
        "traits": wording.join(traits),
        "n": wording.counted(int(row["n_centres"]), "centre"),
        "changed": wording.integer(int(row["n_star_changed"])),
        "starred": wording.counted(int(row["n_starred"]), "centre_of"),
    }
    if not is_known(row, "correlation"):
        return wording.text("sentence.case_mix.set_alone", **values)
    return wording.text(
        "sentence.case_mix.set",
        correlation=wording.number(row["correlation"], 3),
        ranks=wording.number(row["rank_correlation"], 3),
        largest=wording.number(row["largest_difference"]),
        **values,
    )


def _say_strongest(result: CaseMix, methodology: Methodology, wording: Wording) -> list[str]:
    """Say the trait whose level answers most differently, over all indicators."""
    rows = [row for row in list_rows(result.coefficients) if is_known(row)]
    if not rows:
        return []
    row = max(rows, key=lambda row: abs(float(row["estimate"])))
    trait = str(row["trait"])
    return [
        wording.text(
            "sentence.case_mix.strongest",
            trait=name_trait(trait, methodology, wording),
            **{
                key: name_level(trait, str(row[key]), methodology, wording)
                for key in ("level", "reference")
            },
            indicator=name_indicator(str(row["indicator"]), methodology, wording),
            slope=wording.number(row["estimate"]),
            interval=say_interval(row, result.level, wording=wording),
            n=wording.counted(int(row["n"]), "answer"),
        )
    ]


def _say_left_out(result: CaseMix, methodology: Methodology, wording: Wording) -> list[str]:
    items = say_cases(result.left_out, methodology, wording)
    if not items:
        return []
    minimum = wording.counted(result.minimum_respondents, "respondent_of")
    return [wording.text("sentence.case_mix.left_out", items=items, minimum=minimum)]


RECIPES = (make_paragraph("case_mix", "case_mix", CaseMix, say_case_mix),)
