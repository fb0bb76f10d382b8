"""All coefficients side by side; omegas with their intervals, of one factor and of several."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.results import INDEX, Consistency, OmegaTable
from clientindex.tables.columns import make_column
from clientindex.tables.recipe import make_recipe
from clientindex.tables.reliability.wide import collect_pairs, make_pair
from clientindex.tables.spec import Column, TableSpec, clean_value
from clientindex.wording.consistency import pick
from clientindex.wording.names import name_group

if TYPE_CHECKING:
    from clientindex.methodology import Methodology
    from clientindex.wording import Wording

SHOWN = {
    "omega_total": "omega",
    "green_yang": "categorical_omega",
    "greatest_lower_bound": "glb",
}
"""Coefficient -> its column."""

OVERVIEW = (
    *("alpha", "standardised_alpha", "mean_inter_item", "error_of_measurement"),
    *("lambda_1", "lambda_2", "lambda_4", "lambda_5", "lambda_6", "greatest_lower_bound"),
    *("split_half_max", "split_half_mean", "split_half_min"),
    *("omega_total", "composite_reliability", "coefficient_h", "ave"),
    *("green_yang", "ordinal_alpha", "latent_omega"),
)
"""Lambda 3 is alpha."""

SOLUTIONS = ("schmid_leiman", "correlated", "bifactor")


def list_groups(methodology: Methodology) -> tuple[str, ...]:
    """Return the groups, then all indicators."""
    return (*methodology.group_keys, INDEX)


def build_overview(result: Consistency, methodology: Methodology, wording: Wording) -> TableSpec:
    """Build one row a coefficient of everybody and a column a group; intervals are in files."""
    frame = pick(result, *OVERVIEW)
    frame = frame[frame["kind"] == "all"]
    known = frame.pivot_table(index="statistic", columns="group", values="estimate")
    groups = [key for key in list_groups(methodology) if key in known]
    names = [key for key in OVERVIEW if key in known.index]
    columns = [
        Column(key=key, header=name_group(key, methodology, wording), kind="number", digits=2)
        for key in groups
    ]
    splits = "all" if result.exhaustive_splits else "sampled"
    return TableSpec(
        key="coefficient_overview",
        caption=wording.text("table.coefficient_overview.title"),
        columns=(make_column("coefficient", wording), *columns),
        rows=tuple(
            (
                wording.text(f"coefficient.{name}"),
                *(clean_value(known.loc[name, group]) for group in groups),
            )
            for name in names
        ),
        notes=(
            wording.text(
                "table.coefficient_overview.note",
                splits=wording.text(f"table.coefficient_overview.{splits}"),
            ),
        ),
    )


def build_omegas(result: Consistency, methodology: Methodology, wording: Wording) -> TableSpec:
    """Build one row a group with three coefficients of everybody."""
    frame = pick(result, *SHOWN)
    pairs = collect_pairs(
        frame[frame["kind"] == "all"], ["group"], list_groups(methodology), list(SHOWN)
    )
    columns = [
        column
        for key in SHOWN.values()
        for column in make_pair(key, wording, level=result.level, digits=2)
    ]
    replicates = wording.integer(result.replicates)
    return TableSpec(
        key="omega_one_factor",
        caption=wording.text("table.omega_one_factor.title"),
        columns=(make_column("group", wording), *columns),
        rows=tuple((name_group(key, methodology, wording), *row) for key, row in pairs.items()),
        notes=(wording.text("table.omega_one_factor.note", replicates=replicates),),
    )


def build_solutions(result: OmegaTable, methodology: Methodology, wording: Wording) -> TableSpec:
    """Build one row a group and solution of everybody: omega total and hierarchical."""
    frame = result.frame
    order = [(key, solution) for key in list_groups(methodology) for solution in SOLUTIONS]
    pairs = collect_pairs(
        frame[frame["kind"] == "all"],
        ["group", "solution"],
        order,
        ["omega_total", "omega_hierarchical"],
    )
    columns = [
        column
        for key in ("omega", "omega_h")
        for column in make_pair(key, wording, level=result.level, digits=2)
    ]
    return TableSpec(
        key="omega_solutions",
        caption=wording.text("table.omega_solutions.title"),
        columns=(make_column("group", wording), make_column("solution", wording), *columns),
        rows=tuple(
            (
                name_group(key, methodology, wording),
                wording.text(f"solution.{solution}"),
                *row,
            )
            for (key, solution), row in pairs.items()
        ),
        notes=(
            wording.text(
                "table.omega_solutions.note", replicates=wording.integer(result.replicates)
            ),
        ),
    )


RECIPES = (
    make_recipe("coefficient_overview", "consistency", Consistency, build_overview),
    make_recipe("omega_one_factor", "consistency", Consistency, build_omegas),
    make_recipe("omega_solutions", "omegas", OmegaTable, build_solutions),
)
