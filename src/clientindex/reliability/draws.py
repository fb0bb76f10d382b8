"""A part of the data with its bootstrap over centres, and intervals from the replicates."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from clientindex.counts import PairSums, compute_covariance, draw_centre_weights, read_seed
from clientindex.factors import compute_centre_sums
from clientindex.factors.intervals import MIN_USABLE_SHARE, PERCENTILES
from clientindex.reliability.scopes import WHOLE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from clientindex.methodology import Methodology
    from clientindex.reliability.scopes import Scope

PART_REPLICATES = 100
"""Most bootstrap replicates of a part of the data: there may be ninety regions."""

VARIANCE_FLOOR = 1e-12

REMEMBERED = 32
"""Parts of the data whose weights are kept for the next analysis; most have few replicates."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Draws:
    """A part of the data, and sums of keyed answers of the sample followed by its replicates.

    Attributes
    ----------
    scope : Scope
    weights : ndarray of shape (1 + R, C)
        How often each centre is taken; ones first.
    sums : PairSums
        With leading shape (1 + R,).
    cov : ndarray of shape (1 + R, K, K)
        Their covariances.
    """

    scope: Scope
    weights: NDArray[np.float64]
    sums: PairSums
    cov: NDArray[np.float64]


def draw(scope: Scope, methodology: Methodology, seed: np.random.SeedSequence) -> Draws | None:
    """Draw bootstrap replicates over centres, stratified by region; None with one centre."""
    n_centres = len(scope.regions)
    if n_centres < 2:
        return None
    drawn = methodology.intervals.bootstrap_replicates
    if scope.kind != WHOLE:
        drawn = min(drawn, PART_REPLICATES)
    weights = draw_weights(scope.regions, drawn, seed)
    sums = compute_centre_sums(scope.counts, methodology).sums.combine(weights)
    return Draws(scope=scope, weights=weights, sums=sums, cov=compute_covariance(sums))


def draw_weights(
    regions: tuple[str, ...], n_replicates: int, seed: np.random.SeedSequence
) -> NDArray[np.float64]:
    """Return ones, then the weights of centres in every replicate, shape (1 + R, C); read only."""
    return _draw_weights(regions, n_replicates, read_seed(seed), seed.spawn_key)


@lru_cache(maxsize=REMEMBERED)
def _draw_weights(
    regions: tuple[str, ...], n_replicates: int, entropy: int, spawn_key: tuple[int, ...]
) -> NDArray[np.float64]:
    generator = np.random.default_rng(np.random.SeedSequence(entropy, spawn_key=spawn_key))
    drawn = draw_centre_weights(regions, n_replicates, generator)
    weights = np.vstack([np.ones(len(regions)), drawn])
    weights.setflags(write=False)
    return weights


def find_obstacle(sums: PairSums, items: NDArray[np.intp]) -> tuple[str, NDArray[np.intp]] | None:
    """Return why a group has no covariances, and whose fault it is.

    Returns
    -------
    reason : str
        ``one_indicator``, ``too_few_answers`` or ``zero_variance``.
    culprits : ndarray of int
        Positions of the indicators to blame.
    """
    if len(items) < 2:
        return "one_indicator", items
    own = PairSums(n=sums.n[0], s=sums.s[0], ss=sums.ss[0], q=sums.q[0]).subset(items)
    n = own.n
    if (n < 2).any():
        alone = np.diagonal(n) < 2
        return "too_few_answers", items[alone if alone.any() else (n < 2).any(axis=1)]
    s, ss = np.diagonal(own.s), np.diagonal(own.ss)
    flat = np.diagonal(n) * ss - s**2 <= VARIANCE_FLOOR * np.diagonal(n) * ss
    if flat.any():
        return "zero_variance", items[flat]
    return None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Summary:
    """Estimates with errors and percentile intervals.

    Attributes
    ----------
    estimate, std_error, ci_low, ci_high : ndarray
        All of one shape; NaN where an estimate is not defined, or too few replicates are.
    unstable : bool ndarray
        Where the estimate is defined but too few replicates are.
    """

    estimate: NDArray[np.float64]
    std_error: NDArray[np.float64]
    ci_low: NDArray[np.float64]
    ci_high: NDArray[np.float64]
    unstable: NDArray[np.bool_]

    def row(self, at: Any = ()) -> dict[str, float]:
        """Return one estimate with its error and interval."""
        names = ("estimate", "std_error", "ci_low", "ci_high")
        return {name: float(getattr(self, name)[at]) for name in names}


def summarise(drawn: NDArray[np.float64], level: float) -> Summary:
    """Summarise the sample followed by its replicates, shape (1 + R, ...).

    An interval needs half of the replicates and at least two. It is percentiles, drawn out to the
    estimate where resampling shifts the statistic past it: the greatest lower bound and other
    optima of a sample, of which resamples are too optimistic.
    """
    estimate, replicates = np.asarray(drawn[0]), drawn[1:]
    defined = np.isfinite(estimate)
    usable = np.isfinite(replicates).sum(axis=0)
    stable = defined & (usable >= max(2, MIN_USABLE_SHARE * len(replicates)))
    kept = np.where(stable & np.isfinite(replicates), replicates, np.nan)
    filled = np.where(stable, kept, 0.0)
    tail = (1 - level) / 2
    quantile, spread = np.quantile, np.std
    if np.isnan(filled).any():
        quantile, spread = np.nanquantile, np.nanstd
    low, high = quantile(filled, [tail, 1 - tail], axis=0, method=PERCENTILES)
    nothing = float("nan")
    return Summary(
        estimate=np.where(defined, estimate, nothing),
        std_error=np.where(stable, spread(filled, axis=0, ddof=1), nothing),
        ci_low=np.where(stable, np.minimum(low, estimate), nothing),
        ci_high=np.where(stable, np.maximum(high, estimate), nothing),
        unstable=np.asarray(defined & ~stable),
    )
