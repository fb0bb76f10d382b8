"""Standard errors of the index, exact and from resampled respondents."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from clientindex.results.base import INDEX
from clientindex.results.tidying import stack_tidy, tidy_frame

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ErrorCheck:
    """The exact standard error of every starred centre beside that of its resampled respondents.

    Both have the same finite-population correction. The check is of the linearisation: weights of
    answers and nothing but the centre's own answers are in either.

    Attributes
    ----------
    centres : DataFrame
        ``centre``, ``region``, ``n`` (respondents), ``small_n`` (fewer than
        :attr:`small_sample`), ``exact``, ``resampled`` (standard errors of the index, points),
        ``mc_error`` (Monte Carlo error of the second), ``ratio`` (resampled to exact; NaN where
        both are 0), ``lost`` (replicates without an index: an indicator lost all its answers).
        Sorted as in ``Stars``.
    summary : DataFrame
        ``centres`` ("all", "small_n", "others"), ``n``, ``median_ratio``, ``low_ratio``,
        ``high_ratio`` (tenth and ninetieth percentile), ``noise`` (what the ratio of one centre
        moves by chance of the replicates), ``largest_gap`` (points). Only kinds with centres.
    replicates : int
    small_sample : int
    seed : int
        Of the edition.
    """

    centres: pd.DataFrame
    summary: pd.DataFrame
    replicates: int
    small_sample: int
    seed: int

    def tidy(self) -> pd.DataFrame:
        """Return the median ratios, then both standard errors of every centre."""
        summary, centres = self.summary, self.centres
        parts = [
            tidy_frame(
                summary.assign(subject=INDEX, ci_low=summary["low_ratio"])
                .assign(ci_high=summary["high_ratio"], statistic="error_ratio")
                .assign(estimate=summary["median_ratio"]),
                subject="subject",
                statistic=("statistic", "centres"),
                level=0.8,
                method="median, tenth and ninetieth percentile of centres",
                n=summary["n"].to_numpy(),
            )
        ]
        parts += [
            tidy_frame(
                centres,
                subject="centre",
                statistic="std_error",
                fixed=True,
                value=route,
                method=route,
                n=centres["n"].to_numpy(),
            )
            for route in ("exact", "resampled")
        ]
        return stack_tidy(parts)
