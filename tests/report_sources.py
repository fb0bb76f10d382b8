"""What the sources of the reports say: headings, parts, labels and references."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from clientindex.publishing.typed_digits import CODE_BLOCK, list_prose

if TYPE_CHECKING:
    from clientindex.publishing.segments import Place, Source

PART = re.compile(r'"((?:paragraph|table|figure)\.\w+)"')
_HEADING = re.compile(r"^(#+)[ ]+(.*?)(?:[ ]*\{([^{}]*)\})?[ ]*$", re.M)
_LABEL = re.compile(r"\{#([\w-]+)")
_REFERENCE = re.compile(r"@((?:fig|tbl|sec)-[\w-]*\w)")
_ANCHOR = re.compile(r"\]\(#([\w-]+)\)")


def list_headings(source: Source) -> list[tuple[int, str]]:
    """Return level and attributes of every heading in order; the title is the language's own."""
    text = "".join(CODE_BLOCK.sub("", part.text) for part in list_prose(source))
    return [(len(m[1]), m[3] or "") for m in _HEADING.finditer(text)]


def list_parts(source: Source) -> list[str]:
    """Return the paragraphs, tables and figures that the cells show, in order."""
    return [name for cell in source.cells for name in PART.findall(cell.code)]


def list_labels(source: Source) -> set[str]:
    """Return the labels that references may lead to: written ones, and those of shown parts."""
    kinds = {"figure": "fig", "table": "tbl"}
    parts = (part.partition(".") for part in list_parts(source))
    shown = {f"{kinds[k]}-{n.replace('_', '-')}" for k, _, n in parts if k in kinds}
    written = {m for part in list_prose(source) for m in _LABEL.findall(part.text)}
    return shown | written | {cell.label for cell in source.cells if cell.label}


def find_dead_references(source: Source) -> list[tuple[str, Place]]:
    """Return references and links within the document that lead nowhere."""
    labels = list_labels(source)
    return [
        (name, part.place)
        for part in list_prose(source)
        for pattern in (_REFERENCE, _ANCHOR)
        for name in pattern.findall(CODE_BLOCK.sub("", part.text))
        if name not in labels
    ]
