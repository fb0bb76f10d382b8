"""Where the contents stand, and the table of contents of a DOCX, filled in.

Pandoc writes an empty field that only Word fills, after asking. Here the entries are there from
the start, and their page numbers are fields that Word and LibreOffice compute when they open it.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

from clientindex.errors import RenderError
from clientindex.publishing.crossref import heading_numbers
from clientindex.publishing.nodes import plain_text, raw_inline, styled, walk, words

if TYPE_CHECKING:
    from collections.abc import Callable

    from clientindex.publishing.pandoc import Node
    from clientindex.publishing.settings import Settings

PLACE: Final = "contents-here"
"""Class of the container that stands where the contents go in PDF and DOCX."""

_LONGEST_BOOKMARK: Final = 40
_FIELD_CHARACTER: Final = '<w:r><w:fldChar w:fldCharType="{0}"{1}/></w:r>'
_INSTRUCTION: Final = '<w:r><w:instrText xml:space="preserve"> {0} </w:instrText></w:r>'


def is_place(node: Node) -> bool:
    """Return whether an element is the place of the contents."""
    return node["t"] == "Div" and PLACE in node["c"][0][1]


def check_contents(blocks: list[Node], settings: Settings, *, locate: Callable[..., str]) -> None:
    """Refuse a place of the contents where one renderer would write none, or two.

    Parameters
    ----------
    blocks : list[Node]
        Document body.
    settings : Settings
        Whether there are contents, and the settings of DOCX.
    locate : Callable[..., str]
        Finds spellings in the source.

    Raises
    ------
    RenderError
        There are two places, one inside another container, no contents, or contents of Quarto's
        own in DOCX too.
    """
    places = [node for node in walk(blocks) if is_place(node)]
    if not places:
        return
    docx = settings.formats.get("docx", {})
    wrong = {
        f"stands {len(places)} times; the contents have one place": len(places) > 1,
        "stands inside another container; it belongs between paragraphs": not any(
            map(is_place, blocks)
        ),
        "needs 'toc: true'": not settings.toc,
        "needs 'format: docx: toc: false', else Quarto writes contents twice": docx.get("toc")
        is not False,
    }
    for reason in (reason for reason, holds in wrong.items() if holds):
        msg = f"{locate(f'.{PLACE}', PLACE)}: .{PLACE} {reason}"
        raise RenderError(msg)


def place_contents(blocks: list[Node], contents: list[Node], *, page_break: Node) -> list[Node]:
    """Put the contents of a DOCX in their place, else between the title page and the text.

    Parameters
    ----------
    blocks : list[Node]
        Document body.
    contents : list[Node]
        Title and entries; empty for none.
    page_break : Node
        What begins a new page.

    Returns
    -------
    list[Node]
        New body. Text does not stand on the title page: either its heading begins a page of its
        own, or a break stands before it.
    """
    if not any(map(is_place, blocks)):
        return [*contents, page_break, *blocks]
    begins = blocks[0]["t"] == "Header" and "structural" in blocks[0]["c"][1][1]
    placed = [part for b in blocks for part in (contents if is_place(b) else [b])]
    return placed if begins else [page_break, *placed]


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
        Paragraphs; empty without headings. Headings of class ``unlisted`` are left out.
    """
    listed = [b for b in blocks if b["t"] == "Header" and _is_listed(b, settings.toc_depth)]
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


def _is_listed(heading: Node, depth: int) -> bool:
    level, (_, classes, _), _ = heading["c"]
    return level <= depth and "unlisted" not in classes


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
