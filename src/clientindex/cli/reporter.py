"""Progress for people: a bar on a terminal, one sparse line a step anywhere else."""

from __future__ import annotations

import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

if TYPE_CHECKING:
    from collections.abc import Iterator

    from clientindex.pipeline.progress import Reporter


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
