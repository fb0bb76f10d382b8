"""What the decision rule does with stars, and the list of audits with reasons in words."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from clientindex.results import AUDIT_REASONS, AuditDecisions
from clientindex.tables.agreement.stars import cross
from clientindex.tables.columns import make_column
from clientindex.tables.recipe import make_recipe
from clientindex.tables.spec import TableSpec, clean_value, collect_rows

if TYPE_CHECKING:
    from collections.abc import Mapping

    from clientindex.methodology import Methodology
    from clientindex.wording import Wording

SIGNS = ("at_ceiling", "no_spread", "unverifiable_flagged")
"""Signs of a checklist that are told beside the reason of an audit."""

IN_WORDS = ("gap", "gap_z", "decision")
"""Columns that a page leaves out."""


def build_effect(result: AuditDecisions, methodology: Methodology, wording: Wording) -> TableSpec:
    """Build one row a number of stars by the survey, one column a number decided."""
    del methodology
    applied = "applied" if result.applied else "not_applied"
    return TableSpec(
        key="audit_effect",
        caption=wording.text("table.audit_effect.title"),
        **cross(result.effect, "star_survey", "star", wording),
        notes=(
            wording.text("table.audit_effect.note"),
            wording.text(f"table.audit_effect.{applied}"),
        ),
    )


def build_summary(result: AuditDecisions, methodology: Methodology, wording: Wording) -> TableSpec:
    """Build one row a decision or its effect: centres, and among how many they are counted."""
    del methodology
    frame = result.summary
    return TableSpec(
        key="audit_summary",
        caption=wording.text("table.audit_summary.title"),
        columns=(
            make_column("quantity", wording),
            make_column("n_centres", wording, kind="integer"),
            make_column("of_which", wording, kind="integer"),
        ),
        rows=collect_rows(
            [wording.text(f"audit_count.{name}") for name in frame["statistic"]],
            frame["n"],
            frame["of"],
        ),
        notes=(
            wording.text(
                "table.audit_summary.note",
                cap=wording.number(result.cap_from, 2),
                drop=wording.number(result.drop_from, 2),
                provisional=wording.number(result.provisional_below, 2),
                source=result.source,
            ),
        ),
    )


def build_audit_list(
    result: AuditDecisions, methodology: Methodology, wording: Wording
) -> TableSpec:
    """Build one row a centre to be audited: for its gap, largest z first, then by lot.

    Parameters
    ----------
    result : AuditDecisions
    methodology : Methodology
        Not used; recipes are called with it.
    wording : Wording

    Returns
    -------
    TableSpec
        Reasons are words.
    """
    del methodology
    frame = result.centres[result.centres["audit"].isin(AUDIT_REASONS)]
    place = frame["audit"].map({reason: n for n, reason in enumerate(AUDIT_REASONS)})
    frame = frame.assign(place=place).sort_values(
        ["place", "z", "centre"], ascending=[True, False, True], kind="stable"
    )
    return TableSpec(
        key="audit_list",
        caption=wording.text("table.audit_list.title"),
        columns=(
            make_column("centre_id", wording),
            make_column("centre", wording),
            make_column("region", wording),
            make_column("n", wording, kind="integer"),
            make_column("survey_index", wording, kind="number", digits=1),
            make_column("checklist_index", wording, kind="number", digits=1),
            make_column("gap", wording, kind="number", digits=1),
            make_column("gap_z", wording, kind="number", digits=2),
            make_column("decision", wording),
            make_column("audit_reasons", wording),
        ),
        rows=collect_rows(
            *(frame[name] for name in ("centre", "name", "region")),
            frame["n"].astype("Int64"),
            *(frame[name] for name in ("survey", "checklist", "gap", "z")),
            [wording.text(f"decision.{name}") for name in frame["decision"]],
            [_tell_reasons(row, result, wording) for row in frame.to_dict("records")],
        ),
        notes=(
            wording.text(
                "table.audit_list.note",
                rate=wording.percent(result.fdr),
                share=wording.percent(result.random_share),
                seed=str(result.seed),
            ),
        ),
    )


def build_audit_page(
    result: AuditDecisions, methodology: Methodology, wording: Wording
) -> TableSpec:
    """Build the audit list for a page: what its reasons say in words has no column."""
    whole = build_audit_list(result, methodology, wording)
    kept = [n for n, column in enumerate(whole.columns) if column.key not in IN_WORDS]
    return replace(
        whole,
        columns=tuple(whole.columns[n] for n in kept),
        rows=tuple(tuple(row[n] for n in kept) for row in whole.rows),
    )


def _tell_reasons(row: Mapping[Any, Any], result: AuditDecisions, wording: Wording) -> str:
    """Say why a centre is on the list, then what is striking in its checklist.

    A checklist with the highest score everywhere has one score everywhere, which is not said again.
    """
    parts = [_tell_gap(row, result, wording) if row["audit"] == "gap" else _tell_lot(wording)]
    found = [name for name in SIGNS if clean_value(row[name])]
    if "at_ceiling" in found:
        found = [name for name in found if name != "no_spread"]
    return "; ".join([*parts, *(wording.text(f"audit_sign.{name}") for name in found)])


def _tell_lot(wording: Wording) -> str:
    return wording.text("audit_reason.random")


def _tell_gap(row: Mapping[Any, Any], result: AuditDecisions, wording: Wording) -> str:
    told = {
        "gap": wording.number(row["gap"], 1),
        "expected": wording.number(row["expected"], 1),
        "z": wording.number(row["z"], 2),
        "limit": wording.number(result.drop_from, 2),
    }
    q = clean_value(row["q_value"])
    if not isinstance(q, float):
        return wording.text("audit_reason.gap", **told)
    return wording.text("audit_reason.gap_q", **told, q=wording.p_value(q, symbol=False))


RECIPES = (
    make_recipe("audit_effect", "audit", AuditDecisions, build_effect),
    make_recipe("audit_summary", "audit", AuditDecisions, build_summary),
    make_recipe("audit_list", "audit", AuditDecisions, build_audit_page),
)
