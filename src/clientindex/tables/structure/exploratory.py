"""The exploratory model beyond its loadings: fit, verdicts, congruence, rotations, residuals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.results import ExploratoryModel
from clientindex.tables.columns import make_column, make_interval
from clientindex.tables.recipe import make_recipe
from clientindex.tables.spec import Column, TableSpec, Value, clean_value, collect_rows, pair_ends
from clientindex.tables.structure.chi_square import make_df_column
from clientindex.wording.names import name_factor, name_group, name_indicator

if TYPE_CHECKING:
    from clientindex.methodology import Methodology
    from clientindex.wording import Wording


def build_fit(result: ExploratoryModel, methodology: Methodology, wording: Wording) -> TableSpec:
    """Build the statistics of fit in one row."""
    del methodology
    frame = result.fit.set_index("statistic")
    values = {key: clean_value(value) for key, value in frame["estimate"].items()}
    ends = clean_value((frame.loc["rmsea", "ci_low"], frame.loc["rmsea", "ci_high"]))
    df = values["df"]
    return TableSpec(
        key="exploratory_fit",
        caption=wording.text("table.exploratory_fit.title"),
        columns=(
            make_column("chi2", wording, kind="number", digits=1),
            make_df_column(wording),
            make_column("p", wording, kind="p_value"),
            make_column("rmsea", wording, kind="number", digits=3),
            make_interval("rmsea_ci", wording, level=result.level, digits=3),
            make_column("tli", wording, kind="number", digits=3),
            make_column("bic", wording, kind="number", digits=1),
            make_column("rmsr", wording, kind="number", digits=3),
        ),
        rows=(
            (
                values["chi2"],
                df,
                values["p"],
                values["rmsea"],
                ends,
                values["tli"],
                values["bic"],
                values["rmsr"],
            ),
        ),
        notes=(wording.text("table.exploratory_fit.note"),),
    )


def build_verdicts(
    result: ExploratoryModel, methodology: Methodology, wording: Wording
) -> TableSpec:
    """Build one row an indicator: which factors it loads on."""
    frame = result.verdicts
    return TableSpec(
        key="verdicts",
        caption=wording.text("table.verdicts.title"),
        columns=(
            make_column("indicator", wording),
            make_column("own_loading", wording, kind="number", digits=2),
            make_column("largest_other", wording, kind="number", digits=2),
            make_column("other_factor", wording),
            make_column("loads_on", wording),
            make_column("verdict_share", wording, kind="percent"),
        ),
        rows=collect_rows(
            [name_indicator(key, methodology, wording) for key in frame["indicator"]],
            frame["own_loading"],
            frame["largest_other"],
            frame["other_factor"],
            [wording.text(f"verdict.{key}") for key in frame["verdict"]],
            frame["share"],
        ),
        notes=(
            wording.text(
                "table.verdicts.note",
                salient=wording.number(methodology.factors.salient_loading, 1),
                replicates=wording.integer(result.replicates),
            ),
        ),
    )


def build_congruence(
    result: ExploratoryModel, methodology: Methodology, wording: Wording
) -> TableSpec:
    """Build one row a factor, one column a group."""
    frame = result.congruence
    groups = list(dict.fromkeys(frame["group"]))
    estimates = frame.set_index(["factor", "group"])["estimate"].to_dict()
    return TableSpec(
        key="factor_congruence",
        caption=wording.text("table.factor_congruence.title"),
        columns=(
            make_column("factor", wording),
            *(
                Column(
                    key=group,
                    header=name_group(group, methodology, wording),
                    kind="number",
                    digits=2,
                )
                for group in groups
            ),
        ),
        rows=tuple(
            (
                name_factor(factor, wording),
                *(clean_value(estimates[factor, group]) for group in groups),
            )
            for factor in dict.fromkeys(frame["factor"])
        ),
        notes=(
            wording.text(
                "table.factor_congruence.note",
                source=methodology.thresholds.congruence.source.in_language(wording.language),
            ),
        ),
    )


def build_congruence_intervals(
    result: ExploratoryModel, methodology: Methodology, wording: Wording
) -> TableSpec:
    """Build one row a factor and group with the interval of the congruence."""
    frame = result.congruence
    return TableSpec(
        key="factor_congruence_intervals",
        caption=wording.text("table.factor_congruence_intervals.title"),
        columns=(
            make_column("factor", wording),
            make_column("group", wording),
            make_column("congruence", wording, kind="number", digits=3),
            make_interval("congruence_ci", wording, level=result.level, digits=3),
        ),
        rows=collect_rows(
            [name_factor(key, wording) for key in frame["factor"]],
            [name_group(key, methodology, wording) for key in frame["group"]],
            frame["estimate"],
            pair_ends(frame["ci_low"], frame["ci_high"]),
        ),
    )


def build_rotations(
    result: ExploratoryModel, methodology: Methodology, wording: Wording
) -> TableSpec:
    """Build one row a rotation: congruence with the groups and counts of verdicts."""
    del methodology
    frame = result.rotations
    counts = ("n_own", "n_cross", "n_other", "n_none")
    return TableSpec(
        key="rotations",
        caption=wording.text("table.rotations.title"),
        columns=(
            make_column("rotation", wording),
            make_column("congruence_mean", wording, kind="number", digits=2),
            make_column("congruence_min", wording, kind="number", digits=2),
            *(make_column(name, wording, kind="integer") for name in counts),
        ),
        rows=collect_rows(
            [wording.text(f"rotation.{key}") for key in frame["rotation"]],
            frame["congruence_mean"],
            frame["congruence_min"],
            *(frame[name] for name in counts),
        ),
        notes=(wording.text("table.rotations.note"),),
    )


def build_schmid_leiman(
    result: ExploratoryModel, methodology: Methodology, wording: Wording
) -> TableSpec:
    """Build one row an indicator: loadings on the general factor and on those of the groups."""
    frame = result.schmid_leiman
    factors = list(dict.fromkeys(frame["factor"]))
    estimates = frame.set_index(["indicator", "factor"])["estimate"].to_dict()
    rows: list[tuple[Value, ...]] = [
        (
            name_indicator(key, methodology, wording),
            *(clean_value(estimates[key, factor]) for factor in factors),
        )
        for key in dict.fromkeys(frame["indicator"])
    ]
    return TableSpec(
        key="schmid_leiman",
        caption=wording.text("table.schmid_leiman.title"),
        columns=(
            make_column("indicator", wording),
            *(
                Column(key=f, header=name_factor(f, wording), kind="number", digits=2)
                for f in factors
            ),
        ),
        rows=tuple(rows),
    )


def build_schmid_leiman_intervals(
    result: ExploratoryModel, methodology: Methodology, wording: Wording
) -> TableSpec:
    """Build one row an indicator and factor with the interval of the loading."""
    frame = result.schmid_leiman
    return TableSpec(
        key="schmid_leiman_intervals",
        caption=wording.text("table.schmid_leiman_intervals.title"),
        columns=(
            make_column("indicator", wording),
            make_column("factor", wording),
            make_column("loading", wording, kind="number", digits=3),
            make_interval("loading_ci", wording, level=result.level, digits=3),
        ),
        rows=collect_rows(
            [name_indicator(key, methodology, wording) for key in frame["indicator"]],
            [name_factor(key, wording) for key in frame["factor"]],
            frame["estimate"],
            pair_ends(frame["ci_low"], frame["ci_high"]),
        ),
    )


def build_communalities(
    result: ExploratoryModel, methodology: Methodology, wording: Wording
) -> TableSpec:
    """Build one row an indicator: communality with its interval, uniqueness."""
    frame = result.communalities
    return TableSpec(
        key="communalities",
        caption=wording.text("table.communalities.title"),
        columns=(
            make_column("indicator", wording),
            make_column("communality", wording, kind="number", digits=3),
            make_interval("communality_ci", wording, level=result.level, digits=3),
            make_column("uniqueness", wording, kind="number", digits=3),
        ),
        rows=collect_rows(
            [name_indicator(key, methodology, wording) for key in frame["indicator"]],
            frame["communality"],
            pair_ends(frame["ci_low"], frame["ci_high"]),
            frame["uniqueness"],
        ),
    )


def build_factor_correlations(
    result: ExploratoryModel, methodology: Methodology, wording: Wording
) -> TableSpec:
    """Build one row an ordered pair of factors with the interval of the correlation."""
    del methodology
    frame = result.factor_correlations
    return TableSpec(
        key="factor_correlation_intervals",
        caption=wording.text("table.factor_correlation_intervals.title"),
        columns=(
            make_column("factor", wording),
            make_column("other_factor", wording),
            make_column("correlation", wording, kind="number", digits=3),
            make_interval("correlation_ci", wording, level=result.level, digits=3),
        ),
        rows=collect_rows(
            [name_factor(key, wording) for key in frame["factor"]],
            [name_factor(key, wording) for key in frame["other"]],
            frame["estimate"],
            pair_ends(frame["ci_low"], frame["ci_high"]),
        ),
    )


def build_residuals(
    result: ExploratoryModel, methodology: Methodology, wording: Wording
) -> TableSpec:
    """Build one row a pair of indicators: what the model leaves unexplained."""
    frame = result.residuals
    return TableSpec(
        key="exploratory_residuals",
        caption=wording.text("table.exploratory_residuals.title"),
        columns=(
            make_column("indicator", wording),
            make_column("other_indicator", wording),
            make_column("observed", wording, kind="number", digits=3),
            make_column("residual", wording, kind="number", digits=3),
        ),
        rows=collect_rows(
            [name_indicator(key, methodology, wording) for key in frame["indicator"]],
            [name_indicator(key, methodology, wording) for key in frame["other"]],
            frame["observed"],
            frame["residual"],
        ),
    )


def build_by_basis(
    result: ExploratoryModel, methodology: Methodology, wording: Wording
) -> TableSpec:
    """Build one row a kind of correlations, indicator and factor."""
    frame = result.by_basis
    return TableSpec(
        key="loadings_by_basis",
        caption=wording.text("table.loadings_by_basis.title"),
        columns=(
            make_column("basis", wording),
            make_column("indicator", wording),
            make_column("factor", wording),
            make_column("loading", wording, kind="number", digits=3),
        ),
        rows=collect_rows(
            [wording.text(f"basis.{key}") for key in frame["basis"]],
            [name_indicator(key, methodology, wording) for key in frame["indicator"]],
            [name_factor(key, wording) for key in frame["factor"]],
            frame["estimate"],
        ),
    )


RECIPES = (
    make_recipe("exploratory_fit", "exploratory", ExploratoryModel, build_fit),
    make_recipe("verdicts", "exploratory", ExploratoryModel, build_verdicts),
    make_recipe("factor_congruence", "exploratory", ExploratoryModel, build_congruence),
    make_recipe("rotations", "exploratory", ExploratoryModel, build_rotations),
    make_recipe("schmid_leiman", "exploratory", ExploratoryModel, build_schmid_leiman),
    make_recipe(
        "schmid_leiman_intervals", "exploratory", ExploratoryModel, build_schmid_leiman_intervals
    ),
    make_recipe(
        "factor_congruence_intervals", "exploratory", ExploratoryModel, build_congruence_intervals
    ),
    make_recipe("communalities", "exploratory", ExploratoryModel, build_communalities),
    make_recipe(
        "factor_correlation_intervals", "exploratory", ExploratoryModel, build_factor_correlations
    ),
    make_recipe("loadings_by_basis", "exploratory", ExploratoryModel, build_by_basis),
    make_recipe("exploratory_residuals", "exploratory", ExploratoryModel, build_residuals),
)
