r"""Variance components of respondents in centres in regions by restricted maximum likelihood.

Centre means and the pooled variance inside centres are sufficient. With
:math:`v_c = 1 / n_c + \lambda_C` the means of one region have the covariance
:math:`\sigma^2 (diag(v) + \lambda_R 11')`, whose inverse and determinant are closed.

References
----------
Searle S. R., Casella G., McCulloch C. E. Variance Components. Wiley, 1992, 6.6.
Bates D., Mächler M., Bolker B., Walker S. Fitting linear mixed-effects models using lme4. Journal
of Statistical Software, 2015, 67(1), 1-48. doi:10.18637/jss.v067.i01
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numba import njit
from scipy.optimize import brentq, minimize, minimize_scalar
from scipy.stats import chi2

from clientindex.reliability.centres.one_way import search_bounded

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from clientindex.reliability.centres.scores import CentreScores

HIGHEST = 0.999
"""Largest share of a component over itself and the variance of respondents."""

STARTS = ((0.05, 0.05), (0.3, 0.0), (0.0, 0.3), (0.3, 0.3))

EFFECTS = ("centre", "region")

COMPONENTS = ("respondent", *EFFECTS)

SMALLEST_SHARE = 1e-6

NEAR_LOWEST = 1e-4
"""How near to where it is lowest, where it is flat, a deviance is searched for its value."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Nested:
    """Components of the three levels.

    Attributes
    ----------
    variances : dict
        ``respondent``, ``centre`` and ``region``.
    intervals : dict
        Profile-likelihood intervals of the variances of ``centre`` and ``region``.
    shares : dict
        Profile-likelihood intervals of the shares of all three in their sum.
    """

    variances: dict[str, float]
    intervals: dict[str, tuple[float, float]]
    shares: dict[str, tuple[float, float]]


class _Likelihood:
    """Restricted deviance of centre means, as a function of both ratios."""

    def __init__(self, scores: CentreScores, regions: NDArray[np.intp]) -> None:
        self._scores = scores
        self._regions = regions

    def __call__(self, centre: float, region: float) -> tuple[float, float]:
        """Return the deviance without its constant, and the variance of respondents."""
        scores = self._scores
        return _deviate(
            scores.n, scores.mean, self._regions, scores.df, scores.within, centre, region
        )


@njit(cache=True, nogil=True)
def _deviate(
    n: NDArray[np.float64],
    mean: NDArray[np.float64],
    regions: NDArray[np.intp],
    df: float,
    within: float,
    centre: float,
    region: float,
) -> tuple[float, float]:  # pragma: no cover - compiled
    """Return the deviance and the variance of respondents at two ratios.

    Weights, weighted means and weighted residuals of every region are summed in one pass each.
    """
    n_regions = regions.max() + 1
    weight, weighted, left = np.zeros(n_regions), np.zeros(n_regions), np.zeros(n_regions)
    logs = 0.0
    for c in range(len(n)):
        v = 1 / n[c] + centre
        weight[regions[c]] += 1 / v
        weighted[regions[c]] += mean[c] / v
        logs += np.log(v)
    shrink = 1 / (1 + region * weight)
    precision = (weight * shrink).sum()
    grand = (weighted * shrink).sum() / precision
    squares = 0.0
    for c in range(len(n)):
        v = 1 / n[c] + centre
        residual = mean[c] - grand
        left[regions[c]] += residual / v
        squares += residual**2 / v
    squares -= region * (left**2 * shrink).sum()
    freedom = df + len(n) - 1
    total = df * within + squares
    deviance = freedom * np.log(total) + logs - np.log(shrink).sum() + np.log(precision)
    return deviance, total / freedom


def fit_nested(scores: CentreScores, regions: NDArray[np.intp], level: float) -> Nested:
    """Estimate the components of respondents, centres and regions.

    Parameters
    ----------
    scores : CentreScores
        Of C centres with a positive variance inside them.
    regions : int ndarray of shape (C,)
        Number of the region of every centre, from 0; two or more regions.
    level : float
    """
    likelihood = _Likelihood(scores, regions)

    def deviance(shares: NDArray[np.float64]) -> float:
        return likelihood(*(shares / (1 - shares)))[0]

    tries = [
        minimize(
            deviance,
            np.array(start),
            method="L-BFGS-B",
            bounds=[(0.0, HIGHEST)] * 2,
            options={"ftol": 1e-15, "gtol": 1e-9, "maxiter": 500},
        )
        for start in STARTS
    ]
    shares = _polish(deviance, min(tries, key=lambda found: found.fun).x)
    centre, region = shares / (1 - shares)
    lowest, within = likelihood(centre, region)
    limit = lowest + float(chi2.ppf(level, 1))
    intervals = {}
    for position, name in enumerate(EFFECTS):
        low, high = _profile(deviance, shares, position, limit)
        intervals[name] = (low * within, high * within)
    parts = np.array([1.0, centre, region])
    return Nested(
        variances={"respondent": within, "centre": centre * within, "region": region * within},
        intervals=intervals,
        shares={
            name: _profile_share(likelihood, parts / parts.sum(), position, limit)
            for position, name in enumerate(COMPONENTS)
        },
    )


def _polish(
    deviance: Callable[[NDArray[np.float64]], float], shares: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Improve the minimum of a gradient by differences, one share after the other."""
    best = np.asarray(shares, dtype=np.float64)
    for position in (0, 1) * 4:
        fixed = best

        def along(share: float, position: int = position, fixed: Any = fixed) -> float:
            return deviance(_replace(fixed, position, share))

        found = search_bounded(along, HIGHEST)
        if along(found) <= deviance(best):
            best = _replace(best, position, found)
    return best


def _replace(shares: NDArray[np.float64], position: int, share: float) -> NDArray[np.float64]:
    changed = shares.copy()
    changed[position] = share
    return changed


def _profile(
    deviance: Callable[[NDArray[np.float64]], float],
    shares: NDArray[np.float64],
    position: int,
    limit: float,
) -> tuple[float, float]:
    """Return the ratios at which the deviance, minimised over the other one, reaches the limit."""

    def excess(share: float) -> float:
        def other(value: float) -> float:
            return deviance(_replace(np.full(2, share), 1 - position, value))

        return _find_lowest(other, HIGHEST) - limit

    best = float(shares[position])
    low, high = 0.0, float("inf")
    if best > 0 and excess(0.0) > 0:
        end = float(brentq(excess, 0.0, best, xtol=1e-7))
        low = end / (1 - end)
    if excess(HIGHEST) > 0:
        end = float(brentq(excess, best, HIGHEST, xtol=1e-7))
        high = end / (1 - end)
    return low, high


def _profile_share(
    likelihood: _Likelihood, best: NDArray[np.float64], position: int, limit: float
) -> tuple[float, float]:
    """Return the shares at which the deviance reaches the limit when the others divide the rest.

    Where it does not, the share may be anything down to 0 or up to 1.
    """

    def excess(share: float) -> float:
        def divide(first: float) -> float:
            parts = [(1 - share) * first, (1 - share) * (1 - first)]
            parts.insert(position, share)
            respondent, centre, region = parts
            return likelihood(centre / respondent, region / respondent)[0]

        return _find_lowest(divide, 1 - SMALLEST_SHARE) - limit

    own = float(best[position])
    low, high = 0.0, 1.0
    if own > SMALLEST_SHARE and excess(SMALLEST_SHARE) > 0:
        low = float(brentq(excess, SMALLEST_SHARE, own, xtol=1e-7))
    if own < 1 - SMALLEST_SHARE and excess(1 - SMALLEST_SHARE) > 0:
        high = float(brentq(excess, own, 1 - SMALLEST_SHARE, xtol=1e-7))
    return low, high


def _find_lowest(deviance: Callable[[float], float], highest: float) -> float:
    """Return the smallest value of a function of a number from near 0 to `highest`."""
    found = minimize_scalar(
        deviance,
        bounds=(SMALLEST_SHARE, highest),
        method="bounded",
        options={"xatol": NEAR_LOWEST},
    )
    return float(min(found.fun, deviance(SMALLEST_SHARE), deviance(highest)))
