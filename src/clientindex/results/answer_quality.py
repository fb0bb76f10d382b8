"""Suspicious answers, centres that have many of them, and what they change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from clientindex.results.base import ALL_SEGMENTS, make_tidy
from clientindex.results.tidying import stack_tidy

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AnswerQuality:
    """Shares of suspicious answers by rule, and alpha and the index without them.

    ``rule`` is "straight_lining", "longest_run", "speeding", "outlier", "duplicates",
    "person_total", or "any" of them.

    Attributes
    ----------
    rules : DataFrame
        ``rule``, ``limit``: the rules that were applied; the methodology has their sources.
    shares : DataFrame
        ``kind`` ("all", "segment", "region", "period"), ``part`` (its key), ``rule``,
        ``estimate`` (share of those to whom the rule applies), ``std_error``, ``ci_low``,
        ``ci_high``, ``n`` (to whom it applies), ``n_flagged``.
    centres : DataFrame
        ``rule``, ``centre``, ``region``, ``n``, ``n_flagged``, ``estimate``, ``ci_low``,
        ``ci_high`` (Wilson's), ``p_value`` (one-sided, against the other centres together),
        ``q_value`` (Benjamini and Hochberg's, by rule), ``flagged``.
    effects : DataFrame
        ``kind`` ("all", "segment"), ``part``, ``rule``, ``statistic`` ("alpha", "index"),
        ``group``, ``before``, ``after``, ``estimate`` (after less before), ``ci_low``, ``ci_high``,
        ``n_removed``, ``n_centres`` (with both values), ``before_low``, ``before_high``,
        ``after_low``, ``after_high``.
    changes : DataFrame
        ``centre``, ``region``, ``n``, ``n_removed``, ``before``, ``after``, ``estimate``,
        ``ci_low``, ``ci_high``: the index of every centre without answers that any rule flags.
    left_out : DataFrame
        ``kind``, ``part``, ``rule``, ``statistic`` and ``group`` ("" for all of them), ``reason``,
        ``detail``: what is not defined, and why. A rule that is not in `rules` was not applied.
    by_day : bool
        Whether duplicates were sought within days; within periods otherwise.
    false_discovery_rate : float
        Of the centres that are flagged by each rule.
    level : float
    replicates : int
        Bootstrap replicates over centres of all data.
    seed : int
    """

    rules: pd.DataFrame
    shares: pd.DataFrame
    centres: pd.DataFrame
    effects: pd.DataFrame
    changes: pd.DataFrame
    left_out: pd.DataFrame
    by_day: bool
    false_discovery_rate: float
    level: float
    replicates: int
    seed: int

    def tidy(self) -> pd.DataFrame:
        """Return shares by rule, of all, segments, regions and periods, then of centres."""
        shares, centres = self.shares, self.centres
        segment = np.where(shares["kind"] == "segment", shares["part"], ALL_SEGMENTS)
        subject = np.where(shares["kind"] == "segment", ALL_SEGMENTS, shares["part"])
        numbers = ("estimate", "ci_low", "ci_high", "n")
        common = {"level": self.level}
        return stack_tidy(
            [
                make_tidy(
                    {
                        "subject": subject,
                        "segment": segment,
                        "statistic": ("share_" + shares["rule"]).to_numpy(),
                        "std_error": shares["std_error"].to_numpy(),
                        **{name: shares[name].to_numpy() for name in numbers},
                        "method": "percentile bootstrap over centres",
                        **common,
                    }
                ),
                make_tidy(
                    {
                        "subject": centres["centre"].to_numpy(),
                        "segment": ALL_SEGMENTS,
                        "statistic": ("share_" + centres["rule"]).to_numpy(),
                        **{name: centres[name].to_numpy() for name in numbers},
                        "method": "wilson",
                        **common,
                    }
                ),
            ]
        )
