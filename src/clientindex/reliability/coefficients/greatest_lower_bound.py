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

from clientindex.compiled import njit
from clientindex.reliability.coefficients.alpha import SUM_VARIANCE_FLOOR
from clientindex.reliability.coefficients.guttman import SMALLEST_EIGENVALUE
from clientindex.reliability.coefficients.side_by_side import invert, solve
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

MOST_TOGETHER = 128
"""Matrices that advance side by side: more would leave the caches of the processor."""


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
    smallest = np.linalg.eigvalsh(r)[:, 0]
    usable &= smallest > SMALLEST_EIGENVALUE
    found = np.full(len(flat), np.nan)
    if usable.any():
        unique = _maximise(r[usable], sd[usable] ** 2, smallest[usable], gap)
        found[usable] = 1 - (unique * sd[usable] ** 2).sum(axis=1) / total[usable]
    return found.reshape(cov.shape[:-2])


def _maximise(
    r: NDArray[np.float64], weights: NDArray[np.float64], smallest: NDArray[np.float64], gap: float
) -> NDArray[np.float64]:
    """Return unique variances of correlations (B, k, k) whose weighted sum is largest.

    The way begins at half of the smallest eigenvalue of each matrix, inside of all bounds.
    """
    weights = weights / weights.sum(axis=1, keepdims=True)
    unique = np.repeat(0.5 * smallest[:, None], r.shape[1], axis=1)
    blocks = np.array_split(np.arange(len(r)), min(get_threads(), len(r)))
    parts = map_in_threads(lambda at: _follow_stack(r[at], weights[at], unique[at], gap), blocks)
    return np.concatenate(parts)


def _follow_stack(
    r: NDArray[np.float64], weights: NDArray[np.float64], unique: NDArray[np.float64], gap: float
) -> NDArray[np.float64]:
    """Follow some matrices at a time, of which the last axis is made."""
    parts = []
    for at in np.array_split(np.arange(len(r)), math.ceil(len(r) / MOST_TOGETHER)):
        matrices, shares, found = (
            np.ascontiguousarray(np.moveaxis(part[at], 0, -1)) for part in (r, weights, unique)
        )
        _follow_centres(matrices, shares, found, gap)
        parts.append(found.T)
    return np.concatenate(parts)


@njit(nogil=True)
def _follow_centres(
    r: NDArray[np.float64], weights: NDArray[np.float64], unique: NDArray[np.float64], gap: float
) -> None:  # pragma: no cover - compiled
    """Raise the barrier's weight until the optimum is as near as asked, for every matrix.

    All arrays have the matrices last. They wait for one another with every weight, so that a matrix
    that has arrived stands still.
    """
    k, size = unique.shape
    inverse, curvature = np.empty((k, k, size)), np.empty((k, k, size))
    gradient, step = np.empty((k, size)), np.empty((k, size))
    decrement, arrived = np.empty(size), np.empty(size, dtype=np.bool_)
    barrier = float(k)
    while True:
        arrived[:] = False
        for _ in range(NEWTON_STEPS):
            _differentiate(r, weights, unique, barrier, inverse, curvature, gradient)
            _find_step(curvature, gradient, step, decrement)
            _take_step(unique, step, decrement, arrived)
            if arrived.all():
                break
        if 2 * k / barrier < gap:
            break
        barrier *= FASTER


@njit(nogil=True)
def _differentiate(
    r: NDArray[np.float64],
    weights: NDArray[np.float64],
    unique: NDArray[np.float64],
    barrier: float,
    inverse: NDArray[np.float64],
    curvature: NDArray[np.float64],
    gradient: NDArray[np.float64],
) -> None:  # pragma: no cover - compiled
    """Write first and negative second derivatives of what is maximised.

    That is ``barrier w'u + log det(R - diag u) + sum log u``. Of the second derivatives lower
    triangles are written; `inverse` is room to work in.
    """
    k, size = unique.shape
    for i in range(k):
        for j in range(i + 1):
            _copy(r[i, j], inverse[i, j])
        for b in range(size):
            inverse[i, i, b] -= unique[i, b]
    invert(inverse)  # which makes it negative
    for i in range(k):
        for j in range(i + 1):
            _square(inverse[i, j], curvature[i, j])
        for b in range(size):
            curvature[i, i, b] += 1 / (unique[i, b] * unique[i, b])
        for b in range(size):
            gradient[i, b] = barrier * weights[i, b] + inverse[i, i, b] + 1 / unique[i, b]


@njit(nogil=True)
def _find_step(
    curvature: NDArray[np.float64],
    gradient: NDArray[np.float64],
    step: NDArray[np.float64],
    decrement: NDArray[np.float64],
) -> None:  # pragma: no cover - compiled
    """Write Newton steps and their decrements; the curvature becomes its factors."""
    k, size = step.shape
    for j in range(k):
        _copy(gradient[j], step[j])
    solve(curvature, step)
    decrement[:] = 0.0
    for j in range(k):
        for b in range(size):
            decrement[b] += gradient[j, b] * step[j, b]
    for b in range(size):
        decrement[b] = math.sqrt(max(decrement[b], 0.0))


@njit(nogil=True)
def _take_step(
    unique: NDArray[np.float64],
    step: NDArray[np.float64],
    decrement: NDArray[np.float64],
    arrived: NDArray[np.bool_],
) -> None:  # pragma: no cover - compiled
    """Move the matrices that have not arrived, and note which arrive with this step."""
    k, size = step.shape
    for b in range(size):
        if arrived[b]:
            continue
        # A step of 1 / (1 + decrement) stays inside: the barrier is self-concordant.
        scale = 1.0 if decrement[b] < NEAR else 1 / (1 + decrement[b])
        for j in range(k):
            unique[j, b] = max(unique[j, b] + scale * step[j, b], SHORTEST)
        arrived[b] = decrement[b] <= NEAR**4


@njit(nogil=True)
def _copy(
    source: NDArray[np.float64], target: NDArray[np.float64]
) -> None:  # pragma: no cover - compiled
    for b in range(len(source)):
        target[b] = source[b]


@njit(nogil=True)
def _square(
    source: NDArray[np.float64], target: NDArray[np.float64]
) -> None:  # pragma: no cover - compiled
    for b in range(len(source)):
        target[b] = source[b] * source[b]
