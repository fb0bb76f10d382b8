"""Does the five-factor structure hold across segments, regions, channels and periods."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from clientindex.results.tidying import stack_tidy, tidy_frame

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Invariance:
    """Measurement invariance of the five correlated factors.

    ``across`` is "segment", "region", "channel" or "period" throughout; ``part`` is one of its
    values, such as a region.

    Attributes
    ----------
    parts : DataFrame
        ``across``, ``part``, ``n``, ``n_centres``, ``used`` (bool), ``reason`` (key of the reason
        why not: "too_few_centres", "too_few_answers", "unused_category", "not_converged",
        "single_part"; else "").
    steps : DataFrame
        ``across``, ``step`` ("configural", "thresholds", "metric", "scalar"; ordinal models
        have all four, continuous ones no thresholds), ``estimator``, ``status`` ("ok",
        "not_converged"), ``chi2``, ``df``, ``p``, ``cfi``, ``rmsea``, ``srmr`` (scaled where the
        estimator scales), ``delta_cfi``, ``delta_rmsea``, ``delta_srmr``, ``chi2_difference``,
        ``df_difference``, ``p_difference`` (scaled, from the step before), ``holds`` (nullable
        boolean: the changes stay within the methodology's limits; missing for configural).
    freed : DataFrame
        Partial invariance search: ``across``, ``step``, ``order``, ``lhs``, ``op``, ``rhs``,
        ``mi``, ``delta_cfi`` (of the model with this and all earlier ones freed), ``holds``.
    alignment : DataFrame
        ``across``, ``part``, ``factor``, ``mean``, ``mean_se``, ``sd`` of the factor after
        alignment (first part 0 and 1).
    alignment_items : DataFrame
        ``across``, ``indicator``, ``parameter`` ("loading", "intercept"), ``r2`` (share of the
        variation between parts that factor means and variances explain), ``n_differing`` (parts
        that differ), ``n_parts``.
    estimator : str
    n : int
    uninformative : bool
        More than 100,000 respondents.
    """

    parts: pd.DataFrame
    steps: pd.DataFrame
    freed: pd.DataFrame
    alignment: pd.DataFrame
    alignment_items: pd.DataFrame
    estimator: str
    n: int
    uninformative: bool

    def tidy(self) -> pd.DataFrame:
        """Return the fit of every step, then aligned means."""
        names = ["chi2", "cfi", "rmsea", "srmr", "chi2_difference"]
        long = self.steps.melt(
            id_vars=["across", "step"],
            value_vars=names,
            var_name="statistic",
            value_name="estimate",
        )
        steps = tidy_frame(
            long,
            subject="across",
            statistic=("step", "statistic"),
            method=self.estimator,
            n=self.n,
        )
        means = self.alignment.rename(columns={"mean": "estimate", "mean_se": "std_error"})
        return stack_tidy(
            [
                steps,
                tidy_frame(
                    means,
                    subject=("across", "part"),
                    statistic="factor",
                    method="alignment",
                ),
            ]
        )
