"""Reliability of each side: visitors' scores of centres, and checklists seen twice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from clientindex.results.tidying import stack_tidy, tidy_frame

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SideReliability:
    """How reliable the scores of each source are.

    Of the survey it is R_c = tau²/(tau² + e²_c) of every centre. Of the checklist it can be known
    only from second visits or audits: alpha of one visit tells how alike items are, not whether the
    same centre would get the same score again.

    Attributes
    ----------
    frame : DataFrame
        ``subject`` (group key or "index"), ``side``, ``statistic``, ``estimate``, ``ci_low``,
        ``ci_high``, ``method``, ``n`` (centres). Survey: "mean_reliability", "share_provisional"
        (of centres below :attr:`provisional_below`). Checklist, of centres seen twice: "bias"
        (second less first, points), "sd_difference", "icc_a1", "icc_c1", "reliability" (one less
        the error variance over the variance of checklists), "error_sd" (of one checklist, points).
    centres : DataFrame
        ``subject``, ``centre``, ``region``, ``n`` (respondents), ``estimate`` (R_c), ``ci_low``,
        ``ci_high``.
    left_out : DataFrame
        ``subject``, ``statistic``, ``reason``, ``detail``; the reason "no_second_checklist" where
        no centre was seen twice.
    provisional_below : float
    level : float
    n_twice : int
        Centres with two checklists.
    """

    frame: pd.DataFrame
    centres: pd.DataFrame
    left_out: pd.DataFrame
    provisional_below: float
    level: float
    n_twice: int

    def tidy(self) -> pd.DataFrame:
        """Return the statistics of both sides, then the reliability of every centre."""
        frame, centres = self.frame, self.centres
        return stack_tidy(
            [
                tidy_frame(
                    frame,
                    subject="subject",
                    statistic=("side", "statistic"),
                    method=frame["method"].to_numpy(),
                    n=frame["n"].to_numpy(),
                    level=self.level,
                ),
                tidy_frame(
                    centres,
                    subject=("centre", "subject"),
                    statistic="survey_reliability",
                    fixed=True,
                    method="reml",
                    n=centres["n"].to_numpy(),
                    level=self.level,
                ),
            ]
        )
