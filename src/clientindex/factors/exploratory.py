"""The exploratory model straight from counts, from Pearson correlations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.counts import compute_correlation, read_seed
from clientindex.factors.centre_sums import compute_centre_sums, find_obstacle, resample_sums
from clientindex.factors.exploration import fit_exploratory as fit_sample
from clientindex.factors.sample import FactorSample
from clientindex.factors.suitability import STAGE, find_indefinite, select_definite

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np

    from clientindex.counts import PairCounts
    from clientindex.methodology import Methodology
    from clientindex.results import ExploratoryModel, Unavailable


def fit_exploratory(
    counts: PairCounts,
    methodology: Methodology,
    *,
    strata: Mapping[str, str],
    seed: np.random.SeedSequence,
) -> ExploratoryModel | Unavailable:
    """Draw Pearson correlations with their bootstrap and fit the exploratory model to them."""
    centre_sums = compute_centre_sums(counts, methodology)
    if (obstacle := find_obstacle(centre_sums, stage=STAGE)) is not None:
        return obstacle
    total = centre_sums.sums.total()
    r = compute_correlation(total)
    if (obstacle := find_indefinite(r)) is not None:
        return obstacle
    n_drawn = methodology.intervals.bootstrap_replicates
    sums = resample_sums(centre_sums, strata=strata, n_replicates=n_drawn, seed=seed)
    sample = FactorSample(
        counts=counts.sum_over("segment", "period", "channel"),
        regions=tuple(strata[centre] for centre in centre_sums.centres),
        correlations={"pearson": r},
        replicates={"pearson": select_definite(compute_correlation(sums))},
        n_drawn=n_drawn,
        moments={},
        n=int(total.n.min()),
        seed=read_seed(seed),
    )
    settings = methodology.factors.model_copy(update={"correlations": "pearson"})
    return fit_sample(sample, methodology.model_copy(update={"factors": settings}))
