"""What a revised edition says otherwise than it was first published."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from clientindex.results.tidying import stack_tidy, tidy_frame

if TYPE_CHECKING:
    import pandas as pd

SAME: Final = "same"
CHANGED: Final = "changed"
NEW: Final = "new"
GONE: Final = "gone"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Revision:
    """Numbers of now beside those of the first publication.

    A number has changed when the *published* one has: when both, rounded to `digits` decimals,
    differ, or when only one of them is there. Smaller differences are none that a reader can see.

    Attributes
    ----------
    centres : DataFrame
        ``centre``, ``name``, ``region``, ``status`` ("same", "changed", "new": not in the first
        publication, "gone": only there), ``before``, ``before_low``, ``before_high`` (index with
        its interval as first published; NaN without one), ``star_before`` (NaN without a star),
        ``after``, ``after_low``, ``after_high``, ``star_after`` (the same now), ``difference``
        (``after`` - ``before``, points, NaN without one of them), ``index_changed``,
        ``stars_changed``. Sorted by region, then centre.
    regions : DataFrame
        ``region`` ("country" last), ``n_before``, ``n_after`` (centres with a score), ``before``,
        ``before_low``, ``before_high``, ``after``, ``after_low``, ``after_high`` (mean index with
        its interval), ``difference``, ``changed``.
    published : str
        Day of the first publication, as in 2026-09-01.
    digits : int
        Decimals of a published index.
    level : float
        Of the intervals.
    """

    centres: pd.DataFrame
    regions: pd.DataFrame
    published: str
    digits: int
    level: float

    def tidy(self) -> pd.DataFrame:
        """Return the differences of centres and of the means of regions."""
        return stack_tidy(
            [
                tidy_frame(
                    frame.dropna(subset="difference"),
                    subject=subject,
                    value="difference",
                    statistic=f"revision.{subject}",
                    fixed=True,
                    method="difference from the first publication",
                )
                for frame, subject in ((self.centres, "centre"), (self.regions, "region"))
            ]
        )
