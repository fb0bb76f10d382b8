r"""Variance between regions and between centres, when sampling errors of centres are known.

:math:`y_{rc} = \mu + a_r + b_c + e_c`, :math:`var(a) = \tau_R^2`, :math:`var(b) = \tau_C^2`,
:math:`var(e_c) = v_c` known. Scores of one region have the covariance
:math:`diag(v + \tau_C^2) + \tau_R^2 11'`, whose inverse and determinant are closed.

References
----------
Konstantopoulos S. Fixed effects and variance components estimation in three-level meta-analysis.
Research Synthesis Methods, 2011, 2(1), 61-76. doi:10.1002/jrsm.35
Viechtbauer W. Conducting meta-analyses in R with the metafor package. Journal of Statistical
Software, 2010, 36(3), 1-48. doi:10.18637/jss.v036.i03
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import brentq, minimize_scalar
from scipy.stats import chi2

from clientindex.errors import StatisticsError
from clientindex.reliability.centres.one_way import list_grid, search_bounded

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

HIGHEST = 1 - 1e-9
"""Where the search over T / (T + variance of scores) ends."""

WIDEST = 0.999
"""The same for ends of intervals: 1,000 times the variance of scores."""

ROUGHLY = 1e-7
"""How near to its lowest point a profile is searched for its value."""

SMALLEST = 1e-9
"""A variance as a share of the typical sampling variance, in place of 0."""

ROOT_TOLERANCE = 1e-8

_add = np.add.reduce
"""The sum of an array, without the steps around it: it is asked for a hundred thousand times."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NestedComponents:
    """Variances of true scores, squared points, with profile-likelihood intervals.

    Attributes
    ----------
    regions, centres : float
        Between regions, and between the centres of a region.
    share : float
        Of the former in the sum; NaN where both are 0.
    regions_interval, centres_interval, share_interval : tuple of float
        An upper end is infinite where the likelihood does not fall within 1,000 times the variance
        of scores.
    """

    regions: float
    centres: float
    share: float
    regions_interval: tuple[float, float]
    centres_interval: tuple[float, float]
    share_interval: tuple[float, float]


class _Deviance:
    """Restricted deviance as a function of both variances."""

    def __init__(
        self, y: NDArray[np.float64], v: NDArray[np.float64], regions: NDArray[np.intp]
    ) -> None:
        self._y = y - y.mean()
        self._v = np.maximum(v, SMALLEST * float(np.median(v)))
        self._regions = regions

    def __call__(self, between_regions: float, between_centres: float) -> float:
        d = self._v + between_centres
        weight = np.bincount(self._regions, 1 / d)
        keep = 1 + between_regions * weight
        precision = float(_add(weight / keep))
        mean = float(_add(np.bincount(self._regions, self._y / d) / keep)) / precision
        residual = self._y - mean
        shared = _add(np.bincount(self._regions, residual / d) ** 2 / keep)
        squares = _add(residual**2 / d) - between_regions * shared
        return float(_add(np.log(d)) + _add(np.log(keep)) + np.log(precision) + squares)

    def list_values(
        self, between_regions: NDArray[np.float64], between_centres: NDArray[np.float64]
    ) -> list[float]:
        """Return the deviance at n pairs of variances, each as if it were asked for alone."""
        at = between_regions[:, None]
        d = self._v + between_centres[:, None]
        weight = self._sum(1 / d)
        keep = 1 + at * weight
        precision = (weight / keep).sum(axis=1)
        mean = (self._sum(self._y / d) / keep).sum(axis=1) / precision
        residual = self._y - mean[:, None]
        shared = (self._sum(residual / d) ** 2 / keep).sum(axis=1)
        squares = (residual**2 / d).sum(axis=1) - between_regions * shared
        logs = np.log(d).sum(axis=1) + np.log(keep).sum(axis=1)
        values: list[float] = (logs + np.log(precision) + squares).tolist()
        return values

    def _sum(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Sum over regions, from (n, C) to (n, regions)."""
        n_regions = int(self._regions.max()) + 1
        cells = np.arange(len(values))[:, None] * n_regions + self._regions
        sums = np.bincount(cells.ravel(), weights=values.ravel())
        return np.asarray(sums.reshape(len(values), n_regions), dtype=np.float64)


def fit_components(
    y: NDArray[np.float64], v: NDArray[np.float64], regions: NDArray[np.intp], *, level: float
) -> NestedComponents:
    """Estimate both variances by restricted maximum likelihood.

    Parameters
    ----------
    y, v : ndarray of shape (C,)
        Scores and their sampling variances, complete; variances 0 or more, most above 0.
    regions : int ndarray of shape (C,)
        Number of the region of every centre, from 0 without gaps.
    level : float

    Raises
    ------
    StatisticsError
        With one region, no region of two centres, equal scores, or variances that are missing.

    Notes
    -----
    Agrees with metafor (`rma.mv` with centres nested in regions, and ``struct = "CS"``, whose rho
    is the share) and its profile-likelihood intervals to 1e-4. An estimate of 0 does not show that
    regions are equal: read the interval.

    Examples
    --------
    >>> import numpy as np
    >>> y = np.array([50.0, 52.0, 60.0, 62.0])
    >>> fit = fit_components(y, np.full(4, 1.0), np.array([0, 0, 1, 1]), level=0.95)
    >>> round(fit.regions, 3), round(fit.centres, 3)
    (49.0, 1.0)
    """
    _check(y, v, regions)
    deviance = _Deviance(y, v, regions)
    scale = float(y.var())
    total, share = _find_lowest(deviance, scale)
    between_regions, between_centres = total * share, total * (1 - share)
    limit = deviance(between_regions, between_centres) + float(chi2.ppf(level, 1))

    def profile_regions(at: float) -> float:
        return _lower(lambda other: deviance(at, other), scale)

    def profile_centres(at: float) -> float:
        return _lower(lambda other: deviance(other, at), scale)

    def profile_share(at: float) -> float:
        return _lower(lambda both: deviance(both * at, both * (1 - at)), scale)

    highest = scale * WIDEST / (1 - WIDEST)
    return NestedComponents(
        regions=between_regions,
        centres=between_centres,
        share=share if total > 0 else np.nan,
        regions_interval=_cross(profile_regions, between_regions, limit, highest, beyond=np.inf),
        centres_interval=_cross(profile_centres, between_centres, limit, highest, beyond=np.inf),
        share_interval=_cross(profile_share, share, limit, 1.0, beyond=1.0),
    )


def _check(y: NDArray[np.float64], v: NDArray[np.float64], regions: NDArray[np.intp]) -> None:
    sizes = np.bincount(regions)
    if len(sizes) < 2 or sizes.max() < 2:
        message = "variance between regions needs two of them, one with two centres"
        raise StatisticsError(message)
    if not (np.isfinite(y) & np.isfinite(v) & (v >= 0)).all() or not np.median(v) > 0:
        message = "variance between regions needs a score and a sampling error of every centre"
        raise StatisticsError(message)
    if np.ptp(y) == 0:
        message = "all centres have the same score"
        raise StatisticsError(message)


def _find_lowest(deviance: _Deviance, scale: float) -> tuple[float, float]:
    """Return the sum of both variances and the share of the first where deviance is lowest."""
    points = list_grid(HIGHEST)
    totals = scale * points / (1 - points)

    def find_total(share: float) -> float:
        x = search_bounded(
            lambda x: deviance(_open(x, scale) * share, _open(x, scale) * (1 - share)),
            HIGHEST,
            values=deviance.list_values(totals * share, totals * (1 - share)),
        )
        return _open(x, scale)

    def at(share: float) -> float:
        total = find_total(share)
        return deviance(total * share, total * (1 - share))

    grid = np.linspace(0, 1, 21)
    values = [at(float(share)) for share in grid]
    place = int(np.argmin(values))
    low, high = grid[max(place - 1, 0)], grid[min(place + 1, len(grid) - 1)]
    found = minimize_scalar(at, bounds=(low, high), method="bounded", options={"xatol": 1e-9})
    share = float(found.x) if found.fun < values[place] else float(grid[place])
    return find_total(share), share


def _open(x: float, scale: float) -> float:
    return scale * x / (1 - x)


def _lower(deviance: Callable[[float], float], scale: float) -> float:
    """Return the smallest value of a function of a variance."""
    found = minimize_scalar(
        lambda x: deviance(_open(x, scale)),
        bounds=(0, WIDEST),
        method="bounded",
        options={"xatol": ROUGHLY},
    )
    return float(min(found.fun, deviance(0.0)))


def _cross(
    profile: Callable[[float], float], best: float, limit: float, highest: float, *, beyond: float
) -> tuple[float, float]:
    """Return where a profile reaches the limit on both sides of its lowest point."""
    low, high = 0.0, beyond
    if best > 0 and profile(0.0) > limit:
        low = float(brentq(lambda at: profile(at) - limit, 0.0, best, rtol=ROOT_TOLERANCE))
    if best < highest and profile(highest) > limit:
        high = float(brentq(lambda at: profile(at) - limit, best, highest, rtol=ROOT_TOLERANCE))
    return low, high
