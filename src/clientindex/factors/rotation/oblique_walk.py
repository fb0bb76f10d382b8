"""Oblique gradient projection of one loading matrix after another, compiled by numba.

A matrix of 20 indicators and a few factors is too small for numpy: its calls cost more than their
arithmetic. Here every matrix walks alone, by the rules of
:func:`clientindex.factors.rotation.gradient_projection.project_gradient`, which has the formulas.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from clientindex.compiled import njit
from clientindex.counts.copy_matrix import copy_matrix

if TYPE_CHECKING:
    from numpy.typing import NDArray

OBLIMIN: Final = 0
GEOMIN: Final = 1
TARGET: Final = 2


@njit(nogil=True)
def walk_stack(
    a: NDArray[np.float64],
    transformations: NDArray[np.float64],
    loadings: NDArray[np.float64],
    values: NDArray[np.float64],
    lengths: NDArray[np.float64],
    kind: int,
    wanted: NDArray[np.float64],
    specified: NDArray[np.bool_],
    rules: tuple[float, int, float, float, float],
) -> bool:  # pragma: no cover - compiled
    """Rotate matrices in place; return False where a transformation is singular.

    Parameters
    ----------
    a : ndarray of shape (B, K, F)
        Unrotated loadings.
    transformations : ndarray of shape (B, F, F)
        Where each starts, and then arrives.
    loadings, values, lengths : ndarray of shape (B, K, F), (B,), (B,)
        Are filled: rotated loadings, criterion, length of the projected gradient.
    kind : int
        Criterion: :data:`OBLIMIN`, :data:`GEOMIN` or :data:`TARGET`.
    wanted, specified : ndarray of shape (K, F)
        Of the target; else of any shape.
    rules : tuple
        Tolerance, largest number of steps, shortest step, slack, delta of geomin.
    """
    n_rows, n_factors = a.shape[1], a.shape[2]
    inverse = np.empty((n_factors, n_factors))
    work = np.empty((n_factors, n_factors))
    trial = np.empty((n_factors, n_factors))
    slope = np.empty((n_factors, n_factors))
    turned = np.empty((n_rows, n_factors))
    gradient = np.empty((n_rows, n_factors))
    tolerance, most_steps, shortest, slack, delta = rules
    for b in range(len(a)):
        t = transformations[b]
        if not _invert(t, work, inverse):
            return False
        _load(a[b], inverse, loadings[b])
        value = _judge(loadings[b], gradient, kind, wanted, specified, delta)
        length = _project(t, inverse, loadings[b], gradient, slope)
        step = 1.0
        for _ in range(most_steps):
            if not (length > tolerance and step > shortest):
                break
            _retract(t, slope, step, trial)
            if not _invert(trial, work, inverse):
                return False
            _load(a[b], inverse, turned)
            found = _judge(turned, gradient, kind, wanted, specified, delta)
            if found <= value - 0.5 * length**2 * step + slack * (1 + abs(found)):
                copy_matrix(trial, t)
                copy_matrix(turned, loadings[b])
                value = found
                length = _project(t, inverse, turned, gradient, slope)
                step = 2 * step
            else:
                step = step / 2
        values[b], lengths[b] = value, length
    return True


@njit(nogil=True)
def _invert(
    matrix: NDArray[np.float64], work: NDArray[np.float64], inverse: NDArray[np.float64]
) -> bool:  # pragma: no cover - compiled
    """Invert a small matrix by Gauss and Jordan with pivots; False where it is singular."""
    size = len(matrix)
    copy_matrix(matrix, work)
    for row in range(size):
        for column in range(size):
            inverse[row, column] = 1.0 if row == column else 0.0
    for column in range(size):
        pivot = column
        for row in range(column + 1, size):
            if abs(work[row, column]) > abs(work[pivot, column]):
                pivot = row
        scale = work[pivot, column]
        if not abs(scale) > 0.0:
            return False
        for other in range(size):
            work[pivot, other], work[column, other] = work[column, other], work[pivot, other]
            inverse[pivot, other], inverse[column, other] = (
                inverse[column, other],
                inverse[pivot, other],
            )
        for other in range(size):
            work[column, other] /= scale
            inverse[column, other] /= scale
        for row in range(size):
            if row != column:
                factor = work[row, column]
                for other in range(size):
                    work[row, other] -= factor * work[column, other]
                    inverse[row, other] -= factor * inverse[column, other]
    return True


@njit(nogil=True)
def _load(
    a: NDArray[np.float64], inverse: NDArray[np.float64], loadings: NDArray[np.float64]
) -> None:  # pragma: no cover - compiled
    """Fill the rotated loadings, ``A inv(T)'``."""
    n_rows, n_factors = a.shape
    for row in range(n_rows):
        for factor in range(n_factors):
            total = 0.0
            for other in range(n_factors):
                total += a[row, other] * inverse[factor, other]
            loadings[row, factor] = total


@njit(nogil=True)
def _judge(
    loadings: NDArray[np.float64],
    gradient: NDArray[np.float64],
    kind: int,
    wanted: NDArray[np.float64],
    specified: NDArray[np.bool_],
    delta: float,
) -> float:  # pragma: no cover - compiled
    """Return the criterion and fill its gradient by the loadings."""
    n_rows, n_factors = loadings.shape
    value = 0.0
    for row in range(n_rows):
        if kind == OBLIMIN:
            total = 0.0
            for factor in range(n_factors):
                total += loadings[row, factor] ** 2
            for factor in range(n_factors):
                square = loadings[row, factor] ** 2
                value += square * (total - square) / 4
                gradient[row, factor] = loadings[row, factor] * (total - square)
        elif kind == GEOMIN:
            logs = 0.0
            for factor in range(n_factors):
                logs += np.log(loadings[row, factor] ** 2 + delta)
            mean = np.exp(logs / n_factors)
            value += mean
            for factor in range(n_factors):
                shifted = loadings[row, factor] ** 2 + delta
                gradient[row, factor] = 2 / n_factors * loadings[row, factor] / shifted * mean
        else:
            for factor in range(n_factors):
                gradient[row, factor] = 0.0
                if specified[row, factor]:
                    miss = loadings[row, factor] - wanted[row, factor]
                    value += miss**2
                    gradient[row, factor] = 2 * miss
    return value


@njit(nogil=True)
def _project(
    t: NDArray[np.float64],
    inverse: NDArray[np.float64],
    loadings: NDArray[np.float64],
    gradient: NDArray[np.float64],
    slope: NDArray[np.float64],
) -> float:  # pragma: no cover - compiled
    """Fill the projected gradient by T and return its length."""
    n_rows, n_factors = loadings.shape
    cross = np.zeros((n_factors, n_factors))
    for row in range(n_rows):
        for first in range(n_factors):
            for second in range(n_factors):
                cross[first, second] += loadings[row, first] * gradient[row, second]
    for first in range(n_factors):
        for second in range(n_factors):
            total = 0.0
            for other in range(n_factors):
                total += cross[first, other] * inverse[other, second]
            slope[second, first] = -total
    squares = 0.0
    for column in range(n_factors):
        along = 0.0
        for row in range(n_factors):
            along += t[row, column] * slope[row, column]
        for row in range(n_factors):
            slope[row, column] -= t[row, column] * along
            squares += slope[row, column] ** 2
    return float(np.sqrt(squares))


@njit(nogil=True)
def _retract(
    t: NDArray[np.float64], slope: NDArray[np.float64], step: float, trial: NDArray[np.float64]
) -> None:  # pragma: no cover - compiled
    """Fill a step against the slope, columns brought back to length 1."""
    n_factors = len(t)
    for column in range(n_factors):
        squares = 0.0
        for row in range(n_factors):
            trial[row, column] = t[row, column] - step * slope[row, column]
            squares += trial[row, column] ** 2
        norm = np.sqrt(squares)
        for row in range(n_factors):
            trial[row, column] /= norm
