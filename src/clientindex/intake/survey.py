"""All survey files of an edition together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from clientindex.intake.counted import CountedAnswers, summarise_kept
from clientindex.intake.cross_checks import report_mixed
from clientindex.intake.leave_out import leave_out_rows
from clientindex.intake.option_counts import combine_option_counts, read_option_counts
from clientindex.intake.respondents import (
    RespondentBatch,
    combine_no_answer,
    combine_responses,
    read_respondents,
    report_repeated_respondents,
)
from clientindex.intake.totals import TotalsBatch, report_repeated_totals
from clientindex.intake.traits import report_unweighted_files
from clientindex.intake.unit_means import combine_unit_means, read_unit_means

if TYPE_CHECKING:
    from clientindex.edition import LeaveOut, SurveySource
    from clientindex.intake.log import FaultLog
    from clientindex.intake.roles import CentreList, RoleFinder
    from clientindex.intake.tables import Responses
    from clientindex.intake.tally import UnitTally
    from clientindex.methodology import Methodology


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Survey:
    """What the survey files gave; see :class:`clientindex.intake.tables.IntakeTables`.

    Attributes
    ----------
    tally : UnitTally or None
        Of single answers, kept in `responses` or not.
    trait_levels : dict
        Trait of single answers -> its levels, "" included.
    files : dict
        Segment -> files that hold rows of it.
    """

    responses: Responses | None
    tally: UnitTally | None
    trait_levels: dict[str, frozenset[str]]
    option_counts: pd.DataFrame | None
    unit_means: pd.DataFrame | None
    no_answer: pd.DataFrame
    files: dict[str, tuple[str, ...]]

    def files_of(self, segment: str) -> tuple[str, ...]:
        """Return the files that hold rows of a segment."""
        return self.files.get(segment, ())

    def list_centres(self) -> frozenset[str]:
        """Return every centre with rows in the survey."""
        tables = (self.option_counts, self.unit_means)
        centres = {centre for table in tables if table is not None for centre in table["centre"]}
        if self.tally is not None:
            centres.update(self.tally.units["centre"])
        return frozenset(centres) - {""}

    def list_answered(self) -> frozenset[str]:
        """Return every centre with at least one answer that is not missing."""
        answered: set[str] = set()
        if self.option_counts is not None:
            options = self.option_counts
            answered.update(options["centre"][(options["category"] > 0) & (options["n"] > 0)])
        if self.unit_means is not None:
            answered.update(self.unit_means["centre"])
        if self.tally is not None:
            has_answers = self.tally.margins[:, :, 1:].any(axis=(1, 2))
            answered.update(self.tally.units["centre"].to_numpy()[has_answers])
        return frozenset(answered) - {""}

    def count_respondents(self) -> pd.Series[float]:
        """Return respondents by centre, segments and periods summed.

        Of totals, the largest number of answers to one indicator in a centre, segment and period.
        """
        parts = [_count_totals(t) for t in (self.option_counts, self.unit_means) if t is not None]
        if self.tally is not None:
            cell = ["centre", "segment", "period"]
            parts.append(self.tally.sizes.groupby(cell)["n"].sum().astype(float))
        if not parts:
            return pd.Series(dtype=float)
        cells = pd.concat(parts)
        largest = cells.groupby(level=[0, 1, 2]).max()
        return largest.groupby(level=0).sum()


def _count_totals(table: pd.DataFrame) -> pd.Series[float]:
    cell = ["centre", "segment", "period"]
    n = table.groupby([*cell, "indicator"])["n"].sum()
    return n.groupby(level=[0, 1, 2]).max().astype(float)


class SurveyCollector:
    """Reads survey files one after another and puts them together.

    Parameters
    ----------
    methodology : Methodology
    log : FaultLog
    leave_out : LeaveOut
        How many rows of single answers with an error may be left out.
    """

    def __init__(self, methodology: Methodology, log: FaultLog, *, leave_out: LeaveOut) -> None:
        self._methodology = methodology
        self._log = log
        self._leave_out = leave_out
        self._single: list[RespondentBatch] = []
        self._counted: CountedAnswers | None = None
        self._counts: list[TotalsBatch] = []
        self._means: list[TotalsBatch] = []
        self._broken: list[RespondentBatch | TotalsBatch] = []

    def read(self, finder: RoleFinder, source: SurveySource, *, centres: CentreList) -> None:
        """Read one file and log its faults in the log of `finder`, which is of this reading."""
        m = self._methodology
        batch: RespondentBatch | TotalsBatch
        if source.kind == "respondents":
            rule = self._leave_out
            batch = read_respondents(finder, source, m, centres=centres, leave_out=rule.rows > 0)
            leave_out_rows(
                finder.log,
                rule,
                file=finder.table.file,
                n_left_out=batch.n_left_out,
                n=len(finder.table),
            )
            self._single.append(batch)
        elif source.kind == "option_counts":
            batch = read_option_counts(finder, source, m, centres=centres)
            self._counts.append(batch)
        else:
            batch = read_unit_means(finder, source, m, centres=centres)
            self._means.append(batch)
        if finder.log.is_broken([finder.table.file]):
            self._broken.append(batch)

    def take_counted(self, counted: CountedAnswers) -> None:
        """Take single answers that were counted file by file."""
        self._counted = counted

    def drop_broken(self) -> None:
        """Forget readings with a fault that hides rows or a column."""
        broken = {id(batch) for batch in self._broken}
        self._single = [batch for batch in self._single if id(batch) not in broken]
        self._counts = [batch for batch in self._counts if id(batch) not in broken]
        self._means = [batch for batch in self._means if id(batch) not in broken]

    def combine(self) -> Survey:
        """Check the files against each other and return them as one."""
        m, log = self._methodology, self._log
        responses = None
        if self._single:
            report_repeated_respondents(self._single, m, log)
            weighted = {batch.table.file: batch.weight is not None for batch in self._single}
            report_unweighted_files(weighted, log)
            responses = combine_responses(self._single, m)
        counted = self._counted or summarise_kept(self._single, responses, m)
        report_repeated_totals(self._counts, log)
        report_repeated_totals(self._means, log)
        if counted is not None:
            report_mixed(counted.tally.units, [*self._counts, *self._means], log)
        missing = [] if counted is None else [counted.no_answer]
        missing += [batch.no_answer for batch in self._counts if batch.no_answer is not None]
        return Survey(
            responses=responses,
            tally=None if counted is None else counted.tally,
            trait_levels={} if counted is None else counted.trait_levels,
            option_counts=combine_option_counts(self._counts) if self._counts else None,
            unit_means=combine_unit_means(self._means) if self._means else None,
            no_answer=combine_no_answer(missing),
            files=self._list_files({} if counted is None else counted.files),
        )

    def _list_files(self, single: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
        files = {key: dict.fromkeys(single.get(key, ())) for key in self._methodology.segment_keys}
        for totals in (*self._counts, *self._means):
            for segment in set(totals.data["segment"]) - {""}:
                files[segment][totals.table.file] = None
        return {segment: tuple(names) for segment, names in files.items()}
