"""Intervals of correlation ratios, which may be 0 though their estimates never are."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import f as fisher

from clientindex.reliability.draws import Summary, summarise

FLAT = 1e-3
"""Degrees of freedom below which a curve is a line."""

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from clientindex.sensitivity.importance.smooth import SmoothFit


def summarise_square(drawn: NDArray[np.float64], level: float) -> Summary:
    """Summarise squares of correlations, shape (1 + R, ...), through the correlations.

    The interval is the image of that of the correlation: it starts at 0 where the correlation may
    have either sign, which percentiles of squares would never do.
    """
    signed, squared = summarise(drawn, level), summarise(drawn**2, level)
    low, high = signed.ci_low, signed.ci_high
    ends = np.sort(np.stack([low**2, high**2]), axis=0)
    crosses = (low <= 0) & (high >= 0)
    return replace(squared, ci_low=np.where(crosses, 0.0, ends[0]), ci_high=ends[1])


def summarise_smooth(fit: SmoothFit, *, n: int, level: float) -> Summary:
    """Summarise correlation ratios by smooth curves, shape (1 + R,).

    The interval starts at 0 where the curve of the sample is not told from a flat one by the F
    test of ``edf - 1`` and ``n - edf`` degrees of freedom.
    """
    return _reach_zero(fit.importance, fit, straight=1, n=n, level=level)


def summarise_bend(bend: NDArray[np.float64], fit: SmoothFit, *, n: int, level: float) -> Summary:
    """Summarise what the curve explains beyond a line, shape (1 + R,).

    The interval starts at 0 where the curve is not told from a line by the F test of ``edf - 2``
    and ``n - edf`` degrees of freedom.
    """
    return _reach_zero(bend, fit, straight=2, n=n, level=level)


def _reach_zero(
    gain: NDArray[np.float64], fit: SmoothFit, *, straight: int, n: int, level: float
) -> Summary:
    found = summarise(gain, level)
    rest, edf = 1 - float(fit.importance[0]), float(fit.edf[0])
    if not np.isfinite(rest) or n <= edf or rest <= 0:
        return found
    bends = edf - straight
    if bends > FLAT:
        statistic = (float(gain[0]) / bends) / (rest / (n - edf))
        if fisher.sf(statistic, bends, n - edf) <= 1 - level:
            return found
    return replace(found, ci_low=np.where(np.isnan(found.ci_low), np.nan, 0.0))
