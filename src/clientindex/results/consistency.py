"""Internal consistency of the groups: every coefficient with its interval."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from clientindex.results.base import ALL_SEGMENTS, make_tidy

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Consistency:
    """Coefficients of internal consistency of every group and of all indicators.

    Attributes
    ----------
    frame : DataFrame
        ``kind`` ("all", "segment", "region", "period"), ``part`` (its key), ``group`` (a group key,
        or "index" for all indicators), ``statistic``, ``method`` ("bootstrap", "feldt" or
        "duhachek": how the interval was made), ``estimate``, ``std_error``, ``ci_low``,
        ``ci_high``, ``n`` (respondents: with pairwise covariances a lower bound), ``n_centres``,
        ``n_items``.
    left_out : DataFrame
        ``kind``, ``part``, ``group``, ``statistic`` ("" for all of them), ``reason``, ``detail``:
        what is not defined, and why.
    heywood : DataFrame
        ``kind``, ``part``, ``group``, ``indicator``: whose uniqueness is on its lower bound in the
        one-factor model, so that omega is an upper limit.
    level : float
    replicates : int
        Bootstrap replicates over centres of all data; parts of the data have `part_replicates`.
    part_replicates : int
    exhaustive_splits : bool
        Whether split halves are over all splits, also of all indicators.
    missing : str
        "pairwise" or "complete".
    seed : int
    """

    frame: pd.DataFrame
    left_out: pd.DataFrame
    heywood: pd.DataFrame
    level: float
    replicates: int
    part_replicates: int
    exhaustive_splits: bool
    missing: str
    seed: int

    def tidy(self) -> pd.DataFrame:
        """Return one row an estimate; the subject of a region or period is "group/part"."""
        frame = self.frame
        plain = frame["kind"].isin(["all", "segment"]).to_numpy()
        subject = np.where(plain, frame["group"], frame["group"] + "/" + frame["part"])
        segment = np.where(frame["kind"] == "segment", frame["part"], ALL_SEGMENTS)
        return make_tidy(
            {
                "subject": subject,
                "segment": segment,
                **{
                    name: frame[name].to_numpy()
                    for name in ("statistic", "estimate", "std_error", "ci_low", "ci_high", "n")
                },
                "level": self.level,
                "method": (frame["method"] + f", {self.missing}").to_numpy(),
            }
        )
