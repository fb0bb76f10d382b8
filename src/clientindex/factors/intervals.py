"""Percentile intervals from bootstrap replicates, some of which may be undefined."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from clientindex.results import Unavailable

if TYPE_CHECKING:
    from numpy.typing import NDArray

MIN_USABLE_SHARE = 0.5
"""Share of replicates that must be defined before an interval is given.

Working threshold: percentiles of fewer would describe the samples that happened to work.
"""

PERCENTILES: Final = "weibull"
"""Order statistic r of R is the quantile r / (R + 1): the level holds with few replicates too."""


def compute_percentile_interval(
    replicates: NDArray[np.float64], level: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Compute the percentile interval over the first axis.

    Parameters
    ----------
    replicates : ndarray of shape (R, ...)
        Defined (finite) replicates only.
    level : float
        Such as 0.95.

    Returns
    -------
    low, high : ndarray of shape (...)

    References
    ----------
    Davison A. C., Hinkley D. V. Bootstrap Methods and Their Application. Cambridge, 1997, 5.3.
    """
    tail = (1 - level) / 2
    low, high = np.quantile(replicates, [tail, 1 - tail], axis=0, method=PERCENTILES)
    return low, high


def find_unstable(usable: int, drawn: int, *, stage: str) -> Unavailable | None:
    """Say that too few replicates are defined for an interval, if so.

    Returns
    -------
    Unavailable or None
        Reason ``unstable_resampling``; detail such as "12/1000" (usable of drawn).
    """
    if usable >= max(2, MIN_USABLE_SHARE * drawn):
        return None
    return Unavailable(stage=stage, reason="unstable_resampling", detail=f"{usable}/{drawn}")
