"""Confirmatory models side by side: fit, versions of the fit measures, nested tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.results import ConfirmatoryModels
from clientindex.tables.columns import make_column, make_interval
from clientindex.tables.recipe import make_recipe
from clientindex.tables.spec import Column, TableSpec, Value, clean_value, collect_rows
from clientindex.tables.structure.chi_square import make_df_column, make_p_column, tell_p
from clientindex.wording.fits import VERSIONS, choose_version, list_fits
from clientindex.wording.names import name_model

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from clientindex.methodology import Methodology
    from clientindex.wording import Wording

CHI2_SCALED = ("chi2_scaled", "p_scaled")
CHI2_NAIVE = ("chi2", "p")
RMSEA_LEVEL = 0.9
"""Level of the interval of RMSEA, by custom."""


def build_comparison(
    result: ConfirmatoryModels, methodology: Methodology, wording: Wording
) -> TableSpec:
    """Build one row a model of the leading estimator with the version of every measure named."""
    models = result.models.loc[result.models["estimator"] == result.main]
    return TableSpec(
        key="model_comparison",
        caption=wording.text("table.model_comparison.title"),
        columns=(
            make_column("model", wording),
            *_list_columns(result, [result.main], wording),
        ),
        rows=_list_rows(models, result, methodology, wording),
        notes=_list_notes(result, [result.main], wording),
    )


def build_others(
    result: ConfirmatoryModels, methodology: Methodology, wording: Wording
) -> TableSpec:
    """Build the same for the other estimators."""
    models = result.models.loc[result.models["estimator"] != result.main]
    estimators = list(dict.fromkeys(models["estimator"]))
    rows: list[tuple[Value, ...]] = []
    for estimator in estimators:
        chosen = models.loc[models["estimator"] == estimator]
        named = wording.text(f"estimator.{estimator}")
        rows += [(named, *row) for row in _list_rows(chosen, result, methodology, wording)]
    return TableSpec(
        key="model_comparison_others",
        caption=wording.text("table.model_comparison_others.title"),
        columns=(
            make_column("estimator", wording),
            make_column("model", wording),
            *_list_columns(result, estimators, wording),
        ),
        rows=tuple(rows),
        notes=_list_notes(result, estimators, wording),
    )


def build_versions(
    result: ConfirmatoryModels, methodology: Methodology, wording: Wording
) -> TableSpec:
    """Build one row a model of the leading estimator and version of the measures."""
    rows = [
        (
            name_model(model, methodology, wording),
            wording.text(f"version.{version.removeprefix('_') or 'naive'}"),
            *_take(fit, f"cfi{version}", f"tli{version}", f"rmsea{version}"),
            _take_ends(fit, version),
        )
        for (model, estimator), fit in list_fits(result).items()
        for version in VERSIONS
        if estimator == result.main and f"cfi{version}" in fit
    ]
    return TableSpec(
        key="fit_versions",
        caption=wording.text("table.fit_versions.title"),
        columns=(
            make_column("model", wording),
            make_column("version_of", wording),
            make_column("cfi", wording, kind="number", digits=3),
            make_column("tli", wording, kind="number", digits=3),
            make_column("rmsea", wording, kind="number", digits=3),
            make_interval("rmsea_ci", wording, level=RMSEA_LEVEL, digits=3),
        ),
        rows=tuple(rows),
        notes=(wording.text("table.fit_versions.note"),),
    )


def build_statistics(
    result: ConfirmatoryModels, methodology: Methodology, wording: Wording
) -> TableSpec:
    """Build every statistic of every model as it stands in the result."""
    frame = result.fit
    return TableSpec(
        key="model_statistics",
        caption=wording.text("table.model_statistics.title"),
        columns=(
            make_column("estimator", wording),
            make_column("model", wording),
            make_column("statistic", wording),
            make_column("value", wording, kind="number", digits=4),
        ),
        rows=collect_rows(
            [wording.text(f"estimator.{key}") for key in frame["estimator"]],
            [name_model(key, methodology, wording) for key in frame["model"]],
            frame["statistic"],
            frame["value"],
        ),
    )


def build_syntax(
    result: ConfirmatoryModels, methodology: Methodology, wording: Wording
) -> TableSpec:
    """Build one row a model and estimator: status and the model as text."""
    frame = result.models
    return TableSpec(
        key="model_syntax",
        caption=wording.text("table.model_syntax.title"),
        columns=(
            make_column("estimator", wording),
            make_column("model", wording),
            make_column("status", wording),
            make_column("n_parameters", wording, kind="integer"),
            make_df_column(wording),
            make_column("syntax", wording),
        ),
        rows=collect_rows(
            [wording.text(f"estimator.{key}") for key in frame["estimator"]],
            [name_model(key, methodology, wording) for key in frame["model"]],
            [wording.text(f"status.{key}") for key in frame["status"]],
            frame["n_parameters"],
            frame["df"],
            ["; ".join(str(text).splitlines()) for text in frame["syntax"]],
        ),
    )


def build_nested(
    result: ConfirmatoryModels, methodology: Methodology, wording: Wording
) -> TableSpec:
    """Build one row a pair of nested models and estimator."""
    frame = result.nested
    return TableSpec(
        key="nested_tests",
        caption=wording.text("table.nested_tests.title"),
        columns=(
            make_column("estimator", wording),
            make_column("constrained", wording),
            make_column("freer", wording),
            make_column("chi2_difference", wording, kind="number", digits=1),
            make_df_column(wording),
            make_p_column(wording, uninformative=result.uninformative),
            make_column("delta_cfi", wording, kind="number", digits=3),
            make_column("delta_rmsea", wording, kind="number", digits=3),
            make_column("delta_srmr", wording, kind="number", digits=3),
            make_column("difference_method", wording),
        ),
        rows=collect_rows(
            [wording.text(f"estimator.{key}") for key in frame["estimator"]],
            [name_model(key, methodology, wording) for key in frame["model"]],
            [name_model(key, methodology, wording) for key in frame["other"]],
            frame["chi2"],
            frame["df"].astype(int),
            tell_p(frame["p"], uninformative=result.uninformative, wording=wording),
            frame["delta_cfi"],
            frame["delta_rmsea"],
            frame["delta_srmr"],
            [wording.text(f"difference_method.{key}") for key in frame["method"]],
        ),
        notes=(wording.text("table.nested_tests.note"),),
    )


def _list_columns(
    result: ConfirmatoryModels, estimators: list[str], wording: Wording
) -> tuple[Column, ...]:
    """List the columns of fit; headings name versions where all rows have the same."""
    named = {_name_versions(result, key) for key in estimators}
    chi2, version = next(iter(named)) if len(named) == 1 else ("", "")

    def head(name: str, of: str) -> str:
        plain = wording.text(f"column.{name}")
        if not of:
            return plain
        short = wording.text(f"version_short.{of}")
        return wording.text("column.in_version", of=plain, version=short)

    return (
        Column(key="chi2", header=head("chi2", chi2), kind="number", digits=1),
        make_df_column(wording),
        make_p_column(wording, uninformative=result.uninformative),
        *(
            Column(key=name, header=head(name, version), kind="number", digits=3)
            for name in ("cfi", "tli", "rmsea")
        ),
        make_interval("rmsea_ci", wording, level=RMSEA_LEVEL, digits=3),
        make_column("srmr", wording, kind="number", digits=3),
        make_column("status", wording),
    )


def _name_versions(result: ConfirmatoryModels, estimator: str) -> tuple[str, str]:
    """Return the keys of the versions of chi-square and of the other measures."""
    chi2 = "scaled" if _has_scaled(result, estimator) else "naive"
    return chi2, choose_version(result, estimator).removeprefix("_") or "naive"


def _list_rows(
    models: pd.DataFrame, result: ConfirmatoryModels, methodology: Methodology, wording: Wording
) -> tuple[tuple[Value, ...], ...]:
    fits = list_fits(result)
    return tuple(
        (
            name_model(row["model"], methodology, wording),
            *_tell_fit(fits.get((row["model"], row["estimator"]), {}), result, row, wording),
            wording.text(f"status.{row['status']}"),
        )
        for row in models.to_dict("records")
    )


def _tell_fit(
    fit: Mapping[str, float],
    result: ConfirmatoryModels,
    row: Mapping[object, object],
    wording: Wording,
) -> tuple[Value, ...]:
    estimator = str(row["estimator"])
    version = choose_version(result, estimator)
    chi2, p = _take(fit, *(CHI2_SCALED if _has_scaled(result, estimator) else CHI2_NAIVE))
    told = wording.text("uninformative.word") if result.uninformative and fit else p
    return (
        chi2,
        clean_value(row["df"]),
        told,
        *_take(fit, f"cfi{version}", f"tli{version}", f"rmsea{version}"),
        _take_ends(fit, version),
        *_take(fit, "srmr"),
    )


def _has_scaled(result: ConfirmatoryModels, estimator: str) -> bool:
    statistics = result.fit.loc[result.fit["estimator"] == estimator, "statistic"]
    return "chi2_scaled" in set(statistics)


def _take(fit: Mapping[str, float], *names: str) -> tuple[Value, ...]:
    return tuple(clean_value(fit.get(name)) for name in names)


def _take_ends(fit: Mapping[str, float], version: str) -> Value:
    names = (f"rmsea_ci_low{version}", f"rmsea_ci_high{version}")
    return clean_value(_take(fit, *names))


def _list_notes(
    result: ConfirmatoryModels, estimators: list[str], wording: Wording
) -> tuple[str, ...]:
    named = [wording.text(f"estimator_long.{key}") for key in estimators]
    how = wording.text(
        "table.model_comparison.note",
        estimators="; ".join(named) or wording.missing,
        n=wording.integer(result.n),
        centres=wording.integer(result.n_centres),
        missing=wording.text(f"missing_rule.{result.missing}"),
    )
    versions = [_tell_versions(result, key, wording) for key in estimators]
    notes = [how, *dict.fromkeys(versions)]
    shown = result.models["estimator"].isin(estimators)
    if (result.models.loc[shown, "status"] == "heywood").any():
        notes.append(wording.text("table.model_comparison.heywood"))
    if result.uninformative:
        notes.append(wording.text("uninformative.note"))
    return tuple(notes)


def _tell_versions(result: ConfirmatoryModels, estimator: str, wording: Wording) -> str:
    chi2, measures = _name_versions(result, estimator)
    return wording.text(
        "table.model_comparison.versions",
        chi2=wording.text(f"version.{chi2}"),
        measures=wording.text(f"version_of_measures.{measures}"),
    )


RECIPES = (
    make_recipe("model_comparison", "confirmatory", ConfirmatoryModels, build_comparison),
    make_recipe("model_comparison_others", "confirmatory", ConfirmatoryModels, build_others),
    make_recipe("fit_versions", "confirmatory", ConfirmatoryModels, build_versions),
    make_recipe("nested_tests", "confirmatory", ConfirmatoryModels, build_nested),
    make_recipe("model_statistics", "confirmatory", ConfirmatoryModels, build_statistics),
    make_recipe("model_syntax", "confirmatory", ConfirmatoryModels, build_syntax),
)
