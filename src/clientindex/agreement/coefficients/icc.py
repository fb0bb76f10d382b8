r"""Intraclass correlations of n centres measured by k sources, after McGraw and Wong (1996).

======== ================================ ========================================================
ICC(1)   one-way: sources exchangeable    ``(R - W) / (R + (k - 1) W)``
ICC(C,1) consistency: a gap is no matter  ``(R - E) / (R + (k - 1) E)``
ICC(A,1) absolute agreement: a gap counts ``(R - E) / (R + (k - 1) E + k (C - E) / n)``
======== ================================ ========================================================

with mean squares of rows R, of columns C, within rows W and of error E. The average of k sources
has ICC(., k), the Spearman-Brown value ``k icc / (1 + (k - 1) icc)`` of a single one.

With two sources that are fixed, such as survey and checklist, C is one draw however many centres
there are: the interval of ICC(A,1) hardly shrinks with n, so lead with the bias and ICC(C,1).

References
----------
McGraw K. O., Wong S. P. Forming inferences about some intraclass correlation coefficients.
Psychological Methods, 1996, 1(1), 30-46. doi:10.1037/1082-989X.1.1.30
Shrout P. E., Fleiss J. L. Intraclass correlations: uses in assessing rater reliability.
Psychological Bulletin, 1979, 86(2), 420-428. doi:10.1037/0033-2909.86.2.420
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from scipy.stats import f

from clientindex.agreement.coefficients.estimate import (
    MINIMUM_PAIRS,
    UNDEFINED_CONSTANT,
    UNDEFINED_FEW,
    Estimate,
    check_complete,
    check_share,
    has_constant,
    leave_undefined,
)
from clientindex.agreement.coefficients.mean_squares import MeanSquares

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FEWEST_SOURCES = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class FTest:
    """A ratio of mean squares against 1."""

    statistic: float
    df: tuple[float, float]
    p_value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class IntraclassCorrelations:
    """The six intraclass correlations of a table.

    Attributes
    ----------
    one_way, one_way_average : Estimate
        ICC(1) and ICC(1,k).
    absolute, absolute_average : Estimate
        ICC(A,1) and ICC(A,k).
    consistency, consistency_average : Estimate
        ICC(C,1) and ICC(C,k).
    rows, columns : FTest
        Do centres differ, do sources differ in mean: R / E and C / E; NaN where all is undefined.
    """

    one_way: Estimate
    one_way_average: Estimate
    absolute: Estimate
    absolute_average: Estimate
    consistency: Estimate
    consistency_average: Estimate
    rows: FTest
    columns: FTest


def estimate_icc(ratings: NDArray[np.float64], *, level: float) -> IntraclassCorrelations:
    """Estimate all six intraclass correlations.

    Parameters
    ----------
    ratings : ndarray of shape (n, k)
        n centres measured by k >= 2 sources, complete.
    level : float

    Returns
    -------
    IntraclassCorrelations
        Undefined (NaN) with fewer than three centres, or when all values of one source are equal.

    Raises
    ------
    ValueError
        For another shape, missing values or a level outside 0 to 1.

    Notes
    -----
    The intervals of ICC(1) and ICC(C,1) are exact; that of ICC(A,1) uses Satterthwaite's degrees of
    freedom. Averages carry the Spearman-Brown values of the limits, which is what McGraw and Wong
    give; a lower limit of a single measurement at or below ``-1 / (k - 1)`` makes that of the
    average -inf. Agrees with ``irr::icc`` and ``psych::ICC(lmer = FALSE)`` to 1e-12 of their
    printed digits, but for the ICC(A,k) interval of irr, which is wrong; pingouin gives the same
    and rounds intervals to two decimals.
    """
    check_share(level, "level")
    if ratings.ndim != 2 or ratings.shape[1] < FEWEST_SOURCES:
        msg = (
            f"ratings must have a row a centre and at least two columns, not shape {ratings.shape}"
        )
        raise ValueError(msg)
    check_complete(ratings, "ratings")
    n = len(ratings)
    if n < MINIMUM_PAIRS:
        return _leave_all(UNDEFINED_FEW, level, n)
    if has_constant(*ratings.T):
        return _leave_all(UNDEFINED_CONSTANT, level, n)
    m = MeanSquares.of(ratings)
    one_way, absolute, consistency = _one_way(m, level), _absolute(m, level), _consistency(m, level)
    return IntraclassCorrelations(
        one_way=one_way,
        one_way_average=_average(one_way, m.k),
        absolute=absolute,
        absolute_average=_average(absolute, m.k),
        consistency=consistency,
        consistency_average=_average(consistency, m.k),
        rows=_test(m.rows, m.error, m.n - 1, (m.n - 1) * (m.k - 1)),
        columns=_test(m.columns, m.error, m.k - 1, (m.n - 1) * (m.k - 1)),
    )


def _leave_all(reason: str, level: float, n: int) -> IntraclassCorrelations:
    nothing = leave_undefined(reason, level=level, n=n)
    nan = float("nan")
    no_test = FTest(statistic=nan, df=(nan, nan), p_value=nan)
    return IntraclassCorrelations(
        one_way=nothing,
        one_way_average=nothing,
        absolute=nothing,
        absolute_average=nothing,
        consistency=nothing,
        consistency_average=nothing,
        rows=no_test,
        columns=no_test,
    )


def _test(square: float, error: float, df: int, df_error: int) -> FTest:
    ratio = square / error if error > 0 else float("inf")
    return FTest(statistic=ratio, df=(df, df_error), p_value=float(f.sf(ratio, df, df_error)))


def _average(single: Estimate, k: int) -> Estimate:
    """Return the Spearman-Brown values of an estimate and its limits."""
    return replace(
        single,
        estimate=_step_up(single.estimate, k),
        ci_low=_step_up(single.ci_low, k),
        ci_high=_step_up(single.ci_high, k),
        method=f"{single.method}; Spearman-Brown",
    )


def _step_up(icc: float, k: int) -> float:
    below = 1 + (k - 1) * icc
    return k * icc / below if below > 0 else float("-inf")


def _one_way(m: MeanSquares, level: float) -> Estimate:
    return _exact(m, m.within, m.n * (m.k - 1), level)


def _consistency(m: MeanSquares, level: float) -> Estimate:
    return _exact(m, m.error, (m.n - 1) * (m.k - 1), level)


def _exact(m: MeanSquares, noise: float, df_noise: int, level: float) -> Estimate:
    """Return the correlation whose interval follows from the F ratio of rows to noise."""
    estimate = (m.rows - noise) / (m.rows + (m.k - 1) * noise)
    low = high = 1.0
    if noise > 0:
        ratio, df = m.rows / noise, m.n - 1
        f_low = ratio / float(f.ppf((1 + level) / 2, df, df_noise))
        f_high = ratio * float(f.ppf((1 + level) / 2, df_noise, df))
        low, high = (f_low - 1) / (f_low + m.k - 1), (f_high - 1) / (f_high + m.k - 1)
    return Estimate(
        estimate=estimate, ci_low=low, ci_high=high, level=level, n=m.n, method="F, exact"
    )


def _absolute(m: MeanSquares, level: float) -> Estimate:
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
    return Estimate(
        estimate=estimate, ci_low=low, ci_high=high, level=level, n=n, method="F, Satterthwaite"
    )


def _satterthwaite(m: MeanSquares, icc: float) -> float:
    a = m.k * icc / (m.n * (1 - icc))
    b = 1 + m.k * icc * (m.n - 1) / (m.n * (1 - icc))
    spread = (a * m.columns) ** 2 / (m.k - 1)
    spread += (b * m.error) ** 2 / ((m.n - 1) * (m.k - 1))
    # Without a term of columns these are the degrees of freedom of the error, whatever its factor.
    if spread == 0:
        return float((m.n - 1) * (m.k - 1))
    return (a * m.columns + b * m.error) ** 2 / spread
