"""Which counts of people are not published."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from clientindex.results.base import make_tidy

if TYPE_CHECKING:
    import pandas as pd

SUPPRESSION = "suppression"
"""Name among the results of a bundle that is told; it is made anew and stored nowhere."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Suppression:
    """How many counts of people are hidden, by what they count.

    Attributes
    ----------
    frame : DataFrame
        ``family`` ("flagged", "options", "missing", "respondents"), ``n`` (counts, or lists of
        counts that are hidden together), ``primary``, ``secondary`` (of them hidden).
    fewest : int
        The smallest count that is published.
    source : str
        Where the threshold is from.
    """

    frame: pd.DataFrame
    fewest: int
    source: str

    def tidy(self) -> pd.DataFrame:
        """Return the number of hidden counts by family and rule."""
        frame = self.frame
        return make_tidy(
            {
                "subject": [f"{name}.{rule}" for rule in RULES for name in frame["family"]],
                "statistic": "n_hidden",
                "estimate": [float(n) for rule in RULES for n in frame[rule]],
                "method": "count",
            }
        )


RULES = ("primary", "secondary")
