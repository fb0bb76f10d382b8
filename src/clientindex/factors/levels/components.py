r"""Within- and between-centre covariances by moments, for unbalanced centres and gaps in answers.

For indicators i and j let :math:`n_c` respondents of centre c have answered both. With sums of
products within and between centres,

.. math:: W = \frac{\sum_c \sum_{r \in c} (x_i - \bar x_{ic})(x_j - \bar x_{jc})}{N - C}, \quad
          T = \frac{MS_B - W}{n_0}, \quad
          n_0 = \frac{1}{C - 1}\Big(N - \frac{\sum_c n_c^2}{N}\Big),

so that the sampling covariance of centre means, ``W / n_0``, is taken out of what lies between
them. On balanced complete data it is the MANOVA estimator, which REML gives there too.

References
----------
Searle S. R., Casella G., McCulloch C. E. Variance Components. Wiley, 1992, 3.6 and 11.7.
Muthén B. Multilevel covariance structure analysis. Sociological Methods & Research, 1994, 22(3),
376-398. doi:10.1177/0049124194022003006
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from clientindex.counts import PairSums


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LevelTerms:
    """What each of C centres adds to the sums of the two levels; leading axis C, then (K, K).

    Attributes
    ----------
    parts : ndarray of shape (7, C, K, K)
        Respondents, presence (0 or 1), squared respondents, products, products of sums by
        respondents, sums of i, sums of j.
    """

    parts: NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LevelCovariances:
    """Covariances of both levels; leading axes are free.

    Attributes
    ----------
    within, between : ndarray of shape (..., K, K)
        NaN where fewer than two centres or no centre with two respondents has the pair.
    size : ndarray of shape (..., K, K)
        n0, the effective number of respondents a centre.
    """

    within: NDArray[np.float64]
    between: NDArray[np.float64]
    size: NDArray[np.float64]

    @property
    def icc(self) -> NDArray[np.float64]:
        """ICC(1) of every indicator, shape (..., K)."""
        inside = np.diagonal(self.within, axis1=-2, axis2=-1)
        outside = np.diagonal(self.between, axis1=-2, axis2=-1)
        return np.asarray(outside / (inside + outside))


def read_terms(sums: PairSums) -> LevelTerms:
    """Read the terms of every centre from its sums (leading shape (C,))."""
    other = np.swapaxes(sums.s, 1, 2)
    present = sums.n > 0
    product = sums.s * other / np.where(present, sums.n, 1.0)
    return LevelTerms(
        parts=np.stack(
            [sums.n, present.astype(np.float64), sums.n**2, sums.q, product, sums.s, other]
        )
    )


def combine_terms(terms: LevelTerms, weights: NDArray[np.float64]) -> LevelCovariances:
    """Compute covariances with centres weighted.

    Parameters
    ----------
    weights : ndarray of shape (R, C) or (C,)
        How often each centre is taken.
    """
    return _solve(np.stack([np.tensordot(weights, part, axes=(-1, 0)) for part in terms.parts]))


def leave_one_out(terms: LevelTerms) -> LevelCovariances:
    """Compute covariances without each centre in turn, leading shape (C,)."""
    return _solve(terms.parts.sum(axis=1, keepdims=True) - terms.parts)


def _solve(totals: NDArray[np.float64]) -> LevelCovariances:
    n, centres, squares, products, means, first, second = totals
    with np.errstate(divide="ignore", invalid="ignore"):
        within = (products - means) / (n - centres)
        mean_square = (means - first * second / n) / (centres - 1)
        size = (n - squares / n) / (centres - 1)
        between = (mean_square - within) / size
    defined = (n > centres) & (centres > 1)
    return LevelCovariances(
        within=np.where(defined, within, np.nan),
        between=np.where(defined, between, np.nan),
        size=np.where(defined, size, np.nan),
    )


def to_correlations(covariances: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return correlations of covariances (..., K, K); NaN where a variance is not positive."""
    variances = np.diagonal(covariances, axis1=-2, axis2=-1)
    sd = np.sqrt(np.where(variances > 0, variances, np.nan))
    r = covariances / (sd[..., :, None] * sd[..., None, :])
    diagonal = np.arange(r.shape[-1])
    r[..., diagonal, diagonal] = np.where(np.isnan(sd), np.nan, 1.0)
    return np.asarray(r)
