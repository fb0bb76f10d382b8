"""Deming regression: errors in both measurements, their ratio known.

The model is ``x = xi + u``, ``y = intercept + slope xi + e`` with independent errors and a known
``error_ratio = var(u) / var(e)``. All scatter about the line has to be such error: what a method
adds to a centre of its own (halo of visitors, leniency of staff) is taken for random error in the
stated ratio. With a ratio of 1 between a survey and a checklist the slope is therefore far from
the structural one whenever the checklist has method variance; use
:mod:`clientindex.agreement.structural.errors_in_variables` there.

References
----------
Deming W. E. Statistical Adjustment of Data. Wiley, 1943.
Linnet K. Evaluation of regression procedures for methods comparison studies. Clinical Chemistry,
1993, 39(3), 424-432. doi:10.1093/clinchem/39.3.424
Carroll R. J., Ruppert D. The use and misuse of orthogonal regression in linear errors-in-variables
models. The American Statistician, 1996, 50(1), 1-6. doi:10.1080/00031305.1996.10473533
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import t as student

from clientindex.agreement.structural.least_squares import ANALYTICAL
from clientindex.agreement.structural.pairs import Moments, compute_moments, pass_through_means
from clientindex.agreement.structural.resampling import make_line, make_symmetric

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from clientindex.agreement.structural.line import Line
    from clientindex.agreement.structural.pairs import Pairs


def fit_deming(
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    *,
    error_ratio: float,
    weights: NDArray[np.float64] | None = None,
) -> NDArray[np.float64]:
    r"""Fit the Deming line.

    .. math:: b = \frac{d + \sqrt{d^2 + 4 \lambda s_{xy}^2}}{2 \lambda s_{xy}}, \quad
              d = \lambda s_{yy} - s_{xx}

    with lambda the error ratio; lambda 1 is orthogonal regression. Agrees with R
    ``mcr::mcreg(method.reg = "Deming")`` and ``MethComp::Deming`` to rounding.

    Parameters
    ----------
    x, y : ndarray of shape (n,)
        Complete pairs.
    error_ratio : float
        Error variance of x over error variance of y.
    weights : ndarray of shape (..., n), optional

    Returns
    -------
    ndarray of shape (..., 2)
        Intercept and slope; NaN where x and y are uncorrelated.
    """
    moments = compute_moments(x, y, weights)
    return pass_through_means(moments, solve_slope(moments, error_ratio))


def solve_slope(moments: Moments, error_ratio: float) -> NDArray[np.float64]:
    """Return the slope that the moments and the error ratio determine."""
    d = error_ratio * moments.s_yy - moments.s_xx
    root = np.sqrt(d**2 + 4 * error_ratio * moments.s_xy**2)
    with np.errstate(invalid="ignore", divide="ignore"):
        # Of two equal forms the one that adds, so that nothing cancels.
        slope = np.where(
            d >= 0,
            (d + root) / (2 * error_ratio * moments.s_xy),
            2 * moments.s_xy / (root - d),
        )
    return np.asarray(np.where(moments.s_xy == 0, np.nan, slope))


def compute_error_sds(
    pairs: Pairs, line: NDArray[np.float64], *, error_ratio: float
) -> tuple[float, float]:
    r"""Compute the error standard deviations of x and y that the ratio implies.

    .. math:: \hat\sigma_u^2 = \frac{\sum (y - a - b x)^2}{(n - 2)(1 / \lambda + b^2)}

    They hold method variance too: a model without a place for it calls it error. Agrees with R
    ``MethComp::Deming``.
    """
    residual = pairs.y - line[0] - line[1] * pairs.x
    variance = residual @ residual / ((pairs.n - 2) * (1 / error_ratio + line[1] ** 2))
    return float(np.sqrt(variance)), float(np.sqrt(variance / error_ratio))


def estimate_deming(pairs: Pairs, *, error_ratio: float, level: float) -> Line:
    r"""Estimate the Deming line with analytical errors.

    .. math:: se_b = b \sqrt{\frac{1 / r^2 - 1}{n - 2}}, \quad se_a = se_b \sqrt{\overline{x^2}}

    and Student's t on n - 2 degrees of freedom. The errors hold for normal, homoscedastic errors;
    outliers and changing variances ask for the jackknife. Agrees with R ``mcr`` (analytical).

    Parameters
    ----------
    pairs : Pairs
    error_ratio : float
        Error variance of x over error variance of y.
    level : float
    """
    line = fit_deming(pairs.x, pairs.y, error_ratio=error_ratio)
    r = np.corrcoef(pairs.x, pairs.y)[0, 1]
    slope_error = abs(line[1]) * np.sqrt((1 / r**2 - 1) / (pairs.n - 2))
    error = slope_error * np.array([np.sqrt(np.mean(pairs.x**2)), 1.0])
    quantile = float(student.ppf((1 + level) / 2, pairs.n - 2))
    intercept, slope = make_symmetric(line, error, quantile=quantile)
    return make_line(intercept, slope, pairs=pairs, level=level, method=ANALYTICAL)
