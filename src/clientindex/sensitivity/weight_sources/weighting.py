"""A weighting of indicators in groups, and how raw numbers become one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from clientindex.errors import StatisticsError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Weighting:
    """Weights that sum to 1 inside their parent.

    Attributes
    ----------
    group_of : int ndarray of shape (K,)
        Group of each indicator, from 0; every group has one or more.
    inner : ndarray of shape (K,)
        Weight of each indicator inside its group.
    outer : ndarray of shape (G,)
        Weight of each group in the index.
    """

    group_of: NDArray[np.intp]
    inner: NDArray[np.float64]
    outer: NDArray[np.float64]

    @property
    def effective(self) -> NDArray[np.float64]:
        """Weight of each indicator in the index, shape (K,); sums to 1."""
        return np.asarray(self.inner * self.outer[self.group_of])

    @classmethod
    def of_raw(cls, inner: ArrayLike, outer: ArrayLike, *, group_of: ArrayLike) -> Weighting:
        """Re-scale raw weights to sum to 1 inside their parent.

        Raises
        ------
        StatisticsError
            If a weight is negative or not finite, or all of one parent are 0.
        """
        places = np.asarray(group_of, dtype=np.intp)
        return cls(group_of=places, inner=share_within(inner, places), outer=share(outer))

    @classmethod
    def of_effective(cls, effective: ArrayLike, *, group_of: ArrayLike) -> Weighting:
        """Split weights of indicators in the index into those of groups and those inside them.

        A group of which all indicators weigh 0 weighs 0; inside it they weigh the same.

        Raises
        ------
        StatisticsError
            If a weight is negative or not finite, or all are 0.
        """
        places = np.asarray(group_of, dtype=np.intp)
        whole = share(effective)
        outer = np.bincount(places, weights=whole).astype(np.float64)
        filled = np.where(outer[places] > 0, whole, 1.0)
        return cls(group_of=places, inner=share_within(filled, places), outer=outer)


def share(raw: ArrayLike) -> NDArray[np.float64]:
    """Return raw weights re-scaled to sum to 1.

    Raises
    ------
    StatisticsError
        If one is negative or not finite, or all are 0.

    Examples
    --------
    >>> share([1, 3]).tolist()
    [0.25, 0.75]
    """
    known = _check(raw)
    return share_within(known, np.zeros(len(known), dtype=np.intp))


def share_within(raw: ArrayLike, group_of: NDArray[np.intp]) -> NDArray[np.float64]:
    """Return raw weights re-scaled to sum to 1 inside each group.

    Raises
    ------
    StatisticsError
        If one is negative or not finite, or all of one group are 0.
    """
    known = _check(raw)
    total = np.bincount(group_of, weights=known)
    empty = np.flatnonzero(total == 0)
    if len(empty):
        msg = f"all weights of parents {empty.tolist()} (from 0) are 0: nothing can be shared"
        raise StatisticsError(msg)
    return np.asarray(known / total[group_of])


def _check(raw: ArrayLike) -> NDArray[np.float64]:
    known = np.asarray(raw, dtype=np.float64)
    if known.ndim != 1 or not len(known):
        msg = f"weights must be a list of one or more numbers, got shape {known.shape}"
        raise StatisticsError(msg)
    wrong = np.flatnonzero(~(np.isfinite(known) & (known >= 0)))
    if len(wrong):
        msg = f"weights must be numbers from 0; {known[wrong].tolist()} stand at {wrong.tolist()}"
        raise StatisticsError(msg)
    return known
