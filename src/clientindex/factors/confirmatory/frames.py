"""Fits of several models as the frames of `ConfirmatoryModels`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.stats import norm

from clientindex.factors.confirmatory.attempt import count_free
from clientindex.factors.confirmatory.modification import compute_modification_indices
from clientindex.factors.confirmatory.standardised import compute_standardised
from clientindex.factors.confirmatory.syntax import format_model

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from clientindex.factors.confirmatory.attempt import Attempt
    from clientindex.factors.confirmatory.fit import ConfirmatoryFit

MOST_MODIFICATIONS = 20
"""Modification indices told of a model; further down they are noise."""

_MODEL = ("model", "estimator")


def tabulate_models(attempts: Sequence[Attempt]) -> pd.DataFrame:
    """Return one row an attempt with its status."""
    rows = []
    for attempt in attempts:
        spec, fit = attempt.spec, attempt.fit
        rows.append(
            {
                "model": attempt.model,
                "estimator": attempt.estimator,
                "status": attempt.status,
                "detail": attempt.detail,
                "syntax": "" if spec is None else format_model(spec),
                "n_parameters": np.nan
                if spec is None
                else count_free(spec if fit is None else fit.spec),
                "df": np.nan if fit is None else fit.measures["df"],
            }
        )
    return pd.DataFrame(rows)


def tabulate_fit(attempts: Sequence[Attempt]) -> pd.DataFrame:
    """Return one row a fit statistic that the estimator defines."""

    def tabulate(fit: ConfirmatoryFit) -> pd.DataFrame:
        told = {name: value for name, value in fit.measures.items() if np.isfinite(value)}
        return pd.DataFrame({"statistic": list(told), "value": list(told.values())})

    return _stack(attempts, tabulate, ("statistic", "value"))


def tabulate_parameters(attempts: Sequence[Attempt], *, level: float) -> pd.DataFrame:
    """Return one row a parameter: estimate, test, interval, standardised value."""
    named = ("lhs", "op", "rhs", "label", "free")
    tested = ("estimate", "std_error", "z", "p", "ci_low", "ci_high")
    columns = (*named, *tested, "standardised", "standardised_se")

    def tabulate(fit: ConfirmatoryFit) -> pd.DataFrame:
        standardised = compute_standardised(fit)
        free = np.array([p.free for p in fit.spec.parameters])
        error = np.where(free, fit.std_errors, np.nan)
        with np.errstate(divide="ignore", invalid="ignore"):
            z = fit.estimates / error
        reach = norm.ppf(0.5 + level / 2) * error
        return pd.DataFrame(
            {
                **{name: [getattr(p, name) for p in fit.spec.parameters] for name in named},
                "estimate": fit.estimates,
                "std_error": error,
                "z": z,
                "p": 2 * norm.sf(np.abs(z)),
                "ci_low": fit.estimates - reach,
                "ci_high": fit.estimates + reach,
                "standardised": standardised.estimates,
                "standardised_se": standardised.std_errors,
            }
        )

    return _stack(attempts, tabulate, columns)


def tabulate_residuals(attempts: Sequence[Attempt]) -> pd.DataFrame:
    """Return one row a pair of indicators: observed and implied correlation."""
    columns = ("indicator", "other", "observed", "implied", "residual")

    def tabulate(fit: ConfirmatoryFit) -> pd.DataFrame:
        names = np.array(fit.spec.indicators)
        first, second = np.triu_indices(len(names), 1)
        observed = _correlate(fit.moments[0].matrix)[first, second]
        implied = _correlate(fit.matrices[0].implied)[first, second]
        return pd.DataFrame(
            {
                "indicator": names[first],
                "other": names[second],
                "observed": observed,
                "implied": implied,
                "residual": observed - implied,
            }
        )

    return _stack(attempts, tabulate, columns)


def tabulate_modifications(attempts: Sequence[Attempt]) -> pd.DataFrame:
    """Return the largest modification indices of every model."""
    columns = ("lhs", "op", "rhs", "mi", "mi_scaled", "p", "epc", "epc_standardised")

    def tabulate(fit: ConfirmatoryFit) -> pd.DataFrame:
        return compute_modification_indices(fit).head(MOST_MODIFICATIONS)[list(columns)]

    return _stack(attempts, tabulate, columns)


def _correlate(matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    with np.errstate(invalid="ignore", divide="ignore"):
        sd = np.sqrt(np.diag(matrix))
        return np.asarray(matrix / np.outer(sd, sd))


def _stack(
    attempts: Sequence[Attempt],
    tabulate: Callable[[ConfirmatoryFit], pd.DataFrame],
    columns: tuple[str, ...],
) -> pd.DataFrame:
    """Return the tables of all fits below each other, each row with model and estimator."""
    parts = []
    for attempt in attempts:
        if attempt.fit is None:
            continue
        table = tabulate(attempt.fit)
        table.insert(0, "estimator", attempt.estimator)
        table.insert(0, "model", attempt.model)
        parts.append(table)
    if not parts:
        return pd.DataFrame(columns=[*_MODEL, *columns])
    return pd.concat(parts, ignore_index=True)
