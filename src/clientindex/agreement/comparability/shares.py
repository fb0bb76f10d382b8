"""Shares of centres with Wilson's interval.

References
----------
Wilson E. B. Probable inference, the law of succession, and statistical inference. Journal of the
American Statistical Association, 1927, 22(158), 209-212. doi:10.1080/01621459.1927.10502953
Brown L. D., Cai T. T., DasGupta A. Interval estimation for a binomial proportion. Statistical
Science, 2001, 16(2), 101-133. doi:10.1214/ss/1009213286
"""

from __future__ import annotations

from statsmodels.stats.proportion import proportion_confint

from clientindex.agreement.coefficients.estimate import Estimate, check_share, leave_undefined

WILSON = "Wilson"
UNDEFINED_EMPTY = "undefined: there is nothing to count"


def estimate_share(count: int, n: int, *, level: float) -> Estimate:
    r"""Estimate a share with Wilson's score interval.

    .. math:: \frac{p + z^2 / 2n \mp z \sqrt{p (1 - p) / n + z^2 / 4n^2}}{1 + z^2 / n}

    Parameters
    ----------
    count, n : int
        Of n centres `count` have the property. With ``n = 0`` the share is undefined (NaN).
    level : float

    Returns
    -------
    Estimate
        A share from 0 to 1, with no standard error: the interval is not symmetric.

    Raises
    ------
    ValueError
        When count is not within 0 to n, or level not between 0 and 1.

    Notes
    -----
    Agrees with the closed form, which is that of R ``prop.test(correct = FALSE)``, to 1e-12.

    Examples
    --------
    >>> share = estimate_share(8, 10, level=0.95)
    >>> share.estimate, round(share.ci_low, 4), round(share.ci_high, 4)
    (0.8, 0.4902, 0.9433)
    """
    check_share(level, "level")
    if not 0 <= count <= n:
        msg = f"a count of {n} centres must lie between 0 and {n}, not be {count}"
        raise ValueError(msg)
    if n == 0:
        return leave_undefined(UNDEFINED_EMPTY, level=level, n=0)
    low, high = proportion_confint(count, n, 1 - level, "wilson")
    return Estimate(
        estimate=count / n,
        # Rounding leaves 1e-18 where the ends are 0 and 1 exactly.
        ci_low=float(low) if count > 0 else 0.0,
        ci_high=float(high) if count < n else 1.0,
        level=level,
        n=n,
        method=WILSON,
    )
