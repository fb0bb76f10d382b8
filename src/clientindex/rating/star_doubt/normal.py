r"""The probability of every star of every centre, its score being normal around the estimate.

:math:`P(star = k) = \Phi((c_k - s) / se) - \Phi((c_{k-1} - s) / se)` for cut points that are known,
:math:`c_0 = -\infty`, :math:`c_K = \infty`; with an error that is itself estimated, Student's t of
its degrees of freedom takes the place of :math:`\Phi`. Where the cut points come from the same
scores, :mod:`clientindex.rating.star_doubt.draws` finds them anew in each draw.

What it means: with the estimate and its standard error, how sure the star is when nothing else is
known about the centre. Given an empirical-Bayes mean and its standard deviation instead, it is the
probability of the true star among centres like these, and then it is calibrated.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.special import stdtr

from clientindex.errors import StatisticsError
from clientindex.rating.star_rules import find_levels

if TYPE_CHECKING:
    from numpy.typing import NDArray


def compute_star_probabilities(
    scores: NDArray[np.float64],
    std_errors: NDArray[np.float64],
    *,
    cuts: NDArray[np.float64],
    df: NDArray[np.float64] | None = None,
) -> NDArray[np.float64]:
    """Compute P(star = k) for all k.

    Parameters
    ----------
    scores, std_errors : ndarray of shape (C,)
        In points.
    cuts : ndarray of shape (K - 1,) or (C, K - 1)
        Not falling; with rows, each centre has its own.
    df : ndarray of shape (C,), optional
        Degrees of freedom of the standard errors; inf (by default) takes them for known.

    Returns
    -------
    ndarray of shape (C, K)
        Rows sum to 1. NaN where score or standard error is; without sampling error (se = 0) 1 for
        the star of the score and 0 for the others.

    Raises
    ------
    StatisticsError
        If a standard error is negative.

    Notes
    -----
    Above the cut point both tails are taken from above, so that small probabilities of low stars
    keep their digits as those of high stars do.

    Examples
    --------
    >>> import numpy as np
    >>> found = compute_star_probabilities(
    ...     np.array([60.0]), np.array([5.0]), cuts=np.array([50.0, 60.0])
    ... )
    >>> found.round(6).tolist()
    [[0.02275, 0.47725, 0.5]]
    """
    check_errors(std_errors)
    cuts = np.broadcast_to(cuts, (len(scores), cuts.shape[-1]))
    with np.errstate(divide="ignore", invalid="ignore"):
        z = (cuts - scores[:, None]) / std_errors[:, None]
    ends = np.full((len(scores), 1), np.inf)
    upper, lower = np.hstack([z, ends]), np.hstack([-ends, z])
    degrees = (np.full(len(scores), np.inf) if df is None else df)[:, None]
    from_above = stdtr(degrees, -lower) - stdtr(degrees, -upper)
    from_below = stdtr(degrees, upper) - stdtr(degrees, lower)
    probabilities: NDArray[np.float64] = np.where(lower > 0, from_above, from_below)
    certain = (std_errors == 0) & np.isfinite(scores)
    if certain.any():
        levels = find_levels(scores[certain], cuts[certain])
        probabilities[certain] = levels[:, None] == np.arange(1, cuts.shape[1] + 2)
    probabilities[~np.isfinite(scores) | np.isnan(std_errors)] = np.nan
    return probabilities


def cap_probabilities(
    probabilities: NDArray[np.float64], limits: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Move the probability of stars above a cap that certainly holds to the star of the cap.

    Parameters
    ----------
    probabilities : ndarray of shape (C, K)
    limits : int ndarray of shape (C,)
        Most stars of each centre; K where no cap holds.

    Raises
    ------
    StatisticsError
        If a limit is below 1.

    Examples
    --------
    >>> import numpy as np
    >>> cap_probabilities(np.array([[0.25, 0.25, 0.5]]), np.array([2])).tolist()
    [[0.25, 0.75, 0.0]]
    """
    limits = np.asarray(limits)
    if (limits < 1).any():
        msg = f"a cap cannot be below one star, got {int(limits.min())}"
        raise StatisticsError(msg)
    star = np.arange(1, probabilities.shape[1] + 1)
    above = np.where(star > limits[:, None], probabilities, 0.0).sum(axis=1)
    kept = np.where(star > limits[:, None], 0.0, probabilities)
    return kept + np.where(star == limits[:, None], above[:, None], 0.0)


def check_errors(std_errors: NDArray[np.float64]) -> None:
    """Check standard errors.

    Raises
    ------
    StatisticsError
        If one is negative.
    """
    if (std_errors < 0).any():
        msg = f"standard errors cannot be negative, got {float(np.nanmin(std_errors)):g}"
        raise StatisticsError(msg)
