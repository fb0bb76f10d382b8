"""Cronbach's alpha, raw and standardised, and the standard error of measurement."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

SUM_VARIANCE_FLOOR = 1e-10
"""Smallest variance of the sum, as a share of the sum of variances, that counts as variance.

Answers that always add up to the same total leave less by cancellation, of either sign.
"""


def compute_cronbach(cov: NDArray[np.float64]) -> NDArray[np.float64]:
    """Compute Cronbach's alpha from covariance matrices.

    ``alpha = k / (k - 1) (1 - tr S / sum S)``. Equals the estimate of
    ``pingouin.cronbach_alpha`` and ``raw_alpha`` of R ``psych::alpha`` to 1e-12.

    Parameters
    ----------
    cov : ndarray of shape (..., k, k)
        Covariances of k >= 2 keyed indicators. Polychoric correlations give ordinal alpha.

    Returns
    -------
    ndarray of shape (...)
        NaN where the variance of the sum is not positive (up to `SUM_VARIANCE_FLOOR`).

    References
    ----------
    Cronbach L. J. Coefficient alpha and the internal structure of tests. Psychometrika, 1951,
    16(3), 297-334. doi:10.1007/BF02310555
    """
    k = cov.shape[-1]
    total = cov.sum(axis=(-2, -1))
    trace = np.trace(cov, axis1=-2, axis2=-1)
    positive = total > SUM_VARIANCE_FLOOR * trace
    share = trace / np.where(positive, total, 1.0)
    return np.where(positive, k / (k - 1) * (1 - share), np.nan)


def compute_standardised_alpha(r: NDArray[np.float64]) -> NDArray[np.float64]:
    """Compute alpha of standardised indicators: that of correlations, ``k r / (1 + (k - 1) r)``.

    With r the mean correlation; ``std.alpha`` of R ``psych::alpha``.

    Parameters
    ----------
    r : ndarray of shape (..., k, k)
    """
    return compute_cronbach(r)


def compute_error_of_measurement(
    cov: NDArray[np.float64], reliability: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Compute the standard error of measurement of the mean of k indicators.

    ``sqrt(sum S (1 - reliability)) / k``, in the units of an answer; NaN where reliability is.

    Parameters
    ----------
    cov : ndarray of shape (..., k, k)
    reliability : ndarray of shape (...)
    """
    k = cov.shape[-1]
    error = cov.sum(axis=(-2, -1)) * (1 - reliability)
    return np.asarray(np.sqrt(np.maximum(error, 0.0)) / k)
