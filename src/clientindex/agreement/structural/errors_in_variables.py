"""Errors-in-variables with an equation error: the line of the checklist on what visitors felt.

``x = xi + u`` with a known error variance of every centre (sampling error of the survey),
``y = intercept + slope xi + q + e``: q is the equation error, what the checklist adds to a centre
of its own, and e an error of y known to be there (zero without second visits). Nothing has to be
known about q, so method variance of y has a place of its own and does not bend the slope.

What it can show: the slope and intercept on the survey's true value, and how much of the checklist
is not explained by it. What it cannot: tell halo of visitors from the trait. Halo is a part of
``xi``; with the halo variance from the decomposition added to the known error variance the line is
that on the trait. It needs ``q`` and ``u`` unrelated to ``xi`` and to each other.

References
----------
Fuller W. A. Measurement Error Models. Wiley, 1987, sections 1.2 and 3.1.
doi:10.1002/9780470316665
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import t as student

from clientindex.agreement.structural.line import Coefficient, tidy_coefficients
from clientindex.agreement.structural.pairs import Pairs, compute_moments, take_pairs
from clientindex.agreement.structural.resampling import (
    BOOTSTRAP,
    JACKKNIFE,
    bootstrap_coefficients,
    jackknife_coefficients,
    make_symmetric,
)
from clientindex.errors import StatisticsError

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from clientindex.reliability.centres.jackknife import Strata

DELTA = "delta method, Student t"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class KnownErrors:
    """Complete pairs with what is known of their errors.

    Attributes
    ----------
    pairs : Pairs
    var_x, var_y : ndarray of shape (n,)
        Known error variances; ``var_y`` is zero where nothing is known.
    design : ndarray of shape (n,)
        Weights of the centres, summing to n.
    """

    pairs: Pairs
    var_x: NDArray[np.float64]
    var_y: NDArray[np.float64]
    design: NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class EquationErrorLine:
    """The line ``y = intercept + slope xi + q`` with its equation error variance.

    Attributes
    ----------
    intercept, slope : Coefficient
    equation_variance : Coefficient
        Variance of q as estimated, not cut off at zero.
    reliability_x : float
        Share of the variance of x that is not known error.
    method : str
    level : float
    n, n_dropped : int
    """

    intercept: Coefficient
    slope: Coefficient
    equation_variance: Coefficient
    reliability_x: float
    method: str
    level: float
    n: int
    n_dropped: int

    def tidy(self) -> pd.DataFrame:
        """Return the coefficients as a tidy table."""
        named = {
            "intercept": self.intercept,
            "slope": self.slope,
            "equation_variance": self.equation_variance,
        }
        return tidy_coefficients(named, method=self.method, level=self.level, n=self.n)


def take_known_errors(
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    *,
    var_x: NDArray[np.float64],
    var_y: NDArray[np.float64] | None = None,
    design: NDArray[np.float64] | None = None,
) -> KnownErrors:
    """Take the centres with both measurements and a known error variance of x.

    Parameters
    ----------
    x, y, var_x : ndarray of shape (C,)
    var_y : ndarray of shape (C,), optional
        None: no known error of y, all scatter is equation error.
    design : ndarray of shape (C,), optional
        Weights of the centres, fixed beforehand; None gives every centre the same.

    Raises
    ------
    StatisticsError
        When too few pairs are complete, a variance or a weight is negative, or the known error is
        all the variance of x.
    """
    extra = var_x if var_y is None else var_y
    weight = np.ones(len(x)) if design is None else design
    pairs = take_pairs(x, y, var_x, extra, weight)
    kept = pairs.kept
    known = KnownErrors(
        pairs=pairs,
        var_x=var_x[kept],
        var_y=np.zeros(pairs.n) if var_y is None else var_y[kept],
        design=weight[kept] * pairs.n / weight[kept].sum(),
    )
    if (known.var_x < 0).any() or (known.var_y < 0).any() or (known.design < 0).any():
        message = "known error variances and weights of centres cannot be negative"
        raise StatisticsError(message)
    if not np.isfinite(fit_errors_in_variables(known)).all():
        message = "the known error is all the variance of x: no line can be fitted"
        raise StatisticsError(message)
    return known


def fit_errors_in_variables(
    known: KnownErrors, *, weights: NDArray[np.float64] | None = None
) -> NDArray[np.float64]:
    r"""Fit intercept, slope and equation error variance by moments.

    With weights w that sum to one,

    .. math:: b = \frac{\sum w (x - \bar x)(y - \bar y)}
                       {\sum w (x - \bar x)^2 - \sum w (1 - w) v_x}

    because sampling error adds ``sum w (1 - w) v_x`` to the sum of squares; with equal weights it
    is the covariance over the variance less the mean error variance. The equation error variance
    is that of the residuals (divisor n - 2) less ``b^2 v_x + v_y``.

    Parameters
    ----------
    known : KnownErrors
    weights : ndarray of shape (..., n), optional
        How often a centre enters; multiplies the weights of the centres.

    Returns
    -------
    ndarray of shape (..., 3)
        Intercept, slope, equation error variance; NaN where the known error is all the variance
        of x.
    """
    counts = np.ones(known.pairs.n) if weights is None else weights
    w = counts * known.design
    total = w.sum(axis=-1)
    moments = compute_moments(known.pairs.x, known.pairs.y, w)
    # A centre drawn twice is two centres: its own error enters with w (1 - w) for each of them.
    split = w - w * known.design / total[..., None]
    error_x, error_y = split @ known.var_x, split @ known.var_y
    with np.errstate(invalid="ignore", divide="ignore"):
        signal = np.where(moments.s_xx > error_x, moments.s_xx - error_x, np.nan)
        slope = moments.s_xy / signal
        residual = moments.s_yy - 2 * slope * moments.s_xy + slope**2 * moments.s_xx
        n = counts.sum(axis=-1)
        own = total - (w * known.design).sum(axis=-1) / total
        variance = (residual * (n - 1) / (n - 2) - slope**2 * error_x - error_y) / own
    return np.stack([moments.mean_y - slope * moments.mean_x, slope, variance], axis=-1)


def compute_reliability(known: KnownErrors) -> float:
    """Compute the share of the variance of x that is not known error."""
    w = known.design / known.pairs.n
    spread = float(w @ (known.pairs.x - w @ known.pairs.x) ** 2)
    return 1 - float((w * (1 - w)) @ known.var_x) / spread


def estimate_errors_in_variables(known: KnownErrors, *, level: float) -> EquationErrorLine:
    r"""Estimate the line with errors by the delta method.

    With residuals r the influence of centre i on the slope is ``w ((x - \bar x) r + b v_x) / D``,
    D the denominator of the slope; on the intercept ``w r - \bar x`` times that; on the equation
    error variance ``w (r^2 - b^2 v_x - v_y - \sigma_q^2)``. Errors are the roots of their sums of
    squares times ``n / (n - 2)``: they allow any change of variances between centres, and take
    ``v_x`` for known.

    Parameters
    ----------
    known : KnownErrors
    level : float
    """
    n = known.pairs.n
    estimate = fit_errors_in_variables(known)
    error = np.sqrt((_compute_influence(known, estimate) ** 2).sum(axis=0) * n / (n - 2))
    quantile = float(student.ppf((1 + level) / 2, n - 2))
    coefficients = make_symmetric(estimate, error, quantile=quantile)
    return _make_result(coefficients, known, level=level, method=DELTA)


def _compute_influence(known: KnownErrors, estimate: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return what every centre adds to the three estimates, shape (n, 3)."""
    x, y = known.pairs.x, known.pairs.y
    w = known.design / known.pairs.n
    intercept, slope, variance = estimate
    residual = y - intercept - slope * x
    mean = w @ x
    signal = w @ (x - mean) ** 2 - (w * (1 - w)) @ known.var_x
    on_slope = w * ((x - mean) * residual + slope * known.var_x) / signal
    on_variance = w * (residual**2 - slope**2 * known.var_x - known.var_y - variance)
    return np.column_stack([w * residual - mean * on_slope, on_slope, on_variance])


def jackknife_errors_in_variables(
    known: KnownErrors, *, level: float, strata: Strata | None = None
) -> EquationErrorLine:
    """Estimate the line with jackknife errors; strata are those of the complete pairs."""
    coefficients = jackknife_coefficients(
        lambda weights: fit_errors_in_variables(known, weights=weights),
        known.pairs.n,
        level=level,
        strata=strata,
    )
    return _make_result(coefficients, known, level=level, method=JACKKNIFE)


def bootstrap_errors_in_variables(
    known: KnownErrors,
    *,
    level: float,
    seed: np.random.SeedSequence,
    resamples: int,
    strata: Strata | None = None,
) -> EquationErrorLine:
    """Estimate the line with intervals of the bootstrap over centres."""
    coefficients = bootstrap_coefficients(
        lambda weights: fit_errors_in_variables(known, weights=weights),
        known.pairs.n,
        level=level,
        seed=seed,
        resamples=resamples,
        strata=strata,
    )
    return _make_result(coefficients, known, level=level, method=BOOTSTRAP)


def _make_result(
    coefficients: list[Coefficient], known: KnownErrors, *, level: float, method: str
) -> EquationErrorLine:
    intercept, slope, variance = coefficients
    return EquationErrorLine(
        intercept=intercept,
        slope=slope,
        equation_variance=variance,
        reliability_x=compute_reliability(known),
        method=method,
        level=level,
        n=known.pairs.n,
        n_dropped=known.pairs.n_dropped,
    )
