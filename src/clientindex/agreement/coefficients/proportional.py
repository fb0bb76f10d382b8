r"""Whether the difference of two measurements grows with their mean.

The slope of the difference y - x on the mean (x + y) / 2 is

.. math:: b = \frac{\sigma_y^2 - \sigma_x^2}{2 \, \mathrm{var}((x + y) / 2)},

so it compares variances and nothing else: it is not zero whenever they differ, whether one method
stretches the scale (a proportional bias) or only measures with more error. From one measurement a
method these cannot be told apart; replicates or a known ratio of error variances can. The test of
the slope is Pitman and Morgan's test of equal variances.

References
----------
Bland J. M., Altman D. G. Measuring agreement in method comparison studies. Statistical Methods in
Medical Research, 1999, 8, 135-160, section 3. doi:10.1177/096228029900800204
Pitman E. J. G. A note on normal correlation. Biometrika, 1939, 31(1-2), 9-12.
doi:10.1093/biomet/31.1-2.9
Morgan W. A. A test for the significance of the difference between the two variances in a sample
from a normal bivariate population. Biometrika, 1939, 31(1-2), 13-19. doi:10.1093/biomet/31.1-2.13
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import norm
from scipy.stats import t as student

from clientindex.agreement.coefficients.correlation import estimate_pearson
from clientindex.agreement.coefficients.estimate import (
    MINIMUM_PAIRS,
    UNDEFINED_CONSTANT,
    UNDEFINED_FEW,
    Estimate,
    check_pairs,
    check_share,
    has_constant,
    leave_undefined,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

UNDEFINED_SUM = "undefined: all means (x + y) / 2 are equal"

UNDEFINED_FLAT = "undefined: all sums or all differences are equal"


@dataclass(frozen=True, slots=True, kw_only=True)
class VarianceTest:
    """Pitman and Morgan's test that x and y have one variance.

    Attributes
    ----------
    correlation : Estimate
        Of x + y with y - x; 0 for equal variances.
    statistic, p_value : float
        Student's t of it on n - 2 degrees of freedom, two-sided.
    """

    correlation: Estimate
    statistic: float
    p_value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ProportionalBias:
    """Regression of the difference on the mean.

    Attributes
    ----------
    intercept, slope : Estimate
        With Student's t intervals.
    p_value : float
        Of slope = 0, two-sided.
    residual_sd : float
        Of the regression, ddof 2.
    spread_intercept, spread_slope : float
        Of the regression of absolute residuals on the mean.
    """

    intercept: Estimate
    slope: Estimate
    p_value: float
    residual_sd: float
    spread_intercept: float
    spread_slope: float

    def compute_limits(
        self, mean: NDArray[np.float64], *, coverage: float, constant_spread: bool = False
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Compute limits of agreement that follow the regression.

        ``b0 + b1 a -/+ z sqrt(pi / 2) (c0 + c1 a)``: for normal residuals the mean of absolute
        values is sqrt(2 / pi) standard deviations. With a constant spread ``b0 + b1 a -/+ z s``.

        Parameters
        ----------
        mean : ndarray of any shape
            Where to compute them.
        coverage : float
            Share of differences that they bound.
        constant_spread : bool
            Bland and Altman's choice where c1 is near 0.

        Returns
        -------
        low, high : ndarray of the same shape
            NaN where the fitted spread is negative.
        """
        check_share(coverage, "coverage")
        centre = self.intercept.estimate + self.slope.estimate * mean
        spread = np.full_like(centre, self.residual_sd)
        if not constant_spread:
            spread = np.sqrt(np.pi / 2) * (self.spread_intercept + self.spread_slope * mean)
            spread = np.where(spread < 0, np.nan, spread)
        margin = float(norm.ppf((1 + coverage) / 2)) * spread
        return centre - margin, centre + margin


def fit_proportional_bias(
    x: NDArray[np.float64], y: NDArray[np.float64], *, level: float
) -> ProportionalBias:
    """Regress y - x on (x + y) / 2, then the absolute residuals on it.

    A slope other than 0 shows that the variances of x and y differ. It does not show that the bias
    is proportional: see the head of this module.

    Parameters
    ----------
    x, y : ndarray of shape (n,)
        Complete pairs.
    level : float

    Returns
    -------
    ProportionalBias
        Undefined (NaN) with fewer than three pairs, or when all means are equal.

    Raises
    ------
    ValueError
        For arguments of wrong shape, with missing values, or a level outside 0 to 1.

    Notes
    -----
    Agrees with R ``lm(d ~ mean)`` to 1e-12.
    """
    check_pairs(x, y, level=level)
    d, mean = y - x, (x + y) / 2
    if len(d) < MINIMUM_PAIRS:
        return _leave(UNDEFINED_FEW, level, len(d))
    if has_constant(mean):
        return _leave(UNDEFINED_SUM, level, len(d))
    centred, df = mean - mean.mean(), len(d) - 2
    squares = float(centred @ centred)
    slope, intercept = _fit_line(mean, d)
    residuals = d - intercept - slope * mean
    variance = float(residuals @ residuals) / df
    errors = np.sqrt(variance * np.array([1 / len(d) + mean.mean() ** 2 / squares, 1 / squares]))
    spread_slope, spread_intercept = _fit_line(mean, np.abs(residuals))
    statistic = slope / float(errors[1]) if errors[1] > 0 else float(np.copysign(np.inf, slope))
    return ProportionalBias(
        intercept=_wrap(intercept, float(errors[0]), df, level),
        slope=_wrap(slope, float(errors[1]), df, level),
        p_value=float(2 * student.sf(abs(statistic), df)) if slope else 1.0,
        residual_sd=float(np.sqrt(variance)),
        spread_intercept=spread_intercept,
        spread_slope=spread_slope,
    )


def compare_variances(
    x: NDArray[np.float64], y: NDArray[np.float64], *, level: float
) -> VarianceTest:
    """Test by Pitman and Morgan that x and y have one variance.

    ``r = corr(x + y, y - x)``, ``t = r sqrt((n - 2) / (1 - r²))``; the interval of r is Fisher's.
    Agrees with R ``cor.test(x + y, y - x)`` to 1e-12. Parameters, missing data and errors as in
    :func:`fit_proportional_bias`; undefined (NaN) also where all differences are equal.
    """
    check_pairs(x, y, level=level)
    correlation = estimate_pearson(x + y, y - x, level=level)
    if correlation.method == UNDEFINED_CONSTANT:
        correlation = leave_undefined(UNDEFINED_FLAT, level=level, n=len(x))
    r, df = correlation.estimate, len(x) - 2
    if np.isnan(r):
        return VarianceTest(correlation=correlation, statistic=r, p_value=r)
    statistic = float("inf") * r if abs(r) == 1 else r * float(np.sqrt(df / (1 - r**2)))
    return VarianceTest(
        correlation=correlation,
        statistic=statistic,
        p_value=float(2 * student.sf(abs(statistic), df)),
    )


def _fit_line(x: NDArray[np.float64], y: NDArray[np.float64]) -> tuple[float, float]:
    """Return slope and intercept by least squares."""
    centred = x - x.mean()
    slope = float(centred @ y) / float(centred @ centred)
    return slope, float(y.mean()) - slope * float(x.mean())


def _wrap(value: float, se: float, df: int, level: float) -> Estimate:
    margin = float(student.ppf((1 + level) / 2, df)) * se
    return Estimate(
        estimate=value,
        std_error=se,
        ci_low=value - margin,
        ci_high=value + margin,
        level=level,
        n=df + 2,
        method="Student t",
    )


def _leave(reason: str, level: float, n: int) -> ProportionalBias:
    nothing, nan = leave_undefined(reason, level=level, n=n), float("nan")
    return ProportionalBias(
        intercept=nothing,
        slope=nothing,
        p_value=nan,
        residual_sd=nan,
        spread_intercept=nan,
        spread_slope=nan,
    )
