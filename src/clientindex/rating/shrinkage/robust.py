r"""Empirical-Bayes intervals whose average coverage holds without normal true scores.

An estimate :math:`Y_i \sim N(\theta_i, v_i)` is drawn to a regression,
:math:`\hat\theta_i = x_i'\delta + w_i (Y_i - x_i'\delta)`, :math:`w_i = \mu_2 / (\mu_2 + v_i)`. The
usual interval :math:`\pm z \sqrt{w_i v_i}` covers at its level only if true scores are normal about
the regression. The robust interval

.. math:: \hat\theta_i \pm c(v_i / \mu_2, \kappa)\, w_i \sqrt{v_i}

covers on average over units at its level for any distribution of true scores with second moment
:math:`\mu_2` and kurtosis :math:`\kappa`, both estimated here. It promises nothing for a single
unit: far from the mean it covers less, near it more.

References
----------
Armstrong T. B., Kolesar M., Plagborg-Moller M. Robust empirical Bayes confidence intervals.
Econometrica, 2022, 90(6), 2567-2602. doi:10.3982/ECTA18597
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from scipy.stats import norm

from clientindex.errors import StatisticsError
from clientindex.rating.degrees import find_quantile, widen_degrees
from clientindex.rating.shrinkage.critical_value import (
    compute_critical_values,
    compute_noncoverage,
)
from clientindex.rating.shrinkage.units import check_units, make_design

if TYPE_CHECKING:
    from numpy.typing import NDArray

Scale = Literal["estimates", "t"]
Truncation = Literal["posterior_mean", "none"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Moments:
    """Moments of true scores about the regression.

    Attributes
    ----------
    second, kurtosis : float
        As used.
    raw_second, raw_kurtosis : float
        Before truncation; the second moment may be negative, and the kurtosis then means nothing.
    """

    second: float
    kurtosis: float
    raw_second: float
    raw_kurtosis: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RobustIntervals:
    """Shrunken estimates with robust, parametric and unshrunk intervals.

    Attributes
    ----------
    estimate : ndarray of shape (C,)
        Drawn to the regression.
    target : ndarray of shape (C,)
        The regression.
    weight : ndarray of shape (C,)
        Share of the unit's own estimate.
    critical_value : ndarray of shape (C,)
        In standard errors of the shrunken estimate for a given true score.
    half_length, parametric_half_length, unshrunk_half_length : ndarray of shape (C,)
        The third is about the unit's own estimate, the others about `estimate`.
    parametric_noncoverage : ndarray of shape (C,)
        Worst average non-coverage of the parametric interval at these moments.
    moments : Moments
    coefficients : ndarray of shape (p + 1,)
        Intercept first.
    scale : {"estimates", "t"}
    level : float
    """

    estimate: NDArray[np.float64]
    target: NDArray[np.float64]
    weight: NDArray[np.float64]
    critical_value: NDArray[np.float64]
    half_length: NDArray[np.float64]
    parametric_half_length: NDArray[np.float64]
    unshrunk_half_length: NDArray[np.float64]
    parametric_noncoverage: NDArray[np.float64]
    moments: Moments
    coefficients: NDArray[np.float64]
    scale: Scale
    level: float

    @property
    def ci_low(self) -> NDArray[np.float64]:
        """Lower ends of the robust intervals."""
        return self.estimate - self.half_length

    @property
    def ci_high(self) -> NDArray[np.float64]:
        """Upper ends of the robust intervals."""
        return self.estimate + self.half_length


def compute_robust_intervals(
    y: NDArray[np.float64],
    v: NDArray[np.float64],
    *,
    level: float,
    covariates: NDArray[np.float64] | None = None,
    weights: NDArray[np.float64] | None = None,
    scale: Scale = "estimates",
    kurtosis: float | None = None,
    truncation: Truncation = "posterior_mean",
    df: NDArray[np.float64] | None = None,
) -> RobustIntervals:
    r"""Compute robust empirical-Bayes intervals.

    Parameters
    ----------
    y, v : ndarray of shape (C,)
        Estimates and their sampling variances; complete, positive.
    level : float
    covariates : ndarray of shape (C, p), optional
        What the estimates are drawn to; without them to a common mean.
    weights : ndarray of shape (C,), optional
        Of units in the regression and the moments; equal ones by default. Precisions ``1 / v`` are
        the paper's other choice.
    scale : {"estimates", "t"}
        Whether estimates are drawn together or t statistics ``y / sqrt(v)``. The first takes
        the moments of true scores not to depend on v; the second takes those of ``theta / se`` so,
        and one weight is shared by all.
    kurtosis : float, optional
        Known in place of estimated; infinity bounds nothing but the second moment.
    truncation : {"posterior_mean", "none"}
        How estimates are kept inside what is possible: the paper's bounds
        :math:`2 \sum w^2 v^2 / (\sum w \sum w v)` for :math:`\mu_2` and
        :math:`1 + 32 \sum w^2 v^4 / (\mu_2^2 \sum w \sum w v^2)` for the kurtosis, under which
        nothing is drawn all the way; or 0 and 1.
    df : ndarray of shape (C,), optional
        Degrees of freedom of the sampling variances: half-lengths are then wider by the quantile of
        Student's t over that of the normal distribution. The paper takes variances for known.

    Raises
    ------
    StatisticsError
        With too few units, a missing value, a variance that is not positive, or a second moment of
        0 (without truncation), where no interval is defined.

    Notes
    -----
    With residuals e of the weighted regression: :math:`\mu_2 = \sum w (e^2 - v) / \sum w` and
    :math:`\kappa = \sum w (e^4 - 6 v e^2 + 3 v^2) / (\mu_2^2 \sum w)`. A kurtosis from a few dozen
    units is hardly known: it may be hundreds, and the intervals are then those of an unbounded one.
    """
    y, v = np.asarray(y, dtype=np.float64), np.asarray(v, dtype=np.float64)
    design = make_design(covariates, len(y))
    check_units(y, v, fewest=design.shape[1] + 1)
    share = np.ones(len(y)) if weights is None else np.asarray(weights, dtype=np.float64)
    if share.shape != y.shape or not (np.isfinite(share) & (share > 0)).all():
        message = "weights of units need a positive number for each"
        raise StatisticsError(message)
    unit = np.sqrt(v) if scale == "t" else np.ones(len(y))
    response, variance = y / unit, v / unit**2
    root = np.sqrt(share)
    coefficients = np.linalg.lstsq(design * root[:, None], response * root, rcond=None)[0]
    target = design @ coefficients
    moments = estimate_moments(response - target, variance, share, kurtosis, truncation)
    if moments.second <= 0:
        message = "true scores do not differ by this estimate: no interval is defined without bound"
        raise StatisticsError(message)
    m2 = variance / moments.second
    weight = 1 / (1 + m2)
    normal = float(norm.ppf((1 + level) / 2))
    degrees = np.full(len(y), np.inf) if df is None else np.asarray(df, dtype=np.float64)
    student = find_quantile(level, degrees)
    critical = compute_critical_values(m2, kurtosis=moments.kurtosis, level=level)
    return RobustIntervals(
        estimate=unit * (target + weight * (response - target)),
        target=unit * target,
        weight=weight,
        critical_value=critical,
        half_length=student / normal * critical * weight * np.sqrt(v),
        parametric_half_length=find_quantile(level, widen_degrees(degrees, weight))
        * np.sqrt(weight * v),
        unshrunk_half_length=student * np.sqrt(v),
        parametric_noncoverage=compute_noncoverage(
            m2, normal / np.sqrt(weight), kurtosis=moments.kurtosis
        ),
        moments=moments,
        coefficients=np.asarray(coefficients, dtype=np.float64),
        scale=scale,
        level=level,
    )


def estimate_moments(
    residual: NDArray[np.float64],
    v: NDArray[np.float64],
    weights: NDArray[np.float64],
    kurtosis: float | None = None,
    truncation: Truncation = "posterior_mean",
) -> Moments:
    """Estimate second moment and kurtosis; arguments as in :func:`compute_robust_intervals`."""
    total = weights.sum()
    second = float(weights @ (residual**2 - v) / total)
    fourth = float(weights @ (residual**4 - 6 * v * residual**2 + 3 * v**2) / total)
    low_second, low_fourth = 0.0, 0.0
    if truncation == "posterior_mean":
        low_second = float(2 * (weights**2 @ v**2) / (total * (weights @ v)))
        low_fourth = float(32 * (weights**2 @ v**4) / (total * (weights @ v**2)))
    used = max(second, low_second)
    if kurtosis is None and used > 0:
        kurtosis = max(fourth / used**2, 1 + low_fourth / used**2)
    return Moments(
        second=used,
        kurtosis=np.nan if kurtosis is None else float(kurtosis),
        raw_second=second,
        raw_kurtosis=fourth / second**2 if second != 0 else np.nan,
    )
