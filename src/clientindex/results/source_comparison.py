"""Whether survey and checklist can be compared: who has both, ends of scales, links."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from clientindex.results.tidying import stack_tidy, tidy_frame

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SourceComparison:
    """What stands in the way of comparing the two sources, and how their scales are linked.

    ``subject`` is a group key, or "index".

    Attributes
    ----------
    shares : DataFrame
        ``subject`` (also "all" of checklist answers), ``side`` ("survey", "checklist", "both"),
        ``statistic`` ("ceiling", "floor", "tied", "missing", "equal", "straight_lined",
        "straight_lined_highest", "straight_lined_lowest"), ``estimate`` (share 0-1), ``ci_low``,
        ``ci_high``, ``method``, ``n`` (the denominator).
    links : DataFrame
        ``subject``, ``link`` ("mean_sigma", "equipercentile"), ``statistic`` ("intercept", "slope";
        "ceiling": the survey score that a checklist at its upper end stands for; "cut": checklists
        that the line would put beyond the scale), ``estimate``, ``ci_low``, ``ci_high``,
        ``method``, ``n`` (centres).
    knots : DataFrame
        ``subject``, ``checklist``, ``survey``: the equipercentile table.
    centres : DataFrame
        Centres that are not compared: ``centre``, ``region``, ``reason`` ("survey_only",
        "checklist_only", "other_period", "not_applicable": every item so answered, "incomplete":
        some groups only), ``detail``. A centre has one row.
    left_out : DataFrame
        ``subject``, ``statistic``, ``reason``, ``detail``: what is not defined, and why.
    scales : str
        "common": declared common, so that bias can be seen; "linked": checklist scores are put on
        the survey's scale, which removes bias.
    linking : str
        Link behind the linked scores: "mean_sigma" or "equipercentile".
    sampling : str
        "exact": sampling covariances of the survey are known from single answers; "bound": only
        totals were delivered, and they are bounded by the correlation that the methodology assumes,
        so that what is freed of sampling error is freed of too much.
    level : float
    n : int
        Centres of the register.
    n_shared : int
        Centres with both sources in some group.
    """

    shares: pd.DataFrame
    links: pd.DataFrame
    knots: pd.DataFrame
    centres: pd.DataFrame
    left_out: pd.DataFrame
    scales: str
    linking: str
    level: float
    n: int
    n_shared: int
    sampling: str = "exact"

    def tidy(self) -> pd.DataFrame:
        """Return shares and links, one row each."""
        return stack_tidy(
            tidy_frame(
                frame,
                subject="subject",
                statistic=names,
                method=frame["method"].to_numpy(),
                n=frame["n"].to_numpy(),
                level=self.level,
            )
            for frame, names in (
                (self.shares, ("side", "statistic")),
                (self.links, ("link", "statistic")),
            )
        )
