"""Sentences about suspicious answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.results import INDEX, AnswerQuality
from clientindex.wording.sentences.recipe import make_paragraph
from clientindex.wording.sentences.rows import Row, list_rows, say_interval

if TYPE_CHECKING:
    from clientindex.methodology import Methodology
    from clientindex.wording.words import Wording

ANY = "any"


def say_quality(result: AnswerQuality, methodology: Methodology, wording: Wording) -> str:
    """Say how many the rules flag, what changes without them, and how many centres stand out."""
    del methodology
    frame = result.shares[result.shares["kind"] == "all"]
    rows = {str(row["rule"]): row for row in list_rows(frame)}
    if ANY not in rows:
        return wording.text("sentence.answer_quality.nothing")
    said = [_say_flagged(rows, result.level, wording), *_say_effects(result, wording)]
    n = int(result.centres.loc[result.centres["flagged"], "centre"].nunique())
    said.append(
        wording.text(
            "sentence.answer_quality.centres",
            rate=wording.percent(result.false_discovery_rate),
            n=wording.integer(n),
        )
    )
    applied = set(result.rules["rule"])
    refused = [
        rule for rule in dict.fromkeys(result.left_out["rule"]) if rule not in applied | {ANY}
    ]
    if refused:
        names = [wording.text(f"quality_rule_name.{rule}") for rule in refused]
        said.append(wording.text("sentence.answer_quality.not_applied", rules="; ".join(names)))
    return " ".join(said)


def _say_flagged(rows: dict[str, Row], level: float, wording: Wording) -> str:
    whole = rows[ANY]
    checked = wording.counted(int(whole["n"]), "respondent_flagged")
    if not whole["n_flagged"]:
        return wording.text("sentence.answer_quality.none", checked=checked)
    single = [row for rule, row in rows.items() if rule != ANY]
    most = max(single, key=lambda row: row["estimate"])
    ends = {name: 100 * whole[name] for name in ("ci_low", "ci_high")}
    return wording.text(
        "sentence.answer_quality.any",
        flagged=wording.integer(int(whole["n_flagged"])),
        checked=checked,
        share=wording.percent(whole["estimate"], 1),
        interval=say_interval(ends, level, wording=wording, digits=1),
        rule=wording.text(f"quality_rule_name.{most['rule']}"),
        most=wording.percent(most["estimate"], 1),
    )


def _say_effects(result: AnswerQuality, wording: Wording) -> list[str]:
    frame = result.effects
    frame = frame[(frame["kind"] == "all") & (frame["rule"] == ANY) & (frame["group"] == INDEX)]
    rows = {str(row["statistic"]): row for row in list_rows(frame)}
    if not {"alpha", "index"} <= set(rows):
        return []
    return [
        wording.text(
            "sentence.answer_quality.index",
            change=wording.number(rows["index"]["estimate"], 2),
            interval=say_interval(rows["index"], result.level, wording=wording, digits=2),
            alpha=wording.number(rows["alpha"]["estimate"], 3),
        )
    ]


RECIPES = (make_paragraph("answer_quality", "answer_quality", AnswerQuality, say_quality),)
