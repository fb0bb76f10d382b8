"""The exploratory factor model of the indicators with intervals of its loadings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from clientindex.counts import compute_correlation
from clientindex.errors import StatisticsError
from clientindex.factors.adapter import Solution, fit_solution
from clientindex.factors.centre_sums import compute_centre_sums, find_obstacle, resample_sums
from clientindex.factors.intervals import compute_percentile_interval, find_unstable
from clientindex.factors.matching import align_to, compute_group_squares, order_by_groups
from clientindex.factors.suitability import STAGE, find_indefinite, select_definite
from clientindex.results import ExploratoryModel, Unavailable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from clientindex.counts import PairCounts
    from clientindex.methodology import Methodology

LOADING_REPLICATES = 200
"""Most bootstrap replicates of the loadings.

Each is a fit of some tens of milliseconds; 200 leave the ends of a 95 % interval uncertain by
about 0.1 of its length.
"""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Sample:
    """The correlations of a sample and of its bootstrap replicates."""

    r: NDArray[np.float64]
    replicates: NDArray[np.float64]
    n_drawn: int
    n: int


def fit_exploratory(
    counts: PairCounts,
    methodology: Methodology,
    *,
    strata: Mapping[str, str],
    seed: np.random.SeedSequence,
) -> ExploratoryModel | Unavailable:
    """Fit the exploratory factor model that the methodology asks for.

    Communalities are ``diag(L Phi L')`` and the variance of a factor ``diag(Phi L' L)`` of the
    pattern ``L`` and factor correlations ``Phi``, so that both sum to the same. Intervals are
    percentiles over a bootstrap of centres stratified by region, each replicate with its factors
    permuted and signed as in the full sample. Replicates whose correlations are not positive
    definite or whose fit does not converge are left out; `replicates` counts those used.

    Parameters
    ----------
    counts : PairCounts
    methodology : Methodology
        Gives the number of factors, method, rotation, treatment of missing answers and level.
    strata : mapping
        Region of every centre.
    seed : numpy.random.SeedSequence

    Returns
    -------
    ExploratoryModel or Unavailable
        Unavailable for the reasons of :func:`~clientindex.factors.find_obstacle`, and
        ``too_many_factors`` (negative degrees of freedom; detail is the number of factors),
        ``not_positive_definite``, ``not_converged`` or ``unstable_resampling``.

    Raises
    ------
    StatisticsError
        If a centre has no region.
    """
    sample = _draw_sample(counts, methodology, strata=strata, seed=seed)
    if isinstance(sample, Unavailable):
        return sample
    try:
        solution = _fit_ordered(sample.r, methodology)
    except StatisticsError:
        return Unavailable(stage=STAGE, reason="not_converged")
    replicates = _fit_replicates(sample.replicates, solution.loadings, methodology)
    if (obstacle := find_unstable(len(replicates), sample.n_drawn, stage=STAGE)) is not None:
        return obstacle
    return _assemble(solution, replicates, sample=sample, methodology=methodology)


def _draw_sample(
    counts: PairCounts,
    methodology: Methodology,
    *,
    strata: Mapping[str, str],
    seed: np.random.SeedSequence,
) -> _Sample | Unavailable:
    centre_sums = compute_centre_sums(counts, methodology)
    if (obstacle := find_obstacle(centre_sums, stage=STAGE)) is not None:
        return obstacle
    n_factors = methodology.factors.n_factors
    if compute_degrees_of_freedom(len(counts.indicators), n_factors) < 0:
        return Unavailable(stage=STAGE, reason="too_many_factors", detail=str(n_factors))
    total = centre_sums.sums.total()
    r = compute_correlation(total)
    if (obstacle := find_indefinite(r)) is not None:
        return obstacle
    n_drawn = min(LOADING_REPLICATES, methodology.intervals.bootstrap_replicates)
    sums = resample_sums(centre_sums, strata=strata, n_replicates=n_drawn, seed=seed)
    replicates = select_definite(compute_correlation(sums))
    return _Sample(r=r, replicates=replicates, n_drawn=n_drawn, n=int(total.n.min()))


def compute_degrees_of_freedom(n_items: int, n_factors: int) -> int:
    """Compute ``((K - F)^2 - (K + F)) / 2``: correlations less free parameters."""
    return ((n_items - n_factors) ** 2 - (n_items + n_factors)) // 2


def find_membership(methodology: Methodology) -> NDArray[np.bool_]:
    """Return which indicator belongs to which group, shape (G, K)."""
    owner = np.array([methodology.group_of(key) for key in methodology.indicator_keys])
    return np.array([owner == group for group in methodology.group_keys])


def _fit(r: NDArray[np.float64], methodology: Methodology) -> Solution:
    settings = methodology.factors
    return fit_solution(
        r,
        n_factors=settings.n_factors,
        method=settings.method,  # type: ignore[arg-type]  # widened with the next step
        rotation=settings.rotation,  # type: ignore[arg-type]  # widened with the next step
    )


def _fit_ordered(r: NDArray[np.float64], methodology: Methodology) -> Solution:
    fitted = _fit(r, methodology)
    order, signs = order_by_groups(fitted.loadings, find_membership(methodology))
    return Solution(
        loadings=fitted.loadings[:, order] * signs,
        phi=fitted.phi[np.ix_(order, order)] * np.outer(signs, signs),
    )


def _fit_replicates(
    correlations: NDArray[np.float64], reference: NDArray[np.float64], methodology: Methodology
) -> NDArray[np.float64]:
    """Return the aligned loadings of the replicates that converge, shape (R, K, F)."""
    fits = []
    for r in correlations:
        try:
            fits.append(align_to(reference, _fit(r, methodology).loadings))
        except StatisticsError:
            continue
    return np.array(fits).reshape(-1, *reference.shape)


def _assemble(
    solution: Solution,
    replicates: NDArray[np.float64],
    *,
    sample: _Sample,
    methodology: Methodology,
) -> ExploratoryModel:
    settings = methodology.factors
    return ExploratoryModel(
        loadings=_tabulate_loadings(solution.loadings, replicates, methodology),
        communalities=_tabulate_communalities(solution, methodology),
        factor_correlations=_tabulate_correlations(solution.phi),
        variance=_tabulate_variance(solution, methodology),
        eigenvalues=np.linalg.eigvalsh(sample.r)[::-1].astype(np.float64),
        method=settings.method,
        rotation=settings.rotation,
        missing=methodology.missing_answers.correlations,
        n_factors=settings.n_factors,
        n=sample.n,
        replicates=len(replicates),
        level=methodology.intervals.level,
    )


def _name_factors(n_factors: int) -> list[str]:
    return [f"F{number}" for number in range(1, n_factors + 1)]


def _tabulate_loadings(
    loadings: NDArray[np.float64], replicates: NDArray[np.float64], methodology: Methodology
) -> pd.DataFrame:
    n_items, n_factors = loadings.shape
    low, high = compute_percentile_interval(replicates, methodology.intervals.level)
    keys = methodology.indicator_keys
    return pd.DataFrame(
        {
            "indicator": np.repeat(keys, n_factors),
            "group": np.repeat([methodology.group_of(key) for key in keys], n_factors),
            "factor": np.tile(_name_factors(n_factors), n_items),
            "estimate": loadings.ravel(),
            "ci_low": low.ravel(),
            "ci_high": high.ravel(),
        }
    )


def _tabulate_communalities(solution: Solution, methodology: Methodology) -> pd.DataFrame:
    communality = np.sum((solution.loadings @ solution.phi) * solution.loadings, axis=1)
    return pd.DataFrame(
        {
            "indicator": methodology.indicator_keys,
            "communality": communality,
            "uniqueness": 1 - communality,
        }
    )


def _tabulate_correlations(phi: NDArray[np.float64]) -> pd.DataFrame:
    names = _name_factors(len(phi))
    return pd.DataFrame(
        {
            "factor": np.repeat(names, len(names)),
            "other": np.tile(names, len(names)),
            "estimate": phi.ravel(),
        }
    )


def _tabulate_variance(solution: Solution, methodology: Methodology) -> pd.DataFrame:
    loadings, phi = solution.loadings, solution.phi
    ss_loadings = np.diag(phi @ loadings.T @ loadings)
    best = compute_group_squares(loadings, find_membership(methodology)).argmax(axis=0)
    return pd.DataFrame(
        {
            "factor": _name_factors(len(phi)),
            "matched_group": [methodology.group_keys[group] for group in best],
            "ss_loadings": ss_loadings,
            "share": ss_loadings / len(loadings),
        }
    )
