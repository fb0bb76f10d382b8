"""A companion process that answers calls, so that long work runs beside that of this process.

It is started from scratch: a fork of a process with threads may hang, and a spawned one would run
the main module of whoever calls us. It ends when whoever started it does. Arrays travel as they
are, without a copy in between.
"""

from __future__ import annotations

import os
import pickle
import struct
import subprocess
import sys
import time
from importlib import import_module
from threading import Thread
from typing import IO, TYPE_CHECKING, Any, Final, TypeVar

from threadpoolctl import threadpool_limits

from clientindex.errors import StatisticsError
from clientindex.pipeline.freed_memory import keep_freed_memory
from clientindex.threads import VARIABLE

if TYPE_CHECKING:
    from collections.abc import Callable

Value = TypeVar("Value")

LOOK_EVERY_S = 0.5
"""How often the process looks whether it is still wanted."""

_LENGTH: Final = struct.Struct("<Q")

_KEPT: dict[str, Any] = {}
"""What a companion keeps between calls."""


class Companion:
    """A process that does one call after another.

    Parameters
    ----------
    threads : int
        How many threads it may use.
    prepare : str, optional
        "module:function", which it calls before the first question, while this process does
        something else.
    """

    def __init__(self, *, threads: int = 1, prepare: str = "") -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "clientindex.pipeline.aside", prepare],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, VARIABLE: str(threads)},
        )

    def call(self, function: Callable[..., Value], *args: Any, **kwargs: Any) -> Value:
        """Call a function there and return its value.

        Parameters
        ----------
        function : callable
            Of a module, with arguments and a value that can be pickled.

        Raises
        ------
        StatisticsError
            If the process ended without an answer, for example because memory ran out.
        Exception
            What the function raised.
        """
        questions, answers = self._process.stdin, self._process.stdout
        if questions is None or answers is None:
            raise self._tell_end()
        try:
            _send(questions, (function, args, kwargs))
            failed, value = _receive(answers)
        except (OSError, EOFError, pickle.UnpicklingError):
            raise self._tell_end() from None
        if failed:
            raise value
        found: Value = value
        return found

    def stop(self) -> None:
        """End the process; what it is at is not wanted any more."""
        self._process.kill()
        self._process.wait()
        for channel in (self._process.stdin, self._process.stdout):
            if channel is not None:
                _close_quietly(channel)

    def _tell_end(self) -> StatisticsError:
        code = self._process.wait()
        msg = (
            f"a stage that ran in a process of its own ended without an answer (exit code "
            f"{code}). Free memory and run the edition again."
        )
        return StatisticsError(msg)


def keep(name: str, make: Callable[..., Any], *args: Any, **kwargs: Any) -> None:
    """Make something and keep it in this process, for :func:`call_kept`."""
    _KEPT[name] = make(*args, **kwargs)


def call_kept(name: str, method: str, *args: Any) -> Any:
    """Call a method of what is kept in this process."""
    return getattr(_KEPT[name], method)(*args)


def _close_quietly(channel: IO[bytes]) -> None:
    try:
        channel.close()
    except BrokenPipeError:
        return


def _send(channel: IO[bytes], message: Any) -> None:
    buffers: list[pickle.PickleBuffer] = []
    body = pickle.dumps(message, protocol=5, buffer_callback=buffers.append)
    parts = [memoryview(body), *(buffer.raw() for buffer in buffers)]
    channel.write(_LENGTH.pack(len(parts)))
    for part in parts:
        channel.write(_LENGTH.pack(part.nbytes))
        channel.write(part)
    channel.flush()


def _receive(channel: IO[bytes]) -> Any:
    """Return the next message.

    Raises
    ------
    EOFError
        If the channel ends before it.
    """
    body, *buffers = [_read(channel) for _ in range(_read_length(channel))]
    return pickle.loads(body, buffers=buffers)


def _read(channel: IO[bytes]) -> bytearray:
    content = bytearray(_read_length(channel))
    _fill(channel, memoryview(content))
    return content


def _read_length(channel: IO[bytes]) -> int:
    content = bytearray(_LENGTH.size)
    _fill(channel, memoryview(content))
    return int(_LENGTH.unpack(content)[0])


def _fill(channel: IO[bytes], place: memoryview) -> None:
    at = 0
    while at < len(place):
        got: int = channel.readinto(place[at:])  # type: ignore[attr-defined]  # pipes have it
        if not got:
            raise EOFError
        at += got


def _answer_questions(prepare: str) -> None:
    """Do what standard input asks, one call after another, and answer on standard output."""
    Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    keep_freed_memory()
    questions, answers = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr
    if prepare:
        module, _, function = prepare.partition(":")
        getattr(import_module(module), function)()
    with threadpool_limits(limits=1):
        while True:
            try:
                function, args, kwargs = _receive(questions)
            except EOFError:
                return
            _send(answers, _answer(function, args, kwargs))
            del function, args, kwargs


def _answer(
    function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
) -> tuple[bool, Any]:
    """Return whether the call failed, and its value or exception."""
    try:
        return False, function(*args, **kwargs)
    except Exception as error:  # noqa: BLE001 - told to whoever asked
        return True, error


def _end_with(parent: int) -> None:
    """End this process when its parent has ended, killed or not: nobody would take the answer."""
    while os.getppid() == parent:
        time.sleep(LOOK_EVERY_S)
    os._exit(1)


if __name__ == "__main__":
    _answer_questions(sys.argv[1])
