"""Intervals of alpha for independent respondents, which clustering by centre makes too short.

They stand beside the bootstrap of centres because readers know them from other programs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtri
from scipy.stats import f as f_distribution

if TYPE_CHECKING:
    from numpy.typing import NDArray


def compute_feldt(alpha: float, *, n: int, k: int, level: float) -> tuple[float, float]:
    """Compute Feldt's interval for k essentially tau-equivalent indicators.

    ``1 - (1 - alpha) F`` with quantiles of F with n - 1 and (n - 1)(k - 1) degrees of freedom.

    Parameters
    ----------
    alpha : float
    n : int
        Independent respondents.
    k : int
    level : float

    References
    ----------
    Feldt L. S., Woodruff D. J., Salih F. A. Statistical inference for coefficient alpha. Applied
    Psychological Measurement, 1987, 11(1), 93-103. doi:10.1177/014662168701100107
    """
    if n < 2:
        return float("nan"), float("nan")
    tail = (1 - level) / 2
    df = (n - 1, (n - 1) * (k - 1))
    high, low = f_distribution.ppf([tail, 1 - tail], *df)
    return float(1 - (1 - alpha) * low), float(1 - (1 - alpha) * high)


def compute_duhachek(
    cov: NDArray[np.float64], alpha: float, *, n: int, level: float
) -> tuple[float, float, float]:
    """Compute the asymptotic standard error of alpha and its interval for normal indicators.

    ``se^2 = 2 k^2 / ((k - 1)^2 (1'S1)^3 n) (1'S1 (tr S^2 + tr^2 S) - 2 tr S 1'S^2 1)``, without
    assuming tau-equivalence.

    Parameters
    ----------
    cov : ndarray of shape (k, k)
    alpha : float
    n : int
        Independent respondents.
    level : float

    Returns
    -------
    std_error, low, high : float

    References
    ----------
    Duhachek A., Iacobucci D. Alpha's standard error (ASE): an accurate and precise confidence
    interval estimate. Journal of Applied Psychology, 2004, 89(5), 792-808.
    doi:10.1037/0021-9010.89.5.792
    """
    k = len(cov)
    total, trace = cov.sum(), np.trace(cov)
    square = cov @ cov
    spread = total * (np.trace(square) + trace**2) - 2 * trace * square.sum()
    variance = 2 * k**2 / ((k - 1) ** 2 * total**3) * spread
    error = float(np.sqrt(max(variance, 0.0) / n))
    half = float(ndtri((1 + level) / 2)) * error
    return error, alpha - half, alpha + half
