r"""Variance components of respondents in centres in regions by restricted maximum likelihood.

Centre means and the pooled variance inside centres are sufficient for the deviance of
:mod:`clientindex.reliability.centres.nested_deviance`.

References
----------
Bates D., Mächler M., Bolker B., Walker S. Fitting linear mixed-effects models using lme4. Journal
of Statistical Software, 2015, 67(1), 1-48. doi:10.18637/jss.v067.i01
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import brentq, minimize
from scipy.stats import chi2

from clientindex.reliability.centres.nested_deviance import (
    EFFECTS_LINE,
    HIGHEST,
    SHARES_LINE,
    deviate,
    differentiate,
    evaluate,
    search_line,
)
from clientindex.reliability.centres.one_way import (
    LAST_STEP,
    MOST_VALUES,
    bracket_lowest,
    list_grid,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from clientindex.reliability.centres.nested_deviance import Means
    from clientindex.reliability.centres.scores import CentreScores

STARTS = ((0.05, 0.05), (0.3, 0.0), (0.0, 0.3), (0.3, 0.3))

EFFECTS = ("centre", "region")

COMPONENTS = ("respondent", *EFFECTS)

SMALLEST_SHARE = 1e-6

NEAR_LOWEST = 1e-4
"""How near to where it is lowest, where it is flat, a deviance is searched for its value."""

MOST_NEAR = 500
"""Values of a deviance that this may take; some ten are enough."""


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
    means = (scores.n, scores.mean, regions, scores.df, scores.within)
    tries = [
        minimize(
            lambda shares: differentiate(means, shares[0], shares[1]),
            np.array(start),
            jac=True,
            method="L-BFGS-B",
            bounds=[(0.0, HIGHEST)] * 2,
            options={"ftol": 1e-15, "gtol": 1e-9, "maxiter": 500},
        )
        for start in STARTS
    ]
    shares = _polish(means, min(tries, key=lambda found: found.fun).x)
    centre, region = shares / (1 - shares)
    lowest, within = deviate(means, centre, region)
    limit = lowest + float(chi2.ppf(level, 1))
    intervals = {}
    for position, name in enumerate(EFFECTS):
        low, high = _profile(means, shares[position], position, limit)
        intervals[name] = (low * within, high * within)
    parts = np.array([1.0, centre, region])
    return Nested(
        variances={"respondent": within, "centre": centre * within, "region": region * within},
        intervals=intervals,
        shares={
            name: _profile_share(means, share, position, limit)
            for position, (name, share) in enumerate(
                zip(COMPONENTS, parts / parts.sum(), strict=True)
            )
        },
    )


def _polish(means: Means, shares: NDArray[np.float64]) -> NDArray[np.float64]:
    """Improve the minimum of a gradient by differences, one share after the other."""
    best = shares.tolist()
    for position in (0, 1) * 4:
        found = _search_bounded(means, 1 - position, best[1 - position])
        along = [
            evaluate(means, EFFECTS_LINE, 1 - position, best[1 - position], share)
            for share in (found, best[position])
        ]
        if along[0] <= along[1]:
            best[position] = found
    return np.array(best)


def _search_bounded(means: Means, position: int, fixed: float) -> float:
    """Return the share of the other effect at which the deviance is smallest; 0 if there.

    As :func:`clientindex.reliability.centres.one_way.search_bounded` does.
    """
    grid = list_grid(HIGHEST)
    values = [evaluate(means, EFFECTS_LINE, position, fixed, point) for point in grid]
    ends = bracket_lowest(grid, values)
    best, lowest = search_line(means, EFFECTS_LINE, position, fixed, ends, LAST_STEP, MOST_VALUES)
    return best if lowest < values[0] else 0.0


def _profile(means: Means, best: float, position: int, limit: float) -> tuple[float, float]:
    """Return the ratios at which the deviance, minimised over the other one, reaches the limit."""

    def excess(share: float) -> float:
        return _find_lowest(means, EFFECTS_LINE, position, share, HIGHEST) - limit

    low, high = 0.0, float("inf")
    if best > 0 and excess(0.0) > 0:
        end = float(brentq(excess, 0.0, best, xtol=1e-7))
        low = end / (1 - end)
    if excess(HIGHEST) > 0:
        end = float(brentq(excess, best, HIGHEST, xtol=1e-7))
        high = end / (1 - end)
    return low, high


def _profile_share(means: Means, own: float, position: int, limit: float) -> tuple[float, float]:
    """Return the shares at which the deviance reaches the limit when the others divide the rest.

    Where it does not, the share may be anything down to 0 or up to 1.
    """

    def excess(share: float) -> float:
        return _find_lowest(means, SHARES_LINE, position, share, 1 - SMALLEST_SHARE) - limit

    low, high = 0.0, 1.0
    if own > SMALLEST_SHARE and excess(SMALLEST_SHARE) > 0:
        low = float(brentq(excess, SMALLEST_SHARE, own, xtol=1e-7))
    if own < 1 - SMALLEST_SHARE and excess(1 - SMALLEST_SHARE) > 0:
        high = float(brentq(excess, own, 1 - SMALLEST_SHARE, xtol=1e-7))
    return low, high


def _find_lowest(means: Means, line: int, position: int, fixed: float, highest: float) -> float:
    """Return the smallest deviance on a line, of numbers from near 0 to `highest`."""
    ends = (SMALLEST_SHARE, highest)
    _, inside = search_line(means, line, position, fixed, ends, NEAR_LOWEST, MOST_NEAR)
    return min(inside, *(evaluate(means, line, position, fixed, end) for end in ends))
