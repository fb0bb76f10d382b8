"""The log-likelihood of a two-way table at one correlation: its score and curvature, compiled.

Cells are differences of three grids over the cut points of both indicators: the probability below
them, its derivative by the correlation (the bivariate density), and the derivative of that. Borders
of the grids, where a cut point is infinite, do not change with the correlation.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from clientindex.compiled import njit
from clientindex.factors.polychoric.mehler import fill_powers
from clientindex.factors.polychoric.normal import TWO_PI, bivariate_cdf

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SMALLEST_SHARE = 1e-300


@njit(nogil=True, fastmath={"reassoc", "contract"})
def sum_series(
    below: tuple[NDArray[np.float64], NDArray[np.float64]],
    factors: tuple[NDArray[np.float64], NDArray[np.float64]],
    rho: float,
    scaled: NDArray[np.float64],
    joint: NDArray[np.float64],
) -> None:
    """Write the probability below every pair of cut points by Mehler's series.

    Parameters
    ----------
    below : tuple of ndarray of shape (C + 1,)
        Probability below each cut point of both indicators.
    factors : tuple of ndarray of shape (C + 1, TERMS)
    rho : float
    scaled : ndarray of shape (C + 1, TERMS)
        Room for powers of the correlation (first row) and factors times them.
    joint : ndarray of shape (C + 1, C + 1)
    """
    rows, columns = factors
    size = joint.shape[0]
    n_terms = fill_powers(rho, scaled[0])
    for a in range(size):
        joint[a, 0] = below[0][a] * below[1][0]
        joint[0, a] = below[0][0] * below[1][a]
        joint[a, size - 1] = below[0][a] * below[1][size - 1]
        joint[size - 1, a] = below[0][size - 1] * below[1][a]
    for a in range(1, size - 1):
        for n in range(n_terms):
            scaled[a, n] = scaled[0, n] * rows[a, n]
        for b in range(1, size - 1):
            total = 0.0
            for n in range(n_terms):
                total += scaled[a, n] * columns[b, n]
            joint[a, b] = below[0][a] * below[1][b] + total


@njit(nogil=True)
def integrate(
    cuts: tuple[NDArray[np.float64], NDArray[np.float64]], rho: float, joint: NDArray[np.float64]
) -> None:
    """Write the probability below every pair of cut points by integration."""
    for a in range(joint.shape[0]):
        for b in range(joint.shape[1]):
            joint[a, b] = bivariate_cdf(cuts[0][a], cuts[1][b], rho)


@njit(nogil=True)
def fill_slopes(
    cuts: tuple[NDArray[np.float64], NDArray[np.float64]],
    rho: float,
    density: NDArray[np.float64],
    bend: NDArray[np.float64],
) -> None:
    """Write the first two derivatives of the probability below pairs of inner cut points."""
    left = 1.0 - rho * rho
    over = 1.0 / left
    scale = math.sqrt(over) / TWO_PI
    for a in range(1, density.shape[0] - 1):
        h = cuts[0][a]
        for b in range(1, density.shape[1] - 1):
            k = cuts[1][b]
            if math.isinf(h) or math.isinf(k):
                density[a, b], bend[a, b] = 0.0, 0.0
                continue
            squares, product = h * h + k * k, h * k
            height = scale * math.exp((rho * product - 0.5 * squares) * over)
            turn = (product * (1.0 + rho * rho) - rho * squares) * over
            density[a, b] = height
            bend[a, b] = height * (rho + turn) * over


@njit(nogil=True)
def score_table(
    table: NDArray[np.float64],
    joint: NDArray[np.float64],
    density: NDArray[np.float64],
    bend: NDArray[np.float64],
) -> tuple[float, float, float]:
    """Return the score of one table, its curvature (less the second derivative) and information.

    The information is the sum of squared scores, which is never negative.
    """
    score, information, bent = 0.0, 0.0, 0.0
    for a in range(table.shape[0]):
        for b in range(table.shape[1]):
            n = table[a, b]
            if n != 0.0:
                share = joint[a + 1, b + 1] - joint[a + 1, b] - joint[a, b + 1] + joint[a, b]
                slope = density[a + 1, b + 1] - density[a + 1, b] - density[a, b + 1]
                second = bend[a + 1, b + 1] - bend[a + 1, b] - bend[a, b + 1]
                over = 1.0 / max(share, SMALLEST_SHARE)
                ratio = (slope + density[a, b]) * over
                score += n * ratio
                information += n * ratio * ratio
                bent += n * (second + bend[a, b]) * over
    return score, information - bent, information
