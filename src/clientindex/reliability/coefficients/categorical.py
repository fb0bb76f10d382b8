r"""Green and Yang's reliability of a sum of answers in categories.

Ordinal alpha and the omega of latent responses describe variables that nobody has observed. The sum
of the answers themselves has the reliability of Green and Yang: answers of two parallel
questionnaires share the factor, so their latent responses correlate :math:`\lambda_i \lambda_j`,
while answers of one correlate by their polychoric correlations,

.. math:: \omega = \frac{\sum_{ij} \sum_{ab} [\Phi_2(\tau_{ia}, \tau_{jb}, \lambda_i \lambda_j)
          - \Phi(\tau_{ia}) \Phi(\tau_{jb})]}{\sum_{ij} \sum_{ab} [\Phi_2(\tau_{ia}, \tau_{jb},
          \rho_{ij}) - \Phi(\tau_{ia}) \Phi(\tau_{jb})]},

with :math:`\Phi_2(\tau_{ia}, \tau_{ib}, 1) = \Phi(\min(\tau_{ia}, \tau_{ib}))`. The sums over
categories come from Mehler's series, whose terms fall apart into one factor an indicator (see
:mod:`clientindex.factors.polychoric.mehler`). With :math:`f_{in}` the n-th factor of an indicator,
summed over its categories, the numerator falls apart further,

.. math:: \sum_{ij} \sum_n (\lambda_i \lambda_j)^n f_{in} f_{jn}
          = \sum_n \Big(\sum_i \lambda_i^n f_{in}\Big)^2,

so a replicate of 20 indicators takes some 20,000 products instead of 13,000 bivariate normal
probabilities.

References
----------
Green S. B., Yang Y. Reliability of summed item scores using structural equation modeling: an
alternative to coefficient alpha. Psychometrika, 2009, 74(1), 155-167. doi:10.1007/s11336-008-9099-3
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from clientindex.compiled import njit
from clientindex.factors.polychoric import mehler
from clientindex.factors.polychoric.mehler import (
    TERMS,
    VECTOR,
    count_terms,
    fill_factors,
    fill_powers,
)
from clientindex.factors.polychoric.normal import bivariate_cdf, normal_cdf
from clientindex.threads import get_threads, map_in_threads

if TYPE_CHECKING:
    from numpy.typing import NDArray

LARGEST = 1 - 1e-9

SERIES_LARGEST = mehler.LARGEST


def compute_categorical_omega(
    cuts: NDArray[np.float64], rho: NDArray[np.float64], loadings: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Compute the reliability of the sum of answers 1, 2, ... of k indicators.

    Parameters
    ----------
    cuts : ndarray of shape (B, k, C + 1)
        Cut points with infinite ends.
    rho : ndarray of shape (B, k, k)
        Polychoric correlations.
    loadings : ndarray of shape (B, k)
        Of the one factor behind the latent responses.

    Returns
    -------
    ndarray of shape (B,)
        NaN where a loading is.
    """
    blocks = np.array_split(np.arange(len(cuts)), min(get_threads(), len(cuts)))
    parts = map_in_threads(lambda at: _compute(cuts[at], rho[at], loadings[at]), blocks)
    return np.concatenate(parts)


@njit(nogil=True)
def _compute(
    cuts: NDArray[np.float64], rho: NDArray[np.float64], loadings: NDArray[np.float64]
) -> NDArray[np.float64]:
    found, powers = np.empty(len(cuts)), np.empty(TERMS)
    for b in range(len(cuts)):
        factors = _sum_factors(cuts[b], _count_most_terms(rho[b], loadings[b]))
        total = 0.0
        for i in range(len(factors)):
            total += _vary(cuts[b, i])
            for j in range(i):
                total += 2 * _covary(cuts[b], factors, i, j, rho[b, i, j], powers)
        true = _sum_true(cuts[b], factors, loadings[b], powers)
        found[b] = true / total if total > 0 else np.nan
    return found


@njit(nogil=True)
def _count_most_terms(rho: NDArray[np.float64], loadings: NDArray[np.float64]) -> int:
    """Return how many terms the correlations of a matrix and of its model take at most."""
    largest = min((loadings**2).max(), SERIES_LARGEST)
    for i in range(len(rho)):
        for j in range(i):
            if abs(rho[i, j]) <= SERIES_LARGEST:
                largest = max(largest, abs(rho[i, j]))
    return (count_terms(largest) + VECTOR - 1) // VECTOR * VECTOR


@njit(nogil=True)
def _sum_factors(cuts: NDArray[np.float64], n_terms: int) -> NDArray[np.float64]:
    """Return the factors of every indicator summed over its categories, shape (k, n_terms)."""
    own = np.empty((cuts.shape[1], n_terms))
    factors = np.zeros((len(cuts), n_terms))
    for i in range(len(cuts)):
        fill_factors(cuts[i], own)
        for c in range(len(own)):
            for n in range(n_terms):
                factors[i, n] += own[c, n]
    return factors


@njit(nogil=True)
def _sum_true(
    cuts: NDArray[np.float64],
    factors: NDArray[np.float64],
    loadings: NDArray[np.float64],
    powers: NDArray[np.float64],
) -> float:
    """Return the sum of the covariances of answers to two parallel questionnaires."""
    k, n_terms = factors.shape
    if (loadings**2).max() <= SERIES_LARGEST:
        shared = np.zeros(n_terms)
        for i in range(k):
            power = 1.0
            for n in range(n_terms):
                power *= loadings[i]
                shared[n] += power * factors[i, n]
        return float((shared**2).sum())
    value = 0.0
    for i in range(k):
        for j in range(k):
            value += _covary(cuts, factors, i, j, loadings[i] * loadings[j], powers)
    return value


@njit(nogil=True)
def _vary(cuts: NDArray[np.float64]) -> float:
    """Return the variance of one answer, from the probabilities below its cut points."""
    below = np.empty(len(cuts))
    for a in range(len(cuts)):
        below[a] = normal_cdf(cuts[a])
    value = 0.0
    for a in range(1, len(cuts) - 1):
        for b in range(1, len(cuts) - 1):
            value += min(below[a], below[b]) - below[a] * below[b]
    return value


@njit(nogil=True, fastmath={"reassoc", "contract"})
def _covary(
    cuts: NDArray[np.float64],
    factors: NDArray[np.float64],
    i: int,
    j: int,
    rho: float,
    powers: NDArray[np.float64],
) -> float:
    """Return the covariance of two answers whose latent responses correlate by rho.

    `powers`, shape (TERMS,), is room to work in.
    """
    if abs(rho) > SERIES_LARGEST:
        return _integrate(cuts[i], cuts[j], rho)
    value = 0.0
    for n in range(fill_powers(rho, powers)):
        value += powers[n] * factors[i, n] * factors[j, n]
    return value


@njit(nogil=True)
def _integrate(one: NDArray[np.float64], other: NDArray[np.float64], rho: float) -> float:
    """Return the covariance from bivariate normal probabilities."""
    value = 0.0
    for a in range(1, len(one) - 1):
        for b in range(1, len(other) - 1):
            h, k = one[a], other[b]
            joint = (
                normal_cdf(min(h, k)) if rho > LARGEST else bivariate_cdf(h, k, max(rho, -LARGEST))
            )
            value += joint - normal_cdf(h) * normal_cdf(k)
    return value
