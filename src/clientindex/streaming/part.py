"""What is left of some rows of a survey file once they are counted; parts add up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from clientindex.intake.respondents import combine_no_answer
from clientindex.intake.tally import UnitTally

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from clientindex.counts import PairCounts
    from clientindex.intake.log import FaultLog
    from clientindex.streaming.ages import AgeTally
    from clientindex.streaming.respondent_ids import IdRecords


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SurveyPart:
    """Rows of one file of single answers, counted and given up.

    Attributes
    ----------
    counts : PairCounts
        Of the rows without an error.
    no_answer : DataFrame
        Of the same rows, see :class:`clientindex.intake.tables.IntakeTables`.
    log : FaultLog
        Faults of all rows.
    n_records : int
        Rows passed, those without any text and those that could not be read included.
    n_rows : int
        Rows with any text.
    n_kept : int
        Rows that the filter ``where`` keeps.
    n_left_out : int
        Rows of `n_kept` with an error.
    filtered : tuple of str
        Some texts of the columns of the filter.
    trait_levels : dict
        Trait -> its levels, "" of unknown included.
    ages : AgeTally
        How often each text stands in the column of ages.
    has_weight : bool or None
        Whether the file has weights; None where no row was read.
    id_heading : str
        Heading of the ids of respondents, "" without any.
    ids : IdRecords
        Ids of the rows without an error.
    """

    counts: PairCounts
    no_answer: pd.DataFrame
    log: FaultLog
    n_records: int
    n_rows: int
    n_kept: int
    n_left_out: int
    filtered: tuple[str, ...]
    trait_levels: dict[str, frozenset[str]]
    ages: AgeTally
    has_weight: bool | None
    id_heading: str
    ids: IdRecords


def tally_counts(counts: PairCounts) -> UnitTally:
    """Return the answers of every unit."""
    return UnitTally(units=counts.units, n=counts.n, margins=counts.margins)


def unite_levels(
    parts: Sequence[dict[str, frozenset[str]]],
) -> dict[str, frozenset[str]]:
    """Return every trait with the levels that any part has."""
    names = dict.fromkeys(name for part in parts for name in part)
    nothing: frozenset[str] = frozenset()
    return {name: nothing.union(*(part.get(name, nothing) for part in parts)) for name in names}


def add_no_answer(parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Add up why answers are missing."""
    return combine_no_answer(parts)
