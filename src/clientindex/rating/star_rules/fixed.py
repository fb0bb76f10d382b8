"""Cut points that are stated, and do not depend on who is rated."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from clientindex.rating.star_rules.cuts import check_cuts

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True)
class FixedCuts:
    """Stated cut points: a centre's star depends on its own score only.

    Attributes
    ----------
    cuts : tuple of float
        Rising; K - 1 for K stars. Cut j (from 0) is the lowest score with j + 2 stars.

    Raises
    ------
    StatisticsError
        If cut points are missing or do not rise.

    Examples
    --------
    >>> FixedCuts(cuts=(50.0, 60.0, 70.0, 80.0)).n_stars
    5
    """

    cuts: tuple[float, ...]

    def __post_init__(self) -> None:
        """Check the order of the cut points."""
        check_cuts(self.cuts)

    @property
    def n_stars(self) -> int:
        """Number of stars."""
        return len(self.cuts) + 1

    def find_cuts(self, scores: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the stated cut points, whatever the scores."""
        return np.array(self.cuts, dtype=np.float64)
