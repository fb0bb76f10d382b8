"""Polyserial correlations of a continuous covariate with the indicators."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from clientindex.results.tidying import tidy_frame

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PolyserialTable:
    """Polyserial correlation of one covariate with every indicator.

    Attributes
    ----------
    frame : DataFrame
        One row an indicator in the order of the methodology: ``indicator``, ``estimate``,
        ``std_error`` (robust to clustering by centre), ``ci_low``, ``ci_high`` (Wald on Fisher's
        z), ``n`` (answers with a known covariate).
    estimator : str
        "two_step" or "ml".
    mean, sd : float
        Of the covariate over respondents, in its own units; the denominator of `sd` is n.
    n_centres : int
        Centres with a known covariate.
    level : float
    """

    frame: pd.DataFrame
    estimator: str
    mean: float
    sd: float
    n_centres: int
    level: float

    def tidy(self) -> pd.DataFrame:
        """Return one row an indicator."""
        return tidy_frame(
            self.frame,
            subject="indicator",
            statistic="polyserial",
            fixed=True,
            level=self.level,
            method=f"{self.estimator}, cluster-robust over {self.n_centres} centres",
            n=self.frame["n"].to_numpy(),
        )
