"""The structure within centres and between them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from clientindex.results.tidying import stack_tidy, tidy_frame

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Levels:
    """Correlations, factors and fit within and between centres, and how alike they are.

    ``level`` in the frames is "within" or "between".

    Attributes
    ----------
    correlations : DataFrame
        ``level``, ``indicator``, ``other`` (upper triangle), ``estimate``, ``ci_low``,
        ``ci_high``. Between centres the sampling covariance of centre means is removed.
    variances : DataFrame
        ``indicator``, ``within``, ``between`` (variances), ``estimate`` (ICC(1), the share
        between), ``ci_low``, ``ci_high``.
    eigenvalues : DataFrame
        ``level``, ``position``, ``estimate``, ``ci_low``, ``ci_high``.
    loadings : DataFrame
        ``level``, ``indicator``, ``factor`` (a group key), ``estimate``, ``ci_low``, ``ci_high``:
        exploratory loadings turned to the groups.
    fit : DataFrame
        ``level``, ``model`` ("one_factor", "correlated"), ``statistic`` (names as in the
        confirmatory models), ``value``.
    parameters : DataFrame
        ``level``, ``model``, ``lhs``, ``op``, ``rhs``, ``estimate``, ``std_error``,
        ``standardised``.
    congruence : DataFrame
        ``factor`` (a group key), ``estimate`` (Tucker's congruence of within and between
        loadings), ``ci_low``, ``ci_high``.
    smoothed : bool
        Whether the between matrix had to be made positive definite.
    smallest_eigenvalue : float
        Of the between correlation matrix before smoothing.
    n, n_centres : int
    mean_size : float
        Respondents a centre as it enters the estimator (ANOVA's n0).
    replicates : int
    confidence : float
        Level of the intervals.
    """

    correlations: pd.DataFrame
    variances: pd.DataFrame
    eigenvalues: pd.DataFrame
    loadings: pd.DataFrame
    fit: pd.DataFrame
    parameters: pd.DataFrame
    congruence: pd.DataFrame
    smoothed: bool
    smallest_eigenvalue: float
    n: int
    n_centres: int
    mean_size: float
    replicates: int
    confidence: float

    def tidy(self) -> pd.DataFrame:
        """Return ICC(1), correlations, loadings and congruences."""
        settings: dict[str, Any] = {
            "level": self.confidence,
            "method": f"percentile bootstrap over centres ({self.replicates})",
            "n": self.n,
        }
        return stack_tidy(
            [
                tidy_frame(
                    self.variances, subject="indicator", statistic="icc1", fixed=True, **settings
                ),
                tidy_frame(
                    self.correlations,
                    subject=("indicator", "other"),
                    statistic="level",
                    **settings,
                ),
                tidy_frame(
                    self.loadings, subject="indicator", statistic=("level", "factor"), **settings
                ),
                tidy_frame(
                    self.congruence,
                    subject="factor",
                    statistic="congruence",
                    fixed=True,
                    **settings,
                ),
            ]
        )
