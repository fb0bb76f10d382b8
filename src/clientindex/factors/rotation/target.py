"""The target that a rotation to the groups aims at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Target:
    """Partially specified loadings of K indicators on F factors.

    Attributes
    ----------
    values : ndarray of shape (K, F)
    specified : bool ndarray of shape (K, F)
        Where `values` counts; elsewhere a loading is free.
    """

    values: NDArray[np.float64]
    specified: NDArray[np.bool_]


def build_target(membership: NDArray[np.bool_], groups: NDArray[np.intp]) -> Target:
    """Build the target of the groups: zero where an indicator is not in the factor's group.

    Loadings inside the group are free. With more factors than groups the factors left over are
    small ones, with zeros everywhere; with more groups than factors the indicators of the groups
    left over are free on every factor.

    Parameters
    ----------
    membership : bool ndarray of shape (G, K)
    groups : int ndarray of shape (F,)
        Group of every factor, -1 for a factor left over.

    Returns
    -------
    Target
    """
    taken = membership[groups[groups >= 0]].any(axis=0)
    inside = np.where(groups[:, None] >= 0, membership[groups], False)
    return Target(
        values=np.zeros((membership.shape[1], len(groups))), specified=(~inside & taken).T
    )
