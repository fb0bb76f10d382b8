r"""How uncertain a standard error is itself: degrees of freedom, and intervals that know of them.

The variance of a mean of n answers is estimated with n - 1 degrees of freedom. A score that puts
several such means together, each of other people, has the variance :math:`v = \sum_s v_s`, and

.. math:: df = \frac{(\sum_s v_s)^2}{\sum_s v_s^2 / df_s}

is the number for which a multiple of chi-square has the mean and the variance of the estimate of v:
between the smallest and the sum of all. What is known without error of its variance has infinitely
many, and adds to v alone.

References
----------
Satterthwaite F. E. An approximate distribution of estimates of variance components. Biometrics
Bulletin, 1946, 2(6), 110-114. doi:10.2307/3002019
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.special import stdtrit

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray


def count_degrees(n: NDArray[np.float64], degrees: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the degrees of freedom of single segments' scores.

    Parameters
    ----------
    n : ndarray of shape (C, S, J)
        Answers behind each score; unknown numbers do not count.
    degrees : ndarray of shape (C, S)
        Of the segment's covariances.
    """
    return np.minimum(np.where(np.isnan(n), np.inf, n - 1), degrees[..., None])


def combine_degrees(
    variances: NDArray[np.float64], degrees: NDArray[np.float64], *, axis: int
) -> NDArray[np.float64]:
    """Combine the degrees of freedom of independent parts of a variance.

    Parameters
    ----------
    variances, degrees : ndarray of one shape
        Parts, not negative, and their degrees of freedom (inf: known without error). A part
        without a variance is 0, and its degrees do not matter.
    axis : int
        Along which the parts lie.

    Returns
    -------
    ndarray
        Without `axis`. inf where all parts are 0 or known; NaN where a part is; 0 where a part that
        counts has none.

    Examples
    --------
    >>> import numpy as np
    >>> combine_degrees(np.array([1.0, 4.0]), np.array([10.0, 5.0]), axis=0).round(6).item()
    7.575758
    """
    doubt = np.zeros(np.broadcast_shapes(variances.shape, degrees.shape))
    with np.errstate(divide="ignore"):
        np.divide(variances**2, degrees, out=doubt, where=variances != 0)
    total, doubts = variances.sum(axis=axis), doubt.sum(axis=axis)
    known = np.full(total.shape, np.inf)
    np.divide(total**2, doubts, out=known, where=doubts != 0)
    return known


def widen_degrees(degrees: NDArray[np.float64], own: NDArray[np.float64]) -> NDArray[np.float64]:
    r"""Return the degrees of freedom of posterior variances.

    Parameters
    ----------
    degrees : ndarray of shape (C,)
        Of the sampling variances v.
    own : ndarray of shape (C,)
        Weight of a unit's own estimate in its posterior mean, between 0 and 1.

    Notes
    -----
    The posterior variance :math:`v A / (v + A)` moves with v by the elasticity
    :math:`A / (v + A)`, which is `own`: of the doubt in v, :math:`2 / df` of its square, the part
    `own`² remains. So the degrees are divided by `own`²; what is drawn all the way to the mean has
    infinitely many.
    """
    found = np.full(np.broadcast_shapes(degrees.shape, own.shape), np.inf)
    np.divide(degrees, own**2, out=found, where=own != 0)
    return found


def find_quantile(level: float, degrees: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how many standard errors a two-sided interval of this level has on either side.

    Parameters
    ----------
    level : float
    degrees : ndarray
        Above 0; inf gives the quantile of the normal distribution, NaN gives NaN.
    """
    # Equal degrees are many, and the quantile of each takes long.
    distinct, place = np.unique(degrees, return_inverse=True)
    return np.asarray(stdtrit(distinct, (1 + level) / 2)[place])


def take_degrees(frame: pd.DataFrame) -> NDArray[np.float64]:
    """Return the degrees of freedom of a table of scores; inf where it does not tell them."""
    if "df" not in frame:
        return np.full(len(frame), np.inf)
    return frame["df"].to_numpy(np.float64)
