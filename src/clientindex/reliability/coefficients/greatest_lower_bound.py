r"""The greatest lower bound to reliability.

Among all ways to take unique variances out of the diagonal that leave a covariance matrix of true
scores, the one with the largest sum: :math:`\max \sum_j \theta_j` with :math:`\theta_j \ge 0` and
:math:`S - \mathrm{diag}(\theta)` positive semidefinite; the bound is :math:`1 - \sum_j \theta_j /
1'S1`. A semidefinite programme with k unknowns, solved by Newton steps along a logarithmic barrier
whose distance from the optimum is known, k over the barrier's weight.

References
----------
Jackson P. H., Agunwamba C. C. Lower bounds for the reliability of the total score on a test
composed of non-homogeneous items: I. Psychometrika, 1977, 42(4), 567-578. doi:10.1007/BF02295979
Bentler P. M., Woodward J. A. Inequalities among lower bounds to reliability. Psychometrika, 1980,
45(2), 249-267. doi:10.1007/BF02294079
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from clientindex.reliability.coefficients.alpha import SUM_VARIANCE_FLOOR
from clientindex.reliability.coefficients.guttman import SMALLEST_EIGENVALUE

if TYPE_CHECKING:
    from numpy.typing import NDArray

GAP = 1e-9
"""Distance of the sum of unique variances from its optimum, as a share of the trace."""

FASTER = 50.0
"""The barrier's weight grows so many times between rounds."""

NEWTON_STEPS = 100
NEAR = 0.25
"""Newton decrement from which whole steps converge quadratically; its fourth power is near enough
for the next barrier."""

SHORTEST = 1e-12


def compute_greatest_lower_bound(
    cov: NDArray[np.float64], *, gap: float = GAP
) -> NDArray[np.float64]:
    """Compute the greatest lower bound of each matrix of a stack.

    Agrees with R ``psych::glb.algebraic``. It overestimates in small samples with many indicators.

    Parameters
    ----------
    cov : ndarray of shape (..., k, k)
    gap : float
        Distance from the optimum at which to stop, as a share of the trace.

    Returns
    -------
    ndarray of shape (...)
        NaN where the matrix is singular or the variance of the sum not positive.
    """
    k = cov.shape[-1]
    flat = cov.reshape(-1, k, k)
    sd = np.sqrt(np.maximum(np.diagonal(flat, axis1=1, axis2=2), 0))
    total = flat.sum(axis=(1, 2))
    usable = (sd > 0).all(axis=1) & (total > SUM_VARIANCE_FLOOR * (sd**2).sum(axis=1))
    safe = np.where(usable[:, None], sd, 1.0)
    r = np.where(usable[:, None, None], flat / (safe[:, :, None] * safe[:, None, :]), np.eye(k))
    usable &= np.linalg.eigvalsh(r)[:, 0] > SMALLEST_EIGENVALUE
    found = np.full(len(flat), np.nan)
    if usable.any():
        unique = _maximise(r[usable], sd[usable] ** 2, gap)
        found[usable] = 1 - (unique * sd[usable] ** 2).sum(axis=1) / total[usable]
    return found.reshape(cov.shape[:-2])


def _maximise(
    r: NDArray[np.float64], weights: NDArray[np.float64], gap: float
) -> NDArray[np.float64]:
    """Return unique variances of correlations (B, k, k) whose weighted sum is largest."""
    k = r.shape[1]
    weights = weights / weights.sum(axis=1, keepdims=True)
    unique = np.repeat(0.5 * np.linalg.eigvalsh(r)[:, :1], k, axis=1)
    barrier = float(k)
    while True:
        unique = _centre(r, weights, unique, barrier)
        if 2 * k / barrier < gap:
            return unique
        barrier *= FASTER


def _centre(
    r: NDArray[np.float64],
    weights: NDArray[np.float64],
    unique: NDArray[np.float64],
    barrier: float,
) -> NDArray[np.float64]:
    """Maximise ``barrier w'u + log det(R - diag u) + sum log u`` by damped Newton steps."""
    k = r.shape[1]
    places = np.arange(k)
    found = unique.copy()
    walking = np.arange(len(r))
    for _ in range(NEWTON_STEPS):
        here = found[walking]
        inverse = np.linalg.inv(r[walking] - here[:, :, None] * np.eye(k))
        gradient = barrier * weights[walking] - inverse[:, places, places] + 1 / here
        curvature = inverse**2
        curvature[:, places, places] += 1 / here**2
        step = np.linalg.solve(curvature, gradient[:, :, None])[:, :, 0]
        decrement = np.sqrt(np.maximum((gradient * step).sum(axis=1), 0))
        # A step of 1 / (1 + decrement) stays inside: the barrier is self-concordant.
        scale = np.where(decrement < NEAR, 1.0, 1 / (1 + decrement))
        found[walking] = np.maximum(here + scale[:, None] * step, SHORTEST)
        walking = walking[decrement > NEAR**4]
        if not len(walking):
            break
    return found
