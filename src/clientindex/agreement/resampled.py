r"""Bias, SD, limits, r, CCC and alpha of many subjects over resampled centres, from sums alone.

All of them are functions of six sums over pairs, so a thousand resamples are one matrix product of
the weights of centres with their powers: the cost does not depend on what is computed from the
sums.

With weighted means :math:`\bar x, \bar y`, variances of divisor W (the sum of weights) and
:math:`\bar d = \bar y - \bar x`: SD :math:`\sqrt{s_d^2 n / (n - 1)}`, Lin's
:math:`ccc = 2 s_{xy} / (s_x^2 + s_y^2 + \bar d^2)` and Krippendorff's alpha for interval values,
:math:`1 - (2 n - 1) \overline{d^2} / (4 n s^2)` with :math:`s^2` the variance of all 2 n values.
Limits of agreement are bias and SD put together; unlike the exact limits their intervals do not
take differences for normal, which they are not where some staff inflate.

References
----------
Rao J. N. K., Wu C. F. J. Resampling inference with complex survey data. Journal of the American
Statistical Association, 1988, 83(401), 231-241. doi:10.1080/01621459.1988.10478591
Krippendorff K. Content Analysis, 2nd ed. Sage, 2004, chapter 11.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import norm

if TYPE_CHECKING:
    from numpy.typing import NDArray

STATISTICS = ("bias", "sd_difference", "pearson_r", "ccc", "alpha_interval")

LIMITS = ("loa_low", "loa_high")
"""Follow them where it is said which share of differences they bound."""

ROWS_AT_ONCE = 512
"""Rows of weights multiplied together: bounds memory, changes no number."""

MOST_UNDEFINED = 0.05
"""Share of resamples without a value above which percentiles of the others mean nothing."""

FLAT = 1e-12
"""Share of its scale squared up to which a variance is the rounding of equal values."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Resampled:
    """Percentile intervals over resamples, each of shape (S, q), NaN where undefined.

    Attributes
    ----------
    statistics : tuple of str of length q
        :data:`STATISTICS`, and :data:`LIMITS` where they were asked for.
    estimate, std_error, ci_low, ci_high : ndarray of shape (S, q)
        In this order.
    undefined : ndarray of shape (S, q)
        Share of resamples without a value.
    n : int ndarray of shape (S,)
        Pairs.
    """

    statistics: tuple[str, ...]
    estimate: NDArray[np.float64]
    std_error: NDArray[np.float64]
    ci_low: NDArray[np.float64]
    ci_high: NDArray[np.float64]
    undefined: NDArray[np.float64]
    n: NDArray[np.intp]


def resample_pairs(
    survey: NDArray[np.float64],
    checklist: NDArray[np.float64],
    *,
    weights: NDArray[np.float64],
    level: float,
    coverage: float | None = None,
) -> Resampled:
    """Estimate the statistics of every subject with intervals over resampled centres.

    Parameters
    ----------
    survey, checklist : ndarray of shape (C, S)
        Scores of S subjects; a pair with a NaN does not count.
    weights : ndarray of shape (R, C)
        Of the centres in every resample, see
        :func:`clientindex.counts.draw_centre_weights`.
    level : float
    coverage : float, optional
        Share of differences that limits of agreement bound; None for no limits.

    Returns
    -------
    Resampled
        Percentiles are order statistics (Weibull's plotting positions).
    """
    base = np.nanmean(survey, axis=0) if len(survey) else np.zeros(survey.shape[1])
    base = np.nan_to_num(base)
    sums = _list_sums(survey - base, checklist - base)
    n = np.isfinite(survey + checklist).sum(axis=0)
    z = None if coverage is None else float(norm.ppf((1 + coverage) / 2))
    whole = _compute(np.ones((1, len(survey))) @ sums, n, z)[0]
    drawn = np.concatenate(
        [
            _compute(weights[start : start + ROWS_AT_ONCE] @ sums, n, z)
            for start in range(0, len(weights), ROWS_AT_ONCE)
        ]
    )
    undefined = np.isnan(drawn).mean(axis=0)
    usable = (undefined <= MOST_UNDEFINED) & np.isfinite(whole)
    filled = np.where(usable, drawn, 0.0)
    tails = [(1 - level) / 2, (1 + level) / 2]
    low, high = np.nanquantile(filled, tails, axis=0, method="weibull")
    error = np.nanstd(filled, axis=0, ddof=1)
    gap = np.full(whole.shape, np.nan)
    return Resampled(
        statistics=STATISTICS if coverage is None else (*STATISTICS, *LIMITS),
        estimate=whole,
        std_error=np.where(usable, error, gap),
        ci_low=np.where(usable, low, gap),
        ci_high=np.where(usable, high, gap),
        undefined=undefined,
        n=n,
    )


def _list_sums(x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return 1, x, y, x², y², xy of every centre and subject, shape (C, 6 S)."""
    both = np.isfinite(x) & np.isfinite(y)
    x, y = np.where(both, x, 0.0), np.where(both, y, 0.0)
    return np.concatenate([both.astype(np.float64), x, y, x * x, y * y, x * y], axis=1)


def _compute(
    sums: NDArray[np.float64], n: NDArray[np.intp], z: float | None
) -> NDArray[np.float64]:
    """Return the statistics, shape (R, S, q); limits of z standard deviations."""
    total, x, y, xx, yy, xy = np.split(sums, 6, axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        mx, my = x / total, y / total
        vx, vy = _vary(xx / total, mx), _vary(yy / total, my)
        cov = xy / total - mx * my
        bias = my - mx
        spread = np.maximum(vx + vy - 2 * cov, 0.0)
        sd = np.sqrt(spread * n / (n - 1))
        r = np.where((vx > 0) & (vy > 0), cov / np.sqrt(vx * vy), np.nan)
        ccc = 2 * cov / (vx + vy + bias**2)
        # Variance of all 2 n values about their common mean.
        common = (vx + vy) / 2 + bias**2 / 4
        alpha = 1 - (2 * n - 1) * (spread + bias**2) / (4 * n * common)
    limits = [] if z is None else [bias - z * sd, bias + z * sd]
    return np.stack([bias, sd, r, ccc, alpha, *limits], axis=-1)


def _vary(square: NDArray[np.float64], mean: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return variances, 0 where they are the rounding of equal values."""
    variance = square - mean**2
    return np.where(variance > FLAT * square, variance, 0.0)
