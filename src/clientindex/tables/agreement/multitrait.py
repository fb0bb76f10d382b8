"""Correlations of the same groups over both sources, and the criteria of Campbell and Fiske."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.results import MultitraitMatrix
from clientindex.tables.agreement.names import name_subject
from clientindex.tables.columns import make_column
from clientindex.tables.recipe import make_recipe
from clientindex.tables.reliability.wide import collect_pairs, make_pair
from clientindex.tables.spec import TableSpec, Value

if TYPE_CHECKING:
    from clientindex.methodology import Methodology
    from clientindex.wording import Wording

NONE, SAMPLING, VISITS = "none", "survey_sampling", "survey_sampling_and_visits"
REMOVED = (NONE, SAMPLING, VISITS)
CRITERIA = ("1", "2", "3_survey", "3_checklist")


def build_same(result: MultitraitMatrix, methodology: Methodology, wording: Wording) -> TableSpec:
    """Build one row a group: its correlation over the sources, as it is and corrected."""
    frame = result.correlations
    same = frame[frame["kind"] == "monotrait_heteromethod"]
    same = same.assign(statistic=same["error_removed"])
    pairs = collect_pairs(same, ["first_group"], methodology.group_keys, [NONE, SAMPLING])
    columns = [
        column
        for key in ("r_uncorrected", "r_corrected")
        for column in make_pair(key, wording, level=result.level, digits=2)
    ]
    return TableSpec(
        key="multitrait_same",
        caption=wording.text("table.multitrait_same.title"),
        columns=(make_column("group", wording), *columns),
        rows=tuple((name_subject(key, methodology, wording), *row) for key, row in pairs.items()),
        notes=(
            wording.text(
                "table.multitrait_same.note",
                error=wording.text(f"error_removed.{SAMPLING}"),
                centres=wording.integer(result.n),
            ),
        ),
    )


def build_criteria(
    result: MultitraitMatrix, methodology: Methodology, wording: Wording
) -> TableSpec:
    """Build one row a criterion and error removed: inequalities held, and mean difference.

    What is not defined for lack of variance is in the files only.
    """
    del methodology
    frame = result.criteria[result.criteria["group"] == "all"].dropna(subset="estimate")
    order = [(criterion, removed) for criterion in CRITERIA for removed in REMOVED]
    pairs = collect_pairs(frame, ["criterion", "removed"], order, ["count", "difference"])
    compared = dict(zip(frame["criterion"], frame["comparisons"], strict=True))
    return TableSpec(
        key="multitrait_criteria",
        caption=wording.text("table.multitrait_criteria.title"),
        columns=(
            make_column("criterion", wording),
            make_column("error_removed", wording),
            make_column("held", wording, kind="integer"),
            make_column("comparisons", wording, kind="integer"),
            *make_pair("mean_difference", wording, level=result.level, digits=2),
        ),
        rows=tuple(
            (
                wording.text(f"criterion.{criterion}"),
                wording.text(f"error_removed.{removed}"),
                _count(row[0]),
                int(compared[criterion]),
                *row[2:],
            )
            for (criterion, removed), row in pairs.items()
        ),
        notes=(wording.text("table.multitrait_criteria.note"),),
    )


def build_htmt(result: MultitraitMatrix, methodology: Methodology, wording: Wording) -> TableSpec:
    """Build one row a pair of groups: correlation of different groups over that of the same.

    The survey's sampling error lowers both alike and cancels.
    """
    frame = result.htmt[result.htmt["removed"] == NONE].dropna(subset="estimate")
    keys = methodology.group_keys
    order = [(first, second) for at, first in enumerate(keys) for second in keys[at + 1 :]]
    pairs = collect_pairs(frame, ["first_group", "second_group"], order, ["htmt_between"])
    return TableSpec(
        key="multitrait_htmt",
        caption=wording.text("table.multitrait_htmt.title"),
        columns=(
            make_column("first_group", wording),
            make_column("second_group", wording),
            *make_pair("htmt_between", wording, level=result.level, digits=2),
        ),
        rows=tuple(
            (*(name_subject(key, methodology, wording) for key in pair), *row)
            for pair, row in pairs.items()
        ),
        notes=(wording.text("table.multitrait_htmt.note"),),
    )


def _count(value: Value) -> int | None:
    return int(value) if isinstance(value, float | int) else None


RECIPES = (
    make_recipe("multitrait_same", "multitrait", MultitraitMatrix, build_same),
    make_recipe("multitrait_criteria", "multitrait", MultitraitMatrix, build_criteria),
    make_recipe("multitrait_htmt", "multitrait", MultitraitMatrix, build_htmt),
)
