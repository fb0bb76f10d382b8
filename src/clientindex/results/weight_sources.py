"""Where weights could come from, side by side with the current ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from clientindex.results.tidying import stack_tidy, tidy_frame

if TYPE_CHECKING:
    import pandas as pd

_STATISTICS = ("distance", "group_distance", "kendall_tau", "mean_abs_rank_shift", "share_changed")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WeightSources:
    """Weights from every source, with the index, ranks and stars that they would give.

    Attributes
    ----------
    weights : DataFrame
        ``source``, ``kind`` ("group", "indicator"), ``key``, ``parent`` ("index" or a group),
        ``weight`` (inside the parent), ``effective`` (in the index), ``ci_low``, ``ci_high`` (of
        ``weight``, bootstrap over centres; only of "regression", else NaN).
    comparison : DataFrame
        One row a source: ``n`` (centres with a star that are compared), ``n_used`` (centres or
        experts behind the weights; missing where none are), ``distance`` (total variation from the
        current effective weights of indicators, 0-1: the share of weight that moves),
        ``group_distance`` (the same of groups), ``kendall_tau`` (tau-b of ranks with the current
        ones), ``mean_abs_rank_shift``, ``largest_rank_shift``, ``n_changed``, ``n_up``, ``n_down``
        (stars that change), ``share_changed``.
    centres : DataFrame
        ``source``, ``centre``, ``index`` (points), ``rank``, ``star`` (Float64; missing where the
        rule finds no cut points), ``rank_change`` (rank less the current one; above 0 is worse),
        ``star_change``. Centres with a star, in the order of the current rank.
    experts : DataFrame
        ``source`` ("budget", "ahp"), ``parent``, ``key``, ``n`` (experts), ``estimate`` (weight
        inside the parent), ``std_dev`` (between experts; NaN with one), ``lowest``, ``highest``
        (of single experts), ``geometric`` (by geometric means of rows; NaN for "budget").
    concordance : DataFrame
        ``source``, ``parent``, ``n``, ``w`` (Kendall's), ``chi2``, ``df``, ``p``; NaN where it is
        not defined.
    consistency : DataFrame
        Pairwise judgements: ``parent``, ``expert`` ("all": combined by geometric means),
        ``lambda_max``, ``index``, ``ratio``, ``inconsistent`` (ratio above `consistency_limit`).
    judgements : DataFrame
        Of inconsistent experts, the judgements to look at, best first: ``parent``, ``expert``,
        ``first``, ``second``, ``judgement``, ``implied`` (by the others), ``ratio`` (consistency
        ratio if the judgement were as implied).
    importance : DataFrame
        Regression on `outcome`: ``kind`` ("index", "group", "indicator"), ``key``, ``estimate``
        (part of R-squared; of the index R-squared itself), ``ci_low``, ``ci_high``, ``share``.
    benefit : DataFrame
        ``centre``, ``group``, ``score`` (0-1, by the weights that favour the centre most),
        ``share`` (of the group in the score), ``weight`` (the centre's own, sum to 1).
    left_out : DataFrame
        ``source``, ``reason`` ("no_experts", "no_outcome", "no_answers", "no_loadings",
        "no_reliability": what the source needs is not there; "not_defined": refused, see
        ``detail``; "no_index", "no_cut_points": weights there are, but no stars by them; "parents":
        experts were not asked about the parents named, which keep their current weights),
        ``detail``.
    outcome : str
        Key of the indicator of overall satisfaction; "" without.
    prioritisation : str
        Of pairwise judgements: "eigenvector" or "geometric_mean".
    consistency_limit, level : float
    replicates, seed : int
        Of the bootstrap behind the regression.
    """

    weights: pd.DataFrame
    comparison: pd.DataFrame
    centres: pd.DataFrame
    experts: pd.DataFrame
    concordance: pd.DataFrame
    consistency: pd.DataFrame
    judgements: pd.DataFrame
    importance: pd.DataFrame
    benefit: pd.DataFrame
    left_out: pd.DataFrame
    outcome: str
    prioritisation: str
    consistency_limit: float
    level: float
    replicates: int
    seed: int

    def tidy(self) -> pd.DataFrame:
        """Return weights, how far sources are from the current weights, and importance."""
        whole = self.comparison
        parts = [
            tidy_frame(
                self.weights,
                subject=("source", "kind", "key"),
                statistic="weight",
                value="weight",
                fixed=True,
                method="inside the parent",
            )
        ]
        parts += [
            tidy_frame(
                whole,
                subject="source",
                statistic=name,
                value=name,
                fixed=True,
                n=whole["n"].to_numpy(),
                method="against the current weights; n counts centres",
            )
            for name in _STATISTICS
        ]
        parts.append(
            tidy_frame(
                self.importance,
                subject="key",
                statistic="importance",
                fixed=True,
                level=self.level,
                method=f"percentile bootstrap over centres ({self.replicates})",
            )
        )
        return stack_tidy(parts)
