"""What another set of indicators does to reliability."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from clientindex.results.base import ALL_SEGMENTS, make_tidy
from clientindex.results.tidying import stack_tidy

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class IndicatorSets:
    """Alpha, omega and the reliability of centres when indicators are dropped, moved or chosen.

    ``statistic`` is "alpha", "omega_total" (one factor) or "centre_reliability" (ICC(2) of the
    weighted score at the mean number of answers). Every frame begins with ``kind`` ("all",
    "segment", "region", "period") and ``part`` (its key).

    Attributes
    ----------
    changes : DataFrame
        ``change`` ("drop", "move"), ``indicator``, ``target`` (the group that it joins, "" when
        dropped), ``group`` (whose statistic it is: the group left, the group joined or "index"),
        ``statistic``, ``before``, ``after``, ``estimate`` (after less before), ``ci_low``,
        ``ci_high``, ``before_low``, ``before_high``, ``after_low``, ``after_high``.
        Moves, and what becomes of the index, are told of everybody and of segments.
    subsets : DataFrame
        ``group``, ``size``, ``best_by`` (a statistic), ``indicators`` (keys, joined by ", "),
        ``statistic``, ``estimate``, ``ci_low``, ``ci_high``: of the best subset of each size by
        each statistic, all three.
    left_out : DataFrame
        ``group``, ``statistic`` ("" for all of them), ``reason``, ``detail``: what is not defined,
        and why.
    exhaustive : bool
        Whether all subsets of every group were compared.
    level : float
        Of the intervals, by leaving out each centre in turn.
    """

    changes: pd.DataFrame
    subsets: pd.DataFrame
    left_out: pd.DataFrame
    exhaustive: bool
    level: float

    def tidy(self) -> pd.DataFrame:
        """Return changes, then best subsets; of a region or period "subject/part"."""
        changes, subsets = self.changes, self.subsets
        return stack_tidy(
            [
                self._tell(
                    changes,
                    changes["indicator"] + "/" + changes["target"] + "/" + changes["group"],
                    "change_of_" + changes["statistic"] + "_by_" + changes["change"],
                ),
                self._tell(
                    subsets,
                    subsets["group"] + "/" + subsets["indicators"],
                    subsets["statistic"] + "_of_best_by_" + subsets["best_by"],
                ),
            ]
        )

    def _tell(
        self, frame: pd.DataFrame, subject: pd.Series[str], statistic: pd.Series[str]
    ) -> pd.DataFrame:
        plain = frame["kind"].isin(["all", "segment"]).to_numpy()
        return make_tidy(
            {
                "subject": np.where(plain, subject, subject + "/" + frame["part"]),
                "segment": np.where(frame["kind"] == "segment", frame["part"], ALL_SEGMENTS),
                "statistic": statistic.to_numpy(),
                **{name: frame[name].to_numpy() for name in ("estimate", "ci_low", "ci_high")},
                "level": self.level,
                "method": "jackknife over centres",
            }
        )
