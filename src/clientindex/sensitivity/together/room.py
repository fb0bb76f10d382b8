"""Everything together put to an edition."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from clientindex.counts import read_seed, split_task
from clientindex.methodology.together_settings import SOURCES, TogetherSettings
from clientindex.results import Unavailable
from clientindex.results.joint_doubt import JointDoubt
from clientindex.sensitivity.rank_rows import add_places
from clientindex.sensitivity.runs.model import LostIndexError
from clientindex.sensitivity.runs.room import set_up_runs
from clientindex.sensitivity.runs.workers import work_through
from clientindex.sensitivity.sobol.inputs import NO_ERROR, SWITCHED_OFF
from clientindex.sensitivity.sobol.room import (
    NOTHING_MOVES,
    RUNS_WITHOUT_INDEX,
    STAGE,
    find_lack,
    list_options,
)
from clientindex.sensitivity.together.points import PointPairs
from clientindex.sensitivity.together.tally import Block, Sums, find_error, tally_pairs

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    from clientindex.counts import CentreMoments
    from clientindex.methodology import Methodology
    from clientindex.methodology.together_settings import Source
    from clientindex.rating.measures import MeasureScores
    from clientindex.results import Stars
    from clientindex.sensitivity.runs.room import RunSetup

NO_ALTERNATIVE = "no_alternative"
ALL = "all"

BLOCK = 16
"""Pairs that are summed before their sums are: fixed, as sums depend on their order by rounding."""


def assess_together(
    moments: CentreMoments,
    stars: Stars,
    methodology: Methodology,
    *,
    seed: np.random.SeedSequence,
    settings: TogetherSettings | None = None,
    visitors: Mapping[str, float] | None = None,
    regions: Mapping[str, str] | None = None,
    measures: MeasureScores | None = None,
    workers: int = 1,
) -> JointDoubt | Unavailable:
    """Find how sure stars are under sampling error, weights and method at once.

    Parameters
    ----------
    moments : CentreMoments
        Behind `stars`.
    stars : Stars
        As published.
    methodology : Methodology
    seed : numpy.random.SeedSequence
    settings : TogetherSettings, optional
        By default the standard ones.
    visitors, regions, measures : optional
        As in :func:`clientindex.rating.compute_scores`.
    workers : int
        Threads. The result does not depend on it.

    Returns
    -------
    JointDoubt or Unavailable
        Reasons: ``too_few_stars``, ``nothing_moves``, ``mean_without_runs``,
        ``runs_without_index``.

    Raises
    ------
    StatisticsError
        If inputs do not belong together, or alternatives cannot be combined.

    Notes
    -----
    Sources are independent: indicator means are drawn from their exact covariance, every weight has
    a factor uniform on 1 - b to 1 + b and is re-scaled inside its parent, and every choice of
    method has one of its options. With sampling error alone the probabilities are the draws route
    of ``StarDoubt``, with weights alone those of random weightings, both to Monte Carlo error.

    A pair of independent points gives the 2**n mixtures of both, each a run of everything; pairs
    of mixtures that share some sources give the variance that the others have
    (:mod:`clientindex.sensitivity.together.decomposition`). Further runs move some of the sources
    only: for the parts of doubt. Monte Carlo errors are from the spread over pairs.

    Where the star rule finds its cut points in scores, draws are moved to the empirical-Bayes
    posterior as in ``StarDoubt``, what weights and method do to an index being added.
    """
    settings = settings or TogetherSettings()
    lack = find_lack(stars, methodology)
    if lack is not None:
        return lack
    draw_seed, pair_seed = split_task(seed, 2)
    setup = set_up_runs(
        moments,
        stars,
        methodology,
        alternatives=settings.alternatives,
        seed=draw_seed,
        visitors=visitors,
        regions=regions,
        measures=measures,
    )
    sources, left_out = _find_sources(setup, settings)
    if not sources:
        return Unavailable(stage=STAGE, reason=NOTHING_MOVES)
    band_pct = settings.band_pct or methodology.sensitivity.band_pct
    pairs = PointPairs(setup=setup, sources=sources, band=band_pct / 100, seed=pair_seed)
    values = methodology.stars.star_values
    try:
        found = _run(pairs, draws=settings.draws, n_levels=len(values), workers=workers)
    except LostIndexError as error:
        return Unavailable(stage=STAGE, reason=RUNS_WITHOUT_INDEX, detail=str(error.n))
    level = settings.level or methodology.intervals.level
    return JointDoubt(
        centres=found.list_centres(values, level=level),
        probabilities=found.list_probabilities(values),
        parts=found.list_parts(),
        summary=found.summarise(values),
        options=list_options(setup.choices),
        left_out=pd.DataFrame(
            [*left_out, *setup.left_out],
            columns=["kind", "key", "reason", "detail"],
            dtype="str",
        ),
        draws=settings.draws,
        runs=settings.draws * pairs.n_runs,
        band_pct=band_pct,
        drawn_around="estimate" if setup.model.posterior is None else "shrunk",
        level=level,
        seed=read_seed(seed),
    )


def _find_sources(
    setup: RunSetup, settings: TogetherSettings
) -> tuple[tuple[Source, ...], list[dict[str, str]]]:
    """Return the sources that move, and why others do not."""
    lacking = {}
    if not setup.model.errors.is_known:
        lacking["sampling"] = NO_ERROR
    if not setup.choices.open:
        lacking["method"] = NO_ALTERNATIVE
    reasons = {
        source: lacking.get(source, "") if source in settings.sources else SWITCHED_OFF
        for source in SOURCES
    }
    left_out = [
        {"kind": "source", "key": source, "reason": reason, "detail": ""}
        for source, reason in reasons.items()
        if reason
    ]
    return tuple(source for source in SOURCES if not reasons[source]), left_out


def _run(pairs: PointPairs, *, draws: int, n_levels: int, workers: int) -> _Found:
    tasks = (range(first, min(first + BLOCK, draws)) for first in range(0, draws, BLOCK))
    work = partial(tally_pairs, pairs, n_levels=n_levels)
    sums, counts = _merge(work_through(tasks, work, workers=workers), n=len(pairs.setup.starred))
    return _Found(pairs=pairs, sums=sums, rank_counts=counts, draws=draws)


def _merge(blocks: Iterable[Block], *, n: int) -> tuple[Sums, NDArray[np.int32]]:
    """Return the sums of all blocks, and how often each centre had each rank, shape (N, N)."""
    total: Sums | None = None
    counts = np.zeros((n, n), dtype=np.int32)
    for block in blocks:
        add_places(counts, block.ranks, 1)
        if total is None:
            total = block.sums
        else:
            total.add(block.sums)
    assert total is not None
    return total, counts


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Found:
    """Sums of all pairs, told as frames."""

    pairs: PointPairs
    sums: Sums
    rank_counts: NDArray[np.int32]
    draws: int

    @property
    def shares(self) -> NDArray[np.float64]:
        """Share of runs in which a centre had each level, shape (N, K + 1); the first is none."""
        return self.sums.levels / (self.draws * self.pairs.n_mixed)

    def list_centres(self, values: NDArray[np.float64], *, level: float) -> pd.DataFrame:
        """Return a row a starred centre."""
        sums, n = self.sums, self.draws
        starred, own = self.pairs.setup.starred, self.pairs.setup.model.published
        low, median, high = (self._find_ranks(q) for q in ((1 - level) / 2, 0.5, (1 + level) / 2))
        alone = {source: np.full(len(starred), np.nan) for source in SOURCES}
        alone |= dict(zip(self.pairs.sources, 1 - sums.alone / n, strict=True))
        return pd.DataFrame(
            {
                "centre": starred["centre"].to_numpy(),
                "name": starred["name"].to_numpy(),
                "region": starred["region"].to_numpy(),
                "star": starred["star"].to_numpy(np.float64),
                "p_star": sums.right / n,
                "p_star_se": find_error(sums.right, sums.right_square, n),
                "p_within_one": self._find_near(values),
                **{f"p_star_{source}": share for source, share in alone.items()},
                "estimate": own.index,
                "mean": own.index + sums.level / n,
                "std_dev": np.sqrt(np.maximum(sums.variance[-1] / n, 0.0)),
                "rank": pd.array(own.ranks, dtype="Int64"),
                "rank_low": low,
                "rank_median": median,
                "rank_high": high,
            }
        ).astype({"centre": "str", "name": "str", "region": "str"})

    def list_probabilities(self, values: NDArray[np.float64]) -> pd.DataFrame:
        """Return a row a starred centre and star."""
        centres = self.pairs.setup.starred["centre"].to_numpy(dtype=object)
        return pd.DataFrame(
            {
                "centre": np.repeat(centres, len(values)),
                "star": np.tile(values, len(centres)),
                "p": self.shares[:, 1:].ravel(),
            }
        ).astype({"centre": "str"})

    def list_parts(self) -> pd.DataFrame:
        """Return a row a starred centre, quantity and source."""
        centres = self.pairs.setup.starred["centre"].to_numpy(dtype=object)
        sources = [*self.pairs.sources, ALL]
        sums, n = self.sums, self.draws
        frames = [
            pd.DataFrame(
                {
                    "centre": np.repeat(centres, len(sources)),
                    "quantity": quantity,
                    "source": sources * len(centres),
                    "estimate": (total / n).T.ravel(),
                    "mc_error": find_error(total, squares, n).T.ravel(),
                }
            )
            for quantity, total, squares in (
                ("doubt", sums.doubt, sums.doubt_square),
                ("variance", sums.variance, sums.variance_square),
            )
        ]
        table = pd.concat(frames, ignore_index=True)
        return table.astype({"centre": "str", "quantity": "str", "source": "str"})

    def summarise(self, values: NDArray[np.float64]) -> pd.DataFrame:
        """Return expected accuracy, and the expected number of other stars by source."""
        sums, n = self.sums, self.draws
        right = sums.right.mean()
        accuracy_error = find_error(np.array([right]), sums.accuracy_square, n)[0]
        wrong = sums.doubt.sum(axis=1)
        rows = [
            ("expected_accuracy", ALL, right / n, accuracy_error),
            ("expected_within_one", ALL, float(self._find_near(values).mean()), np.nan),
            *zip(
                ["expected_wrong"] * len(wrong),
                [*self.pairs.sources, ALL],
                wrong / n,
                find_error(wrong, sums.doubt_total_square, n),
                strict=True,
            ),
        ]
        frame = pd.DataFrame(rows, columns=["statistic", "source", "estimate", "mc_error"])
        parts = frame["estimate"].where(frame["statistic"] == "expected_wrong")
        frame["share"] = parts / wrong[-1] * n if wrong[-1] else np.nan
        return frame.astype({"statistic": "str", "source": "str"})

    def _find_near(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        own = values[self.pairs.setup.model.published.levels - 1]
        near = np.abs(values - own[:, None]) <= 1
        return np.asarray((self.shares[:, 1:] * near).sum(axis=1))

    def _find_ranks(self, share: float) -> NDArray[np.int64]:
        """Return the smallest rank whose share of runs at or below it reaches the quantile."""
        reached = np.cumsum(self.rank_counts, axis=1)
        least = share * self.draws * self.pairs.n_mixed
        return np.asarray(np.argmax(reached >= least - 1e-9, axis=1) + 1, dtype=np.int64)
