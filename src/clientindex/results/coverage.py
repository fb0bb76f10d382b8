"""Who answered: the sample behind every number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from clientindex.results.base import make_tidy

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Coverage:
    """The sample: centres, respondents, missing answers.

    Attributes
    ----------
    data_kind : {"respondents", "totals"}
        What was delivered: single answers, or only totals per centre.
    n_centres_register, n_centres_surveyed, n_centres_checklist : int
    n_respondents : int or None
        None where only totals were delivered.
    by_region : DataFrame
        ``region``, ``segment``, ``n_centres``, ``n`` (respondents, or the largest number of answers
        to one indicator where only totals are known).
    no_answer : DataFrame
        ``segment``, ``indicator``, ``reason``, ``n``, ``n_asked``, ``share``.
    warnings : DataFrame
        Warnings of intake: ``code``, ``file``, ``row``, ``column``. What was read there is in the
        fault table of intake only, which is not published.
    english_names : DataFrame or None
        Names for English documents that the register gives: ``kind`` ("centre" or "region"),
        ``place`` (id of the centre, name of the region), ``name``. None where it gives none.
    response : DataFrame or None
        Of the centres whose number of visitors the register knows: ``region`` ("country" last),
        ``n_centres``, ``visitors``, ``n`` (respondents), ``share`` (of the visitors who answered).
        None where no number of visitors is known or only totals were delivered.
    """

    data_kind: Literal["respondents", "totals"]
    n_centres_register: int
    n_centres_surveyed: int
    n_centres_checklist: int
    n_respondents: int | None
    by_region: pd.DataFrame
    no_answer: pd.DataFrame
    warnings: pd.DataFrame
    english_names: pd.DataFrame | None = None
    response: pd.DataFrame | None = None

    def tidy(self) -> pd.DataFrame:
        """Return the number of answers by region and segment."""
        frame = self.by_region
        return make_tidy(
            {
                "subject": frame["region"].to_numpy(),
                "segment": frame["segment"].to_numpy(),
                "statistic": "n_respondents",
                "estimate": frame["n"].to_numpy(float),
                "method": "count",
                "n": frame["n"].to_numpy(),
            }
        )
