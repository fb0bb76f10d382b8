"""Work shared among threads, results in the order of the work whatever their number."""

from __future__ import annotations

from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

from clientindex.errors import StatisticsError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

Task = TypeVar("Task")
Done = TypeVar("Done")

AHEAD = 2
"""Tasks a worker that may be done before their turn: bounds the memory of results that wait."""


def work_through(
    tasks: Iterable[Task], work: Callable[[Task], Done], *, workers: int
) -> Iterator[Done]:
    """Yield the results of tasks in their order.

    Parameters
    ----------
    tasks : iterable
    work : function
        Of one task alone, so that no result depends on others.
    workers : int
        Threads; compiled loops let them run at once.

    Raises
    ------
    StatisticsError
        If there is not at least one worker.
    """
    if workers < 1:
        msg = f"work needs at least one worker, got {workers}"
        raise StatisticsError(msg)
    if workers == 1:
        yield from map(work, tasks)
        return
    with ThreadPoolExecutor(workers) as pool:
        waiting: deque[Future[Done]] = deque()
        for task in tasks:
            waiting.append(pool.submit(work, task))
            if len(waiting) >= AHEAD * workers:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
