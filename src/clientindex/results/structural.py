"""Lines between what survey and checklist measure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from clientindex.results.tidying import tidy_frame

if TYPE_CHECKING:
    import pandas as pd

SHOWN_INTERVALS = ("jackknife", "analytical", "ranks", "bootstrap")
"""Kinds of interval, the one to be shown first: the jackknife assumes least of those that all lines
may have, and every page, figure and terminal shows the same one."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StructuralRelation:
    """Lines ``checklist = intercept + slope survey``, by what is taken for error.

    Attributes
    ----------
    lines : DataFrame
        ``subject`` (group key or "index"), ``line``, ``statistic`` ("intercept", "slope",
        "equation_variance"), ``estimate``, ``std_error``, ``ci_low``, ``ci_high``, ``method``
        ("analytical", "jackknife", "bootstrap", "ranks"; "ranks" has no ``std_error``),
        ``n`` (centres). Lines:

        - "least_squares", "inverse_least_squares": the bounds of the slope;
        - "errors_in_variables": sampling error of the survey removed, the checklist may deviate
          from the line (equation error); relation of scores free of sampling error;
        - "traits": halo and specific parts of the survey removed as well, from the decomposition.
          That takes a point of the trait for a point of both sources, so that inside a region and
          with equal weights the slope is 1 by construction: it says nothing of the scale;
        - "deming": all deviations are errors in the ratio of the decomposition; the same holds;
        - "deming_equal", "passing_bablok": ratio 1, and the rank rule with ties kept as their
          signs say; shown because they are asked for, both put method variance into random error.
    constants : DataFrame
        ``subject``, ``statistic`` ("reliability_survey": share of the survey's variance that is not
        sampling error, "trait_share", "error_ratio": error variance of the survey over that of the
        checklist), ``estimate``. Shares are not cut off at zero.
    left_out : DataFrame
        ``subject``, ``statistic`` (a line), ``reason``, ``detail``.
    level : float
    replicates : int
        Bootstrap replicates over centres.
    """

    lines: pd.DataFrame
    constants: pd.DataFrame
    left_out: pd.DataFrame
    level: float
    replicates: int

    def choose_shown(self) -> pd.DataFrame:
        """Return one row a subject, line and statistic, with the interval that is shown.

        That is the first of :data:`SHOWN_INTERVALS` that has both ends; where none has, the first
        there is.
        """
        frame = self.lines
        place = frame["method"].map({method: n for n, method in enumerate(SHOWN_INTERVALS)})
        open_ended = frame["ci_low"].isna() | frame["ci_high"].isna()
        ordered = frame.assign(open_ended=open_ended, place=place).sort_values(
            ["open_ended", "place"], kind="stable"
        )
        chosen = ordered.drop_duplicates(["subject", "line", "statistic"])
        return chosen.drop(columns=["open_ended", "place"]).sort_index().reset_index(drop=True)

    def tidy(self) -> pd.DataFrame:
        """Return one row a coefficient of a line and its kind of interval."""
        frame = self.lines
        return tidy_frame(
            frame,
            subject="subject",
            statistic=("line", "statistic"),
            level=self.level,
            method=frame["method"].to_numpy(),
            n=frame["n"].to_numpy(),
        )
