"""Spark counts, and tells of, the same as this machine does."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clientindex.intake.pieces import PieceSize
from clientindex.streaming import spark_tasks
from national_survey import NationalSurvey, draw_people, list_differences, list_faults

if TYPE_CHECKING:
    from collections.abc import Callable

    from clientindex.pipeline.data_check import CheckedData

pytestmark = [pytest.mark.spark, pytest.mark.usefixtures("on_spark")]

FEW = PieceSize(n_bytes=2000, n_rows=9, n_piece_rows=25)


def assert_equal(found: CheckedData, expected: CheckedData) -> None:
    assert list_faults(found) == list_faults(expected)
    assert found.counts is not None
    assert expected.counts is not None
    assert list_differences(found.counts, expected.counts) == []
    first, second = expected.require_tables(), found.require_tables()
    pd.testing.assert_frame_equal(second.no_answer, first.no_answer)
    assert [(f.path, f.sha256, f.n_rows) for f in second.inputs] == [
        (f.path, f.sha256, f.n_rows) for f in first.inputs
    ]


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    seed=st.integers(0, 2**31),
    sizes_of_files=st.lists(st.integers(1, 60), min_size=1, max_size=3),
    channel=st.booleans(),
)
def test_counts_and_faults_equal_those_of_this_machine(
    seed: int, sizes_of_files: list[int], channel: bool
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        survey = NationalSurvey(folder=Path(folder))
        for number, n in enumerate(sizes_of_files):
            people = draw_people(seed + number, n, first_id=1000 * number)
            if channel and number == 0:
                people = people.assign(channel=np.where(people.index % 2, "phone", ""))
            people.loc[people.index % 17 == 16, "a"] = "7"
            if number % 2:
                survey.write_parquet(f"p{number}.parquet", people, rows=1 + seed % 9)
            else:
                survey.write_csv(f"p{number}.csv", people)
        survey.use({"file": "p*"}, leave_out={"rows": 0.5})
        assert_equal(survey.count(FEW, engine="spark"), survey.count(FEW))


def test_errors_are_told_with_the_same_rows(survey: NationalSurvey) -> None:
    people = draw_people(8, 120)
    people.loc[::3, "b"] = "нет"
    people.loc[60, "centre"] = ""
    people.loc[70, "respondent"] = people.loc[10, "respondent"]
    people.loc[[10, 70], ["segment", "period"]] = ["citizens", "Q1"]
    path = survey.write_csv("f.csv", people)
    text = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join([*text[:40], "лишняя,строка\n", *text[40:]]), encoding="utf-8")
    survey.write_parquet("g.parquet", draw_people(9, 30, first_id=500))
    cut = (survey.folder / "g.parquet").read_bytes()[:200]
    (survey.folder / "g.parquet").write_bytes(cut)
    survey.use({"file": "f.csv"}, {"file": "g.parquet"}, {"file": "absent.csv"})
    found, expected = survey.count(FEW, engine="spark"), survey.count(FEW)
    assert list_faults(found) == list_faults(expected)
    assert {"E-NUMBER", "E-ROW-WIDTH", "E-RESPONDENT-TWICE", "E-FILE-UNREADABLE"} <= {
        fault.code for fault in found.report.faults
    }


def test_files_that_were_counted_are_taken_over(
    survey: NationalSurvey, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(2):
        survey.write_csv(f"p{number}.csv", draw_people(number, 40, first_id=100 * number))
    survey.use({"file": "p0.csv"})
    survey.count(FEW, engine="spark")
    survey.use({"file": "p*.csv"})
    asked: list[str] = []

    class Noted(spark_tasks.PieceCounter):
        def __init__(self, *, tasks: Any, **about: Any) -> None:
            asked.extend(task.piece.name for task in tasks)
            super().__init__(tasks=tasks, **about)

    monkeypatch.setattr("clientindex.streaming.spark.PieceCounter", Noted)
    found = survey.count(FEW, engine="spark", anew=False)
    assert set(asked) == {"p1.csv"}
    monkeypatch.undo()
    assert_equal(found, survey.count(FEW))


def test_rows_of_a_killed_process_count_once(
    survey: NationalSurvey, monkeypatch: pytest.MonkeyPatch
) -> None:
    survey.write_csv("p.csv", draw_people(3, 200))
    survey.use({"file": "p.csv"})
    expected = survey.count(FEW)

    class Killed(spark_tasks.PieceCounter):
        __call__ = _count_killed(survey.folder)

    monkeypatch.setattr("clientindex.streaming.spark.PieceCounter", Killed)
    found = survey.count(FEW, engine="spark")
    assert (survey.folder / "killed").exists()
    assert_equal(found, expected)


def _count_killed(folder: Path) -> Callable[..., Any]:
    mark = folder / "killed"

    def count(self: spark_tasks.PieceCounter, batches: Any) -> Any:
        for batch in batches:
            if not mark.exists() and batch.column("id")[0].as_py() == 2:
                mark.touch()
                os.kill(os.getpid(), signal.SIGKILL)
            yield from spark_tasks.PieceCounter.__call__(self, iter([batch]))

    return count


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="finds the executor in /proc")
def test_rows_of_a_killed_executor_count_once(tmp_path: Path) -> None:
    """In a process of its own, since executors of their own need another session."""
    tests = Path(__file__).parents[1]
    paths = [str(Path(__file__).parent), str(tests), os.environ.get("PYTHONPATH", "")]
    done = subprocess.run(
        [sys.executable, "-m", "lost_executor", tmp_path],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
        capture_output=True,
        text=True,
        check=True,
    )
    expected, found, killed = done.stdout.split()[-3:]
    assert (found, killed) == (expected, "1")
