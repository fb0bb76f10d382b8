"""What is left of some rows of a survey file once they are counted; parts add up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from clientindex.counts import PairCounts
    from clientindex.streaming.facts import RowFacts
    from clientindex.streaming.respondent_ids import IdRecords


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SurveyPart:
    """Rows of one file of single answers, counted and given up.

    Attributes
    ----------
    counts : PairCounts
        Of the rows without an error.
    facts : RowFacts
    ids : IdRecords
        Of the rows without an error.
    """

    counts: PairCounts
    facts: RowFacts
    ids: IdRecords
