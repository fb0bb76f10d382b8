"""A confirmatory model of traits and of one method factor of the checklist."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from clientindex.results.tidying import stack_tidy, tidy_frame

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MethodModel:
    """CT-C(M-1): traits of the groups, the survey as reference, a method factor of the checklist.

    Every indicator is measured twice; the survey's measure depends on its trait alone, the
    checklist's on trait and method, which are unrelated. Residuals of the same indicator go
    together.

    Attributes
    ----------
    parameters : DataFrame
        ``kind`` ("trait_loading", "method_loading", "trait_correlation", "residual_correlation",
        "residual_variance"), ``side`` ("survey", "checklist", "both"; "" of correlations),
        ``subject`` (indicator, or group of a trait), ``other`` (the second group of a correlation,
        else ""), ``estimate``, ``std_error``, ``ci_low``, ``ci_high``, ``standardised``. Traits and
        method have variance 1; loadings are in points.
    shares : DataFrame
        ``subject`` (indicator or group, "all"), ``side``, ``statistic`` ("consistency": share of
        the trait in the variance without sampling error, "method_specificity", "specificity"),
        ``estimate``, ``ci_low``, ``ci_high``.
    fit : DataFrame
        ``statistic`` ("chi_square", "df", "p_value", "cfi", "rmsea", "rmsea_low", "rmsea_high",
        "srmr"), ``estimate``.
    left_out : DataFrame
        ``statistic``, ``reason``, ``detail``.
    estimator : str
    sampling_removed : bool
        Whether sampling covariances were taken out of the survey's covariances.
    converged : bool
    improper : str
        Keys of indicators with a negative residual variance, separated by spaces; "" if none.
    level : float
    n, n_dropped, n_regions, n_parameters : int
        Centres used, dropped for missing scores; regions; free parameters.
    """

    parameters: pd.DataFrame
    shares: pd.DataFrame
    fit: pd.DataFrame
    left_out: pd.DataFrame
    estimator: str
    sampling_removed: bool
    converged: bool
    improper: str
    level: float
    n: int
    n_dropped: int
    n_regions: int
    n_parameters: int

    def tidy(self) -> pd.DataFrame:
        """Return parameters, shares and measures of fit."""
        told: dict[str, Any] = {"method": self.estimator, "level": self.level, "n": self.n}
        return stack_tidy(
            [
                tidy_frame(
                    self.parameters,
                    subject=("subject", "other"),
                    statistic=("side", "kind"),
                    **told,
                ),
                tidy_frame(self.shares, subject="subject", statistic=("side", "statistic"), **told),
                tidy_frame(
                    self.fit.assign(subject="all"), subject="subject", statistic="statistic", **told
                ),
            ]
        )
