"""Words for work that Spark gave up."""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from clientindex.errors import ClusterError

if TYPE_CHECKING:
    from collections.abc import Iterator

_OWN: Final = re.compile(r"^clientindex\.errors\.ClusterError: (?P<told>.+)$", re.MULTILINE)
_NO_PACKAGE: Final = re.compile(r"No module named '(?P<name>[\w.]+)'")
_NO_MEMORY: Final = re.compile(r"OutOfMemoryError|exceeded memory|maxResultSize")
_CAUSE: Final = re.compile(r"^(?:Caused by)?: (?:[\w$]+\.)*(.+)$", re.MULTILINE)
_ADVICE: Final = "Spark's own words, with --conf spark.log.level=WARN, say more."


@contextmanager
def tell_failure() -> Iterator[None]:
    """Turn an error of Spark into words for people.

    Raises
    ------
    ClusterError
        If Spark gave up the work inside.
    """
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    try:
        yield
    except (PySparkException, Py4JError) as exc:
        raise ClusterError(describe_failure(_read_error(exc))) from exc


def _read_error(exc: Exception) -> str:
    """Return what an error says, which some ask the driver for, and it may be gone."""
    try:
        return str(exc)
    except Exception:  # noqa: BLE001 - whatever happens, the error itself is what matters
        return "its driver ended. With a local master, memory may have run out: OutOfMemoryError"


def describe_failure(told: str) -> str:
    """Return what happened and what to do, from what Spark said."""
    own = _OWN.search(told)
    if own is not None:
        return own["told"]
    lacking = _NO_PACKAGE.search(told)
    if lacking is not None:
        return (
            f"executors of Spark have no package {lacking['name']!r}: give them this environment, "
            "as README.md says under 'On a cluster'"
        )
    reason = find_reason(told)
    if _NO_MEMORY.search(told):
        return (
            f"Spark has not enough memory: {reason}. Give it more by --conf "
            "spark.executor.memory=4g, or --conf spark.driver.memory=4g with a local master"
        )
    return f"Spark gave up: {reason}. {_ADVICE}"


def find_reason(told: str) -> str:
    """Return the cause that stands last in what Spark said, or else the first line."""
    causes = _CAUSE.findall(told)
    lines = [line.strip() for line in told.splitlines() if line.strip()]
    return str((causes or lines or ["no reason given"])[-1 if causes else 0]).rstrip(".")
