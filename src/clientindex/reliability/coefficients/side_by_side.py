"""Elimination in many small positive definite matrices side by side, compiled.

A row of one matrix of some tens of indicators is too short for the processor's wide registers: most
of the time goes into reaching it. Of a stack that lies with the matrices last, shape (k, k, B),
every operation runs over the same entry of all of them. No matrix sees another one: its numbers are
those that it would have alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from numba import njit

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@njit(cache=True, nogil=True)
def invert(
    a: NDArray[np.float64], factor: NDArray[np.float64]
) -> None:  # pragma: no cover - compiled
    """Overwrite matrices (k, k, B) with their inverses, by Gauss and Jordan's elimination.

    `factor`, shape (B,), is room to work in.
    """
    k, size = a.shape[0], a.shape[2]
    for p in range(k):
        row = a[p]
        for b in range(size):
            factor[b] = 1 / row[p, b]
            row[p, b] = 1.0
        for j in range(k):
            for b in range(size):
                row[j, b] *= factor[b]
        for i in range(k):
            if i != p:
                other = a[i]
                for b in range(size):
                    factor[b] = other[p, b]
                    other[p, b] = 0.0
                for j in range(k):
                    _take_away(other[j], factor, row[j])


@njit(cache=True, nogil=True)
def solve(
    a: NDArray[np.float64], x: NDArray[np.float64], factor: NDArray[np.float64]
) -> None:  # pragma: no cover - compiled
    """Overwrite right-hand sides (k, B) with solutions, and matrices (k, k, B) with their factors.

    `factor`, shape (B,), is room to work in.
    """
    k, size = x.shape
    for p in range(k):
        row = a[p]
        for i in range(p + 1, k):
            other = a[i]
            for b in range(size):
                factor[b] = other[p, b] * (1 / row[p, b])
            for j in range(p + 1, k):
                _take_away(other[j], factor, row[j])
            _take_away(x[i], factor, x[p])
    for p in range(k - 1, -1, -1):
        for j in range(p + 1, k):
            _take_away(x[p], a[p, j], x[j])
        for b in range(size):
            x[p, b] /= a[p, p, b]


@njit(cache=True, nogil=True)
def _take_away(
    values: NDArray[np.float64], factor: NDArray[np.float64], others: NDArray[np.float64]
) -> None:  # pragma: no cover - compiled
    """Subtract a multiple, its own for each of B matrices; all of shape (B,)."""
    for b in range(len(values)):
        values[b] -= factor[b] * others[b]
