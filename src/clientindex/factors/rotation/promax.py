"""Varimax and promax of a stack of loadings, with Kaiser's normalisation of rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from clientindex.factors.rotation import criteria
from clientindex.factors.rotation.gradient_projection import RotationStack, project_gradient

if TYPE_CHECKING:
    from numpy.typing import NDArray

POWER = 4
"""Power to which promax raises the varimax loadings (Hendrickson and White; R psych)."""


def compute_row_lengths(loadings: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the square roots of the communalities, shape (B, K, 1); 1 where one is 0."""
    lengths = np.linalg.norm(loadings, axis=-1, keepdims=True)
    return np.where(lengths > 0, lengths, 1.0)


def rotate_varimax(a: NDArray[np.float64], starts: NDArray[np.float64]) -> RotationStack:
    """Rotate a stack of shape (B, K, F) by varimax with Kaiser's normalisation.

    Agrees with R ``stats::varimax`` where that is told to go on (``eps = 1e-13``).
    """
    lengths = compute_row_lengths(a)
    found = project_gradient(a / lengths, starts, criteria.varimax, oblique=False)
    return RotationStack(
        loadings=found.loadings * lengths,
        transformations=found.transformations,
        values=found.values,
        converged=found.converged,
    )


def rotate_promax(
    a: NDArray[np.float64], starts: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.bool_]]:
    """Rotate a stack of shape (B, K, F) by promax with power 4 and Kaiser's normalisation.

    The varimax loadings ``X`` of length-1 rows are regressed on by ``X |X|^3``, and the
    coefficients scaled so that factors have variance 1. Agrees with R
    ``psych::kaiser(f, rotate = "Promax")``.

    Returns
    -------
    loadings : ndarray of shape (B, K, F)
    phi : ndarray of shape (B, F, F)
    converged : bool ndarray of shape (B,)

    References
    ----------
    Hendrickson A. E., White P. O. Promax: a quick method for rotation to oblique simple structure.
    British Journal of Statistical Psychology, 1964, 17(1), 65-70.
    doi:10.1111/j.2044-8317.1964.tb00244.x
    """
    lengths = compute_row_lengths(a)
    varimax = rotate_varimax(a, starts)
    x = varimax.loadings / lengths
    transposed = np.swapaxes(x, 1, 2)
    u = np.linalg.solve(transposed @ x, transposed @ (x * np.abs(x) ** (POWER - 1)))
    variance = np.diagonal(np.linalg.inv(np.swapaxes(u, 1, 2) @ u), axis1=1, axis2=2)
    u = u * np.sqrt(variance)[:, None, :]
    inverse = np.linalg.inv(u)
    return x @ u * lengths, inverse @ np.swapaxes(inverse, 1, 2), varimax.converged
