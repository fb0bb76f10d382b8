"""What alpha and the index of a part of the data are made from, computed once for all rules."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from clientindex.counts import compute_centre_moments
from clientindex.reliability.centres.scores import score_centres
from clientindex.reliability.draws import draw

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from clientindex.counts import CentreMoments
    from clientindex.methodology import Methodology
    from clientindex.reliability.draws import Draws
    from clientindex.reliability.scopes import Scope


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Measured:
    """A part of the data as it is with or without some respondents.

    Attributes
    ----------
    scope : Scope
    draws : Draws or None
        Sums and their replicates; None with one centre.
    index : ndarray of shape (C,)
        Of every centre, NaN where there is none.
    moments : CentreMoments
        What the index is made from.
    """

    scope: Scope
    draws: Draws | None
    index: NDArray[np.float64]
    moments: CentreMoments

    @property
    def n(self) -> NDArray[np.int64]:
        """Respondents of every centre, shape (C,)."""
        return self.scope.counts.n


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Comparison:
    """A part of the data with everybody, and without those whom a rule flags."""

    before: Measured
    after: Measured
    n_removed: int


def measure(scope: Scope, methodology: Methodology, seed: np.random.SeedSequence) -> Measured:
    """Resample a part of the data, and compute the index of its centres."""
    moments = compute_centre_moments(scope.by_segment, methodology)
    segments = np.array([segment.weight for segment in methodology.segments])
    found = score_centres(moments, methodology.effective_weights, segments)
    index = np.full(len(scope.regions), np.nan)
    if found is not None:
        index[found.rows] = found.mean
    draws = draw(scope, methodology, seed)
    return Measured(scope=scope, draws=draws, index=index, moments=moments)
