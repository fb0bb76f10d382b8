"""The engine of this machine: pieces of the files, one after another or in several processes."""

from __future__ import annotations

from concurrent.futures import BrokenExecutor
from typing import TYPE_CHECKING

from clientindex.errors import CountsError
from clientindex.intake.log import FaultLog
from clientindex.streaming.count_piece import count_piece
from clientindex.streaming.file_counts import FileBuilder
from clientindex.streaming.handover import fetch_part, leave_part
from clientindex.streaming.pending import PendingFiles
from clientindex.threads import use_threads

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from clientindex.edition import SurveySource
    from clientindex.streaming.checkpoints import Checkpoints
    from clientindex.streaming.file_counts import CountedFile
    from clientindex.streaming.handover import LeftPart
    from clientindex.streaming.job import CountingJob
    from clientindex.streaming.part import SurveyPart
    from clientindex.streaming.pending import PieceTask
    from clientindex.streaming.progress import CountingProgress

SMALL_BYTES = 2**24
"""Below it other processes take longer to start than they save."""

IDLE_S = 2
"""Seconds after which a process with nothing to do ends, and frees its memory."""


class LocalEngine:
    """Counts files piece by piece on this machine.

    Parameters
    ----------
    workers : int
        Processes; no result depends on it.
    """

    def __init__(self, workers: int) -> None:
        self._workers = workers

    def count(
        self,
        files: Sequence[tuple[SurveySource, str]],
        job: CountingJob,
        *,
        checkpoints: Checkpoints,
        progress: CountingProgress,
    ) -> Iterator[CountedFile]:
        """Yield every file, counted, in order; files that were counted before are taken over.

        Parameters
        ----------
        files : sequence of (SurveySource, str)
            Each with its name in faults.
        job : CountingJob
        checkpoints : Checkpoints
        progress : CountingProgress

        Raises
        ------
        CountsError
            If a process that counts was ended from outside, or a file changed while it was counted.
        """
        run = PendingFiles(files, job, checkpoints)
        parts = _Parts(self._count_pieces(run))
        for place, (source, name) in enumerate(files):
            if place in run.known:
                progress.skip(source.file)
                yield run.take_known(place)
                continue
            builder = FileBuilder(source, name, job.methodology)
            for task, part in parts.of_file(place):
                builder.add(part, relative=task.piece.is_relative)
                progress.add(rows=part.facts.n_records, n_bytes=task.piece.n_bytes)
            builder.add_fault(run.faults.get(place, FaultLog()))
            counted = builder.finish(run.hashes[place])
            run.keep(place, counted)
            yield counted

    def _count_pieces(self, run: PendingFiles) -> Iterator[tuple[PieceTask, SurveyPart]]:
        workers = self._workers if run.n_bytes > SMALL_BYTES else 1
        if workers > 1:
            yield from _count_aside(run, workers)
            return
        for task in run.plan():
            yield task, count_piece(task.piece, run.job, task.ids_file)


class _Parts:
    """Parts in the order of files and pieces; a file that cannot be planned has none."""

    def __init__(self, parts: Iterator[tuple[PieceTask, SurveyPart]]) -> None:
        self._parts = parts
        self._ahead: tuple[PieceTask, SurveyPart] | None = None

    def of_file(self, place: int) -> Iterator[tuple[PieceTask, SurveyPart]]:
        """Yield the parts of one file; files are asked for in order."""
        while True:
            found = self._ahead or next(self._parts, None)
            self._ahead = None
            if found is None:
                return
            if found[0].place != place:
                self._ahead = found
                return
            yield found
            if found[0].is_last:
                return


def _count_aside(run: PendingFiles, workers: int) -> Iterator[tuple[PieceTask, SurveyPart]]:
    # joblib takes a moment to import.
    from joblib import Parallel, delayed, parallel_config

    with parallel_config(backend="loky", inner_max_num_threads=1):
        pool = Parallel(
            n_jobs=workers,
            return_as="generator",
            batch_size=1,
            pre_dispatch=workers + 1,
            max_nbytes=None,
            idle_worker_timeout=IDLE_S,
        )
        try:
            for task, left in pool(delayed(_count_task)(task, run.job) for task in run.plan()):
                yield task, fetch_part(left)
        except BrokenExecutor as exc:
            msg = (
                "a process that counts answers ended without an answer, perhaps because memory ran "
                "out. Free memory and run the edition again: files that were counted are kept."
            )
            raise CountsError(msg) from exc


def _count_task(task: PieceTask, job: CountingJob) -> tuple[PieceTask, LeftPart]:
    with use_threads(1):
        part = count_piece(task.piece, job, task.ids_file)
    return task, leave_part(part, task.ids_file.with_suffix(".part"))
