"""From a bundle to documents and tables; nothing is rendered twice."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Literal

from clientindex.errors import ReproductionError
from clientindex.hashing import hash_file, hash_mapping
from clientindex.pipeline.fingerprint import (
    PRESENTING_PACKAGES,
    hash_code,
    hash_reports,
    versions_of,
)
from clientindex.pipeline.hold import hold_output
from clientindex.pipeline.progress import Reporter, SilentReporter
from clientindex.pipeline.swap import write_folders_aside
from clientindex.reproduction.record import (
    PublicationRecord,
    hash_published,
    list_published,
    load_record,
    write_record,
)
from clientindex.threads import get_threads

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from clientindex.edition import Edition
    from clientindex.publishing.choice import Renderer
    from clientindex.results import Bundle

MOST_KERNELS = 4
"""Documents that are rendered at once at most: each has a kernel of some hundred megabytes."""

RendererWish = Literal["auto", "quarto", "embedded"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """Documents and tables of an edition.

    Attributes
    ----------
    documents, tables : tuple of Path
        Files, sorted by name.
    renderer : str
        Name and version of the renderer that wrote the documents.
    rendered : bool
        False when nothing had changed since the last time.
    seconds : float
    """

    documents: tuple[Path, ...]
    tables: tuple[Path, ...]
    renderer: str
    rendered: bool
    seconds: float


def publish_edition(
    edition: Edition,
    *,
    renderer: RendererWish = "auto",
    reporter: Reporter | None = None,
    force: bool = False,
) -> Publication:
    """Render every document of an edition in every language and format, and write its tables.

    Parameters
    ----------
    edition : Edition
        Its bundle must be complete (see :func:`clientindex.pipeline.run.run_edition`).
    renderer : {"auto", "quarto", "embedded"}
    reporter : Reporter, optional
    force : bool
        Render even when nothing changed.

    Returns
    -------
    Publication

    Raises
    ------
    RenderError, WordingError, BundleError
        The former documents stay as they were.
    """
    from clientindex.publishing.choice import choose_renderer

    started = time.perf_counter()
    listener = reporter or SilentReporter()
    chosen = choose_renderer(renderer)
    listener.say(f"renderer: {chosen}")
    label = f"{chosen.name} {chosen.version}"
    with hold_output(edition):
        fingerprint = fingerprint_publication(edition, renderer=label)
        rendered = force or not _is_current(edition, fingerprint)
        if rendered:
            _render(edition, renderer=chosen, reporter=listener, fingerprint=fingerprint)
    return Publication(
        documents=list_published(edition.documents_dir),
        tables=list_published(edition.tables_dir),
        renderer=label,
        rendered=rendered,
        seconds=time.perf_counter() - started,
    )


def fingerprint_publication(edition: Edition, *, renderer: str) -> str:
    """Return one SHA-256 over everything that can change a published file.

    Raises
    ------
    OSError
        There is no bundle, or a file cannot be read.
    """
    return hash_mapping(
        {
            "bundle": hash_file(edition.results_dir / "manifest.json"),
            "code": hash_code(presentation=True),
            "packages": versions_of(PRESENTING_PACKAGES),
            "renderer": renderer,
            "sources": hash_reports(edition.reports),
        }
    )


def is_published(edition: Edition) -> bool:
    """Return whether documents and tables are those that the bundle and the program would give."""
    try:
        renderer = load_record(edition.documents_dir).renderer
        return _is_current(edition, fingerprint_publication(edition, renderer=renderer))
    except (OSError, ReproductionError):
        return False


def _is_current(edition: Edition, fingerprint: str) -> bool:
    try:
        record = load_record(edition.documents_dir)
        files = hash_published(edition.documents_dir, edition.tables_dir)
    except (OSError, ReproductionError):
        return False
    return record.fingerprint == fingerprint and record.files == files


def _render(edition: Edition, *, renderer: Renderer, reporter: Reporter, fingerprint: str) -> None:
    from clientindex.publishing.shelf import open_shelf
    from clientindex.publishing.table_files import write_tables
    from clientindex.results import load_bundle

    bundle = load_bundle(edition.results_dir)
    with (
        write_folders_aside(edition.documents_dir, edition.tables_dir) as (documents, tables),
        open_shelf(),
    ):
        jobs = _plan_documents(edition, bundle, documents, renderer=renderer.name)
        jobs["tables"] = lambda: write_tables(bundle, tables, languages=edition.languages)
        _run_jobs(jobs, reporter)
        record = PublicationRecord(
            fingerprint=fingerprint,
            renderer=f"{renderer.name} {renderer.version}",
            presentation_sha256=hash_code(presentation=True),
            sources=hash_reports(edition.reports),
            packages=versions_of(PRESENTING_PACKAGES),
            results=bundle.manifest.made_from,
            files=hash_published(documents, tables),
        )
        write_record(record, documents)


def _plan_documents(
    edition: Edition, bundle: Bundle, folder: Path, *, renderer: RendererWish
) -> dict[str, Callable[[], object]]:
    """Return what renders each document in each language, by what the reader is told.

    The longest come first, so that no processor is idle at the end: the same document in every
    language, then those that find most of their figures drawn.
    """
    formats = ", ".join(edition.formats)
    size = {name: _measure(edition, name) for name in edition.documents}
    return {
        f"{name}.{language}: {formats}": partial(
            _render_one, edition, bundle, folder, name=name, language=language, renderer=renderer
        )
        for name in sorted(edition.documents, key=lambda name: -size[name])
        for language in edition.languages
    }


def _measure(edition: Edition, name: str) -> int:
    """Return the bytes of a document's sources; a missing one is told when it is rendered."""
    sources = (edition.reports / f"{name}.{language}.qmd" for language in edition.languages)
    return sum(path.stat().st_size for path in sources if path.is_file())


def _run_jobs(jobs: Mapping[str, Callable[[], object]], reporter: Reporter) -> None:
    """Do everything, several things at a time: documents wait for their kernels most of the time.

    After a fault or an interruption what has not begun is left out.
    """
    with ThreadPoolExecutor(max_workers=min(MOST_KERNELS, get_threads())) as pool:
        futures = {title: pool.submit(job) for title, job in jobs.items()}
        try:
            for title, future in futures.items():
                with reporter.step(title):
                    future.result()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _render_one(
    edition: Edition,
    bundle: Bundle,
    folder: Path,
    *,
    name: str,
    language: str,
    renderer: RendererWish,
) -> None:
    from clientindex.publishing.front_page import describe_front_page
    from clientindex.publishing.render import render_document

    render_document(
        edition.reports / f"{name}.{language}.qmd",
        output_dir=folder,
        formats=edition.formats,
        parameters={"bundle": str(bundle.folder), "language": language},
        metadata=describe_front_page(bundle, document=name, language=language),
        renderer=renderer,
    )
