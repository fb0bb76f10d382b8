"""Mean score of every group of expectations, by region and for the country."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from clientindex.rating.means import average_centres
from clientindex.rating.stars import check_registered
from clientindex.results import ALL_SEGMENTS, COUNTRY, GroupMeans, Scores

if TYPE_CHECKING:
    from clientindex.methodology import Methodology


def summarise_groups(
    scores: Scores, methodology: Methodology, *, register: pd.DataFrame
) -> GroupMeans:
    """Average the score of each group over the centres of each region, segments combined.

    Parameters
    ----------
    scores : Scores
    methodology : Methodology
        Gives the groups and their order; the level is that of `scores`.
    register : DataFrame
        ``centre``, ``region``; one row a centre.

    Returns
    -------
    GroupMeans
        Regions of the register in alphabetical order, then the country; in each the groups in the
        order of the methodology.

    Raises
    ------
    StatisticsError
        If a scored centre is not in the register.

    Notes
    -----
    As for the index, see :func:`clientindex.rating.means.average_centres`: every centre with a
    score for the group counts once, starred or withheld. Centres may differ from group to group
    where answers are missing; ``n_centres`` counts those of each group.
    """
    frame = scores.frame
    bounded = methodology.scoring.scale == "points"
    groups = frame[(frame["segment"] == ALL_SEGMENTS) & (frame["kind"] == "group")]
    check_registered(groups["centre"], register)
    joined = groups.merge(register[["centre", "region"]], on="centre")
    joined = pd.concat([joined, joined.assign(region=COUNTRY)])
    parts = dict(iter(joined.groupby(["region", "key"])["estimate"]))
    nothing = pd.Series(dtype=float)
    rows = [
        {
            "region": region,
            "group": group,
            **average_centres(
                parts.get((region, group), nothing), level=scores.level, bounded=bounded
            ),
        }
        for region in [*sorted(set(register["region"])), COUNTRY]
        for group in methodology.group_keys
    ]
    return GroupMeans(frame=pd.DataFrame(rows), level=scores.level)
