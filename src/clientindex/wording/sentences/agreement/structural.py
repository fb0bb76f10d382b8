"""Sentences about lines between survey and checklist."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from clientindex.results import INDEX, StructuralRelation
from clientindex.wording.sentences.agreement.reasons import say_reasons
from clientindex.wording.sentences.recipe import make_paragraph
from clientindex.wording.sentences.rows import Row, find_row, is_known, say_interval

if TYPE_CHECKING:
    from clientindex.methodology import Methodology
    from clientindex.wording.words import Wording

DIGITS: Final = 2


def say_structural(result: StructuralRelation, methodology: Methodology, wording: Wording) -> str:
    """Say the slope with sampling error removed, its bounds, and which lines not to believe."""
    slope = find_slope(result, "errors_in_variables")
    said = []
    if slope is None:
        reason = say_reasons(
            result.left_out, {"errors_in_variables"}, methodology, wording, subjects={INDEX}
        )
        said.append(wording.text("sentence.structural.undefined", reason=reason))
    else:
        said.append(
            wording.text(
                "sentence.structural.slope",
                slope=wording.number(slope["estimate"], DIGITS),
                interval=say_interval(slope, result.level, wording=wording, digits=DIGITS),
                centres=wording.counted(int(slope["n"]), "centre"),
            )
        )
    said += [
        *_say_bounds(result, wording),
        *_say_traits(result, wording),
        *_say_distrusted(result, wording),
    ]
    return " ".join([*said, wording.text("sentence.structural.caution")])


def find_slope(result: StructuralRelation, line: str) -> Row | None:
    """Return the slope of a line of the index, with the interval that is shown."""
    row = find_row(result.choose_shown(), subject=INDEX, line=line, statistic="slope")
    return row if row is not None and is_known(row) else None


def _say_bounds(result: StructuralRelation, wording: Wording) -> list[str]:
    one, other = (find_slope(result, line) for line in ("least_squares", "inverse_least_squares"))
    if one is None or other is None:
        return []
    span = wording.span(one["estimate"], other["estimate"], DIGITS)
    return [wording.text("sentence.structural.bounds", span=span)]


def _say_traits(result: StructuralRelation, wording: Wording) -> list[str]:
    row = find_slope(result, "traits")
    if row is None:
        return []
    return [
        wording.text(
            "sentence.structural.traits",
            slope=wording.number(row["estimate"], DIGITS),
            interval=say_interval(row, result.level, wording=wording, digits=DIGITS),
        )
    ]


def _say_distrusted(result: StructuralRelation, wording: Wording) -> list[str]:
    rows = [find_slope(result, line) for line in ("deming_equal", "passing_bablok")]
    deming, ranks = rows
    if deming is None or ranks is None:
        return []
    ratio = find_row(result.constants, subject=INDEX, statistic="error_ratio")
    said = wording.text(
        "sentence.structural.distrusted",
        deming=wording.number(deming["estimate"], DIGITS),
        ranks=wording.number(ranks["estimate"], DIGITS),
    )
    if ratio is None:
        return [said]
    told = wording.number(ratio["estimate"], DIGITS)
    return [said, wording.text("sentence.structural.ratio", ratio=told)]


RECIPES = (make_paragraph("structural", "structural", StructuralRelation, say_structural),)
