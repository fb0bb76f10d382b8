"""Sentences about the decision rule, what it does to stars, and the audit list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from clientindex.results import DECISIONS, AuditDecisions
from clientindex.wording.sentences.recipe import make_paragraph
from clientindex.wording.sentences.rows import list_rows

if TYPE_CHECKING:
    from clientindex.methodology import Methodology
    from clientindex.wording.words import Wording

LIMIT_DIGITS: Final = 2


def say_rule(result: AuditDecisions, methodology: Methodology, wording: Wording) -> str:
    """Say the rule with its numbers."""
    del methodology
    said = wording.text(
        "sentence.audit_rule.all",
        cap=wording.number(result.cap_from, LIMIT_DIGITS),
        drop=wording.number(result.drop_from, LIMIT_DIGITS),
        below=wording.number(result.provisional_below, LIMIT_DIGITS),
    )
    if result.random_share == 0:
        return f"{said} {wording.text('sentence.audit_rule.no_lot')}"
    lot = wording.text(
        "sentence.audit_rule.lot",
        share=wording.percent(result.random_share),
        seed=str(result.seed),
    )
    return f"{said} {lot}"


def say_audit(result: AuditDecisions, methodology: Methodology, wording: Wording) -> str:
    """Say what was decided, what it did to stars, whom to audit, and whether it is published."""
    del methodology
    counts = {str(row["statistic"]): row for row in list_rows(result.summary)}
    said = [
        wording.text("sentence.audit.applied" if result.applied else "sentence.audit.shown"),
        _say_decisions(counts, wording),
        _say_provisional(counts, wording),
        _say_effect(counts, wording),
        _say_list(counts, result, wording),
        wording.text("sentence.audit.caution"),
    ]
    return " ".join(text for text in said if text)


def _say_decisions(counts: dict[str, dict[str, int]], wording: Wording) -> str:
    """List the decisions that were made, in the order of the rule."""
    items = [
        wording.text(
            f"sentence.audit.{decision}", n=wording.counted(int(counts[decision]["n"]), "centre")
        )
        for decision in DECISIONS
        if decision in counts and counts[decision]["n"]
    ]
    return wording.text("sentence.audit.decisions", items="; ".join(items)) if items else ""


def _say_provisional(counts: dict[str, dict[str, int]], wording: Wording) -> str:
    row = counts.get("provisional")
    if row is None:
        return ""
    if not row["n"]:
        return wording.text("sentence.audit.none_provisional")
    return wording.text(
        "sentence.audit.provisional",
        n=wording.integer(int(row["n"])),
        of=wording.counted(int(row["of"]), "centre_of"),
    )


def _say_effect(counts: dict[str, dict[str, int]], wording: Wording) -> str:
    up, down, held = (
        int(counts[name]["n"]) if name in counts else 0
        for name in ("star_up", "star_down", "held_back")
    )
    if not up and not down:
        said = wording.text("sentence.audit.no_star_changed")
    else:
        said = wording.text(
            "sentence.audit.stars_changed",
            up=wording.counted(up, "centre_of"),
            down=wording.counted(down, "centre_of"),
        )
    if not held:
        return said
    held_back = wording.text("sentence.audit.held_back", n=wording.counted(held, "centre_to"))
    return f"{said} {held_back}"


def _say_list(counts: dict[str, dict[str, int]], result: AuditDecisions, wording: Wording) -> str:
    listed = int((result.centres["audit"] != "").sum())
    if not listed:
        return wording.text("sentence.audit.nobody_listed")
    gap, lot = (
        int(counts[name]["n"]) if name in counts else 0 for name in ("audit_gap", "audit_random")
    )
    return wording.text(
        "sentence.audit.listed",
        n=wording.counted(listed, "centre"),
        gap=wording.integer(gap),
        lot=wording.integer(lot),
    )


RECIPES = (
    make_paragraph("audit_rule", "audit", AuditDecisions, say_rule),
    make_paragraph("audit", "audit", AuditDecisions, say_audit),
)
