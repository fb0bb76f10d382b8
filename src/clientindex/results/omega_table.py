"""Omegas of solutions with several factors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from clientindex.results.base import ALL_SEGMENTS, make_tidy

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OmegaTable:
    """Omega total, hierarchical and of subscales, each by name of its solution.

    All are reliabilities of sums of answers as numbers, not of latent responses.

    Attributes
    ----------
    frame : DataFrame
        ``kind`` ("all", "segment", "region", "period"), ``part`` (its key), ``group`` (a group key,
        or "index" for all indicators), ``solution`` ("schmid_leiman": exploratory; "bifactor" and
        "correlated": confirmatory, robust maximum likelihood), ``statistic`` ("omega_total";
        "omega_hierarchical": the general factor's of all, the group factors' of a group),
        ``estimate``, ``ci_low``, ``ci_high``, ``n`` (smallest number of respondents behind a
        covariance).
    left_out : DataFrame
        ``kind``, ``part``, ``solution``, ``reason``, ``detail``: what is not defined, and why.
    n_factors : int
        Group factors of the exploratory solution.
    level : float
    replicates, part_replicates : int
        Bootstrap replicates over centres of the exploratory solution, of all data and of parts;
        the others' intervals are by the delta method, robust to clustering.
    seed : int
    """

    frame: pd.DataFrame
    left_out: pd.DataFrame
    n_factors: int
    level: float
    replicates: int
    part_replicates: int
    seed: int

    def tidy(self) -> pd.DataFrame:
        """Return one row an omega; the subject of a region or period is "group/part"."""
        frame = self.frame
        plain = frame["kind"].isin(["all", "segment"]).to_numpy()
        subject = np.where(plain, frame["group"], frame["group"] + "/" + frame["part"])
        return make_tidy(
            {
                "subject": subject,
                "segment": np.where(frame["kind"] == "segment", frame["part"], ALL_SEGMENTS),
                **{
                    name: frame[name].to_numpy()
                    for name in ("statistic", "estimate", "ci_low", "ci_high", "n")
                },
                "level": self.level,
                "method": frame["solution"].to_numpy(),
            }
        )
