"""The fewest and most stars of centres whose indices lie between bounds, by the rule of stars."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from clientindex.errors import StatisticsError
from clientindex.rating.cut_points import make_guarded_rule
from clientindex.rating.star_rules import find_levels

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from clientindex.methodology import StarRule

UNKNOWN = 0
"""Stands for a level that is not known."""

CUT_POINTS, BOUNDS, NONE = "cut_points", "bounds", "none"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LevelRange:
    """Lowest and highest levels of C centres, 0 where they are not known, and how they are."""

    low: NDArray[np.int64]
    high: NDArray[np.int64]
    known_by: str


def find_level_range(
    lower: NDArray[np.float64],
    upper: NDArray[np.float64],
    rule: StarRule,
    *,
    peers: NDArray[np.object_],
    limits: NDArray[np.int64],
) -> LevelRange:
    """Find the levels that indices between bounds can have.

    Parameters
    ----------
    lower, upper : ndarray of shape (C,)
        Bounds of the indices.
    rule : StarRule
        Of the methodology.
    peers : object ndarray of shape (C,)
        Peer group of each centre.
    limits : int64 ndarray of shape (C,)
        Highest level that caps leave.

    Returns
    -------
    LevelRange

    Notes
    -----
    Cut points that are stated give the levels exactly, as every centre's level follows from its own
    index alone. Quantiles, and guardrails round them, never fall when a score rises: cut points lie
    between those of all lower and those of all upper bounds, so levels lie between the lower bound
    by the upper cut points and the upper bound by the lower ones. Clusters (k-means, hierarchical)
    have no such order, and their levels are not known.
    """
    if rule.is_stated:
        cuts = np.array([band.lower for band in rule.bands[1:]])
        low, high = find_levels(lower, cuts), find_levels(upper, cuts)
        return LevelRange(
            low=np.minimum(low, limits), high=np.minimum(high, limits), known_by=CUT_POINTS
        )
    low = np.full(len(lower), UNKNOWN, dtype=np.int64)
    high = low.copy()
    if rule.rule != "quantiles":
        return LevelRange(low=low, high=high, known_by=NONE)
    for name in np.unique(peers.astype(str)):
        at = np.flatnonzero(peers.astype(str) == name)
        found = make_guarded_rule(rule, str(name))
        try:
            ends = found.find_cuts(lower[at]), found.find_cuts(upper[at])
        except StatisticsError:
            continue
        low[at] = np.minimum(find_levels(lower[at], ends[1]), limits[at])
        high[at] = np.minimum(find_levels(upper[at], ends[0]), limits[at])
    return LevelRange(low=low, high=high, known_by=BOUNDS)
