"""The acceleration factor: where the scree plot bends most, without looking at it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def compute_accelerations(eigenvalues: NDArray[np.float64]) -> NDArray[np.float64]:
    """Compute the acceleration of the scree plot after 1 ... K - 2 eigenvalues.

    ``a_m = l_m - 2 l_{m+1} + l_{m+2}``, the second difference round position m + 1, where the
    eigenvalue before the bend is not below 1 (Kaiser), as R ``nFactors::nScree`` has it. The rule
    sees one bend only: with a strong general factor it says 1 whatever else is there.

    Parameters
    ----------
    eigenvalues : ndarray of shape (B, K)
        Of correlation matrices, in falling order; K at least 2.

    Returns
    -------
    ndarray of shape (B, K - 2)
        Position m - 1 speaks of m factors; NaN where eigenvalue m is below 1.

    References
    ----------
    Raiche G., Walls T. A., Magis D., Riopel M., Blais J.-G. Non-graphical solutions for Cattell's
    scree test. Methodology, 2013, 9(1), 23-29. doi:10.1027/1614-2241/a000051
    """
    bend = np.diff(eigenvalues, n=2, axis=1)
    return np.where(eigenvalues[:, :-2] >= 1, bend, np.nan)


def choose_bend(accelerations: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the number of factors before the largest acceleration, shape (B,).

    NaN with fewer than two positions to choose from (fewer than four indicators), and where no
    eigenvalue reaches 1.
    """
    if accelerations.shape[1] < 2:
        return np.full(len(accelerations), np.nan)
    defined = np.isfinite(accelerations)
    position = np.where(defined, accelerations, -np.inf).argmax(axis=1)
    return np.where(defined.any(axis=1), position + 1.0, np.nan)
