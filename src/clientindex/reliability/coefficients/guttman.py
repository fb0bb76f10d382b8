"""Guttman's lower bounds of reliability.

Lambda 3 is alpha and lambda 4 the largest split half, which have files of their own.

References
----------
Guttman L. A basis for analyzing test-retest reliability. Psychometrika, 1945, 10(4), 255-282.
doi:10.1007/BF02288892
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from clientindex.reliability.coefficients.alpha import SUM_VARIANCE_FLOOR

if TYPE_CHECKING:
    from numpy.typing import NDArray

SMALLEST_EIGENVALUE = 1e-10
"""Of correlations: squared multiple correlations of a matrix nearer to singular mean nothing."""


def compute_guttman(cov: NDArray[np.float64]) -> dict[str, NDArray[np.float64]]:
    """Compute lambda 1, 2, 5 and 6 from covariance matrices.

    With V the variance of the sum and C the sum of covariances: ``l1 = C / V``,
    ``l2 = (C + sqrt(k / (k - 1) sum c_ij^2)) / V``, ``l5 = l1 + 2 sqrt(max_j sum_i c_ij^2) / V``,
    ``l6 = 1 - sum e_j / V`` with ``e_j`` the variance of an indicator that the others do not
    explain. Agrees with R ``psych::guttman`` on correlations.

    Parameters
    ----------
    cov : ndarray of shape (..., k, k)

    Returns
    -------
    dict
        "lambda_1", "lambda_2", "lambda_5", "lambda_6", each of shape (...); NaN where the variance
        of the sum is not positive, and lambda 6 where the matrix is singular.
    """
    k = cov.shape[-1]
    total = cov.sum(axis=(-2, -1))
    trace = np.trace(cov, axis1=-2, axis2=-1)
    total = np.where(total > SUM_VARIANCE_FLOOR * trace, total, np.nan)
    hollow = cov * ~np.eye(k, dtype=bool)
    squares = (hollow**2).sum(axis=-1)
    first = 1 - trace / total
    return {
        "lambda_1": np.asarray(first),
        "lambda_2": np.asarray(first + np.sqrt(k / (k - 1) * squares.sum(axis=-1)) / total),
        "lambda_5": np.asarray(first + 2 * np.sqrt(squares.max(axis=-1)) / total),
        "lambda_6": np.asarray(1 - _sum_unexplained(cov) / total),
    }


def _sum_unexplained(cov: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the sum of variances that the other indicators do not explain."""
    k = cov.shape[-1]
    sd = np.sqrt(np.diagonal(cov, axis1=-2, axis2=-1))
    positive = np.asarray((sd > 0).all(axis=-1))
    safe = np.where(positive[..., None], sd, 1.0)
    r = np.where(
        positive[..., None, None], cov / (safe[..., :, None] * safe[..., None, :]), np.eye(k)
    )
    regular = positive & (np.linalg.eigvalsh(r)[..., 0] > SMALLEST_EIGENVALUE)
    inverse = np.linalg.inv(np.where(regular[..., None, None], r, np.eye(k)))
    unexplained = (sd**2 / np.diagonal(inverse, axis1=-2, axis2=-1)).sum(axis=-1)
    return np.where(regular, unexplained, np.nan)
