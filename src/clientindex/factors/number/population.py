"""Populations of comparison data: F factors behind answers with the observed margins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from clientindex.compiled import njit
from clientindex.errors import StatisticsError
from clientindex.factors.exploration.newton import minimise
from clientindex.factors.polychoric.estimate import square_pairs
from clientindex.factors.polychoric.normal import bivariate_cdf, normal_cdf

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from clientindex.factors.number.margins import Margins
    from clientindex.factors.sample import Basis

MAX_TRIALS = 5
"""Steps without improvement after which a population is taken (Ruscio and Kaczetow)."""

MAX_STEPS = 500

START = 0.5
"""Uniqueness that the first fit starts from; the minimum found does not depend on it."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Population:
    """Normal variables with F factors, cut into categories with the observed margins.

    Attributes
    ----------
    loadings : ndarray of shape (K, F)
    uniquenesses : ndarray of shape (K,)
    r : ndarray of shape (K, K)
        Correlations that data without sampling error would have.
    """

    loadings: NDArray[np.float64]
    uniquenesses: NDArray[np.float64]
    r: NDArray[np.float64]


def build_population(
    r: NDArray[np.float64], margins: Margins, *, n_factors: int, basis: Basis
) -> Population | None:
    """Build the population of F factors that reproduces a correlation matrix best.

    Polychoric correlations are those of the normal variables, so their minres loadings are the
    population. For Pearson correlations the normal variables must correlate more, because
    categories attenuate: their correlations start at `r`, and what the answers fail to reproduce is
    added until nothing improves, as ``GenData`` does by simulation; here reproduced correlations
    are exact integrals. Minres loadings are the fixed point of GenData's principal axes.

    Parameters
    ----------
    r : ndarray of shape (K, K)
    margins : Margins
    n_factors : int
    basis : {"pearson", "polychoric"}

    Returns
    -------
    Population or None
        None where a factor model does not converge.

    References
    ----------
    Ruscio J., Kaczetow W. Simulating multivariate nonnormal data using an iterative algorithm.
    Multivariate Behavioral Research, 2008, 43(3), 355-381. doi:10.1080/00273170802285693
    """
    wanted = r[np.triu_indices(len(r), 1)]
    best = _fit(wanted, margins, n_factors=n_factors, basis=basis)
    if best is None or basis == "polychoric":
        return best
    asked, residual = wanted, wanted - best.r[np.triu_indices(len(r), 1)]
    trials = 0
    for _ in range(MAX_STEPS):
        moved = np.clip(asked + residual * 0.5**trials, -0.99, 0.99)
        trial = _fit(moved, margins, n_factors=n_factors, basis=basis)
        error = None if trial is None else wanted - trial.r[np.triu_indices(len(r), 1)]
        if trial is not None and error is not None and np.sum(error**2) < np.sum(residual**2):
            best, asked, residual, trials = trial, moved, error, 0
        else:
            trials += 1
        if trials == MAX_TRIALS:
            break
    return best


def _fit(
    pairs: NDArray[np.float64], margins: Margins, *, n_factors: int, basis: Basis
) -> Population | None:
    """Return the factor model of correlations of the normal variables; None without one."""
    n_items = len(margins.shares)
    start = np.full((1, n_items), START)
    target = square_pairs(pairs[None], n_items)
    try:
        found = minimise(target, n_factors=n_factors, method="minres", start=start)
    except (StatisticsError, np.linalg.LinAlgError):
        return None
    if not found.converged[0]:
        return None
    loadings = found.loadings[0]
    # At a bound of the uniquenesses rows may be longer than 1; variances must be 1.
    longest = np.sqrt(1 - found.uniquenesses[0])
    lengths = np.linalg.norm(loadings, axis=1)
    loadings = loadings * np.minimum(1, longest / np.where(lengths > 0, lengths, 1))[:, None]
    latent = loadings @ loadings.T
    np.fill_diagonal(latent, 1.0)
    return Population(
        loadings=loadings,
        uniquenesses=1 - np.sum(loadings**2, axis=1),
        r=latent if basis == "polychoric" else attenuate(latent, margins),
    )


def attenuate(latent: NDArray[np.float64], margins: Margins) -> NDArray[np.float64]:
    """Return Pearson correlations of answers that normal variables of a correlation matrix give.

    With steps ``d_a`` of the answer at cut ``t_a``,
    ``cov = sum_ab d_a d_b (Phi2(t_a, t_b; rho) - Phi(t_a) Phi(t_b))`` (Hoeffding).

    Parameters
    ----------
    latent : ndarray of shape (K, K)
    margins : Margins
    """
    mean = np.sum(margins.shares * margins.values, axis=1, keepdims=True)
    spread = np.sqrt(np.sum(margins.shares * (margins.values - mean) ** 2, axis=1))
    steps = np.diff(margins.values, axis=1) / spread[:, None]
    first, second = np.triu_indices(len(latent), 1)
    cuts = np.ascontiguousarray(margins.cuts[:, 1:-1])
    pairs = _integrate(latent[first, second], cuts, steps, first, second)
    return np.asarray(square_pairs(pairs[None], len(latent))[0])


@njit(nogil=True)
def _integrate(
    rho: NDArray[np.float64],
    cuts: NDArray[np.float64],
    steps: NDArray[np.float64],
    first: NDArray[np.int64],
    second: NDArray[np.int64],
) -> NDArray[np.float64]:
    found = np.zeros(len(rho))
    for p in range(len(rho)):
        i, j = first[p], second[p]
        for a in range(cuts.shape[1]):
            for b in range(cuts.shape[1]):
                if np.isinf(cuts[i, a]) or np.isinf(cuts[j, b]):
                    continue
                apart = normal_cdf(cuts[i, a]) * normal_cdf(cuts[j, b])
                together = bivariate_cdf(cuts[i, a], cuts[j, b], rho[p])
                found[p] += steps[i, a] * steps[j, b] * (together - apart)
    return found
