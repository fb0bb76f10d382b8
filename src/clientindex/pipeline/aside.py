"""Call a function in a process of its own, so that two long stages run side by side.

The process is started from scratch: a fork of a process with threads may hang, and a spawned one
would run the main module of whoever calls us. It ends when whoever started it does.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import time
from dataclasses import dataclass
from threading import Thread
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from threadpoolctl import threadpool_limits

from clientindex.errors import StatisticsError

if TYPE_CHECKING:
    from collections.abc import Callable

Value = TypeVar("Value")

FEWEST_PROCESSORS = 2
LOOK_EVERY_S = 0.5
"""How often the process looks whether it is still wanted."""


def has_room() -> bool:
    """Return whether a second process has a processor to run on."""
    return count_processors() >= FEWEST_PROCESSORS


def count_processors() -> int:
    """Return the number of processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@dataclass(slots=True, eq=False)
class Aside(Generic[Value]):
    """A call under way in another process."""

    _process: subprocess.Popen[bytes]
    _reader: Thread
    _answer: list[bytes]

    def result(self) -> Value:
        """Wait for the call and return its value.

        Raises
        ------
        StatisticsError
            If the process ended without an answer, for example because memory ran out.
        Exception
            What the function raised.
        """
        self._reader.join()
        code = self._process.wait()
        try:
            failed, value = pickle.loads(self._answer[0])
        except (EOFError, IndexError, pickle.UnpicklingError):
            msg = (
                f"a stage that ran in a process of its own ended without an answer (exit code "
                f"{code}). Free memory and run the edition again."
            )
            raise StatisticsError(msg) from None
        if failed:
            raise value
        found: Value = value
        return found

    def stop(self) -> None:
        """End the process; its answer is not wanted any more."""
        self._process.kill()
        self._reader.join()
        self._process.wait()


def call_aside(function: Callable[..., Value], *args: Any, **kwargs: Any) -> Aside[Value]:
    """Start a call in another process.

    Parameters
    ----------
    function : callable
        Of a module, with arguments and a value that can be pickled.

    Returns
    -------
    Aside
        With ``result()`` and ``stop()``; one of them must be called.
    """
    process = subprocess.Popen(
        [sys.executable, "-m", "clientindex.pipeline.aside"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    question = pickle.dumps((function, args, kwargs))
    answer: list[bytes] = []

    def talk() -> None:
        answer.append(process.communicate(question)[0])

    reader = Thread(target=talk, daemon=True)
    reader.start()
    return Aside(process, reader, answer)


def _answer_question() -> None:
    """Do what standard input asks, and write the value or the exception to standard output."""
    Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    channel = sys.stdout.buffer
    sys.stdout = sys.stderr
    function, args, kwargs = pickle.load(sys.stdin.buffer)
    answer: tuple[bool, Any]
    try:
        with threadpool_limits(limits=1):
            answer = (False, function(*args, **kwargs))
    except Exception as error:  # noqa: BLE001 - told to whoever asked
        answer = (True, error)
    channel.write(pickle.dumps(answer))
    channel.flush()


def _end_with(parent: int) -> None:
    """End this process when its parent has ended, killed or not: nobody would take the answer."""
    while os.getppid() == parent:
        time.sleep(LOOK_EVERY_S)
    os._exit(1)


if __name__ == "__main__":
    _answer_question()
