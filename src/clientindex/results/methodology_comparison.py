"""Two methodologies on the same answers: what differs in the files, and what it does to centres."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from clientindex.results.base import COUNTRY, make_tidy
from clientindex.results.tidying import stack_tidy, tidy_frame

if TYPE_CHECKING:
    from collections.abc import Hashable

    import pandas as pd

ErrorOfDifference = Literal["exact", "delta", "bound", "none"]
"""exact: both indices are weighted sums of the same means, so the variance of the difference
follows from their covariance; delta: the same of the tangents, where an index is no weighted sum;
bound: the covariance of both indices is unknown, so the error is the largest that it could be;
none: there is nothing to differ, or points are set against standard scores."""

EFFECTS = ("index", "stars", "other", "text")
"""What a setting acts on: scores and so stars; stars alone; other statistics; words."""

CHANGE_COLUMNS = (
    *("place", "area", "setting", "kind", "effect", "subject", "name_ru", "name_en"),
    *("before", "after"),
)
CENTRE_COLUMNS = (
    *("centre", "name", "region", "n", "before", "after", "difference", "std_error"),
    *("df", "ci_low", "ci_high", "p_value", "q_value", "flagged", "reason"),
    *("rank_before", "rank_after", "rank_shift"),
    *("star_before", "star_after", "stars_gained", "p_star_before", "p_star_after"),
    *("withheld_before", "withheld_after"),
)
PART_COLUMNS = (
    *("by", "part", "n_centres", "n_compared", "mean_before", "mean_after", "difference"),
    *("gained", "lost", "same", "starred_before", "starred_after", "up", "down"),
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MethodologyComparison:
    """An edition scored by one methodology and by another.

    Both see the same answers: a difference of one centre is due to the methodologies alone. Its
    standard error says how far it hangs on who happened to answer: whether the new methodology
    would favour the centre too if others of its visitors were asked.

    Attributes
    ----------
    changes : DataFrame
        One row a setting that differs: ``place`` (dotted, as in the file), ``area`` (first part of
        the place), ``setting`` (place without keys of one's own, by which it is named in words),
        ``kind`` ("changed", "added", "removed", "moved" to another group, "reordered"), ``effect``
        (of :data:`EFFECTS`), ``subject`` (key of the group, indicator or segment, else ""),
        ``name_ru``, ``name_en`` (of it, else ""), ``before``, ``after`` (JSON; "" where absent).
    weights : DataFrame
        ``indicator``, ``name_ru``, ``name_en``, ``status`` ("both", "new", "gone", "rescaled"),
        ``group_before``, ``group_after``, ``weight_before``, ``weight_after`` (in the index).
    groups : DataFrame
        ``group``, ``name_ru``, ``name_en``, ``weight_before``, ``weight_after`` (NaN where absent).
    centres : DataFrame
        Every centre of the register: ``centre``, ``name``, ``region``, ``n``, ``before``, ``after``
        (index), ``difference``, ``std_error``, ``df``, ``ci_low``, ``ci_high``, ``p_value``
        (two-sided, Student's t), ``q_value`` (Benjamini and Hochberg), ``flagged`` ("up", "down",
        ""), ``reason`` (why there is no difference or no test: "no_index_before", "no_index_after",
        "other_scale", "small_sample", "no_difference", "no_sampling_error"; else ""),
        ``rank_before``, ``rank_after``, ``rank_shift`` (places up; among centres with a star in
        both; missing else), ``star_before``, ``star_after`` (missing when withheld),
        ``stars_gained`` (negative: lost), ``p_star_before``, ``p_star_after`` (that the true index
        earns the star given, by the leading route of each methodology), ``withheld_before``,
        ``withheld_after`` (reason, "" with a star). transitions : DataFrame ``star_before``,
        ``star_after`` (text: "1" ..., "withheld"), ``n``: every pair, 0 too.
    parts : DataFrame
        ``by`` ("country", "region", or an attribute of the register), ``part``, ``n_centres``,
        ``n_compared`` (with an index in both), ``mean_before``, ``mean_after``, ``difference`` (of
        these), ``gained``, ``lost``, ``same`` (stars, of centres with one in both),
        ``starred_before``, ``starred_after``, ``up``, ``down`` (flagged).
    summary : DataFrame
        ``statistic``, ``estimate``, ``n``: "kendall_tau" (tau-b of the ranks), "reversed_pairs"
        (share), "mean_rank_shift" (absolute), "largest_rank_shift", "mean_difference",
        "mean_absolute_difference", "largest_difference" (absolute), "gained", "lost", "same",
        "newly_withheld", "newly_starred", "tested", "up", "down", "changed_stars_flagged" (of
        centres whose star differs, those whose index does beyond chance), "wrong_stars_before",
        "wrong_stars_after" (expected number, of sampling alone).
    left_out : DataFrame
        ``subject``, ``statistic``, ``reason``, ``detail``: an attribute with ``too_many_values``,
        "difference" with ``other_scale``, "std_error" with the reason of a bound
        (``totals_only``, ``answers_counted``, ``other_answer_weights``, ``measures_rescaled``,
        ``checklist_composite``, ``other_respondents``, ``weighted_answers``, ``other_segments``),
        "indicator" with ``no_answers_to_indicator`` (the detail is the methodology).
    edition : str
    synthetic : bool
    before_id, after_id : str
    before_title_ru, before_title_en, after_title_ru, after_title_en : str
    errors : {"exact", "delta", "bound", "none"}
    fdr, level : float
    """

    changes: pd.DataFrame
    weights: pd.DataFrame
    groups: pd.DataFrame
    centres: pd.DataFrame
    transitions: pd.DataFrame
    parts: pd.DataFrame
    summary: pd.DataFrame
    left_out: pd.DataFrame
    edition: str
    synthetic: bool
    before_id: str
    after_id: str
    before_title_ru: str
    before_title_en: str
    after_title_ru: str
    after_title_en: str
    errors: ErrorOfDifference
    fdr: float
    level: float

    def find(self, statistic: str) -> float:
        """Return a number of the summary (KeyError when absent)."""
        rows = self.summary[self.summary["statistic"] == statistic]
        if rows.empty:
            raise KeyError(statistic)
        return float(rows["estimate"].iloc[0])

    def count(self, statistic: str) -> int:
        """Return a count of the summary (KeyError when absent)."""
        return round(self.find(statistic))

    @property
    def group_names(self) -> dict[Hashable, tuple[str, str]]:
        """Russian and English name of every group."""
        rows = self.groups[["group", "name_ru", "name_en"]].itertuples(index=False)
        return {key: (ru, en) for key, ru, en in rows}

    def tidy(self) -> pd.DataFrame:
        """Return the differences of centres, the means of parts and the summary."""
        centres = self.centres.dropna(subset="difference")
        told = centres.rename(columns={"difference": "estimate"})
        parts = self.parts.dropna(subset="difference")
        return stack_tidy(
            [
                tidy_frame(
                    told,
                    subject="centre",
                    statistic="difference",
                    fixed=True,
                    level=self.level,
                    method=f"Student t, standard error {self.errors}",
                    n=told["n"].to_numpy(),
                )
                if len(told)
                else make_tidy({}),
                tidy_frame(
                    parts,
                    subject=("by", "part"),
                    statistic="difference",
                    fixed=True,
                    value="difference",
                    method="mean over centres; n counts centres",
                    n=parts["n_compared"].to_numpy(),
                ),
                tidy_frame(
                    self.summary.assign(subject=COUNTRY),
                    subject="subject",
                    statistic="statistic",
                    n=self.summary["n"].to_numpy(),
                ),
            ]
        )
