"""How many threads and processes the program may use: one number, asked wherever work is shared.

It is that of the option ``--threads``, else of the environment variable, which child processes
inherit, else the number of processors that this process may use. No result depends on it. Work
that is shared inside of shared work is done by whoever has it, so the number is never exceeded.
"""

from __future__ import annotations

import math
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from clientindex.errors import ThreadsError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

Task = TypeVar("Task")
Done = TypeVar("Done")

VARIABLE: Final = "CLIENTINDEX_THREADS"

CONTROL_GROUP: Final = Path("/sys/fs/cgroup")
"""Where Linux tells how much processor time a container may use."""

_OWN = threading.local()


def get_threads() -> int:
    """Return how many threads may work now: 1 inside of shared work.

    Raises
    ------
    ThreadsError
        If the environment variable holds no whole number from 1.
    """
    if getattr(_OWN, "is_shared", False):
        return 1
    return read_limit()


def read_limit() -> int:
    """Return how many threads the program may use.

    Raises
    ------
    ThreadsError
        If the environment variable holds no whole number from 1.
    """
    text = os.environ.get(VARIABLE, "").strip()
    if not text:
        return count_processors()
    if not text.isdecimal() or int(text) < 1:
        msg = f"{VARIABLE} is {text!r}; give a whole number of threads from 1, or unset it"
        raise ThreadsError(msg)
    return int(text)


@contextmanager
def use_threads(number: int | None) -> Iterator[None]:
    """Bound the threads of this process and of those that it starts; None leaves all as it is."""
    if number is None:
        yield
        return
    former = os.environ.get(VARIABLE)
    os.environ[VARIABLE] = str(number)
    try:
        yield
    finally:
        if former is None:
            del os.environ[VARIABLE]
        else:
            os.environ[VARIABLE] = former


def map_in_threads(work: Callable[[Task], Done], tasks: Iterable[Task]) -> list[Done]:
    """Return what was made of every task, in their order.

    Parameters
    ----------
    work : callable
        Of one task alone, so that no result depends on others.
    tasks : iterable
    """
    waiting = list(tasks)
    number = min(get_threads(), len(waiting))
    if number < 2:
        return [work(task) for task in waiting]
    with ThreadPoolExecutor(number, initializer=_mark_shared) as pool:
        return list(pool.map(work, waiting))


def run_in_threads(tasks: Iterable[Callable[[], Done]]) -> list[Done]:
    """Call every task; return what they gave, in their order."""
    return map_in_threads(lambda task: task(), tasks)


def _mark_shared() -> None:
    _OWN.is_shared = True


@cache
def count_processors() -> int:
    """Return the number of processors that this process may use, at least 1."""
    if hasattr(os, "sched_getaffinity"):
        present = len(os.sched_getaffinity(0))
    else:
        present = os.cpu_count() or 1
    quota = read_quota(CONTROL_GROUP)
    return present if quota is None else max(1, min(present, math.ceil(quota)))


def read_quota(folder: Path) -> float | None:
    """Return how many processors a control group may use, None where it is not bounded."""
    for names in (("cpu.max",), ("cpu/cpu.cfs_quota_us", "cpu/cpu.cfs_period_us")):
        try:
            words = " ".join((folder / name).read_text(encoding="ascii") for name in names).split()
            time, period = int(words[0]), int(words[1])
        except (OSError, ValueError, IndexError):
            continue
        if time > 0 and period > 0:
            return time / period
    return None
