"""Closed forms of a correlation matrix: Kaiser-Meyer-Olkin, Bartlett, multiple correlations.

factor_analyzer's versions need complete raw answers; these need the correlation matrix alone, so
missing answers follow the methodology, polychoric correlations do as well as Pearson's, and every
bootstrap replicate costs one small inverse.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.special import chdtrc

if TYPE_CHECKING:
    from numpy.typing import NDArray


def compute_sampling_adequacy(
    r: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Compute the Kaiser-Meyer-Olkin measure, overall and per indicator.

    With partial correlations ``p_ij = -v_ij / sqrt(v_ii v_jj)``, ``V`` the inverse of ``R``,
    ``MSA_i = sum_j r_ij^2 / (sum_j r_ij^2 + sum_j p_ij^2)`` over ``j != i``; overall the same with
    sums over all pairs. Agrees with R ``psych::KMO`` to 1e-9 and with factor_analyzer's
    ``calculate_kmo`` on complete data.

    Parameters
    ----------
    r : ndarray of shape (..., K, K)
        Positive definite correlation matrices, K at least 2.

    Returns
    -------
    kmo : ndarray of shape (...)
    msa : ndarray of shape (..., K)
        NaN where all correlations in question are exactly 0.

    References
    ----------
    Kaiser H. F., Rice J. Little Jiffy, Mark IV. Educational and Psychological Measurement, 1974,
    34(1), 111-117. doi:10.1177/001316447403400115
    """
    inverse = np.linalg.inv(r)
    scale = np.sqrt(np.diagonal(inverse, axis1=-2, axis2=-1))
    partial = inverse / (scale[..., :, None] * scale[..., None, :])
    others = ~np.eye(r.shape[-1], dtype=bool)
    r2 = np.sum(r**2, axis=-1, where=others)
    p2 = np.sum(partial**2, axis=-1, where=others)
    with np.errstate(invalid="ignore"):
        return r2.sum(axis=-1) / (r2.sum(axis=-1) + p2.sum(axis=-1)), r2 / (r2 + p2)


def compute_bartlett(r: NDArray[np.float64], n: int) -> tuple[float, int, float]:
    """Compute Bartlett's test of sphericity.

    ``chi2 = -(n - 1 - (2K + 5) / 6) ln det R`` with ``K (K - 1) / 2`` degrees of freedom. It
    treats respondents as independent and is reported for comparability only. Agrees with R
    ``psych::cortest.bartlett`` to 1e-9.

    Parameters
    ----------
    r : ndarray of shape (K, K)
    n : int
        Respondents; with pairwise correlations the smallest number behind any of them.

    Returns
    -------
    chi2 : float
    df : int
    p : float

    References
    ----------
    Bartlett M. S. The effect of standardization on a chi-square approximation in factor analysis.
    Biometrika, 1951, 38(3/4), 337-344. doi:10.2307/2332580
    """
    n_items = len(r)
    chi2 = -(n - 1 - (2 * n_items + 5) / 6) * float(np.linalg.slogdet(r)[1])
    df = n_items * (n_items - 1) // 2
    return chi2, df, float(chdtrc(df, chi2))


def compute_smc(r: NDArray[np.float64]) -> NDArray[np.float64]:
    """Compute squared multiple correlations: what the others predict of each indicator's variance.

    ``1 - 1 / v_ii`` with ``V`` the inverse of ``R``, a lower bound of the communality. Agrees with
    R ``psych::smc`` to 1e-9.

    Parameters
    ----------
    r : ndarray of shape (..., K, K)
        Positive definite correlation matrices.

    Returns
    -------
    ndarray of shape (..., K)

    References
    ----------
    Guttman L. "Best possible" systematic estimates of communalities. Psychometrika, 1956, 21(3),
    273-285. doi:10.1007/BF02289137
    """
    smc: NDArray[np.float64] = 1 - 1 / np.diagonal(np.linalg.inv(r), axis1=-2, axis2=-1)
    return smc
