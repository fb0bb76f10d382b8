"""Ordered probit regression of every item on one covariate.

References
----------
McKelvey R. D., Zavoina W. A statistical model for the analysis of ordinal level dependent
variables. Journal of Mathematical Sociology, 1975, 4(1), 103-120.
doi:10.1080/0022250X.1975.9989847
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.special import ndtr

from clientindex.errors import StatisticsError
from clientindex.factors.polychoric.table_score import SMALLEST_SHARE
from clientindex.factors.polychoric.tables import compute_cuts

if TYPE_CHECKING:
    from numpy.typing import NDArray

MAX_STEPS = 100
TOLERANCE = 1e-10


def fit_probit(
    answered: NDArray[np.integer[Any]], z: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Fit ``P(answer <= m) = Phi(a_m - b z)`` by maximum likelihood, item by item.

    Parameters
    ----------
    answered : int ndarray of shape (U, K, C)
    z : ndarray of shape (U,)

    Returns
    -------
    slopes : ndarray of shape (K,)
    influence : ndarray of shape (U, K)
        Contribution of each unit to the error of each slope.

    Raises
    ------
    StatisticsError
        If an item does not converge.
    """
    size = answered.shape[1]
    slopes, influence = np.empty(size), np.empty((len(z), size))
    for item in range(size):
        table = answered[:, item].astype(np.float64)
        table = table[:, table.sum(axis=0) > 0]
        slopes[item], influence[:, item] = _fit(table, z)
    return slopes, influence


def _fit(table: NDArray[np.float64], z: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
    at = np.append(compute_cuts(table.sum(axis=0))[1:-1], 0.0)
    n = table.sum(axis=1)
    for _ in range(MAX_STEPS):
        share, scores = _score(at, z)
        gradient = np.einsum("uc,upc->p", table, scores)
        information = np.einsum("u,uc,upc,uqc->pq", n, share, scores, scores, optimize=True)
        step = np.linalg.solve(information, gradient)
        step *= min(1.0, 1.0 / float(np.abs(step).max(initial=1e-300)))
        at = at + step
        if np.abs(step).max() < TOLERANCE:
            _, scores = _score(at, z)
            outer = np.einsum("uc,upc,uqc->pq", table, scores, scores, optimize=True)
            moved = np.linalg.solve(outer, np.einsum("uc,upc->pu", table, scores))
            return float(at[-1]), moved[-1]
    msg = "an ordered probit regression did not converge; use the two-step estimator"
    raise StatisticsError(msg)


def _score(
    at: NDArray[np.float64], z: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return probabilities (U, C) and derivatives of their logarithms (U, C, C)."""
    size = len(at)
    edge = at[:-1] - at[-1] * z[:, None]
    density = np.exp(-0.5 * edge**2) / np.sqrt(2 * np.pi)
    share = np.diff(np.pad(ndtr(edge), ((0, 0), (1, 1)), constant_values=(0, 1)), axis=1)
    weight = 1 / np.maximum(share, SMALLEST_SHARE)
    inner = np.arange(size - 1)
    scores = np.zeros((len(z), size, size))
    scores[:, inner, inner] = density * weight[:, :-1]
    scores[:, inner, inner + 1] = -density * weight[:, 1:]
    ends = np.diff(np.pad(density, ((0, 0), (1, 1))), axis=1)
    scores[:, -1] = -z[:, None] * ends * weight
    return share, scores
