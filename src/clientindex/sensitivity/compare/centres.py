"""Every centre under both methodologies: its difference and the test of it, its place, its star."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.special import stdtr

from clientindex.agreement.inflation.outlying import adjust_p, check_rate
from clientindex.rating.degrees import find_quantile
from clientindex.rating.stars import SMALL_SAMPLE
from clientindex.results.methodology_comparison import CENTRE_COLUMNS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from clientindex.sensitivity.compare.errors import DifferenceErrors

UP, DOWN = "up", "down"
NO_BEFORE, NO_AFTER, OTHER_SCALE = "no_index_before", "no_index_after", "other_scale"
NO_DIFFERENCE, NO_ERROR = "no_difference", "no_sampling_error"
NEGLIGIBLE = 1e-9
"""Points; smaller differences are what rounding leaves of equal indices."""


def compare_centres(
    before: pd.DataFrame,
    after: pd.DataFrame,
    *,
    errors: DifferenceErrors,
    same_scale: bool,
    level: float,
    fdr: float,
) -> pd.DataFrame:
    """Put the centres of both side by side and test their differences.

    Parameters
    ----------
    before, after : DataFrame
        ``frame`` of :class:`clientindex.results.Stars`, with ``p_star`` by the leading route.
    errors : DifferenceErrors
    same_scale : bool
        Whether both indices are on one scale; without, there are no differences.
    level, fdr : float

    Returns
    -------
    DataFrame
        Sorted by centre.

    Raises
    ------
    StatisticsError
        For a rate outside 0 to 1.

    Notes
    -----
    ``difference / se`` two-sided, by Student's t with the degrees of freedom of `errors`, adjusted
    by Benjamini and Hochberg over the centres that are tested: those whose sample sufficed for a
    star in both, and whose indices differ at all. Ranks are among the centres with a star in both,
    the same ones on both sides, best first; ties take the smallest.
    """
    check_rate(fdr)
    frame = _join(before, after)
    apart = frame["after"] - frame["before"]
    apart = apart.mask(apart.abs() <= NEGLIGIBLE, 0.0)
    frame["difference"] = apart if same_scale else np.nan
    error = errors.std_error.reindex(frame["centre"]).to_numpy(float)
    frame["std_error"] = np.where(frame["difference"].notna(), error, np.nan)
    df = np.asarray(errors.df.reindex(frame["centre"]), dtype=np.float64)
    frame["df"] = df
    margin = find_quantile(level, df) * frame["std_error"]
    frame["ci_low"], frame["ci_high"] = frame["difference"] - margin, frame["difference"] + margin
    frame["reason"] = _find_reasons(frame, same_scale=same_scale)
    z = np.full(len(frame), np.nan)
    tested = (frame["reason"] == "").to_numpy()
    z[tested] = (frame["difference"] / frame["std_error"])[tested]
    frame["p_value"] = 2 * stdtr(df, -np.abs(z))
    frame["q_value"] = adjust_p(frame["p_value"].to_numpy(float))
    flagged = (frame["q_value"] <= fdr).to_numpy()
    frame["flagged"] = np.where(flagged, np.where(z > 0, UP, DOWN), "")
    return _rank(frame)[[*CENTRE_COLUMNS]]


def _join(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    own = ["estimate", "star", "p_star", "withheld"]
    joined: pd.DataFrame = (
        after[["centre", "name", "region", "n", *own]]
        .merge(before[["centre", *own]], on="centre", how="left", suffixes=("_after", "_before"))
        .sort_values("centre", kind="stable", ignore_index=True)
    )
    joined = joined.rename(columns={"estimate_before": "before", "estimate_after": "after"})
    return joined.assign(
        stars_gained=joined["star_after"].astype("Float64")
        - joined["star_before"].astype("Float64")
    )


def _find_reasons(frame: pd.DataFrame, *, same_scale: bool) -> NDArray[np.str_]:
    small = (frame["withheld_before"] == SMALL_SAMPLE) | (frame["withheld_after"] == SMALL_SAMPLE)
    checks = {
        NO_BEFORE: frame["before"].isna(),
        NO_AFTER: frame["after"].isna(),
        OTHER_SCALE: pd.Series(not same_scale, index=frame.index),
        SMALL_SAMPLE: small,
        NO_DIFFERENCE: frame["difference"] == 0,
        NO_ERROR: ~(frame["std_error"] > 0),
    }
    return np.select([check.to_numpy(bool) for check in checks.values()], list(checks), default="")


def _rank(frame: pd.DataFrame) -> pd.DataFrame:
    both = frame["star_before"].notna() & frame["star_after"].notna()
    for side in ("before", "after"):
        scores = frame[side].where(both).round(9)
        frame[f"rank_{side}"] = scores.rank(ascending=False, method="min").astype("Int64")
    return frame.assign(rank_shift=frame["rank_before"] - frame["rank_after"])
