"""Bias and spread of the differences y - x of two measurements of the same centres."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import chi2
from scipy.stats import t as student

from clientindex.agreement.coefficients.estimate import (
    MINIMUM_PAIRS,
    UNDEFINED_FEW,
    Estimate,
    check_pairs,
    leave_undefined,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray


def estimate_bias(x: NDArray[np.float64], y: NDArray[np.float64], *, level: float) -> Estimate:
    """Estimate the mean of y - x with Student's t interval.

    Agrees with R ``t.test(paired = TRUE)`` to 1e-12.

    Parameters
    ----------
    x, y : ndarray of shape (n,)
        Complete pairs. Fewer than three leave it undefined (NaN).
    level : float

    Raises
    ------
    ValueError
        For arguments of wrong shape, with missing values, or a level outside 0 to 1.
    """
    check_pairs(x, y, level=level)
    d = y - x
    if len(d) < MINIMUM_PAIRS:
        return leave_undefined(UNDEFINED_FEW, level=level, n=len(d))
    mean, se = float(d.mean()), float(d.std(ddof=1) / np.sqrt(len(d)))
    margin = float(student.ppf((1 + level) / 2, len(d) - 1)) * se
    return Estimate(
        estimate=mean,
        std_error=se,
        ci_low=mean - margin,
        ci_high=mean + margin,
        level=level,
        n=len(d),
        method="Student t",
    )


def estimate_sd_difference(
    x: NDArray[np.float64], y: NDArray[np.float64], *, level: float
) -> Estimate:
    """Estimate the standard deviation (ddof 1) of y - x with the chi-square interval.

    ``s sqrt((n - 1) / chi2)`` at both quantiles: exact for normal differences. The standard error
    is ``s / sqrt(2 (n - 1))``. Parameters, missing data and errors as in :func:`estimate_bias`.
    """
    check_pairs(x, y, level=level)
    d = y - x
    if len(d) < MINIMUM_PAIRS:
        return leave_undefined(UNDEFINED_FEW, level=level, n=len(d))
    sd, df = float(d.std(ddof=1)), len(d) - 1
    low, high = np.sqrt(df / chi2.ppf([(1 + level) / 2, (1 - level) / 2], df))
    return Estimate(
        estimate=sd,
        std_error=sd / float(np.sqrt(2 * df)),
        ci_low=sd * float(low),
        ci_high=sd * float(high),
        level=level,
        n=len(d),
        method="chi-square",
    )
