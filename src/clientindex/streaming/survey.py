"""All files of single answers of an edition, counted, with the checks that need all of them."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from clientindex.counts import PairAccumulator
from clientindex.errors import BundleError
from clientindex.intake.counted import CountedAnswers
from clientindex.intake.leave_out import leave_out_rows
from clientindex.intake.log import MAX_ROWS, Place, Trouble
from clientindex.intake.respondents import REPEATED_RESPONDENT, combine_no_answer
from clientindex.intake.tables import InputFile
from clientindex.intake.tally import UnitTally
from clientindex.intake.traits import report_unweighted_files
from clientindex.streaming.checkpoints import Checkpoints
from clientindex.streaming.facts import unite_levels
from clientindex.streaming.job import CountingJob
from clientindex.streaming.progress import CountingProgress
from clientindex.streaming.respondent_ids import find_repeats

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from clientindex.counts import PairCounts
    from clientindex.edition import LeaveOut, SurveySource
    from clientindex.intake.leave_out import Reading
    from clientindex.intake.log import FaultLog
    from clientindex.intake.pieces import PieceSize
    from clientindex.intake.roles import CentreList
    from clientindex.methodology import Methodology
    from clientindex.streaming.file_counts import CountedFile
    from clientindex.streaming.progress import Tell


class Engine(Protocol):
    """Counts files: on this machine, or on a cluster."""

    def count(
        self,
        files: Sequence[tuple[SurveySource, str]],
        job: CountingJob,
        *,
        checkpoints: Checkpoints,
        progress: CountingProgress,
    ) -> Iterator[CountedFile]:
        """Yield every file, counted, in order."""
        ...


@dataclass(slots=True, eq=False)
class SurveyCounter:
    """Counts the single answers of an edition; :func:`clientindex.intake.run_intake` calls it.

    Attributes
    ----------
    engine : Engine
    folder : Path
        Where counted files are kept until the run has succeeded.
    leave_out : LeaveOut
        How many faulty rows may be left out.
    program : str
        Hash of the program: files that another program counted are counted again.
    size : PieceSize
        How much is read at a time; no result depends on it.
    tell : callable, optional
        See :class:`clientindex.streaming.progress.CountingProgress`.
    counts : PairCounts or None
        Of all files, once they are counted.
    """

    engine: Engine
    folder: Path
    leave_out: LeaveOut
    program: str
    size: PieceSize
    tell: Tell | None = None
    counts: PairCounts | None = field(default=None, init=False)

    def __call__(
        self,
        files: Sequence[tuple[SurveySource, Reading]],
        methodology: Methodology,
        centres: CentreList,
        log: FaultLog,
    ) -> CountedAnswers:
        """Read, check and count all files; see :class:`clientindex.intake.counted.Count`.

        Raises
        ------
        BundleError
            If the folder cannot be written, for example because the disk is full.
        CountsError
            If a process that counts was ended from outside.
        """
        job = CountingJob(methodology=methodology, centres=centres, size=self.size)
        total = PairAccumulator(methodology.indicator_keys, methodology.n_categories)
        counted, inputs = [], []
        named = [(source, reading.file) for source, reading in files]
        with self._tell_full_disk():
            for file, (source, reading) in zip(self._run(named, job), files, strict=True):
                facts = file.facts
                leave_out_rows(
                    facts.log,
                    self.leave_out,
                    file=file.name,
                    n_left_out=facts.n_left_out,
                    n=facts.n_kept,
                )
                reading.log.absorb(facts.log)
                if file.counts is None or file.is_broken:
                    continue
                total.add(file.counts)
                counted.append(file.without_counts())
                record = InputFile(path=source.file, sha256=file.sha256, n_rows=facts.n_rows)
                inputs.append(record)
            _report_repeats(counted, log)
        report_unweighted_files({file.name: bool(file.facts.has_weight) for file in counted}, log)
        self.counts = total.total()
        return CountedAnswers(
            tally=UnitTally(units=self.counts.units, n=self.counts.n, margins=self.counts.margins),
            no_answer=combine_no_answer([file.facts.no_answer for file in counted]),
            trait_levels=unite_levels(file.facts.trait_levels for file in counted),
            files=_list_files(counted, methodology),
            inputs=tuple(inputs),
        )

    def _run(
        self, files: Sequence[tuple[SurveySource, str]], job: CountingJob
    ) -> Iterator[CountedFile]:
        on_disk = [source.file for source, _ in files if source.spark is None]
        return self.engine.count(
            files,
            job,
            checkpoints=Checkpoints(self.folder, job, program=self.program),
            progress=CountingProgress(on_disk, self.tell),
        )

    @contextmanager
    def _tell_full_disk(self) -> Iterator[None]:
        try:
            yield
        except OSError as exc:
            msg = (
                f"{self.folder}: cannot be written ({exc.strerror or exc}). Free disk space, make "
                "it writable, or choose another 'output' in the edition. Files that were counted "
                "are kept."
            )
            raise BundleError(msg) from exc


def _report_repeats(files: Sequence[CountedFile], log: FaultLog) -> None:
    """Log every respondent who stands twice in one segment and period, whatever the file."""
    repeats = find_repeats([file.ids for file in files], limit=MAX_ROWS)
    for place, found in sorted(repeats.items()):
        first = found.first

        def describe(number: int, first: list[tuple[int, int, int]] = first) -> Trouble:
            _, other, row = first[number]
            return Trouble(
                read=f"the id of a respondent who stands already in {files[other].tell_row(row)}",
                allowed=REPEATED_RESPONDENT.allowed,
                advice=REPEATED_RESPONDENT.advice,
            )

        log.add_listed(
            REPEATED_RESPONDENT.code,
            Place(file=files[place].name, column=files[place].facts.id_heading),
            rows=[row for row, _, _ in first],
            n=found.n,
            describe=describe,
        )


def _list_files(
    files: Sequence[CountedFile], methodology: Methodology
) -> dict[str, tuple[str, ...]]:
    """Return the files that hold rows of every segment."""
    return {
        key: tuple(dict.fromkeys(file.name for file in files if key in file.segments))
        for key in methodology.segment_keys
    }
