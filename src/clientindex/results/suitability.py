"""Suitability of the correlations for factoring."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from clientindex.results.tidying import stack_tidy, tidy_frame

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Suitability:
    """Kaiser-Meyer-Olkin measure, Bartlett's test of sphericity, squared multiple correlations.

    Attributes
    ----------
    frame : DataFrame
        Of the leading kind of correlations: ``indicator``, ``msa`` (measure of sampling adequacy),
        ``ci_low``, ``ci_high`` (of the measure), ``smc`` (squared multiple correlation).
    groups : DataFrame
        Of the leading kind: ``group``, ``estimate`` (KMO of the group's own indicators),
        ``ci_low``, ``ci_high``; NaN for a group of one indicator.
    by_basis : DataFrame
        Both kinds: ``basis`` ("pearson", "polychoric"), ``subject`` (an indicator, a group or
        "index"), ``statistic`` ("msa", "smc", "kmo", "bartlett_chi2", "bartlett_df", "bartlett_p",
        "determinant"), ``estimate``, ``ci_low``, ``ci_high`` (NaN for Bartlett's test).
    basis : str
        The leading kind; every single number here is of it.
    kmo, kmo_ci_low, kmo_ci_high : float
        Overall measure with the interval from the bootstrap over centres.
    bartlett_chi2, bartlett_p : float
    bartlett_df : int
    determinant : float
        Of the correlation matrix.
    uninformative : bool
        Whether more than 100,000 respondents make Bartlett's test reject anything.
    n : int
        Smallest number of respondents behind any correlation; used in Bartlett's test.
    level : float
    replicates : int
    missing : str
    """

    frame: pd.DataFrame
    groups: pd.DataFrame
    by_basis: pd.DataFrame
    basis: str
    kmo: float
    kmo_ci_low: float
    kmo_ci_high: float
    bartlett_chi2: float
    bartlett_p: float
    bartlett_df: int
    determinant: float
    uninformative: bool
    n: int
    level: float
    replicates: int
    missing: str

    def tidy(self) -> pd.DataFrame:
        """Return one row a measure: the leading kind, then the other with its name before it."""
        leads = self.by_basis["basis"] == self.basis
        columns: dict[str, Any] = {
            "level": self.level,
            "method": "percentile bootstrap over centres",
            "n": self.n,
        }
        return stack_tidy(
            [
                tidy_frame(
                    self.by_basis.loc[leads], subject="subject", statistic="statistic", **columns
                ),
                tidy_frame(
                    self.by_basis.loc[~leads],
                    subject="subject",
                    statistic=("basis", "statistic"),
                    **columns,
                ),
            ]
        )
