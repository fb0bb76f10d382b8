"""Scores of centres adjusted for traits of their clients, beside the unadjusted ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from clientindex.results.base import tidy_estimates

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CaseMix:
    """What traits that a centre cannot choose do to its index, by sets of traits.

    Attributes
    ----------
    coefficients : DataFrame
        ``set``, ``segment``, ``indicator``, ``trait``, ``level``, ``reference`` (level compared
        with), ``estimate`` (points 0-100 by which clients of the level answer otherwise than those
        of the reference in the same centre), ``std_error`` (robust to clustering in centres),
        ``ci_low``, ``ci_high``, ``n`` (answers to the indicator). Level "" is "unknown".
    levels : DataFrame
        ``set``, ``segment``, ``trait``, ``level``, ``n`` (respondents), ``share``, ``use``
        ("reference", "used", "joined" with the reference, "dropped").
    centres : DataFrame
        ``set``, ``centre``, ``n`` (respondents), ``unadjusted``, ``unadjusted_error``,
        ``adjusted``, ``adjusted_error`` (the regression's error in it), ``difference`` (adjusted
        less unadjusted), ``difference_error`` (of the regression alone), ``star_unadjusted``,
        ``star_adjusted`` (as in ``Stars``, by the whole rule on each of the two indices; missing
        where it withholds the star): the index of all segments. Sorted by centre in each set.
    variance : DataFrame
        ``set``, ``segment``, ``indicator``, ``n`` (answers), ``within_variance`` (of points
        between clients of one centre), ``explained`` (share of it that the traits explain; NaN
        without variance).
    summary : DataFrame
        ``set``, ``traits`` (names, joined by ", "), ``n_centres`` (with an index),
        ``correlation``, ``rank_correlation`` (of the index before and after; NaN below three
        centres or without spread), ``difference_sd``, ``largest_difference`` (absolute),
        ``n_starred`` (unadjusted), ``n_star_changed`` (of those, withheld ones too).
    left_out : DataFrame
        ``set``, ``segment``, ``trait``, ``level``, ``reason``, ``detail``, all text. Of a level:
        "rare_level" (joined with the reference; ``detail`` the number of respondents),
        "collinear" (cannot be told from other levels within centres for some indicator). Of a
        trait: "single_level" (all have the level in ``detail``). Of a segment: "nothing_to_adjust"
        (no level is left; its scores stay), "no_answers" (to the indicator in ``detail``; the
        segment's scores stay).
    level : float
        Level of the intervals.
    minimum_respondents : int
    weighted : bool
        Whether answers carried weights.
    published : str
        Set whose scores are published, "" = the unadjusted ones.
    """

    coefficients: pd.DataFrame
    levels: pd.DataFrame
    centres: pd.DataFrame
    variance: pd.DataFrame
    summary: pd.DataFrame
    left_out: pd.DataFrame
    level: float
    minimum_respondents: int
    weighted: bool
    published: str

    def tidy(self) -> pd.DataFrame:
        """Return one row a coefficient, then the adjusted index of every centre and set."""
        import pandas as pd

        frame = self.coefficients
        names = "case_mix." + frame["set"] + "." + frame["trait"] + "." + frame["level"]
        slopes = tidy_estimates(
            frame,
            level=self.level,
            subject="indicator",
            segment=frame["segment"].to_numpy(),
            statistic=names.to_numpy(),
            method="within centres, cluster-robust",
        )
        centres = self.centres.rename(
            columns={"adjusted": "estimate", "adjusted_error": "std_error"}
        )
        index = tidy_estimates(
            centres.assign(ci_low=float("nan"), ci_high=float("nan")),
            level=self.level,
            subject="centre",
            statistic=("adjusted_index." + centres["set"]).to_numpy(),
            method="within-centre regression",
        )
        return pd.concat([slopes, index], ignore_index=True)
