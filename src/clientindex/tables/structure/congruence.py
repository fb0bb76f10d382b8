"""How alike the factors of every region are to those of the country."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.results import RegionCongruence
from clientindex.tables.columns import make_column, make_interval
from clientindex.tables.recipe import make_recipe
from clientindex.tables.spec import Column, TableSpec, clean_value, collect_rows, pair_ends
from clientindex.wording.absence import name_reason
from clientindex.wording.names import name_group

if TYPE_CHECKING:
    from clientindex.methodology import Methodology
    from clientindex.wording import Wording


def build_matrix(result: RegionCongruence, methodology: Methodology, wording: Wording) -> TableSpec:
    """Build one row a region, one column a factor."""
    frame = result.frame
    factors = list(dict.fromkeys(frame["factor"]))
    estimates = frame.set_index(["region", "factor"])["estimate"].to_dict()
    regions = frame.drop_duplicates("region")
    rows = [
        (
            str(region),
            int(n_centres),
            *(clean_value(estimates.get((region, factor))) for factor in factors),
        )
        for region, n_centres in zip(regions["region"], regions["n_centres"], strict=True)
    ]
    return TableSpec(
        key="region_congruence",
        caption=wording.text("table.region_congruence.title"),
        columns=(
            make_column("region", wording),
            make_column("n_centres", wording, kind="integer"),
            *(
                Column(
                    key=factor,
                    header=name_group(factor, methodology, wording),
                    kind="number",
                    digits=2,
                )
                for factor in factors
            ),
        ),
        rows=tuple(rows),
        notes=(
            wording.text(
                "table.region_congruence.note",
                basis=wording.text(f"basis_by.{result.basis}"),
                source=methodology.thresholds.congruence.source.in_language(wording.language),
            ),
        ),
    )


def build_intervals(
    result: RegionCongruence, methodology: Methodology, wording: Wording
) -> TableSpec:
    """Build one row a region and factor with the interval of the congruence."""
    frame = result.frame
    classify = methodology.thresholds.congruence.classify
    return TableSpec(
        key="region_congruence_intervals",
        caption=wording.text("table.region_congruence_intervals.title"),
        columns=(
            make_column("region", wording),
            make_column("group", wording),
            make_column("congruence", wording, kind="number", digits=3),
            make_interval("congruence_ci", wording, level=result.level, digits=3),
            make_column("n_centres", wording, kind="integer"),
            make_column("n", wording, kind="integer"),
            make_column("verdict", wording),
        ),
        rows=collect_rows(
            frame["region"],
            [name_group(key, methodology, wording) for key in frame["factor"]],
            frame["estimate"],
            pair_ends(frame["ci_low"], frame["ci_high"]),
            frame["n_centres"],
            frame["n"],
            [wording.text(f"level.congruence.{classify(x)}") for x in frame["estimate"]],
        ),
    )


def build_left_out(
    result: RegionCongruence, methodology: Methodology, wording: Wording
) -> TableSpec:
    """Build the regions that could not be compared, with the reason in words."""
    frame = result.left_out
    return TableSpec(
        key="regions_left_out",
        caption=wording.text("table.regions_left_out.title"),
        columns=(
            make_column("region", wording),
            make_column("n_centres", wording, kind="integer"),
            make_column("n", wording, kind="integer"),
            make_column("reason", wording),
        ),
        rows=collect_rows(
            frame["region"],
            frame["n_centres"],
            frame["n"],
            [
                name_reason(reason, detail, methodology, wording=wording)
                for reason, detail in zip(frame["reason"], frame["detail"], strict=True)
            ],
        ),
    )


RECIPES = (
    make_recipe("region_congruence", "region_congruence", RegionCongruence, build_matrix),
    make_recipe(
        "region_congruence_intervals", "region_congruence", RegionCongruence, build_intervals
    ),
    make_recipe("regions_left_out", "region_congruence", RegionCongruence, build_left_out),
)
