"""One model by one estimator: a fit, or the reason why there is none."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from clientindex.errors import StatisticsError
from clientindex.factors.confirmatory.estimate import fit_model
from clientindex.factors.confirmatory.ordinal import make_ordinal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from clientindex.factors.confirmatory.fit import ConfirmatoryFit, Estimator
    from clientindex.factors.confirmatory.spec import ModelSpec
    from clientindex.factors.moments import SampleMoments
    from clientindex.factors.sample import Basis

BASIS_OF: Mapping[Estimator, Basis] = {
    "ml": "pearson",
    "mlr": "pearson",
    "uls": "polychoric",
    "wlsmv": "polychoric",
}
"""What each estimator is fitted to: "pearson" are the covariances of the answers."""

CLUSTER_ROBUST = ("mlr", "uls", "wlsmv")
"""Estimators whose standard errors and tests rest on the spread between centres."""

DEPENDENT = 1e-10
"""Smallest eigenvalue of correlations that still leaves a combination some variance."""

INVOLVED = 0.1
"""Absolute weight in an eigenvector from which its indicator is named."""

REPORTED = ("ok", "heywood", "inadmissible")
"""Statuses of a fit whose estimates are told."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Attempt:
    """A model, an estimator, and what came of them.

    Attributes
    ----------
    model : str
    estimator : str
    status : str
        As in :class:`~clientindex.results.ConfirmatoryModels`.
    detail : str
        Names of parameters; "35/52" (centres/parameters); a key of
        :data:`~clientindex.factors.confirmatory.standard.ABSENT_REASONS`; or words.
    spec : ModelSpec or None
        None for a standard model that the groups do not identify.
    fit : ConfirmatoryFit or None
        Where the status is one of :data:`REPORTED`.
    """

    model: str
    estimator: Estimator
    status: str
    detail: str
    spec: ModelSpec | None
    fit: ConfirmatoryFit | None = None


def attempt_fit(
    model: str,
    spec: ModelSpec,
    moments: Mapping[Basis, SampleMoments],
    estimator: Estimator,
) -> Attempt:
    """Fit a model; whatever goes wrong becomes a status.

    A sandwich over centres has at most as many independent directions as there are centres less
    one: with fewer centres than parameters it says nothing of some of them, and the model is
    refused as "too_few_centres" (``ml`` does not use it). A covariance matrix of the factors that
    is not positive definite though every variance is positive is "inadmissible", as are indicators
    that follow from each other, such as two identical ones: these are refused.
    """
    attempt = Attempt(model=model, estimator=estimator, status="ok", detail="", spec=spec)
    own = moments[BASIS_OF[estimator]]
    try:
        fitted = make_ordinal(spec) if own.kind == "polychoric" else spec
        if dependent := find_dependent(own, spec):
            return replace(attempt, status="inadmissible", detail=", ".join(dependent))
        n_centres, n_free = len(own.centres), count_free(fitted)
        if estimator in CLUSTER_ROBUST and n_centres <= n_free:
            return replace(attempt, status="too_few_centres", detail=f"{n_centres}/{n_free}")
        fit = fit_model(fitted, own, estimator=estimator)
    except (StatisticsError, np.linalg.LinAlgError) as exc:
        return replace(attempt, status="inadmissible", detail=str(exc))
    if fit.status == "ok" and (indefinite := find_indefinite_factors(fit)):
        return replace(attempt, status="inadmissible", detail=", ".join(indefinite), fit=fit)
    reported = fit if fit.status in REPORTED else None
    return replace(attempt, status=fit.status, detail=fit.detail, fit=reported)


def find_dependent(moments: SampleMoments, spec: ModelSpec) -> list[str]:
    """Return the indicators of a linear combination that has no variance; none are usual."""
    chosen = [moments.indicators.index(name) for name in spec.indicators]
    matrix = moments.matrix[np.ix_(chosen, chosen)]
    variances = np.diag(matrix)
    if (variances <= 0).any():
        return [name for name, v in zip(spec.indicators, variances, strict=True) if v <= 0]
    values, vectors = np.linalg.eigh(matrix / np.sqrt(np.outer(variances, variances)))
    if values[0] > DEPENDENT:
        return []
    large = np.abs(vectors[:, 0]) > INVOLVED
    return [name for name, told in zip(spec.indicators, large, strict=True) if told]


def count_free(spec: ModelSpec) -> int:
    """Return the number of distinct free parameters."""
    free = [p for p in spec.parameters if p.free]
    labels = {p.label for p in free if p.label}
    return len(labels) + sum(not p.label for p in free)


def find_indefinite_factors(fit: ConfirmatoryFit) -> list[str]:
    """Return the factors in the smallest eigenvector of covariances that are not definite."""
    for matrices in fit.matrices:
        total = np.linalg.inv(np.eye(len(matrices.regressions)) - matrices.regressions)
        covariances = total @ matrices.factor_covariances @ total.T
        values, vectors = np.linalg.eigh(covariances)
        if values[0] < -np.finfo(float).eps * len(values) * abs(values[-1]):
            large = np.abs(vectors[:, 0]) > 1 / len(values)
            return [name for name, told in zip(fit.spec.factors, large, strict=True) if told]
    return []
