"""Two scores of the same centres, compared by rank."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from clientindex.errors import StatisticsError
from clientindex.sensitivity.rank_rows import rank_rows
from clientindex.sensitivity.tau import compute_kendall_tau, count_reversed_pairs

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Comparison:
    """Ranks before and after among C centres.

    Attributes
    ----------
    before, after : int64 ndarray of shape (C,)
        1 = best; ties take the smallest.
    tau : float
        Kendall's tau-b; NaN where one of the two has no two different scores.
    n_pairs, n_reversed : int
        Pairs with different scores before; those of them in opposite order after.
    """

    before: NDArray[np.int64]
    after: NDArray[np.int64]
    tau: float
    n_pairs: int
    n_reversed: int

    @property
    def mean_abs_shift(self) -> float:
        """Mean distance of both ranks; NaN without centres."""
        return float(np.abs(self.after - self.before).mean()) if len(self.after) else np.nan

    @property
    def max_abs_shift(self) -> int:
        """Largest distance of both ranks."""
        return int(np.abs(self.after - self.before).max(initial=0))


def compare_scores(before: NDArray[np.float64], after: NDArray[np.float64]) -> Comparison:
    """Compare the ranks that two scores of the same centres give.

    Parameters
    ----------
    before, after : ndarray of shape (C,)
        Without NaN; larger is better, equal to 9 decimals is a tie.

    Raises
    ------
    StatisticsError
        If they are not equally many, or one is missing.
    """
    if before.shape != after.shape or np.isnan(before).any() or np.isnan(after).any():
        msg = "ranks are compared of the same centres, all of them with both scores"
        raise StatisticsError(msg)
    ranks = rank_rows(np.stack([before, after]))
    sizes = np.unique(ranks[0], return_counts=True)[1].astype(np.int64)
    n = len(before)
    return Comparison(
        before=ranks[0],
        after=ranks[1],
        tau=float(compute_kendall_tau(ranks[0], ranks[1:])[0]),
        n_pairs=int(n * (n - 1) // 2 - (sizes * (sizes - 1) // 2).sum()),
        n_reversed=int(count_reversed_pairs(ranks[0], ranks[1:])[0]),
    )


def find_widest_reversal(
    before: NDArray[np.float64], after: NDArray[np.float64]
) -> tuple[int, int] | None:
    """Return the pair, higher first, that was farthest apart and is now in opposite order."""
    own = before[:, None] - before
    ranks = rank_rows(np.stack([before, after]))
    turned = (ranks[0][:, None] < ranks[0]) & (ranks[1][:, None] > ranks[1])
    if not turned.any():
        return None
    higher, lower = np.unravel_index(np.where(turned, own, -np.inf).argmax(), own.shape)
    return int(higher), int(lower)
