"""Statistics of agreement of two measurements of the same centres, on plain arrays.

Every function takes ``x`` (survey) and ``y`` (checklist) of shape (n,) without missing values and
returns :class:`Estimate` values.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import chi2, f, nct, norm
from scipy.stats import t as student

if TYPE_CHECKING:
    from numpy.typing import NDArray

MINIMUM_PAIRS = 3
"""Fewer centres leave no degree of freedom for a spread and a correlation at once."""

NO_SPREAD = 1e-9
"""A standard deviation in points up to which values count as equal."""

UNDEFINED_CONSTANT = "undefined: all values of one source are equal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A statistic with its interval; NaN where undefined."""

    estimate: float
    std_error: float = float("nan")
    ci_low: float = float("nan")
    ci_high: float = float("nan")
    method: str


def estimate_bias(x: NDArray[np.float64], y: NDArray[np.float64], *, level: float) -> Estimate:
    """Estimate the mean of y - x with Student's t interval."""
    d = y - x
    mean, se = float(d.mean()), float(d.std(ddof=1) / np.sqrt(len(d)))
    margin = float(student.ppf((1 + level) / 2, len(d) - 1)) * se
    return Estimate(
        estimate=mean,
        std_error=se,
        ci_low=mean - margin,
        ci_high=mean + margin,
        method="Student t",
    )


def estimate_sd_difference(
    x: NDArray[np.float64], y: NDArray[np.float64], *, level: float
) -> Estimate:
    """Estimate the standard deviation (ddof 1) of y - x with the chi-square interval.

    ``s sqrt((n - 1) / chi2)`` at both quantiles: exact for normal differences.
    """
    d = y - x
    sd, df = float(d.std(ddof=1)), len(d) - 1
    low, high = np.sqrt(df / chi2.ppf([(1 + level) / 2, (1 - level) / 2], df))
    return Estimate(
        estimate=sd, ci_low=sd * float(low), ci_high=sd * float(high), method="chi-square"
    )


def estimate_limits(
    x: NDArray[np.float64], y: NDArray[np.float64], *, level: float
) -> tuple[Estimate, Estimate]:
    """Estimate the limits of agreement, each with its exact interval.

    Limits ``mean(d) -/+ z s`` with z the normal quantile of `level` (1.96 for 95 %) bound the
    differences of that share of centres. The upper limit's interval is ``mean(d) + s c`` with
    ``c = nct(p; n - 1, z sqrt(n)) / sqrt(n)`` at p = (1 -/+ level) / 2, and the lower limit's is
    its mirror image: each limit by itself is covered at `level` for normal differences. The
    standard error is the usual approximation ``s sqrt(1 / n + z² / (2 (n - 1)))``.

    Returns
    -------
    low, high : Estimate

    References
    ----------
    Bland J. M., Altman D. G. Measuring agreement in method comparison studies. Statistical Methods
    in Medical Research, 1999, 8, 135-160. doi:10.1177/096228029900800204

    Carkeet A. Exact parametric confidence intervals for Bland-Altman limits of agreement. Optometry
    and Vision Science, 2015, 92(3), e71-e80. doi:10.1097/OPX.0000000000000513
    """
    d = y - x
    n, mean, sd = len(d), float(d.mean()), float(d.std(ddof=1))
    z = float(norm.ppf((1 + level) / 2))
    near, far = nct.ppf([(1 - level) / 2, (1 + level) / 2], n - 1, z * np.sqrt(n)) / np.sqrt(n)
    se = sd * float(np.sqrt(1 / n + z**2 / (2 * (n - 1))))
    method = "exact, noncentral t"
    low = Estimate(
        estimate=mean - z * sd,
        std_error=se,
        ci_low=mean - sd * float(far),
        ci_high=mean - sd * float(near),
        method=method,
    )
    high = Estimate(
        estimate=mean + z * sd,
        std_error=se,
        ci_low=mean + sd * float(near),
        ci_high=mean + sd * float(far),
        method=method,
    )
    return low, high


def estimate_pearson(x: NDArray[np.float64], y: NDArray[np.float64], *, level: float) -> Estimate:
    """Estimate Pearson's correlation with Fisher's z interval.

    ``tanh(atanh(r) -/+ z / sqrt(n - 3))``; three centres carry no information beyond -1 to 1.
    Undefined (NaN) when all values of one source are equal.
    """
    if _is_constant(x, y):
        return Estimate(estimate=float("nan"), method=UNDEFINED_CONSTANT)
    r = float(np.clip(np.corrcoef(x, y)[0, 1], -1, 1))
    low, high = -1.0, 1.0
    if len(x) > MINIMUM_PAIRS:
        margin = norm.ppf((1 + level) / 2) / np.sqrt(len(x) - 3)
        with np.errstate(divide="ignore"):
            centre = np.arctanh(r)
        low, high = float(np.tanh(centre - margin)), float(np.tanh(centre + margin))
    return Estimate(estimate=r, ci_low=low, ci_high=high, method="Fisher z")


def estimate_icc(ratings: NDArray[np.float64], *, level: float) -> tuple[Estimate, Estimate]:
    """Estimate ICC(A,1) and ICC(C,1) of single measurements, two-way.

    Parameters
    ----------
    ratings : ndarray of shape (n, k)
        n centres measured by k sources, complete.
    level : float

    Returns
    -------
    absolute, consistency : Estimate
        Undefined (NaN) when all values of one source are equal.

    Notes
    -----
    With mean squares of rows R, columns C and error E,
    ``ICC(C,1) = (R - E) / (R + (k - 1) E)`` and
    ``ICC(A,1) = (R - E) / (R + (k - 1) E + k (C - E) / n)``.
    The interval of ICC(C,1) is exact; that of ICC(A,1) uses Satterthwaite's degrees of freedom.
    Agrees with ``irr::icc`` and ``psych::ICC(lmer = FALSE)`` to 1e-12 of their printed digits;
    pingouin gives the same and rounds intervals to two decimals.

    References
    ----------
    McGraw K. O., Wong S. P. Forming inferences about some intraclass correlation coefficients.
    Psychological Methods, 1996, 1(1), 30-46. doi:10.1037/1082-989X.1.1.30
    """
    if _is_constant(*ratings.T):
        undefined = Estimate(estimate=float("nan"), method=UNDEFINED_CONSTANT)
        return undefined, undefined
    squares = _MeanSquares.of(ratings)
    return _absolute(squares, level), _consistency(squares, level)


@dataclass(frozen=True, slots=True, kw_only=True)
class _MeanSquares:
    """Mean squares of the two-way layout: rows (centres), columns (sources), error."""

    rows: float
    columns: float
    error: float
    n: int
    k: int

    @classmethod
    def of(cls, ratings: NDArray[np.float64]) -> _MeanSquares:
        n, k = ratings.shape
        grand = ratings.mean()
        row, column = ratings.mean(axis=1), ratings.mean(axis=0)
        residual = ratings - row[:, None] - column + grand
        error = float((residual**2).sum() / ((n - 1) * (k - 1)))
        return cls(
            rows=float(k * ((row - grand) ** 2).sum() / (n - 1)),
            columns=float(n * ((column - grand) ** 2).sum() / (k - 1)),
            error=error if error > NO_SPREAD**2 else 0.0,
            n=n,
            k=k,
        )


def _consistency(m: _MeanSquares, level: float) -> Estimate:
    estimate = (m.rows - m.error) / (m.rows + (m.k - 1) * m.error)
    low = high = 1.0
    if m.error > 0:
        ratio, df, df_error = m.rows / m.error, m.n - 1, (m.n - 1) * (m.k - 1)
        f_low = ratio / float(f.ppf((1 + level) / 2, df, df_error))
        f_high = ratio * float(f.ppf((1 + level) / 2, df_error, df))
        low, high = (f_low - 1) / (f_low + m.k - 1), (f_high - 1) / (f_high + m.k - 1)
    return Estimate(estimate=estimate, ci_low=low, ci_high=high, method="F, exact")


def _absolute(m: _MeanSquares, level: float) -> Estimate:
    n, k = m.n, m.k
    excess = k * (m.columns - m.error) / n
    estimate = (m.rows - m.error) / (m.rows + (k - 1) * m.error + excess)
    low = high = 1.0
    if estimate < 1:
        df = _satterthwaite(m, estimate)
        f_low = float(f.ppf((1 + level) / 2, n - 1, df))
        f_high = float(f.ppf((1 + level) / 2, df, n - 1))
        nuisance = k * m.columns + (k * n - k - n) * m.error
        low = n * (m.rows - f_low * m.error) / (f_low * nuisance + n * m.rows)
        high = n * (f_high * m.rows - m.error) / (nuisance + n * f_high * m.rows)
    return Estimate(estimate=estimate, ci_low=low, ci_high=high, method="F, Satterthwaite")


def _satterthwaite(m: _MeanSquares, icc: float) -> float:
    a = m.k * icc / (m.n * (1 - icc))
    b = 1 + m.k * icc * (m.n - 1) / (m.n * (1 - icc))
    spread = (a * m.columns) ** 2 / (m.k - 1)
    spread += (b * m.error) ** 2 / ((m.n - 1) * (m.k - 1))
    return (a * m.columns + b * m.error) ** 2 / spread


def _is_constant(*sources: NDArray[np.float64]) -> bool:
    return any(float(values.std()) <= NO_SPREAD for values in sources)
