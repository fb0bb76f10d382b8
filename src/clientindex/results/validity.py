"""May the groups be reported as separate scores: convergent and discriminant validity."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from clientindex.results.tidying import stack_tidy, tidy_frame

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Validity:
    """Convergent and discriminant validity of the groups, and the strength of the general factor.

    Attributes
    ----------
    groups : DataFrame
        ``group``, ``statistic`` ("ave", "composite_reliability", "max_shared_variance",
        "omega_subscale", "omega_hierarchical_subscale", "ecv_group"), ``estimate``, ``ci_low``,
        ``ci_high``.
    pairs : DataFrame
        ``group``, ``other`` (upper triangle), ``statistic`` ("htmt", "htmt2",
        "factor_correlation"), ``estimate``, ``ci_low``, ``ci_high``.
    overall : DataFrame
        ``statistic`` ("ecv", "puc", "omega_total", "omega_hierarchical", "relative_omega"),
        ``estimate``, ``ci_low``, ``ci_high`` (NaN for puc, which is fixed by the design).
    verdicts : DataFrame
        ``group``, ``fornell_larcker`` (AVE exceeds every squared factor correlation),
        ``htmt_distinct`` (every HTMT interval with it lies below 1), ``htmt_below`` (every HTMT
        lies below the methodology's limit); nullable booleans, missing where not defined.
    conclusion : str
        "separate", "general", "both" or "undefined": whether the groups' scores, only one, or both
        may be reported.
    basis, model : str
        Correlations and the confirmatory model behind AVE and omega, e.g. "polychoric", "wlsmv".
    replicates : int
    level : float
    n : int
    """

    groups: pd.DataFrame
    pairs: pd.DataFrame
    overall: pd.DataFrame
    verdicts: pd.DataFrame
    conclusion: str
    basis: str
    model: str
    replicates: int
    level: float
    n: int

    def tidy(self) -> pd.DataFrame:
        """Return overall statistics, then groups, then pairs of groups."""
        settings: dict[str, Any] = {
            "level": self.level,
            "method": f"{self.basis}, percentile bootstrap over centres ({self.replicates})",
            "n": self.n,
        }
        return stack_tidy(
            [
                tidy_frame(
                    self.overall.assign(subject="index"),
                    subject="subject",
                    statistic="statistic",
                    **settings,
                ),
                tidy_frame(self.groups, subject="group", statistic="statistic", **settings),
                tidy_frame(
                    self.pairs, subject=("group", "other"), statistic="statistic", **settings
                ),
            ]
        )
