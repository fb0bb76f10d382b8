"""Survey against checklist: differences, limits, correlations of agreement."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from clientindex.results.rating import make_empty
from clientindex.results.tidying import tidy_frame

if TYPE_CHECKING:
    import pandas as pd


CHECKLIST_COLUMNS = ("centre", "kind", "subject", "checklist")


def _no_checklists() -> pd.DataFrame:
    return make_empty(CHECKLIST_COLUMNS)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Agreement:
    """Agreement of two sources over centres. Differences are checklist less survey, points.

    Attributes
    ----------
    frame : DataFrame
        ``kind`` ("index", "group", "indicator"), ``subject`` (its key), ``scale`` ("common": as
        measured; "linked": the checklist put on the survey's scale), ``statistic``, ``estimate``,
        ``std_error``, ``ci_low``, ``ci_high``, ``method`` (of the interval, or why undefined),
        ``n`` (centres). One row a statistic, but bias, SD, limits of agreement, r, CCC and alpha,
        which have a second row with the method "bootstrap" (over centres, stratified by region):
        it holds its level where differences are skew, as inflation makes them, and exact limits,
        which take them for normal, do not. Statistics:

        - "bias", "sd_difference", "loa_low", "loa_high" (limits of agreement), "sd_net",
          "loa_net_low", "loa_net_high" (sampling error of the survey removed), "pearson_r",
          "r_net" (the same error removed);
        - "tolerance_low", "tolerance_high", "tdi" (total deviation index), "coverage_probability"
          (share of differences within ``acceptable``);
        - "proportional_slope", "proportional_intercept", "variance_ratio_r" (Pitman-Morgan);
        - "icc_1", "icc_1_k", "icc_a1", "icc_ak", "icc_c1", "icc_ck";
        - "ccc" (Lin, moments with divisor n), "ccc_components" (REML), "ccc_u" (U-statistics),
          "alpha_interval" (Krippendorff).

        Of linked scales only the ICC (C), CCC and alpha; of indicators only bias, SD, r and CCC.
    points : DataFrame
        ``centre``, ``region``, ``kind``, ``subject`` (index and groups), ``survey``,
        ``survey_error``, ``checklist``, ``linked`` (the checklist on the survey's scale), ``n``
        (respondents).
    by_answers : DataFrame
        ``subject``, ``answers``, ``low``, ``high``: limits of agreement of centres with so many
        answers.
    regression : DataFrame
        ``subject``, ``intercept``, ``slope``, ``spread_intercept``, ``spread_slope``, ``p_value``
        (of the slope): limits that change with the mean are
        ``intercept + slope m -/+ z sqrt(pi / 2) (spread_intercept + spread_slope m)``;
        ``mean_low``, ``mean_high``: the range of means seen.
    repeated : DataFrame
        Limits for single measurements from repeated ones: ``subject``, ``design`` ("periods": both
        sources in several periods, "visits": second checklists), ``statistic`` ("bias",
        "loa_low", "loa_high"), ``estimate``, ``ci_low``, ``ci_high``, ``method``, ``n`` (centres),
        ``n_pairs``.
    left_out : DataFrame
        ``subject``, ``statistic``, ``reason``, ``detail``.
    checklists : DataFrame
        ``centre``, ``kind`` ("index", "group", "indicator"), ``subject``, ``checklist``: points of
        every checklist that was filled in, whether or not the survey has a score beside it.
    level, coverage, content, acceptable : float
        Level of the intervals; shares that limits of agreement, and tolerance interval and total
        deviation index, bound; the difference, points, called acceptable.
    replicates : int
        Of the bootstrap.
    n_survey_only, n_checklist_only : int
        Centres with one source only, left out.
    """

    frame: pd.DataFrame
    points: pd.DataFrame
    by_answers: pd.DataFrame
    regression: pd.DataFrame
    repeated: pd.DataFrame
    left_out: pd.DataFrame
    level: float
    coverage: float
    content: float
    acceptable: float
    replicates: int
    n_survey_only: int
    n_checklist_only: int
    checklists: pd.DataFrame = field(default_factory=_no_checklists)

    def of(self, subject: str, *, scale: str = "common") -> pd.DataFrame:
        """Return the leading rows of one subject (no bootstrap), statistics as the index."""
        frame = self.frame
        rows = (frame["subject"] == subject) & (frame["scale"] == scale)
        rows &= frame["method"] != BOOTSTRAP
        return frame[rows].set_index("statistic")

    def tidy(self) -> pd.DataFrame:
        """Return one row a subject, scale and statistic."""
        frame = self.frame
        return tidy_frame(
            frame,
            subject="subject",
            statistic=("scale", "statistic"),
            level=self.level,
            method=(frame["method"] + "; n counts centres").to_numpy(),
            n=frame["n"].to_numpy(),
        )


BOOTSTRAP = "bootstrap"
"""Method of the second rows."""
