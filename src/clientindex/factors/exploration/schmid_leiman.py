"""Schmid and Leiman's general and group factors of an oblique solution."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from clientindex.factors.exploration.newton import minimise, start_uniquenesses

if TYPE_CHECKING:
    from numpy.typing import NDArray

FEWEST_FACTORS = 3
"""Two correlations of two factors do not determine two second-order loadings."""

SMALLEST_EIGENVALUE = 1e-8
"""Factor correlations nearer to singular have no second-order factor."""


def transform_schmid_leiman(
    loadings: NDArray[np.float64], phi: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Turn oblique loadings into a general factor and group factors that are not correlated.

    With ``g`` the minres loadings of one factor of the factor correlations, the general loadings
    are ``L g`` and the group loadings ``l_if sqrt(1 - g_f^2)``. Agrees with R ``psych::schmid``.

    Parameters
    ----------
    loadings : ndarray of shape (B, K, F)
        Pattern, F at least 3.
    phi : ndarray of shape (B, F, F)

    Returns
    -------
    transformed : ndarray of shape (B, K, F + 1)
        The general factor first; signed so that the second-order loadings have a sum that is not
        negative. Rows of the stack without a second-order factor are NaN.
    defined : bool ndarray of shape (B,)

    References
    ----------
    Schmid J., Leiman J. M. The development of hierarchical factor solutions. Psychometrika, 1957,
    22(1), 53-61. doi:10.1007/BF02289209
    """
    defined = np.linalg.eigvalsh(phi)[:, 0] > SMALLEST_EIGENVALUE
    transformed = np.full((*loadings.shape[:2], loadings.shape[2] + 1), np.nan)
    start = start_uniquenesses(phi[defined])
    second = minimise(phi[defined], n_factors=1, method="minres", start=start)
    defined[defined] = second.converged
    g = second.loadings[second.converged, :, 0]
    g = g * np.where(g.sum(axis=1, keepdims=True) < 0, -1.0, 1.0)
    own = np.sqrt(np.maximum(1 - g**2, 0))
    pattern = loadings[defined]
    transformed[defined, :, 0] = np.einsum("bkf,bf->bk", pattern, g)
    transformed[defined, :, 1:] = pattern * own[:, None, :]
    return transformed, defined
