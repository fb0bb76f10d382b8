"""Order and sign of factors, which a factor model leaves open.

The full-sample solution is ordered by the groups of the methodology; a bootstrap replicate is
brought to the order and signs of the full-sample solution.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import linear_sum_assignment

if TYPE_CHECKING:
    from numpy.typing import NDArray


def compute_group_squares(
    loadings: NDArray[np.float64], membership: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """Sum the squared loadings of each group's indicators.

    Parameters
    ----------
    loadings : ndarray of shape (K, F)
    membership : bool ndarray of shape (G, K)

    Returns
    -------
    ndarray of shape (G, F)
    """
    squares: NDArray[np.float64] = membership.astype(np.float64) @ loadings**2
    return squares


def order_by_groups(
    loadings: NDArray[np.float64], membership: NDArray[np.bool_]
) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Find the order and signs of factors that match the groups best.

    Each factor is assigned to another group so that the sum of squared loadings inside the
    assigned groups is largest (Hungarian method). Factors follow the order of their groups;
    factors left over come last by falling sum of squares. Each is signed so that the loadings of
    its group (left over: all loadings) have a sum that is not negative.

    Parameters
    ----------
    loadings : ndarray of shape (K, F)
    membership : bool ndarray of shape (G, K)

    Returns
    -------
    order : ndarray of shape (F,)
        Old positions in the new order.
    signs : ndarray of shape (F,)
        +1.0 or -1.0 in the new order.
    """
    groups, factors = linear_sum_assignment(
        compute_group_squares(loadings, membership), maximize=True
    )
    falling = np.argsort(-np.sum(loadings**2, axis=0), kind="stable")
    rest = falling[~np.isin(falling, factors)]
    order = np.concatenate([factors, rest])
    everything = np.ones((len(rest), len(loadings)), dtype=bool)
    own = np.vstack([membership[groups], everything])
    sums = np.einsum("fk,kf->f", own.astype(np.float64), loadings[:, order])
    return order, np.where(sums < 0, -1.0, 1.0)


def align_to(reference: NDArray[np.float64], loadings: NDArray[np.float64]) -> NDArray[np.float64]:
    """Permute and sign factors so that they are closest to a reference.

    Closeness is Tucker's congruence ``phi = sum x y / sqrt(sum x^2 sum y^2)``, largest in absolute
    value over all permutations. No other rotation is done, so what an oblique rotation varies
    between replicates stays in the intervals.

    Parameters
    ----------
    reference, loadings : ndarray of shape (K, F)

    Returns
    -------
    ndarray of shape (K, F)
    """
    length = np.linalg.norm(reference, axis=0)[:, None] * np.linalg.norm(loadings, axis=0)
    congruence = reference.T @ loadings / np.where(length > 0, length, 1.0)
    rows, columns = linear_sum_assignment(np.abs(congruence), maximize=True)
    signs = np.where(congruence[rows, columns] < 0, -1.0, 1.0)
    return loadings[:, columns] * signs
