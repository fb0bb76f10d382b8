"""What a star rule asks of centres beside their index: groups that count, peer groups, caps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from clientindex.errors import StatisticsError
from clientindex.rating.bands import settle
from clientindex.rating.cut_points import name_all
from clientindex.rating.star_rules import Cap, find_levels
from clientindex.results import ALL_SEGMENTS, INDEX

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from clientindex.methodology import Methodology, StarRule
    from clientindex.methodology.star_settings import Cap as CapSettings
    from clientindex.results import Scores

SMALL_SEGMENT = "small_segment"
FEW_GROUPS, NO_REQUIRED_GROUP = "few_groups", "no_required_group"
NO_PEER_GROUP = "no_peer_group"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StarFacts:
    """Facts of the C centres of the register, in its order.

    Attributes
    ----------
    centres : tuple of str
    peers : object ndarray of shape (C,)
        Name of the peer group; "all" without peer groups, "" where the register does not say it.
    reason : object ndarray of shape (C,)
        Why the requirements withhold the star, else "".
    attributes : DataFrame
        Texts of the register, indexed by centre.
    """

    centres: tuple[str, ...]
    peers: NDArray[np.object_]
    reason: NDArray[np.object_]
    attributes: pd.DataFrame


def gather_facts(
    scores: Scores,
    methodology: Methodology,
    *,
    frame: pd.DataFrame,
    attributes: pd.DataFrame | None,
) -> StarFacts:
    """Gather what the rule of the methodology asks of every centre.

    Parameters
    ----------
    scores : Scores
    methodology : Methodology
    frame : DataFrame
        ``centre``, ``region``; the centres of the register in its order.
    attributes : DataFrame or None

    Raises
    ------
    StatisticsError
        If an attribute that the rule names is not given.
    """
    rule = methodology.stars
    centres = tuple(frame["centre"].tolist())
    known = pd.DataFrame(index=pd.Index(centres))
    if attributes is not None:
        known = attributes.set_index("centre").reindex(list(centres)).fillna("")
    counts = _count_groups(scores, methodology, centres=centres)
    peers = _find_peers(rule, frame["region"], counts=counts, attributes=known)
    needed = rule.requirements
    few = counts.sum(axis=1) < needed.minimum_groups
    wanted = [methodology.group_keys.index(key) for key in needed.any_of]
    without = ~counts[:, wanted].any(axis=1) if wanted else np.zeros(len(centres), dtype=bool)
    reason = np.select(
        [_find_small_segments(scores, methodology, centres=centres), few, without, peers == ""],
        [SMALL_SEGMENT, FEW_GROUPS, NO_REQUIRED_GROUP, NO_PEER_GROUP],
        default="",
    )
    return StarFacts(
        centres=centres, peers=peers, reason=np.asarray(reason, dtype=object), attributes=known
    )


def _find_small_segments(
    scores: Scores, methodology: Methodology, *, centres: tuple[str, ...]
) -> NDArray[np.bool_]:
    """Return whether a segment with a weight has fewer respondents than each needs."""
    fewest = methodology.stars.requirements.minimum_per_segment
    small = np.zeros(len(centres), dtype=bool)
    if fewest == 0:
        return small
    rows = scores.frame[scores.frame["kind"] == INDEX]
    for segment in methodology.segments:
        if segment.weight > 0:
            own = rows[rows["segment"] == segment.key].set_index("centre")["n"]
            small |= ~(own.reindex(list(centres)).to_numpy(float) >= fewest)
    return small


def _count_groups(
    scores: Scores, methodology: Methodology, *, centres: tuple[str, ...]
) -> NDArray[np.bool_]:
    """Return whether enough indicators of each group have a score, shape (C, G).

    Indicators of weight 0 are nobody's business and do not count.
    """
    fewest = methodology.stars.requirements.minimum_indicators_per_group
    table = _pivot(scores, "indicator", centres)
    there = ~np.isnan(table.to_numpy())
    columns = {key: there[:, place] for place, key in enumerate(table)}
    nowhere = np.zeros(len(centres), dtype=bool)
    members = [
        [key for key, w in group.indicators.items() if w > 0] for group in methodology.groups
    ]
    counted = [
        np.sum([nowhere, *(columns.get(k, nowhere) for k in own)], axis=0) for own in members
    ]
    enough: NDArray[np.bool_] = np.stack(counted, axis=1) >= fewest
    return enough


def _pivot(scores: Scores, kind: str, centres: tuple[str, ...]) -> pd.DataFrame:
    """Return the scores of all segments, one row a centre and one column a key."""
    frame = scores.frame
    rows = ((frame["segment"] == ALL_SEGMENTS) & (frame["kind"] == kind)).to_numpy()
    place = pd.Index(centres).get_indexer(pd.Index(frame["centre"].array[rows]))
    column, keys = pd.factorize(frame["key"].array[rows], sort=True)
    values = frame["estimate"].to_numpy(float)[rows]
    table = np.full((len(centres), len(keys)), np.nan)
    table[place[place >= 0], column[place >= 0]] = values[place >= 0]
    return pd.DataFrame(table, index=list(centres), columns=[str(key) for key in keys])


def _find_peers(
    rule: StarRule, region: pd.Series[str], *, counts: NDArray[np.bool_], attributes: pd.DataFrame
) -> NDArray[np.object_]:
    groups = rule.peer_groups
    if groups is None:
        return name_all(len(region))
    if groups.by == "groups":
        return np.array([str(n) for n in counts.sum(axis=1)], dtype=object)
    if groups.by == "region":
        return region.to_numpy(dtype=object)
    return _take_attribute(attributes, groups.attribute or "").to_numpy(dtype=object)


def _take_attribute(attributes: pd.DataFrame, name: str) -> pd.Series[str]:
    if name not in attributes:
        msg = f"the star rule names the attribute {name!r}, which the register does not give"
        raise StatisticsError(msg)
    return attributes[name]


def list_caps(
    scores: Scores, rule: StarRule, *, facts: StarFacts, cuts: NDArray[np.float64]
) -> list[Cap]:
    """Return the caps of the rule, with the C centres for which their condition holds.

    Parameters
    ----------
    scores : Scores
    rule : StarRule
    facts : StarFacts
    cuts : ndarray of shape (C, K - 1)
        NaN rows for centres without cut points.
    """
    if not rule.caps:
        return []
    groups = _pivot(scores, "group", facts.centres)
    groups[INDEX] = _pivot(scores, "index", facts.centres)[INDEX]
    return [
        Cap(
            reason=cap.reason,
            limit=_number(rule, cap.at_most),
            holds=_holds(cap, groups, cuts, rule=rule, facts=facts),
        )
        for cap in rule.caps
    ]


def list_ceilings(ceilings: pd.DataFrame | None, rule: StarRule, *, facts: StarFacts) -> list[Cap]:
    """Return caps on single centres, one for each reason and number of stars.

    Parameters
    ----------
    ceilings : DataFrame or None
        ``centre``, ``reason``, ``at_most``.
    rule : StarRule
    facts : StarFacts
    """
    if ceilings is None:
        return []
    centres = pd.Index(facts.centres)
    return [
        Cap(
            reason=str(reason),
            limit=_number(rule, float(part["at_most"].iloc[0])),
            holds=np.asarray(centres.isin(part["centre"])),
        )
        for (reason, _), part in ceilings.groupby(["reason", "at_most"])
    ]


def _number(rule: StarRule, stars: float) -> int:
    """Return the level of a number of stars."""
    return int(np.searchsorted(rule.star_values, stars)) + 1


def find_limits(
    caps: list[Cap], rule: StarRule, *, level: NDArray[np.int64], given: NDArray[np.bool_]
) -> tuple[NDArray[np.int64], list[str]]:
    """Find the highest level that caps leave to each starred centre, and the reasons that bit.

    Parameters
    ----------
    caps : list of Cap
        For all C centres.
    rule : StarRule
    level : int64 ndarray of shape (N,)
        Of the N starred centres, before caps.
    given : bool ndarray of shape (C,)
        The N starred ones of all C.

    Returns
    -------
    limit : int64 ndarray of shape (N,)
        K where no cap holds.
    reasons : list of str
        Of all caps below the star, joined by ", "; "" where there is none.
    """
    highest = np.full(len(level), rule.n_levels, dtype=np.int64)
    bit: list[list[str]] = [[] for _ in level]
    for cap in caps:
        holds = cap.holds[given]
        highest = np.where(holds, np.minimum(highest, cap.limit), highest)
        for place in np.flatnonzero(holds & (level > cap.limit)):
            bit[place].append(cap.reason)
    return highest, [", ".join(dict.fromkeys(reasons)) for reasons in bit]


def _holds(
    cap: CapSettings,
    groups: pd.DataFrame,
    cuts: NDArray[np.float64],
    *,
    rule: StarRule,
    facts: StarFacts,
) -> NDArray[np.bool_]:
    """Return whether the condition holds, shape (C,); it does not where the score is missing."""
    if cap.flag is not None:
        texts = _take_attribute(facts.attributes, cap.flag).str.strip().str.lower()
        return np.asarray(texts.isin([text.lower() for text in cap.holds]), dtype=bool)
    score = groups[cap.group or INDEX].to_numpy(np.float64)
    if cap.score_below is not None:
        return np.asarray(settle(score) < cap.score_below, dtype=bool)
    known = ~np.isnan(score) & ~np.isnan(cuts).any(axis=1)
    below = np.zeros(len(score), dtype=bool)
    least = _number(rule, cap.stars_below or 0.0)
    below[known] = find_levels(score[known], cuts[known]) < least
    return below
