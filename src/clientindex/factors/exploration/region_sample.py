"""Correlations of one region with a bootstrap over its own centres."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from clientindex.counts import compute_correlation, draw_centre_weights
from clientindex.factors.centre_sums import VARIANCE_FLOOR, compute_centre_sums
from clientindex.factors.invariance.parts import ANSWERS_PER_INDICATOR
from clientindex.factors.polychoric import estimate_polychoric, read_tables
from clientindex.factors.polychoric.smooth import SMALLEST_EIGENVALUE
from clientindex.factors.sample import replicate_polychoric, select_definite
from clientindex.results import Unavailable

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from clientindex.counts import PairCounts, PairSums
    from clientindex.methodology import Methodology

STAGE = "factors"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RegionSample:
    """Correlations of a region.

    Attributes
    ----------
    correlations : ndarray of shape (K, K)
    replicates : ndarray of shape (R, K, K)
        None of them (R = 0) where the region has one centre.
    """

    correlations: NDArray[np.float64]
    replicates: NDArray[np.float64]


def sample_region(
    counts: PairCounts, methodology: Methodology, *, n_replicates: int, rng: np.random.Generator
) -> RegionSample | Unavailable:
    """Compute the leading correlations of a region and of a bootstrap over its centres.

    Returns
    -------
    RegionSample or Unavailable
        Unavailable with reason ``too_few_answers`` (fewer than ten respondents an indicator behind
        a pair; detail names the indicators), ``zero_variance``, ``identical_indicators`` or
        ``not_positive_definite``.
    """
    centre_sums = compute_centre_sums(counts, methodology)
    if (obstacle := find_sparse(centre_sums.sums.total(), counts.indicators)) is not None:
        return obstacle
    weights = _draw_weights(len(centre_sums.centres), n_replicates, rng)
    if methodology.factors.correlations == "polychoric":
        return _sample_polychoric(counts, methodology, weights)
    return _sample_pearson(centre_sums.sums, weights)


def _sample_pearson(sums: PairSums, weights: NDArray[np.float64]) -> RegionSample | Unavailable:
    r = compute_correlation(sums.total())
    smallest = float(np.linalg.eigvalsh(r)[0])
    if smallest <= SMALLEST_EIGENVALUE:
        return Unavailable(stage=STAGE, reason="not_positive_definite", detail=f"{smallest:.2g}")
    drawn = compute_correlation(sums.combine(weights))
    return RegionSample(correlations=r, replicates=select_definite(drawn))


def _sample_polychoric(
    counts: PairCounts, methodology: Methodology, weights: NDArray[np.float64]
) -> RegionSample | Unavailable:
    tables = read_tables(counts, methodology)
    found = estimate_polychoric(tables, counts, methodology)
    if isinstance(found, Unavailable):
        return found
    r = found.smoothed.matrix
    if not len(weights):
        return RegionSample(correlations=r, replicates=np.empty((0, *r.shape)))
    replicates = replicate_polychoric(tables, found, weights, methodology)
    return RegionSample(correlations=r, replicates=replicates)


def find_sparse(total: PairSums, indicators: tuple[str, ...]) -> Unavailable | None:
    """Say that answers are too few for a factor model, or all equal, if so."""
    spread = total.n * total.ss - total.s**2
    faults = {
        "too_few_answers": total.n < ANSWERS_PER_INDICATOR * len(indicators),
        "zero_variance": spread <= VARIANCE_FLOOR * total.n * total.ss,
    }
    for reason, wrong in faults.items():
        if wrong.any():
            alone = np.diagonal(wrong)
            blamed = np.flatnonzero(alone if alone.any() else wrong.any(axis=1))
            detail = ", ".join(indicators[position] for position in blamed)
            return Unavailable(stage=STAGE, reason=reason, detail=detail)
    return None


def _draw_weights(
    n_centres: int, n_replicates: int, rng: np.random.Generator
) -> NDArray[np.float64]:
    """Draw how often each centre of one region is drawn, shape (R, U); no rows for one centre."""
    if n_centres < 2:
        return np.empty((0, n_centres))
    return draw_centre_weights(["region"] * n_centres, n_replicates, rng)
