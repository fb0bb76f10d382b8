"""Weights on the simplex from uniform numbers, a fixed number of them a weight.

Inverse distribution functions rather than rejection: any draw can be found without those before it,
so blocks and workers do not matter.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.special import gammaincinv, gammaln

if TYPE_CHECKING:
    from numpy.typing import NDArray

LEAST_UNIFORM = 2.0**-54
"""Stands for a uniform number of 0, half the step between uniform numbers."""

TINY_GAMMA = 1e-200
"""Smaller gamma quantiles come from the first term of their series, exact there to all digits."""

LEAST_LOG = -460.0
"""Logarithm of the least share of the largest weight in a row: a weight that is drawn is not 0, as
weights of 0 ask for no answers."""


def draw_simplex(varied: NDArray[np.bool_], uniform: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return exponential numbers, shape (B, K); 0 where nothing is varied, shape (K,).

    Divided by their sum they are uniform on the simplex.
    """
    return np.where(varied, -np.log1p(-np.maximum(uniform, LEAST_UNIFORM)), 0.0)


def draw_dirichlet(shape: NDArray[np.float64], uniform: NDArray[np.float64]) -> NDArray[np.float64]:
    r"""Return gamma quantiles up to a factor common to the row; 0 for a shape of 0.

    Divided by their sum over any of the columns they are Dirichlet.

    Parameters
    ----------
    shape : ndarray of shape (K,)
        Parameters of the distribution, :math:`\alpha`.
    uniform : ndarray of shape (B, K)
        In [0, 1).

    Returns
    -------
    ndarray of shape (B, K)

    Notes
    -----
    Near 0 the distribution function is :math:`x^\alpha / \Gamma(\alpha + 1)`, and its inverse is
    found in logarithms, which do not underflow for small shapes.

    References
    ----------
    Devroye L. Non-uniform random variate generation. Springer, 1986, chapter XI.4.
    doi:10.1007/978-1-4613-8643-8
    """
    positive = np.where(shape > 0, shape, 1.0)
    u = np.maximum(uniform, LEAST_UNIFORM)
    quantile = gammaincinv(positive, u)
    with np.errstate(divide="ignore"):
        near_zero = (np.log(u) + gammaln(positive + 1)) / positive
        logs = np.where(quantile < TINY_GAMMA, near_zero, np.log(quantile))
    logs = np.where(shape > 0, logs, -np.inf)
    largest = logs.max(axis=1, keepdims=True)
    relative = np.maximum(logs - np.where(np.isfinite(largest), largest, 0.0), LEAST_LOG)
    return np.where(shape > 0, np.exp(relative), 0.0)
