r"""Krippendorff's alpha: disagreement within units against disagreement between any two values.

:math:`\alpha = 1 - D_o / D_e` over N values of units with two or more, :math:`D_o` the mean
difference of two values of one unit (each unit weighing its values) and :math:`D_e` that of any two
values:

======== ========================== ===========================================================
nominal  1 where they differ        from counts of values
interval ``(a - b)²``               from the sums of values and of squares
ordinal  as interval, of mid-ranks  a mid-rank is the number of values below one, plus half of
                                    those equal to it
ratio    ``((a - b) / (a + b))²``   a sum over pairs of distinct values, kept nowhere
======== ========================== ===========================================================

So no table of values by values is needed, which for continuous scores has millions of cells: the
package krippendorff builds it.

References
----------
Krippendorff K. Content Analysis: An Introduction to Its Methodology. Sage, 4th edition, 2018.
doi:10.4135/9781071878781
Hayes A. F., Krippendorff K. Answering the call for a standard reliability measure for coding data.
Communication Methods and Measures, 2007, 1(1), 77-89. doi:10.1080/19312450709336664
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from clientindex.agreement.coefficients.estimate import Estimate, leave_undefined
from clientindex.agreement.coefficients.ratings import check_ratings
from clientindex.compiled import njit

if TYPE_CHECKING:
    from numpy.typing import NDArray

Metric = Literal["nominal", "ordinal", "interval", "ratio"]
METRICS: tuple[Metric, ...] = ("nominal", "ordinal", "interval", "ratio")

RESAMPLES = 2_000
UNDEFINED_NO_PAIRS = "undefined: no unit has two values"
UNDEFINED_EQUAL = "undefined: all values are equal"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Units:
    """Values of n units, made ready for any weights of the units.

    Attributes
    ----------
    values : ndarray of shape (V,)
        Distinct, ascending.
    codes, unit : int ndarray of shape (N,)
        Place of each value in `values`, and its unit.
    places : int ndarray of shape (n, r)
        Codes in the table, V where missing.
    sizes : ndarray of shape (n,)
        Values of each unit; units with fewer than two have none.
    """

    values: NDArray[np.float64]
    codes: NDArray[np.intp]
    unit: NDArray[np.intp]
    places: NDArray[np.intp]
    sizes: NDArray[np.float64]


def compute_krippendorff(ratings: NDArray[np.float64], *, metric: Metric) -> float:
    """Compute Krippendorff's alpha.

    Parameters
    ----------
    ratings : ndarray of shape (n, r)
        NaN where missing. Units with fewer than two values are left out.
    metric : {"nominal", "ordinal", "interval", "ratio"}

    Returns
    -------
    float
        NaN where no unit has two values, or all values are equal.

    Raises
    ------
    ValueError
        For a table of fewer than two columns, an unknown metric, or negative values on a ratio
        scale.

    Notes
    -----
    Agrees with R ``irr::kripp.alpha`` where that is right (two raters, or missing values) to 1e-12,
    and with the coincidence matrix of values for any number of raters.

    Examples
    --------
    >>> ratings = np.array([[1.0, 1], [2, 2], [3, 4]])
    >>> round(compute_krippendorff(ratings, metric="nominal"), 3)
    0.615
    """
    units = _arrange(ratings, metric)
    return _compute(units, np.ones(len(ratings)), metric)


def estimate_krippendorff(
    ratings: NDArray[np.float64],
    *,
    metric: Metric,
    level: float,
    rng: np.random.Generator,
    resamples: int = RESAMPLES,
) -> Estimate:
    """Estimate Krippendorff's alpha with a percentile interval over resampled units.

    Parameters
    ----------
    ratings, metric
        As for :func:`compute_krippendorff`.
    level : float
    rng : numpy.random.Generator
        Source of the resamples. Rows are drawn with replacement, also those with too few values.
    resamples : int

    Returns
    -------
    Estimate
        Undefined as for :func:`compute_krippendorff`. Resamples whose values are all equal have no
        alpha and are left out; the method says how many. `n` counts units with two values.

    Raises
    ------
    ValueError
        As for :func:`compute_krippendorff`, and for a level outside 0 to 1.
    """
    check_ratings(ratings, level=level)
    units = _arrange(ratings, metric)
    n, paired = len(ratings), int((units.sizes > 0).sum())
    value = _compute(units, np.ones(n), metric)
    if np.isnan(value):
        reason = UNDEFINED_EQUAL if paired else UNDEFINED_NO_PAIRS
        return leave_undefined(reason, level=level, n=paired)
    replicates = np.empty(resamples)
    for b in range(resamples):
        drawn = np.bincount(rng.integers(0, n, n), minlength=n).astype(np.float64)
        replicates[b] = _compute(units, drawn, metric)
    known = replicates[~np.isnan(replicates)]
    low, high = np.quantile(known, [(1 - level) / 2, (1 + level) / 2])
    return Estimate(
        estimate=value,
        std_error=float(known.std(ddof=1)),
        ci_low=float(low),
        ci_high=float(high),
        level=level,
        n=paired,
        method=f"percentile, {len(known)} of {resamples} resamples of units",
    )


def _arrange(ratings: NDArray[np.float64], metric: Metric) -> _Units:
    check_ratings(ratings, level=0.5)
    if metric not in METRICS:
        msg = f"metric must be one of {', '.join(METRICS)}, not {metric!r}"
        raise ValueError(msg)
    present = ~np.isnan(ratings)
    present &= (present.sum(axis=1) > 1)[:, None]
    values, codes = np.unique(ratings[present], return_inverse=True)
    if metric == "ratio" and len(values) and values[0] < 0:
        msg = f"a ratio scale has no negative values, but {values[0]:g} occurs"
        raise ValueError(msg)
    places = np.full(ratings.shape, len(values), dtype=np.intp)
    places[present] = codes
    return _Units(
        values=values,
        codes=codes,
        unit=np.nonzero(present)[0],
        places=places,
        sizes=present.sum(axis=1).astype(np.float64),
    )


def _compute(units: _Units, weights: NDArray[np.float64], metric: Metric) -> float:
    """Return alpha with each unit taken as often as its weight says; NaN where undefined."""
    drawn = weights[units.unit]
    counts = np.zeros(len(units.values))
    counts += np.bincount(units.codes, weights=drawn, minlength=len(counts))
    if int((counts > 0).sum()) < 2:
        return float("nan")
    size = float(counts.sum())
    scale = units.values
    if metric == "interval":
        # Sums of squares lose digits far from zero.
        scale = scale - float(counts @ scale) / size
    elif metric == "ordinal":
        scale = np.cumsum(counts) - counts / 2
        scale = scale - size / 2
    within = _disagree(units, scale, metric)
    pairs = np.where(units.sizes > 1, units.sizes - 1, 1)
    observed = 2 * float(weights @ (within / pairs))
    if metric == "nominal":
        expected = size**2 - float(counts @ counts)
    elif metric == "ratio":
        expected = 2 * _sum_ratios(scale, counts)
    else:
        expected = 2 * (size * float(counts @ scale**2) - float(counts @ scale) ** 2)
    return 1 - (size - 1) * observed / expected


def _disagree(units: _Units, scale: NDArray[np.float64], metric: Metric) -> NDArray[np.float64]:
    """Return the sum of differences over the pairs of values of each unit; shape (n,)."""
    table = np.append(scale, np.nan)[units.places]
    total = np.zeros(len(table))
    for i in range(table.shape[1]):
        for j in range(i + 1, table.shape[1]):
            one, two = table[:, i], table[:, j]
            total += np.nan_to_num(_differ(one, two, metric))
    return total


def _differ(
    one: NDArray[np.float64], two: NDArray[np.float64], metric: Metric
) -> NDArray[np.float64]:
    """Return the difference of values, NaN where one is missing."""
    apart = one - two
    if metric == "nominal":
        return np.where(np.isnan(apart), np.nan, apart != 0)
    if metric == "ratio":
        both = one + two
        apart = apart / np.where(both == 0, 1.0, both)
    return np.asarray(apart**2)


@njit(nogil=True)
def _sum_ratios(values: NDArray[np.float64], counts: NDArray[np.float64]) -> float:
    """Return the sum of squared relative differences over unordered pairs of values."""
    total = 0.0
    for i in range(len(values)):
        for j in range(i):
            apart = (values[i] - values[j]) / (values[i] + values[j])
            total += counts[i] * counts[j] * apart * apart
    return total
