"""Scores, stars, and means of regions and groups."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Literal

import numpy as np

from clientindex.results.base import ALL_SEGMENTS, make_tidy, tidy_estimates

if TYPE_CHECKING:
    import pandas as pd

StandardErrorMethod = Literal["exact", "bound", "delta", "none"]
"""exact: from the covariance of answers inside the centre; bound: only totals were delivered, so
the covariance of two indicators is bounded by the assumed correlation of the methodology; delta: a
level of the methodology is no weighted sum, so errors are those of its tangent (delta method), or
measures with their stated errors enter; none: no error of anything is known."""

MISSING_COLUMNS = ("kind", "key", "segment", "treatment", "n_missing", "n_imputed")
MEASURE_COLUMNS = (
    *("indicator", "normaliser", "n_centres", "minimum", "maximum", "mean", "std_deviation"),
    *("origin", "slope", "level"),
)
LEFT_OUT_COLUMNS = ("kind", "key", "reason", "detail")
CUT_COLUMNS = ("peer_group", "star", "cut", "wanted", "previous", "held_by")
STAR_LEFT_OUT_COLUMNS = ("peer_group", "reason", "detail")


def make_empty(columns: tuple[str, ...]) -> pd.DataFrame:
    """Return a table without rows."""
    return _make_template(columns).copy()


@cache
def _make_template(columns: tuple[str, ...]) -> pd.DataFrame:
    """Return what empty tables are copied from: many scores have one, and making it takes long."""
    import pandas as pd

    return pd.DataFrame({name: pd.Series(dtype="str") for name in columns})


def _no_missing() -> pd.DataFrame:
    return make_empty(MISSING_COLUMNS)


def _no_measures() -> pd.DataFrame:
    return make_empty(MEASURE_COLUMNS)


def _nothing_left_out() -> pd.DataFrame:
    return make_empty(LEFT_OUT_COLUMNS)


def _no_cuts() -> pd.DataFrame:
    return make_empty(CUT_COLUMNS)


def _all_cuts_found() -> pd.DataFrame:
    return make_empty(STAR_LEFT_OUT_COLUMNS)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Scores:
    """Index, group and indicator scores of every centre.

    Attributes
    ----------
    frame : DataFrame
        ``centre``, ``segment`` ("all" when combined), ``kind`` ("index", "group", "indicator"),
        ``key`` ("index", or the key of the group or indicator), ``estimate`` (0-100; unbounded on
        the scale "standard"), ``std_error``, ``df`` (degrees of freedom of the standard error; inf
        where it is known without error), ``ci_low``, ``ci_high`` (Student's t), ``n``. For the
        index ``n`` counts respondents, for a group the answers to its most answered indicator, for
        an indicator its answers; "all" sums the segments that enter the score; NaN where means were
        delivered without n, and for measures that are reported without their number of cases.
        Measures belong to no segment: they count in each segment of the centre.
    level : float
        Level of the intervals.
    std_error_method : {"exact", "bound"}
    fpc_used : bool
        Whether the finite-population correction was applied (visitors known from the register).
    n_reweighted : int
        Centre-by-segment groups whose missing indicators had their weight shared out.
    n_imputed : int
        Indicators and groups, by centre and segment, for which a mean stands in.
    missing : DataFrame
        ``kind`` ("indicator", "group"), ``key``, ``segment``, ``treatment`` (of the methodology),
        ``n_missing`` (centres with answers in the segment, or with any measure, that lack it),
        ``n_imputed`` (those for which a mean stands in). Rows with ``n_missing`` above 0.
    measures : DataFrame
        One row a measure that is scored: ``indicator``, ``normaliser``, ``n_centres``, ``minimum``,
        ``maximum``, ``mean``, ``std_deviation`` (n - 1; of the values as reported), and for
        straight lines ``origin``, ``slope``, ``level``: score = level + slope (value - origin);
        NaN for others.
    left_out : DataFrame
        ``kind`` ("indicator", "group"), ``key``, ``reason`` ("few_centres": fewer centres than
        `minimum_centres` report the measure; "no_variance": all report the same, or, of a group to
        be brought to z scores, all scores are equal; "target_reached": every value reaches the
        target; "not_positive": the best of a share of the best is not positive; "no_indicators":
        all of the group are left out), ``detail``. What is left out has weight 0.
    """

    frame: pd.DataFrame
    level: float
    std_error_method: StandardErrorMethod
    fpc_used: bool
    n_reweighted: int
    n_imputed: int = 0
    missing: pd.DataFrame = field(default_factory=_no_missing)
    measures: pd.DataFrame = field(default_factory=_no_measures)
    left_out: pd.DataFrame = field(default_factory=_nothing_left_out)

    def tidy(self) -> pd.DataFrame:
        """Return one row a centre, segment and score."""
        frame = self.frame
        return tidy_estimates(
            frame,
            level=self.level,
            subject="centre",
            segment=frame["segment"].to_numpy(),
            statistic=(frame["kind"] + "." + frame["key"]).to_numpy(),
            method=f"Student t, standard error {self.std_error_method}",
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Stars:
    """Stars of every centre of the register, each with its doubt.

    Attributes
    ----------
    frame : DataFrame
        ``centre``, ``name``, ``region``, ``n`` (respondents of all segments), ``estimate`` (index),
        ``std_error``, ``df`` (its degrees of freedom), ``ci_low``, ``ci_high``, ``star`` (nullable
        Int64, Float64 with half stars; missing when withheld), ``withheld`` ("" given; see below),
        ``p_star`` (probability that the centre's true index gives it this star, Student's t about
        the index; cut points that were found in the scores are taken for known here, and caps as
        they are; NaN without a standard error), ``star_low``, ``star_high`` (as ``star``: stars at
        the interval's ends, missing without an interval), ``rank`` (nullable Int64; 1 = best, ties
        take the minimum; only centres with a star are ranked, all together), ``uncapped`` (as
        ``star``: the star before caps), ``capped_by`` (reasons of all caps that lie below it,
        joined by ", "; "" none), ``at_most`` (as ``star``: the most stars that caps leave the
        centre; missing without a cap), ``peer_group`` ("" without peer groups, or where a centre
        has none). Sorted by rank, then centre; withheld centres last.
    level : float
    minimum_sample : int
    cuts : DataFrame
        One row a peer group ("all" without) and cut point: ``peer_group``, ``star`` (that begins at
        the cut), ``cut`` (that holds), ``wanted`` (that the rule found), ``previous`` (NaN without
        a guardrail), ``held_by`` ("" free, "absolute", "relative": the limit that held it).
    left_out : DataFrame
        ``peer_group``, ``reason``, ``detail``: peer groups without cut points ("few_centres",
        "few_distinct_scores", "no_cut_points" with the words of the rule), and those that no
        guardrail holds ("no_previous_cuts").

    Notes
    -----
    Reasons why a star is withheld, in the order in which they are looked for: "no_answers" (nobody
    answered, and no measure is reported), "no_score" (the rules for missing values leave no index),
    "small_sample" (fewer respondents than the minimum, or no standard error), "small_segment" (a
    segment of visitors has fewer respondents than each needs), "few_groups" (fewer
    groups than required have enough indicators), "no_required_group" (none of the groups of which
    one is required has), "no_peer_group" (the register does not say it), "few_centres" (the peer
    group is smaller than its minimum), "few_distinct_scores" (fewer distinct scores than stars in
    the peer group, so that no cut points of the data exist), "no_cut_points" (the rule cannot be
    applied for another cause, for example ties at the start of k-means).
    """

    frame: pd.DataFrame
    level: float
    minimum_sample: int
    cuts: pd.DataFrame = field(default_factory=_no_cuts)
    left_out: pd.DataFrame = field(default_factory=_all_cuts_found)

    def tidy(self) -> pd.DataFrame:
        """Return the index and the star of every centre, one row each."""
        import pandas as pd

        frame = self.frame
        index = tidy_estimates(
            frame,
            level=self.level,
            subject="centre",
            statistic="index",
            method="Student t",
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
        missing for one centre), and ``stars_1`` ... ``stars_<max>`` (with half stars also
        ``stars_1.5`` ...): number of centres with each star.
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
