"""Theil and Sen's line: the median of pairwise slopes.

It shows the regression of y on x with outliers kept from moving it. It is not a structural line:
as least squares it takes x for free of error and is too flat when x errs.

References
----------
Sen P. K. Estimates of the regression coefficient based on Kendall's tau. Journal of the American
Statistical Association, 1968, 63(324), 1379-1389. doi:10.1080/01621459.1968.10480934
Theil H. A rank-invariant method of linear and polynomial regression analysis. In: Henri Theil's
Contributions to Economics and Econometrics, 1992, 345-381. doi:10.1007/978-94-011-2546-8_20
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import norm

from clientindex.agreement.structural.pairwise_slopes import (
    Middle,
    PairwiseSlopes,
    accumulate_weights,
    compute_median_offset,
    compute_pairwise_slopes,
    split_rows,
    take_ranked,
)
from clientindex.agreement.structural.resampling import Fit, make_coefficient, make_line

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from clientindex.agreement.structural.line import Line
    from clientindex.agreement.structural.pairs import Pairs

SEN = "Sen 1968, ranks of slopes"


def make_theil_sen(
    x: NDArray[np.float64], y: NDArray[np.float64], *, middle: Middle = "slope"
) -> Fit:
    """Make the fit, slopes sorted once.

    Pairs with equal x are left out. The intercept is the median of ``y - slope x``.

    Parameters
    ----------
    x, y : ndarray of shape (n,)
        Complete pairs.
    middle : {"slope", "angle"}
        What is averaged for an even number of slopes; "angle" as R ``deming::theilsen``.

    Returns
    -------
    callable
        Weights of shape (R, n), whole numbers, to intercept and slope of shape (R, 2).
    """
    slopes = compute_pairwise_slopes(x, y, vertical=False)

    def fit(weights: NDArray[np.float64]) -> NDArray[np.float64]:
        slope = np.concatenate(
            [
                [take_ranked(slopes, row, (row[-1] + 1) / 2, middle) for row in cumulated]
                for cumulated in (
                    accumulate_weights(slopes, w) for w in split_rows(weights, len(slopes.values))
                )
            ]
        )
        slope = np.where(np.isfinite(slope), slope, np.nan)
        return np.column_stack([compute_median_offset(x, y, slope, weights), slope])

    return fit


def estimate_theil_sen(pairs: Pairs, *, level: float, middle: Middle = "slope") -> Line:
    r"""Estimate the line with Sen's interval.

    The limits of N slopes lie ``ceil(z s / 2)`` ranks from the median, where

    .. math:: s^2 = \frac{n (n - 1)(2 n + 5) - \sum_t t (t - 1)(2 t + 5)}{18}

    with t the sizes of groups of equal x. Agrees with R ``deming::theilsen`` where x has no ties;
    with ties that function takes the correction from s instead of from its square.

    Parameters
    ----------
    pairs : Pairs
    level : float
    middle : {"slope", "angle"}
    """
    x, y, n = pairs.x, pairs.y, pairs.n
    slope = float(make_theil_sen(x, y, middle=middle)(np.ones((1, n)))[0, 1])
    slopes = compute_pairwise_slopes(x, y, vertical=False)
    low, high = _take_limits(slopes, x, level=level, middle=middle)
    offsets = compute_median_offset(x, y, np.array([slope, high, low]), np.ones((3, n)))
    ordered = np.sort(offsets[1:]) if np.isfinite([low, high]).all() else [-np.inf, np.inf]
    return make_line(
        make_coefficient(offsets[0], np.nan, ordered[0], ordered[1]),
        make_coefficient(slope, np.nan, low, high),
        pairs=pairs,
        level=level,
        method=SEN,
    )


def _take_limits(
    slopes: PairwiseSlopes, x: NDArray[np.float64], *, level: float, middle: Middle
) -> tuple[float, float]:
    """Return the limits of the slope."""
    n, count = len(x), len(slopes.values)
    tied = np.unique(x, return_counts=True)[1]
    variance = (n * (n - 1) * (2 * n + 5) - (tied * (tied - 1) * (2 * tied + 5)).sum()) / 18
    away = np.ceil(norm.ppf((1 + level) / 2) * np.sqrt(variance) / 2)
    cumulated = np.arange(1.0, count + 1)
    middle_rank = (count + 1) / 2
    low = take_ranked(slopes, cumulated, middle_rank - away, middle)
    return low, take_ranked(slopes, cumulated, middle_rank + away, middle)
