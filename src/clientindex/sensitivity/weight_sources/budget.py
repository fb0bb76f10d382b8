"""Budget allocation: experts distribute points, and weights are the means of their shares."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from clientindex.errors import StatisticsError
from clientindex.sensitivity.weight_sources.concordance import Concordance, compute_concordance

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class BudgetShares:
    """Shares that E experts give n things of one parent.

    Attributes
    ----------
    weights : ndarray of shape (n,)
        Mean shares; sum to 1.
    std_dev : ndarray of shape (n,)
        Between experts (E - 1); NaN with one.
    lowest, highest : ndarray of shape (n,)
    shares : ndarray of shape (E, n)
        Of each expert; rows sum to 1.
    concordance : Concordance
    """

    weights: NDArray[np.float64]
    std_dev: NDArray[np.float64]
    lowest: NDArray[np.float64]
    highest: NDArray[np.float64]
    shares: NDArray[np.float64]
    concordance: Concordance


def allocate_budget(points: ArrayLike) -> BudgetShares:
    """Average experts' points as shares of what each of them gave in all.

    Parameters
    ----------
    points : array_like of shape (E, n)
        One row an expert; from 0, any total.

    Raises
    ------
    StatisticsError
        If points are missing or negative, or an expert gives none.

    Examples
    --------
    >>> allocate_budget([[60, 40], [20, 80]]).weights.round(3).tolist()
    [0.4, 0.6]

    References
    ----------
    OECD, European Union, JRC. Handbook on constructing composite indicators, 2008, section 6.5.
    doi:10.1787/9789264043466-en
    """
    known = np.asarray(points, dtype=np.float64)
    if known.ndim != 2 or not known.size:
        msg = f"points must be a table of experts by things, got shape {known.shape}"
        raise StatisticsError(msg)
    wrong = np.flatnonzero(~((known >= 0) & np.isfinite(known)).all(axis=1))
    if len(wrong):
        msg = f"points of experts {wrong.tolist()} (from 0) are missing or negative"
        raise StatisticsError(msg)
    total = known.sum(axis=1, keepdims=True)
    if (total == 0).any():
        msg = f"experts {np.flatnonzero(total == 0).tolist()} (from 0) give no points at all"
        raise StatisticsError(msg)
    shares = known / total
    nothing = np.full(known.shape[1], np.nan)
    return BudgetShares(
        weights=shares.mean(axis=0),
        std_dev=shares.std(axis=0, ddof=1) if len(shares) > 1 else nothing,
        lowest=shares.min(axis=0),
        highest=shares.max(axis=0),
        shares=shares,
        concordance=compute_concordance(shares),
    )
