"""Variance of two methods between centres, by where it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from clientindex.results.tidying import stack_tidy, tidy_frame

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MethodVariance:
    """Trait, halo, method and specific variance, by moments and, as a check, by likelihood.

    Attributes
    ----------
    frame : DataFrame
        ``level_of`` ("centre" or "region"), ``subject`` (a group or "all"), ``statistic``,
        ``estimate``, ``std_error``, ``ci_low``, ``ci_high``, ``n`` (centres, or regions). Variances
        in squared points, not cut off at zero. Statistics: "trait" = "trait_common" + "trait_own",
        "halo", "checklist_method", "survey_specific", "checklist_specific", "sampling_error" (mean
        over groups, taken out of the survey), and the shares "consistency_survey",
        "method_specificity_survey", "consistency_checklist", "method_specificity_checklist". Of
        regions it has the variances only.
    check : DataFrame
        The same variances between centres of a region by a mixed model with specific variances of
        each method: ``statistic`` ("trait_common", "trait_own", "halo", "checklist_method",
        "survey_specific", "checklist_specific"), ``estimate``, ``std_error``, ``ci_low``,
        ``ci_high`` (from zero), ``n``.
    left_out : DataFrame
        ``statistic``, ``reason``, ``detail``.
    level : float
    n, n_dropped, n_regions : int
    """

    frame: pd.DataFrame
    check: pd.DataFrame
    left_out: pd.DataFrame
    level: float
    n: int
    n_dropped: int
    n_regions: int

    def tidy(self) -> pd.DataFrame:
        """Return the estimates by moments, then those of the mixed model."""
        frame, check = self.frame, self.check.assign(subject="all")
        return stack_tidy(
            [
                tidy_frame(
                    frame,
                    subject="subject",
                    statistic=("level_of", "statistic"),
                    level=self.level,
                    method="moments, jackknife",
                    n=frame["n"].to_numpy(),
                ),
                tidy_frame(
                    check,
                    subject="subject",
                    statistic="statistic",
                    level=self.level,
                    method="mixed model, REML",
                    n=check["n"].to_numpy(),
                ),
            ]
        )
