"""Checklists of a region against the survey, and its centres in the list of audits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.results import DECISIONS, INDEX, Agreement, AuditDecisions, ChecklistInflation
from clientindex.wording.absence import take
from clientindex.wording.sentences.agreement.differences import COMMON, pick_leading
from clientindex.wording.sentences.agreement.reasons import say_reasons
from clientindex.wording.sentences.rows import find_row, is_known, list_rows, say_interval

if TYPE_CHECKING:
    from clientindex.results import Bundle
    from clientindex.wording.words import Wording


def tell_bias(bundle: Bundle, wording: Wording, region: str) -> str:
    """Say how far checklists of the region lie above the survey, beside those of the country."""
    result = take(bundle, "inflation", ChecklistInflation)
    row = next((r for r in list_rows(result.regions) if r["region"] == region), None)
    if row is None:
        reason = say_reasons(result.left_out, {"regions"}, bundle.methodology, wording)
        key = "no_checklists" if len(result.regions) else "undefined"
        told = {"reason": reason} if key == "undefined" else {}
        return wording.text(f"sentence.region_bias.{key}", **told)
    centres = wording.counted(int(row["n"]), "centre")
    said = [
        wording.text(
            "sentence.region_bias.median", median=wording.number(row["median"]), centres=centres
        )
    ]
    if is_known(row):
        effect = wording.number(row["estimate"])
        interval = say_interval(row, result.level, wording=wording)
        said.append(wording.text("sentence.region_bias.effect", effect=effect, interval=interval))
    said += _say_country(bundle, wording)
    return " ".join([*said, wording.text("sentence.inflation_regions.caution")])


def _say_country(bundle: Bundle, wording: Wording) -> list[str]:
    agreement = bundle.results.get("agreement")
    if not isinstance(agreement, Agreement):
        return []
    row = find_row(pick_leading(agreement, COMMON), subject=INDEX, statistic="bias")
    if row is None:
        return []
    return [
        wording.text(
            "sentence.region_bias.country",
            bias=wording.number(row["estimate"]),
            interval=say_interval(row, agreement.level, wording=wording),
            centres=wording.counted(int(row["n"]), "centre"),
        )
    ]


def tell_audit(bundle: Bundle, wording: Wording, region: str) -> str:
    """Say what was decided of checklists of the region, and how many of its centres to audit."""
    result = take(bundle, "audit", AuditDecisions)
    own = result.centres[result.centres["region"] == region]
    said = [wording.text("sentence.audit.applied" if result.applied else "sentence.audit.shown")]
    decided = own["decision"].value_counts()
    items = [
        wording.text(f"sentence.audit.{name}", n=wording.counted(int(decided[name]), "centre"))
        for name in DECISIONS
        if name in decided
    ]
    if items:
        said.append(wording.text("sentence.audit.decisions", items="; ".join(items)))
    listed = {name: int((own["audit"] == name).sum()) for name in ("gap", "random")}
    total = sum(listed.values())
    if not total:
        said.append(wording.text("sentence.region_audit.nobody"))
        return " ".join(said)
    said.append(
        wording.text(
            "sentence.region_audit.listed",
            n=wording.counted(total, "centre"),
            gap=wording.integer(listed["gap"]),
            lot=wording.integer(listed["random"]),
        )
    )
    return " ".join([*said, wording.text("sentence.audit.caution")])
