"""Results of the factor room as tables that fit the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click
import numpy as np

from clientindex.cli.plain_tables import (
    list_rows,
    print_table,
    write_count,
    write_interval,
    write_p,
)
from clientindex.factors.confirmatory.standard import ABSENT_REASONS

if TYPE_CHECKING:
    import pandas as pd

    from clientindex.results import (
        ConfirmatoryModels,
        ExploratoryModel,
        FactorNumber,
        Suitability,
    )

MOST_PRINTED = 10
"""Modification indices printed of a model."""

_VERDICTS = {
    "own": "loads on its own group",
    "cross": "loads on its own group and elsewhere",
    "other": "loads elsewhere only",
    "none": "loads nowhere",
}
_STATUSES = {
    "ok": "fitted",
    "heywood": "fitted, but with a negative variance or a correlation beyond 1: {detail}",
    "inadmissible": "no admissible solution: {detail}",
    "not_converged": "did not converge: {detail}",
    "unidentified": "not identified: {detail}; fix or equate parameters, or take some out",
    "too_few_centres": (
        "fewer centres than parameters ({detail}), so errors robust to centres are not defined; "
        "use a smaller model, or the estimator ml, which takes respondents as independent"
    ),
}
_FIT_COLUMNS = ("chi2", "df", "cfi", "tli", "rmsea", "srmr", "aic", "bic")


def tell_suitability(result: Suitability) -> None:
    """Print the measures of suitability, the whole and each indicator."""
    click.echo(
        f"Suitability ({result.basis} correlations): KMO {result.kmo:.3f} "
        f"[{result.kmo_ci_low:.3f}, {result.kmo_ci_high:.3f}], Bartlett's chi-square "
        f"{result.bartlett_chi2:.1f} with {result.bartlett_df} df, p "
        f"{write_p(result.bartlett_p)}, determinant {result.determinant:.3g}"
    )
    if result.uninformative:
        click.echo("With so many respondents Bartlett's test rejects anything.")
    rows = [
        [
            row.indicator,
            f"{row.msa:.3f}",
            write_interval(row.ci_low, row.ci_high),
            f"{row.smc:.3f}",
        ]
        for row in list_rows(result.frame)
    ]
    print_table(["indicator", "MSA", "interval", "SMC"], rows)


def tell_number(result: FactorNumber) -> None:
    """Print the votes of the rules for the number of factors."""
    click.echo(f"Number of factors ({result.n_intended} groups intended); rules disagree, read all")
    rows = []
    for row in list_rows(result.votes):
        vote, low, high = (write_count(x) for x in (row.n_factors, row.n_low, row.n_high))
        share = "" if np.isnan(row.share) else f"{row.share:.0%}"
        resampled = f"{low}-{high}" if low and high else ""
        rows.append([row.rule, row.reference, row.basis, vote or "-", resampled, share])
    print_table(["rule", "reference", "basis", "factors", "resampled", "same vote"], rows)


def tell_verdicts(result: ExploratoryModel) -> None:
    """Print whether each indicator loads where it should."""
    click.echo(
        f"Exploratory model: {result.n_factors} factors, {result.method}, {result.rotation}, "
        f"{result.basis} correlations"
    )
    rows = [
        [
            row.indicator,
            row.group,
            f"{row.own_loading:.2f}",
            f"{row.largest_other:.2f} ({row.other_factor})",
            _VERDICTS[row.verdict],
            "" if np.isnan(row.share) else f"{row.share:.0%}",
        ]
        for row in list_rows(result.verdicts)
    ]
    titles = ["indicator", "group", "own loading", "largest other", "verdict", "replicates agree"]
    print_table(titles, rows)


def tell_comparison(result: ConfirmatoryModels) -> None:
    """Print the models side by side, then the tests of their differences."""
    click.echo(f"Confirmatory models ({result.n_centres} centres, {result.n} respondents)")
    if result.uninformative:
        click.echo("With so many respondents chi-square tests reject every model.")
    fit = result.fit.set_index(["model", "estimator", "statistic"])["value"]
    rows = []
    for row in list_rows(result.models):
        values = [_choose_fit(fit, row.model, row.estimator, name) for name in _FIT_COLUMNS]
        rows.append([row.model, row.estimator, *values, explain_status(row.status, row.detail)])
    print_table(["model", "estimator", *_FIT_COLUMNS, "status"], rows)
    if any(estimator != "ml" for estimator in result.models["estimator"]):
        click.echo("chi2 scaled, CFI, TLI and RMSEA robust (r) or scaled (s) where so marked")
    _tell_nested(result.nested)


def tell_model(result: ConfirmatoryModels) -> None:
    """Print estimates, fit and modification indices of a model by every estimator."""
    tell_comparison(result)
    for estimator in result.models["estimator"].unique():
        parameters = _of(result.parameters, estimator)
        if parameters.empty:
            continue
        click.echo(f"\nEstimates, {estimator} ({result.level:.0%} intervals)")
        print_table(
            ["parameter", "label", "estimate", "SE", "interval", "p", "standardised", "its SE"],
            [_write_parameter(row) for row in list_rows(parameters)],
        )
        indices = _of(result.modifications, estimator).head(MOST_PRINTED)
        click.echo(f"\nLargest modification indices, {estimator}")
        print_table(
            ["parameter", "MI", "scaled", "p", "change", "standardised"],
            [_write_index(row) for row in list_rows(indices)],
        )


def explain_status(status: str, detail: str) -> str:
    """Return the status of a model in words."""
    return _STATUSES[status].format(detail=ABSENT_REASONS.get(detail, detail))


def _tell_nested(nested: pd.DataFrame) -> None:
    if nested.empty:
        return
    click.echo("\nWhat the constraints cost (constrained against freer model)")
    rows = [
        [
            f"{row.model} in {row.other}",
            row.estimator,
            f"{row.chi2:.2f}",
            f"{row.df:g}",
            write_p(row.p),
            *(f"{x:+.3f}" for x in (row.delta_cfi, row.delta_rmsea, row.delta_srmr)),
        ]
        for row in list_rows(nested)
    ]
    titles = ["models", "estimator", "chi2", "df", "p"]
    titles += [f"change of {name}" for name in ("CFI", "RMSEA", "SRMR")]
    print_table(titles, rows)


def _of(frame: pd.DataFrame, estimator: str) -> pd.DataFrame:
    return frame[frame["estimator"] == estimator]


def _choose_fit(fit: pd.Series, model: str, estimator: str, name: str) -> str:
    """Return a fit statistic, robust before scaled before plain, marked as such."""
    digits = {"df": ".0f", "chi2": ".2f", "aic": ".1f", "bic": ".1f"}.get(name, ".3f")
    for suffix, mark in (("_robust", "r"), ("_scaled", "s"), ("", "")):
        key = (model, estimator, f"{name}{suffix}")
        if key in fit.index:
            return f"{fit[key]:{digits}}{mark}"
    return ""


def _write_parameter(row: Any) -> list[str]:
    free = row.free
    return [
        f"{row.lhs} {row.op} {row.rhs}".strip(),
        row.label,
        f"{row.estimate:.3f}",
        f"{row.std_error:.3f}" if free else "fixed",
        write_interval(row.ci_low, row.ci_high) if free else "",
        write_p(row.p) if free else "",
        f"{row.standardised:.3f}",
        f"{row.standardised_se:.3f}",
    ]


def _write_index(row: Any) -> list[str]:
    return [
        f"{row.lhs} {row.op} {row.rhs}",
        f"{row.mi:.2f}",
        f"{row.mi_scaled:.2f}",
        write_p(row.p),
        f"{row.epc:.3f}",
        f"{row.epc_standardised:.3f}",
    ]
