"""Where a rotation starts: at rest, at random, or where the full sample arrived."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from clientindex.errors import StatisticsError
from clientindex.factors.rotation.gradient_projection import find_nearest_orthogonal

if TYPE_CHECKING:
    from numpy.typing import NDArray

N_STARTS = 30
"""Random starts of a rotation that has local minima.

Hattori M., Zhang G., Preacher K. J. Multiple local solutions and geomin rotation. Multivariate
Behavioral Research, 2017, 52(6), 720-731: 30 find the lowest geomin in almost every data set.
"""

SEED = 0
"""Seed of the random starts; fixed, because the lowest minimum does not depend on luck."""


def draw_starts(n_factors: int) -> NDArray[np.float64]:
    """Return the identity, then :data:`N_STARTS` random orthogonal matrices.

    Returns
    -------
    ndarray of shape (N_STARTS + 1, F, F)
        Uniform over orthogonal matrices, the same in every call.
    """
    normal = np.random.default_rng(SEED).standard_normal((N_STARTS, n_factors, n_factors))
    q, r = np.linalg.qr(normal)
    uniform = q * np.sign(np.diagonal(r, axis1=1, axis2=2))[:, None, :]
    return np.concatenate([np.eye(n_factors)[None], uniform])


def find_transformation(
    unrotated: NDArray[np.float64], loadings: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the T of ``loadings = unrotated inv(T)'``, shape (F, F).

    Raises
    ------
    StatisticsError
        If a factor has no loadings, so that T is not determined.
    """
    turned, _, rank, _ = np.linalg.lstsq(unrotated, loadings, rcond=None)
    if rank < unrotated.shape[1] or np.linalg.matrix_rank(turned) < rank:
        n_factors = unrotated.shape[1]
        msg = f"the loadings of {n_factors} factors have rank {rank}; ask for fewer factors"
        raise StatisticsError(msg)
    t: NDArray[np.float64] = np.linalg.inv(turned).T
    return t


def carry_start(
    unrotated: NDArray[np.float64],
    replicates: NDArray[np.float64],
    transformation: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Carry the full sample's transformation to the axes of bootstrap replicates.

    Unrotated loadings of a replicate differ from those of the sample by a turn of axes, which an
    orthogonal Procrustes rotation undoes. A replicate that starts there stays at the minimum that
    the full sample found.

    Parameters
    ----------
    unrotated : ndarray of shape (K, F)
    replicates : ndarray of shape (R, K, F)
    transformation : ndarray of shape (F, F)

    Returns
    -------
    ndarray of shape (R, F, F)
    """
    turns = find_nearest_orthogonal(np.swapaxes(replicates, 1, 2) @ unrotated)
    carried: NDArray[np.float64] = turns @ transformation
    return carried
