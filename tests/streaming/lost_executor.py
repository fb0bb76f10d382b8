"""A program for a test: Spark counts a survey, and one executor is killed while it does.

Usage: lost_executor.py FOLDER. It prints the SHA-256 of the counts of this machine and of Spark,
and how many executors were killed.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import sys
from pathlib import Path
from typing import Any

from clientindex.counts import pack_counts
from clientindex.intake.pieces import PieceSize
from clientindex.pipeline.counting import EngineChoice, find_counting_folder
from clientindex.pipeline.data_check import check_data
from clientindex.streaming import spark, spark_tasks
from national_survey import NationalSurvey, draw_people

MASTER = "local-cluster[2,1,1024]"
SIZE = PieceSize(n_bytes=2000)


class Killing(spark_tasks.PieceCounter):
    """Kills the executor that counts the third piece, once."""

    def __call__(self, batches: Any) -> Any:
        for batch in batches:
            mark = self.tasks[0].ids_file.with_name("killed")
            if batch.column("id")[0].as_py() == 2 and not mark.exists():
                mark.touch()
                os.kill(find_executor(), signal.SIGKILL)
            yield from spark_tasks.PieceCounter.__call__(self, iter([batch]))


def find_executor() -> int:
    """Return the process that started the one that forks workers: the executor's Java."""
    about = Path(f"/proc/{os.getppid()}/stat").read_text(encoding="ascii")
    return int(about.rpartition(")")[2].split()[1])


def main() -> None:
    """Count twice and print what came out."""
    survey = NationalSurvey(folder=Path(sys.argv[1]))
    survey.write_csv("p.csv", draw_people(3, 200))
    survey.use({"file": "p.csv"})
    expected = survey.count(SIZE)
    spark.PieceCounter = Killing
    engine = EngineChoice(name="spark", master=MASTER, size=SIZE)
    edition = survey.edition("count")
    folder = find_counting_folder(edition)
    shutil.rmtree(folder)
    found = check_data(edition, survey.methodology, engine=engine, folder=folder)
    for checked in (expected, found):
        assert checked.counts is not None
        print(hashlib.sha256(pack_counts(checked.counts)).hexdigest())
    print(len(list(survey.folder.rglob("killed"))))


if __name__ == "__main__":
    sys.modules["lost_executor"] = sys.modules["__main__"]
    Killing.__module__ = "lost_executor"
    main()
