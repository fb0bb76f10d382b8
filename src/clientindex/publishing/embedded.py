"""The embedded renderer: nbclient runs the cells, Pandoc and typst write the files."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

from clientindex.publishing.assemble import assemble, join_pieces, locate, name_line
from clientindex.publishing.citations import resolve_citations
from clientindex.publishing.contents import check_contents
from clientindex.publishing.crossref import number_document
from clientindex.publishing.document import Document
from clientindex.publishing.docx import write_docx
from clientindex.publishing.execute import execute_source
from clientindex.publishing.html import write_html
from clientindex.publishing.pandoc import read_markdown
from clientindex.publishing.pdf import write_pdf
from clientindex.publishing.settings import load_settings
from clientindex.publishing.subset import check_subset

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from clientindex.publishing.assemble import Piece
    from clientindex.publishing.segments import Source
    from clientindex.publishing.settings import Settings

_WRITERS: Final = {"html": write_html, "pdf": write_pdf, "docx": write_docx}


def render_embedded(
    copy: Path,
    source: Source,
    *,
    formats: Sequence[str],
    metadata: Mapping[str, object],
    folder: Path,
) -> dict[str, Path]:
    """Render a staged document.

    Parameters
    ----------
    copy : Path
        The document in its staged folder.
    source : Source
        What it says.
    formats : Sequence[str]
        Of ``html``, ``pdf`` and ``docx``.
    metadata : Mapping[str, object]
        Values that override the document's.
    folder : Path
        Where the files go.

    Returns
    -------
    dict[str, Path]
        File by format.

    Raises
    ------
    RenderError
        Anything is wrong with the document.
    """
    settings = load_settings(copy, source.front_matter, metadata=metadata)
    outputs = execute_source(source, folder=copy.parent, timestamp=settings.timestamp)
    pieces = assemble(source, outputs, folder=copy.parent, echo=settings.echo)
    document = build_document(pieces, settings, folder=copy.parent)
    targets = {to: folder / f"{copy.stem}.{to}" for to in formats}
    for to, target in targets.items():
        _WRITERS[to](document, target)
    return targets


def build_document(pieces: Sequence[Piece], settings: Settings, *, folder: Path) -> Document:
    """Read assembled Markdown and put every number, reference and citation in place.

    Parameters
    ----------
    pieces : Sequence[Piece]
        Markdown with its origin.
    settings : Settings
        Words, numbering and bibliography.
    folder : Path
        Staged folder.

    Returns
    -------
    Document

    Raises
    ------
    RenderError
        A construct is outside the subset, or a reference or citation has no target.
    """
    find = partial(locate, pieces)
    tree: dict[str, Any] = read_markdown(
        join_pieces(pieces), folder=folder, name_line=partial(name_line, pieces)
    )
    check_subset(tree["blocks"], locate=find)
    check_contents(tree["blocks"], settings, locate=find)
    blocks = number_document(
        tree["blocks"],
        crossref=settings.locale.crossref,
        number_sections=settings.number_sections,
        locate=find,
    )
    numbered = {**tree, "blocks": blocks}
    cited = resolve_citations(numbered, settings, folder=folder, locate=find)
    return Document(tree=cited, settings=settings, folder=folder)
