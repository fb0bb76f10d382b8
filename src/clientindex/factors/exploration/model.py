"""The exploratory factor model of the indicators with everything that is asked of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from clientindex.errors import StatisticsError
from clientindex.factors.exploration import frames
from clientindex.factors.exploration.compare import compare_bases, compare_rotations
from clientindex.factors.exploration.fit_measures import compute_fit, compute_implied
from clientindex.factors.exploration.schmid_leiman import (
    FEWEST_FACTORS,
    transform_schmid_leiman,
)
from clientindex.factors.exploration.solve import (
    GENERAL,
    Fitted,
    FittedReplicates,
    Plan,
    compute_degrees_of_freedom,
    find_membership,
    fit_plan,
    fit_replicates,
)
from clientindex.factors.intervals import find_unstable
from clientindex.results import ExploratoryModel, Unavailable

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from clientindex.factors.sample import FactorSample
    from clientindex.methodology import Methodology

STAGE = "factors"
FEWEST_INDICATORS = 3
"""A factor of two indicators has two loadings and one correlation to find them from."""


def fit_exploratory(
    sample: FactorSample, methodology: Methodology
) -> ExploratoryModel | Unavailable:
    """Fit the exploratory factor model that the methodology asks for.

    Communalities are ``diag(L Phi L')`` and the variance of a factor ``diag(Phi L' L)`` of the
    pattern ``L`` and factor correlations ``Phi``, so that both sum to the same. Intervals are
    percentiles over the bootstrap of centres that came with the sample, each replicate with its
    factors permuted and signed as in the whole sample. Replicates whose model does not converge
    are left out; `replicates` counts those used. A bifactor rotation is fitted with a general
    factor beside `n_factors` others.

    Parameters
    ----------
    sample : FactorSample
    methodology : Methodology
        Gives the number of factors, method, rotation, leading correlations, salient loading and
        level.

    Returns
    -------
    ExploratoryModel or Unavailable
        Unavailable with reason ``too_few_indicators`` (fewer than three), ``too_many_factors``
        (negative degrees of freedom; detail is the number of factors), ``not_converged`` or
        ``unstable_resampling``.
    """
    plan = make_plan(methodology)
    if (obstacle := find_obstacle(len(sample.indicators), plan)) is not None:
        return obstacle
    basis = methodology.factors.correlations
    r = sample.correlations[basis]
    with threadpool_limits(limits=1):
        try:
            fitted = fit_plan(r, plan)
            replicates = fit_replicates(sample.replicates[basis], fitted, plan)
        except StatisticsError:
            return Unavailable(stage=STAGE, reason="not_converged")
        usable = len(replicates.loadings)
        if (obstacle := find_unstable(usable, sample.n_drawn, stage=STAGE)) is not None:
            return obstacle
        return _assemble(fitted, replicates, plan, sample=sample, methodology=methodology)


def make_plan(methodology: Methodology) -> Plan:
    """Return the factor model that the methodology asks for."""
    settings = methodology.factors
    return Plan(
        n_factors=settings.n_factors,
        method=settings.method,
        rotation=settings.rotation,
        membership=find_membership(methodology),
    )


def find_obstacle(n_items: int, plan: Plan) -> Unavailable | None:
    """Say why a model of so many factors is not defined, if it is not."""
    if n_items < FEWEST_INDICATORS:
        return Unavailable(stage=STAGE, reason="too_few_indicators")
    if compute_degrees_of_freedom(n_items, plan.n_columns) < 0:
        return Unavailable(stage=STAGE, reason="too_many_factors", detail=str(plan.n_columns))
    return None


def _assemble(
    fitted: Fitted,
    replicates: FittedReplicates,
    plan: Plan,
    *,
    sample: FactorSample,
    methodology: Methodology,
) -> ExploratoryModel:
    settings, level = methodology.factors, methodology.intervals.level
    basis = settings.correlations
    r = sample.correlations[basis]
    implied = compute_implied(fitted.solution.loadings, fitted.solution.phi)
    material = frames.Material(
        plan=plan, fitted=fitted, replicates=replicates, methodology=methodology
    )
    return ExploratoryModel(
        loadings=frames.tabulate_loadings(material),
        communalities=frames.tabulate_communalities(material),
        factor_correlations=frames.tabulate_factor_correlations(material),
        variance=frames.tabulate_variance(material),
        fit=compute_fit(
            r,
            implied,
            n_factors=plan.n_columns,
            df=compute_degrees_of_freedom(len(r), plan.n_columns),
            n=sample.n,
            level=level,
        ),
        residuals=frames.tabulate_residuals(r, implied, sample.indicators),
        schmid_leiman=_tabulate_schmid_leiman(material, sample),
        congruence=frames.tabulate_congruence(material),
        verdicts=frames.tabulate_verdicts(material),
        by_basis=compare_bases(
            sample.correlations, basis, fitted, plan, indicators=sample.indicators
        ),
        rotations=compare_rotations(r, fitted, plan, salient=settings.salient_loading),
        eigenvalues=np.linalg.eigvalsh(r)[::-1].astype(np.float64),
        basis=basis,
        method=settings.method,
        rotation=settings.rotation,
        missing=methodology.missing_answers.correlations,
        n_factors=plan.n_columns,
        n=sample.n,
        replicates=len(replicates.loadings),
        level=level,
    )


def _tabulate_schmid_leiman(material: frames.Material, sample: FactorSample) -> pd.DataFrame:
    """Tell general and group loadings; no rows where a second-order factor is not defined."""
    plan = material.plan
    empty = pd.DataFrame(
        {"indicator": [], "factor": [], "estimate": [], "ci_low": [], "ci_high": []}
    ).astype({"indicator": str, "factor": str})
    if plan.n_factors < FEWEST_FACTORS:
        return empty
    found = _find_oblique(material, sample)
    if found is None:
        return empty
    fitted, replicates = found
    solution = fitted.solution
    estimate, defined = transform_schmid_leiman(solution.loadings[None], solution.phi[None])
    drawn, usable = transform_schmid_leiman(replicates.loadings, replicates.phi)
    if not defined[0] or find_unstable(usable.sum(), sample.n_drawn, stage=STAGE) is not None:
        return empty
    names = [GENERAL, *(f"F{number}" for number in range(1, plan.n_factors + 1))]
    labels: dict[str, NDArray[np.str_]] = {
        "indicator": np.repeat(sample.indicators, len(names)),
        "factor": np.tile(names, len(sample.indicators)),
    }
    return frames.tabulate_stack(labels, estimate[0], drawn[usable], material.level)


def _find_oblique(
    material: frames.Material, sample: FactorSample
) -> tuple[Fitted, FittedReplicates] | None:
    """Return this model, or oblimin where its factors are not correlated; None if that fails."""
    if material.plan.oblique:
        return material.fitted, material.replicates
    plan = replace(material.plan, rotation="oblimin")
    basis = material.methodology.factors.correlations
    try:
        fitted = fit_plan(sample.correlations[basis], plan)
        return fitted, fit_replicates(sample.replicates[basis], fitted, plan)
    except StatisticsError:
        return None
