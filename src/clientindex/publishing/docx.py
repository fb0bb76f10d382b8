"""Write DOCX with the styles of the reference document."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING, Final

from clientindex.publishing.assemble import FIGURES
from clientindex.publishing.callouts import write_callouts
from clientindex.publishing.columns import align_numbers, set_widths
from clientindex.publishing.document import replace_page_breaks, write_alternatives
from clientindex.publishing.nodes import raw, replace_nodes
from clientindex.publishing.pandoc import refuse_warnings, run_pandoc

if TYPE_CHECKING:
    from pathlib import Path

    from clientindex.publishing.document import Document
    from clientindex.publishing.pandoc import Node

_PAGE_BREAK: Final = raw('<w:p><w:r><w:br w:type="page"/></w:r></w:p>', kind="openxml")
_ZIP_DATE: Final = (1980, 1, 1, 0, 0, 0)


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
    blocks = write_callouts(document.blocks, to="docx", titles=document.settings.locale.callouts)
    blocks = replace_nodes(write_alternatives(blocks, rename=_bitmap), _shape_table)
    blocks = replace_page_breaks(blocks, [_PAGE_BREAK])
    reference = document.asset("docx", "reference-doc")
    arguments = [
        *document.common_arguments(),
        *("-t", "docx", f"--reference-doc={reference}", f"--output={target}"),
    ]
    _, complaint = run_pandoc(
        document.as_json(blocks),
        arguments,
        folder=document.folder,
        timestamp=document.settings.timestamp,
    )
    refuse_warnings(complaint)
    fix_zip_dates(target)


def fix_zip_dates(path: Path) -> None:
    """Rewrite a zip archive with one date for all entries, so that equal content is equal bytes.

    Parameters
    ----------
    path : Path
        Archive, changed in place.
    """
    with zipfile.ZipFile(path) as archive:
        entries = [(info.filename, archive.read(info)) for info in archive.infolist()]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries:
            info = zipfile.ZipInfo(name, date_time=_ZIP_DATE)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, content)


def _bitmap(target: str) -> str:
    return f"{target[:-4]}.png" if target.startswith(f"{FIGURES}/") else target


def _shape_table(node: Node) -> list[Node] | None:
    return [set_widths(align_numbers(node))] if node["t"] == "Table" else None
