"""Render a document: the one call that the rest of the program needs."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from clientindex.errors import RenderError
from clientindex.files import clear_unfinished
from clientindex.publishing.choice import Renderer, RendererWish, choose_renderer
from clientindex.publishing.embedded import render_embedded
from clientindex.publishing.quarto_cli import render_with_quarto
from clientindex.publishing.settings import check_metadata
from clientindex.publishing.staging import staged_source

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

FORMATS: Final = ("html", "pdf", "docx")
_ASIDE: Final = ".rendering-"


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderedDocument:
    """What was written.

    Attributes
    ----------
    paths : Mapping[str, Path]
        File by format.
    renderer : Renderer
        What wrote it.
    seconds : float
        Wall-clock time.
    """

    paths: Mapping[str, Path]
    renderer: Renderer
    seconds: float


def render_document(
    source: Path,
    *,
    output_dir: Path,
    formats: Sequence[str],
    parameters: Mapping[str, object],
    metadata: Mapping[str, object],
    renderer: RendererWish = "auto",
) -> RenderedDocument:
    """Render a document to files named like the source.

    Parameters
    ----------
    source : Path
        The ``.qmd`` file. Cells run in a copy of its folder: paths in parameters are absolute.
    output_dir : Path
        Folder for the files, made when absent.
    formats : Sequence[str]
        Of ``html``, ``pdf`` and ``docx``.
    parameters : Mapping[str, object]
        Values for the cell tagged ``parameters``.
    metadata : Mapping[str, object]
        Title, subtitle, author or date instead of those in the document. The date is never today.
    renderer : {"auto", "quarto", "embedded"}, optional
        See :func:`choose_renderer`.

    Returns
    -------
    RenderedDocument

    Raises
    ------
    RenderError
        Anything is wrong with the document or the folder. Former files are then left as they were:
        all formats are written aside and moved into place together.
    """
    started = time.perf_counter()
    _check_formats(formats)
    check_metadata(metadata)
    chosen = choose_renderer(renderer)
    render = render_with_quarto if chosen.name == "quarto" else render_embedded
    aside = _make_aside(output_dir)
    try:
        with staged_source(Path(source), parameters) as (copy, parsed):
            written = render(copy, parsed, formats=formats, metadata=metadata, folder=aside)
        paths = {to: _move(path, output_dir) for to, path in written.items()}
    except OSError as error:
        msg = f"{Path(source).name}: cannot be written: {error.strerror or error}"
        raise RenderError(msg) from error
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return RenderedDocument(paths=paths, renderer=chosen, seconds=time.perf_counter() - started)


def _check_formats(formats: Sequence[str]) -> None:
    unknown = [to for to in formats if to not in FORMATS]
    if unknown or not formats or isinstance(formats, str):
        msg = f"formats {formats!r}: give some of {', '.join(FORMATS)}"
        raise RenderError(msg)


def _make_aside(output_dir: Path) -> Path:
    """Make a folder on the same file system, so that moving cannot fail half-way."""
    try:
        output_dir.mkdir(parents=True, exist_ok=True)
        clear_unfinished(output_dir, prefix=_ASIDE)
        prefix = f"{_ASIDE}{os.getpid()}-"
        return Path(tempfile.mkdtemp(prefix=prefix, dir=output_dir)).resolve()
    except OSError as error:
        msg = f"cannot write to the output folder {output_dir}: {error.strerror}"
        raise RenderError(msg) from error


def _move(path: Path, output_dir: Path) -> Path:
    target = output_dir / path.name
    try:
        path.replace(target)
    except OSError as error:
        msg = f"cannot write {target}: {os.strerror(error.errno or 0)}"
        raise RenderError(msg) from error
    return target
