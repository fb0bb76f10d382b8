"""How much each weight matters now, and weights under which importance is what it should be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from clientindex.results.tidying import stack_tidy, tidy_frame

if TYPE_CHECKING:
    import pandas as pd

_BOOTSTRAP = "bootstrap over centres stratified by region; n counts centres"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WeightImportance:
    """Nominal and effective weights beside the importance that groups and indicators really have.

    All centres with an index count once. Intervals are percentiles of a bootstrap over centres,
    stratified by region, in which every centre keeps its scores.

    Attributes
    ----------
    weights : DataFrame
        ``kind`` ("group", "indicator"), ``key``, ``group`` (the indicator's, or the group itself),
        ``nominal`` (stated, within the parent), ``effective`` (in the index; sum to 1 in a kind;
        0 for what is left out of the scores), ``applied`` (mean over centres of the derivative of
        the index, points per point: with missing scores or curved means it is not the effective
        weight; NaN where contributions do not sum to the index), ``n`` (centres behind it).
    importance : DataFrame
        ``kind``, ``key``, ``statistic``, ``estimate``, ``std_error``, ``ci_low``, ``ci_high``,
        ``n`` (centres). "linear": squared correlation with the index. "smooth": share of the
        variance of the index that a smooth curve of the score explains. "bend": smooth less linear.
        "net": linear, sampling error taken out of both (above 1 where too much is taken).
        "uncorrelated": squared correlation of the index with what the other scores of the kind do
        not tell of this one; "correlated": linear less that. "linear_share", "smooth_share",
        "net_share": shares in the sum over the kind. "share_to_weight": linear share by effective
        weight.
    curves : DataFrame
        ``kind``, ``key``, ``edf`` (effective degrees of freedom of the smooth curve; 2 is a
        straight line), ``penalty``, ``knots``, ``n``.
    compensation : DataFrame
        ``group``, ``by`` (another group, or "all" others together), ``estimate`` (share of the
        points that centres below the mean contribution lose in ``group`` which ``by`` gives back),
        ``std_error``, ``ci_low``, ``ci_high``, ``rate_median``, ``rate_low``, ``rate_high``
        (marginal rate of substitution over centres, median and extremes: points of ``by`` that make
        up for one point of ``group``; NaN for "all"), ``n_losing``, ``n`` (centres).
    weak : DataFrame
        ``group``, ``estimate`` (share of the centres weak in the group whose index is the median
        or above), ``std_error``, ``ci_low``, ``ci_high``, ``n_weak``, ``n``.
    pairs : DataFrame
        Every pair of indicators: ``first``, ``second``, ``same_group``, ``estimate``
        (correlation), ``std_error``, ``ci_low``, ``ci_high``, ``net``, ``net_low``, ``net_high``
        (sampling error taken out; NaN where unknown), ``n``, ``redundant`` (estimate at
        `redundancy` or above), ``net_redundant``. Largest estimates first.
    removal : DataFrame
        ``key``, ``group``, ``tau`` (Kendall's tau-b between ranks with and without the indicator;
        a fact about these centres, without an interval), ``mean_abs_rank_shift``, ``leaves_ranks``
        (tau at `same_ranks` or above), ``estimate`` (corrected correlation: of the indicator with
        the index without it), ``std_error``, ``ci_low``, ``ci_high``, ``n``, ``against`` ("no";
        "estimate": the corrected correlation is negative; "interval": so is all its interval).
        Weights of the others are re-scaled within the parent.
    left_out : DataFrame
        ``kind``, ``key``, ``statistic``, ``reason``, ``detail``: "no_variance", "few_values" (fewer
        than three different scores: no curve), "told_by_others" (a score is a weighted sum of
        others), "too_few_centres", "no_sampling_error", "noise_exceeds_variance",
        "measures_in_index", "checklists_in_index", "not_additive", "unstable_resampling".
    n : int
        Centres with an index.
    replicates : int
    sampling : str
        How sampling errors are known: "exact", "bound" (too much is taken out) or "none".
    redundancy, same_ranks, weak_quantile : float
    source : str
    level : float
    """

    weights: pd.DataFrame
    importance: pd.DataFrame
    curves: pd.DataFrame
    compensation: pd.DataFrame
    weak: pd.DataFrame
    pairs: pd.DataFrame
    removal: pd.DataFrame
    left_out: pd.DataFrame
    n: int
    replicates: int
    sampling: str
    redundancy: float
    same_ranks: float
    weak_quantile: float
    source: str
    level: float

    def tidy(self) -> pd.DataFrame:
        """Return importance, compensation, correlations of indicators, and what a removal does."""
        return stack_tidy(
            [
                tidy_frame(
                    self.importance,
                    subject="key",
                    statistic=("kind", "statistic"),
                    n=self.importance["n"].to_numpy(),
                    level=self.level,
                    method=_BOOTSTRAP,
                ),
                self._tidy_fixed(self.compensation, ("group", "by"), "made_up"),
                self._tidy_fixed(self.weak, "group", "weak_compensated"),
                self._tidy_fixed(self.pairs, ("first", "second"), "correlation"),
                self._tidy_fixed(self.removal, "key", "corrected_correlation"),
                tidy_frame(
                    self.removal,
                    subject="key",
                    statistic="tau_without",
                    fixed=True,
                    value="tau",
                    method="ranks of these centres; n counts centres",
                    n=self.removal["n"].to_numpy(),
                ),
            ]
        )

    def _tidy_fixed(
        self, frame: pd.DataFrame, subject: str | tuple[str, ...], statistic: str
    ) -> pd.DataFrame:
        return tidy_frame(
            frame,
            subject=subject,
            statistic=statistic,
            fixed=True,
            level=self.level,
            method=_BOOTSTRAP,
            n=frame["n"].to_numpy(),
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OptimisedWeights:
    """Weights of 0 or more under which realised importance is nearest to its target.

    Attributes
    ----------
    frame : DataFrame
        ``kind`` ("group": group weights; "indicator": weights of indicators in the index),
        ``measure`` ("linear", "smooth"), ``key``, ``group``, ``target`` (share of importance),
        ``weight_now``, ``share_now`` (share of importance under it, negative where the score runs
        against the index), ``weight``, ``std_error``, ``ci_low``, ``ci_high`` (bootstrap over
        centres; NaN with a row in `left_out`), ``share`` (under ``weight``), ``n`` (centres that
        have all scores of the kind).
    summary : DataFrame
        One row a kind and measure: ``kind``, ``measure``, ``outcome`` ("reached"; "closest": no
        weights of 0 or more have these shares, and those nearest by the Hellinger distance were
        taken; "not_converged"), ``route`` ("weighted_sum": exact; "search"), ``steps``,
        ``gap_now``, ``gap`` (largest distance of a share from its target), ``distance`` (half the
        sum of absolute changes of weights), ``tau`` (of ranks now and then),
        ``mean_abs_rank_shift``, ``n``.
    centres : DataFrame
        ``kind``, ``measure``, ``centre``, ``index_now``, ``rank_now``, ``index``, ``rank``.
    left_out : DataFrame
        ``kind``, ``measure``, ``key``, ``reason``, ``detail``: "no_variance", "few_values",
        "told_by_others", "too_few_centres", "weight_zero" (stays 0, its target is shared out),
        "no_importance" (not defined under any weights tried), "no_index" (a centre that has none
        under the new weights), "not_a_weighted_sum" and "not_resampled" (no interval).
    target : str
        "weights", "equal" or "given".
    replicates : int
        Of the intervals.
    source : str
    level : float
    """

    frame: pd.DataFrame
    summary: pd.DataFrame
    centres: pd.DataFrame
    left_out: pd.DataFrame
    target: str
    replicates: int
    source: str
    level: float

    def tidy(self) -> pd.DataFrame:
        """Return the weights, the shares they realise, and how far from the target these are."""
        frame, summary = self.frame, self.summary
        name = frame["kind"] + "." + frame["measure"]
        return stack_tidy(
            [
                tidy_frame(
                    frame.assign(estimate=frame["weight"], statistic="weight." + name),
                    subject="key",
                    statistic="statistic",
                    level=self.level,
                    method=f"optimised weight, {_BOOTSTRAP}",
                    n=frame["n"].to_numpy(),
                ),
                tidy_frame(
                    frame.assign(statistic="share." + name),
                    subject="key",
                    statistic="statistic",
                    value="share",
                    method="realised share of importance; n counts centres",
                    n=frame["n"].to_numpy(),
                ),
                tidy_frame(
                    summary,
                    subject=("kind", "measure"),
                    statistic="largest_gap",
                    fixed=True,
                    value="gap",
                    method="share less target; n counts centres",
                    n=summary["n"].to_numpy(),
                ),
            ]
        )
