r"""Variance components of respondents in centres, for unequal numbers of answers.

The score of centre c is :math:`m_c = \mu + u_c + e_c` with :math:`var(u_c) = \tau^2` and
:math:`var(e_c) = \sigma^2 / n_c`; :math:`\sigma^2` is known from within centres with :math:`\nu`
degrees of freedom. Everything follows from the ratio :math:`\lambda = \tau^2 / \sigma^2`.

References
----------
Searle S. R., Casella G., McCulloch C. E. Variance Components. Wiley, 1992, 3.6 and 3.8.
Wald A. A note on the analysis of variance with unequal class frequencies. Annals of Mathematical
Statistics, 1940, 11(1), 96-100. doi:10.1214/aoms/1177731945
Shrout P. E., Fleiss J. L. Intraclass correlations: uses in assessing rater reliability.
Psychological Bulletin, 1979, 86(2), 420-428. doi:10.1037/0033-2909.86.2.420
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import brentq, minimize_scalar
from scipy.stats import chi2
from scipy.stats import f as fisher

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from clientindex.reliability.centres.scores import CentreScores

HIGHEST_ICC = 1 - 1e-9
"""Where searches over the intraclass correlation end."""

NEAREST = 1e-9
"""Wald's interval may begin as near as this, relatively, to where a centre has no variance."""

ROOT_TOLERANCE = 1e-14

LAST_STEP = 1e-12
"""How near searches over a share come to where a deviance is smallest."""

MOST_VALUES = 200
"""Values of a deviance that a search takes at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OneWay:
    """Components of one estimator.

    Attributes
    ----------
    within : float
        Variance of respondents inside centres.
    between : float
        Variance of centres; that of ANOVA may be negative.
    low, high : float
        Interval of the ratio ``between / within``, up to infinity; that of ANOVA may begin below 0.
    """

    within: float
    between: float
    low: float
    high: float

    @property
    def ratio(self) -> float:
        """The variance of centres over that of respondents, not below 0."""
        return max(self.between, 0.0) / self.within


def compute_mean_size(n: NDArray[np.float64]) -> float:
    """Compute n0, the size that stands for unequal sizes in the mean square of centres."""
    return float((n.sum() - (n**2).sum() / n.sum()) / (len(n) - 1))


def compute_mean_square(scores: CentreScores) -> float:
    """Compute the mean square between centres."""
    grand = np.average(scores.mean, weights=scores.n)
    return float((scores.n * (scores.mean - grand) ** 2).sum() / (len(scores.n) - 1))


def fit_anova(scores: CentreScores, level: float) -> OneWay:
    """Estimate components by moments; the interval is Wald's, exact for normal scores.

    Neither is cut off at 0: with equal sizes the interval is that of Shrout and Fleiss. With very
    unequal ones Wald's may leave out the estimate, which weights centres otherwise; then it is
    drawn out to it.

    Parameters
    ----------
    scores : CentreScores
        Of two or more centres with a positive variance inside them.
    level : float
    """
    mean_square = compute_mean_square(scores)
    between = (mean_square - scores.within) / compute_mean_size(scores.n)
    low, high = _invert_wald(scores, level)
    ratio = between / scores.within
    return OneWay(within=scores.within, between=between, low=min(low, ratio), high=max(high, ratio))


def _invert_wald(scores: CentreScores, level: float) -> tuple[float, float]:
    """Find the ratios at which the weighted mean square of centres has the quantiles of F."""
    df = len(scores.n) - 1
    lowest = -(1 - NEAREST) / scores.n.max()

    def find(share: float) -> float:
        quantile = fisher.ppf(share, df, scores.df)

        def excess(icc: float) -> float:
            weight = 1 / (1 / scores.n + lowest + _to_ratio(icc))
            grand = (scores.mean * weight).sum() / weight.sum()
            square = (weight * (scores.mean - grand) ** 2).sum() / df
            return float(square / scores.within - quantile)

        return float(lowest) + _find_root(excess)

    tail = (1 - level) / 2
    return find(1 - tail), find(tail)


def _find_root(falling: Callable[[float], float]) -> float:
    """Return the ratio at which a falling function of the ICC is zero, within its range."""
    if falling(0.0) <= 0:
        return 0.0
    if falling(HIGHEST_ICC) >= 0:
        return float("inf")
    return _to_ratio(float(brentq(falling, 0.0, HIGHEST_ICC, xtol=ROOT_TOLERANCE)))


def _to_ratio(icc: float) -> float:
    return icc / (1 - icc)


def fit_reml(scores: CentreScores, level: float) -> OneWay:
    """Estimate components by restricted maximum likelihood, with a profile-likelihood interval.

    Parameters
    ----------
    scores : CentreScores
        Of two or more centres with a positive variance inside them.
    level : float
    """

    def deviance(icc: float) -> float:
        return compute_deviance(scores, icc / (1 - icc))[0]

    grid = list_grid(HIGHEST_ICC)
    best = search_bounded(deviance, HIGHEST_ICC, values=_deviate(scores, grid / (1 - grid))[0])
    lowest, within = compute_deviance(scores, _to_ratio(best))
    limit = lowest + chi2.ppf(level, 1)

    def inside(icc: float) -> float:
        return float(deviance(icc) - limit)

    low = 0.0
    if best > 0 and inside(0.0) > 0:
        low = _to_ratio(float(brentq(inside, 0.0, best, xtol=ROOT_TOLERANCE)))
    high = float("inf")
    if inside(HIGHEST_ICC) > 0:
        high = _to_ratio(float(brentq(inside, best, HIGHEST_ICC, xtol=ROOT_TOLERANCE)))
    return OneWay(within=within, between=_to_ratio(best) * within, low=low, high=high)


def compute_deviance(scores: CentreScores, ratio: float) -> tuple[float, float]:
    """Compute the restricted deviance, without its constant, and the variance of respondents.

    With ``v_c = 1 / n_c + ratio``, ``Q = df within + sum (m_c - mu)^2 / v_c`` and
    ``N - 1 = df + C - 1``: ``(N - 1) log Q + sum log v_c + log sum 1 / v_c``.
    """
    deviance, within = _deviate(scores, np.array([ratio]))
    return float(deviance[0]), float(within[0])


def _deviate(
    scores: CentreScores, ratios: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return deviances and variances of respondents at several ratios."""
    v = 1 / scores.n + ratios[:, None]
    weight = 1 / v
    precision = weight.sum(axis=1)
    grand = (scores.mean * weight).sum(axis=1) / precision
    freedom = scores.df + len(scores.n) - 1
    within = ((scores.mean - grand[:, None]) ** 2 / v).sum(axis=1)
    squares = scores.df * scores.within + within
    deviance = freedom * np.log(squares) + np.log(v).sum(axis=1) + np.log(precision)
    return deviance, squares / freedom


def search_bounded(
    deviance: Callable[[float], float],
    highest: float,
    *,
    values: Sequence[float] | NDArray[np.float64] | None = None,
) -> float:
    """Return where a function of a number from 0 to `highest` is smallest; 0 if there.

    A grid finds the valley, so that a second one does not hold the search.

    Parameters
    ----------
    deviance : callable
    highest : float
    values : sequence of float, optional
        Of the function at the points of :func:`list_grid`, where they are known.
    """
    grid = list_grid(highest)
    if values is None:
        values = [deviance(point) for point in grid]
    found = minimize_scalar(
        deviance,
        bounds=bracket_lowest(grid, values),
        method="bounded",
        options={"xatol": LAST_STEP, "maxiter": MOST_VALUES},
    )
    return float(found.x) if found.fun < values[0] else 0.0


@cache
def list_grid(highest: float) -> NDArray[np.float64]:
    """Return the points from 0 to `highest` at which a search begins; read only."""
    grid = np.concatenate([[0.0], np.geomspace(1e-5, 1.0, 30) * highest])
    grid.setflags(write=False)
    return grid


def bracket_lowest(
    grid: NDArray[np.float64], values: Sequence[float] | NDArray[np.float64]
) -> tuple[float, float]:
    """Return the points of a grid on both sides of the one with the smallest value."""
    at = int(np.argmin(values))
    return float(grid[max(at - 1, 0)]), float(grid[min(at + 1, len(grid) - 1)])
