"""How far experts put things in the same order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.stats import chi2, rankdata

from clientindex.errors import StatisticsError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

DECIMALS: Final = 9
"""Decimals to which values are compared, in units of the largest of an expert."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Concordance:
    """Kendall's coefficient of concordance.

    Attributes
    ----------
    w : float
        From 0 (no agreement) to 1 (one order); NaN with one expert, with one thing, or where every
        expert gives all things the same.
    chi2, p : float
        Friedman's statistic with its chance under random orders; a rough one below about seven
        experts or things.
    df : int
    n_experts : int
    """

    w: float
    chi2: float
    p: float
    df: int
    n_experts: int


def compute_concordance(values: ArrayLike) -> Concordance:
    r"""Compute Kendall's W of experts over things, corrected for ties.

    Parameters
    ----------
    values : array_like of shape (E, n)
        Points or weights; one row an expert, without NaN.

    Raises
    ------
    StatisticsError
        If a value is missing.

    Notes
    -----
    :math:`W = 12 S / (m^2 (n^3 - n) - m \sum_j T_j)` with S the squared deviations of rank sums
    and :math:`T_j = \sum (t^3 - t)` over the ties of expert j; :math:`\chi^2 = m (n - 1) W`.
    Agrees with R ``friedman.test`` and ``scipy.stats.friedmanchisquare``. Values of an expert that
    differ by less than 1e-9 of his largest one are ties: weights from judgements that mean the same
    come out of an eigenvector with other last digits, which differ between processors.

    References
    ----------
    Kendall M. G., Babington Smith B. The problem of m rankings. Annals of Mathematical Statistics,
    1939, 10(3), 275-287. doi:10.1214/aoms/1177732186
    """
    known = np.atleast_2d(np.asarray(values, dtype=np.float64))
    if not np.isfinite(known).all():
        msg = "concordance needs the values of every expert for everything"
        raise StatisticsError(msg)
    m, n = known.shape
    ranks = rankdata(_settle(known), axis=1)
    squares = float(((ranks.sum(axis=0) - m * (n + 1) / 2) ** 2).sum())
    scale = m**2 * (n**3 - n) - m * sum(_sum_ties(row) for row in ranks)
    w = 12 * squares / scale if m > 1 and scale > 0 else float("nan")
    statistic = m * (n - 1) * w
    p = float(chi2.sf(statistic, n - 1)) if n > 1 else float("nan")
    return Concordance(w=w, chi2=statistic, p=p, df=n - 1, n_experts=m)


def _settle(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return values in units of the largest of their row, rounded to where ties are ties."""
    largest = np.abs(values).max(axis=1, keepdims=True, initial=0)
    return np.round(values / np.where(largest > 0, largest, 1), DECIMALS)


def _sum_ties(ranks: ArrayLike) -> int:
    sizes = np.unique(ranks, return_counts=True)[1].astype(np.int64)
    return int((sizes**3 - sizes).sum())
