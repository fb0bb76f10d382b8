r"""Estimates drawn to their mean when their sampling variances are known.

:math:`y_i = \mu + u_i + e_i` with :math:`var(u_i) = A` and :math:`var(e_i) = v_i` known. With
:math:`B_i = v_i / (v_i + A)` the posterior mean is :math:`B_i \mu + (1 - B_i) y_i`.

References
----------
Efron B., Morris C. Data analysis using Stein's estimator and its generalizations. Journal of the
American Statistical Association, 1975, 70(350), 311-319. doi:10.1080/01621459.1975.10479864
Morris C. N. Parametric empirical Bayes inference: theory and applications. Journal of the American
Statistical Association, 1983, 78(381), 47-55. doi:10.1080/01621459.1983.10477920
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from clientindex.agreement.inflation import estimate_between
from clientindex.agreement.inflation.between import compute_mean
from clientindex.rating.degrees import find_quantile, widen_degrees
from clientindex.rating.shrinkage.units import check_units

if TYPE_CHECKING:
    from numpy.typing import NDArray

Estimator = Literal["reml", "ml", "dersimonian_laird", "paule_mandel"]

FEWEST_MORRIS = 4
"""Morris' factors have k - 3 units in a denominator."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Shrunken:
    """Estimates drawn to their mean.

    Attributes
    ----------
    estimate, std_error, ci_low, ci_high : ndarray of shape (C,)
    shrinkage : ndarray of shape (C,)
        Share of the way from the unit's own estimate to the mean.
    between : float
        Variance of true values.
    mean, mean_error : float
    unshrunk_half_length : ndarray of shape (C,)
        Of the interval about the unit's own estimate, for comparison.
    method : str
    level : float
    """

    estimate: NDArray[np.float64]
    std_error: NDArray[np.float64]
    ci_low: NDArray[np.float64]
    ci_high: NDArray[np.float64]
    shrinkage: NDArray[np.float64]
    between: float
    mean: float
    mean_error: float
    unshrunk_half_length: NDArray[np.float64]
    method: str
    level: float


def shrink_estimates(
    y: NDArray[np.float64],
    v: NDArray[np.float64],
    *,
    level: float,
    estimator: Estimator = "reml",
    df: NDArray[np.float64] | None = None,
) -> Shrunken:
    r"""Draw estimates to their mean, the variance of true values taken as known once estimated.

    Parameters
    ----------
    y, v : ndarray of shape (C,)
        Estimates and sampling variances; complete, positive, at least two.
    level : float
    estimator : {"reml", "ml", "dersimonian_laird", "paule_mandel"}
        See :func:`clientindex.agreement.inflation.estimate_between`.
    df : ndarray of shape (C,), optional
        Degrees of freedom of the sampling variances. Intervals are then those of Student's t with
        the degrees of :func:`clientindex.rating.degrees.widen_degrees`, else normal.

    Raises
    ------
    StatisticsError
        With fewer than two units, a missing value, or a variance that is not positive.

    Notes
    -----
    Posterior variance :math:`B_i A + B_i^2 var(\hat\mu)`; it leaves out the error of A, so that
    intervals are too short with few units, and are a point wide beside the mean's error when A is
    estimated as 0. :func:`shrink_by_morris` mends both for normal true values,
    :func:`clientindex.rating.shrinkage.compute_robust_intervals` for any. Agrees with metafor
    (`rma`, `blup`) to 1e-8.
    """
    y, v = np.asarray(y, dtype=np.float64), np.asarray(v, dtype=np.float64)
    check_units(y, v, fewest=2)
    found = estimate_between(y, v, level=level)
    between = float(getattr(found, estimator))
    mean, mean_error = compute_mean(y, v, between)
    b = v / (v + between)
    variance = b * between + b**2 * mean_error**2
    return _report(y, v, b, variance, (between, mean, mean_error), estimator, level, df)


def shrink_by_morris(
    y: NDArray[np.float64],
    v: NDArray[np.float64],
    *,
    level: float,
    df: NDArray[np.float64] | None = None,
) -> Shrunken:
    r"""Draw estimates to their mean by Morris' rule, with the error of the shrinkage in intervals.

    Parameters
    ----------
    y, v : ndarray of shape (C,)
        At least four units.
    level : float
    df : ndarray of shape (C,), optional
        As of :func:`shrink_estimates`.

    Raises
    ------
    StatisticsError
        With fewer than four units, a missing value, or a variance that is not positive.

    Notes
    -----
    With k units and :math:`W_i = 1 / (v_i + A)`, A solves
    :math:`A = \sum W_i (\frac{k}{k-1} (y_i - \mu)^2 - v_i) / \sum W_i`, not below 0, which is
    Paule and Mandel's equation :math:`\sum W_i (y_i - \mu)^2 = k - 1`;

    .. math:: B_i = \frac{k-3}{k-1} \frac{v_i}{v_i + A}, \quad
       s_i^2 = v_i \left(1 - \frac{k - r_i}{k} B_i\right) + \nu_i (y_i - \mu)^2,

    :math:`r_i = k W_i / \sum W`, :math:`\nu_i = \frac{2}{k-3} B_i^2 \frac{\bar v + A}{v_i + A}`,
    :math:`\bar v = \sum W_i v_i / \sum W`. With equal variances it is the James-Stein estimator
    towards the mean with its positive part. Nothing is drawn all the way: where A is 0 the unit
    keeps 2 / (k - 1) of its distance.

    Morris' degrees-of-freedom factor takes normal true values; for k near 4 the intervals are
    rough.
    """
    y, v = np.asarray(y, dtype=np.float64), np.asarray(v, dtype=np.float64)
    check_units(y, v, fewest=FEWEST_MORRIS)
    k = len(y)
    between = estimate_between(y, v, level=level).paule_mandel
    w = 1 / (v + between)
    mean, mean_error = compute_mean(y, v, between)
    b = (k - 3) / (k - 1) * v * w
    own = k * w / w.sum()
    nu = 2 / (k - 3) * b**2 * (w @ v / w.sum() + between) * w
    variance = v * (1 - (k - own) / k * b) + nu * (y - mean) ** 2
    return _report(y, v, b, variance, (between, mean, mean_error), "morris", level, df)


def _report(
    y: NDArray[np.float64],
    v: NDArray[np.float64],
    b: NDArray[np.float64],
    variance: NDArray[np.float64],
    model: tuple[float, float, float],
    method: str,
    level: float,
    df: NDArray[np.float64] | None,
) -> Shrunken:
    between, mean, mean_error = model
    estimate = b * mean + (1 - b) * y
    degrees = np.full(len(y), np.inf) if df is None else np.asarray(df, dtype=np.float64)
    margin = find_quantile(level, widen_degrees(degrees, 1 - b)) * np.sqrt(variance)
    return Shrunken(
        estimate=estimate,
        std_error=np.sqrt(variance),
        ci_low=estimate - margin,
        ci_high=estimate + margin,
        shrinkage=b,
        between=between,
        mean=mean,
        mean_error=mean_error,
        unshrunk_half_length=find_quantile(level, degrees) * np.sqrt(v),
        method=method,
        level=level,
    )
