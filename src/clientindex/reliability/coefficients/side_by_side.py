"""Elimination in many small positive definite matrices side by side, compiled.

A row of one matrix of some tens of indicators is too short for the processor's wide registers: most
of the time goes into reaching it. Of a stack that lies with the matrices last, shape (k, k, B),
every operation runs over the same entry of all of them. No matrix sees another one: its numbers are
those that it would have alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from clientindex.compiled import njit

if TYPE_CHECKING:
    from numpy.typing import NDArray


@njit(nogil=True)
def invert(a: NDArray[np.float64]) -> None:  # pragma: no cover - compiled
    """Overwrite lower triangles of matrices (k, k, B) with those of their inverses, negative.

    Every pivot is swept in turn: its column is divided by it and taken out of the others.
    """
    k, size = a.shape[0], a.shape[2]
    column, share, scale = np.empty((k, size)), np.empty((k, size)), np.empty(size)
    for p in range(k):
        for b in range(size):
            scale[b] = 1 / a[p, p, b]
            a[p, p, b] = -scale[b]
        for i in range(k):
            if i != p:
                own = a[p, i] if i < p else a[i, p]
                _move(own, scale, column[i], share[i])
        for i in range(k):
            if i != p:
                for j in range(i + 1):
                    if j != p:
                        _take_away(a[i, j], share[i], column[j])


@njit(nogil=True)
def solve(a: NDArray[np.float64], x: NDArray[np.float64]) -> None:  # pragma: no cover - compiled
    """Overwrite right-hand sides (k, B) with solutions.

    Of the matrices (k, k, B) the lower triangles are read, and overwritten by elimination.
    """
    k, size = x.shape
    share = np.empty(size)
    for p in range(k):
        for i in range(p + 1, k):
            for b in range(size):
                share[b] = a[i, p, b] / a[p, p, b]
            for j in range(p + 1, i + 1):
                _take_away(a[i, j], share, a[j, p])
            _take_away(x[i], share, x[p])
    for p in range(k - 1, -1, -1):
        for j in range(p + 1, k):
            _take_away(x[p], a[j, p], x[j])
        for b in range(size):
            x[p, b] /= a[p, p, b]


@njit(nogil=True)
def _move(
    own: NDArray[np.float64],
    scale: NDArray[np.float64],
    column: NDArray[np.float64],
    share: NDArray[np.float64],
) -> None:  # pragma: no cover - compiled
    """Copy entries of a pivot's column, and divide them by the pivot where they stand."""
    for b in range(len(own)):
        column[b] = own[b]
    for b in range(len(own)):
        share[b] = own[b] * scale[b]
    for b in range(len(own)):
        own[b] = share[b]


@njit(nogil=True)
def _take_away(
    values: NDArray[np.float64], factor: NDArray[np.float64], others: NDArray[np.float64]
) -> None:  # pragma: no cover - compiled
    """Subtract a multiple, its own for each of B matrices; all of shape (B,)."""
    for b in range(len(values)):
        values[b] -= factor[b] * others[b]
