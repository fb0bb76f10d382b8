"""The engine of this machine: pieces of the files, one after another or in several processes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.hashing import hash_file
from clientindex.intake.log import FaultLog, Place, ReadingError
from clientindex.intake.pieces import Piece, plan_pieces
from clientindex.streaming.count_piece import count_piece
from clientindex.streaming.file_counts import FileBuilder
from clientindex.streaming.handover import fetch_part, leave_part

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from clientindex.edition import SurveySource
    from clientindex.streaming.checkpoints import Checkpoints
    from clientindex.streaming.file_counts import CountedFile
    from clientindex.streaming.handover import LeftPart
    from clientindex.streaming.job import CountingJob
    from clientindex.streaming.part import SurveyPart
    from clientindex.streaming.progress import CountingProgress

SMALL_BYTES = 2**24
"""Below it other processes take longer to start than they save."""

RELATIVE = "csv"
"""Rows of this kind of file are numbered from the start of the piece."""


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
        """
        run = _Run(files, job, checkpoints)
        parts = self._count_pieces(run)
        ahead = next(parts, None)
        for place, (source, name) in enumerate(files):
            counted = run.known.get(place)
            if counted is None:
                builder = FileBuilder(source, name, job.methodology)
                while ahead is not None and ahead[0] == place:
                    _, piece, part = ahead
                    builder.add(part, relative=piece.kind == RELATIVE)
                    progress.add(rows=part.n_records, n_bytes=piece.n_bytes)
                    ahead = next(parts, None)
                builder.add_fault(run.faults.get(place, FaultLog()))
                counted = builder.finish(run.hashes[place])
                checkpoints.save(counted, source)
            else:
                progress.skip(source.file)
            yield counted

    def _count_pieces(self, run: _Run) -> Iterator[tuple[int, Piece, SurveyPart]]:
        """Yield position of the file, piece and part, in order."""
        workers = self._workers if run.n_bytes > SMALL_BYTES else 1
        if workers == 1:
            for place, piece, ids_file in run.plan():
                yield place, piece, count_piece(piece, run.job, ids_file)
            return
        yield from _count_aside(run, workers)


class _Run:
    """What one counting knows of its files."""

    def __init__(
        self,
        files: Sequence[tuple[SurveySource, str]],
        job: CountingJob,
        checkpoints: Checkpoints,
    ) -> None:
        self.job = job
        self._files = files
        self._checkpoints = checkpoints
        self.faults: dict[int, FaultLog] = {}
        present = [source.file if source.file.is_file() else None for source, _ in files]
        self.hashes = ["" if path is None else hash_file(path) for path in present]
        self.known: dict[int, CountedFile] = {}
        for place, (source, name) in enumerate(files):
            found = checkpoints.load(source, name, self.hashes[place])
            if found is not None:
                self.known[place] = found
        self.n_bytes = sum(
            path.stat().st_size
            for place, path in enumerate(present)
            if place not in self.known and path is not None
        )

    def plan(self) -> Iterator[tuple[int, Piece, Path]]:
        """Yield the pieces of files that are not known, and where their ids are left."""
        for place, (source, name) in enumerate(self._files):
            if place in self.known:
                continue
            log = FaultLog()
            try:
                pieces = plan_pieces(source, name=name, size=self.job.size)
                for number, piece in enumerate(pieces):
                    ids = self._checkpoints.ids_file(source, name, self.hashes[place], number)
                    yield place, piece, ids
            except ReadingError as exc:
                log.add(exc.code, Place(file=name, row=exc.row), exc.trouble)
            self.faults[place] = log


def _count_aside(run: _Run, workers: int) -> Iterator[tuple[int, Piece, SurveyPart]]:
    # joblib takes a moment to import.
    from joblib import Parallel, delayed, parallel_config

    with parallel_config(backend="loky", inner_max_num_threads=1):
        pool = Parallel(
            n_jobs=workers,
            return_as="generator",
            batch_size=1,
            pre_dispatch=workers + 1,
            max_nbytes=None,
        )
        tasks = (
            delayed(_count_task)(place, piece, run.job, ids) for place, piece, ids in run.plan()
        )
        for place, piece, left in pool(tasks):
            yield place, piece, fetch_part(left)


def _count_task(
    place: int, piece: Piece, job: CountingJob, ids_file: Path
) -> tuple[int, Piece, LeftPart]:
    part = count_piece(piece, job, ids_file)
    return place, piece, leave_part(part, ids_file.with_suffix(".part"))
