"""Effective weights: what a stated weight is worth at the top of a hierarchy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from clientindex.errors import StatisticsError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from clientindex.rating.aggregation import Level


def compute_effective_weights(levels: Sequence[Level]) -> tuple[NDArray[np.float64], ...]:
    """Compute the effective weight of every component at every level.

    Parameters
    ----------
    levels : sequence of Level
        From the lowest up; the highest has one parent. Weights need not sum to 1.

    Returns
    -------
    tuple of ndarray
        One array a level, of the length of its children; each sums to 1.

    Raises
    ------
    StatisticsError
        If a weight is negative or no number, or all children of a parent weigh 0.

    Notes
    -----
    The weight within the parent, times the effective weight of the parent. Agrees with
    ``get_eff_weights`` of COINr to 1e-12.

    References
    ----------
    Becker W., Saisana M., Paruolo P., Vandecasteele I. Weights and importance in composite
    indicators: closing the gap. Ecological Indicators, 2017, 80, 12-22.
    doi:10.1016/j.ecolind.2017.03.056

    Examples
    --------
    >>> import numpy as np
    >>> from clientindex.rating.aggregation import Level
    >>> low = Level(parent_of=np.array([0, 0, 1]), weights=np.array([1.0, 3.0, 1.0]))
    >>> top = Level(parent_of=np.array([0, 0]), weights=np.array([0.5, 0.5]))
    >>> compute_effective_weights([low, top])[0]
    array([0.125, 0.375, 0.5  ])
    """
    above = np.ones(1)
    found: list[NDArray[np.float64]] = []
    for level in reversed(levels):
        weights = np.asarray(level.weights, dtype=np.float64)
        if not (np.isfinite(weights) & (weights >= 0)).all():
            msg = "weights must be numbers of 0 or more"
            raise StatisticsError(msg)
        total = np.bincount(level.parent_of, weights=weights, minlength=len(above))
        if not (total > 0).all():
            msg = f"all components of parent {int(np.argmin(total))} weigh 0"
            raise StatisticsError(msg)
        above = (weights / total[level.parent_of]) * above[level.parent_of]
        found.append(above)
    return tuple(reversed(found))
