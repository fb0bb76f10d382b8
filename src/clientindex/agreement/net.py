r"""Limits of agreement without the survey's sampling error, and for centres of a given size.

The variance of observed differences is that of differences between what a centre's visitors think
and its checklist says, plus the sampling variance of the survey's mean:
:math:`s^2 = s_0^2 + \overline{e^2}`. So :math:`s_0^2 = s^2 - \overline{e^2}`, and centres with n
answers have differences of variance :math:`s_0^2 + v / n` with v the sampling variance of one
answer, the mean of :math:`n_c e^2_c`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import norm

from clientindex.agreement.coefficients import Estimate
from clientindex.agreement.structural.pairs import compute_moments
from clientindex.agreement.structural.resampling import jackknife_coefficients

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from clientindex.agreement.structural.line import Coefficient
    from clientindex.reliability.centres.jackknife import Strata

ANSWERS = (10, 20, 30, 50, 75, 100, 150, 200, 300, 500)
"""Sizes of centres for which limits are told."""

JACKKNIFE = "jackknife over centres inside regions, Student t"


@dataclass(frozen=True, slots=True, kw_only=True)
class NetLimits:
    """Limits of agreement without sampling error.

    Attributes
    ----------
    sd : Estimate
    low, high : Estimate
    """

    sd: Estimate
    low: Estimate
    high: Estimate


def estimate_net_limits(
    survey: NDArray[np.float64],
    checklist: NDArray[np.float64],
    *,
    sampling_variance: NDArray[np.float64],
    level: float,
    coverage: float,
    strata: Strata | None = None,
) -> NetLimits | None:
    """Estimate limits of agreement without sampling error.

    Parameters
    ----------
    survey, checklist, sampling_variance : ndarray of shape (n,)
        Complete; the variance is that of the survey's scores.
    level : float
        Of the intervals.
    coverage : float
        Share of differences that the limits bound.
    strata : Strata, optional
        Regions of the n centres; None takes all for one.

    Returns
    -------
    NetLimits or None
        None where no variance is left; without an interval where it is so without one centre.

    Notes
    -----
    Intervals leave out each centre in turn inside its region: they need no normal differences,
    which inflation by some centres makes skew, and hold the error of the sampling variances.
    """
    difference = checklist - survey
    z = float(norm.ppf((1 + coverage) / 2))

    def fit(weights: NDArray[np.float64]) -> NDArray[np.float64]:
        moments = compute_moments(difference, difference, weights)
        error = weights @ sampling_variance / moments.total
        left = moments.s_xx / (moments.total - 1) - error
        sd = np.sqrt(np.where(left > 0, left, np.nan))
        mean = moments.mean_x
        return np.stack([sd, mean - z * sd, mean + z * sd], axis=-1)

    found = jackknife_coefficients(fit, len(survey), level=level, strata=strata)
    if np.isnan(found[0].estimate):
        return None
    sd, low, high = (_wrap(part, level=level, n=len(survey)) for part in found)
    return NetLimits(sd=sd, low=low, high=high)


def _wrap(part: Coefficient, *, level: float, n: int) -> Estimate:
    return Estimate(
        estimate=part.estimate,
        std_error=part.std_error,
        ci_low=part.ci_low,
        ci_high=part.ci_high,
        level=level,
        n=n,
        method=JACKKNIFE,
    )


def compute_limits_by_answers(
    bias: float,
    net: NetLimits,
    *,
    sampling_variance: NDArray[np.float64],
    n: NDArray[np.float64],
    coverage: float,
) -> list[dict[str, float]]:
    """Compute the limits of centres with so many answers, see the module.

    Parameters
    ----------
    bias : float
    net : NetLimits
    sampling_variance, n : ndarray of shape (C,)
        Of the survey's scores, and respondents behind them; NaN where unknown.
    coverage : float

    Returns
    -------
    list of dict
        ``answers``, ``low``, ``high``; empty where no n is known.
    """
    one = n * sampling_variance
    if not np.isfinite(one).any():
        return []
    v = float(np.nanmean(one))
    z = float(norm.ppf((1 + coverage) / 2))
    margins = [z * float(np.sqrt(net.sd.estimate**2 + v / size)) for size in ANSWERS]
    return [
        {"answers": size, "low": bias - margin, "high": bias + margin}
        for size, margin in zip(ANSWERS, margins, strict=True)
    ]


def estimate_net_correlation(
    survey: NDArray[np.float64],
    checklist: NDArray[np.float64],
    *,
    sampling_variance: NDArray[np.float64],
    level: float,
    strata: Strata,
) -> Estimate:
    r"""Estimate Pearson's r without the sampling error of the survey.

    :math:`s_{xy} / \sqrt{(s_x^2 - \overline{e^2}) s_y^2}`: the error of the checklist is still in
    it. The interval leaves out each centre in turn.

    Parameters
    ----------
    survey, checklist, sampling_variance : ndarray of shape (n,)
    level : float
    strata : Strata
        Regions of the n centres.

    Returns
    -------
    Estimate
        NaN where no variance of the survey is left.
    """

    def fit(weights: NDArray[np.float64]) -> NDArray[np.float64]:
        moments = compute_moments(survey, checklist, weights)
        df = moments.total - 1
        variance = moments.s_xx / df - weights @ sampling_variance / moments.total
        variance = np.where(variance > 0, variance, np.nan)
        r = moments.s_xy / df / np.sqrt(variance * moments.s_yy / df)
        return np.asarray(r)[..., None]

    (found,) = jackknife_coefficients(fit, len(survey), level=level, strata=strata)
    return _wrap(found, level=level, n=len(survey))
