"""A session of Spark: what is set, what is refused, and that work is repeated where it is lost."""

from __future__ import annotations

import importlib.util
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest

from clientindex.errors import ClusterError
from clientindex.streaming import spark_session
from clientindex.streaming.spark_session import (
    allow_failures,
    check_spark,
    choose_settings,
    ignore_pandas_version,
    read_java_version,
)

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.mark.parametrize(
    ("master", "expected"),
    [
        ("local", "local[1,4]"),
        ("local[2]", "local[2,4]"),
        ("local[*]", "local[*,4]"),
        ("local[2,1]", "local[2,1]"),
        ("local-cluster[2,1,1024]", "local-cluster[2,1,1024]"),
        ("spark://host:7077", "spark://host:7077"),
    ],
)
def test_local_mode_repeats_failed_tasks_as_a_cluster_does(master: str, expected: str) -> None:
    assert allow_failures(master) == expected


def test_on_one_machine_nothing_listens_to_others() -> None:
    chosen = choose_settings("local[2]", {})
    assert chosen["spark.driver.host"] == chosen["spark.driver.bindAddress"] == "127.0.0.1"
    assert chosen["spark.ui.enabled"] == "false"


def test_a_cluster_keeps_its_own_hosts() -> None:
    assert not choose_settings("yarn", {}).keys() & spark_session.USUAL_LOCAL.keys()


def test_what_the_user_sets_goes_before_what_is_usual() -> None:
    chosen = choose_settings("local[2]", {"spark.ui.enabled": "true", "spark.log.level": "INFO"})
    assert (chosen["spark.ui.enabled"], chosen["spark.log.level"]) == ("true", "INFO")


def test_a_setting_that_would_change_results_is_refused() -> None:
    with pytest.raises(ClusterError, match=r"Asia/Omsk would change results; leave it out"):
        choose_settings("yarn", {"spark.sql.session.timeZone": "Asia/Omsk"})


def _place_java(folder: Path, says: str) -> Path:
    java = folder / "bin" / "java"
    java.parent.mkdir()
    java.write_text(f"#!/bin/sh\necho '{says}' >&2\n", encoding="utf-8")
    java.chmod(0o755)
    return java


@pytest.mark.parametrize(
    ("says", "version"),
    [
        ('openjdk version "17.0.15" 2025-04-15', 17),
        ('java version "1.8.0_402"', 8),
        ('openjdk version "21" 2023-09-19', 21),
        ("no such thing", 0),
    ],
)
def test_the_version_of_java_is_read(tmp_path: Path, says: str, version: int) -> None:
    assert read_java_version(_place_java(tmp_path, says)) == version


def _pretend_pyspark(monkeypatch: pytest.MonkeyPatch, *, there: bool) -> None:
    spec = importlib.util.find_spec("json") if there else None
    monkeypatch.setattr(spark_session.importlib.util, "find_spec", lambda _name: spec)


def test_without_pyspark_the_error_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    _pretend_pyspark(monkeypatch, there=False)
    with pytest.raises(ClusterError, match="needs PySpark, which is not installed here: run 'make"):
        check_spark()


def test_without_java_the_error_says_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    _pretend_pyspark(monkeypatch, there=True)
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    with pytest.raises(ClusterError, match=r"Java 17 or newer, and none is in JAVA_HOME.*apt inst"):
        check_spark()
    monkeypatch.delenv("JAVA_HOME")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ClusterError, match="none is on PATH or in JAVA_HOME"):
        check_spark()


def test_an_old_java_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    _pretend_pyspark(monkeypatch, there=True)
    _place_java(tmp_path, 'java version "1.8.0_402"')
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    with pytest.raises(ClusterError, match="is Java 8; the engine 'spark' needs Java 17 or newer"):
        check_spark()


@pytest.mark.spark
def test_workers_run_the_python_of_the_driver(spark: Any) -> None:
    def name(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for _ in batches:
            yield pa.record_batch({"python": pa.array([sys.prefix])})

    with ignore_pandas_version():
        rows = spark.range(0, 1, 1, 1).mapInArrow(name, "python string").collect()
    assert [Path(row.python).resolve() for row in rows] == [Path(sys.prefix).resolve()]


@pytest.mark.spark
def test_a_killed_worker_is_replaced_and_its_rows_count_once(spark: Any, tmp_path: Path) -> None:
    killed = tmp_path / "killed"

    def count(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            if not killed.exists() and batch.column("id")[0].as_py() >= 500:
                killed.touch()
                os.kill(os.getpid(), signal.SIGKILL)
            yield pa.record_batch({"n": pa.array([batch.num_rows], pa.int64())})

    with ignore_pandas_version():
        rows = spark.range(0, 1000, 1, 4).mapInArrow(count, "n long").collect()
    assert killed.exists()
    assert sum(row.n for row in rows) == 1000


def test_checks_of_tables_leave_the_address_of_spark_alone() -> None:
    """In a process of its own, since pandera sets it when it is first imported."""
    program = (
        "import os; from clientindex.intake.schema import _build_schemas; _build_schemas(5); "
        "print(os.environ.get('SPARK_LOCAL_IP'))"
    )
    quiet = ("-W", "ignore")
    clean = {name: value for name, value in os.environ.items() if name != "SPARK_LOCAL_IP"}
    for given in (None, "10.0.0.7"):
        environment = clean if given is None else {**clean, "SPARK_LOCAL_IP": given}
        done = subprocess.run(
            [sys.executable, *quiet, "-c", program],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout.strip() == str(given)
