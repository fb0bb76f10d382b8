"""The structure within and between centres: variance, likeness, fit, and all numbers for files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.results import Levels
from clientindex.tables.columns import make_column, make_interval
from clientindex.tables.recipe import make_recipe
from clientindex.tables.spec import Column, TableSpec, clean_value, collect_rows, pair_ends
from clientindex.wording.fits import find_version, list_level_fits
from clientindex.wording.names import name_indicator, name_model, name_parameter, name_variable

if TYPE_CHECKING:
    from clientindex.methodology import Methodology
    from clientindex.wording import Wording


def build_icc(result: Levels, methodology: Methodology, wording: Wording) -> TableSpec:
    """Build one row an indicator: variances and the share between centres."""
    frame = result.variances
    return TableSpec(
        key="icc1",
        caption=wording.text("table.icc1.title"),
        columns=(
            make_column("indicator", wording),
            make_column("within_variance", wording, kind="number", digits=3),
            make_column("between_variance", wording, kind="number", digits=3),
            make_column("icc_1", wording, kind="number", digits=3),
            make_interval("icc_1_ci", wording, level=result.confidence, digits=3),
        ),
        rows=collect_rows(
            [name_indicator(key, methodology, wording) for key in frame["indicator"]],
            frame["within"],
            frame["between"],
            frame["estimate"],
            pair_ends(frame["ci_low"], frame["ci_high"]),
        ),
        notes=(
            wording.text(
                "table.icc1.note",
                n=wording.integer(result.n),
                centres=wording.integer(result.n_centres),
                size=wording.number(result.mean_size),
                replicates=wording.integer(result.replicates),
            ),
        ),
    )


def build_congruence(result: Levels, methodology: Methodology, wording: Wording) -> TableSpec:
    """Build one row a factor: how alike it is within and between centres."""
    frame = result.congruence
    threshold = methodology.thresholds.congruence
    return TableSpec(
        key="level_congruence",
        caption=wording.text("table.level_congruence.title"),
        columns=(
            make_column("group", wording),
            make_column("congruence", wording, kind="number", digits=2),
            make_interval("congruence_ci", wording, level=result.confidence, digits=2),
            make_column("verdict", wording),
        ),
        rows=collect_rows(
            [name_variable(key, methodology, wording) for key in frame["factor"]],
            frame["estimate"],
            pair_ends(frame["ci_low"], frame["ci_high"]),
            [wording.text(f"level.congruence.{threshold.classify(x)}") for x in frame["estimate"]],
        ),
        notes=(
            wording.text(
                "table.level_congruence.note", source=threshold.source.in_language(wording.language)
            ),
        ),
    )


def build_fit(result: Levels, methodology: Methodology, wording: Wording) -> TableSpec:
    """Build one row a level and model, with the version of the measures named."""
    fits = list_level_fits(result)
    version = find_version(fits.values())
    named = wording.text(f"version_short.{version.removeprefix('_') or 'naive'}")

    def head(name: str) -> str:
        return wording.text("column.in_version", of=wording.text(f"column.{name}"), version=named)

    rows = [
        (
            wording.text(f"data_level.{level}"),
            name_model(model, methodology, wording),
            *(clean_value(fit.get(f"{name}{version}")) for name in ("cfi", "tli", "rmsea")),
            clean_value(fit.get("srmr")),
        )
        for (level, model), fit in fits.items()
    ]
    return TableSpec(
        key="level_fit",
        caption=wording.text("table.level_fit.title"),
        columns=(
            make_column("data_level", wording),
            make_column("model", wording),
            *(
                Column(key=name, header=head(name), kind="number", digits=3)
                for name in ("cfi", "tli", "rmsea")
            ),
            make_column("srmr", wording, kind="number", digits=3),
        ),
        rows=tuple(rows),
        notes=(wording.text("table.level_fit.note"),),
    )


def build_eigenvalues(result: Levels, methodology: Methodology, wording: Wording) -> TableSpec:
    """Build one row a level and eigenvalue."""
    del methodology
    frame = result.eigenvalues
    return TableSpec(
        key="level_eigenvalues",
        caption=wording.text("table.level_eigenvalues.title"),
        columns=(
            make_column("data_level", wording),
            make_column("number", wording, kind="integer"),
            make_column("eigenvalue", wording, kind="number", digits=3),
            make_interval("eigenvalue_ci", wording, level=result.confidence, digits=3),
        ),
        rows=collect_rows(
            [wording.text(f"data_level.{key}") for key in frame["level"]],
            frame["position"],
            frame["estimate"],
            pair_ends(frame["ci_low"], frame["ci_high"]),
        ),
    )


def build_correlations(result: Levels, methodology: Methodology, wording: Wording) -> TableSpec:
    """Build one row a level and pair of indicators."""
    frame = result.correlations
    return TableSpec(
        key="level_correlations",
        caption=wording.text("table.level_correlations.title"),
        columns=(
            make_column("data_level", wording),
            make_column("indicator", wording),
            make_column("other_indicator", wording),
            make_column("correlation", wording, kind="number", digits=3),
            make_interval("correlation_ci", wording, level=result.confidence, digits=3),
        ),
        rows=collect_rows(
            [wording.text(f"data_level.{key}") for key in frame["level"]],
            [name_indicator(key, methodology, wording) for key in frame["indicator"]],
            [name_indicator(key, methodology, wording) for key in frame["other"]],
            frame["estimate"],
            pair_ends(frame["ci_low"], frame["ci_high"]),
        ),
    )


def build_loadings(result: Levels, methodology: Methodology, wording: Wording) -> TableSpec:
    """Build one row a level, indicator and factor."""
    frame = result.loadings
    return TableSpec(
        key="level_loadings",
        caption=wording.text("table.level_loadings.title"),
        columns=(
            make_column("data_level", wording),
            make_column("indicator", wording),
            make_column("factor", wording),
            make_column("loading", wording, kind="number", digits=3),
            make_interval("loading_ci", wording, level=result.confidence, digits=3),
        ),
        rows=collect_rows(
            [wording.text(f"data_level.{key}") for key in frame["level"]],
            [name_indicator(key, methodology, wording) for key in frame["indicator"]],
            [name_variable(key, methodology, wording) for key in frame["factor"]],
            frame["estimate"],
            pair_ends(frame["ci_low"], frame["ci_high"]),
        ),
    )


def build_parameters(result: Levels, methodology: Methodology, wording: Wording) -> TableSpec:
    """Build one row a level, model and parameter."""
    frame = result.parameters
    parts = zip(frame["lhs"], frame["op"], frame["rhs"], strict=True)
    return TableSpec(
        key="level_parameters",
        caption=wording.text("table.level_parameters.title"),
        columns=(
            make_column("data_level", wording),
            make_column("model", wording),
            make_column("parameter", wording),
            make_column("estimate", wording, kind="number", digits=3),
            make_column("std_error", wording, kind="number", digits=3),
            make_column("standardised", wording, kind="number", digits=3),
        ),
        rows=collect_rows(
            [wording.text(f"data_level.{key}") for key in frame["level"]],
            [name_model(key, methodology, wording) for key in frame["model"]],
            [name_parameter(*part, methodology, wording) for part in parts],
            frame["estimate"],
            frame["std_error"],
            frame["standardised"],
        ),
    )


RECIPES = (
    make_recipe("icc1", "levels", Levels, build_icc),
    make_recipe("level_congruence", "levels", Levels, build_congruence),
    make_recipe("level_fit", "levels", Levels, build_fit),
    make_recipe("level_eigenvalues", "levels", Levels, build_eigenvalues),
    make_recipe("level_correlations", "levels", Levels, build_correlations),
    make_recipe("level_loadings", "levels", Levels, build_loadings),
    make_recipe("level_parameters", "levels", Levels, build_parameters),
)
