"""The exploratory factor model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from clientindex.results.tidying import stack_tidy, tidy_frame

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ExploratoryModel:
    """Exploratory factor analysis of the indicators.

    Factors are "F1" ... in the order of the groups they match; a bifactor rotation has one more,
    "general", which comes first. Intervals are percentiles of a bootstrap over centres with the
    factors of each replicate aligned to the whole sample.

    Attributes
    ----------
    loadings : DataFrame
        ``indicator``, ``group`` (where the methodology puts it), ``factor``, ``estimate`` (pattern
        loading), ``ci_low``, ``ci_high``, ``structure`` (correlation with the factor).
    communalities : DataFrame
        ``indicator``, ``communality``, ``uniqueness``, ``ci_low``, ``ci_high`` (of the
        communality), ``heywood`` (uniqueness on its lower bound 0.005), ``heywood_share`` (share
        of bootstrap replicates where it is).
    factor_correlations : DataFrame
        ``factor``, ``other``, ``estimate``, ``ci_low``, ``ci_high`` for every ordered pair; the
        diagonal is 1 with NaN ends.
    variance : DataFrame
        ``factor``, ``matched_group`` (the group assigned to the factor; a factor left over names
        the group with its largest sum of squared loadings, the general factor "index"),
        ``ss_loadings``, ``share`` (of the total variance of K indicators), ``ci_low``,
        ``ci_high`` (of the share).
    fit : DataFrame
        ``statistic`` (chi2, df, p, rmsea, tli, bic, rmsr), ``estimate``, ``ci_low``, ``ci_high``
        (of rmsea, from the non-central chi-square distribution, at the level of the result).
    residuals : DataFrame
        ``indicator``, ``other``, ``observed``, ``residual`` (upper triangle).
    schmid_leiman : DataFrame
        ``indicator``, ``factor`` ("general" or a factor), ``estimate``, ``ci_low``, ``ci_high``.
        Of this model, or of the oblimin rotation where this model's factors are not correlated. No
        rows with fewer than three factors.
    congruence : DataFrame
        ``factor``, ``group``, ``estimate`` (Tucker's congruence of the loadings with 1 for the
        indicators of the group and 0 for others), ``ci_low``, ``ci_high``.
    verdicts : DataFrame
        ``indicator``, ``group``, ``verdict`` ("own": salient on the factor of its own group only;
        "cross": also on another; "other": only on others; "none": nowhere), ``own_loading`` (NaN
        where the group has no factor), ``largest_other``, ``other_factor`` (largest in absolute
        value on another factor), ``share`` (of bootstrap replicates with the same verdict). The
        general factor does not count.
    by_basis : DataFrame
        ``basis``, ``indicator``, ``factor``, ``estimate``: the same model from both kinds of
        correlations, factors aligned. A basis whose model does not converge has no rows.
    rotations : DataFrame
        ``rotation``, ``congruence_mean``, ``congruence_min`` (of the factors with the groups they
        match), ``n_own``, ``n_cross``, ``n_other``, ``n_none`` (Int64: indicators by verdict);
        missing where the rotation is not defined or does not converge.
    eigenvalues : ndarray of shape (K,)
        Of the correlation matrix, falling.
    basis, method, rotation, missing : str
    n_factors : int
        Factors with the general one.
    n : int
        Smallest number of respondents behind a correlation.
    replicates : int
        Bootstrap replicates whose model converged.
    level : float
    """

    loadings: pd.DataFrame
    communalities: pd.DataFrame
    factor_correlations: pd.DataFrame
    variance: pd.DataFrame
    fit: pd.DataFrame
    residuals: pd.DataFrame
    schmid_leiman: pd.DataFrame
    congruence: pd.DataFrame
    verdicts: pd.DataFrame
    by_basis: pd.DataFrame
    rotations: pd.DataFrame
    eigenvalues: NDArray[np.float64]
    basis: str
    method: str
    rotation: str
    missing: str
    n_factors: int
    n: int
    replicates: int
    level: float

    def tidy(self) -> pd.DataFrame:
        """Return loadings, communalities, factor correlations, congruence, fit, Schmid-Leiman."""
        settings: dict[str, Any] = {
            "level": self.level,
            "method": f"percentile bootstrap over centres ({self.replicates})",
            "n": self.n,
        }
        correlations = self.factor_correlations.query("factor < other")
        return stack_tidy(
            [
                tidy_frame(
                    self.loadings.assign(statistic="loading." + self.loadings["factor"]),
                    subject="indicator",
                    statistic="statistic",
                    **settings,
                ),
                tidy_frame(
                    self.communalities.rename(columns={"communality": "estimate"}),
                    subject="indicator",
                    statistic="communality",
                    fixed=True,
                    **settings,
                ),
                tidy_frame(
                    correlations,
                    subject=("factor", "other"),
                    statistic="factor_correlation",
                    fixed=True,
                    **settings,
                ),
                tidy_frame(
                    self.congruence,
                    subject=("factor", "group"),
                    statistic="congruence",
                    fixed=True,
                    **settings,
                ),
                tidy_frame(
                    self.schmid_leiman.assign(
                        statistic="schmid_leiman." + self.schmid_leiman["factor"]
                    ),
                    subject="indicator",
                    statistic="statistic",
                    **settings,
                ),
                tidy_frame(
                    self.fit.assign(subject="index"),
                    subject="subject",
                    statistic="statistic",
                    level=self.level,
                    method=f"{self.method}, {self.rotation}, {self.basis}",
                    n=self.n,
                ),
            ]
        )
