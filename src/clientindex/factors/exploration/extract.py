"""Unrotated loadings of the whole sample and of bootstrap replicates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from clientindex.errors import StatisticsError
from clientindex.factors.adapter import extract_loadings
from clientindex.factors.exploration.newton import (
    LOWEST,
    Extraction,
    minimise,
    start_uniquenesses,
)
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

    Newton steps lead from squared multiple correlations, where factor_analyzer and psych start too,
    to the minimum of minres or ML inside the bounds; sample and replicates are the same estimator.
    Where they end elsewhere, they start from the end of factor_analyzer's search. Principal axis
    comes from its iteration. Where the minimum is a Heywood case there may be others, one an
    indicator: all are tried and the lowest is taken, while factor_analyzer and psych stay at the
    first.

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
    found = _extract_inside(r, n_factors=n_factors, method=method)
    if found.heywood.any():
        found = _try_others(r, found, n_factors=n_factors, method=method)
    if not found.converged[0]:
        msg = f"the {method} factor model with {n_factors} factors did not converge"
        raise StatisticsError(msg)
    return found


def _extract_inside(r: NDArray[np.float64], *, n_factors: int, method: Method) -> Extraction:
    """Return the minimum inside the bounds, or where the search of the method itself leads."""
    if method == "principal_axis":
        start = iterate_principal_axis(r, n_factors=n_factors)
    else:
        begin = start_uniquenesses(r[None])
        found = extract_stack(r[None], n_factors=n_factors, method=method, start=begin)
        if found.converged[0] and not found.heywood.any():
            return found
        loadings = extract_loadings(r, n_factors=n_factors, method=method)
        start = 1 - np.sum(loadings**2, axis=1)
    return extract_stack(r[None], n_factors=n_factors, method=method, start=start)


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
