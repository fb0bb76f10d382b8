"""Files of one counting: which were counted before, what the others hold, and their pieces."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from clientindex.errors import CountsError
from clientindex.hashing import hash_if_there
from clientindex.intake.log import FaultLog, Place, ReadingError
from clientindex.intake.pieces import plan_pieces

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from clientindex.edition import SurveySource
    from clientindex.intake.pieces import Piece
    from clientindex.streaming.checkpoints import Checkpoints
    from clientindex.streaming.file_counts import CountedFile
    from clientindex.streaming.job import CountingJob


@dataclass(frozen=True, slots=True, kw_only=True)
class PieceTask:
    """A piece to be counted.

    Attributes
    ----------
    place : int
        Position of its file.
    number : int
        Position in the file.
    piece : Piece
    ids_file : Path
        Where its ids are left.
    is_last : bool
        Of its file.
    """

    place: int
    number: int
    piece: Piece
    ids_file: Path
    is_last: bool


class PendingFiles:
    """What one counting knows of its files.

    Parameters
    ----------
    files : sequence of (SurveySource, str)
        Each with its name in faults.
    job : CountingJob
    checkpoints : Checkpoints

    Attributes
    ----------
    hashes : list of str
        SHA-256 of every file, "" where it cannot be read or Spark reads it.
    known : set of int
        Positions of the files that were counted before.
    faults : dict
        Position -> faults of a file as a whole, once its pieces are planned.
    n_bytes : int
        Of the files that are not known.
    """

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
        self._states = [_look(source.file) for source, _ in files]
        by_spark = [source.spark is not None for source, _ in files]
        self.hashes = [
            "" if apart else hash_if_there(source.file)
            for apart, (source, _) in zip(by_spark, files, strict=True)
        ]
        self.known = {
            place
            for place, (source, name) in enumerate(files)
            if checkpoints.holds(source, name, self.hashes[place])
        }
        self.n_bytes = sum(
            source.file.stat().st_size
            for place, (source, _) in enumerate(files)
            if place not in self.known and self.hashes[place]
        )

    def is_unchanged(self, place: int) -> bool:
        """Return whether a file has the size and time of change that it had at the start."""
        return self._states[place] == _look(self._files[place][0].file)

    def keep(self, place: int, counted: CountedFile) -> None:
        """Keep a file that was counted, for a next run.

        Raises
        ------
        CountsError
            If the file changed meanwhile: nobody knows what was counted.
        OSError
            If the folder cannot be written.
        """
        source, name = self._files[place]
        if source.spark is not None:
            return
        if not self.is_unchanged(place):
            msg = (
                f"{name}: the file changed while it was counted. Run the edition again once "
                "nobody writes it: files that were counted are kept."
            )
            raise CountsError(msg)
        self._checkpoints.save(counted, source)

    def take_known(self, place: int) -> CountedFile:
        """Return a file that was counted before."""
        source, name = self._files[place]
        return self._checkpoints.load(source, name, self.hashes[place])

    def plan(self) -> Iterator[PieceTask]:
        """Yield the pieces of files that are not known, in order."""
        for place in range(len(self._files)):
            if place not in self.known:
                yield from self.plan_file(place)

    def plan_file(self, place: int) -> Iterator[PieceTask]:
        """Yield the pieces of one file, in order; afterwards :attr:`faults` has its faults."""
        source, name = self._files[place]
        log = FaultLog()
        ahead: PieceTask | None = None
        try:
            pieces = plan_pieces(source, name=name, size=self.job.size)
            for number, piece in enumerate(pieces):
                if ahead is not None:
                    yield ahead
                ahead = PieceTask(
                    place=place,
                    number=number,
                    piece=piece,
                    ids_file=self.name_ids(place, number),
                    is_last=False,
                )
        except ReadingError as exc:
            log.add(exc.code, Place(file=name, row=exc.row), exc.trouble)
        self.faults[place] = log
        if ahead is not None:
            yield replace(ahead, is_last=True)

    def name_ids(self, place: int, number: int) -> Path:
        """Return where the ids of a piece of a file are left."""
        source, name = self._files[place]
        return self._checkpoints.ids_file(source, name, self.hashes[place], number)


def _look(path: Path) -> tuple[int, int] | None:
    """Return the size of a file and when it was changed; None where it is not there."""
    try:
        state = path.stat()
    except OSError:
        return None
    return state.st_size, state.st_mtime_ns
