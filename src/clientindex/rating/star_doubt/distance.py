"""How far a centre is from its next cut points, in points and in its own standard errors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from clientindex.rating.bands import settle
from clientindex.rating.star_doubt.normal import check_errors
from clientindex.rating.star_rules import find_levels

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CutDistance:
    """Distances to the cut points on both sides, none negative.

    Attributes
    ----------
    up, down : ndarray of shape (C,)
        Points to gain for one star more, and points above the lower end of the band (0 on it);
        inf for the highest and for the lowest star, which cannot change that way.
    up_errors, down_errors : ndarray of shape (C,)
        The same in standard errors: inf where there is none to divide by (se = 0), NaN where the
        standard error is unknown.
    """

    up: NDArray[np.float64]
    down: NDArray[np.float64]
    up_errors: NDArray[np.float64]
    down_errors: NDArray[np.float64]


def compute_cut_distances(
    scores: NDArray[np.float64],
    std_errors: NDArray[np.float64],
    *,
    cuts: NDArray[np.float64],
) -> CutDistance:
    """Measure the distance of each score to the next cut point above and below.

    Parameters
    ----------
    scores, std_errors : ndarray of shape (C,)
        Scores without NaN.
    cuts : ndarray of shape (K - 1,) or (C, K - 1)

    Raises
    ------
    StatisticsError
        If a standard error is negative.

    Examples
    --------
    >>> import numpy as np
    >>> found = compute_cut_distances(
    ...     np.array([64.0]), np.array([2.0]), cuts=np.array([60.0, 70.0])
    ... )
    >>> found.up_errors.tolist(), found.down_errors.tolist()
    ([3.0], [2.0])
    """
    check_errors(std_errors)
    levels = find_levels(scores, cuts)
    rows = np.broadcast_to(cuts, (len(scores), cuts.shape[-1]))
    ends = np.full((len(scores), 1), np.inf)
    bounds = np.hstack([-ends, rows, ends])
    centre = np.arange(len(scores))
    up = np.maximum(settle(bounds[centre, levels] - scores), 0.0)
    down = np.maximum(settle(scores - bounds[centre, levels - 1]), 0.0)
    return CutDistance(
        up=up,
        down=down,
        up_errors=_divide(up, std_errors),
        down_errors=_divide(down, std_errors),
    )


def _divide(distance: NDArray[np.float64], std_errors: NDArray[np.float64]) -> NDArray[np.float64]:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(std_errors == 0, np.inf, distance / std_errors)
