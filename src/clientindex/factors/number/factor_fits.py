"""Unrotated minres loadings for a rising number of factors, which several rules look at."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from clientindex.factors.exploration.newton import minimise, start_uniquenesses

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Fits = list[NDArray[np.float64]]

LARGEST_TRIED = 8
"""Factors tried at least, where the indicators allow so many; 8 is the default of psych."""

BEYOND_INTENDED = 3
"""The number of intended groups is passed by so many at least."""


def count_tried(n_items: int, n_intended: int) -> int:
    """Return the largest number of factors that is tried.

    At most as many as leave no negative degrees of freedom, ``(K - F)^2 >= K + F``; may be 0.
    """
    f = np.arange(n_items)
    identified = f[(n_items - f) ** 2 >= n_items + f].max(initial=0)
    return int(min(max(LARGEST_TRIED, n_intended + BEYOND_INTENDED), identified))


def fit_factors(r: NDArray[np.float64], n_tried: int) -> Fits:
    """Fit 1 ... F factors by minres to a stack of correlation matrices.

    Parameters
    ----------
    r : ndarray of shape (B, K, K)
        Positive definite.
    n_tried : int

    Returns
    -------
    list of F ndarrays of shape (B, K, number of factors)
        NaN where a fit does not converge.
    """
    start = start_uniquenesses(r)
    fits = []
    for n_factors in range(1, n_tried + 1):
        found = minimise(r, n_factors=n_factors, method="minres", start=start)
        fits.append(np.where(found.converged[:, None, None], found.loadings, np.nan))
    return fits
