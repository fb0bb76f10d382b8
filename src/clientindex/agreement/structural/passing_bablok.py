"""Passing and Bablok's regression of 1983: a shifted median of all pairwise slopes.

It shows whether two methods that measure the same thing, with errors in the same proportion as
their slope, differ by a constant or a factor, and outliers do not move it. It cannot show the
structural relation of a survey and a checklist: as Deming with ratio 1 it takes what a method adds
of its own for random error, in equal shares, so its slope goes with the ratio of the standard
deviations. It is for positively related methods with a slope near 1.

References
----------
Passing H., Bablok W. A new biometrical procedure for testing the equality of measurements from two
different analytical methods. Journal of Clinical Chemistry and Clinical Biochemistry, 1983,
21(11), 709-720. doi:10.1515/cclm.1983.21.11.709
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import norm

from clientindex.agreement.structural.pairwise_slopes import (
    TIE,
    PairwiseSlopes,
    accumulate_weights,
    compute_median_offset,
    compute_pairwise_slopes,
    split_rows,
    take_ranked,
)
from clientindex.agreement.structural.resampling import Fit, make_coefficient, make_line
from clientindex.errors import StatisticsError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from clientindex.agreement.structural.line import Line
    from clientindex.agreement.structural.pairs import Pairs

RULE_1983 = "Passing-Bablok 1983, ranks of slopes"


def make_passing_bablok(x: NDArray[np.float64], y: NDArray[np.float64]) -> Fit:
    """Make the fit of the literal rule of 1983, slopes sorted once.

    Tie rule: pairs with both values equal have no slope; pairs with x equal count as plus or minus
    infinity (the order of centres decides which, and does not matter, because the shift K follows);
    slopes of exactly -1 are left out. Of N slopes in order with K of them below -1, the slope is
    that of rank ``(N + 1) / 2 + K``, for even N the mean of the two beside it; the intercept is the
    median of ``y - slope x``.

    Agrees with R ``deming::pbreg(method = 1)``, and with ``mcr`` where no slope is -1 and N is
    odd: mcr averages angles, and compares slopes with -1 without tolerance.

    Parameters
    ----------
    x, y : ndarray of shape (n,)
        Complete pairs.

    Returns
    -------
    callable
        Weights of shape (R, n), whole numbers, to intercept and slope of shape (R, 2).
    """
    slopes, below = take_slopes(x, y)

    def fit(weights: NDArray[np.float64]) -> NDArray[np.float64]:
        slope = np.concatenate(
            [
                [_take_shifted_median(slopes, row, below) for row in accumulate_weights(slopes, w)]
                for w in split_rows(weights, len(slopes.values))
            ]
        )
        return np.column_stack([compute_median_offset(x, y, slope, weights), slope])

    return fit


def take_slopes(x: NDArray[np.float64], y: NDArray[np.float64]) -> tuple[PairwiseSlopes, int]:
    """Return the sorted slopes that count, and how many of them are below -1.

    Raises
    ------
    StatisticsError
        When every slope is -1.
    """
    every = compute_pairwise_slopes(x, y, vertical=True)
    counts = np.abs(every.values + 1) > TIE
    slopes = PairwiseSlopes(
        values=every.values[counts], first=every.first[counts], second=every.second[counts]
    )
    if not counts.any():
        message = "Passing-Bablok is not defined: every slope of two centres is -1"
        raise StatisticsError(message)
    return slopes, int((slopes.values < -1).sum())


def _take_shifted_median(
    slopes: PairwiseSlopes, cumulated: NDArray[np.float64], below: int
) -> float:
    shift = cumulated[below - 1] if below else 0.0
    value = take_ranked(slopes, cumulated, (cumulated[-1] + 1) / 2 + shift, "slope")
    return value if np.isfinite(value) else np.nan


def estimate_passing_bablok(
    pairs: Pairs, *, level: float, taken: tuple[PairwiseSlopes, int] | None = None
) -> Line:
    r"""Estimate the line with the interval of 1983.

    With ``C = z sqrt(n (n - 1)(2 n + 5) / 18)``, ``M_1 = (N - C) / 2`` rounded and ``M_2 = N - M_1
    + 1`` the limits of the slope have ranks ``M_1 + K`` and ``M_2 + K``; those of the intercept are
    medians of ``y - limit x``. A limit beyond all slopes is infinite. The formula takes no notice
    of ties; with many of them the bootstrap (:func:`make_passing_bablok`) is to be preferred.

    Parameters
    ----------
    pairs : Pairs
    level : float
    taken : tuple, optional
        What :func:`take_slopes` returns, where it is known already.
    """
    x, y, n = pairs.x, pairs.y, pairs.n
    slopes, below = take_slopes(x, y) if taken is None else taken
    slope = _take_shifted_median(slopes, np.arange(1.0, len(slopes.values) + 1), below)
    low, high = _take_limits(slopes, below, n=n, level=level)
    offsets = compute_median_offset(x, y, np.array([slope, high, low]), np.ones((3, n)))
    if not np.isfinite([low, high]).all():
        offsets = np.array([offsets[0], -np.inf, np.inf])
    return make_line(
        make_coefficient(offsets[0], np.nan, offsets[1], offsets[2]),
        make_coefficient(slope, np.nan, low, high),
        pairs=pairs,
        level=level,
        method=RULE_1983,
    )


def _take_limits(
    slopes: PairwiseSlopes, below: int, *, n: int, level: float
) -> tuple[float, float]:
    """Return the limits of the slope."""
    count = len(slopes.values)
    spread = norm.ppf((1 + level) / 2) * np.sqrt(n * (n - 1) * (2 * n + 5) / 18)
    lowest = np.floor((count - spread) / 2 + 0.5)
    cumulated = np.arange(1.0, count + 1)
    low = take_ranked(slopes, cumulated, lowest + below, "slope") if lowest >= 1 else -np.inf
    high = take_ranked(slopes, cumulated, count - lowest + 1 + below, "slope")
    return low, high
