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
:mod:`clientindex.factors.polychoric.mehler`): a replicate of 20 indicators takes some 34,000
products instead of 13,000 bivariate normal probabilities.

References
----------
Green S. B., Yang Y. Reliability of summed item scores using structural equation modeling: an
alternative to coefficient alpha. Psychometrika, 2009, 74(1), 155-167. doi:10.1007/s11336-008-9099-3
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from clientindex.factors.polychoric import mehler
from clientindex.factors.polychoric.mehler import TERMS, add_factors, count_terms
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


@njit(cache=True, nogil=True)
def _compute(
    cuts: NDArray[np.float64], rho: NDArray[np.float64], loadings: NDArray[np.float64]
) -> NDArray[np.float64]:
    found = np.empty(len(cuts))
    k = cuts.shape[1]
    factors = np.empty((k, TERMS))
    for b in range(len(cuts)):
        factors[:] = 0.0
        for i in range(k):
            for a in range(1, cuts.shape[2] - 1):
                add_factors(cuts[b, i, a], factors[i])
        true, total = 0.0, 0.0
        for i in range(k):
            for j in range(i, k):
                times = 1.0 if i == j else 2.0
                shared = loadings[b, i] * loadings[b, j]
                own = 1.0 if i == j else rho[b, i, j]
                true += times * _covary(cuts[b, i], cuts[b, j], factors[i], factors[j], shared)
                total += times * _covary(cuts[b, i], cuts[b, j], factors[i], factors[j], own)
        found[b] = true / total if total > 0 else np.nan
    return found


@njit(cache=True, nogil=True)
def _covary(
    one: NDArray[np.float64],
    other: NDArray[np.float64],
    factors: NDArray[np.float64],
    others: NDArray[np.float64],
    rho: float,
) -> float:
    """Return the covariance of two answers whose latent responses correlate by rho."""
    if abs(rho) > SERIES_LARGEST:
        return _integrate(one, other, rho)
    value, power = 0.0, rho
    for n in range(count_terms(rho)):
        value += power * factors[n] * others[n]
        power *= rho
    return value


@njit(cache=True, nogil=True)
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
