r"""Green and Yang's reliability of a sum of answers in categories.

Ordinal alpha and the omega of latent responses describe variables that nobody has observed. The sum
of the answers themselves has the reliability of Green and Yang: answers of two parallel
questionnaires share the factor, so their latent responses correlate :math:`\lambda_i \lambda_j`,
while answers of one correlate by their polychoric correlations,

.. math:: \omega = \frac{\sum_{ij} \sum_{ab} [\Phi_2(\tau_{ia}, \tau_{jb}, \lambda_i \lambda_j)
          - \Phi(\tau_{ia}) \Phi(\tau_{jb})]}{\sum_{ij} \sum_{ab} [\Phi_2(\tau_{ia}, \tau_{jb},
          \rho_{ij}) - \Phi(\tau_{ia}) \Phi(\tau_{jb})]},

with :math:`\Phi_2(\tau_{ia}, \tau_{ib}, 1) = \Phi(\min(\tau_{ia}, \tau_{ib}))`. The sums over
categories come from Mehler's series, whose terms fall apart into one factor an indicator:

.. math:: \sum_{ab} [\Phi_2(\tau_{ia}, \tau_{jb}, \rho) - \Phi(\tau_{ia}) \Phi(\tau_{jb})]
          = \sum_{n \ge 1} \rho^n g_{in} g_{jn},
          \quad g_{in} = \sum_a He_{n-1}(\tau_{ia}) \varphi(\tau_{ia}) / \sqrt{n!}

with Hermite polynomials He; so a replicate of 20 indicators takes 34,000 products instead of 13,000
bivariate normal probabilities.

References
----------
Green S. B., Yang Y. Reliability of summed item scores using structural equation modeling: an
alternative to coefficient alpha. Psychometrika, 2009, 74(1), 155-167. doi:10.1007/s11336-008-9099-3
Kibble W. F. An extension of a theorem of Mehler's on Hermite polynomials. Mathematical Proceedings
of the Cambridge Philosophical Society, 1945, 41(1), 12-15. doi:10.1017/S0305004100022313
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from clientindex.factors.polychoric.normal import bivariate_cdf, normal_cdf

if TYPE_CHECKING:
    from numpy.typing import NDArray

LARGEST = 1 - 1e-9

SERIES_LARGEST = 0.88
"""Largest correlation, in absolute value, for which the series is summed; larger ones take the
probabilities themselves."""

TERMS = 256
"""Of the series: 0.88 to this power, over 1 - 0.88, is 5e-14."""

SMALLEST_POWER = 1e-15
FARTHEST = 38.0
"""Cut points beyond have no normal density left."""

THREADS = 2
"""Replicates are split over so many threads; results do not depend on it."""


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
    blocks = np.array_split(np.arange(len(cuts)), min(THREADS, len(cuts)))
    with ThreadPoolExecutor(len(blocks)) as pool:
        parts = pool.map(lambda at: _compute(cuts[at], rho[at], loadings[at]), blocks)
        return np.concatenate(list(parts))


@njit(cache=True, nogil=True)
def _compute(
    cuts: NDArray[np.float64], rho: NDArray[np.float64], loadings: NDArray[np.float64]
) -> NDArray[np.float64]:
    found = np.empty(len(cuts))
    k = cuts.shape[1]
    factors = np.empty((k, TERMS))
    for b in range(len(cuts)):
        for i in range(k):
            _expand(cuts[b, i], factors[i])
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
def _expand(cuts: NDArray[np.float64], factors: NDArray[np.float64]) -> None:
    """Write the factors g of Mehler's series, by the recurrence of Hermite polynomials."""
    factors[:] = 0.0
    for a in range(1, len(cuts) - 1):
        tau = cuts[a]
        if abs(tau) > FARTHEST:
            continue
        before, here = 0.0, np.exp(-0.5 * tau * tau) / np.sqrt(2 * np.pi)
        factors[0] += here
        for n in range(1, TERMS):
            after = (tau * here - (n - 1) / np.sqrt(n) * before) / np.sqrt(n + 1)
            before, here = here, after
            factors[n] += here


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
    for n in range(TERMS):
        value += power * factors[n] * others[n]
        power *= rho
        if abs(power) < SMALLEST_POWER:
            break
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
