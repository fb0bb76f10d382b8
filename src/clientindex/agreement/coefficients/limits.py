r"""Limits of agreement: between which values most differences of two measurements lie.

With mean :math:`\bar d` and standard deviation s of n differences the limits are :math:`\bar d \mp
z s`. Four intervals of a limit are in use. They differ in small samples:

========== =====================================================================================
exact      noncentral t: the only one that covers at its level for normal differences of any n
mover      variance estimates recovered from the intervals of mean and SD; near to exact from n = 20
approx     symmetric, variance ``s² (1 / n + z² / (2 (n - 1)))``
bland1986  symmetric, variance ``3 s² / n``, as in the first paper
========== =====================================================================================

References
----------
Bland J. M., Altman D. G. Statistical methods for assessing agreement between two methods of
clinical measurement. Lancet, 1986, 327(8476), 307-310. doi:10.1016/S0140-6736(86)90837-8
Bland J. M., Altman D. G. Measuring agreement in method comparison studies. Statistical Methods in
Medical Research, 1999, 8, 135-160. doi:10.1177/096228029900800204
Carkeet A. Exact parametric confidence intervals for Bland-Altman limits of agreement. Optometry and
Vision Science, 2015, 92(3), e71-e80. doi:10.1097/OPX.0000000000000513
Donner A., Zou G. Y. Closed-form confidence intervals for functions of the normal mean and standard
deviation. Statistical Methods in Medical Research, 2012, 21(4), 347-359.
doi:10.1177/0962280210383082
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from scipy.stats import chi2, nct, norm
from scipy.stats import t as student

from clientindex.agreement.coefficients.estimate import (
    MINIMUM_PAIRS,
    UNDEFINED_FEW,
    Estimate,
    check_pairs,
    check_share,
    leave_undefined,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

Interval = Literal["exact", "mover", "approx", "bland1986"]

METHODS: dict[Interval, str] = {
    "exact": "exact, noncentral t",
    "mover": "MOVER, Donner and Zou 2012",
    "approx": "Student t, Bland and Altman 1999",
    "bland1986": "Student t, Bland and Altman 1986",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Limits of agreement.

    Attributes
    ----------
    low, high : Estimate
    coverage : float
        Share of differences that the limits bound.
    """

    low: Estimate
    high: Estimate
    coverage: float


def estimate_limits(
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    *,
    level: float,
    coverage: float | None = None,
    interval: Interval = "exact",
) -> Limits:
    """Estimate the limits of agreement of y - x, each with its own interval.

    Parameters
    ----------
    x, y : ndarray of shape (n,)
        Complete pairs. Fewer than three leave the limits undefined (NaN).
    level : float
        Of the interval of each limit.
    coverage : float, optional
        Share of differences that the limits bound: 0.95 gives z = 1.96. `level` when not given.
    interval : {"exact", "mover", "approx", "bland1986"}

    Returns
    -------
    Limits
        The standard error is ``s sqrt(1 / n + z² / (2 (n - 1)))`` for all but ``bland1986``.

    Raises
    ------
    ValueError
        For arguments of wrong shape or with missing values, a level or coverage outside 0 to 1, or
        an unknown interval.

    Notes
    -----
    Agrees with base R (``qt(ncp = )``) to 1e-9 and to 1e-12 for the closed forms. blandr uses z =
    1.96 instead of the quantile; SimplyAgree prints the outer end of an interval at 2 level - 1.

    Examples
    --------
    >>> x, y = np.array([60.0, 70, 80, 75]), np.array([62.0, 75, 79, 80])
    >>> limits = estimate_limits(x, y, level=0.95)
    >>> round(limits.low.estimate, 2), round(limits.high.estimate, 2)
    (-2.88, 8.38)
    """
    check_pairs(x, y, level=level)
    coverage = level if coverage is None else coverage
    check_share(coverage, "coverage")
    if interval not in METHODS:
        msg = f"interval must be one of {', '.join(METHODS)}, not {interval!r}"
        raise ValueError(msg)
    d = y - x
    n = len(d)
    if n < MINIMUM_PAIRS:
        nothing = leave_undefined(UNDEFINED_FEW, level=level, n=n)
        return Limits(low=nothing, high=nothing, coverage=coverage)
    mean, sd, z = float(d.mean()), float(d.std(ddof=1)), float(norm.ppf((1 + coverage) / 2))
    near, far = compute_factors(n, level=level, coverage=coverage, interval=interval)
    share = 3 / n if interval == "bland1986" else 1 / n + z**2 / (2 * (n - 1))

    def at(sign: int, inner: float, outer: float) -> Estimate:
        ends = sorted((mean + sign * sd * inner, mean + sign * sd * outer))
        return Estimate(
            estimate=mean + sign * z * sd,
            std_error=sd * float(np.sqrt(share)),
            ci_low=ends[0],
            ci_high=ends[1],
            level=level,
            n=n,
            method=METHODS[interval],
        )

    return Limits(low=at(-1, near, far), high=at(1, near, far), coverage=coverage)


def compute_factors(
    n: int, *, level: float, coverage: float, interval: Interval = "exact"
) -> tuple[float, float]:
    """Compute the two multiples of s, added to the mean, that bound the upper limit of agreement.

    Exact: ``nct(p; n - 1, z sqrt(n)) / sqrt(n)`` at p = (1 -/+ level) / 2. The lower limit has the
    same factors with the opposite sign.

    Parameters
    ----------
    n : int
        Number of differences, at least 2.
    level, coverage : float
    interval : {"exact", "mover", "approx", "bland1986"}

    Returns
    -------
    near, far : float
    """
    z, df = float(norm.ppf((1 + coverage) / 2)), n - 1
    tails = np.array([(1 - level) / 2, (1 + level) / 2])
    if interval == "exact":
        near, far = nct.ppf(tails, df, z * np.sqrt(n)) / np.sqrt(n)
        return float(near), float(far)
    quantile = float(student.ppf(tails[1], df))
    if interval == "mover":
        below, above = z * (1 - np.sqrt(df / chi2.ppf(tails[::-1], df)))
        near = z - float(np.hypot(quantile / np.sqrt(n), below))
        return near, z + float(np.hypot(quantile / np.sqrt(n), above))
    share = 3 / n if interval == "bland1986" else 1 / n + z**2 / (2 * df)
    margin = quantile * float(np.sqrt(share))
    return z - margin, z + margin
