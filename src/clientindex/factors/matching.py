"""Order and sign of factors, which a factor model leaves open.

The full-sample solution is ordered by the groups of the methodology; a bootstrap replicate is
brought to the order and signs of the full-sample solution.
"""

from __future__ import annotations

from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Assignment:
    """F factors in the order of the groups they match.

    Attributes
    ----------
    order : int ndarray of shape (F,)
        Old positions in the new order.
    signs : ndarray of shape (F,)
        +1.0 or -1.0 in the new order.
    groups : int ndarray of shape (F,)
        Position of each factor's group in the new order; -1 for a factor left over.
    """

    order: NDArray[np.intp]
    signs: NDArray[np.float64]
    groups: NDArray[np.intp]


def assign_groups(loadings: NDArray[np.float64], membership: NDArray[np.bool_]) -> Assignment:
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
    Assignment
    """
    groups, factors = linear_sum_assignment(
        compute_group_squares(loadings, membership), maximize=True
    )
    falling = np.argsort(-np.sum(loadings**2, axis=0), kind="stable")
    rest = falling[~np.isin(falling, factors)]
    order = np.concatenate([factors, rest])
    found = np.concatenate([groups, np.full(len(rest), -1)])
    signs = find_signs(loadings[:, order], membership, found)
    return Assignment(order=order, signs=signs, groups=found)


def find_signs(
    loadings: NDArray[np.float64], membership: NDArray[np.bool_], groups: NDArray[np.intp]
) -> NDArray[np.float64]:
    """Find signs that make the sum of each factor's loadings in its group not negative.

    Parameters
    ----------
    loadings : ndarray of shape (K, F)
    membership : bool ndarray of shape (G, K)
    groups : int ndarray of shape (F,)
        -1 for a factor without a group, whose loadings count all.

    Returns
    -------
    ndarray of shape (F,)
    """
    own = np.where(groups[:, None] >= 0, membership[groups], True)
    sums = np.einsum("fk,kf->f", own.astype(np.float64), loadings)
    return np.where(sums < 0, -1.0, 1.0)


def compute_congruence(
    first: NDArray[np.float64], second: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Compute Tucker's congruence ``sum x y / sqrt(sum x^2 sum y^2)`` of all pairs of columns.

    0 where a column is all zeros. Agrees with R ``psych::factor.congruence``.

    Parameters
    ----------
    first : ndarray of shape (..., K, F)
    second : ndarray of shape (..., K, H)

    Returns
    -------
    ndarray of shape (..., F, H)

    References
    ----------
    Tucker L. R. A method for synthesis of factor analysis studies. Personnel Research Section
    Report 984. Washington, Department of the Army, 1951.
    """
    lengths = (
        np.linalg.norm(first, axis=-2)[..., :, None] * np.linalg.norm(second, axis=-2)[..., None, :]
    )
    products = np.swapaxes(first, -1, -2) @ second
    congruence: NDArray[np.float64] = products / np.where(lengths > 0, lengths, 1.0)
    return congruence


def find_alignment(
    reference: NDArray[np.float64], loadings: NDArray[np.float64]
) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Find the order and signs of factors that bring them closest to a reference.

    Closeness is Tucker's congruence, largest in absolute value over all permutations. No other
    rotation is done, so what an oblique rotation varies between replicates stays in the intervals.

    Parameters
    ----------
    reference, loadings : ndarray of shape (K, F)

    Returns
    -------
    order : ndarray of shape (F,)
        Old positions in the new order.
    signs : ndarray of shape (F,)
        +1.0 or -1.0 in the new order.
    """
    congruence = compute_congruence(reference, loadings)
    rows, columns = linear_sum_assignment(np.abs(congruence), maximize=True)
    return columns, np.where(congruence[rows, columns] < 0, -1.0, 1.0)


def align_to(reference: NDArray[np.float64], loadings: NDArray[np.float64]) -> NDArray[np.float64]:
    """Permute and sign factors so that they are closest to a reference.

    Parameters
    ----------
    reference, loadings : ndarray of shape (K, F)

    Returns
    -------
    ndarray of shape (K, F)
    """
    order, signs = find_alignment(reference, loadings)
    return loadings[:, order] * signs
