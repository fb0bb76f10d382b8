"""Suitability of the correlations for factoring, and the exploratory model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from clientindex.results.base import ALL_SEGMENTS, INDEX, make_tidy

if TYPE_CHECKING:
    from numpy.typing import NDArray


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


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ExploratoryModel:
    """Exploratory factor analysis of the indicators (Pearson correlations).

    Attributes
    ----------
    loadings : DataFrame
        ``indicator``, ``group`` (where the methodology puts it), ``factor`` ("F1" ... in the order
        of the groups they match best), ``estimate`` (pattern loading), ``ci_low``, ``ci_high``
        (bootstrap over centres, factors aligned to the full-sample solution).
    communalities : DataFrame
        ``indicator``, ``communality``, ``uniqueness``.
    factor_correlations : DataFrame
        ``factor``, ``other``, ``estimate`` for every ordered pair.
    variance : DataFrame
        ``factor``, ``matched_group`` (group with the largest sum of squared loadings),
        ``ss_loadings``, ``share`` (of the total variance of K indicators).
    eigenvalues : ndarray of shape (K,)
        Of the correlation matrix, falling.
    method, rotation, missing : str
    n_factors, n, replicates : int
    level : float
    """

    loadings: pd.DataFrame
    communalities: pd.DataFrame
    factor_correlations: pd.DataFrame
    variance: pd.DataFrame
    eigenvalues: NDArray[np.float64]
    method: str
    rotation: str
    missing: str
    n_factors: int
    n: int
    replicates: int
    level: float

    def tidy(self) -> pd.DataFrame:
        """Return one row an indicator and factor, then communalities."""
        frame = self.loadings
        loadings = make_tidy(
            {
                "subject": frame["indicator"].to_numpy(),
                "segment": ALL_SEGMENTS,
                "statistic": ("loading." + frame["factor"]).to_numpy(),
                "estimate": frame["estimate"].to_numpy(float),
                "ci_low": frame["ci_low"].to_numpy(float),
                "ci_high": frame["ci_high"].to_numpy(float),
                "level": self.level,
                "method": f"percentile bootstrap over centres ({self.replicates})",
                "n": self.n,
            }
        )
        communalities = make_tidy(
            {
                "subject": self.communalities["indicator"].to_numpy(),
                "segment": ALL_SEGMENTS,
                "statistic": "communality",
                "estimate": self.communalities["communality"].to_numpy(float),
                "method": f"{self.method}, {self.rotation}",
                "n": self.n,
            }
        )
        return pd.concat([loadings, communalities], ignore_index=True)
