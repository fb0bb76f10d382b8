"""Unrotated loadings of the whole sample and of bootstrap replicates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from clientindex.errors import StatisticsError
from clientindex.factors.adapter import extract_loadings
from clientindex.factors.exploration.newton import LOWEST, Extraction, minimise
from clientindex.factors.exploration.principal_axis import iterate_principal_axis

if TYPE_CHECKING:
    from numpy.typing import NDArray

Method = Literal["minres", "ml", "principal_axis"]

INNER = 0.3
"""Uniquenesses start no lower when other Heywood cases are sought."""

SMALLEST_FALL = 1e-9
"""A minimum counts as lower by at least this."""


def extract(r: NDArray[np.float64], *, n_factors: int, method: Method) -> Extraction:
    """Fit the unrotated factor model of one correlation matrix.

    Minres and ML come from factor_analyzer, principal axis from its iteration; a few Newton steps
    then go the last 1e-5 to the minimum, so that sample and replicates are the same estimator.
    Where the minimum is a Heywood case there may be others, one an indicator: all are tried and the
    lowest is taken, while factor_analyzer and psych stay at the first.

    Parameters
    ----------
    r : ndarray of shape (K, K)
        Positive definite.
    n_factors : int
    method : {"minres", "ml", "principal_axis"}

    Returns
    -------
    Extraction
        With one matrix.

    Raises
    ------
    StatisticsError
        If the model does not converge.
    """
    if method == "principal_axis":
        start = iterate_principal_axis(r, n_factors=n_factors)
    else:
        loadings = extract_loadings(r, n_factors=n_factors, method=method)
        start = 1 - np.sum(loadings**2, axis=1)
    found = extract_stack(r[None], n_factors=n_factors, method=method, start=start)
    if found.heywood.any():
        found = _try_others(r, found, n_factors=n_factors, method=method)
    if not found.converged[0]:
        msg = f"the {method} factor model with {n_factors} factors did not converge"
        raise StatisticsError(msg)
    return found


def _try_others(
    r: NDArray[np.float64], found: Extraction, *, n_factors: int, method: Method
) -> Extraction:
    """Return the lowest minimum among those with each indicator started at its bound."""
    size = len(r)
    starts = np.repeat(np.maximum(found.uniquenesses, INNER), size, axis=0)
    starts[np.arange(size), np.arange(size)] = LOWEST
    stack = np.repeat(r[None], size, axis=0)
    others = extract_stack(stack, n_factors=n_factors, method=method, start=starts)
    values = np.where(others.converged, others.discrepancies, np.inf)
    best = int(np.argmin(values))
    if found.converged[0] and not values[best] < found.discrepancies[0] - SMALLEST_FALL:
        return found
    return Extraction(
        loadings=others.loadings[[best]],
        uniquenesses=others.uniquenesses[[best]],
        discrepancies=others.discrepancies[[best]],
        converged=others.converged[[best]],
    )


def extract_stack(
    r: NDArray[np.float64], *, n_factors: int, method: Method, start: NDArray[np.float64]
) -> Extraction:
    """Fit the unrotated factor models of a stack of correlation matrices.

    The fixed point of principal axis factoring is the minimum of minres, which is found here.

    Parameters
    ----------
    r : ndarray of shape (B, K, K)
    n_factors : int
    method : {"minres", "ml", "principal_axis"}
    start : ndarray of shape (K,) or (B, K)
        Uniquenesses.

    Returns
    -------
    Extraction
    """
    smooth: Literal["minres", "ml"] = "ml" if method == "ml" else "minres"
    return minimise(r, n_factors=n_factors, method=smooth, start=start)
