"""Count one piece of a file: what a process of any engine does."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from clientindex.intake.log import FaultLog, Place, ReadingError
from clientindex.intake.pieces import read_piece
from clientindex.streaming.accumulate import Accumulator
from clientindex.streaming.respondent_ids import save_records

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from clientindex.intake.pieces import Piece
    from clientindex.streaming.job import CountingJob
    from clientindex.streaming.part import SurveyPart


def count_piece(piece: Piece, job: CountingJob, ids_file: Path) -> SurveyPart:
    """Read, check and count a piece of a file.

    Parameters
    ----------
    piece : Piece
    job : CountingJob
    ids_file : Path
        Where the ids of the respondents are left; without ids there will be no file.

    Returns
    -------
    SurveyPart
        Its log says what could not be read. Rows of delimited text are numbered from the start of
        the piece.
    """
    part, ids = count_with_ids(piece, job)
    return replace(part, ids=save_records(ids, ids_file))


def count_with_ids(piece: Piece, job: CountingJob) -> tuple[SurveyPart, list[NDArray[np.void]]]:
    """Do the same, and return the records of the ids, shape (M,) a batch, in place of a file."""
    log = FaultLog()
    accumulator = Accumulator(piece.source, job, log)
    ids = []
    is_cut = False
    try:
        for batch in read_piece(piece, log, job.methodology, size=job.size):
            accumulator.add(batch)
            ids.append(accumulator.take_ids())
    except ReadingError as exc:
        log.add(exc.code, Place(file=piece.name, row=exc.row), exc.trouble)
        is_cut = True
    return accumulator.finish(is_cut=is_cut), ids
