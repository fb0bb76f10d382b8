"""Estimates with their intervals, as captions and alternative texts tell them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

    from clientindex.wording import Wording


def tell_estimate(rows: pd.DataFrame, wording: Wording) -> str:
    """Return the estimate of the first row with its interval, or say that it is not defined.

    Parameters
    ----------
    rows : DataFrame
        ``estimate``, ``ci_low``, ``ci_high``; no rows where there is nothing to tell.
    wording : Wording
    """
    known = rows[rows["estimate"].notna()][["estimate", "ci_low", "ci_high"]].to_numpy(float)
    if not len(known):
        return wording.text("figures.told.undefined")
    estimate, low, high = (float(value) for value in known[0])
    value = wording.number(estimate)
    return value if np.isnan(low) else f"{value} {wording.interval(low, high)}"
