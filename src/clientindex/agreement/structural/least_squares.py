"""Ordinary least squares both ways: the bounds of any line through two fallible measurements.

Regressing y on x takes all scatter for error in y; its slope is too flat when x errs. Regressing
x on y takes all scatter for error in x; turned round, its slope is too steep when y errs. With
independent errors the structural slope lies between the two, and without more knowledge nothing
narrower can be said.

References
----------
Frisch R. Statistical Confluence Analysis by Means of Complete Regression Systems. Oslo, 1934.
Klepper S., Leamer E. E. Consistent sets of estimates for regressions with errors in all variables.
Econometrica, 1984, 52(1), 163-183. doi:10.2307/1911466
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import t as student

from clientindex.agreement.structural.pairs import compute_moments, pass_through_means
from clientindex.agreement.structural.resampling import make_line, make_symmetric

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from clientindex.agreement.structural.line import Line
    from clientindex.agreement.structural.pairs import Pairs

ANALYTICAL = "analytical, Student t"


def fit_least_squares(
    x: NDArray[np.float64], y: NDArray[np.float64], *, weights: NDArray[np.float64] | None = None
) -> NDArray[np.float64]:
    """Fit y on x: ``slope = s_xy / s_xx``, the lower bound of a positive slope.

    Parameters
    ----------
    x, y : ndarray of shape (n,)
        Complete pairs.
    weights : ndarray of shape (..., n), optional

    Returns
    -------
    ndarray of shape (..., 2)
        Intercept and slope; NaN where x is constant.
    """
    moments = compute_moments(x, y, weights)
    with np.errstate(invalid="ignore", divide="ignore"):
        return pass_through_means(moments, moments.s_xy / moments.s_xx)


def fit_inverse_least_squares(
    x: NDArray[np.float64], y: NDArray[np.float64], *, weights: NDArray[np.float64] | None = None
) -> NDArray[np.float64]:
    """Fit x on y, told as y on x: ``slope = s_yy / s_xy``, the upper bound of a positive slope.

    Parameters and returns as in :func:`fit_least_squares`; infinite or NaN where x and y are
    uncorrelated.
    """
    moments = compute_moments(x, y, weights)
    with np.errstate(invalid="ignore", divide="ignore"):
        return pass_through_means(moments, moments.s_yy / moments.s_xy)


def estimate_least_squares(pairs: Pairs, *, level: float) -> Line:
    """Estimate the regression of y on x with Student's t intervals on n - 2 degrees of freedom.

    It shows what x predicts of y. It does not show the relation of what the two measure: error
    of x flattens it by the reliability of x. Agrees with R ``lm`` to rounding.

    Parameters
    ----------
    pairs : Pairs
    level : float
    """
    x, y = pairs.x, pairs.y
    line = fit_least_squares(x, y)
    residual = y - line[0] - line[1] * x
    variance = residual @ residual / (pairs.n - 2)
    s_xx = ((x - x.mean()) ** 2).sum()
    error = np.sqrt(variance * np.array([1 / pairs.n + x.mean() ** 2 / s_xx, 1 / s_xx]))
    quantile = float(student.ppf((1 + level) / 2, pairs.n - 2))
    intercept, slope = make_symmetric(line, error, quantile=quantile)
    return make_line(intercept, slope, pairs=pairs, level=level, method=ANALYTICAL)
