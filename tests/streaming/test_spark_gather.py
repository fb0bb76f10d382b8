"""Rows of Spark without Spark: parts that leave an executor are put together as they arrive."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pytest

from clientindex.counts import PairAccumulator
from clientindex.edition import SurveySource
from clientindex.errors import ClusterError
from clientindex.intake.pieces import PieceSize, plan_pieces
from clientindex.intake.register import ANY_CENTRE
from clientindex.streaming import CountingJob
from clientindex.streaming.count_piece import count_with_ids
from clientindex.streaming.file_counts import FileBuilder
from clientindex.streaming.pending import PieceTask
from clientindex.streaming.respondent_ids import RECORD
from clientindex.streaming.spark_gather import Gathered
from clientindex.streaming.spark_rows import COUNTS, Row, add_up
from clientindex.streaming.spark_tasks import PieceCounter
from national_survey import NationalSurvey, draw_people, list_differences

if TYPE_CHECKING:
    from pathlib import Path

    from clientindex.counts import PairCounts


@pytest.fixture
def counter(survey: NationalSurvey) -> PieceCounter:
    """Return a counter of the pieces of one file."""
    path = survey.write_csv("p.csv", draw_people(1, 150))
    source = SurveySource(file=path)
    size = PieceSize(n_bytes=2000)
    tasks = tuple(
        PieceTask(place=0, number=number, piece=piece, ids_file=path, is_last=False)
        for number, piece in enumerate(plan_pieces(source, name="p.csv", size=size))
    )
    job = CountingJob(methodology=survey.methodology, centres=ANY_CENTRE)
    return PieceCounter(tasks=tasks, job=job)


def run_tasks(counter: PieceCounter) -> list[pa.RecordBatch]:
    ids = pa.record_batch({"id": pa.array(range(len(counter.tasks)))})
    return list(counter(iter([ids])))


def list_rows(batches: list[pa.RecordBatch]) -> list[Row]:
    return [Row(**row) for batch in batches for row in batch.to_pylist()]


def gather(counter: PieceCounter, rows: list[Row], folder: Path) -> tuple[FileBuilder, Gathered]:
    gathered = Gathered(folder, lambda place, number: folder / f"{place}-{number}.ids")
    gathered.take(rows)
    source = counter.tasks[0].piece.source
    builder = FileBuilder(source, "p.csv", counter.job.methodology)
    for _, part in gathered.list_parts(0):
        builder.add(part, relative=True)
    return builder, gathered


def count_here(counter: PieceCounter) -> PairCounts:
    methodology = counter.job.methodology
    total = PairAccumulator(methodology.indicator_keys, methodology.n_categories)
    for task in counter.tasks:
        total.add(count_with_ids(task.piece, counter.job)[0].counts)
    return total.total()


def test_rows_in_any_order_give_the_counts_and_ids_of_the_file(
    counter: PieceCounter, tmp_path: Path
) -> None:
    assert len(counter.tasks) > 2
    batches = run_tasks(counter)
    summed = list_rows(list(add_up(iter(batches))))
    assert len([row for row in summed if row.number == COUNTS]) == len(count_here(counter).units)
    builder, gathered = gather(counter, summed[::-1], tmp_path / "new")
    gathered.add_counts(0, builder, counter.job.methodology)
    counted = builder.finish("")
    assert counted.counts is not None
    assert list_differences(counted.counts, count_here(counter)) == []
    rows = [
        np.fromfile(path, dtype=RECORD)["row"].astype(int) + shift
        for path, shift in counted.ids.files
    ]
    assert sorted(np.concatenate(rows).tolist()) == list(range(2, 152))


def test_what_an_interrupted_run_left_is_not_counted(counter: PieceCounter, tmp_path: Path) -> None:
    rows = list_rows(run_tasks(counter))
    gather(counter, rows, tmp_path / "new")
    left = sorted(path.suffix for path in (tmp_path / "new").iterdir())
    assert ".rows" in left
    builder, gathered = gather(counter, rows, tmp_path / "new")
    gathered.add_counts(0, builder, counter.job.methodology)
    counts = builder.finish("").counts
    assert counts is not None
    assert list_differences(counts, count_here(counter)) == []
    assert not list((tmp_path / "new").glob("*.rows"))


def test_rows_that_are_lost_or_doubled_end_the_run(counter: PieceCounter, tmp_path: Path) -> None:
    rows = list_rows(run_tasks(counter))
    lost = [row for row in rows if row.number != COUNTS]
    for wrong, n in ((lost, 0), ([*rows, *(row for row in rows if row.number == COUNTS)], 300)):
        builder, gathered = gather(counter, wrong, tmp_path / str(n))
        with pytest.raises(
            ClusterError, match=f"counted {n} respondents where its executors .* 150"
        ):
            gathered.add_counts(0, builder, counter.job.methodology)


def test_another_program_on_executors_is_refused(counter: PieceCounter) -> None:
    with pytest.raises(
        ClusterError, match=r"and the run is of 0\.0\.1; give them the same version"
    ):
        run_tasks(replace(counter, program="0.0.1"))


def test_a_file_that_executors_do_not_see_is_a_fault(counter: PieceCounter, tmp_path: Path) -> None:
    counter.tasks[0].piece.source.file.unlink()
    builder, _ = gather(counter, list_rows(run_tasks(counter)), tmp_path / "new")
    counted = builder.finish("")
    told = {fault.read for fault in counted.facts.log.faults if fault.code == "E-FILE-UNREADABLE"}
    assert told == {"a file that this machine has and an executor of Spark has not"}
    assert counted.is_broken
