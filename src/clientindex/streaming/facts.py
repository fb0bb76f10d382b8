"""What checks ask of rows that were counted and given up; facts add up in the order of rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from clientindex.intake.log import FaultLog
from clientindex.intake.respondents import combine_no_answer
from clientindex.streaming.ages import AgeTally

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

Levels = dict[str, frozenset[str]]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RowFacts:
    """Facts of rows of one file.

    Attributes
    ----------
    log : FaultLog
        Faults of all rows.
    no_answer : DataFrame
        Of the rows without an error, see :class:`clientindex.intake.tables.IntakeTables`.
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
        Whether there are weights; None where no row was read.
    id_heading : str
        Heading of the ids of respondents, "" without any.
    is_cut : bool
        Whether a fault ended the reading, so that not all rows were passed.
    """

    log: FaultLog = field(default_factory=FaultLog)
    no_answer: pd.DataFrame = field(default_factory=lambda: combine_no_answer([]))
    n_records: int = 0
    n_rows: int = 0
    n_kept: int = 0
    n_left_out: int = 0
    filtered: tuple[str, ...] = ()
    trait_levels: Levels = field(default_factory=dict)
    ages: AgeTally = field(default_factory=AgeTally)
    has_weight: bool | None = None
    id_heading: str = ""
    is_cut: bool = False

    def followed_by(self, other: RowFacts, *, shift: int = 0) -> RowFacts:
        """Return the facts of these rows and those after them, whose numbers grow by `shift`."""
        log, moved, ages = FaultLog(), FaultLog(), AgeTally()
        moved.merge(other.log)
        moved.shift(shift)
        for part in (self.log, moved):
            log.merge(part)
        ages.add(self.ages, shift=0)
        ages.add(other.ages, shift=shift)
        return RowFacts(
            log=log,
            no_answer=combine_no_answer([self.no_answer, other.no_answer]),
            n_records=self.n_records + other.n_records,
            n_rows=self.n_rows + other.n_rows,
            n_kept=self.n_kept + other.n_kept,
            n_left_out=self.n_left_out + other.n_left_out,
            filtered=self.filtered or other.filtered,
            trait_levels=unite_levels([self.trait_levels, other.trait_levels]),
            ages=ages,
            has_weight=self.has_weight if other.has_weight is None else other.has_weight,
            id_heading=other.id_heading or self.id_heading,
            is_cut=self.is_cut or other.is_cut,
        )


def unite_levels(parts: Iterable[Levels]) -> Levels:
    """Return every trait with the levels that any part has."""
    united: Levels = {}
    for part in parts:
        for name, levels in part.items():
            united[name] = united.get(name, frozenset()) | levels
    return united
