"""Make a correlation matrix positive definite, and say how much that changed it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

SMALLEST_EIGENVALUE = 1e-10
"""A matrix with a smaller one is smoothed."""

FLOOR = 1e-10
"""R ``psych::cor.smooth`` raises eigenvalues to this: a hundred times its tolerance of 1e-12."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Smoothed:
    """A positive definite correlation matrix.

    Attributes
    ----------
    matrix : ndarray of shape (K, K)
    changed : bool
    smallest_eigenvalue : float
        Before smoothing.
    largest_change : float
        Of any correlation.
    """

    matrix: NDArray[np.float64]
    changed: bool
    smallest_eigenvalue: float
    largest_change: float


def smooth(r: NDArray[np.float64], *, floor: float = 1e-6) -> Smoothed:
    """Smooth a correlation matrix that is not positive definite.

    Eigenvalues below `floor` are raised to it, all are rescaled to sum to K, and the matrix is
    rescaled to a unit diagonal.

    Parameters
    ----------
    r : ndarray of shape (K, K)
    floor : float
        ``psych::cor.smooth`` takes :data:`FLOOR`, whose result cannot be inverted to any useful
        accuracy; the default can.

    References
    ----------
    Wothke W. Nonpositive definite matrices in structural modeling. In: Testing Structural Equation
    Models, Sage, 1993, 256-293.
    """
    values, vectors = np.linalg.eigh(r)
    smallest = float(values[0])
    if smallest > SMALLEST_EIGENVALUE:
        return Smoothed(matrix=r, changed=False, smallest_eigenvalue=smallest, largest_change=0.0)
    raised = np.maximum(values, floor)
    raised *= len(r) / raised.sum()
    matrix = (vectors * raised) @ vectors.T
    scale = np.sqrt(np.diag(matrix))
    matrix = matrix / np.outer(scale, scale)
    np.fill_diagonal(matrix, 1.0)
    change = float(np.abs(matrix - r).max())
    return Smoothed(
        matrix=matrix, changed=True, smallest_eigenvalue=smallest, largest_change=change
    )
