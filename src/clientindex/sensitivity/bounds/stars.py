"""Which star a centre keeps whatever the weights within a band, and how far others are from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from clientindex.rating.bands import settle
from clientindex.rating.star_rules import find_levels
from clientindex.sensitivity.bounds.smallest import find_smallest_band

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    FindIndex = Callable[[NDArray[np.intp], NDArray[np.float64], bool], NDArray[np.float64]]
    """Of centres (their places), their bands and whether the largest index is sought."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StarLimits:
    """The scores between which each centre keeps its level.

    Attributes
    ----------
    below, above : ndarray of shape (C,)
        The level is lost with an index under `below`, or of `above` or more; infinite where there
        is no lower or higher level to come to.
    """

    below: NDArray[np.float64]
    above: NDArray[np.float64]

    @classmethod
    def of(
        cls,
        index: NDArray[np.float64],
        cuts: NDArray[np.float64],
        limits: NDArray[np.int64],
    ) -> StarLimits:
        """Find them for stated cut points.

        Parameters
        ----------
        index : ndarray of shape (C,)
        cuts : ndarray of shape (K - 1,)
            Rising.
        limits : int64 ndarray of shape (C,)
            Highest level that caps leave each centre; they are held as they are.
        """
        ends = np.concatenate([[-np.inf], cuts, [np.inf]])
        level = np.minimum(find_levels(index, cuts), limits)
        return cls(below=ends[level - 1], above=np.where(level < limits, ends[level], np.inf))


def find_smallest_star_bands(
    find_index: FindIndex, limits: StarLimits, *, tolerance: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Find the smallest bands at which each centre can lose a star, and win one.

    Parameters
    ----------
    find_index : callable
    limits : StarLimits
    tolerance : float
        In shares.

    Returns
    -------
    down, up : ndarray of shape (C,)
        Shares; NaN where no band up to 100 % does it.
    """
    below, above = settle(limits.below), settle(limits.above)

    def falls(rows: NDArray[np.intp], band: NDArray[np.float64]) -> NDArray[np.bool_]:
        return np.asarray(settle(find_index(rows, band, False)) < below[rows])

    def rises(rows: NDArray[np.intp], band: NDArray[np.float64]) -> NDArray[np.bool_]:
        return np.asarray(settle(find_index(rows, band, True)) >= above[rows])

    n = len(below)
    return (
        find_smallest_band(falls, n=n, tolerance=tolerance),
        find_smallest_band(rises, n=n, tolerance=tolerance),
    )
