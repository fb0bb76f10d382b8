"""`FactorSample`: the correlations and their bootstrap, drawn once for every analysis."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from clientindex.counts import compute_correlation, draw_centre_weights, read_seed
from clientindex.errors import StatisticsError
from clientindex.factors.centre_sums import compute_centre_sums, find_obstacle
from clientindex.factors.covariance import compute_linear_moments
from clientindex.factors.intervals import find_unstable
from clientindex.factors.polychoric.estimate import estimate_polychoric, square_pairs
from clientindex.factors.polychoric.smooth import SMALLEST_EIGENVALUE, smooth
from clientindex.factors.polychoric.tables import compute_cuts, fill_zero_cells, read_tables
from clientindex.factors.polychoric.two_step import BOUNDARY, solve_two_step
from clientindex.results import Unavailable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from clientindex.counts import PairCounts
    from clientindex.factors.centre_sums import CentreSums
    from clientindex.factors.moments import SampleMoments
    from clientindex.factors.polychoric.estimate import PolychoricEstimate
    from clientindex.factors.polychoric.tables import AnswerTables
    from clientindex.methodology import Methodology

STAGE = "factors"

Basis = Literal["pearson", "polychoric"]
BASES: tuple[Basis, ...] = ("pearson", "polychoric")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FactorSample:
    """Correlations of K indicators over C centres, both kinds, with R bootstrap replicates.

    Every mapping has the keys of :data:`BASES`.

    Attributes
    ----------
    counts : PairCounts
        One unit a centre (segments, channels and periods summed), sorted by centre.
    regions : tuple of str
        Region of each unit of `counts`.
    correlations : mapping of ndarray of shape (K, K)
        Of the whole sample; positive definite. A polychoric matrix that was not is smoothed.
    replicates : mapping of ndarray of shape (R', K, K)
        Bootstrap over centres stratified by region, the same draws for both kinds. Replicates that
        are undefined or (Pearson) not positive definite are left out, so R' <= R.
    n_drawn : int
        R.
    moments : mapping of SampleMoments
        "pearson" holds covariances, "polychoric" polychoric correlations.
    n : int
        Smallest number of respondents behind any correlation.
    seed : int
    """

    counts: PairCounts
    regions: tuple[str, ...]
    correlations: Mapping[Basis, NDArray[np.float64]]
    replicates: Mapping[Basis, NDArray[np.float64]]
    n_drawn: int
    moments: Mapping[Basis, SampleMoments]
    n: int
    seed: int

    @property
    def indicators(self) -> tuple[str, ...]:
        """The K keys."""
        return self.counts.indicators


def draw_factor_sample(
    counts: PairCounts,
    methodology: Methodology,
    *,
    strata: Mapping[str, str],
    seed: np.random.SeedSequence,
) -> FactorSample | Unavailable:
    """Estimate both kinds of correlations and draw their bootstrap over centres.

    Missing answers: Pearson correlations follow the methodology (pairwise or complete), polychoric
    ones use everybody who answered both indicators. Polychoric replicates are by two steps.

    Parameters
    ----------
    counts : PairCounts
    methodology : Methodology
    strata : mapping
        Region of every centre.
    seed : numpy.random.SeedSequence

    Returns
    -------
    FactorSample or Unavailable
        Unavailable for the reasons of :func:`~clientindex.factors.find_obstacle` and of
        :func:`~clientindex.factors.polychoric.estimate.estimate_polychoric` (perfect Pearson
        correlations are ``identical_indicators``, too), ``not_positive_definite`` (Pearson) and
        ``unstable_resampling``.

    Raises
    ------
    StatisticsError
        If a centre has no region.
    """
    summed = counts.sum_over("segment", "period", "channel")
    regions = _list_regions(summed, strata)
    centre_sums = compute_centre_sums(summed, methodology)
    if (obstacle := _find_any_obstacle(centre_sums)) is not None:
        return obstacle
    tables = read_tables(summed, methodology)
    polychoric = estimate_polychoric(tables, summed, methodology)
    if isinstance(polychoric, Unavailable):
        return polychoric
    drawn = methodology.intervals.bootstrap_replicates
    weights = draw_centre_weights(regions, drawn, np.random.default_rng(seed))
    replicates: dict[Basis, NDArray[np.float64]] = {
        "pearson": select_definite(compute_correlation(centre_sums.sums.combine(weights))),
        "polychoric": replicate_polychoric(tables, polychoric, weights, methodology),
    }
    for usable in replicates.values():
        if (obstacle := find_unstable(len(usable), drawn, stage=STAGE)) is not None:
            return obstacle
    total = centre_sums.sums.total()
    return FactorSample(
        counts=summed,
        regions=regions,
        correlations={
            "pearson": compute_correlation(total),
            "polychoric": polychoric.smoothed.matrix,
        },
        replicates=replicates,
        n_drawn=drawn,
        moments={
            "pearson": compute_linear_moments(centre_sums),
            "polychoric": polychoric.moments,
        },
        n=int(total.n.min()),
        seed=read_seed(seed),
    )


def estimate_moments(
    counts: PairCounts, methodology: Methodology, basis: Basis
) -> SampleMoments | Unavailable:
    """Estimate the moments of a part of the data, such as a region or segment.

    Parameters
    ----------
    counts : PairCounts
        With any number of units a centre.
    methodology : Methodology
    basis : {"pearson", "polychoric"}
        Covariances of keyed answers, or polychoric correlations.

    Returns
    -------
    SampleMoments or Unavailable
        For the reasons of :func:`draw_factor_sample`.
    """
    summed = counts.sum_over("segment", "period", "channel")
    centre_sums = compute_centre_sums(summed, methodology)
    if (obstacle := _find_any_obstacle(centre_sums)) is not None:
        return obstacle
    if basis == "pearson":
        return compute_linear_moments(centre_sums)
    found = estimate_polychoric(read_tables(summed, methodology), summed, methodology)
    return found if isinstance(found, Unavailable) else found.moments


def _list_regions(counts: PairCounts, strata: Mapping[str, str]) -> tuple[str, ...]:
    centres = list(counts.units["centre"])
    homeless = [centre for centre in centres if centre not in strata]
    if homeless:
        msg = f"no region is known for centres {', '.join(homeless[:5])}; add them to the register"
        raise StatisticsError(msg)
    return tuple(strata[centre] for centre in centres)


def _find_any_obstacle(centre_sums: CentreSums) -> Unavailable | None:
    if (obstacle := find_obstacle(centre_sums, stage=STAGE)) is not None:
        return obstacle
    r = compute_correlation(centre_sums.sums.total())
    first, second = np.triu_indices(len(r), 1)
    if (same := np.flatnonzero(np.abs(r[first, second]) > BOUNDARY)).size:
        named = (
            f"{centre_sums.indicators[first[same[0]]]}, {centre_sums.indicators[second[same[0]]]}"
        )
        return Unavailable(stage=STAGE, reason="identical_indicators", detail=named)
    smallest = float(np.linalg.eigvalsh(r)[0])
    if smallest > SMALLEST_EIGENVALUE:
        return None
    return Unavailable(stage=STAGE, reason="not_positive_definite", detail=f"{smallest:.2g}")


def select_definite(r: NDArray[np.float64]) -> NDArray[np.float64]:
    """Keep the matrices of shape (R, K, K) that are defined and positive definite."""
    defined = r[np.isfinite(r).all(axis=(1, 2))]
    return defined[np.linalg.eigvalsh(defined)[:, 0] > SMALLEST_EIGENVALUE]


def replicate_polychoric(
    tables: AnswerTables,
    found: PolychoricEstimate,
    weights: NDArray[np.float64],
    methodology: Methodology,
) -> NDArray[np.float64]:
    """Return polychoric matrices of the replicates that have one, smoothed where needed."""
    margins, pairs = tables.combine(weights)
    filled = fill_zero_cells(pairs, methodology.factors.zero_cells)
    rho = solve_two_step(filled, compute_cuts(margins), start=found.rho)
    defined = rho[(np.abs(rho) < BOUNDARY).all(axis=1)]
    matrices = square_pairs(defined, len(found.cuts))
    indefinite = np.linalg.eigvalsh(matrices)[:, 0] <= SMALLEST_EIGENVALUE
    for at in np.flatnonzero(indefinite):
        matrices[at] = smooth(matrices[at]).matrix
    return matrices
