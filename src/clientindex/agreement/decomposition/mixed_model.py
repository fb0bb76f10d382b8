r"""The variance components once more, by restricted likelihood: a check of those by moments.

.. math::
   survey_{cg} &= \mu_{hg1} + C_c + T_{cg} + H_c + E_{cg} + e_{cg} \\
   checklist_{cg} &= \mu_{hg2} + C_c + T_{cg} + M_c + U_{cg}

C is the common trait, T the own trait of a group, H halo, M the checklist's method; E and U,
specific, have a variance each; e has the *known* sampling covariance of the centre. Moments weigh
all centres alike and assume nothing of distributions; likelihood assumes normal ones and the same
variances in all groups, weighs a centre by how well it was measured, and keeps variances from being
negative. Far apart, the two say that an assumption of one of them fails.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.optimize import minimize
from scipy.stats import norm

from clientindex.agreement.decomposition.components import split_covariance
from clientindex.agreement.decomposition.levels import compute_levels
from clientindex.agreement.decomposition.likelihood import COMPONENTS, RestrictedLikelihood

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from clientindex.agreement.decomposition.levels import MeasuredTwice

FLOOR = 1e-9
"""Least variance in the search, as a part of the mean variance: keeps matrices from singularity."""

START_FLOOR = 0.02
"""Least variance at the start, as a part of the mean variance."""

FLAT = 1e-6
"""Distance from the maximum, in standard errors, up to which a search has converged."""

MOST_STEPS = 200
LEAST_STEP = 1e-3


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MixedModel:
    """A fitted mixed model.

    Attributes
    ----------
    frame : DataFrame
        ``statistic`` (those of :data:`COMPONENTS`), ``estimate``, ``std_error``, ``ci_low``,
        ``ci_high``, ``n`` (centres).
    deviance : float
        Minus twice the restricted log-likelihood without its constant.
    converged : bool
    """

    frame: pd.DataFrame
    deviance: float
    converged: bool


def fit_mixed_model(measured: MeasuredTwice, *, level: float) -> MixedModel:
    """Fit the mixed model by restricted maximum likelihood.

    A bounded quasi-Newton search (L-BFGS-B) with the analytic gradient starts at the components by
    moments, and Fisher scoring ends it. Standard errors are from the expected information of all
    components, those at zero included; intervals are ``estimate -/+ z error``, cut off at zero. An
    interval that begins at zero does not test whether a component is there.

    Parameters
    ----------
    measured : MeasuredTwice
    level : float
    """
    likelihood = RestrictedLikelihood(measured)
    start = _start(measured)
    least = FLOOR * _mean_variance(measured)
    theta, converged = _search(likelihood, start, least)
    deviance, _ = likelihood.compute_deviance(theta)
    error = _find_errors(likelihood.compute_information(theta))
    estimate = np.where(theta > least, theta, 0.0)
    margin = float(norm.ppf((1 + level) / 2)) * error
    frame = pd.DataFrame(
        {
            "statistic": COMPONENTS,
            "estimate": estimate,
            "std_error": error,
            "ci_low": np.maximum(estimate - margin, 0.0),
            "ci_high": estimate + margin,
            "n": measured.n,
        }
    )
    return MixedModel(frame=frame, deviance=deviance, converged=converged)


def _start(measured: MeasuredTwice) -> NDArray[np.float64]:
    parts = split_covariance(compute_levels(measured, np.ones((1, measured.n))).centre[0])
    common = float(parts.trait_common)
    found = [
        common,
        parts.trait.mean() - common,
        parts.halo,
        parts.method,
        parts.survey_specific.mean(),
        parts.checklist_specific.mean(),
    ]
    return np.maximum(np.array(found, dtype=np.float64), START_FLOOR * _mean_variance(measured))


def _mean_variance(measured: MeasuredTwice) -> float:
    cov = compute_levels(measured, np.ones((1, measured.n)))
    survey = np.trace(cov.centre[0]) + np.trace(cov.sampling[0])
    return float(survey / (2 * measured.groups))


def _search(
    likelihood: RestrictedLikelihood, start: NDArray[np.float64], least: float
) -> tuple[NDArray[np.float64], bool]:
    """Return the components at the maximum, and whether it is one."""
    unit = _find_errors(likelihood.compute_information(start))
    unit = np.where(np.isfinite(unit) & (unit > 0), unit, start)

    def evaluate(x: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        value, gradient = likelihood.compute_deviance(x * unit)
        return value, gradient * unit

    found = minimize(
        evaluate,
        start / unit,
        jac=True,
        method="L-BFGS-B",
        bounds=[(least / own, None) for own in unit],
        options={"maxiter": MOST_STEPS, "ftol": 1e-10, "gtol": 1e-4},
    )
    return _polish(likelihood, np.maximum(found.x * unit, least), least)


def _polish(
    likelihood: RestrictedLikelihood, theta: NDArray[np.float64], least: float
) -> tuple[NDArray[np.float64], bool]:
    """End a search by Fisher scoring of the components that are not held at the bound."""
    value, gradient = likelihood.compute_deviance(theta)
    for _ in range(MOST_STEPS):
        free = (theta > least) | (gradient < 0)
        information = likelihood.compute_information(theta)[np.ix_(free, free)]
        if not np.isfinite(information).all() or not np.isfinite(value):
            return theta, False
        step = np.zeros_like(theta)
        step[free] = -np.linalg.pinv(information, hermitian=True) @ gradient[free] / 2
        if -float(gradient @ step) / 2 < FLAT**2:
            return theta, True
        moved = _take_step(likelihood, theta, step, value, least)
        if moved is None:
            return theta, -float(gradient @ step) / 2 < FLAT
        theta, value, gradient = moved
    return theta, False


def _take_step(
    likelihood: RestrictedLikelihood,
    theta: NDArray[np.float64],
    step: NDArray[np.float64],
    value: float,
    least: float,
) -> tuple[NDArray[np.float64], float, NDArray[np.float64]] | None:
    """Return the first of ever smaller steps that is no loss; None where all of them are."""
    size = 1.0
    while size > LEAST_STEP:
        moved = np.maximum(theta + size * step, least)
        after, gradient = likelihood.compute_deviance(moved)
        if after <= value and not np.array_equal(moved, theta):
            return moved, after, gradient
        size /= 2
    return None


def _find_errors(information: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return standard errors; NaN where the information is not that of a maximum."""
    if not np.isfinite(information).all():
        return np.full(len(information), np.nan)
    variance = np.diag(np.linalg.pinv(information, hermitian=True))
    return np.asarray(np.sqrt(np.where(variance > 0, variance, np.nan)))
