"""Internal consistency of the groups."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from clientindex.results.base import tidy_estimates

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AlphaTable:
    """Cronbach's alpha of every group, for all respondents and per segment.

    Attributes
    ----------
    frame : DataFrame
        ``segment`` ("all" or a segment key), ``group`` (a group key, or "index" for all
        indicators),
        ``estimate``, ``std_error`` (SD over bootstrap replicates), ``ci_low``, ``ci_high``,
        ``n`` (respondents who enter: with pairwise covariances a lower bound), ``n_dropped`` (the
        other respondents), ``n_centres``, ``n_items``, ``mean_inter_item``
        (mean correlation between the group's indicators).
    level : float
    replicates : int
        Bootstrap replicates over centres, stratified by region.
    missing : str
        "pairwise" or "complete".
    seed : int
    """

    frame: pd.DataFrame
    level: float
    replicates: int
    missing: str
    seed: int

    def tidy(self) -> pd.DataFrame:
        """Return one row a segment and group."""
        frame = self.frame
        return tidy_estimates(
            frame,
            subject="group",
            segment=frame["segment"].to_numpy(),
            statistic="cronbach_alpha",
            level=self.level,
            method=f"percentile bootstrap over centres ({self.replicates}), {self.missing}",
        )
