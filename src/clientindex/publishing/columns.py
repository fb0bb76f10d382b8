"""Alignment and widths of table columns, from what the cells hold."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from clientindex.publishing.nodes import plain_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from clientindex.publishing.pandoc import Node

PAGE_CHARACTERS: Final = 88
"""Characters of table text that fit across an A4 page at full size."""
_LONGEST: Final = 46
"""A column asks for no more than this; longer text wraps."""
_PADDING: Final = 3
_NUMBER: Final = re.compile(
    r"^[<>≤≥≈±~]?\s*[+\-−–]?\s*\d[\d\s\u00a0\u2009\u202f]*([.,]\d+)?\s*(%|‰|п\.\s?п\.|pp)?$"
)
_INTERVAL: Final = re.compile(
    r"^[\[(]?\s*[+\-−–]?[\d.,\s\u00a0\u2009\u202f]+\s*[%]?\s*([;–—…:]|to|до)"
    r"\s*[+\-−–]?[\d.,\s\u00a0\u2009\u202f]+%?\s*[\])]?$"
)
_NOTHING: Final = frozenset({"", "–", "—", "-", "…", "x", "×", "н/д", "n/a"})


def align_numbers(table: Node) -> Node:
    """Right-align the columns that hold numbers and have no alignment of their own.

    Parameters
    ----------
    table : Node
        Table element.

    Returns
    -------
    Node
        New table; cells that hold numbers, intervals or a dash for nothing count as numbers.
    """
    content = list(table["c"])
    columns = _columns(content)
    content[2] = [
        [{"t": "AlignRight"} if _is_free(spec) and _is_numeric(texts) else spec[0], spec[1]]
        for spec, texts in zip(content[2], columns, strict=True)
    ]
    return {"t": "Table", "c": content}


def needed_characters(table: Node) -> int:
    """Return how many characters a row needs when nothing but long text wraps."""
    return sum(_wishes(table))


def set_widths(table: Node) -> Node:
    """Give the columns relative widths by their content.

    Parameters
    ----------
    table : Node
        Table element.

    Returns
    -------
    Node
        New table as wide as the page when it needs more than the page, else unchanged shares of
        what it needs; a column is never narrower than its longest word.
    """
    content = list(table["c"])
    wishes = _wishes(table)
    total = max(sum(wishes), PAGE_CHARACTERS * 3 // 5)
    shares = [wish / total for wish in wishes]
    content[2] = [
        [spec[0], {"t": "ColWidth", "c": round(share, 4)}]
        for spec, share in zip(content[2], shares, strict=True)
    ]
    return {"t": "Table", "c": content}


def clear_widths(table: Node) -> Node:
    """Leave the widths to the reader's program, as a browser does best."""
    content = list(table["c"])
    content[2] = [[spec[0], {"t": "ColWidthDefault"}] for spec in content[2]]
    return {"t": "Table", "c": content}


def _is_free(spec: list[Node]) -> bool:
    return spec[0]["t"] == "AlignDefault"


def _is_numeric(texts: list[str]) -> bool:
    filled = [text for text in texts if text not in _NOTHING]
    return bool(filled) and all(bool(_NUMBER.match(t) or _INTERVAL.match(t)) for t in filled)


def _wishes(table: Node) -> list[int]:
    """Characters per column: the longest cell, up to a limit, but at least the longest word."""
    columns = _columns(table["c"], with_head=True)
    heads = _columns(table["c"], only_head=True)
    return [_wish(texts, head) for texts, head in zip(columns, heads, strict=True)]


def _wish(texts: list[str], head: list[str]) -> int:
    body = max((len(t) for t in texts if t not in head), default=1)
    word = max((len(w) for t in texts for w in re.split(r"[ \-]", t)), default=1)
    title = max((len(t) for t in head), default=0)
    return max(min(max(body, min(title, 14)), _LONGEST), word) + _PADDING


def _columns(
    content: list[Any], *, with_head: bool = False, only_head: bool = False
) -> list[list[str]]:
    """Collect the texts of cells by column; cells that span columns are left out."""
    columns: list[list[str]] = [[] for _ in content[2]]
    for row in _rows(content, with_head=with_head or only_head, with_body=not only_head):
        position = 0
        for cell in row[1]:
            if cell[3] == 1 and position < len(columns):
                columns[position].append(plain_text(cell[4]).strip())
            position += cell[3]
    return columns


def _rows(content: list[Any], *, with_head: bool, with_body: bool) -> Iterator[list[Any]]:
    if with_head:
        yield from content[3][1]
    if with_body:
        for body in content[4]:
            yield from body[3]
