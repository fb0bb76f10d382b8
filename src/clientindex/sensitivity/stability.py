"""Which stars and ranks survive random weightings."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from clientindex.counts import read_seed
from clientindex.methodology.sensitivity_settings import SensitivitySettings
from clientindex.rating.score_model import needs_model
from clientindex.results import Stars, Unavailable, WeightStability
from clientindex.sensitivity.acceptability import tabulate_ranks, tabulate_stars
from clientindex.sensitivity.checkpoint import make_fingerprint, restore_checkpoint
from clientindex.sensitivity.drawn_index import DrawnIndex, LinearIndex, ModelIndex
from clientindex.sensitivity.drawn_stars import find_drawn_levels, find_peers
from clientindex.sensitivity.draws import DrawScheme, draw_weightings
from clientindex.sensitivity.rank_rows import rank_rows
from clientindex.sensitivity.simulation import Running, run_draws
from clientindex.sensitivity.tally import Tally
from clientindex.sensitivity.weight_simplex import make_simplex, tabulate_simplex

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from clientindex.counts import CentreMoments
    from clientindex.methodology import Methodology, StarRule
    from clientindex.rating import MeasureScores
    from clientindex.rating.weighting import WeightPlan
    from clientindex.sensitivity.draws import WeightDraws

BLOCK_CELLS = 1_000_000
"""Cells computed at once, see :attr:`clientindex.sensitivity.drawn_index.DrawnIndex.size`."""

TOO_FEW_STARS = "too_few_stars"
"""Reason when fewer than two centres have a star, so that there is nothing to rank."""


def read_draw_settings(methodology: Methodology) -> SensitivitySettings:
    """Return the settings of random weightings, defaults for what the methodology leaves out."""
    return SensitivitySettings.model_validate(methodology.sensitivity.model_dump())


def compute_weight_stability(
    moments: CentreMoments,
    stars: Stars,
    methodology: Methodology,
    *,
    seed: np.random.SeedSequence,
    block_cells: int = BLOCK_CELLS,
    regions: Mapping[str, str] | None = None,
    measures: MeasureScores | None = None,
    settings: SensitivitySettings | None = None,
    running: Running | None = None,
) -> WeightStability | Unavailable:
    """Compute ranks and stars of the starred centres under random weightings.

    Parameters
    ----------
    moments : CentreMoments
        The indicator means behind `stars`.
    stars : Stars
        The published stars and ranks.
    methodology : Methodology
        Stated weights, star rule, how weights are drawn and level.
    seed : numpy.random.SeedSequence
        Its integer entropy is stated in the result.
    block_cells : int
        Bounds the memory; the result does not depend on it.
    regions : mapping of str to str, optional
        Region of every centre, where a mean of the region stands in for missing values.
    measures : MeasureScores, optional
        Behind `stars`, as the moments are.
    settings : SensitivitySettings, optional
        Instead of those of the methodology.
    running : Running, optional
        Workers, progress and checkpoint, on which the result does not depend either.

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
    How weights are drawn and re-scaled is told in
    :func:`clientindex.sensitivity.draws.draw_weightings`; segment weights stay.
    Missing answers are treated as in the published index; z scores of groups and cut points that
    the star rule finds in the scores are found anew in every draw (a draw in which they cannot be
    gives no centre its star). Stars are compared before caps, which no weighting changes. Ties are
    as in the rating (equal to 9 decimals, smallest rank). Rank quantiles are observed ranks: the
    smallest rank whose share of draws at or below it reaches the quantile.

    Memory is ``C²`` numbers of 4 bytes, ``block_cells`` of 8 for each worker, and 17 bytes a draw.
    Kendall's tau is NaN when all centres share one score.

    The simplex of three weights needs no draws: a row is the middle of one of its equal triangles,
    see :func:`clientindex.sensitivity.weight_simplex.make_simplex`.
    """
    starred = stars.frame[stars.frame["star"].notna()]
    if len(starred) < 2:
        return Unavailable(stage="sensitivity", reason=TOO_FEW_STARS, detail=str(len(starred)))
    centres = starred["centre"].tolist()
    drawn = _take_index(moments, methodology, centres=centres, regions=regions, measures=measures)
    asked = settings or read_draw_settings(methodology)
    rule, running = methodology.stars, running or Running()
    simulation = _Simulation(drawn, rule, starred, DrawScheme.of(asked), seed)
    tally = simulation.start(asked.draws)
    fingerprint = simulation.identify(tally)
    if running.checkpoint is not None:
        restore_checkpoint(tally, running.checkpoint, fingerprint=fingerprint)
    block = max(1, block_cells // drawn.size)
    run_draws(tally, simulation.draw, block=block, running=running, fingerprint=fingerprint)
    level = methodology.intervals.level
    found = _conclude(tally, starred, rule, settings=asked, level=level, seed=read_seed(seed))
    return _add_simplex(found, simulation, tally, methodology, block=block)


def _take_index(
    moments: CentreMoments,
    methodology: Methodology,
    *,
    centres: Sequence[str],
    regions: Mapping[str, str] | None,
    measures: MeasureScores | None,
) -> DrawnIndex:
    if needs_model(methodology, measures):
        return ModelIndex.of(
            moments, methodology, centres=centres, regions=regions, measures=measures
        )
    return LinearIndex.of(moments, methodology, centres=centres)


class _Simulation:
    """Draws of ranks and levels of the starred centres."""

    def __init__(
        self,
        drawn: DrawnIndex,
        rule: StarRule,
        starred: pd.DataFrame,
        scheme: DrawScheme,
        seed: np.random.SeedSequence,
    ) -> None:
        self._drawn, self._rule, self._scheme, self._seed = drawn, rule, scheme, seed
        self._peers = find_peers(starred)
        self._starred = starred

    def start(self, n_draws: int) -> Tally:
        """Return a tally of no draws about the published ranks and stars before caps."""
        column = "uncapped" if "uncapped" in self._starred else "star"
        values = self._rule.star_values
        star = np.searchsorted(values, self._starred[column].to_numpy(np.float64))
        return Tally.start(
            self._starred["rank"].to_numpy(np.int64),
            star.astype(np.int64) + 1,
            n_levels=len(values),
            n_draws=n_draws,
        )

    def compute(self, first: int, size: int) -> NDArray[np.float64]:
        """Return the index in draws from number `first` on, shape (B, C)."""
        weights = self._drawn.weights
        draws = draw_weightings(weights, self._scheme, first=first, size=size, seed=self._seed)
        return self._drawn.compute(draws)

    def draw(self, first: int, size: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return ranks and levels of draws from number `first` on."""
        index = self.compute(first, size)
        return rank_rows(index), find_drawn_levels(index, self._peers, self._rule)

    @property
    def weights(self) -> WeightPlan:
        """Stated weights."""
        return self._drawn.weights

    def find_levels(self, draws: WeightDraws) -> NDArray[np.int64]:
        """Return levels under given weightings, shape (B, C)."""
        return find_drawn_levels(self._drawn.compute(draws), self._peers, self._rule)

    def identify(self, tally: Tally) -> str:
        """Return a fingerprint of the inputs; the first draw stands for means and weights."""
        return make_fingerprint(
            f"{self._rule!r} {self._scheme!r} {self._seed.entropy} {self._seed.spawn_key}",
            "\n".join(self._peers.astype(str)),
            "\n".join(self._starred["centre"].astype(str)),
            tally.rank,
            tally.star,
            self.compute(0, 1),
        )


def _conclude(
    tally: Tally,
    starred: pd.DataFrame,
    rule: StarRule,
    *,
    settings: SensitivitySettings,
    level: float,
    seed: int,
) -> WeightStability:
    share = tally.count_same_star() / tally.n_draws
    spread = tally.share_by_draw.std(ddof=1) if tally.n_draws > 1 else np.nan
    centres = starred["centre"].array
    total, squares, shift = tally.sum_ranks()
    frame = pd.DataFrame(
        {
            "centre": centres,
            "star": starred["star"].array,
            "rank": starred["rank"].array,
            **_band_ranks(tally, level),
            "share_same_star": share,
            "share_same_star_se": np.sqrt(share * (1 - share) / tally.n_draws),
            "rank_mean": total / tally.n_draws,
            "rank_sd": _deviate(total, squares, tally.n_draws),
        }
    )
    return WeightStability(
        frame=frame,
        draws=tally.n_draws,
        seed=seed,
        band_pct=settings.band_pct,
        level=level,
        mean_share_same_star=float(share.mean()),
        mean_share_same_star_se=float(spread / np.sqrt(tally.n_draws)),
        mean_abs_rank_shift=float(shift.sum() / (tally.n_draws * len(starred))),
        mean_kendall_tau=float(tally.tau_by_draw.mean()),
        kind=settings.kind,
        vary=settings.vary,
        concentration=settings.concentration,
        acceptability=tabulate_ranks(tally, centres, n_classes=settings.rank_classes),
        star_shares=tabulate_stars(tally, centres, values=rule.star_values),
    )


def _add_simplex(
    found: WeightStability,
    simulation: _Simulation,
    tally: Tally,
    methodology: Methodology,
    *,
    block: int,
) -> WeightStability:
    """Add the stars all over the simplex of three weights."""
    simplex = make_simplex(simulation.weights)
    if simplex is None:
        return found
    watched = int(found.frame["share_same_star"].to_numpy(np.float64).argmin())
    frame = tabulate_simplex(
        simplex,
        simulation.find_levels,
        level=tally.star,
        watched=watched,
        values=methodology.stars.star_values,
        block=block,
    )
    return replace(
        found,
        simplex=frame,
        simplex_groups=tuple(methodology.group_keys[group] for group in simplex.groups),
        simplex_centre=str(found.frame["centre"].iloc[watched]),
    )


def _band_ranks(tally: Tally, level: float) -> dict[str, NDArray[np.int64]]:
    quantiles = tally.find_rank_quantiles(np.array([(1 - level) / 2, 0.5, (1 + level) / 2]))
    return dict(zip(("rank_low", "rank_median", "rank_high"), quantiles, strict=True))


def _deviate(total: NDArray[np.int64], squares: NDArray[np.int64], n: int) -> NDArray[np.float64]:
    """Return standard deviations from whole sums, which lose no digit: ``n Σx² - (Σx)²``."""
    excess = n * squares - total**2
    return np.sqrt(excess / (n * max(n - 1, 1)))
