r"""Where a share of all differences lies, with confidence, and what share lies within a bound.

Limits of agreement estimate quantiles; a tolerance interval contains the share with the confidence
asked for. The total deviation index is the bound that a share of absolute differences does not
exceed, and the coverage probability the share within a bound; both count the bias.

References
----------
Krishnamoorthy K., Mathew T. Statistical Tolerance Regions. Wiley, 2009, equation 1.2.4.
doi:10.1002/9780470473900
Odeh R. E., Owen D. B. Tables for Normal Tolerance Limits, Sampling Plans, and Screening. Dekker,
1980. Lin L. I. Total deviation index for measuring individual agreement with applications in
laboratory performance and bioequivalence. Statistics in Medicine, 2000, 19(2), 255-270.
doi:10.1002/(SICI)1097-0258(20000130)19:2<255::AID-SIM293>3.0.CO;2-8
Lin L., Hedayat A. S., Sinha B., Yang M. Statistical methods in assessing agreement: models, issues,
and tools. Journal of the American Statistical Association, 2002, 97(457), 257-270.
doi:10.1198/016214502753479392
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from scipy.optimize import brentq
from scipy.special import expit, logit, ndtr
from scipy.stats import chi2, norm

from clientindex.agreement.coefficients.estimate import (
    MINIMUM_PAIRS,
    UNDEFINED_FEW,
    Estimate,
    check_pairs,
    check_share,
    has_constant,
    leave_undefined,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

Definition = Literal["normal", "lin"]

NODES, NODE_WEIGHTS = np.polynomial.legendre.leggauss(64)
FURTHEST = 9.0
"""Standard errors of the mean over which the factor is integrated; the rest is below 1e-18."""

NEWTON_STEPS = 60
UNDEFINED_EQUAL = "undefined: all differences are equal"
FEWEST_LOGIT = 4
"""Lin's variance of the logit divides by n - 3."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToleranceInterval:
    """An interval that contains a share of all differences with confidence.

    Attributes
    ----------
    low, high : float
        ``mean -/+ factor * sd``; NaN where undefined.
    factor : float
    content : float
        Share of differences inside.
    confidence : float
    n : int
    method : str
        Or why it is undefined.
    """

    low: float
    high: float
    factor: float
    content: float
    confidence: float
    n: int
    method: str


def compute_tolerance_factor(n: int, *, content: float, confidence: float) -> float:
    r"""Compute the exact two-sided tolerance factor of a normal sample.

    The k with :math:`\sqrt{2 n / \pi} \int_0^\infty P(\chi^2_{n-1} > (n-1) r(z)^2 / k^2) e^{-n z^2
    / 2} dz` equal to the confidence, r(z) the root of :math:`\Phi(z + r) - \Phi(z - r)` = content.
    Agrees with tables of Odeh and Owen; ``tolerance::K.factor(method = "EXACT")`` is the same
    integral.

    Parameters
    ----------
    n : int
        At least 2.
    content, confidence : float

    Raises
    ------
    ValueError
        For n below 2, or shares outside 0 to 1.

    Examples
    --------
    >>> round(compute_tolerance_factor(10, content=0.95, confidence=0.95), 3)
    3.393
    """
    check_share(content, "content")
    check_share(confidence, "confidence")
    if n < 2:
        msg = f"a tolerance factor needs at least two values, not {n}"
        raise ValueError(msg)
    steps = FURTHEST / 2 * (NODES + 1)
    weights = FURTHEST / 2 * NODE_WEIGHTS * np.sqrt(2 / np.pi) * np.exp(-(steps**2) / 2)
    halves = (n - 1) * _halve_content(steps / np.sqrt(n), content) ** 2

    def miss(log_k: float) -> float:
        return float(weights @ chi2.sf(halves / np.exp(2 * log_k), n - 1)) - confidence

    start = float(np.log(norm.ppf((1 + content) / 2)))
    low, high = start - 1, start + 1
    while miss(low) > 0:
        low -= 1
    while miss(high) < 0:
        high += 1
    return float(np.exp(brentq(miss, low, high, xtol=1e-14, rtol=1e-14)))


def _halve_content(z: NDArray[np.float64], content: float) -> NDArray[np.float64]:
    """Return r with Phi(z + r) - Phi(z - r) = content, for z >= 0, by Newton steps."""
    # Beyond the root the content is concave in r, so steps from the left never overshoot by much.
    r = z + float(norm.ppf(content))
    r = np.maximum(r, float(norm.ppf((1 + content) / 2)))
    for _ in range(NEWTON_STEPS):
        slope = _density(z + r) + _density(z - r)
        step = (ndtr(z + r) - ndtr(z - r) - content) / slope
        r = r - step
        if float(np.abs(step).max()) < 1e-14:
            break
    return r


def _density(z: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi))


def estimate_tolerance_interval(
    x: NDArray[np.float64], y: NDArray[np.float64], *, content: float, confidence: float
) -> ToleranceInterval:
    """Estimate an interval that contains a share of all differences y - x with confidence.

    Exact for normal differences. Complete pairs; fewer than three leave it undefined (NaN).

    Parameters
    ----------
    x, y : ndarray of shape (n,)
    content : float
        Share of differences inside.
    confidence : float

    Raises
    ------
    ValueError
        For arguments of wrong shape, with missing values, or shares outside 0 to 1.
    """
    check_pairs(x, y, level=confidence)
    check_share(content, "content")
    d = y - x
    factor, method = float("nan"), UNDEFINED_FEW
    mean = sd = float("nan")
    if len(d) >= MINIMUM_PAIRS:
        factor = compute_tolerance_factor(len(d), content=content, confidence=confidence)
        mean, sd, method = float(d.mean()), float(d.std(ddof=1)), "exact, normal"
    return ToleranceInterval(
        low=mean - factor * sd,
        high=mean + factor * sd,
        factor=factor,
        content=content,
        confidence=confidence,
        n=len(d),
        method=method,
    )


def estimate_total_deviation(
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    *,
    content: float,
    level: float,
    definition: Definition = "normal",
) -> Estimate:
    """Estimate the total deviation index: what a share of absolute differences does not exceed.

    Parameters
    ----------
    x, y : ndarray of shape (n,)
        Complete pairs.
    content : float
        Share of absolute differences.
    level : float
        Of the two-sided interval; Lin's one-sided upper bound at 95 % is `ci_high` at level 0.9.
    definition : {"normal", "lin"}
        The root of ``Phi((t - m) / s) - Phi((-t - m) / s) = content``, or Lin's approximation ``z
        sqrt(e²)`` with ``e² = sum d² / (n - 1)``, which holds where m² / s² is small.

    Returns
    -------
    Estimate
        Undefined (NaN) with fewer than three pairs, or when all differences are equal.

    Raises
    ------
    ValueError
        For arguments of wrong shape, with missing values, or shares outside 0 to 1.

    Notes
    -----
    Intervals on the logarithm. ``lin``: ``var(log e²) = 2 (1 - m⁴ / e⁴) / (n - 2)``; ``normal``:
    delta method with ``var(m) = s² / n``, ``var(s) = s² / (2 (n - 1))``.
    """
    check_pairs(x, y, level=level)
    check_share(content, "content")
    d = y - x
    n = len(d)
    reason = _find_reason(d)
    if reason is not None:
        return leave_undefined(reason, level=level, n=n)
    mean, sd = float(d.mean()), float(d.std(ddof=1))
    if definition == "lin":
        square = float(d @ d) / (n - 1)
        value = float(norm.ppf((1 + content) / 2)) * float(np.sqrt(square))
        spread = float(np.sqrt(2 * max(1 - mean**4 / square**2, 0.0) / (n - 2))) / 2
        method = "Lin 2000, approximate; normal on the logarithm"
    else:
        value = sd * float(_halve_content(np.array([abs(mean) / sd]), content)[0])
        spread = sd * _slope_of_bound(mean / sd, value / sd, n) / value
        method = "normal differences; normal on the logarithm"
    margin = float(norm.ppf((1 + level) / 2)) * spread
    return Estimate(
        estimate=value,
        std_error=value * spread,
        ci_low=value * float(np.exp(-margin)),
        ci_high=value * float(np.exp(margin)),
        level=level,
        n=n,
        method=method,
    )


def _slope_of_bound(mean: float, bound: float, n: int) -> float:
    """Return the standard error of the bound, in standard deviations, by the delta method."""
    a, b = -bound - mean, bound - mean
    low, high = _density(np.array([a, b]))
    by_mean, by_sd = (high - low) / (high + low), (b * high - a * low) / (high + low)
    return float(np.sqrt(by_mean**2 / n + by_sd**2 / (2 * (n - 1))))


def estimate_coverage_probability(
    x: NDArray[np.float64], y: NDArray[np.float64], *, bound: float, level: float
) -> Estimate:
    """Estimate the share of absolute differences within a bound.

    ``Phi((t - m) / s) - Phi((-t - m) / s)`` for normal differences, with the interval on the logit.

    Parameters
    ----------
    x, y : ndarray of shape (n,)
        Complete pairs.
    bound : float
        In the units of the measurements, above 0.
    level : float
        Of the two-sided interval; Lin's one-sided lower bound at 95 % is `ci_low` at level 0.9.

    Returns
    -------
    Estimate
        Undefined (NaN) with fewer than four pairs, or when all differences are equal.

    Raises
    ------
    ValueError
        For arguments of wrong shape, with missing values, a bound that is not positive, or a level
        outside 0 to 1.

    Notes
    -----
    Variance of the logit as in Lin et al. (2002): ``[(f(b) - f(a))² + (b f(b) - a f(a))² / 2] / ((n
    - 3) p² (1 - p)²)``, f the normal density at the standardised bounds a and b.
    """
    check_pairs(x, y, level=level)
    if not bound > 0:
        msg = f"bound must be positive, not {bound}"
        raise ValueError(msg)
    d = y - x
    n = len(d)
    reason = f"undefined: fewer than {FEWEST_LOGIT} pairs" if n < FEWEST_LOGIT else _find_reason(d)
    if reason is not None:
        return leave_undefined(reason, level=level, n=n)
    mean, sd = float(d.mean()), float(d.std(ddof=1))
    ends = np.array([-bound - mean, bound - mean]) / sd
    share = float(ndtr(ends[1]) - ndtr(ends[0]))
    density = _density(ends)
    slopes = (density[1] - density[0]) ** 2 + (ends[1] * density[1] - ends[0] * density[0]) ** 2 / 2
    se = float(np.sqrt(slopes / (n - 3)))
    low = high = share
    if 0 < share < 1:
        margin = float(norm.ppf((1 + level) / 2)) * se / (share * (1 - share))
        low, high = expit(logit(share) - margin), expit(logit(share) + margin)
    return Estimate(
        estimate=share,
        std_error=se,
        ci_low=float(low),
        ci_high=float(high),
        level=level,
        n=n,
        method="Lin et al. 2002, normal on the logit",
    )


def _find_reason(d: NDArray[np.float64]) -> str | None:
    if len(d) < MINIMUM_PAIRS:
        return UNDEFINED_FEW
    return UNDEFINED_EQUAL if has_constant(d) else None
