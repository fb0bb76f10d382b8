"""Star rules for the starred centres of an edition: that of the methodology, and others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from clientindex.methodology import Methodology
from clientindex.methodology.star_settings import ALL_PEERS
from clientindex.rating.star_doubt.stated import restate_rule
from clientindex.rating.star_rules import FixedCuts, PeerGroups

if TYPE_CHECKING:
    from collections.abc import Sequence

    from clientindex.rating.star_rules import StarRule
    from clientindex.results import Stars


def make_rules(
    names: Sequence[str], stars: Stars, methodology: Methodology
) -> tuple[StarRule, ...]:
    """Make rules by name, with the peer groups that were published.

    Parameters
    ----------
    names : sequence of str
        The methodology's own, then others; see
        :class:`clientindex.methodology.star_settings.StarRule`.
    stars : Stars
        Their cut points are those of "fixed" where the methodology finds them in scores.
    methodology : Methodology
    """
    return tuple(_make_rule(name, stars, methodology) for name in names)


def _make_rule(name: str, stars: Stars, methodology: Methodology) -> StarRule:
    own = methodology.stars
    if name == own.rule:
        return restate_rule(stars, methodology).rule
    if name == "fixed":
        return _state_cuts(stars)
    n_stars = (own.n_levels + 1) // 2 if own.half_stars else own.n_levels
    changed = own.model_copy(update={"rule": name, "stars": n_stars})
    fields: dict[str, Any] = {key: getattr(methodology, key) for key in Methodology.model_fields}
    other = Methodology.model_construct(**{**fields, "stars": changed})
    return restate_rule(stars, other).rule


def _state_cuts(stars: Stars) -> StarRule:
    starred = stars.frame[stars.frame["withheld"] == ""]
    peers = starred["peer_group"].to_numpy(dtype=str)
    names, groups = np.unique(np.where(peers == "", ALL_PEERS, peers), return_inverse=True)
    rules = [
        FixedCuts(cuts=tuple(part["cut"].astype(float)))
        for part in (stars.cuts[stars.cuts["peer_group"] == name] for name in names)
    ]
    if len(rules) == 1:
        return rules[0]
    return PeerGroups(rule=tuple(rules), groups=groups, names=tuple(str(n) for n in names))
