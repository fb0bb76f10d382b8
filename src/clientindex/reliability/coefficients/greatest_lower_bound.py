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

import math
from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from clientindex.counts.copy_matrix import copy_matrix
from clientindex.reliability.coefficients.alpha import SUM_VARIANCE_FLOOR
from clientindex.reliability.coefficients.guttman import SMALLEST_EIGENVALUE
from clientindex.threads import get_threads, map_in_threads

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
    weights = weights / weights.sum(axis=1, keepdims=True)
    unique = np.repeat(0.5 * np.linalg.eigvalsh(r)[:, :1], r.shape[1], axis=1)
    blocks = np.array_split(np.arange(len(r)), min(get_threads(), len(r)))
    parts = map_in_threads(lambda at: _follow_centres(r[at], weights[at], unique[at], gap), blocks)
    return np.concatenate(parts)


@njit(cache=True, nogil=True)
def _follow_centres(
    r: NDArray[np.float64], weights: NDArray[np.float64], unique: NDArray[np.float64], gap: float
) -> NDArray[np.float64]:  # pragma: no cover - compiled
    """Raise the barrier's weight until the optimum is as near as asked, for every matrix."""
    size, k = unique.shape
    inverse, curvature, step = np.empty((k, k)), np.empty((k, k)), np.empty(k)
    for b in range(size):
        barrier = float(k)
        while True:
            for _ in range(NEWTON_STEPS):
                decrement = _find_step(
                    r[b], weights[b], unique[b], barrier, inverse, curvature, step
                )
                # A step of 1 / (1 + decrement) stays inside: the barrier is self-concordant.
                scale = 1.0 if decrement < NEAR else 1 / (1 + decrement)
                for j in range(k):
                    unique[b, j] = max(unique[b, j] + scale * step[j], SHORTEST)
                if decrement <= NEAR**4:
                    break
            if 2 * k / barrier < gap:
                break
            barrier *= FASTER
    return unique


@njit(cache=True, nogil=True)
def _find_step(
    r: NDArray[np.float64],
    weights: NDArray[np.float64],
    unique: NDArray[np.float64],
    barrier: float,
    inverse: NDArray[np.float64],
    curvature: NDArray[np.float64],
    step: NDArray[np.float64],
) -> float:  # pragma: no cover - compiled
    """Write the Newton step of ``barrier w'u + log det(R - diag u) + sum log u``.

    Returns the decrement; `inverse` and `curvature` are room to work in.
    """
    k = len(unique)
    copy_matrix(r, inverse)
    for j in range(k):
        inverse[j, j] -= unique[j]
    _invert(inverse)
    for j in range(k):
        step[j] = barrier * weights[j] - inverse[j, j] + 1 / unique[j]
        for i in range(k):
            curvature[j, i] = inverse[j, i] * inverse[j, i]
        curvature[j, j] += 1 / (unique[j] * unique[j])
    gradient = step.copy()
    _solve(curvature, step)
    decrement = 0.0
    for j in range(k):
        decrement += gradient[j] * step[j]
    return math.sqrt(max(decrement, 0.0))


@njit(cache=True, nogil=True)
def _invert(a: NDArray[np.float64]) -> None:  # pragma: no cover - compiled
    """Overwrite a positive definite matrix with its inverse, by Gauss and Jordan's elimination."""
    k = len(a)
    for p in range(k):
        row = a[p]
        scale = 1 / row[p]
        row[p] = 1.0
        for j in range(k):
            row[j] *= scale
        for i in range(k):
            if i != p:
                other = a[i]
                factor = other[p]
                other[p] = 0.0
                for j in range(k):
                    other[j] -= factor * row[j]


@njit(cache=True, nogil=True)
def _solve(a: NDArray[np.float64], b: NDArray[np.float64]) -> None:  # pragma: no cover - compiled
    """Overwrite b with the solution of a positive definite system, and a with its factors."""
    k = len(b)
    for p in range(k):
        row = a[p]
        scale = 1 / row[p]
        for i in range(p + 1, k):
            other = a[i]
            factor = other[p] * scale
            for j in range(p + 1, k):
                other[j] -= factor * row[j]
            b[i] -= factor * b[p]
    for p in range(k - 1, -1, -1):
        for j in range(p + 1, k):
            b[p] -= a[p, j] * b[j]
        b[p] /= a[p, p]
