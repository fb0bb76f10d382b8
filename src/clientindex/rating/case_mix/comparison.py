"""The index of centres before and after an adjustment, with the stars of both."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from scipy.stats import spearmanr

from clientindex.rating.bands import settle

if TYPE_CHECKING:
    from collections.abc import Callable

    from clientindex.results import Scores

    AssignStars = Callable[[Scores], pd.Series]
    """Stars by centre, missing where one is withheld."""

FEWEST_CORRELATED = 3


def compare_indices(
    before: pd.DataFrame,
    after: pd.DataFrame,
    difference_error: pd.Series[float],
    *,
    stars: tuple[pd.Series, pd.Series],
) -> pd.DataFrame:
    """Put both indices of every centre side by side.

    Parameters
    ----------
    before, after : DataFrame
        ``estimate``, ``std_error``, ``n`` by centre.
    difference_error : Series
        Standard error of the difference by centre.
    stars : pair of Series
        Stars before and after by centre, missing where one is withheld.

    Returns
    -------
    DataFrame
        See ``centres`` of :class:`clientindex.results.case_mix.CaseMix`.
    """
    star_before, star_after = (given.reindex(before.index).array for given in stars)
    return pd.DataFrame(
        {
            "centre": before.index,
            "n": before["n"].to_numpy(),
            "unadjusted": before["estimate"].to_numpy(),
            "unadjusted_error": before["std_error"].to_numpy(),
            "adjusted": after["estimate"].to_numpy(),
            "adjusted_error": after["std_error"].to_numpy(),
            "difference": (after["estimate"] - before["estimate"]).to_numpy(),
            "difference_error": difference_error.to_numpy(),
            "star_unadjusted": star_before,
            "star_adjusted": star_after,
        }
    )


def summarise_comparison(centres: pd.DataFrame) -> dict[str, Any]:
    """Return how alike both indices are, and how many stars change.

    Parameters
    ----------
    centres : DataFrame
        See :func:`compare_indices`.
    """
    known = centres.dropna(subset=["unadjusted", "adjusted"])
    first, second = known["unadjusted"].to_numpy(float), known["adjusted"].to_numpy(float)
    starred = centres.dropna(subset=["star_unadjusted"])
    changed = starred["star_unadjusted"] != starred["star_adjusted"].fillna(0)
    able = len(known) >= FEWEST_CORRELATED and np.ptp(first) > 0 and np.ptp(second) > 0
    difference = second - first
    return {
        "n_centres": len(known),
        "correlation": float(np.corrcoef(first, second)[0, 1]) if able else np.nan,
        "rank_correlation": float(spearmanr(settle(first), settle(second))[0]) if able else np.nan,
        "difference_sd": float(difference.std(ddof=1)) if len(known) > 1 else np.nan,
        "largest_difference": float(np.abs(difference).max()) if len(known) else np.nan,
        "n_starred": len(starred),
        "n_star_changed": int(changed.sum()),
    }
