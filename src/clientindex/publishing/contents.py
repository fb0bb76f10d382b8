"""The table of contents of a DOCX, filled in.

Pandoc writes an empty field that only Word fills, after asking. Here the entries are there from
the start, and their page numbers are fields that Word and LibreOffice compute when they open it.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

from clientindex.publishing.crossref import heading_numbers
from clientindex.publishing.nodes import plain_text, raw_inline, styled, words

if TYPE_CHECKING:
    from clientindex.publishing.pandoc import Node
    from clientindex.publishing.settings import Settings

_LONGEST_BOOKMARK: Final = 40
_FIELD_CHARACTER: Final = '<w:r><w:fldChar w:fldCharType="{0}"{1}/></w:r>'
_INSTRUCTION: Final = '<w:r><w:instrText xml:space="preserve"> {0} </w:instrText></w:r>'


def build_contents(blocks: list[Node], settings: Settings) -> list[Node]:
    """Build title and entries of the table of contents.

    Parameters
    ----------
    blocks : list[Node]
        Document body.
    settings : Settings
        Title and depth of the table of contents, and whether headings are numbered.

    Returns
    -------
    list[Node]
        Paragraphs; empty without headings.
    """
    listed = [b for b in blocks if b["t"] == "Header" and b["c"][0] <= settings.toc_depth]
    if not listed:
        return []
    numbers = heading_numbers(blocks) if settings.number_sections else {}
    entries = [_entry(heading, numbers.get(heading["c"][1][0], "")) for heading in listed]
    title: Node = {"t": "Para", "c": words(settings.toc_title)}
    lines = [
        styled([{"t": "Para", "c": entry}], f"toc {heading['c'][0]}")
        for heading, entry in zip(listed, entries, strict=True)
    ]
    return [styled([title], "TOC Heading"), *lines]


def _entry(heading: Node, number: str) -> list[Node]:
    identifier, text = heading["c"][1][0], plain_text(heading["c"][2])
    label = words(f"{number}\u2003{text}" if number else text)
    link: Node = {"t": "Link", "c": [["", [], []], label, [f"#{identifier}", ""]]}
    page = _field_start(f"PAGEREF {_bookmark(identifier)} \\h")
    end = _FIELD_CHARACTER.format("end", "")
    return [link, _openxml(f"<w:r><w:tab/></w:r>{page}{end}")]


def _field_start(instruction: str) -> str:
    begin = _FIELD_CHARACTER.format("begin", ' w:dirty="true"')
    return begin + _INSTRUCTION.format(instruction) + _FIELD_CHARACTER.format("separate", "")


def _bookmark(identifier: str) -> str:
    """Name a bookmark as Pandoc does: long names are hashed, because Word cuts them off."""
    if len(identifier) <= _LONGEST_BOOKMARK and identifier[:1].isalpha():
        return identifier
    digest = hashlib.sha1(identifier.encode(), usedforsecurity=False).hexdigest()
    return f"X{digest[1:]}"


def _openxml(text: str) -> Node:
    return raw_inline(text, kind="openxml")
