"""Parts of n sources in a quantity that is known for every subset of them: Shapley values.

Subsets are numbered by bits: source j is in subset u where bit j of u is set.
"""

from __future__ import annotations

from math import factorial
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def make_shapley_matrix(n: int) -> NDArray[np.float64]:
    r"""Return the matrix that turns values of all subsets into parts of the sources.

    Parameters
    ----------
    n : int
        Sources.

    Returns
    -------
    ndarray of shape (n, 2**n)

    Notes
    -----
    :math:`\phi_i = \sum_{u \not\ni i} \frac{|u|!\,(n - |u| - 1)!}{n!} (v_{u \cup i} - v_u)`: what
    the source adds to those before it, on average over all orders. Parts sum to the value of all
    sources less that of none.

    References
    ----------
    Owen A. B. Sobol' indices and Shapley value. SIAM/ASA Journal on Uncertainty Quantification,
    2014, 2(1), 245-251. doi:10.1137/130936233

    Examples
    --------
    >>> make_shapley_matrix(2).tolist()
    [[-0.5, 0.5, -0.5, 0.5], [-0.5, -0.5, 0.5, 0.5]]
    """
    matrix = np.zeros((n, 2**n))
    for source in range(n):
        for subset in range(2**n):
            if subset >> source & 1:
                continue
            size = subset.bit_count()
            share = factorial(size) * factorial(n - size - 1) / factorial(n)
            matrix[source, subset | 1 << source] += share
            matrix[source, subset] -= share
    return matrix


def measure_unexplained(runs: NDArray[np.float64]) -> NDArray[np.float64]:
    r"""Estimate what of the variance is left when the sources of a subset are known.

    Parameters
    ----------
    runs : ndarray of shape (2**n, ...)
        Run s takes source j from the second of two independent points where bit j of s is set,
        else from the first.

    Returns
    -------
    ndarray of the same shape
        Place u: :math:`E\,Var(Y \mid X_u)`, 0 for all sources, the variance for none.

    Notes
    -----
    Two runs that share the sources of u, and no other, have
    :math:`\tfrac12 E (Y - Y')^2 = E\,Var(Y \mid X_u)` (Jansen 1999), whatever the mean; the mean of
    all such pairs is taken. One pair of points gives an unbiased estimate of every subset, so the
    parts of :func:`make_shapley_matrix`, of the negatives, are unbiased and sum to that of the
    variance exactly.
    """
    places = np.arange(len(runs))
    everything = len(runs) - 1
    unexplained = np.empty_like(runs)
    for subset in range(len(runs)):
        partner = places ^ (everything & ~subset)
        unexplained[subset] = ((runs - runs[partner]) ** 2).mean(axis=0) / 2
    return unexplained
