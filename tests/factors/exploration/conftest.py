"""Factor samples made by hand: Pearson correlations under the names of both kinds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from clientindex.counts import compute_correlation
from clientindex.factors.centre_sums import compute_centre_sums, resample_sums
from clientindex.factors.sample import FactorSample, select_definite

if TYPE_CHECKING:
    from collections.abc import Mapping

    from clientindex.counts import PairCounts
    from clientindex.methodology import Methodology

DrawSample = "Callable[[PairCounts, Methodology, Mapping[str, str]], FactorSample]"


def shrink(r: np.ndarray) -> np.ndarray:
    """Return correlations nearer to 0, as a second kind that differs from the first."""
    return np.where(np.eye(r.shape[-1], dtype=bool), 1.0, 0.9 * r)


@pytest.fixture(scope="session")
def draw_sample() -> DrawSample:
    def draw(
        counts: PairCounts, methodology: Methodology, strata: Mapping[str, str]
    ) -> FactorSample:
        sums = compute_centre_sums(counts, methodology)
        total = sums.sums.total()
        r = compute_correlation(total)
        n_drawn = methodology.intervals.bootstrap_replicates
        seed = np.random.SeedSequence(0)
        drawn = resample_sums(sums, strata=strata, n_replicates=n_drawn, seed=seed)
        replicates = select_definite(compute_correlation(drawn))
        return FactorSample(
            counts=counts.sum_over("segment", "period", "channel"),
            regions=tuple(strata[centre] for centre in sums.centres),
            correlations={"pearson": r, "polychoric": shrink(r)},
            replicates={"pearson": replicates, "polychoric": shrink(replicates)},
            n_drawn=n_drawn,
            moments={},
            n=int(total.n.min()),
            seed=0,
        )

    return draw
