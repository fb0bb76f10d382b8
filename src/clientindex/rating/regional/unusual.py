"""Which units lie outside what over-dispersion allows, and the limits of the funnel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import norm

from clientindex.agreement.inflation.outlying import adjust_p, check_rate

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from clientindex.rating.regional.overdispersion import Overdispersion

PLAIN, MULTIPLICATIVE, ADDITIVE = "plain", "multiplicative", "additive"
MODELS = (MULTIPLICATIVE, ADDITIVE)
HIGH, LOW = "high", "low"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Unusual:
    """Tests of every unit against the target, by one model.

    Attributes
    ----------
    z, p_value, q_value : ndarray of shape (m,)
        Two-sided p; q by Benjamini and Hochberg.
    flagged : str ndarray of shape (m,)
        "high", "low" or "".
    """

    z: NDArray[np.float64]
    p_value: NDArray[np.float64]
    q_value: NDArray[np.float64]
    flagged: NDArray[np.str_]


def find_unusual(
    y: NDArray[np.float64],
    error: NDArray[np.float64],
    found: Overdispersion,
    *,
    model: str,
    fdr: float,
) -> Unusual:
    r"""Test every unit against the target.

    Parameters
    ----------
    y, error : ndarray of shape (m,)
    found : Overdispersion
    model : {"plain", "multiplicative", "additive"}
    fdr : float
        False discovery rate: expected share of ordinary units among those flagged.

    Raises
    ------
    StatisticsError
        For a rate outside 0 to 1.

    Notes
    -----
    :math:`z = (y - \theta_0) / d` with d as in :func:`compute_deviation`. The models differ for
    units with few respondents: the multiplicative one widens every error by the same factor and
    so finds large units unusual, the additive one adds the same spread to all.
    """
    check_rate(fdr)
    z = (y - found.target) / compute_deviation(error, found, model=model)
    p = 2 * norm.sf(np.abs(z))
    q = adjust_p(p)
    side = np.where(z > 0, HIGH, LOW)
    return Unusual(z=z, p_value=p, q_value=q, flagged=np.where(q <= fdr, side, ""))


def compute_deviation(
    error: NDArray[np.float64], found: Overdispersion, *, model: str
) -> NDArray[np.float64]:
    r"""Compute the standard deviation of an ordinary unit's estimate about the target.

    s by "plain", :math:`s \sqrt{\max(1, \phi)}` by "multiplicative", :math:`\sqrt{s^2 + \tau^2}` by
    "additive".
    """
    if model == MULTIPLICATIVE:
        return np.asarray(error * found.scale)
    if model == ADDITIVE:
        return np.sqrt(error**2 + found.tau2)
    return error


def compute_limits(
    error: NDArray[np.float64], found: Overdispersion, *, model: str, level: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Compute the limits that ordinary units pass with probability 1 - level.

    Parameters
    ----------
    error : ndarray of shape (K,)
        Standard errors at which limits are wanted.
    found : Overdispersion
    model : {"plain", "multiplicative", "additive"}
    level : float

    Returns
    -------
    low, high : ndarray of shape (K,)
    """
    margin = norm.ppf((1 + level) / 2) * compute_deviation(error, found, model=model)
    return found.target - margin, found.target + margin
