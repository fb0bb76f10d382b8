r"""Limits of agreement of single measurements from repeated ones.

Means of replicates agree better than single measurements do. Two designs:

constant : The true value of a subject does not change, replicates of x and y are unrelated (x in
any
    number, y in any number). Variance of single differences :math:`S^2 = s_{\bar d}^2 + (1 -
    \overline{1/m_x}) s_{xw}^2 + (1 - \overline{1/m_y}) s_{yw}^2`, with the variance of the
    differences of means and the variances within subjects (Bland and Altman 1999, section 5.2).
varying : The true value changes between replicates, which come as simultaneous pairs (x, y): the
    variance between subjects of d plus that within (section 5.3; Zou 2013).

References
----------
Bland J. M., Altman D. G. Measuring agreement in method comparison studies. Statistical Methods in
Medical Research, 1999, 8, 135-160. doi:10.1177/096228029900800204
Zou G. Y. Confidence interval estimation for the Bland-Altman limits of agreement with multiple
observations per individual. Statistical Methods in Medical Research, 2013, 22(6), 630-642.
doi:10.1177/0962280211402548
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Self

import numpy as np
from scipy.stats import chi2, norm

from clientindex.agreement.coefficients.difference import estimate_bias
from clientindex.agreement.coefficients.estimate import (
    MINIMUM_PAIRS,
    UNDEFINED_FEW,
    Estimate,
    check_share,
    leave_undefined,
)
from clientindex.agreement.coefficients.limits import Limits

if TYPE_CHECKING:
    from numpy.typing import NDArray

Interval = Literal["mover", "bland1999"]

METHODS: dict[Interval, str] = {
    "mover": "MOVER, Zou 2013",
    "bland1999": "normal, Bland and Altman 1999",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RepeatedLimits:
    """Limits of agreement of single measurements.

    Attributes
    ----------
    bias : Estimate
        Mean over subjects, with Student's t interval.
    limits : Limits
    sd_single : float
        Corrected standard deviation of differences of single measurements.
    variance_means : float
        Variance of the subjects' mean differences.
    variance_within_x, variance_within_y : float
        Variances of replicates within subjects; both NaN in the varying design.
    variance_within_difference : float
        Variance of differences within subjects; NaN in the constant design.
    n : int
        Subjects with both measurements.
    n_x, n_y : int
        Measurements used.
    """

    bias: Estimate
    limits: Limits
    sd_single: float
    variance_means: float
    variance_within_x: float
    variance_within_y: float
    variance_within_difference: float
    n: int
    n_x: int
    n_y: int


def estimate_repeated_limits(
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    *,
    level: float,
    coverage: float | None = None,
    interval: Interval = "mover",
) -> RepeatedLimits:
    """Estimate limits of agreement from unrelated replicates of a constant true value.

    Parameters
    ----------
    x : ndarray of shape (n, a)
        Replicates of n subjects by the first method; NaN where there are fewer than a.
    y : ndarray of shape (n, b)
        By the second method. Subjects without any measurement of one method are dropped.
    level : float
    coverage : float, optional
        Share of differences that the limits bound; `level` when not given.
    interval : {"mover", "bland1999"}

    Returns
    -------
    RepeatedLimits
        Undefined (NaN) with fewer than three subjects. A method measured once everywhere needs no
        correction, and its variance within subjects is NaN.

    Raises
    ------
    ValueError
        For tables that do not have one row a subject each, or a level or coverage outside 0 to 1.

    Notes
    -----
    ``var(limit) = s_d² / n + z² var(S²) / (4 S²)`` for ``bland1999``, with the chi-square variances
    ``2 c² s⁴ / df`` of the components c s². Both intervals use normal quantiles for the mean, as
    published; both agree with SimplyAgree 0.3.0 (``reps``) to its printed digits.
    """
    coverage = _check(x, y, level, coverage, interval)
    keep = (~np.isnan(x)).any(axis=1) & (~np.isnan(y)).any(axis=1)
    one, two = _Replicates.of(x[keep]), _Replicates.of(y[keep])
    d = two.means - one.means
    if len(d) < MINIMUM_PAIRS:
        return _leave(level, coverage, one.n, two.n, len(d))
    sides = [_Component(variance=s.variance, df=s.df, factor=s.correction) for s in (one, two)]
    bias = _estimate_bias(d, level)
    components = [_between(d), *(side for side in sides if side.df > 0)]
    return RepeatedLimits(
        bias=bias,
        limits=_estimate_limits(bias, components, coverage, interval),
        sd_single=float(np.sqrt(_add_up(components))),
        variance_means=components[0].variance,
        variance_within_x=one.variance,
        variance_within_y=two.variance,
        variance_within_difference=float("nan"),
        n=len(d),
        n_x=one.n,
        n_y=two.n,
    )


def estimate_linked_limits(
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    *,
    level: float,
    coverage: float | None = None,
    interval: Interval = "mover",
) -> RepeatedLimits:
    """Estimate limits of agreement from simultaneous pairs while the true value varies.

    ``S² = s_d² + (1 - mean(1 / m)) s_dw²`` with s_dw² the variance of differences within subjects.

    Parameters
    ----------
    x, y : ndarray of shape (n, m)
        Pair j of subject i is ``x[i, j], y[i, j]``; a pair with a NaN is dropped.
    level, coverage, interval
        As for :func:`estimate_repeated_limits`.

    Returns
    -------
    RepeatedLimits
        Undefined (NaN) with fewer than three subjects.

    Raises
    ------
    ValueError
        For tables of unequal shape, or a level or coverage outside 0 to 1.

    Notes
    -----
    The estimates are those of SimplyAgree 0.3.0 (``nest``), whose mixed model gives other
    intervals.
    """
    coverage = _check(x, y, level, coverage, interval)
    if x.shape != y.shape:
        msg = f"x and y must have one shape to be linked, not {x.shape} and {y.shape}"
        raise ValueError(msg)
    both = y - x
    inside = _Replicates.of(both[(~np.isnan(both)).any(axis=1)])
    d = inside.means
    if len(d) < MINIMUM_PAIRS:
        return _leave(level, coverage, inside.n, inside.n, len(d))
    components = [_between(d)]
    if inside.df > 0:
        components.append(
            _Component(variance=inside.variance, df=inside.df, factor=inside.correction)
        )
    bias = _estimate_bias(d, level)
    return RepeatedLimits(
        bias=bias,
        limits=_estimate_limits(bias, components, coverage, interval),
        sd_single=float(np.sqrt(_add_up(components))),
        variance_means=components[0].variance,
        variance_within_x=float("nan"),
        variance_within_y=float("nan"),
        variance_within_difference=inside.variance,
        n=len(d),
        n_x=inside.n,
        n_y=inside.n,
    )


def estimate_within_variance(values: NDArray[np.float64]) -> float:
    """Estimate the variance of replicates within subjects, pooled over subjects.

    The mean square within of the one-way layout; its square root is the within-subject SD, and 1.96
    sqrt(2) of that Bland and Altman's repeatability.

    Parameters
    ----------
    values : ndarray of shape (n, m)
        NaN where there are fewer than m replicates. NaN is returned where nobody has two.
    """
    return _Replicates.of(values[(~np.isnan(values)).any(axis=1)]).variance


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Replicates:
    """Replicates of n subjects by one method.

    Attributes
    ----------
    means : ndarray of shape (n,)
    variance : float
        Pooled within subjects; NaN without replicates.
    df : int
    correction : float
        ``1 - mean(1 / m)``: the share of it that means do not carry.
    n : int
        Measurements.
    """

    means: NDArray[np.float64]
    variance: float
    df: int
    correction: float
    n: int

    @classmethod
    def of(cls, values: NDArray[np.float64]) -> Self:
        """Compute them from a table whose rows have at least one value each."""
        counts = (~np.isnan(values)).sum(axis=1)
        means = np.nansum(values, axis=1) / counts
        df = int((counts - 1).sum())
        squares = float(np.nansum((values - means[:, None]) ** 2))
        return cls(
            means=means,
            variance=squares / df if df else float("nan"),
            df=df,
            correction=float(1 - (1 / counts).mean()) if len(counts) else 0.0,
            n=int(counts.sum()),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Component:
    """An independent mean square with its degrees of freedom and its factor in the total."""

    variance: float
    df: int
    factor: float


def _between(d: NDArray[np.float64]) -> _Component:
    return _Component(variance=float(d.var(ddof=1)), df=len(d) - 1, factor=1.0)


def _add_up(components: list[_Component]) -> float:
    return sum(c.factor * c.variance for c in components)


def _estimate_bias(d: NDArray[np.float64], level: float) -> Estimate:
    n = len(d)
    return estimate_bias(np.zeros(n), d, level=level)


def _estimate_limits(
    bias: Estimate, components: list[_Component], coverage: float, interval: Interval
) -> Limits:
    """Return the limits around the bias, each with its interval at the level of the bias."""
    z, quantile = float(norm.ppf((1 + coverage) / 2)), float(norm.ppf((1 + bias.level) / 2))
    total = _add_up(components)
    sd = float(np.sqrt(total))
    spread = sum(2 * (c.factor * c.variance) ** 2 / c.df for c in components)
    # Without any spread, of zero variance, the limits are the bias.
    share = z**2 * spread / (4 * total) if total > 0 else 0.0
    se = float(np.sqrt(bias.std_error**2 + share))
    near = far = quantile * se
    if interval == "mover":
        low, high = _recover(components, bias.level)
        near = float(np.hypot(quantile * bias.std_error, z * (sd - np.sqrt(low))))
        far = float(np.hypot(quantile * bias.std_error, z * (np.sqrt(high) - sd)))

    def at(sign: int, below: float, above: float) -> Estimate:
        limit = bias.estimate + sign * z * sd
        return Estimate(
            estimate=limit,
            std_error=se,
            ci_low=limit - below,
            ci_high=limit + above,
            level=bias.level,
            n=bias.n,
            method=METHODS[interval],
        )

    return Limits(low=at(-1, far, near), high=at(1, near, far), coverage=coverage)


def _recover(components: list[_Component], level: float) -> tuple[float, float]:
    """Return the limits of a sum of variances from the chi-square limits of each."""
    total, below, above = _add_up(components), 0.0, 0.0
    for c in components:
        low, high = c.df / chi2.ppf([(1 + level) / 2, (1 - level) / 2], c.df)
        below += (c.factor * c.variance * (1 - low)) ** 2
        above += (c.factor * c.variance * (high - 1)) ** 2
    return max(total - float(np.sqrt(below)), 0.0), total + float(np.sqrt(above))


def _leave(level: float, coverage: float, n_x: int, n_y: int, n: int) -> RepeatedLimits:
    nothing, nan = leave_undefined(UNDEFINED_FEW, level=level, n=n), float("nan")
    return RepeatedLimits(
        bias=nothing,
        limits=Limits(low=nothing, high=nothing, coverage=coverage),
        sd_single=nan,
        variance_means=nan,
        variance_within_x=nan,
        variance_within_y=nan,
        variance_within_difference=nan,
        n=n,
        n_x=n_x,
        n_y=n_y,
    )


def _check(
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    level: float,
    coverage: float | None,
    interval: str,
) -> float:
    check_share(level, "level")
    coverage = level if coverage is None else coverage
    check_share(coverage, "coverage")
    if interval not in METHODS:
        msg = f"interval must be one of {', '.join(METHODS)}, not {interval!r}"
        raise ValueError(msg)
    if x.ndim != 2 or y.ndim != 2 or len(x) != len(y):
        msg = f"x and y must have a row a subject, not shapes {x.shape} and {y.shape}"
        raise ValueError(msg)
    return coverage
