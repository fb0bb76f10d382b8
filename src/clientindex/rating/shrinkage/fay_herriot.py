r"""Scores of areas drawn to a regression on covariates (Fay and Herriot), with their errors.

At a variance A of true scores, with :math:`B_i = v_i / (v_i + A)`, the empirical best linear
unbiased predictor is :math:`B_i x_i'\hat\beta + (1 - B_i) y_i`. Its mean squared error, to terms of
order 1 / m, is

.. math:: g_1 + g_2 + 2 g_3 - b B_i^2, \quad g_1 = v_i (1 - B_i), \;
          g_2 = B_i^2 x_i' (X'WX)^{-1} x_i, \; g_3 = B_i^2 \, var(\hat A) / (v_i + A),

where the variance and the bias of :math:`\hat A` depend on how it was estimated:

==============  ============================  ==================================================
estimator       variance                      bias b
==============  ============================  ==================================================
reml            :math:`2 / \sum w^2`          0
ml              :math:`2 / \sum w^2`          :math:`-tr(Q X'W^2X) / \sum w^2`
prasad_rao      :math:`2 \sum w^{-2} / m^2`   0
fay_herriot     :math:`2 m / (\sum w)^2`      :math:`2 (m \sum w^2 - (\sum w)^2) / (\sum w)^3`
adjusted_reml   :math:`2 / \sum w^2`          :math:`(2 / A) / \sum w^2`
adjusted_ml     :math:`2 / \sum w^2`          that of ml and that of adjusted_reml, added
==============  ============================  ==================================================

References
----------
Datta G. S., Lahiri P. A unified measure of uncertainty of estimated best linear unbiased predictors
in small area estimation problems. Statistica Sinica, 2000, 10(2), 613-627.
Datta G. S., Rao J. N. K., Smith D. D. On measuring the variability of small area estimators under a
basic area level model. Biometrika, 2005, 92(1), 183-196. doi:10.1093/biomet/92.1.183
Rao J. N. K., Molina I. Small Area Estimation. 2nd ed. Wiley, 2015, 6.1 and 6.2.
See also :mod:`clientindex.rating.shrinkage.model_variance`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from clientindex.rating.degrees import find_quantile, widen_degrees
from clientindex.rating.shrinkage.model_variance import (
    ADJUSTED,
    Regression,
    VarianceEstimator,
    estimate_model_variance,
    fit_regression,
    sum_leverage,
)
from clientindex.rating.shrinkage.units import check_units, make_design

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FayHerriot:
    """Areas drawn to a regression.

    Attributes
    ----------
    estimate, mse, std_error, ci_low, ci_high : ndarray of shape (m,)
        Predictor, its mean squared error and the root, and the interval.
    synthetic : ndarray of shape (m,)
        The regression.
    shrinkage : ndarray of shape (m,)
        Share of the way from the area's own estimate to the regression.
    variance : float
        Of true scores about the regression.
    coefficients, coefficient_errors : ndarray of shape (p + 1,)
        Intercept first.
    r2 : float or None
        Share of the variance of true scores that covariates explain, from 0; None without
        covariates, and where true scores do not differ without them.
    bias_corrected : bool ndarray of shape (m,)
        False where the correction of an adjusted likelihood for the bias of A would take away more
        than all of g1, as with few areas; it is left out there, which errs upwards.
    estimator : str
    level : float
    """

    estimate: NDArray[np.float64]
    mse: NDArray[np.float64]
    std_error: NDArray[np.float64]
    ci_low: NDArray[np.float64]
    ci_high: NDArray[np.float64]
    synthetic: NDArray[np.float64]
    shrinkage: NDArray[np.float64]
    variance: float
    coefficients: NDArray[np.float64]
    coefficient_errors: NDArray[np.float64]
    r2: float | None
    bias_corrected: NDArray[np.bool_]
    estimator: VarianceEstimator
    level: float


def fit_fay_herriot(
    y: NDArray[np.float64],
    v: NDArray[np.float64],
    *,
    level: float,
    covariates: NDArray[np.float64] | None = None,
    estimator: VarianceEstimator = "reml",
    df: NDArray[np.float64] | None = None,
) -> FayHerriot:
    """Draw the scores of areas to a regression on covariates.

    Parameters
    ----------
    y, v : ndarray of shape (m,)
        Estimates and sampling variances; complete, positive.
    level : float
    covariates : ndarray of shape (m, p), optional
        Without an intercept; known without error.
    estimator : str
        Of the variance of true scores, see
        :mod:`clientindex.rating.shrinkage.model_variance`. The adjusted ones are never 0, so that
        no area is drawn all the way; they are biased upwards.
    df : ndarray of shape (m,), optional
        Degrees of freedom of the sampling variances. Intervals are then those of Student's t with
        the degrees of :func:`clientindex.rating.degrees.widen_degrees`, else normal.

    Raises
    ------
    StatisticsError
        With no more areas than coefficients (and two more for an adjusted likelihood), a missing
        value, a variance that is not positive, or covariates that depend on each other.

    Notes
    -----
    Where the variance is estimated as 0, every area gets its regression, and g1 is 0: the intervals
    then trust the regression more than anyone should. Mean squared errors take sampling variances
    as known; `df` lets intervals know that those of few answers are not.
    Coefficients, predictors and mean squared errors agree with R sae (`mseFH`) for reml, ml and
    fay_herriot and with samplics for the first and the last; samplics' ml misses the maximum. The
    corrections of the adjusted likelihoods are those of R emdi.

    Examples
    --------
    >>> import numpy as np
    >>> y, v = np.array([1.0, 5.0, 9.0, 5.0]), np.ones(4)
    >>> fit = fit_fay_herriot(y, v, level=0.95)
    >>> round(fit.variance, 4), fit.estimate.round(3).tolist()
    (9.6667, [1.375, 5.0, 8.625, 5.0])
    """
    y, v = np.asarray(y, dtype=np.float64), np.asarray(v, dtype=np.float64)
    x = make_design(covariates, len(y))
    check_units(y, v, fewest=x.shape[1] + 1)
    variance = estimate_model_variance(y, v, x, estimator)
    fit = fit_regression(y, v, x, variance)
    b = v * fit.w
    synthetic = x @ fit.coefficients
    estimate = synthetic + (1 - b) * fit.residual
    mse, corrected = _compute_mse(v, x, fit, variance, estimator)
    std_error = np.sqrt(mse)
    degrees = np.full(len(y), np.inf) if df is None else np.asarray(df, dtype=np.float64)
    margin = find_quantile(level, widen_degrees(degrees, 1 - b)) * std_error
    return FayHerriot(
        estimate=estimate,
        mse=mse,
        std_error=std_error,
        ci_low=estimate - margin,
        ci_high=estimate + margin,
        synthetic=synthetic,
        shrinkage=b,
        variance=variance,
        coefficients=fit.coefficients,
        coefficient_errors=np.sqrt(np.diag(fit.inverse)),
        r2=_compute_r2(y, v, x, variance, estimator),
        bias_corrected=corrected,
        estimator=estimator,
        level=level,
    )


def _compute_mse(
    v: NDArray[np.float64],
    x: NDArray[np.float64],
    fit: Regression,
    variance: float,
    estimator: VarianceEstimator,
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return mean squared errors, and where their correction for bias was used."""
    b = v * fit.w
    spread, bias = _find_moments(x, fit, variance, estimator)
    left = variance * b
    regression = b**2 * np.einsum("ij,jk,ik->i", x, fit.inverse, x)
    estimated = b**2 * spread * fit.w
    correction = bias * b**2
    corrected = (correction <= left + estimated) | (estimator not in ADJUSTED)
    mse = left + regression + 2 * estimated - np.where(corrected, correction, 0.0)
    return mse, corrected


def _find_moments(
    x: NDArray[np.float64], fit: Regression, variance: float, estimator: VarianceEstimator
) -> tuple[float, float]:
    """Return variance and bias of the estimated variance."""
    w, m = fit.w, len(fit.w)
    total, squares = float(w.sum()), float((w**2).sum())
    if estimator == "prasad_rao":
        return 2 * float((w**-2).sum()) / m**2, 0.0
    if estimator == "fay_herriot":
        return 2 * m / total**2, 2 * (m * squares - total**2) / total**3
    bias = 0.0
    if estimator in ("ml", "adjusted_ml"):
        bias -= sum_leverage(x, fit) / squares
    if estimator in ADJUSTED:
        bias += 2 / variance / squares
    return 2 / squares, bias


def _compute_r2(
    y: NDArray[np.float64],
    v: NDArray[np.float64],
    x: NDArray[np.float64],
    variance: float,
    estimator: VarianceEstimator,
) -> float | None:
    if x.shape[1] == 1:
        return None
    total = estimate_model_variance(y, v, x[:, :1], estimator)
    return max(1 - variance / total, 0.0) if total > 0 else None
