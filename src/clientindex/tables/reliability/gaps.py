"""What of reliability is not defined, part by part, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from clientindex.results import (
    AnswerQuality,
    CentreReliability,
    Consistency,
    IndicatorSets,
    ItemAnalysis,
    OmegaTable,
)
from clientindex.tables.columns import make_column
from clientindex.tables.left_out import list_left_out
from clientindex.tables.recipe import TableRecipe
from clientindex.tables.spec import TableSpec
from clientindex.wording.absence import name_reason
from clientindex.wording.names import name_detail, name_group, name_scope

if TYPE_CHECKING:
    from clientindex.methodology import Methodology
    from clientindex.results import Bundle
    from clientindex.wording import Wording

RESULTS: dict[str, type[Any]] = {
    "consistency": Consistency,
    "item_analysis": ItemAnalysis,
    "omegas": OmegaTable,
    "centre_reliability": CentreReliability,
    "answer_quality": AnswerQuality,
    "indicator_sets": IndicatorSets,
}
FORMS = {"solution": "solution", "rule": "quality_rule_name", "statistic": "coefficient"}
"""Columns that say what is not defined -> texts that name it."""


def _build(bundle: Bundle, wording: Wording) -> TableSpec:
    rows = [_tell(row, bundle.methodology, wording) for _, row in list_left_out(bundle, RESULTS)]
    return TableSpec(
        key="reliability_gaps",
        caption=wording.text("table.reliability_gaps.title"),
        columns=(
            make_column("part_kind", wording),
            make_column("scope_part", wording),
            make_column("group", wording),
            make_column("coefficient", wording),
            make_column("gap_reason", wording),
            make_column("gap_detail", wording),
        ),
        rows=tuple(dict.fromkeys(rows)),
    )


def _tell(row: dict[Any, Any], methodology: Methodology, wording: Wording) -> tuple[Any, ...]:
    kind, part = row.get("kind", "all"), row.get("part", "all")
    group = row.get("group", "")
    what = [wording.text(f"{text}.{row[form]}") for form, text in FORMS.items() if row.get(form)]
    detail = row.get("detail", "")
    return (
        wording.text(f"scope.{kind}"),
        name_scope(kind, part, methodology, wording),
        name_group(group, methodology, wording) if group else None,
        ": ".join(what) if what else None,
        name_reason(f"reliability.{row['reason']}", "", methodology, wording=wording),
        name_detail(detail, methodology, wording) if detail else None,
    )


RECIPES = (TableRecipe(name="reliability_gaps", needs=("consistency",), build=_build),)
