"""Minres and maximum likelihood by Newton's method, for stacks of correlation matrices.

factor_analyzer and R minimise one matrix with numerical derivatives in some tens of milliseconds
and stop within about 1e-5 of the minimum. With exact second derivatives five to eight steps arrive
to machine precision.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from clientindex.factors.exploration.discrepancy import KINDS, decode, encode
from clientindex.factors.exploration.newton_walk import walk_stack

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
    bounds = encode(np.array([LOWEST, HIGHEST]), method)
    begin = encode(np.clip(np.broadcast_to(start, r.shape[:2]), LOWEST, HIGHEST), method)
    x, loadings = begin.copy(), np.empty((*r.shape[:2], n_factors))
    values, worst = walk_stack(
        np.ascontiguousarray(r), x, bounds, KINDS[method], TOLERANCE, loadings
    )
    return Extraction(
        loadings=loadings,
        uniquenesses=decode(x, method),
        discrepancies=values,
        converged=worst <= NEARLY,
    )
