"""Scores, stars, and means of regions and groups."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from clientindex.results.base import ALL_SEGMENTS, make_tidy, tidy_estimates

if TYPE_CHECKING:
    import pandas as pd

StandardErrorMethod = Literal["exact", "bound"]
"""exact: from the covariance of answers inside the centre; bound: only totals were delivered, so
the covariance of two indicators is bounded by the assumed correlation of the methodology."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Scores:
    """Index, group and indicator scores of every centre.

    Attributes
    ----------
    frame : DataFrame
        ``centre``, ``segment`` ("all" when combined), ``kind`` ("index", "group", "indicator"),
        ``key`` ("index", or the key of the group or indicator), ``estimate`` (0-100),
        ``std_error``, ``ci_low``, ``ci_high``, ``n``. For the index ``n`` counts respondents, for
        a group the answers to its most answered indicator, for an indicator its answers; "all"
        sums the segments that enter the score; NaN where means were delivered without n.
    level : float
        Level of the intervals.
    std_error_method : {"exact", "bound"}
    fpc_used : bool
        Whether the finite-population correction was applied (visitors known from the register).
    n_reweighted : int
        Centre-by-segment groups whose missing indicators had their weight shared out.
    """

    frame: pd.DataFrame
    level: float
    std_error_method: StandardErrorMethod
    fpc_used: bool
    n_reweighted: int

    def tidy(self) -> pd.DataFrame:
        """Return one row a centre, segment and score."""
        frame = self.frame
        return tidy_estimates(
            frame,
            level=self.level,
            subject="centre",
            segment=frame["segment"].to_numpy(),
            statistic=(frame["kind"] + "." + frame["key"]).to_numpy(),
            method=f"normal, standard error {self.std_error_method}",
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Stars:
    """Stars of every centre of the register, each with its doubt.

    Attributes
    ----------
    frame : DataFrame
        ``centre``, ``name``, ``region``, ``n`` (respondents of all segments), ``estimate`` (index),
        ``std_error``, ``ci_low``, ``ci_high``, ``star`` (nullable Int64; missing when withheld),
        ``withheld`` ("" given; "no_answers", "no_score", "small_sample"), ``p_star`` (probability
        that the true index lies in the band of the star, normal route), ``star_low``, ``star_high``
        (nullable Int64: stars at the interval's ends), ``rank`` (nullable Int64; 1 = best, ties
        take the minimum; only centres with a star are ranked). Sorted by rank, then centre;
        withheld centres last.
    level : float
    minimum_sample : int
    """

    frame: pd.DataFrame
    level: float
    minimum_sample: int

    def tidy(self) -> pd.DataFrame:
        """Return the index and the star of every centre, one row each."""
        import pandas as pd

        frame = self.frame
        index = tidy_estimates(
            frame,
            level=self.level,
            subject="centre",
            statistic="index",
            method="normal",
        )
        star = make_tidy(
            {
                "subject": frame["centre"].to_numpy(),
                "segment": ALL_SEGMENTS,
                "statistic": "star",
                "estimate": frame["star"].to_numpy(float, na_value=np.nan),
                "ci_low": frame["star_low"].to_numpy(float, na_value=np.nan),
                "ci_high": frame["star_high"].to_numpy(float, na_value=np.nan),
                "level": self.level,
                "method": "stars at the ends of the index interval",
                "n": frame["n"].to_numpy(),
            }
        )
        return pd.concat([index, star], ignore_index=True)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Regions:
    """Mean index of regions and of the country, every centre counting once.

    Attributes
    ----------
    frame : DataFrame
        ``region`` ("country" in the last row), ``n_centres`` (with a score), ``n_starred``, ``n``
        (respondents), ``estimate`` (mean index), ``std_error`` (from the spread of centres and
        so including their sampling error), ``ci_low``, ``ci_high`` (Student's t over centres;
        missing for one centre), and ``stars_1`` ... ``stars_<max>``: number of centres with each
        star.
    level : float
    """

    frame: pd.DataFrame
    level: float

    def tidy(self) -> pd.DataFrame:
        """Return one row a region."""
        frame = self.frame
        return tidy_estimates(
            frame,
            level=self.level,
            subject="region",
            statistic="mean_index",
            method="Student t over centres; n counts centres",
            n="n_centres",
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class GroupMeans:
    """Mean group scores of regions and of the country, every centre counting once.

    Groups are measured by different questions: their means describe, they do not rank.

    Attributes
    ----------
    frame : DataFrame
        ``region`` ("country" in the last rows), ``group``, ``n_centres`` (with a score for the
        group), ``estimate`` (mean score, 0-100), ``std_error`` (from the spread of centres and so
        including their sampling error), ``ci_low``, ``ci_high`` (Student's t over centres; missing
        for one centre). Groups stand in the order of the methodology.
    level : float
    """

    frame: pd.DataFrame
    level: float

    def tidy(self) -> pd.DataFrame:
        """Return one row a region and group."""
        frame = self.frame
        return tidy_estimates(
            frame,
            level=self.level,
            subject="region",
            statistic=("mean_group." + frame["group"]).to_numpy(),
            method="Student t over centres; n counts centres",
            n="n_centres",
        )
