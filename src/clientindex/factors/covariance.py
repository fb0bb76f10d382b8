"""Means and covariances of keyed answers over all centres, with centres' influence."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from clientindex.factors.moments import SampleMoments

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from clientindex.counts import PairSums
    from clientindex.factors.centre_sums import CentreSums


def compute_linear_moments(centre_sums: CentreSums) -> SampleMoments:
    r"""Compute means and covariances with the influence of every centre.

    With sums over the respondents who answered both indicators, ``cov_ij = q_ij / n_ij - m_ij
    m_ji`` (n in the denominator), where ``m_ij`` is the mean of i among them. A centre moves a
    mean by ``(s_g - n_g m) / n`` and a covariance by its own cross-products about those means,
    ``sum_g (x_i - m_ij)(x_j - m_ji) / n_ij``, less its share of the covariance. With one respondent
    a centre and complete answers the covariance of these is the asymptotically distribution-free
    one (Browne 1984).

    Missing answers: as the sums were made, pairwise or of complete rows.
    """
    sums, total = centre_sums.sums, centre_sums.sums.total()
    mean = total.s / total.n
    covariance = total.q / total.n - mean * mean.T
    crosses = sums.q - sums.s * mean.T - np.swapaxes(sums.s, 1, 2) * mean + sums.n * mean * mean.T
    moved = (crosses - sums.n * covariance) / total.n
    size = len(centre_sums.indicators)
    upper = np.triu_indices(size)
    return SampleMoments(
        kind="covariance",
        indicators=centre_sums.indicators,
        centres=centre_sums.centres,
        n=float(total.n.min()),
        means=np.diag(mean).copy(),
        matrix=covariance,
        thresholds=(),
        influence=np.concatenate([_move_means(sums, total), moved[:, upper[0], upper[1]]], axis=1),
    )


def _move_means(sums: PairSums, total: PairSums) -> NDArray[np.float64]:
    own_n = np.diagonal(sums.n, axis1=1, axis2=2)
    own_s = np.diagonal(sums.s, axis1=1, axis2=2)
    n = np.diag(total.n)
    return np.asarray((own_s - own_n * np.diag(total.s) / n) / n)
