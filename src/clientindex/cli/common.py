"""What the commands share: editions by name, and errors in words instead of tracebacks."""

from __future__ import annotations

import signal
import sys
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from threading import current_thread, main_thread
from typing import TYPE_CHECKING, Final, ParamSpec

import click

from clientindex.errors import ClientIndexError, EditionError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from clientindex.publishing.file_record import FilesMade

P = ParamSpec("P")

STOPPED: Final = (
    "Stopped. What was published or computed before is as it was; run the command again to go on."
)

EDITIONS_FOLDER = Path("editions")
SIGNALLED: Final = 128
"""Exit codes of programs that a signal ended are this and its number."""


class Stopped(KeyboardInterrupt):
    """The process was asked to end, as by `kill` without a number or by a scheduler."""


def tell_errors(command: Callable[P, None]) -> Callable[P, None]:
    """Turn errors that the user can mend, and interruptions, into words and an exit code."""

    @wraps(command)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            with _heed_termination():
                command(*args, **kwargs)
        except ClientIndexError as exc:
            click.echo(f"Error: {exc}", err=True)
            sys.exit(exc.exit_code)
        except KeyboardInterrupt as exc:
            click.echo(STOPPED, err=True)
            number = signal.SIGTERM if isinstance(exc, Stopped) else signal.SIGINT
            sys.exit(SIGNALLED + number)

    return wrapper


@contextmanager
def _heed_termination() -> Iterator[None]:
    """Clear up after a request to end as after Ctrl-C; without this the process is gone at once."""
    if current_thread() is not main_thread():
        yield
        return
    former = signal.signal(signal.SIGTERM, _stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, former)


def _stop(number: int, frame: object) -> None:
    del number, frame
    raise Stopped


def find_edition(name: str) -> Path:
    """Return the edition file for a path, or for a bare name in ./editions.

    Raises
    ------
    EditionError
        If there is none; the message lists the editions there are.
    """
    path = Path(name)
    if path.suffix in (".yml", ".yaml"):
        return path
    candidate = EDITIONS_FOLDER / f"{name}.yml"
    if not candidate.exists():
        known = ", ".join(sorted(p.stem for p in EDITIONS_FOLDER.glob("*.yml"))) or "none"
        msg = (
            f"no edition {name!r} in {EDITIONS_FOLDER}/ (there: {known}); or give a path to a .yml"
        )
        raise EditionError(msg)
    return candidate


def show_path(path: Path) -> str:
    """Return a path as short as it can be read from here."""
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def tell_files(what: str, done: FilesMade, *, gone: str, seconds: float) -> None:
    """Tell where files are, and how many of them were written, found there and deleted."""
    click.echo(f"{what}: {show_path(done.folder)}")
    deleted = f", {done.deleted} {gone} deleted" if done.deleted else ""
    click.echo(f"{done.written} written, {done.kept} kept{deleted} ({seconds:.1f} s)")


edition_argument = click.argument("edition", metavar="EDITION")
