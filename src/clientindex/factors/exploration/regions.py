"""Factor congruence of every region with the country."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from clientindex.errors import StatisticsError
from clientindex.factors.exploration.extract import extract_stack
from clientindex.factors.exploration.model import STAGE, find_obstacle, make_plan
from clientindex.factors.exploration.newton import start_uniquenesses
from clientindex.factors.exploration.region_sample import sample_region
from clientindex.factors.exploration.solve import fit_plan
from clientindex.factors.intervals import compute_percentile_interval, find_unstable
from clientindex.factors.matching import compute_congruence
from clientindex.factors.rotation.starts import carry_start, find_transformation
from clientindex.results import RegionCongruence, Unavailable
from clientindex.results.base import INDEX

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from clientindex.factors.exploration.solve import Fitted, Plan
    from clientindex.factors.sample import FactorSample
    from clientindex.methodology import Methodology

REPLICATES = 100
"""Most bootstrap replicates a region: there are many regions, and the ends of a 95 % interval are
then known to a sixth of its length."""


def compare_regions(
    sample: FactorSample, methodology: Methodology, *, seed: np.random.SeedSequence
) -> RegionCongruence | Unavailable:
    """Compare the factors of every region with those of the country.

    The unrotated loadings of a region, with the country's number of factors and method, are turned
    to the country's by orthogonal Procrustes rotation (Schonemann 1966) and then expressed in the
    country's factors, oblique or not: the region is read on factors that correlate as in the
    country, and nothing but the direction of its axes is fitted. This is the rotation ``Q`` that
    makes ``tr D Phi D'`` of the differences ``D`` of pattern loadings smallest. A factor's
    congruence is Tucker's ``phi`` of its loadings in the region and in the country, which the
    region is a part of. Intervals are percentiles over the region's own centres, up to 100
    replicates; NaN for one centre, or where fewer than half of the replicates converge.

    Parameters
    ----------
    sample : FactorSample
    methodology : Methodology
        Gives the model, as in :func:`fit_exploratory`.
    seed : numpy.random.SeedSequence
        Not consumed.

    Returns
    -------
    RegionCongruence or Unavailable
        `factor` names the group that the country's factor matches, "index" for a general factor;
        factors that match no group are left out. Unavailable with reason ``one_region``,
        ``too_few_indicators``, ``too_many_factors`` or ``not_converged`` (of the country).

    References
    ----------
    Schonemann P. H. A generalized solution of the orthogonal Procrustes problem. Psychometrika,
    1966, 31(1), 1-10. doi:10.1007/BF02289451
    """
    names = sorted(set(sample.regions))
    if len(names) < 2:
        return Unavailable(stage=STAGE, reason="one_region")
    plan, basis = make_plan(methodology), methodology.factors.correlations
    if (obstacle := find_obstacle(len(sample.indicators), plan)) is not None:
        return obstacle
    seeds = np.random.SeedSequence(seed.entropy, spawn_key=seed.spawn_key).spawn(len(names))
    with threadpool_limits(limits=1):
        try:
            country = fit_plan(sample.correlations[basis], plan)
            find_transformation(country.extraction.loadings[0], country.solution.loadings)
        except StatisticsError:
            return Unavailable(stage=STAGE, reason="not_converged")
        parts = [
            _compare_region(sample, name, country, plan, methodology=methodology, seed=own)
            for name, own in zip(names, seeds, strict=True)
        ]
    return RegionCongruence(
        frame=_stack([part for part in parts if "reason" not in part], _FRAME),
        left_out=_stack([part for part in parts if "reason" in part], _LEFT_OUT),
        basis=basis,
        method="target",
        replicates=_count_replicates(methodology),
        level=methodology.intervals.level,
    )


_FRAME = ["region", "factor", "estimate", "ci_low", "ci_high", "n", "n_centres"]
_LEFT_OUT = ["region", "reason", "detail", "n", "n_centres"]


def _stack(parts: list[pd.DataFrame], columns: list[str]) -> pd.DataFrame:
    if not parts:
        return pd.DataFrame({name: [] for name in columns})
    return pd.concat(parts, ignore_index=True)[columns]


def _count_replicates(methodology: Methodology) -> int:
    return min(REPLICATES, methodology.intervals.bootstrap_replicates)


def _compare_region(
    sample: FactorSample,
    name: str,
    country: Fitted,
    plan: Plan,
    *,
    methodology: Methodology,
    seed: np.random.SeedSequence,
) -> pd.DataFrame:
    """Return rows for the frame, or a row with a ``reason`` for those left out."""
    counts = sample.counts.select(np.array(sample.regions) == name)
    about: dict[str, Any] = {
        "region": name,
        "n": int(counts.n.sum()),
        "n_centres": len(counts.units),
    }
    drawn = _count_replicates(methodology)
    rng = np.random.default_rng(seed)
    found = sample_region(counts, methodology, n_replicates=drawn, rng=rng)
    if isinstance(found, Unavailable):
        return pd.DataFrame([{**about, "reason": found.reason, "detail": found.detail}])
    estimate = compute_region_congruence(found.correlations[None], country, plan)
    if not len(estimate):
        return pd.DataFrame([{**about, "reason": "not_converged", "detail": ""}])
    low = high = np.full(plan.n_columns, np.nan)
    replicates = compute_region_congruence(found.replicates, country, plan)
    if find_unstable(len(replicates), drawn, stage=STAGE) is None:
        low, high = compute_percentile_interval(replicates, methodology.intervals.level)
    kept = country.groups >= 0
    kept[0] |= plan.has_general
    keys = np.array([*methodology.group_keys, INDEX])[country.groups]
    frame = pd.DataFrame({"factor": keys, "estimate": estimate[0], "ci_low": low, "ci_high": high})
    return frame[kept].assign(**about)


def compute_region_congruence(
    correlations: NDArray[np.float64], country: Fitted, plan: Plan
) -> NDArray[np.float64]:
    """Compute Tucker's congruence with the country for a stack of correlation matrices.

    Parameters
    ----------
    correlations : ndarray of shape (B, K, K)
        Positive definite.
    country : Fitted
    plan : Plan

    Returns
    -------
    ndarray of shape (B', F)
        Of the matrices whose model converges.
    """
    if not len(correlations):
        return np.empty((0, plan.n_columns))
    found = extract_stack(
        correlations,
        n_factors=plan.n_columns,
        method=plan.method,
        start=start_uniquenesses(correlations),
    )
    loadings = found.loadings[found.converged]
    unrotated, reference = country.extraction.loadings[0], country.solution.loadings
    transformation = find_transformation(unrotated, reference)
    turned = carry_start(unrotated, loadings, transformation)
    pattern = loadings @ np.swapaxes(np.linalg.inv(turned), 1, 2)
    return np.diagonal(compute_congruence(reference, pattern), axis1=1, axis2=2)
