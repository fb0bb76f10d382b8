"""Factor congruence of every region with the country."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from clientindex.results.tidying import stack_tidy, tidy_frame

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RegionCongruence:
    """Tucker's congruence of every region's factors with those of the country.

    Attributes
    ----------
    frame : DataFrame
        ``region``, ``factor`` (a group key), ``estimate``, ``ci_low``, ``ci_high`` (bootstrap over
        the region's centres; NaN where a region has fewer than two), ``n``, ``n_centres``.
    left_out : DataFrame
        ``region``, ``reason`` (key of an unavailable text), ``detail``, ``n``, ``n_centres``.
    basis, method : str
        Correlations; how regions are turned to the country ("target").
    replicates : int
    level : float
    """

    frame: pd.DataFrame
    left_out: pd.DataFrame
    basis: str
    method: str
    replicates: int
    level: float

    def tidy(self) -> pd.DataFrame:
        """Return one row a region and factor."""
        return stack_tidy(
            [
                tidy_frame(
                    self.frame,
                    subject="region",
                    statistic="factor",
                    level=self.level,
                    method=f"percentile bootstrap over centres ({self.replicates})",
                    n=self.frame["n"].to_numpy(),
                )
            ]
        )
