"""Make the passports of an edition: in batches, in processes, and only those not there yet."""

from __future__ import annotations

import os
import signal
from collections import deque
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from multiprocessing import get_context, parent_process
from threading import Thread
from typing import TYPE_CHECKING, Any, Final

from clientindex.errors import RenderError
from clientindex.files import write_whole
from clientindex.publishing.file_record import FileRecord, FilesMade
from clientindex.publishing.passports.compile import PageCompiler
from clientindex.threads import get_threads

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
    from concurrent.futures import Future
    from pathlib import Path

    from clientindex.results import Bundle

    Page = dict[str, Any]
    Batch = list[tuple[str, Page]]
    Tell = Callable[[int, int], None]

RECORD_NAME: Final = "passports.json"
MOST_PROCESSES: Final = 8
"""More would wait for the one that writes pages."""
BATCH: Final = 16
"""Pages that a process makes before it tells of them."""
SINGLE: Final = 8
"""Up to so many pages are made here: starting processes would take longer."""
LONGEST_NAME: Final = 80
NAMED_AT_MOST: Final = 5


@dataclass(slots=True)
class Made:
    """Files of a batch by their hashes, and what typst said of those it refused."""

    files: dict[str, str] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)


def write_passports(
    bundle: Bundle,
    folder: Path,
    *,
    made_from: str,
    languages: Sequence[str],
    centres: Collection[str],
    complete: bool = False,
    tell: Tell | None = None,
) -> FilesMade:
    """Write ``<language>/<code>.pdf`` of every centre that is not there as it would be written.

    Parameters
    ----------
    bundle : Bundle
    folder : Path
        Made when absent; receives ``passports.json``, too, the record of its files.
    made_from : str
        Hash of all that can change a page: of the bundle, the program and its packages.
    languages : sequence of {"ru", "en"}
    centres : collection of str
        Codes.
    complete : bool
        These are all centres: files of others that a former run left are deleted.
    tell : callable, optional
        Told the number of pages that are done, and of all, whenever some are.

    Returns
    -------
    FilesMade

    Raises
    ------
    RenderError
        The folder cannot be written, a process was killed, or typst refuses a page; then all others
        are made all the same.
        Whatever happens, finished files stay and the next run takes them as they are.
    """
    try:
        return _write(
            bundle,
            folder,
            made_from=made_from,
            wanted={lang: {name_file(lang, code): code for code in centres} for lang in languages},
            complete=complete,
            tell=tell or _say_nothing,
        )
    except BrokenProcessPool as error:
        msg = (
            f"{folder}: a process that makes passports was ended from outside (is memory short?). "
            "Finished files stay; run the command again."
        )
        raise RenderError(msg) from error
    except OSError as error:
        msg = (
            f"{folder}: passports cannot be written ({error.strerror or error}). Make the folder "
            "writable or name another one with --output; finished files stay."
        )
        raise RenderError(msg) from error


def name_file(language: str, centre: str) -> str:
    """Return the path of a passport below its folder.

    Letters, digits, dots, hyphens and underscores of the code stay; other signs become % and their
    code, so that different centres have different files on every system.

    Examples
    --------
    >>> name_file("ru", "R25-009"), name_file("en", "../a b")
    ('ru/R25-009.pdf', 'en/%2E./%2Fa%20b.pdf')
    """
    plain = "".join(_write_sign(sign, at) for at, sign in enumerate(centre))
    if len(plain) > LONGEST_NAME:
        plain = f"{plain[:LONGEST_NAME]}-{sha256(centre.encode()).hexdigest()[:12]}"
    return f"{language}/{plain}.pdf"


def _write_sign(sign: str, at: int) -> str:
    if sign.isalnum() or sign in "-_" or (sign == "." and at > 0):
        return sign
    return "".join(f"%{byte:02X}" for byte in sign.encode("utf-8", "replace"))


def _say_nothing(done: int, total: int) -> None:
    del done, total


def _write(
    bundle: Bundle,
    folder: Path,
    *,
    made_from: str,
    wanted: dict[str, dict[str, str]],
    complete: bool,
    tell: Tell,
) -> FilesMade:
    for language in wanted:
        (folder / language).mkdir(parents=True, exist_ok=True)
    record = FileRecord.load(folder, RECORD_NAME)
    names = [name for files in wanted.values() for name in files]
    there = {name for name in names if record.holds(name, made_from=made_from)}
    total, done = len(names), len(there)
    tell(done, total)
    refused: dict[str, str] = {}
    batches = _cut(_list_pages(bundle, wanted, there))
    makers = 1 if total - done <= SINGLE else min(MOST_PROCESSES, get_threads())
    with _start(makers, day=bundle.edition.published, folder=folder) as submit:
        for made in _collect(submit, batches, ahead=2 * makers):
            record.add(made.files, made_from=made_from)
            refused |= made.refused
            done += len(made.files) + len(made.refused)
            tell(done, total)
    _tell_refused(refused)
    deleted = record.drop_others(names, languages=wanted) if complete else 0
    return FilesMade(folder=folder, written=total - len(there), kept=len(there), deleted=deleted)


def _list_pages(
    bundle: Bundle, wanted: dict[str, dict[str, str]], there: Collection[str]
) -> Iterator[tuple[str, Page]]:
    """Give the pages that are lacking, with the paths of their files."""
    from clientindex.publishing.passports.pages import write_pages

    for language, files in wanted.items():
        lacking = {code: name for name, code in files.items() if name not in there}
        if lacking:
            for code, page in write_pages(bundle, language, centres=lacking):
                yield lacking[code], page


def _cut(pages: Iterable[tuple[str, Page]]) -> Iterator[Batch]:
    batch: Batch = []
    for page in pages:
        batch.append(page)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


@contextmanager
def _start(
    makers: int, *, day: dt.date, folder: Path
) -> Iterator[Callable[[Batch], Callable[[], Made]]]:
    """Give what takes a batch and returns how to get what was made of it."""
    if makers == 1:
        compiler = PageCompiler(day)
        yield lambda batch: lambda: _make(batch, compiler, folder)
        return
    pool = ProcessPoolExecutor(
        makers, mp_context=get_context("spawn"), initializer=_prepare, initargs=(day, folder)
    )
    try:
        yield lambda batch: _get(pool.submit(_make_there, batch))
    finally:
        pool.shutdown(cancel_futures=True)


def _get(future: Future[Made]) -> Callable[[], Made]:
    return future.result


def _collect(
    submit: Callable[[Batch], Callable[[], Made]], batches: Iterator[Batch], *, ahead: int
) -> Iterator[Made]:
    """Give what was made of every batch, in order; only so many are written ahead."""
    waiting: deque[Callable[[], Made]] = deque()
    for batch in batches:
        waiting.append(submit(batch))
        if len(waiting) >= ahead:
            yield waiting.popleft()()
    while waiting:
        yield waiting.popleft()()


_HERE: dict[str, Any] = {}
"""Compiler and folder of a process that makes pages."""


def _prepare(day: dt.date, folder: Path) -> None:
    """Make the compiler of a process; an interruption is left to the process that waits.

    Where that one is killed, this one ends too: it would wait for work for ever.
    """
    Thread(target=_end_with_parent, daemon=True).start()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.environ.setdefault("RAYON_NUM_THREADS", "1")
    _HERE["compiler"], _HERE["folder"] = PageCompiler(day), folder


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _make_there(batch: Batch) -> Made:
    return _make(batch, _HERE["compiler"], _HERE["folder"])


def _make(batch: Batch, compiler: PageCompiler, folder: Path) -> Made:
    made = Made()
    for name, page in batch:
        try:
            content = compiler.compile(page)
        except RenderError as error:
            made.refused[name] = str(error)
            continue
        write_whole(content, folder / name)
        made.files[name] = sha256(content).hexdigest()
    return made


def _tell_refused(refused: dict[str, str]) -> None:
    if not refused:
        return
    some = "; ".join(f"{name}: {said}" for name, said in list(refused.items())[:NAMED_AT_MOST])
    msg = f"{len(refused)} passports were not made, all others were. {some}"
    raise RenderError(msg)
