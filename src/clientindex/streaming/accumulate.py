"""The accumulation function: rows of a survey file to a part that adds up, on any engine."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from clientindex.counts import PairAccumulator
from clientindex.intake.log import FaultLog
from clientindex.intake.open_table import keep_rows, list_filtered
from clientindex.intake.respondents import combine_responses, read_respondents
from clientindex.intake.roles import open_roles
from clientindex.streaming.ages import tally_ages
from clientindex.streaming.facts import RowFacts
from clientindex.streaming.part import SurveyPart
from clientindex.streaming.respondent_ids import RECORD, IdRecords, hash_respondents

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from clientindex.edition import SurveySource
    from clientindex.intake.raw import RawBatch, RawTable
    from clientindex.streaming.job import CountingJob


class Accumulator:
    """Counts rows of one file as they come; what it holds does not grow with their number.

    Ids of respondents are the exception: their records are taken away with :meth:`take_ids`.

    Parameters
    ----------
    source : SurveySource
        How the rows are read.
    job : CountingJob
    log : FaultLog
        Faults that the reading of the rows tells meanwhile.
    """

    def __init__(self, source: SurveySource, job: CountingJob, log: FaultLog) -> None:
        self._source, self._job, self._log = source, job, log
        m = job.methodology
        self._counts = PairAccumulator(m.indicator_keys, m.n_categories)
        self._facts = RowFacts()
        self._ids: list[NDArray[np.void]] = []

    def add(self, batch: RawBatch) -> None:
        """Check and count rows.

        Raises
        ------
        ReadingError
            If a column of the filter ``where`` is absent.
        """
        table = batch.table
        found = RowFacts()
        if len(table):
            table = keep_rows(table, self._source)
            found = self._count(table) if len(table) else self._note_filtered(batch.table)
        facts = replace(
            found, n_records=batch.n_records, n_rows=len(batch.table), n_kept=len(table)
        )
        self._facts = self._facts.followed_by(facts)

    def take_ids(self) -> NDArray[np.void]:
        """Return the records of the ids so far, shape (M,), and forget them."""
        taken = np.concatenate([np.zeros(0, dtype=RECORD), *self._ids])
        self._ids.clear()
        return taken

    def finish(self, *, is_cut: bool = False) -> SurveyPart:
        """Return what the rows left but for their ids; `is_cut` = a fault ended the reading."""
        facts = self._facts.followed_by(RowFacts(log=self._log, is_cut=is_cut))
        return SurveyPart(counts=self._counts.total(), facts=facts, ids=IdRecords())

    def _note_filtered(self, table: RawTable) -> RowFacts:
        return RowFacts(filtered=list_filtered(table, self._source))

    def _count(self, table: RawTable) -> RowFacts:
        m = self._job.methodology
        finder = open_roles(table, self._source, FaultLog())
        rows = read_respondents(
            finder,
            self._source,
            m,
            centres=self._job.centres,
            leave_out=True,
            check_ages=False,
        )
        finder.report_extra()
        responses = combine_responses([rows], m)
        self._counts.add_answers(responses.units, responses.unit_of, responses.codes)
        self._ids.append(hash_respondents(rows))
        return RowFacts(
            log=finder.log,
            no_answer=rows.no_answer,
            n_left_out=rows.n_left_out,
            trait_levels={
                name: frozenset((*column.distinct, "")) for name, column in rows.traits.items()
            },
            ages=tally_ages(rows.traits.get("age"), rows.table),
            has_weight=rows.weight is not None,
            id_heading="" if rows.respondent is None else rows.respondent.name,
        )
