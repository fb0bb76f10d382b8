"""Intervals of what lies between centres, from leaving out each centre in turn.

A bootstrap takes some centres twice, and their sampling errors with them, which a variance between
centres corrected for such errors takes for two: every replicate is shifted. Leaving one centre out
shifts nothing.

References
----------
Shao J., Tu D. The Jackknife and Bootstrap. Springer, 1995, 6.2.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import t as student

from clientindex.compiled import njit

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Strata:
    """Strata of the centres that are left out in turn.

    Attributes
    ----------
    codes : int ndarray of shape (C,)
    """

    codes: NDArray[np.intp]
    rows: tuple[NDArray[np.intp], NDArray[np.intp]] = field(init=False, repr=False)
    """Centres by stratum, and where each stratum ends among them."""

    def __post_init__(self) -> None:
        """List the centres of every stratum."""
        _, sizes = np.unique(self.codes, return_counts=True)
        order = np.argsort(self.codes, kind="stable")
        object.__setattr__(self, "rows", (order, np.cumsum(sizes)))

    @property
    def df(self) -> int:
        """Degrees of freedom of the intervals: centres less strata."""
        return len(self.codes) - len(self.rows[1])


def compute_jackknife_error(left_out: NDArray[np.float64], strata: Strata) -> NDArray[np.float64]:
    r"""Compute standard errors from estimates without each centre.

    .. math:: \sum_h \frac{m_h}{m_h - 1} \left(\frac{C - 1}{C}\right)^2
              \sum_{j \in h} (\theta_{(hj)} - \bar\theta_{(h)})^2

    A statistic of all C centres together, from which one is left out without giving its weight to
    the others of its region, moves by 1 / (C - 1) of the centre's influence; the spread of
    influences inside a region of m centres is estimated with m - 1. With one stratum this is the
    ordinary jackknife.

    Parameters
    ----------
    left_out : ndarray of shape (C, ...)
        NaN where an estimate is not defined makes the error NaN.
    strata : Strata

    Returns
    -------
    ndarray of shape (...)
    """
    n = len(left_out)
    flat = np.ascontiguousarray(left_out.reshape(n, -1), dtype=np.float64)
    total = _sum_squares(flat, *strata.rows).reshape(left_out.shape[1:])
    return np.asarray((n - 1) / n * np.sqrt(total))


@njit(nogil=True)
def _sum_squares(
    left_out: NDArray[np.float64], order: NDArray[np.intp], ends: NDArray[np.intp]
) -> NDArray[np.float64]:  # pragma: no cover - compiled
    """Return the sum over strata of ``m / (m - 1)`` times the squares around their means."""
    n_columns = left_out.shape[1]
    total, mean, squares = np.zeros(n_columns), np.empty(n_columns), np.empty(n_columns)
    start = 0
    for end in ends:
        members = order[start:end]
        start, size = end, end - start
        if size < 2:
            continue
        mean[:] = 0.0
        squares[:] = 0.0
        for c in members:
            for j in range(n_columns):
                mean[j] += left_out[c, j]
        for j in range(n_columns):
            mean[j] /= size
        for c in members:
            for j in range(n_columns):
                squares[j] += (left_out[c, j] - mean[j]) ** 2
        for j in range(n_columns):
            total[j] += size / (size - 1) * squares[j]
    return total


@cache
def find_quantile(level: float, df: int) -> float:
    """Return the quantile of Student's t that an interval of a level reaches on either side."""
    return float(student.ppf((1 + level) / 2, df))


def make_plain_interval(
    estimate: NDArray[np.float64], left_out: NDArray[np.float64], strata: Strata, level: float
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return error and interval ``estimate -/+ t error`` of a number without bounds."""
    error = compute_jackknife_error(left_out, strata)
    margin = find_quantile(level, max(strata.df, 1)) * error
    return error, estimate - margin, estimate + margin


def make_bounded_interval(
    estimate: NDArray[np.float64], left_out: NDArray[np.float64], strata: Strata, level: float
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return error and interval of a coefficient up to 1, made on the scale ``log(1 - estimate)``.

    NaN where an estimate is 1.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = compute_jackknife_error(np.log(1 - left_out), strata)
        margin = find_quantile(level, max(strata.df, 1)) * spread
        low, high = (1 - (1 - estimate) * np.exp(sign * margin) for sign in (1, -1))
    return (1 - estimate) * spread, low, high
