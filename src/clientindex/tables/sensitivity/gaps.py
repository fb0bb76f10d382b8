"""What of the sensitivity of stars is not defined, and why; for files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from clientindex.results import (
    JointDoubt,
    LeaveOneOut,
    OptimisedWeights,
    SobolIndices,
    WeightBounds,
    WeightImportance,
    WeightSources,
)
from clientindex.tables.columns import make_column
from clientindex.tables.left_out import list_left_out
from clientindex.tables.recipe import TableRecipe
from clientindex.tables.sensitivity.names import (
    name_choice,
    name_doubt,
    name_input,
    name_keys,
    name_part,
    name_source,
    say_gap,
)
from clientindex.tables.spec import TableSpec
from clientindex.wording.sensitivity_names import name_output

if TYPE_CHECKING:
    from clientindex.methodology import Methodology
    from clientindex.results import Bundle
    from clientindex.wording import Wording

RESULTS: dict[str, type[Any]] = {
    "weight_importance": WeightImportance,
    "optimised_weights": OptimisedWeights,
    "weight_sources": WeightSources,
    "weight_bounds": WeightBounds,
    "sobol_indices": SobolIndices,
    "joint_doubt": JointDoubt,
    "leave_out": LeaveOneOut,
}
"""Results with a frame of what is not defined; variants have a table of their own."""


def _build(bundle: Bundle, wording: Wording) -> TableSpec:
    rows = [
        (
            wording.text(f"sensitivity_part.{name}"),
            _name_whole(row, bundle.methodology, wording),
            say_gap(str(row["reason"]), bundle.methodology, wording),
            name_keys(str(row["detail"]), bundle.methodology, wording),
        )
        for name, row in list_left_out(bundle, RESULTS)
    ]
    heads = ("sensitivity_part", "gap_of", "gap_reason", "gap_detail")
    return TableSpec(
        key="sensitivity_gaps",
        caption=wording.text("table.sensitivity_gaps.title"),
        columns=tuple(make_column(head, wording) for head in heads),
        rows=tuple(dict.fromkeys(rows)),
    )


def _name_whole(row: dict[Any, Any], methodology: Methodology, wording: Wording) -> str | None:
    """Name the part, centre, source, input, output and statistic that a row is of."""
    if row.get("source"):
        return name_source(str(row["source"]), methodology, wording)
    names = [str(row["centre"])] if row.get("centre") else []
    if row.get("key"):
        names.append(_name_key(str(row["kind"]), str(row["key"]), methodology, wording))
    elif row.get("kind"):
        names.append(wording.text(f"weights_of.{row['kind']}"))
    for name, prefix in (("statistic", "gap_statistic"), ("measure", "importance_measure")):
        if row.get(name):
            names.append(wording.text(f"{prefix}.{row[name]}"))
    return "; ".join(names) or None


def _name_key(kind: str, key: str, methodology: Methodology, wording: Wording) -> str:
    if kind == "source":
        return name_doubt(key, methodology, wording)
    if kind == "choice":
        return name_choice(key, methodology, wording)
    if kind == "output":
        output, _, of = key.partition("/")
        return name_output(output, of, {}, wording)
    if kind == "sampling":
        return name_input((kind, key), methodology, wording)
    return name_part((kind, key), methodology, wording)


RECIPES = (TableRecipe(name="sensitivity_gaps", needs=("weight_importance",), build=_build),)
