"""Whether the method, the composition or the service changed the mean index."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.results import COUNTRY
from clientindex.results.change import PARTS, EditionChange
from clientindex.wording.sentences.rating.reasons import say_reasons
from clientindex.wording.sentences.recipe import make_paragraph
from clientindex.wording.sentences.rows import find_row, say_interval

if TYPE_CHECKING:
    from clientindex.methodology import Methodology
    from clientindex.wording.words import Wording

ERRORS_TOLD = ("matched",)
"""Kinds of errors under one method that are no errors of the data themselves."""


def say_change_parts(result: EditionChange, methodology: Methodology, wording: Wording) -> str:
    """Say the parts of the change of the country, and which settings they cannot separate."""
    rows = {part: find_row(result.parts, region=COUNTRY, part=part) for part in PARTS}
    lacking = [part for part, row in rows.items() if row is None]
    if lacking:
        reason = say_reasons(
            result.left_out,
            lambda row: row["subject"] == COUNTRY and row["statistic"] in lacking,
            methodology,
            wording,
        )
        return wording.text("sentence.change_parts.undefined", reason=reason)
    items = [
        wording.text(
            f"sentence.change_parts.{part}",
            change=wording.number(row["estimate"]),
            interval=say_interval(row, result.level, wording=wording),
        )
        for part, row in rows.items()
        if row is not None
    ]
    said = [wording.text("sentence.change_parts.all", items="; ".join(items))]
    said.append(_say_methods(result, wording))
    said += _say_not_separated(result, wording)
    if {result.errors_before, result.errors_after} & set(ERRORS_TOLD):
        said.append(wording.text("sentence.change_parts.matched"))
    return " ".join(said)


def _say_methods(result: EditionChange, wording: Wording) -> str:
    """Say which methodologies there are, and what became of the indicators."""
    status = result.indicators["status"]
    counts = {name: int((status == name).sum()) for name in ("both", "new", "gone", "rescaled")}
    names = {"previous": result.previous_id, "current": result.current_id}
    if counts["both"] == len(status):
        n = wording.counted(len(status), "indicator")
        return wording.text("sentence.change_parts.same_indicators", n=n, **names)
    common = wording.integer(counts.pop("both"))
    others = {name: wording.integer(n) for name, n in counts.items()}
    return wording.text("sentence.change_parts.indicators", common=common, **others, **names)


def _say_not_separated(result: EditionChange, wording: Wording) -> list[str]:
    frame = result.left_out
    names = frame.loc[frame["reason"] == "setting_not_separated", "detail"]
    if names.empty:
        return []
    settings = ", ".join(
        wording.text(f"sentence.setting.{name}") for name in dict.fromkeys(map(str, names))
    )
    return [wording.text("sentence.change_parts.not_separated", settings=settings)]


RECIPES = (make_paragraph("change_parts", "change", EditionChange, say_change_parts),)
