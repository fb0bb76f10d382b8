"""Which engine counts single answers that are not kept."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from clientindex.intake.pieces import PieceSize
from clientindex.pipeline.fingerprint import hash_counting
from clientindex.streaming import Engine, LocalEngine, SurveyCounter
from clientindex.threads import get_threads

if TYPE_CHECKING:
    from pathlib import Path

    from clientindex.edition import Edition
    from clientindex.streaming.progress import Tell

EngineName = Literal["memory", "stream", "spark"]

COUNTING_FOLDER = "counting"
"""Folder in an edition's output that keeps counted files until the run has succeeded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineChoice:
    """How single answers are read.

    Attributes
    ----------
    name : {"memory", "stream", "spark"}
        Answers stay in memory; are counted piece by piece here; are counted by Spark.
    master : str
        Address of the cluster, as Spark writes it; "" = that of the machine's settings of Spark.
    conf : mapping of str to str
        Further settings of Spark.
    size : PieceSize
        How much is read at a time.
    """

    name: EngineName = "stream"
    master: str = ""
    conf: dict[str, str] = field(default_factory=dict)
    size: PieceSize = field(default_factory=PieceSize)

    def apply(self, edition: Edition) -> Edition:
        """Return the edition with answers kept or counted, as this engine does."""
        kept = "keep" if self.name == "memory" else "count"
        return edition.model_copy(update={"respondents": kept})


def make_counter(
    edition: Edition, engine: EngineChoice | None, *, folder: Path, tell: Tell | None = None
) -> SurveyCounter | None:
    """Return what counts the single answers of an edition; None where they are kept.

    Counted files wait in `folder`.
    """
    if edition.respondents == "keep":
        return None
    choice = engine or EngineChoice(name="spark" if edition.spark_sources else "stream")
    return SurveyCounter(
        engine=_make_engine(choice),
        folder=folder,
        leave_out=edition.leave_out,
        program=hash_counting(),
        size=choice.size,
        tell=tell,
    )


def find_counting_folder(edition: Edition) -> Path:
    """Return the folder that keeps counted files for the next run of an edition.

    Only who holds the output of the edition may count there.
    """
    return edition.output / COUNTING_FOLDER


def clear_counting(edition: Edition) -> None:
    """Forget counted files: the results of the edition are written."""
    shutil.rmtree(find_counting_folder(edition), ignore_errors=True)


def _make_engine(choice: EngineChoice) -> Engine:
    if choice.name != "spark":
        return LocalEngine(workers=get_threads())
    # It is only there where somebody asks for it.
    from clientindex.streaming.spark import SparkEngine

    return SparkEngine(choice.master, choice.conf)
