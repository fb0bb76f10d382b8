"""Which weights go up and which down when the star of one centre changes first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from clientindex.rating.star_doubt.stated import list_limits
from clientindex.sensitivity.bounds.nested import Nest, find_extreme
from clientindex.sensitivity.bounds.star_range import CUT_POINTS
from clientindex.sensitivity.bounds.stars import StarLimits
from clientindex.sensitivity.bounds.subject import SAME

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from clientindex.methodology import Methodology
    from clientindex.results import ScoreParts, Stars
    from clientindex.results.weight_bounds import WeightBounds

LOSES, WINS = "loses", "wins"
COLUMNS = ("kind", "key", "score", "now", "then")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Direction:
    """The smallest changes of weights after which a centre has the next star down or up.

    Attributes
    ----------
    way : {"loses", "wins"}
    star : float
        The next one.
    cut : float
        Index at which it begins (of "wins"), or under which the centre's own one is lost.
    band_pct : float
        Smallest band in which it is possible; NaN for never.
    weights : DataFrame
        ``kind`` ("group", "indicator"), ``key``, ``score`` (of the centre), ``now``, ``then``
        (weights in the index at that band). No rows for never.
    moved : float
        Smallest share of the weight of groups that must move; NaN where no weights do it.
    groups : DataFrame
        The same columns for the groups after that move.
    """

    way: str
    star: float
    cut: float
    band_pct: float
    weights: pd.DataFrame
    moved: float
    groups: pd.DataFrame


def find_directions(
    centre: str,
    *,
    parts: ScoreParts,
    stars: Stars,
    bounds: WeightBounds,
    methodology: Methodology,
) -> list[Direction]:
    """Find what moves the star of a centre down and up.

    Parameters
    ----------
    centre : str
    parts, stars, bounds
        Of one edition.
    methodology : Methodology

    Returns
    -------
    list of Direction
        Down, then up; without those that no star is left for. Empty where it is not known: cut
        points are not stated, the index is not the weighted sum of the scores in `parts`, or
        bounds of the centre are not reached.
    """
    scores = parts.frame[parts.frame["centre"] == centre]
    own = bounds.frame[bounds.frame["centre"] == centre]
    if scores.empty or own.empty or bounds.stars_by != CUT_POINTS or not own["reached"].iloc[0]:
        return []
    index, nest = float(own["estimate"].iloc[0]), _make_nest(methodology, bounds)
    found = _Centre.of(scores, methodology, nest)
    if found is None or not abs(found.index - index) <= SAME * max(abs(index), 1.0):
        return []
    row = own.iloc[0]
    return [
        found.direct(end, float(row[f"{end.way}_band_pct"]))
        for end in _list_ends(centre, stars, methodology)
    ]


def find_smallest_shift(
    x: NDArray[np.float64], weights: NDArray[np.float64], *, fall: float
) -> NDArray[np.float64] | None:
    r"""Find the weights nearest to the stated ones after which a weighted sum is lower by some.

    Parameters
    ----------
    x : ndarray of shape (K,)
        Values; for a rise call with ``-x``.
    weights : ndarray of shape (K,)
        Not negative. What weighs 0 gets no weight.
    fall : float
        Wanted; 0 or less changes nothing.

    Returns
    -------
    ndarray of shape (K,) or None
        New weights of the same sum, for which :math:`\sum_k |w'_k - w_k|` is smallest; None where
        no weights are enough. See :func:`clientindex.sensitivity.bounds.distance.find_smallest_l1`,
        which has the sum alone.
    """
    used = np.flatnonzero(weights > 0)
    least = used[np.argmin(x[used])]
    then, missing = weights.astype(np.float64), fall
    for place in sorted(used, key=lambda k: -x[k]):
        drop = x[place] - x[least]
        if missing <= 0 or drop <= 0:
            break
        moved = min(float(weights[place]), missing / drop)
        then[place] -= moved
        then[least] += moved
        missing -= moved * drop
    return then if missing <= SAME * max(abs(fall), 1.0) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class _End:
    """One end of the scores between which the centre keeps its star."""

    way: str
    cut: float
    star: float


def _list_ends(centre: str, stars: Stars, methodology: Methodology) -> list[_End]:
    rule = methodology.stars
    starred = stars.frame[stars.frame["centre"] == centre]
    index = starred["estimate"].to_numpy(np.float64)
    cuts = np.array([band.lower for band in rule.bands[1:]])
    limits = StarLimits.of(index, cuts, list_limits(starred, rule))
    values = [float(value) for value in rule.star_values]
    place = values.index(float(starred["star"].iloc[0]))
    ends = []
    if np.isfinite(limits.below[0]):
        ends.append(_End(way=LOSES, cut=float(limits.below[0]), star=values[place - 1]))
    if np.isfinite(limits.above[0]):
        ends.append(_End(way=WINS, cut=float(limits.above[0]), star=values[place + 1]))
    return ends


def _make_nest(methodology: Methodology, bounds: WeightBounds) -> Nest:
    """Return the stated weights of both levels of an index that is a weighted sum."""
    groups = methodology.groups
    outer = np.array([group.weight for group in groups], dtype=np.float64)
    inner = [np.array([*group.indicators.values()], dtype=np.float64) for group in groups]
    return Nest(
        inner=np.concatenate([one / one.sum() if one.sum() else one for one in inner]),
        outer=outer / outer.sum(),
        group_of=np.repeat(np.arange(len(groups)), [len(one) for one in inner]),
        power_group=1.0,
        power_index=1.0,
        inner_moves=bounds.moves != "groups",
        outer_moves=bounds.moves != "indicators",
        rescaled=bounds.weights == "rescaled",
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Centre:
    """Scores of one centre, and weights in its index."""

    nest: Nest
    indicators: list[str]
    x: NDArray[np.float64]
    groups: list[str]
    group_scores: NDArray[np.float64]
    stated: NDArray[np.float64]
    group_weights: NDArray[np.float64]
    index: float

    @classmethod
    def of(cls, scores: pd.DataFrame, methodology: Methodology, nest: Nest) -> _Centre | None:
        """Return the centre, None where parts of a kind are missing."""
        indicators = [key for group in methodology.groups for key in group.indicators]
        by_kind = {kind: own.set_index("key") for kind, own in scores.groupby("kind")}
        if {*by_kind} != {"group", "indicator"}:
            return None
        x = by_kind["indicator"]["estimate"].reindex(indicators).to_numpy(np.float64)
        now = find_extreme(x[None], nest, band=np.zeros(1), largest=True)
        return cls(
            nest=nest,
            indicators=indicators,
            x=x,
            groups=[group.key for group in methodology.groups],
            group_scores=now.groups[0],
            stated=now.outer[0][nest.group_of] * now.inner[0],
            group_weights=now.outer[0],
            index=float(now.index[0]),
        )

    def direct(self, end: _End, band_pct: float) -> Direction:
        """Return what brings the centre beyond one end."""
        shifted = self._shift(end)
        return Direction(
            way=end.way,
            star=end.star,
            cut=end.cut,
            band_pct=band_pct,
            weights=self._move(end, band_pct),
            moved=np.nan
            if shifted is None
            else float(np.abs(shifted - self.group_weights).sum() / 2),
            groups=self._tabulate_groups(self.group_weights if shifted is None else shifted).iloc[
                : 0 if shifted is None else None
            ],
        )

    def _move(self, end: _End, band_pct: float) -> pd.DataFrame:
        if np.isnan(band_pct):
            return pd.DataFrame(columns=list(COLUMNS))
        band = np.array([band_pct / 100])
        then = find_extreme(self.x[None], self.nest, band=band, largest=end.way == WINS)
        inner = pd.DataFrame(
            {
                "kind": "indicator",
                "key": self.indicators,
                "score": self.x,
                "now": self.stated,
                "then": then.outer[0][self.nest.group_of] * then.inner[0],
            }
        )
        return pd.concat([self._tabulate_groups(then.outer[0]), inner], ignore_index=True)

    def _shift(self, end: _End) -> NDArray[np.float64] | None:
        sign = 1.0 if end.way == LOSES else -1.0
        scores = np.where(self.group_weights > 0, self.group_scores, 0.0)
        fall = max(sign * (self.index - end.cut), 0.0)
        return find_smallest_shift(sign * scores, self.group_weights, fall=fall)

    def _tabulate_groups(self, then: NDArray[np.float64]) -> pd.DataFrame:
        return pd.DataFrame(
            {
                "kind": "group",
                "key": self.groups,
                "score": self.group_scores,
                "now": self.group_weights,
                "then": then,
            },
            columns=list(COLUMNS),
        )
