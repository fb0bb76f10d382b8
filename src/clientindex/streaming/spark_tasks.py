"""What executors of Spark do with a survey; these objects travel to them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

import clientindex
from clientindex.errors import ClusterError
from clientindex.intake.log import FaultLog, Place, Trouble
from clientindex.streaming.accumulate import Accumulator
from clientindex.streaming.count_piece import count_with_ids
from clientindex.streaming.respondent_ids import RECORD
from clientindex.streaming.spark_rows import tell_ids, tell_part

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from clientindex.intake.pieces import Piece
    from clientindex.streaming.job import CountingJob
    from clientindex.streaming.part import SurveyPart
    from clientindex.streaming.pending import PieceTask


@dataclass(frozen=True, slots=True, kw_only=True)
class PieceCounter:
    """Counts pieces of files that every executor sees under the same path.

    Attributes
    ----------
    tasks : tuple of PieceTask
        Rows of Spark name them by their positions.
    job : CountingJob
    program : str
        Version of the program that asks.
    """

    tasks: tuple[PieceTask, ...]
    job: CountingJob
    program: str = clientindex.__version__

    def __call__(self, batches: Iterator[Any]) -> Iterator[Any]:
        """Yield the rows of every piece whose position is in `batches`."""
        check_program(self.program)
        for batch in batches:
            for position in batch.column("id").to_pylist():
                task = self.tasks[position]
                part, ids = self._count(task.piece)
                yield from tell_part(task.place, task.number, part)
                yield from tell_ids(task.place, task.number, join_records(ids))

    def _count(self, piece: Piece) -> tuple[SurveyPart, list[NDArray[np.void]]]:
        if piece.source.file.exists():
            return count_with_ids(piece, self.job)
        log = FaultLog()
        trouble = Trouble(
            read="a file that this machine has and an executor of Spark has not",
            allowed="a file that every executor sees under the same path",
            advice="Put it on a file system that all of them share, such as NFS, or let Spark read "
            "it: write 'spark' in place of 'file' in the edition.",
        )
        log.add("E-FILE-UNREADABLE", Place(file=piece.name), trouble)
        return Accumulator(piece.source, self.job, log).finish(is_cut=True), []


def join_records(records: list[NDArray[np.void]]) -> NDArray[np.void]:
    """Return all records as one array, shape (M,)."""
    return np.concatenate([np.zeros(0, dtype=RECORD), *records])


def check_program(version: str) -> None:
    """Refuse to count with another program than the one that asks.

    Raises
    ------
    ClusterError
        If the versions differ.
    """
    if clientindex.__version__ != version:
        msg = (
            f"executors of Spark have clientindex {clientindex.__version__}, and the run is of "
            f"{version}; give them the same version"
        )
        raise ClusterError(msg)
