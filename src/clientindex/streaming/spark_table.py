"""A survey that Spark reads itself: every partition is counted where it is."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from clientindex.counts import pack_counts
from clientindex.edition.spark_table import DEFAULT_FORMAT
from clientindex.intake.log import FaultLog, Place, ReadingError, Trouble
from clientindex.intake.row_layout import RowLayout, RowRun
from clientindex.streaming.file_counts import FileBuilder
from clientindex.streaming.spark_failure import tell_failure
from clientindex.streaming.spark_rows import SCHEMA, add_up_rows
from clientindex.streaming.spark_table_task import (
    FILE_COLUMN,
    FIRST_ROW,
    ROW_COLUMN,
    TableCounter,
)

if TYPE_CHECKING:
    from clientindex.edition import SparkTable, SurveySource
    from clientindex.streaming.file_counts import CountedFile
    from clientindex.streaming.job import CountingJob
    from clientindex.streaming.progress import CountingProgress
    from clientindex.streaming.spark_gather import Gathered


def count_table(
    session: Any,
    named: tuple[SurveySource, str],
    job: CountingJob,
    *,
    place: int,
    store: Gathered,
    progress: CountingProgress,
) -> CountedFile:
    """Count a table or what stands under an address, as Spark reads it.

    Parameters
    ----------
    session : pyspark.sql.SparkSession
    named : (SurveySource, str)
        With its name in faults.
    job : CountingJob
    place : int
        Position among the sources.
    store : Gathered
    progress : CountingProgress

    Returns
    -------
    CountedFile
        Its hash is that of what was counted, since rows of a table have no order. Faults say in
        which partition a row stands, or in which file where Spark knows that.

    Raises
    ------
    ClusterError
        If Spark gives up.
    """
    source, name = named
    builder = FileBuilder(source, name, job.methodology)
    runs: list[RowRun] = []
    try:
        frame = add_places(open_frame(session, source))
        count = TableCounter(place=place, source=source, name=name, job=job)
        with tell_failure():
            store.take(add_up_rows(frame.mapInArrow(count, SCHEMA)))
    except ReadingError as exc:
        log = FaultLog()
        log.add(exc.code, Place(file=name, row=exc.row), exc.trouble)
        builder.add_fault(log)
    passed = 0
    for number, part in store.list_parts(place):
        start = RowRun(start=FIRST_ROW, label=f"partition {number}", first=1)
        found = store.list_runs(place, number) or [start]
        runs += (replace(run, start=run.start + passed) for run in found)
        builder.add(part, relative=True)
        progress.add(rows=part.facts.n_records, n_bytes=0)
        passed += part.facts.n_records
    store.add_counts(place, builder, job.methodology)
    return _place_rows(builder.finish(""), runs)


def open_frame(session: Any, source: SurveySource) -> Any:
    """Return the table as a DataFrame of Spark; nothing is read yet.

    Raises
    ------
    ReadingError
        If Spark does not find it.
    """
    from pyspark.errors import PySparkException

    asked = source.spark
    assert asked is not None
    try:
        if asked.table is not None:
            return session.table(asked.table)
        reader = session.read.format(asked.format or DEFAULT_FORMAT).options(**asked.options)
        return reader.load(asked.load)
    except PySparkException as exc:
        raise ReadingError(_describe_absence(asked, exc), code="E-FILE-MISSING") from None


def _describe_absence(asked: SparkTable, exc: Exception) -> Trouble:
    told = next((line for line in str(exc).splitlines() if line.strip()), "no reason given")
    return Trouble(
        read=f"what Spark does not read: {told}",
        allowed="a table of a catalogue that Spark knows, or an address that it reads",
        advice="Correct 'table' under 'spark' in the edition, or name the catalogue by --conf."
        if asked.table is not None
        else "Correct 'load' and 'format' under 'spark' in the edition; formats and storage that "
        "Spark does not have itself are added by --conf spark.jars.packages=...",
    )


def add_places(frame: Any) -> Any:
    """Add in which file a row stands and where, if what is read says so; only Parquet does."""
    from pyspark.errors import AnalysisException
    from pyspark.sql import functions

    try:
        return frame.select(
            "*",
            functions.col("_metadata.file_path").alias(FILE_COLUMN),
            functions.col("_metadata.row_index").alias(ROW_COLUMN),
        )
    except AnalysisException:
        return frame


def _place_rows(counted: CountedFile, runs: list[RowRun]) -> CountedFile:
    if not runs:
        return replace(counted, sha256=hash_counted(counted))
    layout = RowLayout(runs=tuple(runs))
    counted.facts.log.place_rows(counted.name, layout)
    return replace(counted, sha256=hash_counted(counted), layout=layout)


def hash_counted(counted: CountedFile) -> str:
    """Return the SHA-256 of what was counted: answers by unit, and why answers are missing."""
    assert counted.counts is not None
    facts = counted.facts
    about = {
        "n_rows": facts.n_rows,
        "n_kept": facts.n_kept,
        "n_left_out": facts.n_left_out,
        "levels": {trait: sorted(levels) for trait, levels in facts.trait_levels.items()},
        "no_answer": facts.no_answer.to_dict(orient="list"),
    }
    content = json.dumps(about, ensure_ascii=False, sort_keys=True).encode()
    return hashlib.sha256(content + pack_counts(counted.counts)).hexdigest()
