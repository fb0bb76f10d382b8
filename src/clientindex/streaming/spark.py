"""The engine of a cluster: Spark has its executors count, repeats what is lost, and adds up.

It runs the same accumulation function as the engine of this machine, on the same pieces.
"""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, Final

from clientindex.intake.log import FaultLog
from clientindex.streaming.file_counts import FileBuilder
from clientindex.streaming.pending import PendingFiles
from clientindex.streaming.spark_failure import tell_failure
from clientindex.streaming.spark_gather import Gathered
from clientindex.streaming.spark_rows import SCHEMA, add_up_rows
from clientindex.streaming.spark_session import is_local, open_session
from clientindex.streaming.spark_table import count_table
from clientindex.streaming.spark_tasks import PieceCounter

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from clientindex.edition import SurveySource
    from clientindex.streaming.checkpoints import Checkpoints
    from clientindex.streaming.file_counts import CountedFile
    from clientindex.streaming.job import CountingJob
    from clientindex.streaming.pending import PieceTask
    from clientindex.streaming.progress import CountingProgress

PIECES_A_CORE: Final = 8
"""Pieces that Spark is given at once, by core; files of one such set are kept together."""

LEAST_PIECES: Final = 256
"""Of one set on a cluster, which may say how many cores it has only once it has work."""


class SparkEngine:
    """Counts files by Spark.

    Parameters
    ----------
    master : str
        See :func:`clientindex.streaming.spark_session.open_session`.
    settings : mapping of str to str
        Of Spark.
    """

    def __init__(self, master: str, settings: Mapping[str, str]) -> None:
        self._master, self._settings = master, settings

    def count(
        self,
        files: Sequence[tuple[SurveySource, str]],
        job: CountingJob,
        *,
        checkpoints: Checkpoints,
        progress: CountingProgress,
    ) -> Iterator[CountedFile]:
        """Yield every file, counted, in order; files that were counted before are taken over.

        Raises
        ------
        ClusterError
            If Spark does not start or gives up.
        """
        pending = PendingFiles(files, job, checkpoints)
        with ExitStack() as stack:
            session = None
            if len(pending.known) < len(files):
                session = stack.enter_context(open_session(self._master, settings=self._settings))
            run = _Run(session, files, pending, checkpoints, progress)
            for place, (source, _) in enumerate(files):
                if place in pending.known:
                    progress.skip(source.file)
                    yield pending.take_known(place)
                    continue
                counted = run.count(place)
                pending.keep(place, counted)
                yield counted


class _Run:
    """One counting: files are planned, counted and gathered a set at a time."""

    def __init__(
        self,
        session: Any,
        files: Sequence[tuple[SurveySource, str]],
        pending: PendingFiles,
        checkpoints: Checkpoints,
        progress: CountingProgress,
    ) -> None:
        self._session, self._files, self._pending = session, files, pending
        self._checkpoints, self._progress = checkpoints, progress
        self._tasks: dict[int, list[PieceTask]] = {}
        self._gathered = self._make_store()

    def count(self, place: int) -> CountedFile:
        """Return a file, counted with those after it that fit into one set."""
        if self._files[place][0].spark is not None:
            return self._count_table(place)
        if place not in self._tasks:
            self._count_set(place)
        source, name = self._files[place]
        methodology = self._pending.job.methodology
        builder = FileBuilder(source, name, methodology)
        for number, part in self._gathered.list_parts(place):
            piece = self._tasks[place][number].piece
            builder.add(part, relative=piece.is_relative)
            self._progress.add(rows=part.facts.n_records, n_bytes=piece.n_bytes)
        self._gathered.add_counts(place, builder, methodology)
        builder.add_fault(self._pending.faults.get(place, FaultLog()))
        return builder.finish(self._pending.hashes[place])

    def _count_table(self, place: int) -> CountedFile:
        return count_table(
            self._session,
            self._files[place],
            self._pending.job,
            place=place,
            store=self._make_store(),
            progress=self._progress,
        )

    def _count_set(self, first: int) -> None:
        tasks: list[PieceTask] = []
        wanted = self._choose_size()
        for place in range(first, len(self._files)):
            if place in self._pending.known or self._files[place][0].spark is not None:
                continue
            self._tasks[place] = list(self._pending.plan_file(place))
            tasks += self._tasks[place]
            if len(tasks) >= wanted:
                break
        self._gathered = self._make_store()
        if tasks:
            count = PieceCounter(tasks=tuple(tasks), job=self._pending.job)
            rows = self._session.range(0, len(tasks), 1, len(tasks)).mapInArrow(count, SCHEMA)
            with tell_failure():
                self._gathered.take(add_up_rows(rows))

    def _choose_size(self) -> int:
        context = self._session.sparkContext
        size = int(context.defaultParallelism) * PIECES_A_CORE
        return size if is_local(context.master) else max(size, LEAST_PIECES)

    def _make_store(self) -> Gathered:
        return Gathered(self._checkpoints.folder, self._pending.name_ids)
