r"""A weighted mean over centres with an interval that any weights leave honest.

References
----------
Cochran W. G. Sampling Techniques. 3rd ed., Wiley, 1977, 10.3 (two-stage sampling).
Kish L. Survey Sampling. Wiley, 1965, 11.7 (loss by unequal weights).
Satterthwaite F. E. An approximate distribution of estimates of variance components. Biometrics
Bulletin, 1946, 2(6), 110-114. doi:10.2307/3002019
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import t as student

from clientindex.errors import StatisticsError
from clientindex.methodology.model import SCORE_MAX, SCORE_MIN

if TYPE_CHECKING:
    from numpy.typing import NDArray

NO_CENTRES, ONE_CENTRE, NO_SAMPLING_ERROR = "no_scores", "one_centre", "no_sampling_error"
"""Reasons why there is no mean, or no interval."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightedMean:
    """A mean over centres; NaN where undefined.

    Attributes
    ----------
    estimate, std_error, ci_low, ci_high : float
        Points; the interval is cut at 0 and 100.
    df : float
        Degrees of freedom of Student's t, infinite where the interval is normal.
    sampling_error : float
        Standard error by the sampling errors of the centres alone; NaN where one is unknown.
    n_centres : int
        With a weight above 0.
    effective : float
        ``1 / sum w²``.
    reason : str
        Why there is no mean or no interval, else "".
    """

    estimate: float = np.nan
    std_error: float = np.nan
    ci_low: float = np.nan
    ci_high: float = np.nan
    df: float = np.nan
    sampling_error: float = np.nan
    n_centres: int = 0
    effective: float = np.nan
    reason: str = ""


def average_weighted(
    scores: NDArray[np.float64],
    weights: NDArray[np.float64],
    variances: NDArray[np.float64],
    *,
    level: float,
    scored_share: float = 0.0,
) -> WeightedMean:
    r"""Average scores of centres.

    Parameters
    ----------
    scores : ndarray of shape (m,)
        Complete, points.
    weights : ndarray of shape (m,)
        0 or more, any sum. They are taken as known numbers.
    variances : ndarray of shape (m,)
        Sampling variances of the scores; NaN where unknown.
    level : float
    scored_share : float
        Share of all centres that there are which has a score, 0 to 1. 0 takes the centres as drawn
        from endlessly many.

    Raises
    ------
    StatisticsError
        For a weight that is missing or negative, or a missing score.

    Notes
    -----
    With weights of sum 1 and s the plain standard deviation of the scores, which holds the spread
    of true scores and the sampling errors, the variance of the mean is
    :math:`V_1 = s^2 \sum w_c^2`: s over the root of the effective number of centres, with m - 1
    degrees of freedom. Equal weights give the numbers of
    :func:`clientindex.rating.means.average_centres`. It supposes that centres with many visitors do
    not differ among themselves more than others do. The usual linearised variance
    (:math:`\sum w_c^2 (y_c - \bar y)^2`) supposes less, but where one centre has half of all
    visitors the mean is nearly that centre's score, its residual nearly 0, and the interval
    useless. The interval is somewhat wide where weights are very unequal: a level of 95 %
    covers 98 % where one centre of ten has 56 % of the weight.

    With a share f of all centres scored, :math:`(1 - f) V_1 + f \sum w_c^2 v_c` (two stages,
    Cochran 10.3) with Satterthwaite's degrees of freedom; all centres scored leave the sampling
    errors alone, and a normal interval. Then one centre has an interval too; else it has none
    (``one_centre``).
    """
    _check(scores, weights)
    used = weights > 0
    y, v = scores[used], variances[used]
    number = len(y)
    if not number:
        return WeightedMean(reason=NO_CENTRES)
    w = weights[used] / weights[used].sum()
    estimate = float(w @ y)
    sampling = float(w**2 @ v)
    known = {
        "estimate": estimate,
        "sampling_error": float(np.sqrt(sampling)),
        "n_centres": number,
        "effective": float(1 / (w @ w)),
    }
    if number == 1 and scored_share < 1:
        return WeightedMean(**known, reason=ONE_CENTRE)  # type: ignore[arg-type]
    if scored_share > 0 and np.isnan(sampling):
        return WeightedMean(**known, reason=NO_SAMPLING_ERROR)  # type: ignore[arg-type]
    variance, df = _combine(float(y.var(ddof=1)) if number > 1 else 0.0, w, sampling, scored_share)
    error = float(np.sqrt(variance))
    margin = float(student.ppf((1 + level) / 2, df)) * error
    return WeightedMean(
        **known,  # type: ignore[arg-type]
        std_error=error,
        ci_low=max(estimate - margin, SCORE_MIN),
        ci_high=min(estimate + margin, SCORE_MAX),
        df=df,
    )


def _check(scores: NDArray[np.float64], weights: NDArray[np.float64]) -> None:
    if not np.isfinite(scores).all() or not (np.isfinite(weights) & (weights >= 0)).all():
        msg = "a weighted mean needs a score and a weight of 0 or more of every centre"
        raise StatisticsError(msg)


def _combine(
    spread: float, w: NDArray[np.float64], sampling: float, scored_share: float
) -> tuple[float, float]:
    """Return the variance of the mean and its degrees of freedom."""
    if scored_share >= 1:
        return sampling, np.inf
    drawn = (1 - scored_share) * spread * float(w @ w)
    df = len(w) - 1.0
    if scored_share == 0 or drawn == 0:
        return drawn + scored_share * sampling if scored_share else drawn, df
    variance = drawn + scored_share * sampling
    return variance, float(df * (variance / drawn) ** 2)
