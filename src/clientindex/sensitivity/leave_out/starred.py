"""The starred centres of an edition: their scores, and stars by the rule of the methodology."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from clientindex.sensitivity.drawn_stars import NO_LEVEL, find_drawn_levels, find_peers
from clientindex.sensitivity.starred_rows import find_starred_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from clientindex.methodology import StarRule
    from clientindex.results import Stars


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StarredCentres:
    """N starred centres in the order of their rank.

    Attributes
    ----------
    centres : str ndarray of shape (N,)
    rows : int ndarray of shape (N,)
        Places among the scored centres.
    peers : object ndarray of shape (N,)
    rule : StarRule
    """

    centres: NDArray[np.object_]
    rows: NDArray[np.intp]
    peers: NDArray[np.object_]
    rule: StarRule

    @classmethod
    def of(cls, stars: Stars, rule: StarRule, *, scored: Sequence[str]) -> StarredCentres:
        """Take the centres with a star.

        Raises
        ------
        StatisticsError
            If one of them is not among the scored ones.
        """
        frame = stars.frame[stars.frame["star"].notna()]
        return cls(
            centres=frame["centre"].to_numpy(dtype=object),
            rows=find_starred_rows(scored, frame["centre"].tolist()),
            peers=find_peers(frame),
            rule=rule,
        )

    def find_stars(
        self, scores: NDArray[np.float64], kept: NDArray[np.bool_]
    ) -> NDArray[np.float64]:
        """Return stars before caps of those kept, shape of their number; NaN without cut points."""
        if not kept.any():
            return np.empty(0)
        levels = find_drawn_levels(scores[kept][None], self.peers[kept], self.rule)[0]
        values = np.concatenate([[np.nan], self.rule.star_values])
        return values[np.where(levels == NO_LEVEL, 0, levels)]
