"""What of survey against checklist is not defined, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from clientindex.results import (
    Agreement,
    CategoryAgreement,
    ChecklistInflation,
    MethodModel,
    MethodVariance,
    SideReliability,
    SourceComparison,
    StructuralRelation,
)
from clientindex.tables.agreement.names import name_subject
from clientindex.tables.columns import make_column
from clientindex.tables.left_out import list_left_out
from clientindex.tables.recipe import TableRecipe
from clientindex.tables.spec import TableSpec
from clientindex.wording.absence import name_reason
from clientindex.wording.names import name_detail

if TYPE_CHECKING:
    from clientindex.methodology import Methodology
    from clientindex.results import Bundle
    from clientindex.wording import Wording

RESULTS: dict[str, type[Any]] = {
    "comparability": SourceComparison,
    "side_reliability": SideReliability,
    "method_variance": MethodVariance,
    "method_model": MethodModel,
    "agreement": Agreement,
    "category_agreement": CategoryAgreement,
    "structural": StructuralRelation,
    "inflation": ChecklistInflation,
}
"""Results with a frame of what is not defined."""

FORMS = {
    "comparability": "link",
    "side_reliability": "side_statistic",
    "method_variance": "method_component",
    "method_model": "model_parameter",
    "agreement": "agreement_statistic",
    "category_agreement": "category_coefficient",
    "structural": "line",
    "inflation": "inflation",
}
"""Result -> texts that name its statistics."""

SIDES = ("survey", "checklist", "both")
REGION = "region"


def _build(bundle: Bundle, wording: Wording) -> TableSpec:
    rows = [
        _tell(name, row, bundle.methodology, wording)
        for name, row in list_left_out(bundle, RESULTS)
    ]
    return TableSpec(
        key="agreement_gaps",
        caption=wording.text("table.agreement_gaps.title"),
        columns=(
            make_column("compared_part", wording),
            make_column("compared", wording),
            make_column("undefined", wording),
            make_column("gap_reason", wording),
            make_column("gap_detail", wording),
        ),
        rows=tuple(dict.fromkeys(rows)),
    )


def _tell(
    name: str, row: dict[Any, Any], methodology: Methodology, wording: Wording
) -> tuple[str | None, ...]:
    subject, statistic, detail = (
        str(row.get(key, "")) for key in ("subject", "statistic", "detail")
    )
    return (
        wording.text(f"compared_part.{name}"),
        name_subject(subject, methodology, wording) if subject else None,
        name_undefined(name, statistic, wording) if statistic else None,
        name_reason(f"agreement.{row['reason']}", "", methodology, wording=wording),
        _tell_detail(detail, methodology, wording),
    )


def name_undefined(name: str, statistic: str, wording: Wording) -> str:
    """Name a statistic of a result; one that has no name of its own keeps its key."""
    for prefix in ("undefined", FORMS[name]):
        if f"{prefix}.{statistic}" in wording.texts:
            return wording.text(f"{prefix}.{statistic}")
    place, _, rest = statistic.partition("_")
    if place in SIDES and f"compared_share.{rest}" in wording.texts:
        rest = wording.text(f"compared_share.{rest}")
        return f"{wording.text(f'side.{place}')}: {rest}"
    if place == REGION and f"method_component.{rest}" in wording.texts:
        rest = wording.text(f"method_component.{rest}")
        return f"{wording.text('method_level.region')}: {rest}"
    return statistic


def _tell_detail(detail: str, methodology: Methodology, wording: Wording) -> str | None:
    """Name the groups, indicators and sides of a detail; numbers and codes stay."""
    if detail in SIDES:
        return wording.text(f"side.{detail}")
    if detail == "all":
        return wording.text("compared.all")
    return name_detail(detail, methodology, wording) if detail else None


RECIPES = (TableRecipe(name="agreement_gaps", needs=("agreement",), build=_build),)
