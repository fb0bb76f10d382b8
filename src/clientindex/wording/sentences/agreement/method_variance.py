"""Sentences about where the variance between centres comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from clientindex.results import MethodVariance
from clientindex.wording.sentences.agreement.reasons import say_reasons
from clientindex.wording.sentences.recipe import make_paragraph
from clientindex.wording.sentences.rows import Row, find_row, is_known, list_rows, say_percents

if TYPE_CHECKING:
    from clientindex.methodology import Methodology
    from clientindex.wording.words import Wording

SIDES: Final = ("survey", "checklist")
PARTS: Final[tuple[str, ...]] = (
    *("trait_common", "trait_own", "halo", "checklist_method"),
    *("survey_specific", "checklist_specific"),
)
"""Variances that both the moments and the mixed model estimate."""

ALL: Final = "all"


def say_method_variance(result: MethodVariance, methodology: Methodology, wording: Wording) -> str:
    """Say the shares of trait, halo and method, and whether the mixed model confirms them."""
    frame = result.frame[(result.frame["level_of"] == "centre") & (result.frame["subject"] == ALL)]
    rows = {str(row["statistic"]): row for row in list_rows(frame) if is_known(row)}
    said = [text for side in SIDES for text in _say_shares(side, rows, result, wording)]
    if not said:
        named = {str(name) for name in result.left_out["statistic"]}
        reason = say_reasons(result.left_out, named, methodology, wording)
        return wording.text("sentence.method_variance.undefined", reason=reason)
    negative = [name for name in PARTS if name in rows and rows[name]["estimate"] < 0]
    if negative:
        names = _name_parts(negative, wording)
        said.append(wording.text("sentence.method_variance.negative", names=names))
    said.append(_say_check(rows, result, methodology, wording))
    return " ".join([*said, wording.text("sentence.method_variance.caution")])


def _say_shares(
    side: str, rows: dict[str, Row], result: MethodVariance, wording: Wording
) -> list[str]:
    trait, method = rows.get(f"consistency_{side}"), rows.get(f"method_specificity_{side}")
    if trait is None or method is None:
        return []
    return [
        wording.text(
            f"sentence.method_variance.{side}",
            trait=wording.percent(trait["estimate"]),
            trait_interval=say_percents(trait, result.level, wording=wording),
            method=wording.percent(method["estimate"]),
            method_interval=say_percents(method, result.level, wording=wording),
        )
    ]


def _say_check(
    rows: dict[str, Row], result: MethodVariance, methodology: Methodology, wording: Wording
) -> str:
    """Compare the intervals of both ways; a part without an interval is not compared."""
    pairs = {
        name: (rows[name], other)
        for name in PARTS
        if name in rows and (other := find_row(result.check, statistic=name)) is not None
        if all(is_known(row, end) for row in (rows[name], other) for end in ("ci_low", "ci_high"))
    }
    if not pairs:
        reason = say_reasons(result.left_out, {*PARTS, "check"}, methodology, wording)
        return wording.text("sentence.method_variance.not_checked", reason=reason)
    apart = [
        name
        for name, (one, other) in pairs.items()
        if max(one["ci_low"], other["ci_low"]) > min(one["ci_high"], other["ci_high"])
    ]
    if not apart:
        n = wording.counted(len(pairs), "component_of")
        return wording.text("sentence.method_variance.confirmed", n=n)
    return wording.text(
        "sentence.method_variance.partly",
        agreeing=wording.integer(len(pairs) - len(apart)),
        n=wording.counted(len(pairs), "component_of"),
        names=_name_parts(apart, wording),
    )


def _name_parts(names: list[str], wording: Wording) -> str:
    return "; ".join(wording.text(f"sentence.method_variance.part.{name}") for name in names)


RECIPES = (
    make_paragraph("method_variance", "method_variance", MethodVariance, say_method_variance),
)
