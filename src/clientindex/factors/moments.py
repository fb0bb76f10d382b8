"""`SampleMoments`: what a factor model is fitted to, with the influence of every centre on it.

The influence of a centre on a mean, covariance, threshold or polychoric correlation is linear in
that centre's counts. The sum of outer products of influences is therefore the covariance matrix of
the statistics, robust to any dependence among the respondents of a centre, and needs no respondent.
Independent respondents are the special case of one respondent a centre: then it is the asymptotic
covariance matrix that lavaan calls ``NACOV / n``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from clientindex.factors.triangle import upper_triangle

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SampleMoments:
    """Sample statistics of K indicators in one group of respondents from C centres.

    Statistics stand in a fixed order. Kind "covariance": K means, then K (K + 1) / 2 covariances
    in the order of ``numpy.triu_indices(K)``. Kind "polychoric": thresholds by indicator, then
    K (K - 1) / 2 correlations in the order of ``numpy.triu_indices(K, 1)``. Reverse-keyed
    indicators are turned round.

    Attributes
    ----------
    kind : {"covariance", "polychoric"}
    indicators : tuple of str
        K keys.
    centres : tuple of str
        C keys, the rows of `influence`.
    n : float
        Respondents; with pairwise statistics the smallest number behind any of them.
    means : ndarray of shape (K,)
        Zeros for polychorics.
    matrix : ndarray of shape (K, K)
        Covariances with n in the denominator (as maximum likelihood wants them), or polychoric
        correlations (smoothed where needed).
    thresholds : tuple of K ndarrays of shape (categories - 1,)
        Empty tuple for covariances.
    influence : ndarray of shape (C, S)
        Contribution of each centre to the error of each statistic; rows sum to about zero.
    """

    kind: Literal["covariance", "polychoric"]
    indicators: tuple[str, ...]
    centres: tuple[str, ...]
    n: float
    means: NDArray[np.float64]
    matrix: NDArray[np.float64]
    thresholds: tuple[NDArray[np.float64], ...]
    influence: NDArray[np.float64]

    @property
    def statistics(self) -> NDArray[np.float64]:
        """The statistics in their fixed order, shape (S,)."""
        size = len(self.indicators)
        if self.kind == "covariance":
            return np.concatenate([self.means, self.matrix[upper_triangle(size)]])
        return np.concatenate([*self.thresholds, self.matrix[upper_triangle(size, 1)]])

    @property
    def n_statistics(self) -> int:
        """S."""
        size = len(self.indicators)
        if self.kind == "covariance":
            return size + size * (size + 1) // 2
        return sum(len(cuts) for cuts in self.thresholds) + size * (size - 1) // 2

    @property
    def covariance_of_statistics(self) -> NDArray[np.float64]:
        """Cluster-robust covariance matrix of the statistics, shape (S, S)."""
        return self.influence.T @ self.influence
