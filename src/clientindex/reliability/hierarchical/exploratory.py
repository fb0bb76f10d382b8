"""Omegas of Schmid and Leiman's transformation of an exploratory solution."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from clientindex.counts import compute_correlation
from clientindex.errors import StatisticsError
from clientindex.factors.exploration.model import find_obstacle, make_plan
from clientindex.factors.exploration.schmid_leiman import FEWEST_FACTORS, transform_schmid_leiman
from clientindex.factors.exploration.solve import fit_plan, fit_replicates
from clientindex.factors.polychoric.smooth import SMALLEST_EIGENVALUE
from clientindex.reliability.draws import summarise
from clientindex.reliability.hierarchical.coefficients import compute_omegas

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from clientindex.factors.exploration.solve import Plan
    from clientindex.methodology import Methodology
    from clientindex.reliability.draws import Draws


def compute_schmid_leiman(draws: Draws, methodology: Methodology) -> dict[str, Any] | str:
    """Compute omegas of everybody and their replicates.

    Returns
    -------
    dict or str
        ``overall`` (Summary of shape (2,)) and ``groups`` (of shape (2, G)) as
        :func:`~clientindex.reliability.hierarchical.coefficients.compute_omegas` has them; or the
        reason: ``few_factors``, ``too_many_factors``, ``zero_variance``,
        ``not_positive_definite``, ``not_converged``.
    """
    plan = make_plan(methodology)
    if plan.has_general or not plan.oblique:
        plan = replace(plan, rotation="oblimin")
    if plan.n_factors < FEWEST_FACTORS:
        return "few_factors"
    r = compute_correlation(draws.sums)
    if (obstacle := find_obstacle(r.shape[-1], plan)) is not None:
        return obstacle.reason
    defined = np.asarray(np.isfinite(r).all(axis=(1, 2)))
    if not defined[0]:
        return "zero_variance"
    defined[defined] = np.linalg.eigvalsh(r[defined])[:, 0] > SMALLEST_EIGENVALUE
    if not defined[0]:
        return "not_positive_definite"
    found = _transform(r, defined, plan)
    if found is None:
        return "not_converged"
    sd = np.sqrt(np.diagonal(draws.cov, axis1=1, axis2=2))
    overall, groups = compute_omegas(found * sd[:, :, None], draws.cov, plan.membership)
    level = methodology.intervals.level
    return {"overall": summarise(overall, level), "groups": summarise(groups, level)}


def _transform(
    r: NDArray[np.float64], defined: NDArray[np.bool_], plan: Plan
) -> NDArray[np.float64] | None:
    """Return general and group loadings, shape (1 + R, K, 1 + F), NaN where there are none."""
    loadings = np.full((*r.shape[:2], plan.n_factors + 1), np.nan)
    try:
        fitted = fit_plan(r[0], plan)
    except StatisticsError:
        return None
    solution = fitted.solution
    first, known = transform_schmid_leiman(solution.loadings[None], solution.phi[None])
    if not known[0]:
        return None
    loadings[0] = first[0]
    rows = np.flatnonzero(defined)[1:]
    replicates = fit_replicates(r[rows], fitted, plan)
    transformed, _ = transform_schmid_leiman(replicates.loadings, replicates.phi)
    loadings[rows[replicates.rows]] = transformed
    return loadings
