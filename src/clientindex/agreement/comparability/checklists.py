"""Straight-lined checklists: every applicable item answered alike.

A checklist of nothing but "yes" may be true of a faultless centre; the share says how many
checklists cannot tell one item from another, not how many lie.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from clientindex.agreement.comparability.shares import estimate_share
from clientindex.errors import StatisticsError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from clientindex.agreement.coefficients.estimate import Estimate

FEWEST_ITEMS = 2
"""One answer is always like itself."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StraightLining:
    """Checklists with all answers alike.

    Attributes
    ----------
    share, share_highest, share_lowest : Estimate
        Of all centres with enough items: straight-lined at any answer, at the best, at the worst.
    flagged : bool ndarray of shape (C,)
    able : bool ndarray of shape (C,)
        Which centres have enough applicable items to be asked.
    fewest_items : int
    """

    share: Estimate
    share_highest: Estimate
    share_lowest: Estimate
    flagged: NDArray[np.bool_]
    able: NDArray[np.bool_]
    fewest_items: int


def estimate_straight_lining(
    items: NDArray[np.float64],
    *,
    low: float,
    high: float,
    level: float,
    fewest_items: int = FEWEST_ITEMS,
) -> StraightLining:
    """Estimate the share of checklists with all answers alike.

    Parameters
    ----------
    items : ndarray of shape (C, K)
        Answers, NaN where not applicable or missing; these are passed over.
    low, high : float
        The worst and the best answer.
    level : float
    fewest_items : int
        Centres with fewer applicable items are not counted, in numerator or denominator.

    Returns
    -------
    StraightLining
        Shares are NaN when no centre has enough items.

    Raises
    ------
    StatisticsError
        When `fewest_items` is below 2.

    Examples
    --------
    >>> items = np.array([[1.0, 1, 1], [1, 0, 1], [0, 0, np.nan]])
    >>> round(estimate_straight_lining(items, low=0, high=1, level=0.95).share.estimate, 3)
    0.667
    """
    if fewest_items < FEWEST_ITEMS:
        message = f"answers can be alike from {FEWEST_ITEMS} items on, not from {fewest_items}"
        raise StatisticsError(message)
    given = np.isfinite(items)
    able = np.asarray(given.sum(axis=1) >= fewest_items)
    lowest = np.where(given, items, np.inf).min(axis=1, initial=np.inf)
    highest = np.where(given, items, -np.inf).max(axis=1, initial=-np.inf)
    flagged = np.asarray(able & (lowest == highest))
    n = int(able.sum())
    counts = [int((flagged & at).sum()) for at in (True, highest == high, lowest == low)]
    every, best, worst = (estimate_share(count, n, level=level) for count in counts)
    return StraightLining(
        share=every,
        share_highest=best,
        share_lowest=worst,
        flagged=flagged,
        able=able,
        fewest_items=fewest_items,
    )
