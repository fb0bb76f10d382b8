"""The smallest inflation that could be found, so that silence is not taken for innocence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import norm

from clientindex.agreement.inflation.outlying import check_rate
from clientindex.errors import StatisticsError

if TYPE_CHECKING:
    from numpy.typing import NDArray

POWER = 0.8
"""Usual in planning (Cohen 1988)."""

SUMMARY_SHARES = (0.0, 0.1, 0.25, 0.5, 0.75, 0.9, 1.0)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SmallestInflation:
    """Smallest inflation found with a given power.

    Attributes
    ----------
    inflation : ndarray of shape (n,)
        Points, per centre.
    shares : tuple of float of length K
    quantiles : ndarray of shape (K,)
        Inflation that these shares of centres stay below.
    threshold_p, threshold_z : float
        The test at which one centre is flagged, equivalent to the false discovery rate.
    power, fdr : float
    tau : float
    n : int
    """

    inflation: NDArray[np.float64]
    shares: tuple[float, ...]
    quantiles: NDArray[np.float64]
    threshold_p: float
    threshold_z: float
    power: float
    fdr: float
    tau: float
    n: int


def compute_threshold(p: NDArray[np.float64], *, fdr: float) -> float:
    r"""Compute the p-value below which Benjamini and Hochberg flag a centre of these data.

    Parameters
    ----------
    p : ndarray of shape (n,)
        Missing ones are no tests.
    fdr : float

    Notes
    -----
    :math:`q k / n` with k flagged. With none flagged :math:`q / n`: what the first one must reach.

    References
    ----------
    Genovese C., Wasserman L. Operating characteristics and extensions of the false discovery rate
    procedure. Journal of the Royal Statistical Society B, 2002, 64(3), 499-517.
    doi:10.1111/1467-9868.00347
    """
    check_rate(fdr)
    known = np.sort(p[np.isfinite(p)])
    if len(known) == 0:
        message = "a threshold is not defined: no centre has a test"
        raise StatisticsError(message)
    ranks = np.arange(1, len(known) + 1)
    passed = ranks[known <= fdr * ranks / len(known)]
    flagged = int(passed.max()) if len(passed) else 1
    return fdr * flagged / len(known)


def find_smallest_inflation(
    error: NDArray[np.float64],
    *,
    tau: float,
    p: NDArray[np.float64],
    fdr: float,
    power: float = POWER,
) -> SmallestInflation:
    r"""Find the smallest inflation that would be flagged with a given power.

    Parameters
    ----------
    error : ndarray of shape (n,)
        Standard errors of gaps, points, of centres that exist or are planned.
    tau : float
        Spread of honest centres, points.
    p : ndarray of shape (m,)
        p-values of the tests; they give the threshold.
    fdr : float
    power : float
        Probability of being flagged, between 0 and 1.

    Raises
    ------
    StatisticsError
        When power or rate do not lie between 0 and 1.

    Notes
    -----
    :math:`\delta_c = (z_{1 - t} + z_{power}) \sqrt{\tau^2 + e_c^2}` at the threshold t. More
    answers shrink e only: below :math:`(z_{1-t} + z_{power}) \tau` no survey, however large, finds
    the inflation of one centre. Centres that inflate less are not cleared by not being flagged. The
    region's effect is taken as known; its error adds to this.
    """
    if not 0 < power < 1:
        message = f"power lies between 0 and 1, found {power:g}"
        raise StatisticsError(message)
    threshold = compute_threshold(p, fdr=fdr)
    critical = float(norm.isf(threshold))
    inflation = (critical + float(norm.ppf(power))) * np.sqrt(tau**2 + error**2)
    return SmallestInflation(
        inflation=inflation,
        shares=SUMMARY_SHARES,
        quantiles=np.quantile(inflation, SUMMARY_SHARES),
        threshold_p=threshold,
        threshold_z=critical,
        power=power,
        fdr=fdr,
        tau=tau,
        n=len(inflation),
    )
