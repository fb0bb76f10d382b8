"""Gaps between checklist and survey: what stands out, regions, bunching at the cuts of stars."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.results import ChecklistInflation
from clientindex.tables.columns import make_column, make_interval
from clientindex.tables.recipe import make_recipe
from clientindex.tables.spec import TableSpec, clean_value, collect_rows, pair_ends

if TYPE_CHECKING:
    from typing import Any

    from clientindex.methodology import Methodology
    from clientindex.tables.spec import Value
    from clientindex.wording import Wording

COUNTS = frozenset(
    {
        "flagged",
        "flagged_naively",
        "at_ceiling",
        "no_spread",
        "unverifiable_flagged",
        "beyond_95",
        "beyond_998",
    }
)
"""Numbers of centres; the other statistics are estimates."""


def build_summary(
    result: ChecklistInflation, methodology: Methodology, wording: Wording
) -> TableSpec:
    """Build one row a statistic; numbers of centres have a column of their own."""
    del methodology
    return TableSpec(
        key="inflation_summary",
        caption=wording.text("table.inflation_summary.title"),
        columns=(
            make_column("quantity", wording),
            make_column("estimate", wording, kind="number", digits=2),
            make_interval("estimate_ci", wording, level=result.level, digits=2),
            make_column("p_value", wording, kind="p_value"),
            make_column("centres_counted", wording, kind="integer"),
            make_column("of_which", wording, kind="integer"),
        ),
        rows=tuple(_tell(row, wording) for row in result.summary.to_dict("records")),
        notes=(
            wording.text(
                "table.inflation_summary.note",
                rate=wording.percent(result.fdr),
            ),
        ),
    )


def _tell(row: dict[Any, Any], wording: Wording) -> tuple[Value, ...]:
    name, value = str(row["statistic"]), clean_value(row["estimate"])
    is_count = name in COUNTS
    counted = int(value) if is_count and isinstance(value, float | int) else None
    return (
        wording.text(f"inflation.{name}"),
        None if is_count else value,
        clean_value((row["ci_low"], row["ci_high"])),
        clean_value(row["p_value"]),
        counted,
        clean_value(row["n"]),
    )


def build_regions(
    result: ChecklistInflation, methodology: Methodology, wording: Wording
) -> TableSpec:
    """Build one row a region: median gap, and its effect drawn to the mean."""
    del methodology
    frame = result.regions
    return TableSpec(
        key="inflation_regions",
        caption=wording.text("table.inflation_regions.title"),
        columns=(
            make_column("region", wording),
            make_column("n_centres", wording, kind="integer"),
            make_column("median_gap", wording, kind="number", digits=1),
            make_column("region_effect", wording, kind="number", digits=1),
            make_interval("region_effect_ci", wording, level=result.level, digits=1),
            make_column("shrinkage", wording, kind="number", digits=2),
        ),
        rows=collect_rows(
            frame["region"],
            frame["n"],
            frame["median"],
            frame["estimate"],
            pair_ends(frame["ci_low"], frame["ci_high"]),
            frame["shrinkage"],
        ),
        notes=(wording.text("table.inflation_regions.note"),),
    )


def build_bunching(
    result: ChecklistInflation, methodology: Methodology, wording: Wording
) -> TableSpec:
    """Build one row a cut of stars: checklists just below and just above it; then all cuts."""
    del methodology
    frame = result.bunching
    return TableSpec(
        key="bunching",
        caption=wording.text("table.bunching.title"),
        columns=(
            make_column("cut", wording),
            make_column("below_cut", wording, kind="integer"),
            make_column("above_cut", wording, kind="integer"),
            make_column("share_above", wording, kind="number", digits=2),
            make_interval("share_above_ci", wording, level=result.level, digits=2),
            make_column("p_value", wording, kind="p_value"),
        ),
        rows=collect_rows(
            [_name_cut(cut, wording) for cut in frame["cut"]],
            frame["below"],
            frame["above"],
            frame["share"],
            pair_ends(frame["ci_low"], frame["ci_high"]),
            frame["p_value"],
        ),
        notes=(wording.text("table.bunching.note", width=wording.number(result.width, 1)),),
    )


def _name_cut(cut: float, wording: Wording) -> str:
    """Write a cut with as many decimals as it has; no cut stands for all of them."""
    if clean_value(cut) is None:
        return wording.text("table.bunching.all")
    return wording.number(cut, 0 if float(cut).is_integer() else 1)


RECIPES = (
    make_recipe("inflation_summary", "inflation", ChecklistInflation, build_summary),
    make_recipe("inflation_regions", "inflation", ChecklistInflation, build_regions),
    make_recipe("bunching", "inflation", ChecklistInflation, build_bunching),
)
