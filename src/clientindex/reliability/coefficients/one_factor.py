r"""One common factor of each of many correlation matrices that resemble the first.

Inside its bounds the minres solution has the smallest sum of squared residual correlations outside
the diagonal, :math:`\sum_{i < j} (r_{ij} - l_i l_j)^2`. Replicates resemble their sample, so Newton
steps in the loadings lead from its solution to theirs; where they lead elsewhere (an indicator on
its bound, a curvature that is not positive) the search of
:mod:`clientindex.factors.exploration.newton` takes over.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np

from clientindex.compiled import njit
from clientindex.counts.copy_matrix import copy_matrix
from clientindex.factors.exploration.newton import LOWEST, minimise, start_uniquenesses

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from clientindex.factors.exploration.newton import Extraction

FEWEST = 3
"""Two indicators have one correlation, which does not tell two loadings apart."""

SMALLEST_EIGENVALUE = 1e-8

SLOPE = 1e-11
"""Largest derivative by a loading at the minimum."""

MOST_STEPS = 25


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OneFactor:
    """Minres solutions with one factor of B correlation matrices.

    Attributes
    ----------
    loadings : ndarray of shape (B, k)
        Signed so that their sum is not negative; NaN where there is no solution.
    heywood : bool ndarray of shape (B, k)
        Whose uniqueness is on its lower bound.
    """

    loadings: NDArray[np.float64]
    heywood: NDArray[np.bool_]


def fit_one_factor(r: NDArray[np.float64], *, alike: bool = True) -> OneFactor:
    """Fit one minres factor to every matrix of a stack (B, k, k); NaN for k < 3.

    Matrices that are not alike are searched one by one: the first does not lead to them.
    """
    size, k = r.shape[:2]
    loadings = np.full((size, k), np.nan)
    heywood = np.zeros((size, k), dtype=bool)
    if k < FEWEST:
        return OneFactor(loadings=loadings, heywood=heywood)
    usable = np.asarray(np.isfinite(r).all(axis=(1, 2)))
    usable[usable] = _are_definite(r[usable], SMALLEST_EIGENVALUE)
    rows = np.flatnonzero(usable)
    if len(rows) and alike:
        rows = rows[_follow_first(r, rows, loadings, heywood)]
    if len(rows):
        _write(_search(r[rows]), rows, loadings, heywood)
    return OneFactor(loadings=loadings, heywood=heywood)


def _follow_first(
    r: NDArray[np.float64],
    rows: NDArray[np.intp],
    loadings: NDArray[np.float64],
    heywood: NDArray[np.bool_],
) -> NDArray[np.bool_]:
    """Write the solution of the first matrix and those that it leads to; return who is left."""
    first = _search(r[rows[:1]])
    _write(first, rows[:1], loadings, heywood)
    left = np.ones(len(rows), dtype=bool)
    left[0] = False
    if first.converged[0] and len(rows) > 1:
        found, arrived = _follow(np.ascontiguousarray(r[rows[1:]]), loadings[rows[0]])
        loadings[rows[1:][arrived]] = _sign(found[arrived])
        left[1:] = ~arrived
    return left


def _search(r: NDArray[np.float64]) -> Extraction:
    """Search from squared multiple correlations; what is stuck beside a bound, from the middle."""
    found = minimise(r, n_factors=1, method="minres", start=start_uniquenesses(r))
    stuck = np.flatnonzero(~found.converged)
    if not len(stuck):
        return found
    middle = np.full(r.shape[1], 0.5)
    again = minimise(r[stuck], n_factors=1, method="minres", start=middle)
    for field in fields(found):
        getattr(found, field.name)[stuck] = getattr(again, field.name)
    return found


def _write(
    found: Extraction,
    rows: NDArray[np.intp],
    loadings: NDArray[np.float64],
    heywood: NDArray[np.bool_],
) -> None:
    signed = _sign(found.loadings[:, :, 0])
    loadings[rows] = np.where(found.converged[:, None], signed, np.nan)
    heywood[rows] = found.heywood


def _sign(loadings: NDArray[np.float64]) -> NDArray[np.float64]:
    return loadings * np.where(loadings.sum(axis=1, keepdims=True) < 0, -1.0, 1.0)


@njit(nogil=True)
def _are_definite(r: NDArray[np.float64], smallest: float) -> NDArray[np.bool_]:
    """Return whether all eigenvalues of every matrix are above a bound, by its decomposition."""
    size, k = r.shape[0], r.shape[1]
    definite = np.empty(size, dtype=np.bool_)
    shifted, nothing = np.empty((k, k)), np.empty(k)
    for b in range(size):
        copy_matrix(r[b], shifted)
        for i in range(k):
            shifted[i, i] -= smallest
            nothing[i] = 0.0
        definite[b] = _solve(shifted, nothing)
    return definite


@njit(nogil=True)
def _follow(
    r: NDArray[np.float64], start: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return loadings to which Newton steps lead, and whether they are a minimum inside bounds."""
    size, k = r.shape[0], r.shape[1]
    found = np.empty((size, k))
    arrived = np.zeros(size, dtype=np.bool_)
    slope, curvature = np.empty(k), np.empty((k, k))
    for b in range(size):
        x = found[b]
        for i in range(k):
            x[i] = start[i]
        for _ in range(MOST_STEPS):
            steepest = _differentiate(r[b], x, slope, curvature)
            if not _solve(curvature, slope):
                break
            if steepest < SLOPE:
                arrived[b] = (x * x).max() < 1 - LOWEST
                break
            for i in range(k):
                x[i] -= slope[i]
    return found, arrived


@njit(nogil=True)
def _differentiate(
    r: NDArray[np.float64],
    x: NDArray[np.float64],
    slope: NDArray[np.float64],
    curvature: NDArray[np.float64],
) -> float:
    """Write first and second derivatives of half the sum of squares; return the largest slope."""
    k = len(x)
    steepest = 0.0
    for i in range(k):
        slope[i], curvature[i, i] = 0.0, 0.0
        for j in range(k):
            if i != j:
                slope[i] -= (r[i, j] - x[i] * x[j]) * x[j]
                curvature[i, i] += x[j] * x[j]
                curvature[i, j] = 2 * x[i] * x[j] - r[i, j]
        steepest = max(steepest, abs(slope[i]))
    return steepest


@njit(nogil=True)
def _solve(a: NDArray[np.float64], b: NDArray[np.float64]) -> bool:
    """Overwrite b with the solution of a positive definite system; return whether it is one."""
    k = len(b)
    for j in range(k):
        for m in range(j):
            a[j, j] -= a[j, m] * a[j, m]
        if not a[j, j] > 0:
            return False
        a[j, j] = np.sqrt(a[j, j])
        for i in range(j + 1, k):
            for m in range(j):
                a[i, j] -= a[i, m] * a[j, m]
            a[i, j] /= a[j, j]
    for i in range(k):
        for m in range(i):
            b[i] -= a[i, m] * b[m]
        b[i] /= a[i, i]
    for i in range(k - 1, -1, -1):
        for m in range(i + 1, k):
            b[i] -= a[m, i] * b[m]
        b[i] /= a[i, i]
    return True
