"""The spread of honest centres, from quantiles that inflating centres hardly move.

A variance of all gaps counts inflating centres among the honest, grows with them and hides them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from scipy.stats import norm

from clientindex.agreement.inflation.between import solve_falling
from clientindex.errors import StatisticsError
from clientindex.results.base import make_tidy

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

SpreadMethod = Literal["lower_quantile", "mad"]

LOWER_SHARE = float(norm.cdf(-1.0))
"""The lower quantile stands one standard deviation below the median of normal gaps."""

QUARTILE = float(norm.ppf(0.75))


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """Standard deviation tau of true gaps between honest centres of a region.

    Attributes
    ----------
    tau : float
        Points; 0 when the errors alone explain the spread.
    ci_low, ci_high : float
    level : float
    method : str
    n : int
    """

    tau: float
    ci_low: float
    ci_high: float
    level: float
    method: SpreadMethod
    n: int

    def tidy(self) -> pd.DataFrame:
        """Return tau as a tidy table of one row; an interval by inversion has no error."""
        return make_tidy(
            {
                "statistic": ["gap_spread"],
                "estimate": self.tau,
                "ci_low": self.ci_low,
                "ci_high": self.ci_high,
                "level": self.level,
                "method": self.method,
                "n": self.n,
            }
        )


def compute_ratio(z: NDArray[np.float64], method: SpreadMethod) -> float:
    """Compute the robust standard deviation of standardised gaps; 1 for standard normal ones."""
    middle = np.median(z)
    if method == "mad":
        return float(np.median(np.abs(z - middle)) / QUARTILE)
    return float(middle - np.quantile(z, LOWER_SHARE))


def compute_ratio_error(method: SpreadMethod, n: int) -> float:
    """Compute the large-sample standard error of the ratio for standard normal gaps."""
    if method == "mad":
        return float(1 / (4 * norm.pdf(QUARTILE) * QUARTILE * np.sqrt(n)))
    p, density, centre = LOWER_SHARE, norm.pdf(1.0), norm.pdf(0.0)
    variance = p * (1 - p) / density**2 + 0.25 / centre**2 - p / (density * centre)
    return float(np.sqrt(variance / n))


def estimate_spread(
    residual: NDArray[np.float64],
    variance: NDArray[np.float64],
    *,
    level: float,
    method: SpreadMethod = "lower_quantile",
) -> Spread:
    r"""Estimate tau so that standardised gaps have the robust standard deviation 1.

    Parameters
    ----------
    residual : ndarray of shape (n,)
        Gaps less their region effects.
    variance : ndarray of shape (n,)
        Their error variances; not all zero.
    level : float
    method : {"lower_quantile", "mad"}
        Median less the 15.87 % quantile, which inflation above the median does not touch, or the
        median absolute deviation.

    Raises
    ------
    StatisticsError
        When half of the gaps are equal and have no error, so that no spread can be solved for.

    Notes
    -----
    Solves :math:`s(r / \sqrt{\tau^2 + e^2}) = 1`. The interval holds the tau at which :math:`s`
    lies within :math:`1 \mp z \kappa / \sqrt n`, its spread for normal gaps (kappa² = 1.36 for the
    MAD, 2.21 for the lower quantile, 0.5 for a standard deviation: robustness costs precision).

    What it cannot do: with a share pi of inflating centres, all far above, quantiles move to
    ``p / (1 - pi)``; with 10 % the standard deviation of gaps is too large by 7 % (lower quantile)
    or 14 % (MAD), and tau, which is only a part of it, by more. The interval does not hold this
    bias. Tests stay on the safe side. Beyond half of the centres the honest ones are the outliers.
    """
    if not (variance > 0).any() and compute_ratio(residual, method) == 0:
        message = "the spread of gaps is not defined: most are equal and have no error"
        raise StatisticsError(message)
    # Without an error a gap of 0 would be 0 / 0 at tau = 0.
    floor = max(float(variance.max()), float(residual.var())) * 1e-12
    margin = float(norm.ppf((1 + level) / 2)) * compute_ratio_error(method, len(residual))
    start = max(float(np.median(variance)), float(residual.var()) * 1e-3)

    def solve(target: float) -> float:
        if target <= 0:
            return float("inf")

        def excess(tau2: float) -> float:
            return compute_ratio(residual / np.sqrt(variance + tau2 + floor), method) - target

        return float(np.sqrt(solve_falling(excess, start=start)))

    return Spread(
        tau=solve(1.0),
        ci_low=solve(1 + margin),
        ci_high=solve(1 - margin),
        level=level,
        method=method,
        n=len(residual),
    )
