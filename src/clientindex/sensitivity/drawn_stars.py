"""Stars of centres under random weightings, by the star rule of the methodology."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from clientindex.errors import StatisticsError
from clientindex.rating.bands import settle
from clientindex.rating.cut_points import make_guarded_rule, name_all
from clientindex.rating.star_rules import find_levels

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from clientindex.methodology import StarRule
    from clientindex.rating.star_rules import StarRule as FoundRule

NO_LEVEL = 0
"""Stands where the rule finds no cut points in a draw."""


def find_peers(starred: pd.DataFrame) -> NDArray[np.object_]:
    """Return the peer group of every starred centre; "all" without peer groups."""
    if "peer_group" not in starred or (starred["peer_group"] == "").all():
        return name_all(len(starred))
    return starred["peer_group"].to_numpy(dtype=object)


def find_drawn_levels(
    index: NDArray[np.float64], peers: NDArray[np.object_], rule: StarRule
) -> NDArray[np.int64]:
    """Return the level of every centre in every draw, before caps.

    Parameters
    ----------
    index : ndarray of shape (B, C)
    peers : object ndarray of shape (C,)
    rule : StarRule

    Returns
    -------
    int64 ndarray of shape (B, C)
        0 where the rule finds no cut points.
    """
    if rule.is_stated:
        return find_levels(index, np.array([band.lower for band in rule.bands[1:]]))
    levels = np.full(index.shape, NO_LEVEL, dtype=np.int64)
    for name in np.unique(peers.astype(str)):
        at = np.flatnonzero(peers == name)
        groups = rule.peer_groups
        if groups is not None and len(at) < groups.minimum_centres:
            continue
        found = make_guarded_rule(rule, str(name))
        for draw, scores in enumerate(index[:, at]):
            levels[draw, at] = _find_own_levels(scores, found)
    return levels


def _find_own_levels(scores: NDArray[np.float64], rule: FoundRule) -> NDArray[np.int64]:
    """Return levels by the cut points that the rule finds in these scores."""
    nothing = np.full(len(scores), NO_LEVEL, dtype=np.int64)
    if len(np.unique(settle(scores))) < rule.n_stars:
        return nothing
    try:
        return find_levels(scores, rule.find_cuts(scores))
    except StatisticsError:
        return nothing
