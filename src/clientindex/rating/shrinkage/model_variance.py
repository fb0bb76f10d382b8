r"""Variance of true scores about a regression on covariates, by six estimators.

:math:`y_i = x_i'\beta + u_i + e_i`, :math:`var(u_i) = A`, :math:`var(e_i) = v_i` known. With
:math:`W = diag(1 / (v_i + A))`, :math:`Q = (X'WX)^{-1}` and residuals r of the weighted regression:

=================  =============================================================================
reml               :math:`\sum w^2 r^2 = tr P`, :math:`P = W - WXQX'W`, at the highest likelihood
ml                 :math:`\sum w^2 r^2 = \sum w`, likewise
fay_herriot        :math:`\sum w r^2 = m - p` (Paule and Mandel's, with covariates)
prasad_rao         :math:`(\sum r_0^2 - \sum v (1 - h)) / (m - p)`, of plain least squares
adjusted_reml      highest A times the restricted likelihood, above 0 always (Li and Lahiri)
adjusted_ml        highest A times the likelihood
=================  =============================================================================

References
----------
Fay R. E., Herriot R. A. Estimates of income for small places: an application of James-Stein
procedures to census data. Journal of the American Statistical Association, 1979, 74(366), 269-277.
doi:10.1080/01621459.1979.10482505
Li H., Lahiri P. An adjusted maximum likelihood method for solving small area estimation problems.
Journal of Multivariate Analysis, 2010, 101(4), 882-892. doi:10.1016/j.jmva.2009.10.009
Prasad N. G. N., Rao J. N. K. The estimation of the mean squared error of small-area estimators.
Journal of the American Statistical Association, 1990, 85(409), 163-171.
doi:10.1080/01621459.1990.10475320
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from scipy.optimize import brentq

from clientindex.agreement.inflation.between import solve_falling
from clientindex.errors import StatisticsError
from clientindex.reliability.centres.one_way import search_bounded

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

VarianceEstimator = Literal[
    "reml", "ml", "fay_herriot", "prasad_rao", "adjusted_reml", "adjusted_ml"
]

ADJUSTED = ("adjusted_reml", "adjusted_ml")
RESTRICTED = ("reml", "adjusted_reml")

HIGHEST_SHARE = 1 - 1e-9
"""Where the search over A / (A + typical v) ends."""

NEIGHBOURHOOD = 1e-2
"""Relative distance within which the root of the score is looked for around a maximum."""

ROOT_TOLERANCE = 1e-14

SPARE_UNITS = 2
"""Units more than coefficients that an adjusted likelihood must exceed to have a maximum."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Regression:
    """Weighted regression at a variance of true scores.

    Attributes
    ----------
    coefficients : ndarray of shape (p,)
    inverse : ndarray of shape (p, p)
        :math:`(X'WX)^{-1}`, their covariance.
    residual : ndarray of shape (m,)
    w : ndarray of shape (m,)
    """

    coefficients: NDArray[np.float64]
    inverse: NDArray[np.float64]
    residual: NDArray[np.float64]
    w: NDArray[np.float64]


def fit_regression(
    y: NDArray[np.float64], v: NDArray[np.float64], x: NDArray[np.float64], variance: float
) -> Regression:
    """Fit the regression with weights ``1 / (v + variance)``."""
    w = 1 / (v + variance)
    root = np.sqrt(w)
    q, r = np.linalg.qr(x * root[:, None])
    coefficients = np.linalg.solve(r, q.T @ (y * root))
    back = np.linalg.inv(r)
    return Regression(
        coefficients=coefficients, inverse=back @ back.T, residual=y - x @ coefficients, w=w
    )


def estimate_model_variance(
    y: NDArray[np.float64],
    v: NDArray[np.float64],
    x: NDArray[np.float64],
    estimator: VarianceEstimator,
) -> float:
    """Estimate the variance of true scores about the regression.

    Parameters
    ----------
    y, v : ndarray of shape (m,)
        Checked estimates and sampling variances.
    x : ndarray of shape (m, p)
        With its column of ones.
    estimator : str

    Raises
    ------
    StatisticsError
        When an adjusted likelihood has no maximum: it needs more than p + 2 units.

    Notes
    -----
    reml, ml, fay_herriot and prasad_rao agree with metafor (`rma` with REML, ML, PM and HE) to
    1e-8, the adjusted ones with the maximum of metafor's likelihood times A found by R `optimize`.
    """
    m, p = x.shape
    if estimator == "prasad_rao":
        return _fit_moments(y, v, x)
    if estimator == "fay_herriot":
        return solve_falling(
            lambda a: _sum_squares(fit_regression(y, v, x, a)) - (m - p), start=float(np.median(v))
        )
    if estimator in ADJUSTED and m <= p + SPARE_UNITS:
        message = f"an adjusted likelihood of {p} coefficients needs more than {p + 2} units"
        raise StatisticsError(message)
    return _maximise(y, v, x, estimator)


def _sum_squares(fit: Regression) -> float:
    return float(fit.w @ fit.residual**2)


def _fit_moments(y: NDArray[np.float64], v: NDArray[np.float64], x: NDArray[np.float64]) -> float:
    q, _ = np.linalg.qr(x)
    leverage = (q**2).sum(axis=1)
    residual = y - q @ (q.T @ y)
    excess = (residual**2).sum() - v @ (1 - leverage)
    return max(float(excess / (len(y) - x.shape[1])), 0.0)


def _maximise(
    y: NDArray[np.float64],
    v: NDArray[np.float64],
    x: NDArray[np.float64],
    estimator: VarianceEstimator,
) -> float:
    """Return the variance of highest likelihood: a grid's valley, then the root of the score."""
    scale = float(np.median(v))
    deviance = _make_deviance(y, v, x, estimator)
    score = _make_score(y, v, x, estimator)
    share = search_bounded(lambda s: deviance(scale * s / (1 - s)), HIGHEST_SHARE)
    found = scale * share / (1 - share)
    low, high = found * (1 - NEIGHBOURHOOD), found * (1 + NEIGHBOURHOOD)
    if found > 0 and score(low) > 0 > score(high):
        return float(brentq(score, low, high, xtol=ROOT_TOLERANCE, rtol=ROOT_TOLERANCE))
    return found


def _make_deviance(
    y: NDArray[np.float64],
    v: NDArray[np.float64],
    x: NDArray[np.float64],
    estimator: VarianceEstimator,
) -> Callable[[float], float]:
    """Return minus twice the logarithm of the (restricted, adjusted) likelihood."""

    def deviance(variance: float) -> float:
        if estimator in ADJUSTED and variance <= 0:
            return np.inf
        fit = fit_regression(y, v, x, variance)
        value = _sum_squares(fit) - np.log(fit.w).sum()
        if estimator in RESTRICTED:
            value -= np.linalg.slogdet(fit.inverse)[1]
        if estimator in ADJUSTED:
            value -= 2 * np.log(variance)
        return float(value)

    return deviance


def _make_score(
    y: NDArray[np.float64],
    v: NDArray[np.float64],
    x: NDArray[np.float64],
    estimator: VarianceEstimator,
) -> Callable[[float], float]:
    """Return twice the derivative of the same logarithm."""

    def score(variance: float) -> float:
        fit = fit_regression(y, v, x, variance)
        value = (fit.w**2) @ fit.residual**2 - fit.w.sum()
        if estimator in RESTRICTED:
            value += sum_leverage(x, fit)
        if estimator in ADJUSTED:
            value += 2 / variance
        return float(value)

    return score


def sum_leverage(x: NDArray[np.float64], fit: Regression) -> float:
    r"""Sum :math:`w_i^2 x_i' (X'WX)^{-1} x_i`, the trace of :math:`W - P`."""
    return float(np.einsum("i,ij,jk,ik->", fit.w**2, x, fit.inverse, x, optimize=True))
