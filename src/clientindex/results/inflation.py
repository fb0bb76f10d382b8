"""Gaps between checklist and survey: regions, centres, signs, and what could be seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from clientindex.results.tidying import stack_tidy, tidy_frame

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ChecklistInflation:
    """Which gaps stand out from those of honest centres, and how many there may be.

    The gap of a centre is its checklist index less its survey index, points. No single gap proves
    inflation.

    Attributes
    ----------
    regions : DataFrame
        ``region``, ``n`` (centres), ``median``, ``median_error``, ``estimate`` (empirical-Bayes
        effect), ``std_error``, ``ci_low``, ``ci_high``, ``shrinkage``. Sorted by estimate.
    summary : DataFrame
        ``statistic``, ``estimate``, ``ci_low``, ``ci_high``, ``p_value``, ``method``, ``n``:
        "between_regions" (variance of region effects, REML), "mean" (of region effects), "spread"
        (robust tau of honest centres, points), "flagged" (centres at the false discovery rate),
        "flagged_naively" (by the test of gap = 0 at 5 %, not to be used), "share" (of inflating
        centres, mixture), "shift" (their mean z), "separation", "at_ceiling", "no_spread",
        "unverifiable_flagged", "beyond_95", "beyond_998" (upper funnel limits; numbers of centres).
        Numbers of centres, "shift" and "separation" have no interval; only "between_regions" has a
        p-value (Q of no variance).
    centres : DataFrame
        ``centre``, ``region``, ``survey``, ``checklist``, ``gap``, ``error`` (of the gap),
        ``expected`` (effect of the region), ``spread`` (sqrt(tau² + e²)), ``z``, ``p_value``,
        ``q_value``, ``flagged``, ``probability`` (of the shifted component; NaN without a mixture),
        ``items`` (indicators with an answer), ``ceiling_share``, ``at_ceiling``, ``no_spread``,
        ``unverifiable_gap``, ``unverifiable_z``, ``unverifiable_q``, ``unverifiable_flagged``
        (missing where not defined). Sorted by z, largest first, then by centre.
    funnel : DataFrame
        ``error``, ``level``, ``low``, ``high``: limits of gap less expected.
    bunching : DataFrame
        ``cut`` (NaN: all cuts together), ``below``, ``above``, ``share``, ``ci_low``, ``ci_high``,
        ``p_value``: checklist indices within ``width`` points of star cuts. NaN in an empty window.
    power : DataFrame
        ``share`` (of centres), ``estimate`` (smallest inflation that is found in that share with
        the power, points).
    left_out : DataFrame
        ``statistic``, ``reason``, ``detail``.
    fdr, power_level, width, level : float
        ``width`` is a whole number of steps where checklist indices lie on a grid.
    has_checklist_error : bool
        Whether errors of gaps hold that of the checklist, from second visits.
    """

    regions: pd.DataFrame
    summary: pd.DataFrame
    centres: pd.DataFrame
    funnel: pd.DataFrame
    bunching: pd.DataFrame
    power: pd.DataFrame
    left_out: pd.DataFrame
    fdr: float
    power_level: float
    width: float
    level: float
    has_checklist_error: bool

    def tidy(self) -> pd.DataFrame:
        """Return the summary, the effects of regions and the z of every centre."""
        summary, regions, centres = self.summary, self.regions, self.centres
        return stack_tidy(
            [
                tidy_frame(
                    summary.assign(subject="index"),
                    subject="subject",
                    statistic="statistic",
                    level=self.level,
                    method=summary["method"].to_numpy(),
                    n=summary["n"].to_numpy(),
                ),
                tidy_frame(
                    regions,
                    subject="region",
                    statistic="gap_effect",
                    fixed=True,
                    level=self.level,
                    method="empirical Bayes, REML",
                    n=regions["n"].to_numpy(),
                ),
                tidy_frame(
                    centres,
                    subject="centre",
                    statistic="gap_z",
                    fixed=True,
                    value="z",
                    method="robust tau",
                ),
            ]
        )
