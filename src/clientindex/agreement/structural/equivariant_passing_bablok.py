r"""Equivariant Passing-Bablok: the median of absolute pairwise slopes.

The rule of 1983 is made for slopes near 1. This one turns with any change of units, and its slope
makes ``y - b x`` and ``y + b x`` unrelated by Kendall's tau. It shows and cannot show the same:
method variance is taken for random error on both sides, so the slope goes with the ratio of the
spreads, whatever the structural relation.

References
----------
Dufey F. Derivation of Passing-Bablok regression from Kendall's tau. The International Journal of
Biostatistics, 2020, 16(2), 20190157. doi:10.1515/ijb-2019-0157
McKean J. W., Schrader R. M. A comparison of methods for studentizing the sample median.
Communications in Statistics - Simulation and Computation, 1984, 13(6), 751-773.
doi:10.1080/03610918408812413
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import kendalltau
from scipy.stats import t as student

from clientindex.agreement.structural.pairwise_slopes import (
    TIE,
    Middle,
    PairwiseSlopes,
    accumulate_weights,
    compute_median_offset,
    compute_pairwise_slopes,
    split_rows,
    take_ranked,
)
from clientindex.agreement.structural.resampling import Fit, make_line, make_symmetric

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from clientindex.agreement.structural.line import Line
    from clientindex.agreement.structural.pairs import Pairs

TAU = "variance of Kendall's tau, Student t"

QUANTILE = 1.4
"""Of the interval of a median that its standard error is read from (McKean and Schrader)."""

SMALLEST_TAU_VARIANCE = 1e-5


def make_equivariant_passing_bablok(
    x: NDArray[np.float64], y: NDArray[np.float64], *, middle: Middle = "slope"
) -> Fit:
    """Make the fit, slopes sorted once.

    Tie rule: pairs with both values equal have no slope, those with equal x an infinite one. The
    sign of the slope is that of Kendall's tau of the given centres; the intercept is the median of
    ``y - slope x``.

    Parameters
    ----------
    x, y : ndarray of shape (n,)
        Complete pairs.
    middle : {"slope", "angle"}
        What is averaged for an even number of slopes; "angle" as R ``mcr``.

    Returns
    -------
    callable
        Weights of shape (R, n), whole numbers, to intercept and slope of shape (R, 2).
    """
    slopes, sign = _take_absolute(x, y)

    def fit(weights: NDArray[np.float64]) -> NDArray[np.float64]:
        slope = np.concatenate(
            [
                [take_ranked(slopes, row, (row[-1] + 1) / 2, middle) for row in cumulated]
                for cumulated in (
                    accumulate_weights(slopes, w) for w in split_rows(weights, len(slopes.values))
                )
            ]
        )
        slope = sign * np.where(np.isfinite(slope), slope, np.nan)
        return np.column_stack([compute_median_offset(x, y, slope, weights), slope])

    return fit


def _take_absolute(x: NDArray[np.float64], y: NDArray[np.float64]) -> tuple[PairwiseSlopes, float]:
    """Return sorted absolute slopes, and the sign of most of them."""
    every = compute_pairwise_slopes(x, y, vertical=True)
    finite = every.values[np.isfinite(every.values)]
    values = np.abs(every.values)
    order = np.argsort(values, kind="stable")
    slopes = PairwiseSlopes(
        values=values[order], first=every.first[order], second=every.second[order]
    )
    return slopes, -1.0 if np.sign(finite).sum() < 0 else 1.0


def estimate_equivariant_passing_bablok(
    pairs: Pairs, *, level: float, middle: Middle = "slope"
) -> Line:
    r"""Estimate the line with errors from the variance of Kendall's tau.

    With ``t_i`` the sum over j of the signs of ``|slope_ij| - |b|``,

    .. math:: v = \frac{4 \sum t_i^2 - 2 n (n - 1)}{n (n - 1)(n - 2)(n - 3)}

    and the error of the slope is the distance of the slopes of ranks ``N (1 -/+ t \sqrt v) / 2``
    over 2 t. The error of the intercept joins that of the median of ``y - b x`` with that of b.
    Agrees with R ``mcr::mcreg(method.reg = "PBequi")``, the error of the intercept to 1e-4
    where several centres have equal ``y - b x``: mcr merges neighbours one after another.

    Parameters
    ----------
    pairs : Pairs
        At least four.
    level : float
    middle : {"slope", "angle"}
    """
    x, n = pairs.x, pairs.n
    slopes, sign = _take_absolute(x, pairs.y)
    line = make_equivariant_passing_bablok(x, pairs.y, middle=middle)(np.ones((1, n)))[0]
    quantile = float(student.ppf((1 + level) / 2, n - 2))
    steep, y = abs(line[1]), sign * pairs.y
    variance = _compute_tau_variance(slopes, steep, n)
    on_slope = _read_slope_error(slopes, quantile * np.sqrt(variance)) / (2 * quantile)
    on_offset = _compute_offset_error(y - steep * x)
    shared = _compute_covariance(x, y, steep) / np.sqrt(n * variance)
    lever = _compute_lever(x, y, steep, on_slope) - on_offset / on_slope * shared
    on_intercept = np.sqrt(max(on_offset**2 * (1 - shared**2) + (on_slope * lever) ** 2, 0.0))
    intercept, slope = make_symmetric(line, np.array([on_intercept, on_slope]), quantile=quantile)
    return make_line(intercept, slope, pairs=pairs, level=level, method=TAU)


def _compute_tau_variance(slopes: PairwiseSlopes, steep: float, n: int) -> float:
    """Return the variance of tau from how often each centre makes a steeper slope."""
    signs = np.where(slopes.values > steep, 1.0, -1.0)
    signs[np.abs(slopes.values - steep) <= TIE * max(steep, 1.0)] = 0.0
    each = np.bincount(slopes.first, signs, n) + np.bincount(slopes.second, signs, n)
    count = n * (n - 1)
    variance = (4 * each @ each - 2 * count) / (count * (n - 2) * (n - 3))
    return max(float(variance), SMALLEST_TAU_VARIANCE)


def _read_slope_error(slopes: PairwiseSlopes, half_width: float) -> float:
    """Return the distance of the two slopes that the interval of tau reaches."""
    count = len(slopes.values)
    reach = min(half_width, 1 - 1e-8)
    ranks = np.clip(np.rint(count * np.array([1 - reach, 1 + reach]) / 2), 1, count)
    low, high = slopes.values[ranks.astype(np.intp) - 1]
    return float(high - low)


def _compute_offset_error(offsets: NDArray[np.float64]) -> float:
    """Return the standard error of a median by McKean and Schrader."""
    ranked, n = np.sort(offsets), len(offsets)
    rank = max(int(np.rint((n + 1) / 2 - QUANTILE * np.sqrt(n / 4))), 1)
    return float(ranked[n - rank] - ranked[rank - 1]) / (2 * QUANTILE)


def _compute_covariance(x: NDArray[np.float64], y: NDArray[np.float64], steep: float) -> float:
    """Return twice the part of tau above the line less that below it."""
    offset = y - steep * x
    # Decimals that are equal have to be equal here too.
    unit = TIE * float(np.abs(y).max())
    offset = np.round((offset - np.median(offset)) / unit)
    along = np.round((y + steep * x) / unit)
    parts = 0.0
    for side, sign in ((offset > 0, 1), (offset < 0, -1)):
        size = int(side.sum())
        if size > 1:
            parts += sign * _compute_tau(offset[side], along[side]) * size * (size - 1)
    return 2 * parts / (len(x) * (len(x) - 1))


def _compute_tau(a: NDArray[np.float64], b: NDArray[np.float64]) -> float:
    """Return Kendall's tau-b, 0 where one side is constant."""
    tau = float(kendalltau(a, b).statistic)
    return tau if np.isfinite(tau) else 0.0


def _compute_lever(
    x: NDArray[np.float64], y: NDArray[np.float64], steep: float, error: float
) -> float:
    """Return by how much the intercept falls as the slope rises by one."""
    step = error * QUANTILE
    return float((np.median(y - (steep - step) * x) - np.median(y - (steep + step) * x)) / step / 2)
