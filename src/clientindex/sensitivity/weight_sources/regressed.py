"""The regression on overall satisfaction: importance from counts, resampled over centres."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from threadpoolctl import threadpool_limits

from clientindex.counts import (
    compute_complete_sums,
    compute_covariance,
    compute_pair_sums,
    draw_centre_weights,
    point_values,
)
from clientindex.errors import StatisticsError
from clientindex.reliability.draws import summarise
from clientindex.sensitivity.weight_sources.relative_importance import compute_relative_importance

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from clientindex.counts import PairCounts
    from clientindex.methodology import Methodology

    Ends = tuple[NDArray[np.float64], NDArray[np.float64]]

FEWEST_CENTRES = 2


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Regressed:
    """Importance of k indicators in g groups, the sample followed by R replicates.

    Attributes
    ----------
    importance : ndarray of shape (1 + R, k)
        Parts of R-squared.
    group_of : int ndarray of shape (k,)
    n_centres : int
    """

    importance: NDArray[np.float64]
    group_of: NDArray[np.intp]
    n_centres: int

    @property
    def groups(self) -> NDArray[np.float64]:
        """Importance of groups, shape (1 + R, g)."""
        starts = np.flatnonzero(np.diff(self.group_of, prepend=-1))
        return np.add.reduceat(self.importance, starts, axis=1)

    def find_ends(self, level: float) -> tuple[Ends, Ends]:
        """Return intervals of the weights of indicators inside their groups, and of groups."""
        groups = self.groups
        inner = self.importance / groups[:, self.group_of]
        return _find_ends(inner, level), _find_ends(
            groups / groups.sum(axis=1, keepdims=True), level
        )

    def tell(
        self, groups: Sequence[str], indicators: Sequence[str], *, level: float
    ) -> list[dict[str, Any]]:
        """Return rows of ``importance``: R-squared, groups, indicators."""
        explained = self.importance.sum(axis=1, keepdims=True)
        parts = (("index", ["index"], explained), ("group", groups, self.groups))
        rows = []
        for kind, keys, values in (*parts, ("indicator", indicators, self.importance)):
            low, high = _find_ends(values, level)
            rows += [
                {
                    "kind": kind,
                    "key": key,
                    "estimate": values[0, place],
                    "ci_low": low[place],
                    "ci_high": high[place],
                    "share": values[0, place] / explained[0, 0],
                }
                for place, key in enumerate(keys)
            ]
        return rows


def regress_outcome(
    counts: PairCounts,
    methodology: Methodology,
    *,
    predictors: Sequence[str],
    outcome: str,
    group_of: NDArray[np.intp],
    regions: Mapping[str, str],
    seed: np.random.SeedSequence,
) -> Regressed:
    """Share out what indicators explain of respondents' overall satisfaction.

    Parameters
    ----------
    counts : PairCounts
    methodology : Methodology
        Points of answers, rule for missing ones, number of bootstrap replicates.
    predictors : sequence of str
        k keys in the order of groups.
    outcome : str
    group_of : int ndarray of shape (k,)
    regions : mapping
        Strata of the bootstrap over centres; centres without one are a stratum.
    seed : numpy.random.SeedSequence
        Not consumed.

    Raises
    ------
    StatisticsError
        If there is one centre, the outcome or an indicator does not vary or follows from others, or
        indicators explain nothing.

    Notes
    -----
    Of respondents, in points 0-100, segments and periods together. Missing answers: every pair of
    indicators uses the respondents who answered both or, where the methodology says ``complete``,
    everything those who answered all.
    """
    summed = counts.sum_over("segment", "period", "channel")
    if len(summed.units) < FEWEST_CENTRES:
        msg = "a bootstrap over centres needs two or more centres"
        raise StatisticsError(msg)
    keys = [*predictors, outcome]
    at = np.array([counts.indicators.index(key) for key in keys], dtype=np.intp)
    complete = methodology.missing_answers.correlations == "complete"
    compute = compute_complete_sums if complete else compute_pair_sums
    sums = compute(summed, point_values(methodology))
    strata = [regions.get(centre, "") for centre in summed.units["centre"]]
    drawn = draw_centre_weights(
        strata, methodology.intervals.bootstrap_replicates, np.random.default_rng(seed)
    )
    weights = np.vstack([np.ones(len(strata)), drawn])
    with threadpool_limits(limits=1, user_api="blas"):
        covariance = compute_covariance(sums.subset(at).combine(weights))
    flat = [key for key, v in zip(keys, np.diagonal(covariance[0]), strict=True) if not v > 0]
    if flat:
        msg = f"answers to {', '.join(flat)} do not vary"
        raise StatisticsError(msg)
    importance = compute_relative_importance(covariance, group_of=group_of)
    if np.isnan(importance[0]).any():
        msg = "an indicator follows from the others: importance cannot be shared out"
        raise StatisticsError(msg)
    if not importance[0].sum() > 0:
        msg = f"indicators explain nothing of {outcome}"
        raise StatisticsError(msg)
    return Regressed(importance=importance, group_of=group_of, n_centres=len(strata))


def _find_ends(drawn: NDArray[np.float64], level: float) -> Ends:
    found = summarise(drawn, level)
    return found.ci_low, found.ci_high
