"""Loadings of the exploratory model: a matrix for pages, intervals for files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.results import ExploratoryModel
from clientindex.tables.columns import make_column, make_interval
from clientindex.tables.recipe import TableRecipe
from clientindex.tables.spec import Column, TableSpec, clean_value, collect_rows, pair_ends
from clientindex.wording.absence import take
from clientindex.wording.names import name_factor, name_group, name_indicator

if TYPE_CHECKING:
    from clientindex.methodology import Methodology
    from clientindex.results import Bundle
    from clientindex.wording import Wording


def build_loadings(
    model: ExploratoryModel, *, methodology: Methodology, wording: Wording
) -> TableSpec:
    """Build one row an indicator: pattern loadings on every factor and the communality."""
    frame = model.loadings
    factors = list(dict.fromkeys(frame["factor"]))
    estimates = frame.set_index(["indicator", "factor"])["estimate"].to_dict()
    communality = model.communalities.set_index("indicator")["communality"].to_dict()
    rows = [
        (
            name_indicator(key, methodology, wording),
            *(clean_value(estimates[key, factor]) for factor in factors),
            clean_value(communality[key]),
        )
        for key in dict.fromkeys(frame["indicator"])
    ]
    return TableSpec(
        key="loadings",
        caption=wording.text("table.loadings.title"),
        columns=(
            make_column("indicator", wording),
            *(
                Column(key=f, header=name_factor(f, wording), kind="number", digits=2)
                for f in factors
            ),
            make_column("communality", wording, kind="number", digits=2),
        ),
        rows=tuple(rows),
        notes=(_describe_model(model, wording),),
    )


def build_loading_intervals(
    model: ExploratoryModel, *, methodology: Methodology, wording: Wording
) -> TableSpec:
    """Build one row an indicator and factor with the interval of the loading."""
    frame = model.loadings
    return TableSpec(
        key="loading_intervals",
        caption=wording.text("table.loading_intervals.title"),
        columns=(
            make_column("indicator", wording),
            make_column("group", wording),
            make_column("factor", wording),
            make_column("loading", wording, kind="number", digits=2),
            make_interval("loading_ci", wording, level=model.level, digits=2),
            make_column("structure_coefficient", wording, kind="number", digits=2),
        ),
        rows=collect_rows(
            [name_indicator(key, methodology, wording) for key in frame["indicator"]],
            [name_group(key, methodology, wording) for key in frame["group"]],
            [name_factor(key, wording) for key in frame["factor"]],
            frame["estimate"],
            pair_ends(frame["ci_low"], frame["ci_high"]),
            frame["structure"],
        ),
        notes=(_describe_model(model, wording),),
    )


def _describe_model(model: ExploratoryModel, wording: Wording) -> str:
    return wording.text(
        "table.loadings.note",
        basis=wording.text(f"basis_by.{model.basis}"),
        method=wording.text(f"extraction.{model.method}"),
        rotation=wording.text(f"rotation.{model.rotation}"),
        missing=wording.text(f"missing_rule.{model.missing}"),
        n=wording.integer(model.n),
    )


def _build(bundle: Bundle, wording: Wording) -> TableSpec:
    model = take(bundle, "exploratory", ExploratoryModel)
    return build_loadings(model, methodology=bundle.methodology, wording=wording)


def _build_intervals(bundle: Bundle, wording: Wording) -> TableSpec:
    model = take(bundle, "exploratory", ExploratoryModel)
    return build_loading_intervals(model, methodology=bundle.methodology, wording=wording)


RECIPE = TableRecipe(name="loadings", needs=("exploratory",), build=_build)
INTERVALS = TableRecipe(name="loading_intervals", needs=("exploratory",), build=_build_intervals)
