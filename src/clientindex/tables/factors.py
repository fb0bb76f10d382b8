"""Eigenvalues, variance by factor and correlations of factors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.results import ExploratoryModel
from clientindex.tables.columns import make_column
from clientindex.tables.recipe import TableRecipe
from clientindex.tables.spec import Column, TableSpec, clean_value, collect_rows
from clientindex.wording.absence import take
from clientindex.wording.names import name_factor, name_group

if TYPE_CHECKING:
    from clientindex.methodology import Methodology
    from clientindex.results import Bundle
    from clientindex.wording import Wording


def build_eigenvalues(model: ExploratoryModel, *, wording: Wording) -> TableSpec:
    """Build one row an eigenvalue of the correlation matrix, largest first."""
    return TableSpec(
        key="eigenvalues",
        caption=wording.text("table.eigenvalues.title"),
        columns=(
            make_column("number", wording, kind="integer"),
            make_column("eigenvalue", wording, kind="number", digits=2),
        ),
        rows=collect_rows(range(1, len(model.eigenvalues) + 1), model.eigenvalues),
    )


def build_variance(
    model: ExploratoryModel, *, methodology: Methodology, wording: Wording
) -> TableSpec:
    """Build one row a factor: the group it matches and its part of the variance."""
    frame, level = model.variance, wording.percent(model.level)
    return TableSpec(
        key="variance",
        caption=wording.text("table.variance.title"),
        columns=(
            make_column("factor", wording),
            make_column("matched_group", wording),
            make_column("ss_loadings", wording, kind="number", digits=2),
            make_column("variance_share", wording, kind="percent", digits=1),
            make_column("variance_share_low", wording, kind="percent", digits=1, level=level),
            make_column("variance_share_high", wording, kind="percent", digits=1, level=level),
        ),
        rows=collect_rows(
            [name_factor(key, wording) for key in frame["factor"]],
            [
                name_group(key, methodology, wording) if key else None
                for key in frame["matched_group"]
            ],
            frame["ss_loadings"],
            frame["share"],
            frame["ci_low"],
            frame["ci_high"],
        ),
        notes=(wording.text("table.variance.note"),),
    )


def build_factor_correlations(model: ExploratoryModel, *, wording: Wording) -> TableSpec:
    """Build the correlations of factors as a square table."""
    frame = model.factor_correlations
    factors = list(dict.fromkeys(frame["factor"]))
    estimates = frame.set_index(["factor", "other"])["estimate"].to_dict()
    return TableSpec(
        key="factor_correlations",
        caption=wording.text("table.factor_correlations.title"),
        columns=(
            make_column("factor", wording),
            *(
                Column(key=f, header=name_factor(f, wording), kind="number", digits=2)
                for f in factors
            ),
        ),
        rows=tuple(
            (
                name_factor(one, wording),
                *(1.0 if one == other else clean_value(estimates[one, other]) for other in factors),
            )
            for one in factors
        ),
    )


def _build_eigenvalues(bundle: Bundle, wording: Wording) -> TableSpec:
    return build_eigenvalues(take(bundle, "exploratory", ExploratoryModel), wording=wording)


def _build_variance(bundle: Bundle, wording: Wording) -> TableSpec:
    model = take(bundle, "exploratory", ExploratoryModel)
    return build_variance(model, methodology=bundle.methodology, wording=wording)


def _build_correlations(bundle: Bundle, wording: Wording) -> TableSpec:
    model = take(bundle, "exploratory", ExploratoryModel)
    return build_factor_correlations(model, wording=wording)


NEEDS = ("exploratory",)
EIGENVALUES = TableRecipe(name="eigenvalues", needs=NEEDS, build=_build_eigenvalues)
VARIANCE = TableRecipe(name="variance", needs=NEEDS, build=_build_variance)
CORRELATIONS = TableRecipe(name="factor_correlations", needs=NEEDS, build=_build_correlations)
