"""Varimax of many loading matrices by plane rotations, compiled.

Gradient projection (``factors/rotation``) rotates one model to several criteria; very simple
structure needs this one criterion thousands of times.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from clientindex.compiled import njit

if TYPE_CHECKING:
    from numpy.typing import NDArray

SMALLEST_ANGLE = 1e-9
"""A sweep over all pairs of factors that turns none further is the last, in radians."""

MAX_SWEEPS = 500


def rotate_varimax(loadings: NDArray[np.float64]) -> NDArray[np.float64]:
    """Rotate a stack of loadings by varimax with Kaiser's normalisation of rows.

    Every pair of factors is turned in its plane to the maximum (Kaiser's closed form), in sweeps,
    from where the factors stand. Agrees with R ``stats::varimax(eps = 1e-13)`` to 1e-6.

    Parameters
    ----------
    loadings : ndarray of shape (B, K, F)

    Returns
    -------
    ndarray of shape (B, K, F)
        NaN where loadings are not defined.

    References
    ----------
    Kaiser H. F. The varimax criterion for analytic rotation in factor analysis. Psychometrika,
    1958, 23(3), 187-200. doi:10.1007/BF02289233
    """
    lengths = np.linalg.norm(loadings, axis=2, keepdims=True)
    rotated = loadings / np.where(lengths > 0, lengths, 1.0)
    _turn(rotated)
    return np.asarray(rotated * lengths, dtype=np.float64)


@njit(nogil=True)
def _turn(x: NDArray[np.float64]) -> None:
    n_stack, n_items, n_factors = x.shape
    for b in range(n_stack):
        for _ in range(MAX_SWEEPS):
            widest = 0.0
            for f in range(n_factors):
                for g in range(f + 1, n_factors):
                    u_sum, v_sum, uv, square = 0.0, 0.0, 0.0, 0.0
                    for i in range(n_items):
                        u = x[b, i, f] ** 2 - x[b, i, g] ** 2
                        v = 2.0 * x[b, i, f] * x[b, i, g]
                        u_sum += u
                        v_sum += v
                        uv += 2.0 * u * v
                        square += u * u - v * v
                    top = uv - 2.0 * u_sum * v_sum / n_items
                    bottom = square - (u_sum * u_sum - v_sum * v_sum) / n_items
                    angle = 0.25 * math.atan2(top, bottom)
                    if not abs(angle) > SMALLEST_ANGLE:
                        continue
                    widest = max(widest, abs(angle))
                    cosine, sine = math.cos(angle), math.sin(angle)
                    for i in range(n_items):
                        first, second = x[b, i, f], x[b, i, g]
                        x[b, i, f] = cosine * first + sine * second
                        x[b, i, g] = cosine * second - sine * first
            if widest == 0.0:
                break
