r"""Mean-sigma linking: the checklist gets the mean and standard deviation of the survey.

.. math:: y^* = \bar x + \frac{s_x}{s_y} (y - \bar y)

What it takes away cannot be found afterwards: with linked scales the bias is zero, and so is the
difference of variances. The standard deviations are those of centres, so the mean sampling variance
is taken out of the survey's when it is given; else the checklist is stretched to the width of the
survey *with* its sampling error.

References
----------
Kolen M. J., Brennan R. L. Test Equating, Scaling, and Linking, 3rd ed. Springer, 2014, 2.3 and 6.3.
doi:10.1007/978-1-4939-0317-7
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from clientindex.agreement.structural.line import tidy_coefficients
from clientindex.agreement.structural.pairs import compute_moments, pass_through_means, take_pairs
from clientindex.agreement.structural.resampling import JACKKNIFE, jackknife_coefficients

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from clientindex.agreement.structural.line import Coefficient
    from clientindex.reliability.centres.jackknife import Strata

UNDEFINED_SPREAD = "undefined: the survey has no spread left once its sampling error is removed"
NO_INTERVAL = "no interval: undefined without one of the centres"


@dataclass(frozen=True, slots=True, kw_only=True)
class MeanSigmaLink:
    """A line that puts checklist scores on the survey's scale.

    Attributes
    ----------
    intercept, slope : Coefficient
        NaN where undefined.
    method : str
        Of the intervals, or why there are none.
    level : float
    n, n_dropped : int
        Centres with both scores (and the sampling variance, when given), and those without.
    low, high : float
        Ends of the survey's scale.
    """

    intercept: Coefficient
    slope: Coefficient
    method: str
    level: float
    n: int
    n_dropped: int
    low: float
    high: float

    def apply(self, checklist: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return checklist scores on the survey's scale, cut off at its ends; NaN stays NaN."""
        linked = self.intercept.estimate + self.slope.estimate * np.asarray(checklist)
        return np.clip(linked, self.low, self.high)

    def count_cut(self, checklist: NDArray[np.float64]) -> int:
        """Count the scores that :meth:`apply` cuts off: with many, mean and SD are not those."""
        linked = self.intercept.estimate + self.slope.estimate * np.asarray(checklist)
        return int(((linked < self.low) | (linked > self.high)).sum())

    def tidy(self) -> pd.DataFrame:
        """Return the two coefficients as a tidy table."""
        return tidy_coefficients(
            {"intercept": self.intercept, "slope": self.slope},
            method=self.method,
            level=self.level,
            n=self.n,
        )


def link_mean_sigma(
    survey: NDArray[np.float64],
    checklist: NDArray[np.float64],
    *,
    level: float,
    sampling_variance: NDArray[np.float64] | None = None,
    low: float = -np.inf,
    high: float = np.inf,
    strata: Strata | None = None,
) -> MeanSigmaLink:
    """Link the checklist to the survey by mean and standard deviation.

    Parameters
    ----------
    survey, checklist : ndarray of shape (C,)
        Scores of one group. Centres with a missing value are dropped and counted.
    level : float
    sampling_variance : ndarray of shape (C,), optional
        Of the survey means; their mean is taken out of the survey's variance.
    low, high : float
        Ends of the survey's scale; linked scores beyond are cut off.
    strata : Strata, optional
        Of the n complete centres, for the jackknife.

    Returns
    -------
    MeanSigmaLink
        Jackknife intervals over centres. NaN where the corrected variance is not positive.

    Raises
    ------
    StatisticsError
        With fewer than three complete centres, or when one side is constant.
    """
    known = () if sampling_variance is None else (sampling_variance,)
    pairs = take_pairs(survey, checklist, *known)
    error = np.zeros(pairs.n) if sampling_variance is None else sampling_variance[pairs.kept]

    def fit(weights: NDArray[np.float64]) -> NDArray[np.float64]:
        moments = compute_moments(pairs.y, pairs.x, weights)
        df = moments.total - 1
        variance = moments.s_yy / df - weights @ error / moments.total
        with np.errstate(invalid="ignore", divide="ignore"):
            slope = np.sqrt(np.where(variance > 0, variance, np.nan) * df / moments.s_xx)
        return pass_through_means(moments, slope)

    intercept, slope = jackknife_coefficients(fit, pairs.n, level=level, strata=strata)
    return MeanSigmaLink(
        intercept=intercept,
        slope=slope,
        method=_name_method(slope),
        level=level,
        n=pairs.n,
        n_dropped=pairs.n_dropped,
        low=low,
        high=high,
    )


def _name_method(slope: Coefficient) -> str:
    if np.isnan(slope.estimate):
        return UNDEFINED_SPREAD
    return NO_INTERVAL if np.isnan(slope.std_error) else JACKKNIFE
