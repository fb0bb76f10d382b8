"""Which stars and ranks survive random weightings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from clientindex.counts import read_seed
from clientindex.rating.bands import rank_scores
from clientindex.rating.score_model import needs_model
from clientindex.results import Stars, Unavailable, WeightStability
from clientindex.sensitivity.drawn_index import DrawnIndex, LinearIndex, ModelIndex
from clientindex.sensitivity.drawn_stars import find_drawn_levels, find_peers
from clientindex.sensitivity.draws import draw_weights
from clientindex.sensitivity.tau import compute_kendall_tau

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from clientindex.counts import CentreMoments
    from clientindex.methodology import Methodology, StarRule
    from clientindex.rating import MeasureScores

BLOCK_CELLS = 1_000_000
"""Indicator cells (draws x centres x segments x indicators) computed at once: about 30 MB."""

TOO_FEW_STARS = "too_few_stars"
"""Reason when fewer than two centres have a star, so that there is nothing to rank."""


def compute_weight_stability(
    moments: CentreMoments,
    stars: Stars,
    methodology: Methodology,
    *,
    seed: np.random.SeedSequence,
    block_cells: int = BLOCK_CELLS,
    regions: Mapping[str, str] | None = None,
    measures: MeasureScores | None = None,
) -> WeightStability | Unavailable:
    """Compute ranks and stars of the starred centres under random weightings.

    Parameters
    ----------
    moments : CentreMoments
        The indicator means behind `stars`.
    stars : Stars
        The published stars and ranks.
    methodology : Methodology
        Stated weights, star rule, number of draws, band and level.
    seed : numpy.random.SeedSequence
        Its integer entropy is stated in the result.
    block_cells : int
        Bounds the memory; the result does not depend on it.
    regions : mapping of str to str, optional
        Region of every centre, where a mean of the region stands in for missing values.
    measures : MeasureScores, optional
        Behind `stars`, as the moments are.

    Returns
    -------
    WeightStability or Unavailable
        Unavailable (``too_few_stars``) with fewer than two starred centres.

    Raises
    ------
    StatisticsError
        If a starred centre has no indicator means, i.e. the two inputs do not belong together, or
        the seed was not made from one integer.

    Notes
    -----
    In each draw every indicator weight inside its group and every group weight is multiplied by
    its own uniform(1 - b, 1 + b) and re-scaled to sum to 1 inside its parent; segment weights stay.
    Missing answers are treated as in the published index; z scores of groups and cut points that
    the star rule finds in the scores are found anew in every draw (a draw in which they cannot be
    gives no centre its star). Stars are compared before caps, which no weighting changes. Ties are
    as in the rating (equal to 9 decimals, smallest rank). Rank quantiles are observed ranks: the
    smallest rank whose share of draws at or below it reaches the quantile.

    Memory is ``C² + block_cells`` numbers, whatever the number of draws. Kendall's tau is NaN when
    all centres share one score.
    """
    starred = stars.frame[stars.frame["star"].notna()]
    if len(starred) < 2:
        return Unavailable(stage="sensitivity", reason=TOO_FEW_STARS, detail=str(len(starred)))
    centres = starred["centre"].tolist()
    drawn: DrawnIndex
    if needs_model(methodology, measures):
        drawn = ModelIndex.of(
            moments, methodology, centres=centres, regions=regions, measures=measures
        )
    else:
        drawn = LinearIndex.of(moments, methodology, centres=centres)
    tally = _Tally.start(starred, methodology.stars, n_draws=methodology.sensitivity.draws)
    peers = find_peers(starred)
    generator = np.random.default_rng(seed)
    band = methodology.sensitivity.band_pct / 100
    for first, size in _split(methodology.sensitivity.draws, max(1, block_cells // drawn.size)):
        draws = draw_weights(drawn.weights, size=size, band=band, generator=generator)
        index = drawn.compute(draws)
        levels = find_drawn_levels(index, peers, methodology.stars)
        tally.add(rank_scores(index), levels, first=first)
    return _conclude(tally, starred, methodology, seed=read_seed(seed))


def _split(total: int, size: int) -> Iterator[tuple[int, int]]:
    for first in range(0, total, size):
        yield first, min(size, total - first)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Tally:
    """What is kept of the draws: counts by centre, and one number a draw.

    `rank_counts` has shape (C, C): draws in which the centre (row) had the rank (column + 1).
    """

    rank: NDArray[np.int64]
    star: NDArray[np.int64]
    rank_counts: NDArray[np.int32]
    same_star: NDArray[np.int64]
    share_by_draw: NDArray[np.float64]
    tau_by_draw: NDArray[np.float64]

    @classmethod
    def start(cls, starred: pd.DataFrame, rule: StarRule, *, n_draws: int) -> _Tally:
        n = len(starred)
        star = starred["uncapped" if "uncapped" in starred else "star"].to_numpy(np.float64)
        return cls(
            rank=starred["rank"].to_numpy(np.int64),
            star=np.searchsorted(rule.star_values, star).astype(np.int64) + 1,
            rank_counts=np.zeros((n, n), dtype=np.int32),
            same_star=np.zeros(n, dtype=np.int64),
            share_by_draw=np.empty(n_draws),
            tau_by_draw=np.empty(n_draws),
        )

    def add(self, ranks: NDArray[np.int64], star: NDArray[np.int64], *, first: int) -> None:
        """Count a block of draws; `ranks` and `star` (its level) have shape (B, C)."""
        rows = slice(first, first + len(ranks))
        same = star == self.star
        np.add.at(self.rank_counts, (np.arange(ranks.shape[1]), ranks - 1), 1)
        self.same_star[:] += same.sum(axis=0)
        self.share_by_draw[rows] = same.mean(axis=1)
        self.tau_by_draw[rows] = compute_kendall_tau(self.rank, ranks)


def _conclude(
    tally: _Tally, starred: pd.DataFrame, methodology: Methodology, *, seed: int
) -> WeightStability:
    settings, level = methodology.sensitivity, methodology.intervals.level
    share = tally.same_star / settings.draws
    spread = tally.share_by_draw.std(ddof=1) if settings.draws > 1 else np.nan
    frame = pd.DataFrame(
        {
            "centre": starred["centre"].array,
            "star": starred["star"].array,
            "rank": starred["rank"].array,
            "rank_low": _find_quantile(tally.rank_counts, (1 - level) / 2),
            "rank_median": _find_quantile(tally.rank_counts, 0.5),
            "rank_high": _find_quantile(tally.rank_counts, (1 + level) / 2),
            "share_same_star": share,
            "share_same_star_se": np.sqrt(share * (1 - share) / settings.draws),
        }
    )
    return WeightStability(
        frame=frame,
        draws=settings.draws,
        seed=seed,
        band_pct=settings.band_pct,
        level=level,
        mean_share_same_star=float(share.mean()),
        mean_share_same_star_se=float(spread / np.sqrt(settings.draws)),
        mean_abs_rank_shift=_average_shift(tally),
        mean_kendall_tau=float(tally.tau_by_draw.mean()),
    )


def _find_quantile(counts: NDArray[np.int32], probability: float) -> NDArray[np.int64]:
    """Return the inverse of the empirical distribution of each row's rank."""
    reached = np.cumsum(counts, axis=1, dtype=np.int64)
    # The tolerance keeps 0.975 * 1000 from asking for one draw more than 975.
    needed = probability * reached[:, -1:] - 1e-9
    return np.asarray((reached >= needed).argmax(axis=1) + 1, dtype=np.int64)


def _average_shift(tally: _Tally) -> float:
    """Return the mean over draws and centres of |rank in the draw - nominal rank|."""
    counts = tally.rank_counts
    ranks = np.arange(1, counts.shape[1] + 1)
    distance = np.abs(ranks - tally.rank[:, None])
    return float((counts * distance).sum() / counts.sum())
