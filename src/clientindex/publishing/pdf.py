"""Write PDF with typst and the page template that Quarto uses too."""

from __future__ import annotations

import shutil
from importlib import resources
from typing import TYPE_CHECKING, Any, Final

import typst

from clientindex.errors import RenderError
from clientindex.publishing.callouts import write_callouts
from clientindex.publishing.columns import (
    SERIF_PAGE,
    align_columns,
    break_long_words,
    set_widths,
    text_size,
)
from clientindex.publishing.document import alternative, replace_page_breaks
from clientindex.publishing.fonts import find_fonts
from clientindex.publishing.nodes import raw, raw_inline, replace_nodes
from clientindex.publishing.pandoc import refuse_warnings, run_pandoc

if TYPE_CHECKING:
    from pathlib import Path

    from clientindex.publishing.document import Document
    from clientindex.publishing.pandoc import Node

_PAGE_BREAK: Final = raw("#pagebreak(weak: true)", kind="typst")


def write_pdf(document: Document, target: Path) -> None:
    """Write a tagged PDF.

    Parameters
    ----------
    document : Document
        Finished document.
    target : Path
        File to write.

    Raises
    ------
    RenderError
        A template or image is missing, Pandoc warns, or typst refuses; the message is typst's.
    """
    folder = document.folder
    source = folder / "rendered-document.typ"
    source.write_text(_typst_source(document), encoding="utf-8")
    try:
        typst.compile(
            str(source),
            output=str(target),
            root=str(folder),
            font_paths=find_fonts(),
            ignore_system_fonts=True,
            timestamp=document.settings.timestamp,
            pdf_standards=["ua-1"],
        )
    except typst.TypstError as error:
        msg = f"typst: {error}"
        raise RenderError(msg) from error


def _typst_source(document: Document) -> str:
    settings = document.settings
    blocks = write_callouts(document.blocks, to="typst", titles=settings.locale.callouts)
    blocks = replace_nodes(replace_nodes(blocks, _describe), _shape_table)
    blocks = replace_page_breaks(replace_nodes(blocks, _style_notes), [_PAGE_BREAK])
    template = _stage_template(document)
    arguments = [*document.common_arguments(), "-t", "typst-citations", f"--template={template}"]
    text = document.as_json(blocks, **_metadata(document))
    output, complaint = run_pandoc(text, arguments, folder=document.folder)
    refuse_warnings(complaint)
    return output


def _metadata(document: Document) -> dict[str, Any]:
    """Name things as Quarto does, so that one template serves both."""
    settings = document.settings
    authors = [{"name": {"literal": name}} for name in settings.authors]
    numbering = {"section-numbering": "1.1.1"} if settings.number_sections else {}
    return {"by-author": authors, "toc-depth": settings.toc_depth, **numbering}


def _stage_template(document: Document) -> str:
    """Put our frame beside the two shared partials and return its path."""
    partials = document.settings.formats.get("typst", {}).get("template-partials", [])
    names = partials if isinstance(partials, list) else []
    absent = [str(name) for name in names if not (document.folder / str(name)).is_file()]
    if absent or not names:
        trouble = f"{absent[0]} does not exist" if absent else "names no file"
        msg = f"format: typst: template-partials: {trouble}; see _quarto.yml"
        raise RenderError(msg)
    place = (document.folder / str(names[0])).parent
    assets = resources.files("clientindex.publishing") / "assets"
    for name in ("frame.typ", "definitions.typ"):
        with resources.as_file(assets / name) as path:
            shutil.copy(path, place / f"embedded-{name}")
    return str(place / "embedded-frame.typ")


def _describe(node: Node) -> list[Node] | None:
    """Write what PDF/UA asks for and Pandoc leaves out: descriptions of images and formulas."""
    if node["t"] == "Math":
        opening = f"#described({_quoted(node['c'][1])})["
        return [raw_inline(opening, kind="typst"), node, raw_inline("]", kind="typst")]
    if node["t"] != "Image":
        return None
    pairs = dict(map(tuple, node["c"][0][2]))
    width = f", width: {pairs['width']}" if "width" in pairs else ""
    path, alt = _quoted(node["c"][2][0]), _quoted(alternative(node))
    return [raw_inline(f"#box(image({path}, alt: {alt}{width}))", kind="typst")]


def _quoted(text: str) -> str:
    return '"' + " ".join(text.replace("\\", "\\\\").replace('"', '\\"').split()) + '"'


def _style_notes(node: Node) -> list[Node] | None:
    if node["t"] != "Div" or "table-with-notes" not in node["c"][0][1]:
        return None
    opening, closing = raw("#table-note[", kind="typst"), raw("]", kind="typst")
    return [p for b in node["c"][1] for p in ([opening, b, closing] if b["t"] == "Para" else [b])]


def _shape_table(node: Node) -> list[Node] | None:
    if node["t"] != "Table":
        return None
    table = set_widths(align_columns(break_long_words(node)), page=SERIF_PAGE)
    size = text_size(table, page=SERIF_PAGE)
    (identifier, classes, pairs), *rest = table["c"]
    attr = [identifier, classes, [*pairs, ["typst:text:size", f"{size:g}pt"]]]
    return [{"t": "Table", "c": [attr, *rest]}]
