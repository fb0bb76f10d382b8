"""Make the reports of regions of an edition: two at a time, and only those not there yet."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Event, Thread
from typing import TYPE_CHECKING, Final

from clientindex.errors import ClientIndexError, RenderError
from clientindex.files import write_whole
from clientindex.publishing.choice import choose_renderer
from clientindex.publishing.file_record import FileRecord, FilesMade
from clientindex.publishing.front_page import describe_region_page
from clientindex.publishing.place_names import find_place_names
from clientindex.publishing.regions.choose import list_regions
from clientindex.publishing.regions.names import name_files
from clientindex.threads import get_threads

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    from clientindex.publishing.choice import RendererName, RendererWish
    from clientindex.results import Bundle

    Tell = Callable[[int, int], None]

RECORD_NAME: Final = "regions.json"
FORMATS: Final = ("html", "pdf")
KINDS: Final = ("svg",)
"""Images that these formats need."""
MOST_WORKERS: Final = 4
"""Each has a kernel of some hundred megabytes."""
SINGLE: Final = 4
"""Up to so many reports are made one after another: a second kernel would take longer to start."""
NAMED_AT_MOST: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A report that is to be made: a region in a language, and its files below the folder."""

    region: str
    language: str
    files: tuple[str, ...]
    metadata: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """Files of a report by their hashes, or what was said of one that could not be made."""

    job: Job
    files: dict[str, str] = field(default_factory=dict)
    trouble: str = ""


def write_regions(
    bundle: Bundle,
    folder: Path,
    *,
    reports: Path,
    made_from: str,
    languages: Sequence[str],
    regions: Collection[str],
    complete: bool = False,
    renderer: RendererWish = "auto",
    tell: Tell | None = None,
) -> FilesMade:
    """Write HTML and PDF of every region that is not there as it would be written.

    Parameters
    ----------
    bundle : Bundle
    folder : Path
        Made when absent; receives ``regions.json``, too, the record of its files.
    reports : Path
        Folder of the sources ``region.<language>.qmd``.
    made_from : str
        Hash of all that can change a report: of the bundle, the program and its packages, the
        sources and the renderer.
    languages : sequence of {"ru", "en"}
    regions : collection of str
        Names as in the register.
    complete : bool
        These are all regions: files of others that a former run left are deleted.
    renderer : {"auto", "quarto", "embedded"}
    tell : callable, optional
        Told the number of reports that are done, and of all, whenever one is.

    Returns
    -------
    FilesMade

    Raises
    ------
    RenderError
        The folder cannot be written, or a report cannot be made; then all others are made all the
        same. Whatever happens, finished files stay and the next run takes them as they are.
    """
    jobs = list(_plan(bundle, languages=languages, regions=regions))
    try:
        return _write(
            jobs,
            folder,
            bundle=bundle,
            reports=reports,
            made_from=made_from,
            complete=complete,
            renderer=choose_renderer(renderer).name,
            tell=tell or _say_nothing,
        )
    except OSError as error:
        msg = (
            f"{folder}: reports of regions cannot be written ({error.strerror or error}). Make the "
            "folder writable or name another one with --output; finished files stay."
        )
        raise RenderError(msg) from error


def _say_nothing(done: int, total: int) -> None:
    del done, total


def _plan(bundle: Bundle, *, languages: Sequence[str], regions: Collection[str]) -> Iterator[Job]:
    """List the reports; names of files do not depend on which regions are asked for."""
    names = name_files(list_regions(bundle))
    called = {
        language: find_place_names(bundle.results, language).regions for language in languages
    }
    for region in regions:
        for language in languages:
            shown = called[language].get(region, region)
            yield Job(
                region=region,
                language=language,
                files=tuple(f"{language}/{names[region]}.{to}" for to in FORMATS),
                metadata=describe_region_page(bundle, region=shown, language=language),
            )


def _write(
    jobs: list[Job],
    folder: Path,
    *,
    bundle: Bundle,
    reports: Path,
    made_from: str,
    complete: bool,
    renderer: RendererName,
    tell: Tell,
) -> FilesMade:
    languages = {job.language for job in jobs}
    for language in languages:
        (folder / language).mkdir(parents=True, exist_ok=True)
    record = FileRecord.load(folder, RECORD_NAME)
    lacking = [
        job
        for job in jobs
        if not all(record.holds(name, made_from=made_from) for name in job.files)
    ]
    total, done = len(jobs), len(jobs) - len(lacking)
    tell(done, total)
    refused: list[str] = []

    def make(job: Job) -> dict[str, str]:
        contents = _render(job, bundle=bundle, reports=reports, renderer=renderer)
        for name, content in contents.items():
            write_whole(content, folder / name)
        return {name: sha256(content).hexdigest() for name, content in contents.items()}

    for made in _work(lacking, make):
        if made.trouble:
            refused.append(f"{made.job.region} ({made.job.language}): {made.trouble}")
        else:
            record.add(made.files, made_from=made_from)
        done += 1
        tell(done, total)
    _tell_refused(refused)
    kept = [name for job in jobs for name in job.files]
    deleted = record.drop_others(kept, languages=languages) if complete else 0
    written = len(lacking)
    return FilesMade(folder=folder, written=written, kept=total - written, deleted=deleted)


def _render(job: Job, *, bundle: Bundle, reports: Path, renderer: RendererName) -> dict[str, bytes]:
    """Render a report aside and return its files."""
    from clientindex.publishing.render import render_document

    parameters = {"bundle": str(bundle.folder), "language": job.language, "region": job.region}
    with tempfile.TemporaryDirectory(prefix="clientindex-region-") as aside:
        rendered = render_document(
            reports / f"region.{job.language}.qmd",
            output_dir=Path(aside),
            formats=FORMATS,
            parameters=parameters,
            metadata=job.metadata,
            renderer=renderer,
        )
        return {
            name: rendered.paths[to].read_bytes()
            for name, to in zip(job.files, FORMATS, strict=True)
        }


def _work(jobs: list[Job], make: Callable[[Job], dict[str, str]]) -> Iterator[Made]:
    """Give what was made of every job, as it comes; each worker keeps one kernel for all of its.

    Where the caller stops, workers finish what they are at and take nothing more.
    """
    waiting: SimpleQueue[Job] = SimpleQueue()
    for job in jobs:
        waiting.put(job)
    finished: SimpleQueue[Made | BaseException] = SimpleQueue()
    stop = Event()
    threads = [
        Thread(target=_serve, args=(waiting, finished, make, stop), daemon=True)
        for _ in range(1 if len(jobs) <= SINGLE else min(MOST_WORKERS, get_threads()))
    ]
    for thread in threads:
        thread.start()
    try:
        for _ in jobs:
            made = finished.get()
            if isinstance(made, BaseException):
                raise made
            yield made
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def _serve(
    waiting: SimpleQueue[Job],
    finished: SimpleQueue[Made | BaseException],
    make: Callable[[Job], dict[str, str]],
    stop: Event,
) -> None:
    """Make what waits until nothing does; what is no fault of a report ends the whole run."""
    from clientindex.publishing.kernel import share_kernel

    try:
        with share_kernel(kinds=KINDS):
            while not stop.is_set() and (job := _take(waiting)) is not None:
                finished.put(_make(job, make))
    except BaseException as error:  # noqa: BLE001  # the thread that waits raises it
        finished.put(error)


def _take(waiting: SimpleQueue[Job]) -> Job | None:
    try:
        return waiting.get_nowait()
    except Empty:
        return None


def _make(job: Job, make: Callable[[Job], dict[str, str]]) -> Made:
    try:
        return Made(job=job, files=make(job))
    except ClientIndexError as error:
        return Made(job=job, trouble=str(error))


def _tell_refused(refused: Sequence[str]) -> None:
    if not refused:
        return
    some = "; ".join(refused[:NAMED_AT_MOST])
    msg = f"{len(refused)} reports of regions were not made, all others were. {some}"
    raise RenderError(msg)
