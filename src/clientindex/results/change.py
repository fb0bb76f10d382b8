"""What changed from the previous edition: centres, stars, and whether the method did it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from clientindex.results.tidying import stack_tidy, tidy_frame

if TYPE_CHECKING:
    import pandas as pd

PARTS = ("method", "composition", "service")
"""Parts of a change that sum to the total."""

FINER_PARTS = {
    "method": ("method_before", "method_after"),
    "composition": ("unscored", "gone_centres", "new_centres", "segments"),
}
"""Parts of parts, which sum to them."""

ABSENT, WITHHELD = "absent", "withheld"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class EditionChange:
    """The current edition against the previous one.

    Changes of single centres are told *under one method*: both editions scored by the current
    methodology, with the indicators that both have, in the segments where the centre has answers in
    both. So neither new weights nor a segment that did not answer looks like service.

    Attributes
    ----------
    centres : DataFrame
        ``centre`` (current identifier, or the previous one of a centre that is gone), ``name``,
        ``region``, ``region_before``, ``status`` ("both", "moved" to another region, "new",
        "gone": in the register), ``merged`` (previous centres that became this one; 0 for new
        ones), ``before``, ``after`` (published index, NaN without one), ``one_method_before``,
        ``one_method_after``, ``difference`` (of these two, points), ``std_error``, ``df``,
        ``ci_low``, ``ci_high``, ``p_value`` (two-sided, Student's t), ``q_value`` (Benjamini and
        Hochberg), ``flagged`` ("up", "down", ""), ``star_before``, ``star_after`` (nullable
        numbers), ``withheld_before``, ``withheld_after`` ("" with a star; the edition's reason,
        "absent" from its register, or "merged" of several centres, which never had a star
        together), ``reason`` (why there is no difference, or no test: "new", "gone",
        "no_index_before", "no_index_after", "no_common_segment", "not_rescored"; or a difference
        but no test: "small_sample", "no_sampling_error"; else ""). Current centres by identifier,
        then those that are gone.
    transitions : DataFrame
        ``star_before``, ``star_after`` (text: "1" ..., "withheld" with merged ones, "absent"),
        ``n`` (centres): every pair, 0 too.
    parts : DataFrame
        ``region`` ("country" last), ``part``, ``of`` ("total" for the three of :data:`PARTS`,
        "method" or "composition" for parts of these, "" for "total" itself), ``estimate`` (points),
        ``std_error``, ``ci_low``, ``ci_high``, ``n`` (centres that it is computed from). Every
        centre counts once. "method": the methodology, on the same answers; "composition": which
        centres (new, gone, without a score under one method) and segments the mean is of;
        "service": what is left, the change of comparable centres under one method. Parts sum to the
        total exactly.
    indicators : DataFrame
        ``indicator``, ``name_ru``, ``name_en`` (now, or before where it is gone), ``status``
        ("both", "new", "gone", "rescaled": answers turned into points in another way),
        ``group_before``, ``group_after``, ``weight_before``, ``weight_after`` (in
        the index; NaN where absent). Only "both" enter differences.
    summary : DataFrame
        ``statistic``, ``estimate``, ``std_error``, ``ci_low``, ``ci_high``, ``p_value``, ``df``,
        ``n``: "mean_change_all" (means of all centres with an index, published),
        "mean_change_comparable" (published, of comparable centres), "mean_change_service" (the same
        under one method), "sampling_service" (its standard error if these centres were all there
        are), numbers of centres "both", "moved", "new", "gone", "renamed", "merged", "comparable",
        "tested", "up", "down" (flagged), "star_up", "star_down", "star_same" (with a star in both),
        and "stuart_maxwell" (chi-square of equal shares of stars, centres with a star in both;
        ``df`` else NaN).
    left_out : DataFrame
        ``subject``, ``statistic``, ``reason``, ``detail``.
    previous_id, current_id : str
        Of the methodologies.
    fdr, level : float
    samples : str
        "independent": the variances of both editions are summed. Where the same visitors answered
        twice, answers of one person go together, and true errors are smaller than told.
    errors_before, errors_after : str
        Of scores under one method: "published" (as published), "exact" (from moments), or
        "matched" (covariances of indicators chosen so that the published error of the index comes
        out).
    """

    centres: pd.DataFrame
    transitions: pd.DataFrame
    parts: pd.DataFrame
    indicators: pd.DataFrame
    summary: pd.DataFrame
    left_out: pd.DataFrame
    previous_id: str
    current_id: str
    fdr: float
    level: float
    samples: str
    errors_before: str
    errors_after: str

    def tidy(self) -> pd.DataFrame:
        """Return the differences of centres, the parts of the change and the summary."""
        parts, summary = self.parts, self.summary
        told = self.centres.dropna(subset="difference").rename(columns={"difference": "estimate"})
        return stack_tidy(
            [
                tidy_frame(
                    told,
                    subject="centre",
                    statistic="change",
                    fixed=True,
                    level=self.level,
                    method="Student t, independent samples",
                ),
                tidy_frame(
                    parts.assign(statistic="change." + parts["part"]),
                    subject="region",
                    statistic="statistic",
                    level=self.level,
                    method="Student t over centres; n counts centres",
                    n=parts["n"].to_numpy(),
                ),
                tidy_frame(
                    summary.assign(subject="country"),
                    subject="subject",
                    statistic="statistic",
                    level=self.level,
                    n=summary["n"].to_numpy(),
                ),
            ]
        )
