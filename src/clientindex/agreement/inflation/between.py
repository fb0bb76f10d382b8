r"""Variance between units whose estimates have known errors, by four estimators.

The model is :math:`y_r = \mu + u_r + e_r`, :math:`var(u_r) = \tau^2`, :math:`var(e_r) = v_r` known.
Restricted likelihood is the one that is used; the others say whether it depends on the estimator.

References
----------
DerSimonian R., Laird N. Meta-analysis in clinical trials. Controlled Clinical Trials, 1986, 7(3),
177-188. doi:10.1016/0197-2456(86)90046-2
Paule R. C., Mandel J. Consensus values and weighting factors. Journal of Research of the National
Bureau of Standards, 1982, 87(5), 377-385. doi:10.6028/jres.087.022
Viechtbauer W. Bias and efficiency of meta-analytic variance estimators in the random-effects model.
Journal of Educational and Behavioral Statistics, 2005, 30(3), 261-293.
doi:10.3102/10769986030003261
Viechtbauer W. Confidence intervals for the amount of heterogeneity in meta-analysis. Statistics in
Medicine, 2007, 26(1), 37-52. doi:10.1002/sim.2514
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import brentq
from scipy.stats import chi2

from clientindex.errors import StatisticsError
from clientindex.reliability.centres.one_way import search_bounded

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

FEWEST_UNITS = 2
HIGHEST_SHARE = 1 - 1e-9
"""Where the search over tau² / (tau² + typical v) ends."""

NEIGHBOURHOOD = 1e-2
"""Relative distance within which the root of the score is looked for around a minimum."""

ROOT_TOLERANCE = 1e-14


@dataclass(frozen=True, slots=True, kw_only=True)
class BetweenVariance:
    """Variance between units, with the mean it goes with.

    Attributes
    ----------
    reml, ml, dersimonian_laird, paule_mandel : float
        Four estimates, none below 0.
    ci_low, ci_high : float
        Q-profile interval; 0 and 0 when even no variance at all leaves the units too equal.
    level : float
    mean, mean_error : float
        Weighted mean at the REML estimate, and its standard error.
    q : float
        Cochran's Q of no variance, with n - 1 degrees of freedom.
    p_value : float
    n : int
        Units.
    """

    reml: float
    ml: float
    dersimonian_laird: float
    paule_mandel: float
    ci_low: float
    ci_high: float
    level: float
    mean: float
    mean_error: float
    q: float
    p_value: float
    n: int


def estimate_between(
    y: NDArray[np.float64], v: NDArray[np.float64], *, level: float
) -> BetweenVariance:
    r"""Estimate the variance between units.

    Parameters
    ----------
    y : ndarray of shape (R,)
        Estimates, complete.
    v : ndarray of shape (R,)
        Their error variances, positive.
    level : float

    Raises
    ------
    StatisticsError
        With fewer than two units, or a variance that is missing or not positive.

    Notes
    -----
    With :math:`w = 1 / (v + \tau^2)`: Paule-Mandel solves
    :math:`Q(\tau^2) = \sum w (y - \hat\mu)^2 = R - 1`, the interval solves for quantiles of
    chi-square; REML solves :math:`\sum w^2 (y - \hat\mu)^2 = \sum w - \sum w^2 / \sum w`, ML the
    same with :math:`\sum w` on the right. All agree with metafor (`rma`, `confint`) to 1e-8.
    An estimate of 0 does not show that units are equal: read the interval.

    Examples
    --------
    >>> import numpy as np
    >>> y, v = np.array([1.0, 5.0, 9.0]), np.array([1.0, 1.0, 1.0])
    >>> round(estimate_between(y, v, level=0.95).reml, 6)
    15.0
    """
    y, v = np.asarray(y, dtype=np.float64), np.asarray(v, dtype=np.float64)
    _check_units(y, v)
    reml = _maximise(y, v, restricted=True)
    q, df = compute_q(y, v, 0.0), len(y) - 1
    mean, error = compute_mean(y, v, reml)
    tail = (1 - level) / 2
    return BetweenVariance(
        reml=reml,
        ml=_maximise(y, v, restricted=False),
        dersimonian_laird=_fit_moments(v, q),
        paule_mandel=_solve_q(y, v, df),
        ci_low=_solve_q(y, v, float(chi2.ppf(1 - tail, df))),
        ci_high=_solve_q(y, v, float(chi2.ppf(tail, df))),
        level=level,
        mean=mean,
        mean_error=error,
        q=q,
        p_value=float(chi2.sf(q, df)),
        n=len(y),
    )


def _check_units(y: NDArray[np.float64], v: NDArray[np.float64]) -> None:
    if len(y) < FEWEST_UNITS:
        message = f"a variance between units needs {FEWEST_UNITS} of them, found {len(y)}"
        raise StatisticsError(message)
    wrong = int((~(np.isfinite(y) & np.isfinite(v) & (v > 0))).sum())
    if wrong:
        message = f"{wrong} of {len(y)} units have no value or no positive error variance"
        raise StatisticsError(message)


def compute_mean(
    y: NDArray[np.float64], v: NDArray[np.float64], tau2: float
) -> tuple[float, float]:
    """Compute the mean weighted by ``1 / (v + tau2)`` and its standard error."""
    w = 1 / (v + tau2)
    return float(w @ y / w.sum()), float(1 / np.sqrt(w.sum()))


def compute_q(y: NDArray[np.float64], v: NDArray[np.float64], tau2: float) -> float:
    """Compute the weighted sum of squares about the weighted mean."""
    mean, _ = compute_mean(y, v, tau2)
    return float(((y - mean) ** 2 / (v + tau2)).sum())


def _fit_moments(v: NDArray[np.float64], q: float) -> float:
    """Return the DerSimonian-Laird estimate."""
    w = 1 / v
    return max(float((q - len(v) + 1) / (w.sum() - (w**2).sum() / w.sum())), 0.0)


def _solve_q(y: NDArray[np.float64], v: NDArray[np.float64], target: float) -> float:
    """Return the variance at which Q, which falls with it, has a value; 0 where it is below."""
    return solve_falling(lambda tau2: compute_q(y, v, tau2) - target, start=float(np.median(v)))


def solve_falling(falling: Callable[[float], float], *, start: float) -> float:
    """Return where a falling function of a number from 0 is zero, 0 if it begins below."""
    if falling(0.0) <= 0:
        return 0.0
    high = start
    while falling(high) > 0:
        high *= 2
    return float(brentq(falling, 0.0, high, xtol=ROOT_TOLERANCE, rtol=ROOT_TOLERANCE))


def _maximise(y: NDArray[np.float64], v: NDArray[np.float64], *, restricted: bool) -> float:
    """Return the variance of highest (restricted) likelihood."""
    scale = float(np.median(v))

    def deviance(share: float) -> float:
        total = v + scale * share / (1 - share)
        logs = np.log(total).sum() + restricted * np.log((1 / total).sum())
        return float(logs + compute_q(y, total, 0.0))

    def score(tau2: float) -> float:
        w = 1 / (v + tau2)
        squares = (w**2 * (y - w @ y / w.sum()) ** 2).sum()
        return float(squares - w.sum() + restricted * (w**2).sum() / w.sum())

    share = search_bounded(deviance, HIGHEST_SHARE)
    found = scale * share / (1 - share)
    low, high = found * (1 - NEIGHBOURHOOD), found * (1 + NEIGHBOURHOOD)
    if found > 0 and score(low) > 0 > score(high):
        return float(brentq(score, low, high, xtol=ROOT_TOLERANCE, rtol=ROOT_TOLERANCE))
    return found
