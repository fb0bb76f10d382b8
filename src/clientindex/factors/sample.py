"""`FactorSample`: the correlations and their bootstrap, drawn once for every analysis."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

    from clientindex.counts import PairCounts
    from clientindex.factors.moments import SampleMoments

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
