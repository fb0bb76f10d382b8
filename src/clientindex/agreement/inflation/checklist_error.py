"""Error of a checklist from second visits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

FEWEST_SECOND = 10
"""Centres with a second checklist below which its error is not told: 9 degrees of freedom leave an
error variance an interval of 0.5 to 3.3 times the estimate."""


def estimate_checklist_variance(
    first: NDArray[np.float64], second: NDArray[np.float64] | None
) -> float | None:
    r"""Estimate the error variance of one checklist from pairs of them.

    :math:`t^2 = var(x_2 - x_1) / 2`, points squared.

    Parameters
    ----------
    first, second : ndarray of shape (C,)
        NaN where there is none.

    Returns
    -------
    float or None
        None with fewer than :data:`FEWEST_SECOND` pairs.

    Notes
    -----
    Both checklists are taken to err alike and apart from each other. A shift that all second visits
    share drops out. Where the second visit is an audit, differences hold the inflation that it
    found as well, and the variance is an upper bound: fewer centres then stand out.
    """
    if second is None:
        return None
    difference = second - first
    known = difference[np.isfinite(difference)]
    return float(known.var(ddof=1)) / 2 if len(known) >= FEWEST_SECOND else None
