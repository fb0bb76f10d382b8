"""Which centres stand out, with the false discovery rate, and the limits of the funnel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import false_discovery_control, norm

from clientindex.errors import StatisticsError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from clientindex.agreement.inflation.gaps import Gaps
    from clientindex.agreement.inflation.regions import GapModel

FUNNEL_LEVELS = (0.95, 0.998)
"""Warning and alarm limits; |z| of 1.96 and 3.09 (Spiegelhalter 2005)."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Outlying:
    """Standardised gaps of centres and the tests on them.

    Attributes
    ----------
    expected : ndarray of shape (n,)
        Gap that an honest centre of the region has, points.
    spread : ndarray of shape (n,)
        Its standard deviation, points.
    z, p_value, q_value : ndarray of shape (n,)
        Standardised gap, one-sided p, and p adjusted for the number of centres (NaN where the
        spread is 0: nothing is then known of what an honest gap may be).
    flagged : bool ndarray of shape (n,)
        ``q_value <= fdr``.
    fdr : float
        Expected share of honest centres among the flagged ones.
    """

    expected: NDArray[np.float64]
    spread: NDArray[np.float64]
    z: NDArray[np.float64]
    p_value: NDArray[np.float64]
    q_value: NDArray[np.float64]
    flagged: NDArray[np.bool_]
    fdr: float

    @property
    def n_flagged(self) -> int:
        """Number of flagged centres."""
        return int(self.flagged.sum())


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FunnelLimits:
    """Limits between which gaps of honest centres fall, by error of the gap.

    Attributes
    ----------
    error : ndarray of shape (K,)
        Standard error of a gap, points.
    levels : tuple of float of length L
    low, high : ndarray of shape (L, K)
        About the gap that is expected.
    """

    error: NDArray[np.float64]
    levels: tuple[float, ...]
    low: NDArray[np.float64]
    high: NDArray[np.float64]


def standardise_gaps(gaps: Gaps, model: GapModel, *, fdr: float) -> Outlying:
    r"""Compare each gap with those of honest centres of its region.

    Parameters
    ----------
    gaps : Gaps
    model : GapModel
    fdr : float
        False discovery rate, between 0 and 1.

    Notes
    -----
    :math:`z_c = (d_c - \hat\theta_{r(c)}) / \sqrt{\tau^2 + e_c^2}`, p = 1 - Phi(z), adjusted by
    Benjamini and Hochberg. z says that a gap is unusual, not why: a checklist that is right about
    what visitors do not see, a survey of the wrong visitors and inflation look alike. A flagged
    centre is one to audit.

    References
    ----------
    Benjamini Y., Hochberg Y. Controlling the false discovery rate. Journal of the Royal Statistical
    Society B, 1995, 57(1), 289-300. doi:10.1111/j.2517-6161.1995.tb02031.x
    """
    expected = model.regions.effect[gaps.regions]
    return _standardise(gaps.gap, expected, gaps.variance + model.spread.tau**2, fdr)


def standardise_against_zero(gaps: Gaps, *, fdr: float) -> Outlying:
    """Test every gap against 0 with its sampling error only: the test not to be used.

    It asks whether two different methods give the same number, and with enough answers the reply
    is no. It flags most centres whose gap is above 0, nearly all of them honest; it is here to be
    shown beside :func:`standardise_gaps`.

    Parameters
    ----------
    gaps : Gaps
    fdr : float
    """
    return _standardise(gaps.gap, np.zeros(gaps.n), gaps.variance, fdr)


def _standardise(
    gap: NDArray[np.float64],
    expected: NDArray[np.float64],
    variance: NDArray[np.float64],
    fdr: float,
) -> Outlying:
    check_rate(fdr)
    spread = np.sqrt(variance)
    z = np.full(len(gap), np.nan)
    np.divide(gap - expected, spread, out=z, where=spread > 0)
    p = norm.sf(z)
    q = adjust_p(p)
    return Outlying(
        expected=expected, spread=spread, z=z, p_value=p, q_value=q, flagged=q <= fdr, fdr=fdr
    )


def check_rate(fdr: float) -> None:
    """Refuse a false discovery rate that is not between 0 and 1."""
    if not 0 < fdr < 1:
        message = f"a false discovery rate lies between 0 and 1, found {fdr:g}"
        raise StatisticsError(message)


def adjust_p(p: NDArray[np.float64]) -> NDArray[np.float64]:
    """Adjust p-values by Benjamini and Hochberg; missing ones are no tests and stay missing.

    Parameters
    ----------
    p : ndarray of shape (n,)

    Examples
    --------
    >>> import numpy as np
    >>> adjust_p(np.array([0.01, np.nan, 0.5])).tolist()
    [0.02, nan, 0.5]
    """
    adjusted = np.full(len(p), np.nan)
    known = np.isfinite(p)
    if known.any():
        adjusted[known] = false_discovery_control(p[known])
    return adjusted


def compute_funnel_limits(
    error: NDArray[np.float64],
    *,
    tau: float,
    expected: float = 0.0,
    levels: tuple[float, ...] = FUNNEL_LEVELS,
) -> FunnelLimits:
    r"""Compute limits of the funnel as functions of the error of a gap.

    Parameters
    ----------
    error : ndarray of shape (K,)
        Standard errors, points.
    tau : float
        Spread of honest centres; with it the funnel never closes, however many answers.
    expected : float
        Gap in the middle: 0 for gaps less their region effects.
    levels : tuple of float

    Notes
    -----
    :math:`\theta \mp z \sqrt{\tau^2 + e^2}`, the additive random-effects funnel. Of 2,000 honest
    centres 50 lie above the 95 % limit and 2 above the 99.8 % one.

    References
    ----------
    Spiegelhalter D. J. Funnel plots for comparing institutional performance. Statistics in
    Medicine, 2005, 24(8), 1185-1202. doi:10.1002/sim.1970
    """
    quantile = norm.ppf((1 + np.array(levels)) / 2)[:, None]
    margin = quantile * np.sqrt(tau**2 + np.asarray(error, dtype=np.float64) ** 2)
    return FunnelLimits(error=error, levels=levels, low=expected - margin, high=expected + margin)
