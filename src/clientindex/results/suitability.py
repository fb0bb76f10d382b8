"""Suitability of the correlations for factoring."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from clientindex.results.base import ALL_SEGMENTS, INDEX, make_tidy


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Suitability:
    """Kaiser-Meyer-Olkin measure and Bartlett's test of sphericity.

    Attributes
    ----------
    frame : DataFrame
        ``indicator``, ``msa`` (measure of sampling adequacy), ``ci_low``, ``ci_high``.
    kmo, kmo_ci_low, kmo_ci_high : float
        Overall measure with the interval from the bootstrap over centres.
    bartlett_chi2, bartlett_p : float
    bartlett_df : int
    determinant : float
        Of the correlation matrix.
    n : int
        Smallest number of respondents behind any correlation; used in Bartlett's test.
    level : float
    replicates : int
    missing : str
    """

    frame: pd.DataFrame
    kmo: float
    kmo_ci_low: float
    kmo_ci_high: float
    bartlett_chi2: float
    bartlett_p: float
    bartlett_df: int
    determinant: float
    n: int
    level: float
    replicates: int
    missing: str

    def tidy(self) -> pd.DataFrame:
        """Return the overall measures, then one row an indicator."""
        overall = make_tidy(
            {
                "subject": [INDEX] * 3,
                "segment": ALL_SEGMENTS,
                "statistic": ["kmo", "bartlett_chi2", "determinant"],
                "estimate": [self.kmo, self.bartlett_chi2, self.determinant],
                "ci_low": [self.kmo_ci_low, np.nan, np.nan],
                "ci_high": [self.kmo_ci_high, np.nan, np.nan],
                "level": [self.level, np.nan, np.nan],
                "method": "percentile bootstrap over centres",
                "n": self.n,
            }
        )
        items = make_tidy(
            {
                "subject": self.frame["indicator"].to_numpy(),
                "segment": ALL_SEGMENTS,
                "statistic": "msa",
                "estimate": self.frame["msa"].to_numpy(float),
                "ci_low": self.frame["ci_low"].to_numpy(float),
                "ci_high": self.frame["ci_high"].to_numpy(float),
                "level": self.level,
                "method": "percentile bootstrap over centres",
                "n": self.n,
            }
        )
        return pd.concat([overall, items], ignore_index=True)
