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
    members: tuple[NDArray[np.intp], ...] = field(init=False, repr=False)
    """Centres of every stratum."""

    def __post_init__(self) -> None:
        """List the centres of every stratum."""
        members = tuple(np.flatnonzero(self.codes == code) for code in np.unique(self.codes))
        object.__setattr__(self, "members", members)

    @property
    def df(self) -> int:
        """Degrees of freedom of the intervals: centres less strata."""
        return len(self.codes) - len(self.members)


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
    total = np.zeros(left_out.shape[1:])
    for chosen in strata.members:
        members = left_out[chosen]
        size = len(members)
        if size > 1:
            squares = ((members - members.sum(axis=0) / size) ** 2).sum(axis=0)
            total = total + size / (size - 1) * squares
    n = len(left_out)
    return np.asarray((n - 1) / n * np.sqrt(total))


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
