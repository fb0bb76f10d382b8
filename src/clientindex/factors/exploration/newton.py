"""Minres and maximum likelihood by Newton's method, for stacks of correlation matrices.

factor_analyzer and R minimise one matrix with numerical derivatives in some tens of milliseconds
and stop within about 1e-5 of the minimum. With exact second derivatives five to eight steps arrive
to machine precision, and a thousand bootstrap replicates are stepped at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from clientindex.factors.exploration.discrepancy import Discrepancy, MaximumLikelihood, Minres

if TYPE_CHECKING:
    from numpy.typing import NDArray

LOWEST, HIGHEST = 0.005, 1.0
"""Bounds of a uniqueness, those of R ``psych::fa`` and factor_analyzer.

An indicator whose uniqueness falls on the lower one is a Heywood case.
"""

TOLERANCE = 1e-9
"""Largest derivative, in absolute value, of a discrepancy at its minimum."""

NEARLY = 1e-6
"""The same where rounding errors stop the walk."""

MAX_STEPS = 200
SMALLEST_SCALE = 1e-10
ENOUGH_FALL = 1e-4
"""Share of the fall that a straight line promises which a step must reach (Armijo)."""

SLACK = 1e-14
"""Rounding error of a discrepancy that does not count as a rise."""

FLATTEST = 1e-8
"""Smallest curvature, as a share of the largest, that a step relies on."""

DISCREPANCIES: dict[str, Discrepancy] = {"minres": Minres(), "ml": MaximumLikelihood()}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Extraction:
    """Unrotated factor models of B correlation matrices.

    Attributes
    ----------
    loadings : ndarray of shape (B, K, F)
    uniquenesses : ndarray of shape (B, K)
    discrepancies : ndarray of shape (B,)
        Minres half the sum of squared residuals; ML the likelihood's.
    converged : bool ndarray of shape (B,)
    """

    loadings: NDArray[np.float64]
    uniquenesses: NDArray[np.float64]
    discrepancies: NDArray[np.float64]
    converged: NDArray[np.bool_]

    @property
    def heywood(self) -> NDArray[np.bool_]:
        """Whose uniqueness is on its lower bound, shape (B, K)."""
        on_bound: NDArray[np.bool_] = self.uniquenesses <= LOWEST * (1 + 1e-6)
        return on_bound


def start_uniquenesses(r: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return uniquenesses to start from: 1 less the squared multiple correlations, shape (B, K)."""
    inverse = np.linalg.inv(r)
    return np.clip(1 / np.diagonal(inverse, axis1=1, axis2=2), LOWEST, HIGHEST)


def minimise(
    r: NDArray[np.float64],
    *,
    n_factors: int,
    method: Literal["minres", "ml"],
    start: NDArray[np.float64],
) -> Extraction:
    """Fit factor models to a stack of correlation matrices.

    Newton's method with the curvature made positive, halved steps and the bounds of the
    uniquenesses held by projection (Bertsekas 1982).

    Parameters
    ----------
    r : ndarray of shape (B, K, K)
        Positive definite.
    n_factors : int
    method : {"minres", "ml"}
    start : ndarray of shape (B, K) or (K,)
        Uniquenesses.

    Returns
    -------
    Extraction

    References
    ----------
    Bertsekas D. P. Projected Newton methods for optimization problems with simple constraints. SIAM
    Journal on Control and Optimization, 1982, 20(2), 221-246. doi:10.1137/0320018
    """
    discrepancy = DISCREPANCIES[method]
    bounds = discrepancy.encode(np.array([LOWEST, HIGHEST]))
    begin = discrepancy.encode(np.clip(np.broadcast_to(start, r.shape[:2]), LOWEST, HIGHEST))
    x, values, worst = _walk(discrepancy, r, begin.copy(), bounds=bounds, n_factors=n_factors)
    return Extraction(
        loadings=discrepancy.load(r, x, n_factors),
        uniquenesses=discrepancy.decode(x),
        discrepancies=values,
        converged=worst <= NEARLY,
    )


def _walk(
    discrepancy: Discrepancy,
    r: NDArray[np.float64],
    x: NDArray[np.float64],
    *,
    bounds: NDArray[np.float64],
    n_factors: int,
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return unknowns, discrepancies and largest free derivatives where the walks end."""
    here = discrepancy.evaluate(r, x, n_factors)
    values, gradients, hessians = here.discrepancies, here.gradients, here.hessians
    scales = np.ones(len(x))
    for _ in range(MAX_STEPS):
        worst = np.abs(_free(gradients, x, bounds)).max(axis=1)
        walking = np.flatnonzero((worst > TOLERANCE) & (scales > SMALLEST_SCALE))
        if not len(walking):
            break
        step = _find_step(gradients[walking], hessians[walking], x[walking], bounds)
        trial = np.clip(x[walking] + scales[walking, None] * step, *bounds)
        there = discrepancy.evaluate(r[walking], trial, n_factors)
        promised = np.sum(gradients[walking] * (trial - x[walking]), axis=1)
        paid = there.discrepancies <= values[walking] + ENOUGH_FALL * promised + SLACK
        scales[walking] = np.where(paid, 1.0, scales[walking] / 2)
        winners = walking[paid]
        x[winners], values[winners] = trial[paid], there.discrepancies[paid]
        gradients[winners], hessians[winners] = there.gradients[paid], there.hessians[paid]
    return x, values, np.abs(_free(gradients, x, bounds)).max(axis=1)


def _free(
    gradients: NDArray[np.float64], x: NDArray[np.float64], bounds: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return derivatives with those that only push against a bound set to 0."""
    held = ((x <= bounds[0]) & (gradients > 0)) | ((x >= bounds[1]) & (gradients < 0))
    return np.where(held, 0.0, gradients)


def _find_step(
    gradients: NDArray[np.float64],
    hessians: NDArray[np.float64],
    x: NDArray[np.float64],
    bounds: NDArray[np.float64],
) -> NDArray[np.float64]:
    slope = _free(gradients, x, bounds)
    moving = slope != 0
    both = moving[:, :, None] & moving[:, None, :]
    curvature = np.where(both, hessians, np.eye(x.shape[1]))
    eigenvalues, vectors = np.linalg.eigh(curvature)
    size = np.abs(eigenvalues)
    size = np.maximum(size, FLATTEST * size.max(axis=1, keepdims=True))
    turned = np.einsum("bij,bi->bj", vectors, slope) / size
    step: NDArray[np.float64] = -np.einsum("bij,bj->bi", vectors, turned)
    return step
