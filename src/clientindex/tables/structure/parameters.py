"""Parameters of the confirmatory models, and where the intended model misses the data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from clientindex.results import ConfirmatoryModels
from clientindex.tables.columns import make_column, make_interval
from clientindex.tables.recipe import make_recipe
from clientindex.tables.spec import Column, TableSpec, collect_rows, pair_ends
from clientindex.tables.structure.chi_square import make_p_column, tell_p
from clientindex.wording.fits import CORRELATED
from clientindex.wording.names import (
    name_indicator,
    name_model,
    name_parameter,
    name_variable,
)

if TYPE_CHECKING:
    import pandas as pd

    from clientindex.methodology import Methodology
    from clientindex.wording import Wording

N_LARGEST: Final = 10
"""Rows in the short tables of modification indices and residuals."""


def build_intended(
    result: ConfirmatoryModels, methodology: Methodology, wording: Wording
) -> TableSpec:
    """Build loadings and factor correlations of the intended model, standardised."""
    frame = select_intended(result.parameters, result)
    kept = (frame["op"] == "=~") | ((frame["op"] == "~~") & (frame["lhs"] != frame["rhs"]))
    frame = frame.loc[kept]
    return TableSpec(
        key="model_parameters",
        caption=wording.text("table.model_parameters.title"),
        columns=(
            make_column("parameter", wording),
            make_column("standardised", wording, kind="number", digits=2),
            make_column("standardised_se", wording, kind="number", digits=3),
            make_column("estimate", wording, kind="number", digits=2),
            make_interval("estimate_ci", wording, level=result.level, digits=2),
        ),
        rows=collect_rows(
            _name_parameters(frame, methodology, wording),
            frame["standardised"],
            frame["standardised_se"],
            frame["estimate"],
            pair_ends(frame["ci_low"], frame["ci_high"]),
        ),
        notes=(_describe(result, wording),),
    )


def build_all(result: ConfirmatoryModels, methodology: Methodology, wording: Wording) -> TableSpec:
    """Build every parameter of every model."""
    frame = result.parameters
    return TableSpec(
        key="all_model_parameters",
        caption=wording.text("table.all_model_parameters.title"),
        columns=(
            *_list_keys(wording),
            make_column("estimate", wording, kind="number", digits=3),
            make_column("std_error", wording, kind="number", digits=3),
            make_interval("estimate_ci", wording, level=result.level, digits=3),
            make_column("p", wording, kind="p_value"),
            make_column("standardised", wording, kind="number", digits=3),
            make_column("standardised_se", wording, kind="number", digits=3),
        ),
        rows=collect_rows(
            *_list_values(frame, methodology, wording),
            frame["estimate"],
            frame["std_error"],
            pair_ends(frame["ci_low"], frame["ci_high"]),
            frame["p"],
            frame["standardised"],
            frame["standardised_se"],
        ),
    )


def build_modifications(
    result: ConfirmatoryModels, methodology: Methodology, wording: Wording
) -> TableSpec:
    """Build the largest modification indices of the intended model."""
    frame = select_intended(result.modifications, result).head(N_LARGEST)
    return TableSpec(
        key="modification_indices",
        caption=wording.text("table.modification_indices.title"),
        columns=(
            make_column("parameter", wording),
            *_list_modification_columns(result, wording),
        ),
        rows=collect_rows(
            _name_parameters(frame, methodology, wording),
            *_list_modification_values(frame, result, wording),
        ),
        notes=(wording.text("table.modification_indices.note"),),
    )


def build_all_modifications(
    result: ConfirmatoryModels, methodology: Methodology, wording: Wording
) -> TableSpec:
    """Build the modification indices of every model."""
    frame = result.modifications
    return TableSpec(
        key="all_modification_indices",
        caption=wording.text("table.all_modification_indices.title"),
        columns=(*_list_keys(wording), *_list_modification_columns(result, wording)),
        rows=collect_rows(
            *_list_values(frame, methodology, wording),
            *_list_modification_values(frame, result, wording),
        ),
    )


def build_residuals(
    result: ConfirmatoryModels, methodology: Methodology, wording: Wording
) -> TableSpec:
    """Build the pairs that the intended model misses most."""
    frame = select_intended(result.residuals, result)
    order = frame["residual"].abs().sort_values(ascending=False, kind="stable").index
    frame = frame.loc[order].head(N_LARGEST)
    return TableSpec(
        key="model_residuals",
        caption=wording.text("table.model_residuals.title"),
        columns=_list_residual_columns(wording),
        rows=collect_rows(*_list_residuals(frame, methodology, wording)),
        notes=(_describe(result, wording),),
    )


def build_all_residuals(
    result: ConfirmatoryModels, methodology: Methodology, wording: Wording
) -> TableSpec:
    """Build the residual correlations of every model and pair."""
    frame = result.residuals
    return TableSpec(
        key="all_model_residuals",
        caption=wording.text("table.all_model_residuals.title"),
        columns=(
            make_column("estimator", wording),
            make_column("model", wording),
            *_list_residual_columns(wording),
        ),
        rows=collect_rows(
            [wording.text(f"estimator.{key}") for key in frame["estimator"]],
            [name_model(key, methodology, wording) for key in frame["model"]],
            *_list_residuals(frame, methodology, wording),
        ),
    )


def build_scores(
    result: ConfirmatoryModels, methodology: Methodology, wording: Wording
) -> TableSpec:
    """Build mean factor scores of the centres."""
    frame = result.scores
    return TableSpec(
        key="factor_scores",
        caption=wording.text("table.factor_scores.title"),
        columns=(
            make_column("centre_id", wording),
            make_column("estimator", wording),
            make_column("model", wording),
            make_column("score_method", wording),
            make_column("factor", wording),
            make_column("factor_score", wording, kind="number", digits=3),
        ),
        rows=collect_rows(
            frame["centre"],
            [wording.text(f"estimator.{key}") for key in frame["estimator"]],
            [name_model(key, methodology, wording) for key in frame["model"]],
            [wording.text(f"score_method.{key}") for key in frame["method"]],
            [name_variable(key, methodology, wording) for key in frame["factor"]],
            frame["estimate"],
        ),
    )


def select_intended(frame: pd.DataFrame, result: ConfirmatoryModels) -> pd.DataFrame:
    """Return the rows of the intended model by the leading estimator."""
    return frame.loc[(frame["model"] == CORRELATED) & (frame["estimator"] == result.main)]


def _name_parameters(frame: pd.DataFrame, methodology: Methodology, wording: Wording) -> list[str]:
    parts = zip(frame["lhs"], frame["op"], frame["rhs"], strict=True)
    return [name_parameter(*part, methodology, wording) for part in parts]


def _list_keys(wording: Wording) -> tuple[Column, ...]:
    return (
        make_column("estimator", wording),
        make_column("model", wording),
        make_column("parameter", wording),
        make_column("notation", wording),
    )


def _list_values(
    frame: pd.DataFrame, methodology: Methodology, wording: Wording
) -> tuple[object, ...]:
    return (
        [wording.text(f"estimator.{key}") for key in frame["estimator"]],
        [name_model(key, methodology, wording) for key in frame["model"]],
        _name_parameters(frame, methodology, wording),
        frame["lhs"] + " " + frame["op"] + " " + frame["rhs"],
    )


def _list_modification_columns(result: ConfirmatoryModels, wording: Wording) -> tuple[Column, ...]:
    return (
        make_column("mi", wording, kind="number", digits=1),
        make_column("mi_scaled", wording, kind="number", digits=1),
        make_p_column(wording, uninformative=result.uninformative),
        make_column("epc", wording, kind="number", digits=2),
        make_column("epc_standardised", wording, kind="number", digits=2),
    )


def _list_modification_values(
    frame: pd.DataFrame, result: ConfirmatoryModels, wording: Wording
) -> tuple[object, ...]:
    return (
        frame["mi"],
        frame["mi_scaled"],
        tell_p(frame["p"], uninformative=result.uninformative, wording=wording),
        frame["epc"],
        frame["epc_standardised"],
    )


def _list_residual_columns(wording: Wording) -> tuple[Column, ...]:
    return (
        make_column("indicator", wording),
        make_column("other_indicator", wording),
        make_column("observed", wording, kind="number", digits=2),
        make_column("implied", wording, kind="number", digits=2),
        make_column("residual", wording, kind="number", digits=3),
    )


def _list_residuals(
    frame: pd.DataFrame, methodology: Methodology, wording: Wording
) -> tuple[object, ...]:
    return (
        [name_indicator(key, methodology, wording) for key in frame["indicator"]],
        [name_indicator(key, methodology, wording) for key in frame["other"]],
        frame["observed"],
        frame["implied"],
        frame["residual"],
    )


def _describe(result: ConfirmatoryModels, wording: Wording) -> str:
    return wording.text(
        "table.model_parameters.note",
        estimator=wording.text(f"estimator_long.{result.main}"),
        n=wording.integer(result.n),
        centres=wording.integer(result.n_centres),
    )


RECIPES = (
    make_recipe("model_parameters", "confirmatory", ConfirmatoryModels, build_intended),
    make_recipe("modification_indices", "confirmatory", ConfirmatoryModels, build_modifications),
    make_recipe("model_residuals", "confirmatory", ConfirmatoryModels, build_residuals),
    make_recipe("all_model_parameters", "confirmatory", ConfirmatoryModels, build_all),
    make_recipe(
        "all_modification_indices", "confirmatory", ConfirmatoryModels, build_all_modifications
    ),
    make_recipe("all_model_residuals", "confirmatory", ConfirmatoryModels, build_all_residuals),
    make_recipe("factor_scores", "confirmatory", ConfirmatoryModels, build_scores),
)
