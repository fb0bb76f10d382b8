"""What each indicator is like, and how it goes together with its group."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from clientindex.results.base import ALL_SEGMENTS, make_tidy
from clientindex.results.tidying import stack_tidy

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ItemAnalysis:
    """Distribution of answers to every indicator and its relation to its group.

    Every frame begins with ``kind`` ("all", "segment", "region", "period") and ``part`` (its key).
    Answers are keyed: those to reverse-keyed indicators are turned round, but in ``options``.

    Attributes
    ----------
    items : DataFrame
        ``indicator``, ``statistic`` ("missing": share of all; "mean", "sd", "skew", "kurtosis";
        "floor" and "ceiling": share of the worst and the best answer), ``estimate``,
        ``std_error``, ``ci_low``, ``ci_high``, ``n`` (answers).
    relations : DataFrame
        ``group`` (the indicator's, or "index": with all others), ``indicator``, ``statistic``
        ("item_total", "item_total_standardised", "item_total_corrected", "item_rest",
        "alpha_if_dropped"), ``estimate``, ``std_error``, ``ci_low``, ``ci_high``, ``n``.
    options : DataFrame
        ``indicator``, ``answer`` (as given), ``estimate`` (share of those who answered),
        ``std_error``, ``ci_low``, ``ci_high``, ``n`` (who gave it).
    reasons : DataFrame
        Of everybody and of segments: ``indicator``, ``reason`` (of a missing answer), ``n``,
        ``n_asked``, ``estimate`` (share of those asked), ``ci_low``, ``ci_high`` (Wilson's with
        the design effect of missing answers to this indicator).
    against_key : DataFrame
        ``group``, ``indicator``, ``estimate`` (item-rest correlation below 0), ``ci_low``,
        ``ci_high``, ``sure`` (whether its interval is below 0): indicators that run against their
        key.
    raising : tuple of str
        Indicators without which everybody's alpha of their group is higher.
    left_out : DataFrame
        ``group``, ``statistic`` ("" for all of them), ``reason``, ``detail``.
    level : float
    replicates, part_replicates : int
        Bootstrap replicates over centres of all data, and of parts of it.
    missing : str
        "pairwise" or "complete".
    seed : int
    """

    items: pd.DataFrame
    relations: pd.DataFrame
    options: pd.DataFrame
    reasons: pd.DataFrame
    against_key: pd.DataFrame
    raising: tuple[str, ...]
    left_out: pd.DataFrame
    level: float
    replicates: int
    part_replicates: int
    missing: str
    seed: int

    def tidy(self) -> pd.DataFrame:
        """Return the statistics of indicators; of regions and periods "indicator/part"."""
        relations = self.relations
        named = relations["statistic"] + np.where(relations["group"] == "index", "_of_all", "")
        return stack_tidy(
            [
                self._tell(self.items, self.items["statistic"]),
                self._tell(relations, named),
                self._tell(self.options, "share_of_answer_" + self.options["answer"].astype(str)),
            ]
        )

    def _tell(self, frame: pd.DataFrame, statistic: pd.Series[Any]) -> pd.DataFrame:
        plain = frame["kind"].isin(["all", "segment"]).to_numpy()
        subject = np.where(plain, frame["indicator"], frame["indicator"] + "/" + frame["part"])
        numbers = ("estimate", "std_error", "ci_low", "ci_high", "n")
        return make_tidy(
            {
                "subject": subject,
                "segment": np.where(frame["kind"] == "segment", frame["part"], ALL_SEGMENTS),
                "statistic": statistic.to_numpy(),
                **{name: frame[name].to_numpy() for name in numbers},
                "level": self.level,
                "method": "percentile bootstrap over centres",
            }
        )
