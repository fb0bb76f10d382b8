"""Correlation matrices of independent normal variables, drawn without drawing any respondent."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def draw_normal_correlations(
    n: int, n_items: int, n_replicates: int, rng: np.random.Generator
) -> NDArray[np.float64]:
    """Draw sample correlation matrices of n independent rows of K independent normal variables.

    The cross-products of the rows have a Wishart distribution with n - 1 degrees of freedom, whose
    triangular root has independent entries: standard normals below the diagonal, roots of
    chi-squares with n - 1, n - 2, ... degrees of freedom on it (Bartlett's decomposition). The
    distribution is exact for every n, also n <= K, and the cost does not depend on n.

    Parameters
    ----------
    n : int
        At least 2.
    n_items : int
        K.
    n_replicates : int
        B.
    rng : numpy.random.Generator

    Returns
    -------
    ndarray of shape (B, K, K)

    References
    ----------
    Smith W. B., Hocking R. R. Algorithm AS 53: Wishart variate generator. Applied Statistics, 1972,
    21(3), 341-345. doi:10.2307/2346290
    """
    width = min(n_items, n - 1)
    root = np.tril(rng.standard_normal((n_replicates, n_items, width)), -1)
    diagonal = np.arange(width)
    root[:, diagonal, diagonal] = np.sqrt(
        rng.chisquare(n - 1 - diagonal, size=(n_replicates, width))
    )
    root /= np.linalg.norm(root, axis=2, keepdims=True)
    r: NDArray[np.float64] = root @ np.swapaxes(root, 1, 2)
    r[:, np.arange(n_items), np.arange(n_items)] = 1.0
    return r
