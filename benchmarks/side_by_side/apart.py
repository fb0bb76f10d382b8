"""A function called in a process of its own, so that memory and what is compiled are its own."""

from __future__ import annotations

import multiprocessing

from frame.memory import read_peak


def run_apart(function, *arguments, **options):
    """Call a function of a module in a fresh process and return what it returned.

    Raises
    ------
    SystemExit
        With the exit code of the process, if it fails.
    """
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_answer, args=(sender, function, arguments, options))
    process.start()
    sender.close()
    try:
        found = receiver.recv()
    except EOFError:
        found = None
    process.join()
    if process.exitcode:
        raise SystemExit(process.exitcode)
    return found


def read_peak_gb():
    """Return the peak of memory of this process in GB."""
    return read_peak() * 2**20 / 1e9


def _answer(sender, function, arguments, options):
    sender.send(function(*arguments, **options))
