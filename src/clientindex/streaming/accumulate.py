"""The accumulation function: rows of a survey file to a part that adds up, on any engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from clientindex.counts import PairAccumulator
from clientindex.intake.log import FaultLog
from clientindex.intake.open_table import keep_rows, list_filtered
from clientindex.intake.respondents import combine_responses, read_respondents
from clientindex.intake.roles import open_roles
from clientindex.streaming.ages import AgeTally, tally_ages
from clientindex.streaming.part import SurveyPart, add_no_answer, unite_levels
from clientindex.streaming.respondent_ids import RECORD, IdRecords, hash_respondents

if TYPE_CHECKING:
    import pandas as pd
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
        Told of the faults of all rows.
    """

    def __init__(self, source: SurveySource, job: CountingJob, log: FaultLog) -> None:
        self._source, self._job, self._log = source, job, log
        m = job.methodology
        self._counts = PairAccumulator(m.indicator_keys, m.n_categories)
        self._no_answer: list[pd.DataFrame] = []
        self._levels: list[dict[str, frozenset[str]]] = []
        self._ages = AgeTally()
        self._ids: list[NDArray[np.void]] = []
        self._filtered: tuple[str, ...] = ()
        self._n_records = self._n_rows = self._n_kept = self._n_left_out = 0
        self._has_weight: bool | None = None
        self._id_heading = ""

    def add(self, batch: RawBatch) -> None:
        """Check and count rows.

        Raises
        ------
        ReadingError
            If a column of the filter ``where`` is absent.
        """
        table = keep_rows(batch.table, self._source)
        self._n_records += batch.n_records
        self._n_rows += len(batch.table)
        self._n_kept += len(table)
        if len(table):
            self._count(table)
        elif not self._filtered:
            self._filtered = list_filtered(batch.table, self._source)

    def take_ids(self) -> NDArray[np.void]:
        """Return the records of the ids so far, shape (M,), and forget them."""
        taken = np.concatenate([np.zeros(0, dtype=RECORD), *self._ids])
        self._ids.clear()
        return taken

    def finish(self, ids: IdRecords) -> SurveyPart:
        """Return what the rows left; `ids` says where their ids are kept."""
        return SurveyPart(
            counts=self._counts.total(),
            no_answer=add_no_answer(self._no_answer),
            log=self._log,
            n_records=self._n_records,
            n_rows=self._n_rows,
            n_kept=self._n_kept,
            n_left_out=self._n_left_out,
            filtered=self._filtered,
            trait_levels=unite_levels(self._levels),
            ages=self._ages,
            has_weight=self._has_weight,
            id_heading=self._id_heading,
            ids=ids,
        )

    def _count(self, table: RawTable) -> None:
        m = self._job.methodology
        log = FaultLog()
        finder = open_roles(table, self._source, log)
        rows = read_respondents(
            finder,
            self._source,
            m,
            centres=self._job.centres,
            leave_out=True,
            check_ages=False,
        )
        finder.report_extra()
        self._log.merge(log)
        responses = combine_responses([rows], m)
        self._counts.add_answers(responses.units, responses.unit_of, responses.codes)
        self._no_answer = [add_no_answer([*self._no_answer, rows.no_answer])]
        levels = {name: frozenset((*column.distinct, "")) for name, column in rows.traits.items()}
        self._levels = [unite_levels([*self._levels, levels])]
        self._ages.add(tally_ages(rows.traits.get("age"), rows.table), shift=0)
        self._ids.append(hash_respondents(rows))
        self._n_left_out += rows.n_left_out
        self._has_weight = rows.weight is not None
        self._id_heading = "" if rows.respondent is None else rows.respondent.name
