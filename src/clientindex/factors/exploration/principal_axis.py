"""Principal axis factoring, iterated to its fixed point."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from clientindex.errors import StatisticsError
from clientindex.factors.exploration.newton import HIGHEST, LOWEST, start_uniquenesses

if TYPE_CHECKING:
    from numpy.typing import NDArray

TOLERANCE = 1e-9
"""Change of a uniqueness at which the iteration stands still."""

MAX_STEPS = 20_000


def iterate_principal_axis(r: NDArray[np.float64], *, n_factors: int) -> NDArray[np.float64]:
    """Find the uniquenesses of principal axis factoring.

    Communalities of the eigenvectors of ``R - Psi`` become the new ``1 - Psi``, from squared
    multiple correlations on, until nothing changes. Agrees with R
    ``psych::fa(fm = "pa", min.err = 1e-12, max.iter = 50000)``; psych's own 0.001 and 50 steps stop
    in the second decimal. The fixed point is where the derivatives of minres are 0, so it is the
    minres solution found in another way; uniquenesses have the same bounds.

    Parameters
    ----------
    r : ndarray of shape (K, K)
        Positive definite.
    n_factors : int

    Returns
    -------
    ndarray of shape (K,)

    Raises
    ------
    StatisticsError
        If the iteration does not come to rest.
    """
    uniquenesses: NDArray[np.float64] = start_uniquenesses(r[None])[0]
    for _ in range(MAX_STEPS):
        eigenvalues, vectors = np.linalg.eigh(r - np.diag(uniquenesses))
        largest = np.maximum(eigenvalues[-n_factors:], 0)
        communalities = (vectors[:, -n_factors:] ** 2) @ largest
        found = np.clip(1 - communalities, LOWEST, HIGHEST)
        change = float(np.abs(found - uniquenesses).max())
        uniquenesses = found
        if change < TOLERANCE:
            return uniquenesses
    msg = f"principal axis factoring with {n_factors} factors did not come to rest"
    raise StatisticsError(msg)
