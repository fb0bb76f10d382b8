"""What alpha and the index of a part of the data are made from, computed once for all rules."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from clientindex.counts import compute_centre_moments
from clientindex.reliability.centres.scores import score_centres
from clientindex.reliability.coefficients import compute_cronbach
from clientindex.reliability.draws import draw, find_obstacle
from clientindex.reliability.scopes import list_groups
from clientindex.results import INDEX

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
    index : ndarray of shape (C,)
        Of every centre, NaN where there is none.
    moments : CentreMoments
        What the index is made from.
    alphas : dict
        Of every group and the index: alpha of the sample and its replicates, shape (1 + R,), or the
        reason and detail why there is none.
    """

    scope: Scope
    index: NDArray[np.float64]
    moments: CentreMoments
    alphas: dict[str, NDArray[np.float64] | tuple[str, str]]

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
    groups = list_groups(methodology)
    groups[INDEX] = np.arange(len(methodology.indicator_keys))
    alphas = {name: _compute_alpha(draws, items, methodology) for name, items in groups.items()}
    return Measured(scope=scope, index=index, moments=moments, alphas=alphas)


def _compute_alpha(
    draws: Draws | None, items: NDArray[np.intp], methodology: Methodology
) -> NDArray[np.float64] | tuple[str, str]:
    """Return alpha of the sample and its replicates, or the reason and detail why there is none."""
    if draws is None:
        return "one_centre", ""
    if (obstacle := find_obstacle(draws.sums, items)) is not None:
        reason, culprits = obstacle
        return reason, ", ".join(methodology.indicator_keys[item] for item in culprits)
    found = compute_cronbach(np.nan_to_num(draws.cov[:, items[:, None], items]))
    return ("no_total_variance", "") if np.isnan(found[0]) else found
