"""Progress for people: a bar on a terminal, one sparse line a step anywhere else."""

from __future__ import annotations

import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import click
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from clientindex.pipeline.progress import Reporter
    from clientindex.streaming.progress import Tell


@contextmanager
def make_reporter() -> Iterator[Reporter]:
    """Give the reporter that suits standard error, and close it at the end."""
    if not sys.stderr.isatty():
        yield LineReporter()
        return
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(bar_width=30),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True)) as progress:
        yield BarReporter(progress)


class BarReporter:
    """One line a step with a moving bar, kept when the step is done."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress

    @contextmanager
    def step(self, message: str) -> Iterator[None]:
        """Show a bar until the step ends."""
        task = self._progress.add_task(message, total=None)
        yield
        self._progress.update(task, total=1, completed=1)

    def say(self, message: str) -> None:
        """Print a line above the bars."""
        self._progress.console.print(message, highlight=False, markup=False)

    @contextmanager
    def count_rows(self, message: str) -> Iterator[Tell]:
        """Show a bar of the bytes that are read, with rows and rows a second."""
        started = time.perf_counter()
        task = self._progress.add_task(message, total=None)

        def tell(rows: int, done: int, total: int) -> None:
            told = f"{message}: {_tell_rows(rows, started)}"
            self._progress.update(task, description=told, completed=done, total=max(total, 1))

        yield tell
        self._progress.update(task, total=1, completed=1)


class LineReporter:
    """One line a step with its seconds, for logs."""

    @contextmanager
    def step(self, message: str) -> Iterator[None]:
        """Print the step and its seconds when it ends."""
        started = time.perf_counter()
        yield
        click.echo(f"{message}: {time.perf_counter() - started:.1f} s", err=True)

    def say(self, message: str) -> None:
        """Print a line."""
        click.echo(message, err=True)

    @contextmanager
    def count_rows(self, message: str) -> Iterator[Tell]:
        """Print the rows and rows a second now and then, and when all are read."""
        started = told = time.perf_counter()
        last = 0

        def tell(rows: int, done: int, total: int) -> None:
            nonlocal told, last
            last = rows
            if time.perf_counter() - told >= LINE_EVERY_S:
                told = time.perf_counter()
                share = 100 * done // max(total, 1)
                click.echo(f"{message}: {_tell_rows(rows, started)}, {share} %", err=True)

        yield tell
        click.echo(f"{message}: {_tell_rows(last, started)}", err=True)


def _tell_rows(rows: int, started: float) -> str:
    seconds = max(time.perf_counter() - started, 1e-3)
    return f"{rows:,} rows, {rows / seconds:,.0f} rows/s"


LINE_EVERY_S: Final = 10.0
"""How often a log is told how far the counting is."""

LINES: Final = 10
"""Lines that tell of pages where there is no terminal."""


@contextmanager
def count_pages(what: str) -> Iterator[Callable[[int, int], None]]:
    """Give what is told how many pages of all are done: a bar, or ten lines in a log."""
    if not sys.stderr.isatty():
        yield _LineCounter(what)
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(bar_width=30),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task(what, total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)


class _LineCounter:
    """A line every tenth of the work."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._told = -1

    def __call__(self, done: int, total: int) -> None:
        tenth = LINES * done // total if total else LINES
        if tenth > self._told and done:
            click.echo(f"{self._what}: {done} of {total}", err=True)
            self._told = tenth
