"""Newton's walk to the smallest discrepancy, one correlation matrix after another, compiled.

A matrix of some tens of indicators is too small for numpy: its calls cost more than their
arithmetic, and a stack waits for its slowest matrix. The rules are those of
:func:`clientindex.factors.exploration.newton.minimise`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from clientindex.compiled import njit
from clientindex.factors.exploration.discrepancy import evaluate, load

if TYPE_CHECKING:
    from numpy.typing import NDArray

MAX_STEPS = 200
SMALLEST_SCALE = 1e-10
ENOUGH_FALL = 1e-4
"""Share of the fall that a straight line promises which a step must reach (Armijo)."""

SLACK = 1e-14
"""Rounding error of a discrepancy that does not count as a rise."""

FLATTEST = 1e-8
"""Smallest curvature, as a share of the largest, that a step relies on."""

SAFE_PIVOT = 1e-6
"""Square of a pivot, as a share of the largest variance, down to which no curvature is flat."""


@njit(nogil=True)
def walk_stack(
    r: NDArray[np.float64],
    x: NDArray[np.float64],
    bounds: NDArray[np.float64],
    kind: int,
    tolerance: float,
    loadings: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:  # pragma: no cover - compiled
    """Walk to the minimum of every matrix.

    Parameters
    ----------
    r : ndarray of shape (B, K, K)
    x : ndarray of shape (B, K)
        Unknowns where each walk starts, and then ends.
    bounds : ndarray of shape (2,)
        Of every unknown.
    kind : int
        Of :data:`clientindex.factors.exploration.discrepancy.KINDS`.
    tolerance : float
        Largest free derivative at a minimum.
    loadings : ndarray of shape (B, K, F)
        Are filled.

    Returns
    -------
    values, worst : ndarray of shape (B,)
        Discrepancies, and the largest free derivatives, in absolute value.
    """
    values, worst = np.empty(len(r)), np.empty(len(r))
    for b in range(len(r)):
        values[b], worst[b] = _walk(r[b], x[b], bounds, kind, tolerance, loadings[b])
    return values, worst


@njit(nogil=True)
def _walk(
    r: NDArray[np.float64],
    x: NDArray[np.float64],
    bounds: NDArray[np.float64],
    kind: int,
    tolerance: float,
    loadings: NDArray[np.float64],
) -> tuple[float, float]:  # pragma: no cover - compiled
    size, n_factors = loadings.shape
    grids = (np.empty((size, size)), np.empty((size, size)))
    gradient, hessian = np.empty(size), np.empty((size, size))
    slope, curvature, step = np.empty(size), np.empty((size, size)), np.empty(size)
    trial = np.empty(size)
    value, eigenvalues, vectors = evaluate(r, x, n_factors, kind, gradient, hessian, grids)
    scale, worst = 1.0, _free(gradient, x, bounds, slope)
    for _ in range(MAX_STEPS):
        if not (worst > tolerance and scale > SMALLEST_SCALE):
            break
        if scale == 1.0:
            _find_step(slope, hessian, curvature, step)
        promised = _try_step(x, step, scale, bounds, gradient, trial)
        there = evaluate(r, trial, n_factors, kind, slope, curvature, grids)
        if there[0] <= value + ENOUGH_FALL * promised + SLACK:
            value, eigenvalues, vectors = there
            for i in range(size):
                x[i] = trial[i]
            gradient, slope = slope, gradient
            hessian, curvature = curvature, hessian
            scale, worst = 1.0, _free(gradient, x, bounds, slope)
        else:
            scale /= 2
    load(eigenvalues, vectors, x, kind, loadings)
    return value, worst


@njit(nogil=True)
def _free(
    gradient: NDArray[np.float64],
    x: NDArray[np.float64],
    bounds: NDArray[np.float64],
    slope: NDArray[np.float64],
) -> float:  # pragma: no cover - compiled
    """Write derivatives without those that only push against a bound; return the largest."""
    worst = 0.0
    for i in range(len(x)):
        is_low = x[i] <= bounds[0] and gradient[i] > 0
        is_high = x[i] >= bounds[1] and gradient[i] < 0
        slope[i] = 0.0 if is_low or is_high else gradient[i]
        worst = max(worst, abs(slope[i]))
    return worst


@njit(nogil=True)
def _try_step(
    x: NDArray[np.float64],
    step: NDArray[np.float64],
    scale: float,
    bounds: NDArray[np.float64],
    gradient: NDArray[np.float64],
    trial: NDArray[np.float64],
) -> float:  # pragma: no cover - compiled
    """Write the unknowns after a step; return the change that a straight line promises."""
    promised = 0.0
    for i in range(len(x)):
        trial[i] = min(max(x[i] + scale * step[i], bounds[0]), bounds[1])
        promised += gradient[i] * (trial[i] - x[i])
    return promised


@njit(nogil=True)
def _find_step(
    slope: NDArray[np.float64],
    hessian: NDArray[np.float64],
    curvature: NDArray[np.float64],
    step: NDArray[np.float64],
) -> None:  # pragma: no cover - compiled
    """Write the step of Newton's method, with the curvature made positive."""
    for i in range(len(slope)):
        for k in range(len(slope)):
            is_moving = slope[i] != 0 and slope[k] != 0
            curvature[i, k] = hessian[i, k] if is_moving else 0.0
        if slope[i] == 0:
            curvature[i, i] = 1.0
    if _solve_positive(curvature, slope, step):
        return
    eigenvalues, vectors = np.linalg.eigh(curvature)
    largest = max(abs(eigenvalues[0]), abs(eigenvalues[-1]))
    step[:] = 0.0
    for j in range(len(slope)):
        turned = 0.0
        for i in range(len(slope)):
            turned += vectors[i, j] * slope[i]
        size = max(abs(eigenvalues[j]), FLATTEST * largest)
        for i in range(len(slope)):
            step[i] -= vectors[i, j] * turned / size


@njit(nogil=True)
def _solve_positive(
    curvature: NDArray[np.float64], slope: NDArray[np.float64], step: NDArray[np.float64]
) -> bool:  # pragma: no cover - compiled
    """Write the step that a curvature asks for, if it is positive and nowhere nearly flat."""
    size = len(slope)
    root = np.zeros((size, size))
    smallest = 0.0
    for i in range(size):
        smallest = max(smallest, SAFE_PIVOT * curvature[i, i])
    for i in range(size):
        for k in range(i + 1):
            total = curvature[i, k]
            for m in range(k):
                total -= root[i, m] * root[k, m]
            if k < i:
                root[i, k] = total / root[k, k]
            elif total > smallest:
                root[i, i] = np.sqrt(total)
            else:
                return False
    for i in range(size):
        total = -slope[i]
        for m in range(i):
            total -= root[i, m] * step[m]
        step[i] = total / root[i, i]
    for i in range(size - 1, -1, -1):
        total = step[i]
        for m in range(i + 1, size):
            total -= root[m, i] * step[m]
        step[i] = total / root[i, i]
    return True
