"""The rule applied to every draw of indices."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import numpy as np

from clientindex.errors import StatisticsError
from clientindex.rating.star_doubt.draws import DrawnStars, share_stars
from clientindex.rating.star_doubt.given import depends_on_scores
from clientindex.rating.star_rules import PeerGroups

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from clientindex.rating.index_draws import IndexDraws
    from clientindex.rating.posterior import Posterior
    from clientindex.rating.star_doubt.given import Given
    from clientindex.rating.star_rules import StarRule


@dataclass(slots=True, eq=False)
class Hits:
    """Counts right stars in every draw while it is looked at; also applies the caps."""

    given: Given
    right: list[int] = field(default_factory=list)
    near: list[int] = field(default_factory=list)

    def __call__(self, levels: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the levels after caps."""
        levels = np.minimum(levels, self.given.limits)
        labels = self.given.labels
        off = np.abs(labels[levels - 1] - labels[self.given.levels - 1])
        self.right.append(int((off == 0).sum()))
        self.near.append(int((off <= 1).sum()))
        return levels


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Drawn:
    """What draws of indices show; `cuts` is (draws, rows of cut points, K - 1) or None."""

    stars: DrawnStars | None
    hits: Hits
    cuts: NDArray[np.float64] | None
    around: Literal["estimate", "shrunk"]


def count_draws(given: Given, draws: IndexDraws, posterior: Posterior | None) -> Drawn:
    """Apply the rule to every draw."""
    hits = Hits(given)
    around: Literal["estimate", "shrunk"] = "estimate"
    scores = draws.indices
    if depends_on_scores(given.rule):
        around = "shrunk"
        if posterior is None:
            return Drawn(stars=None, hits=hits, cuts=None, around=around)
        scores = posterior.move(scores, given.scores, given.std_errors)
    try:
        counted = share_stars(given.rule, scores, change=hits)
    except StatisticsError:
        return Drawn(stars=None, hits=hits, cuts=None, around=around)
    cuts = _redraw_cuts(given.rule, scores, counted) if around == "shrunk" else None
    return Drawn(stars=counted, hits=hits, cuts=cuts, around=around)


def _redraw_cuts(
    rule: StarRule, values: NDArray[np.float64], counted: DrawnStars
) -> NDArray[np.float64] | None:
    if counted.cuts is not None:
        return counted.cuts[:, None, :]
    if not isinstance(rule, PeerGroups):
        return None
    found = (_find_group_cuts(rule, scores) for scores in values)
    return np.stack([cuts for cuts in found if cuts is not None])


def _find_group_cuts(rule: PeerGroups, scores: NDArray[np.float64]) -> NDArray[np.float64] | None:
    # Refused draws are counted where stars are.
    try:
        return rule.find_group_cuts(scores)
    except StatisticsError:
        return None
