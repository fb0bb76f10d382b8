"""Simple structure: whether every indicator loads where the methodology puts it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

VERDICTS = ("none", "own", "other", "cross")
"""Verdicts by code: salient on the own factor adds 1, on another one 2."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Places:
    """Which factors belong to the group of which indicator.

    Attributes
    ----------
    own : bool ndarray of shape (K, F)
        The factor of the indicator's own group; none where the group has no factor.
    other : bool ndarray of shape (K, F)
        Another one. The general factor is neither: every indicator may load on it.
    """

    own: NDArray[np.bool_]
    other: NDArray[np.bool_]


def find_places(
    membership: NDArray[np.bool_], groups: NDArray[np.intp], *, has_general: bool
) -> Places:
    """Find own and other factors of every indicator.

    Parameters
    ----------
    membership : bool ndarray of shape (G, K)
    groups : int ndarray of shape (F,)
        Group of every factor, -1 for none.
    has_general : bool
        Whether the first factor is a general one.

    Returns
    -------
    Places
    """
    own = np.where(groups >= 0, membership[groups].T, False)
    other = ~own
    if has_general:
        other[:, 0] = False
    return Places(own=own, other=other)


def judge(loadings: NDArray[np.float64], places: Places, salient: float) -> NDArray[np.intp]:
    """Judge every indicator by its salient loadings (absolute value at least `salient`).

    Parameters
    ----------
    loadings : ndarray of shape (..., K, F)
    places : Places
    salient : float

    Returns
    -------
    int ndarray of shape (..., K)
        Position in :data:`VERDICTS`.
    """
    large = np.abs(loadings) >= salient
    at_home = np.any(large & places.own, axis=-1)
    elsewhere = np.any(large & places.other, axis=-1)
    code: NDArray[np.intp] = at_home.astype(np.intp) + 2 * elsewhere.astype(np.intp)
    return code
