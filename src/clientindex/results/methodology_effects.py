"""What each change of the methodology since the previous edition did to stars, on these answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from clientindex.results.tidying import stack_tidy, tidy_frame

if TYPE_CHECKING:
    import pandas as pd

TOGETHER: Final = "together"
"""Kind of the row in which all changes that can be undone are undone at once."""
EFFECT_COLUMNS: Final = (
    *("kind", "key", "name_ru", "name_en", "up", "down", "given", "withheld", "same"),
    *("mean_difference", "largest_difference", "reason"),
)
COUNTS: Final = ("up", "down", "given", "withheld", "same")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MethodologyEffects:
    """Every change of the methodology undone alone, then all of them, on the same answers.

    Attributes
    ----------
    frame : DataFrame
        One row a change, "together" last. ``kind`` ("indicator_new", "indicator_gone",
        "indicator_moved", "indicator_rescaled", "group_weights", "indicator_weights", "segments",
        "scoring", "stars", "answer_weights", "case_mix", "checklist", "together"), ``key`` (of the
        indicator, or of the group whose weights inside changed, else ""), ``name_ru``,
        ``name_en`` (of it, else ""); centres that have more stars with the change than without it
        (``up``), fewer (``down``), stars only with it (``given``), only without it
        (``withheld``), as many (``same``), nullable integers; ``mean_difference`` (of the index,
        with the change less without it, points) and ``largest_difference`` (its largest absolute
        value), NaN where indices are on other scales; ``reason`` why nothing is known of a change:
        "not_asked", "not_separated", "not_defined", else "". Without rows where nothing changed
        that acts on stars.
    previous_id, current_id : str
        Of the methodologies.
    n_centres : int
    """

    frame: pd.DataFrame
    previous_id: str
    current_id: str
    n_centres: int

    def tidy(self) -> pd.DataFrame:
        """Return the counts of centres by change."""
        numbers = {name: self.frame[name].to_numpy(float, na_value=np.nan) for name in COUNTS}
        frame = self.frame.assign(**numbers)
        told = [
            tidy_frame(
                frame,
                subject=("kind", "key"),
                statistic=name,
                value=name,
                fixed=True,
                n=self.n_centres,
                method="all on the same answers",
            )
            for name in COUNTS
        ]
        return stack_tidy(told)
