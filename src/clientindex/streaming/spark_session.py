"""Open a session of Spark, on this machine or on a cluster that somebody else runs.

Spark schedules, moves and repeats the work; here it is only told what it cannot know: which Python
to use, what counts must not depend on, and that on one machine nobody else should be listened to.
"""

from __future__ import annotations

import importlib.util
import logging
import os
import re
import shutil
import subprocess
import sys
import warnings
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from clientindex.errors import ClusterError
from clientindex.streaming.spark_failure import find_reason

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

LEAST_JAVA: Final = 17
"""What Spark 4 needs."""

LOCAL_FAILURES: Final = 4
"""How often a task may fail in local mode; a cluster's own default. Spark's is once."""

FIXED: Final = {
    # Times in Parquet files are written in this zone, so that no text depends on a machine's zone.
    "spark.sql.session.timeZone": "UTC",
}
"""Settings that results depend on; nobody may set others."""

USUAL: Final = {
    # Failures of tasks are repeated by Spark, and what it gives up is told by the error.
    "spark.log.level": "FATAL",
    "spark.ui.showConsoleProgress": "false",
    # Rows that a worker is given at once; Spark's 10,000 has many more calls for the same rows.
    "spark.sql.execution.arrow.maxRecordsPerBatch": str(2**18),
    "spark.sql.execution.arrow.maxBytesPerBatch": str(2**25),
    # What is fetched at a time; Spark's 64 MB do not fit into its usual heap of 1 GB.
    "spark.sql.adaptive.advisoryPartitionSizeInBytes": "16m",
    "spark.sql.adaptive.coalescePartitions.parallelismFirst": "false",
}
"""Settings that only cost depends on; ``--conf`` changes them."""

USUAL_LOCAL: Final = {
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.ui.enabled": "false",
    # Executors are in the driver here.
    "spark.driver.memory": "2g",
}
"""Further ones where everything runs on this machine: no port is open to others."""

_THIS_MACHINE: Final = {
    "SPARK_LOCAL_IP": USUAL_LOCAL["spark.driver.host"],
    "PYSPARK_PYTHON": sys.executable,
}
"""Variables that tell Spark what it takes from no setting: this address and this Python."""

_DRIVER_GONE: Final = (
    "the driver of Spark ended before its work did; nothing was written. A killed driver is often "
    "one without memory left: give it more by --conf spark.driver.memory=4g"
)
_STOPPED: Final = "stopped SparkContext"
"""What Spark says once it has waited for a cluster in vain."""

_LOGGERS: Final = ("DataFrameQueryContextLogger", "SQLQueryContextLogger")
"""They print every error that is raised as well."""

_PANDAS: Final = "PySpark does not yet fully support pandas"
_LOCAL: Final = re.compile(r"local(\[(?P<workers>\d+|\*)\])?")


@contextmanager
def open_session(master: str, *, settings: Mapping[str, str]) -> Iterator[Any]:
    """Yield a session and stop it afterwards, unless it was there before.

    Parameters
    ----------
    master : str
        Where Spark runs, as Spark writes it: ``local[2]``, ``spark://host:7077``, ``yarn``,
        ``k8s://https://host:443``; "" = as :func:`find_master` finds.
    settings : mapping
        Settings by their names in Spark; they go before :data:`USUAL`.

    Yields
    ------
    pyspark.sql.SparkSession

    Raises
    ------
    ClusterError
        If PySpark or Java is not here, Java is too old, a setting must not be changed, Spark does
        not start, or its driver is killed while the session is used.
    """
    check_spark()
    master = master or find_master(settings)
    chosen = choose_settings(master, settings)
    names = _THIS_MACHINE if is_local(master) else {}
    with _set_variables(names), ignore_pandas_version(), _hush():
        session, is_own = _start(allow_failures(master), chosen)
        try:
            yield session
        except ConnectionError as exc:
            # What the gateway to Java raises once the other end is gone.
            raise ClusterError(_DRIVER_GONE) from exc
        finally:
            if is_own:
                with suppress(ConnectionError):
                    session.stop()


def find_master(settings: Mapping[str, str]) -> str:
    """Return the master that settings, or the machine's own settings of Spark, name.

    The machine's stand in ``spark-defaults.conf`` of the folder SPARK_CONF_DIR, or of ``conf`` in
    SPARK_HOME; without any it is this machine.
    """
    if "spark.master" in settings:
        return settings["spark.master"]
    home = os.environ.get("SPARK_HOME")
    folder = os.environ.get("SPARK_CONF_DIR") or (home and str(Path(home) / "conf"))
    path = Path(folder or "") / "spark-defaults.conf"
    lines = path.read_text(encoding="utf-8").splitlines() if folder and path.is_file() else []
    for line in lines:
        found = re.fullmatch(r"\s*spark\.master[\s=:]+(\S+)\s*", line)
        if found is not None:
            return found[1]
    return "local[*]"


def is_local(master: str) -> bool:
    """Return whether driver and executors are on this machine."""
    return master.startswith("local")


def allow_failures(master: str) -> str:
    """Return the master with failures of tasks allowed where local mode would give up at the first.

    Examples
    --------
    >>> allow_failures("local[2]"), allow_failures("local[2,1]"), allow_failures("yarn")
    ('local[2,4]', 'local[2,1]', 'yarn')
    """
    found = _LOCAL.fullmatch(master)
    return master if found is None else f"local[{found['workers'] or 1},{LOCAL_FAILURES}]"


def choose_settings(master: str, settings: Mapping[str, str]) -> dict[str, str]:
    """Return all settings of a session, those that the user gives among them.

    Raises
    ------
    ClusterError
        If the user gives one of :data:`FIXED` another value.
    """
    for name, value in FIXED.items():
        if settings.get(name, value) != value:
            msg = f"{name}={settings[name]} would change results; leave it out (it is {value} here)"
            raise ClusterError(msg)
    local = USUAL_LOCAL if is_local(master) else {}
    return {**USUAL, **local, **settings, **FIXED}


def check_spark() -> None:
    """Check that Spark can start here.

    Raises
    ------
    ClusterError
        If PySpark or Java is not here, or Java is too old; the message says what to install.
    """
    if importlib.util.find_spec("pyspark") is None:
        msg = "the engine 'spark' needs PySpark, which is not installed here: run 'make spark'"
        raise ClusterError(msg)
    java = find_java()
    if java is None:
        where = "in JAVA_HOME" if os.environ.get("JAVA_HOME") else "on PATH or in JAVA_HOME"
        msg = (
            f"the engine 'spark' needs Java {LEAST_JAVA} or newer, and none is {where}. On Debian "
            "and Ubuntu: apt install openjdk-17-jre-headless"
        )
        raise ClusterError(msg)
    version = read_java_version(java)
    if version < LEAST_JAVA:
        msg = f"{java} is Java {version}; the engine 'spark' needs Java {LEAST_JAVA} or newer"
        raise ClusterError(msg)


def find_java() -> Path | None:
    """Return the Java that Spark would start: that of JAVA_HOME where it is set, else of PATH."""
    home = os.environ.get("JAVA_HOME")
    found = shutil.which("java", path=None if not home else str(Path(home) / "bin"))
    return None if found is None else Path(found)


def read_java_version(java: Path) -> int:
    """Return the version of a Java, 0 where it does not say; 8 and older call themselves 1.8."""
    done = subprocess.run([java, "-version"], capture_output=True, text=True, check=False)
    found = re.search(r'version "(?:1\.)?(\d+)', done.stderr)
    return 0 if found is None else int(found[1])


@contextmanager
def ignore_pandas_version() -> Iterator[None]:
    """Leave out that PySpark was not made for this pandas: data go as Arrow, never as pandas."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=_PANDAS, category=FutureWarning)
        yield


@contextmanager
def _hush() -> Iterator[None]:
    """Leave the printing of errors to whoever catches them."""
    loggers = [logging.getLogger(name) for name in _LOGGERS]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)


@contextmanager
def _set_variables(names: Mapping[str, str]) -> Iterator[None]:
    """Set variables of the environment that the user has not set, and take them away again."""
    added = {name: value for name, value in names.items() if name not in os.environ}
    os.environ.update(added)
    try:
        yield
    finally:
        for name in added:
            os.environ.pop(name, None)


def _start(master: str, settings: Mapping[str, str]) -> tuple[Any, bool]:
    """Return a session, and whether it was started now."""
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException
    from pyspark.sql import SparkSession

    is_own = SparkSession.getActiveSession() is None
    builder = SparkSession.builder.master(master).appName("clientindex")
    for name, value in settings.items():
        builder = builder.config(name, value)
    try:
        return builder.getOrCreate(), is_own
    except (PySparkException, Py4JError) as exc:
        msg = f"Spark does not start with the master {master!r}: {describe_start(str(exc))}"
        raise ClusterError(msg) from exc


def describe_start(told: str) -> str:
    """Return why Spark did not start and what to do, from what it said."""
    if _STOPPED in told:
        return (
            "no cluster answers there. Check the address, that the cluster runs, and that it can "
            "reach this machine (--conf spark.driver.host=...)"
        )
    return f"{find_reason(told)}. See --master and --conf"
