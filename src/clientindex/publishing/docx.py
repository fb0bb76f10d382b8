"""Write DOCX with the styles of the reference document."""

from __future__ import annotations

import re
import zipfile
from typing import TYPE_CHECKING, Any, Final

from clientindex.publishing.assemble import FIGURES
from clientindex.publishing.callouts import AFTER_TABLE, write_callouts
from clientindex.publishing.columns import (
    WORD_MARGINS,
    WORD_PAGE,
    align_columns,
    break_long_words,
    set_widths,
    text_size,
)
from clientindex.publishing.contents import build_contents, place_contents
from clientindex.publishing.document import replace_page_breaks, write_alternatives
from clientindex.publishing.nodes import raw, replace_nodes, styled
from clientindex.publishing.pandoc import refuse_warnings, run_pandoc

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from clientindex.publishing.document import Document
    from clientindex.publishing.pandoc import Node

_PAGE_BREAK: Final = raw('<w:p><w:r><w:br w:type="page"/></w:r></w:p>', kind="openxml")
_ZIP_DATE: Final = (1980, 1, 1, 0, 0, 0)
_SHORT_TABLE: Final = 12
"""A table of so many rows is kept on one page."""
_BODY: Final = "word/document.xml"
_STYLED: Final = r'\s*<w:p>\s*<w:pPr>\s*<w:pStyle w:val="{0}" />\s*</w:pPr>.*?</w:p>'
_AUTHOR: Final = re.compile(_STYLED.format("Author"), re.DOTALL)
_TITLE: Final = re.compile(_STYLED.format("Title"), re.DOTALL)


def write_docx(document: Document, target: Path) -> None:
    """Write a text document.

    Parameters
    ----------
    document : Document
        Finished document.
    target : Path
        File to write.

    Raises
    ------
    RenderError
        The reference document or an image is missing, or Pandoc warns.
    """
    settings = document.settings
    contents = build_contents(document.blocks, settings) if settings.toc else []
    blocks = replace_nodes(write_alternatives(document.blocks, rename=_bitmap), _shape_table)
    blocks = write_callouts(blocks, to="docx", titles=settings.locale.callouts)
    blocks = replace_page_breaks(replace_nodes(blocks, _style_notes), [_PAGE_BREAK])
    reference = document.asset("docx", "reference-doc")
    numbers = ["--number-sections"] if settings.number_sections else []
    _, complaint = run_pandoc(
        document.as_json(place_contents(blocks, contents, page_break=_PAGE_BREAK)),
        [
            "-f",
            "json",
            "-t",
            "docx",
            f"--reference-doc={reference}",
            f"--output={target}",
            *numbers,
            *document.filter_arguments(),
        ],
        folder=document.folder,
        timestamp=settings.timestamp,
    )
    refuse_warnings(complaint)
    _change_body(target, lambda text: _keep_rows_whole(_begin_with_authors(text)))


def fix_zip_dates(path: Path) -> None:
    """Rewrite a zip archive with one date for all entries, so that equal content is equal bytes.

    Parameters
    ----------
    path : Path
        Archive, changed in place.
    """
    _rewrite(path, {})


def _change_body(path: Path, change: Callable[[str], str]) -> None:
    with zipfile.ZipFile(path) as archive:
        text = archive.read(_BODY).decode()
    _rewrite(path, {_BODY: change(text).encode()})


def _begin_with_authors(text: str) -> str:
    """Put the publisher above the title, as a title page has it; Pandoc writes it below."""
    authors = _AUTHOR.findall(text)
    return _TITLE.sub(lambda title: "".join(authors) + title[0], _AUTHOR.sub("", text), count=1)


def _keep_rows_whole(text: str) -> str:
    """Forbid page breaks inside table rows, which Pandoc has no option for."""
    text = text.replace("<w:tr><w:trPr>", "<w:tr><w:trPr><w:cantSplit />")
    return re.sub(r"<w:tr>(?!<w:trPr>)", "<w:tr><w:trPr><w:cantSplit /></w:trPr>", text)


def _rewrite(path: Path, changed: dict[str, bytes]) -> None:
    with zipfile.ZipFile(path) as archive:
        entries = {info.filename: archive.read(info) for info in archive.infolist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {**entries, **changed}.items():
            info = zipfile.ZipInfo(name, date_time=_ZIP_DATE)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, content)


def _bitmap(target: str) -> str:
    return f"{target[:-4]}.png" if target.startswith(f"{FIGURES}/") else target


def _style_notes(node: Node) -> list[Node] | None:
    """Give the paragraphs that stand with a table in one container the style of notes."""
    if node["t"] != "Div" or "table-with-notes" not in node["c"][0][1]:
        return None
    return [styled([b], "Table Note") if b["t"] == "Para" else b for b in node["c"][1]]


def _shape_table(node: Node) -> list[Node] | None:
    if node["t"] != "Table":
        return None
    table = align_columns(break_long_words(node))
    rows = sum(len(body[3]) for body in table["c"][4])
    together = " Together" if rows <= _SHORT_TABLE else ""
    style = f"Table Text {text_size(table, page=WORD_PAGE, margins=WORD_MARGINS):g}{together}"
    content = list(set_widths(table, page=WORD_PAGE, margins=WORD_MARGINS, fill_page=True)["c"])
    content[3] = [content[3][0], _styled_rows(content[3][1], style)]
    content[4] = [_styled_body(body, style) for body in content[4]]
    return [{"t": "Table", "c": content}, AFTER_TABLE]


def _styled_body(body: list[Any], style: str) -> list[Any]:
    return [*body[:2], _styled_rows(body[2], style), _styled_rows(body[3], style)]


def _styled_rows(rows: list[Any], style: str) -> list[Any]:
    return [
        [attr, [[*cell[:4], _styled_cell(cell[4], style)] for cell in cells]]
        for attr, cells in rows
    ]


def _styled_cell(blocks: list[Node], style: str) -> list[Node]:
    """Give the text of a cell the paragraph style of tables; Pandoc gives it that of lists."""
    loose = [{**b, "t": "Para"} if b["t"] == "Plain" else b for b in blocks]
    return [styled(loose, style)] if loose else []
