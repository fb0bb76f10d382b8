"""Survey against checklist, group by group."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from clientindex.results.base import tidy_estimates

if TYPE_CHECKING:
    import pandas as pd

AGREEMENT_STATISTICS = (
    "bias",
    "sd_difference",
    "loa_low",
    "loa_high",
    "pearson_r",
    "icc_a1",
    "icc_c1",
)
"""bias = mean of checklist minus survey, points; limits of agreement bias -/+ z SD; Pearson r;
ICC(A,1) absolute agreement and ICC(C,1) consistency after McGraw and Wong (1996), single rater."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class GroupAgreement:
    """Agreement of two sources over centres, one block of statistics a group.

    Attributes
    ----------
    frame : DataFrame
        ``group``, ``statistic`` (one of :data:`AGREEMENT_STATISTICS`), ``estimate``, ``std_error``,
        ``ci_low``, ``ci_high``, ``method`` (of the interval), ``n`` (centres with both sources).
    points : DataFrame
        ``centre``, ``region``, ``group``, ``survey``, ``checklist`` (0-100): the pairs behind it.
    level : float
        Level of the intervals.
    n_survey_only, n_checklist_only : int
        Centres with one source only, left out.
    """

    frame: pd.DataFrame
    points: pd.DataFrame
    level: float
    n_survey_only: int
    n_checklist_only: int

    def tidy(self) -> pd.DataFrame:
        """Return one row a group and statistic."""
        frame = self.frame
        return tidy_estimates(
            frame,
            subject="group",
            statistic=frame["statistic"].to_numpy(),
            level=self.level,
            method=(frame["method"] + "; n counts centres").to_numpy(),
        )
