"""How many factors: the votes of the rules, side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from clientindex.results.tidying import stack_tidy, tidy_frame

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FactorNumber:
    """A panel of rules for the number of factors; never one rule alone.

    Attributes
    ----------
    votes : DataFrame
        One row a rule and basis: ``rule`` ("parallel_components", "parallel_axis", "map",
        "map_revised", "empirical_kaiser", "hull", "comparison_data", "acceleration", "vss_1",
        "vss_2"), ``basis`` ("pearson", "polychoric"), ``reference`` ("normal", "permuted", or ""
        where the rule compares with nothing random), ``n_factors`` (Int64; missing where the rule
        is not defined), ``n_low``, ``n_high`` (Int64: percentile range of the vote over a
        bootstrap of centres), ``share`` (share of bootstrap replicates with the same vote; NaN
        where a rule is not resampled), ``n_factors_mean`` (Int64: vote of parallel analysis against
        the mean of random data).
    eigenvalues : DataFrame
        ``basis``, ``kind`` ("components", or "axis": eigenvalues of the correlation matrix with
        squared multiple correlations on its diagonal), ``reference`` ("normal", "permuted"),
        ``position`` (1 ... K),
        ``estimate``, ``ci_low``, ``ci_high`` (bootstrap over centres), ``random_mean``,
        ``random_high`` (quantile `quantile` of the random data: the parallel band).
    criteria : DataFrame
        ``rule``, ``basis``, ``n_factors``, ``value``: MAP averages, VSS fits, hull's scree values,
        comparison data's RMSR, empirical Kaiser's reference eigenvalues, accelerations.
    quantile : float
        Of random eigenvalues that an observed one must exceed, such as 0.95.
    random_replicates, replicates : int
        Random data sets, bootstrap replicates over centres.
    n_intended : int
        Groups of the methodology.
    n : int
    level : float
    seed : int
    """

    votes: pd.DataFrame
    eigenvalues: pd.DataFrame
    criteria: pd.DataFrame
    quantile: float
    random_replicates: int
    replicates: int
    n_intended: int
    n: int
    level: float
    seed: int

    def tidy(self) -> pd.DataFrame:
        """Return one row a vote, then one row an eigenvalue."""
        votes = tidy_frame(
            self.votes.rename(
                columns={"n_factors": "estimate", "n_low": "ci_low", "n_high": "ci_high"}
            ).astype({"estimate": float, "ci_low": float, "ci_high": float}),
            subject=("rule", "reference"),
            statistic=("basis",),
            level=self.level,
            method=f"percentile bootstrap over centres ({self.replicates})",
            n=self.n,
        )
        named = self.eigenvalues.assign(
            subject="index",
            statistic="eigenvalue." + self.eigenvalues["position"].astype(str),
        )
        eigenvalues = tidy_frame(
            named,
            subject="subject",
            statistic=("basis", "kind", "reference", "statistic"),
            level=self.level,
            method=f"percentile bootstrap over centres ({self.replicates})",
            n=self.n,
        )
        return stack_tidy([votes, eigenvalues])
