"""A mean over centres with its interval: what region and group means have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import t as student

from clientindex.methodology.model import SCORE_MAX, SCORE_MIN

if TYPE_CHECKING:
    import pandas as pd


def average_centres(
    scores: pd.Series[float], *, level: float, bounded: bool = True
) -> dict[str, float]:
    """Average a score over centres, every centre counting once.

    Parameters
    ----------
    scores : Series
        Score of each centre; centres without one are left out.
    level : float
        Level of the interval.
    bounded : bool
        Whether scores are points, so that the interval ends at 0 and 100.

    Returns
    -------
    dict
        ``n_centres`` (with a score), ``estimate``, ``std_error``, ``ci_low``, ``ci_high``.

    Notes
    -----
    ``m -/+ t(C - 1) s / sqrt(C)`` over the C centres with a score, clipped to 0-100 if `bounded`.
    The spread s contains the centres' own sampling error. One centre gives a mean without an
    interval, no centre gives no mean: NaN. Agrees with ``scipy.stats.t.interval`` to 1e-12.
    """
    known = scores.dropna().to_numpy(float)
    n_centres = len(known)
    mean = float(known.mean()) if n_centres else np.nan
    se = float(known.std(ddof=1) / np.sqrt(n_centres)) if n_centres > 1 else np.nan
    margin = float(student.ppf((1 + level) / 2, max(n_centres - 1, 1))) * se
    lowest, highest = (SCORE_MIN, SCORE_MAX) if bounded else (None, None)
    return {
        "n_centres": n_centres,
        "estimate": mean,
        "std_error": se,
        "ci_low": float(np.clip(mean - margin, lowest, None)),
        "ci_high": float(np.clip(mean + margin, None, highest)),
    }
