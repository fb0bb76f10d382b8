"""The exploratory factor model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from clientindex.results.base import ALL_SEGMENTS, make_tidy

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


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
