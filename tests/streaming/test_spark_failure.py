"""Words for work that Spark gave up, from what Spark says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from clientindex.streaming.spark_failure import describe_failure
from clientindex.streaming.spark_session import describe_start, find_master

if TYPE_CHECKING:
    from pathlib import Path

ABORTED = "Job aborted due to stage failure: Task 1 in stage 2.0 failed 4 times"


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (
            f"{ABORTED}\nModuleNotFoundError: No module named 'clientindex'\n",
            "executors of Spark have no package 'clientindex': give them this environment",
        ),
        (
            f"{ABORTED}\nclientindex.errors.ClusterError: executors of Spark have clientindex 1\n",
            "executors of Spark have clientindex 1",
        ),
        (
            f"{ABORTED}\nCaused by: java.lang.OutOfMemoryError: Java heap space\n\tat x.Y\n",
            "Spark has not enough memory: OutOfMemoryError: Java heap space. Give it more by "
            "--conf spark.executor.memory=4g",
        ),
        (
            f"{ABORTED}\nCaused by: a.b.C: first\n\tat x\nCaused by: d.E: column: [a]\n\tat y\n",
            "Spark gave up: E: column: [a]. Spark's own words",
        ),
        (f"{ABORTED}.", f"Spark gave up: {ABORTED}. Spark's own words"),
        ("\n", "Spark gave up: no reason given."),
    ],
)
def test_the_reason_and_the_remedy_are_told(told: str, words: str) -> None:
    assert describe_failure(told).startswith(words)


def test_why_spark_did_not_start_is_told() -> None:
    told = "An error occurred\n: org.apache.spark.SparkException: Could not parse Master URL: 'x'\n"
    assert describe_start(told) == (
        "SparkException: Could not parse Master URL: 'x'. See --master and --conf"
    )
    told = "x\n: java.lang.IllegalStateException: Cannot call methods on a stopped SparkContext.\n"
    assert describe_start(told).startswith("no cluster answers there. Check the address")


def test_a_master_is_found_in_settings_then_in_the_machines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SPARK_CONF_DIR", raising=False)
    monkeypatch.delenv("SPARK_HOME", raising=False)
    assert find_master({}) == "local[*]"
    conf = tmp_path / "conf"
    conf.mkdir()
    text = "# spark.master yarn\nspark.app.name x\nspark.master   spark://host:7077\n"
    (conf / "spark-defaults.conf").write_text(text, encoding="utf-8")
    monkeypatch.setenv("SPARK_HOME", str(tmp_path))
    assert find_master({}) == "spark://host:7077"
    assert find_master({"spark.master": "yarn"}) == "yarn"
    monkeypatch.setenv("SPARK_CONF_DIR", str(tmp_path))
    assert find_master({}) == "local[*]"
