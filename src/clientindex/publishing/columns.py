"""Alignment, widths and text size of tables, from what the cells hold."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from clientindex.publishing.nodes import plain_text, replace_nodes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from clientindex.publishing.pandoc import Node

SIZES_PT: Final = (10.0, 9.0, 8.0, 7.5)
"""Text sizes of tables, largest first."""
SERIF_PAGE: Final = 1010.0
"""Characters of Libertinus Serif across the 165 mm of a page, times the text size in points."""
WORD_PAGE: Final = 940.0
"""The same for Times New Roman in a DOCX."""
WORD_MARGINS: Final = 36.5
"""Both margins of a cell in a DOCX, characters times the text size in points."""
LONGEST_WORD: Final = 24
"""So many letters stand in a row; a longer word may break after them."""
_NARROWABLE: Final = 24.0
"""A column of running text may be wrapped down to this many characters."""
_LONGEST: Final = 60.0
"""A column asks for no more than this; longer text wraps anyway."""
_PADDING: Final = 2.5
_SHORT: Final = 9.0
"""A column of at most so many characters, with its padding, is never narrowed."""
_BOLD: Final = 1.12
_WIDE: Final = frozenset("★☆✩●○■□▲▼—ЖШЩЮМФЫWMwmжшщюмфы")
_NUMBER: Final = re.compile(
    r"^[<>≤≥≈±~]?\s*[+\-−–]?\s*\d[\d\s\u00a0\u2009\u202f]*([.,]\d+)*\s*(%|‰|п\.\s?п\.|pp)?$"
)
_INTERVAL: Final = re.compile(
    r"^[\[(]?\s*[+\-−–]?[\d.,\s\u00a0\u2009\u202f]+%?\s*([;–—…:,]|to|до)"
    r"\s*[+\-−–]?[\d.,\s\u00a0\u2009\u202f]+%?\s*[\])]?$"
)
_LETTERS: Final = re.compile(rf"[^\W\d_]{{{LONGEST_WORD}}}(?=[^\W\d_])")
_BREAK: Final = "\u200b"
_NOTHING: Final = frozenset({"", "–", "—", "-", "…", "x", "×", "н/д", "n/a"})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Column:
    """Width in characters: the least that breaks no word, and what wraps nothing."""

    least: float
    wish: float

    @property
    def fair(self) -> float:
        return max(self.least, min(self.wish, _NARROWABLE))


def break_long_words(table: Node) -> Node:
    """Let words break that are too long for any column, such as those of some names.

    Parameters
    ----------
    table : Node
        Table element.

    Returns
    -------
    Node
        New table, with a break of no width after every ``LONGEST_WORD`` letters in a row.
    """

    def change(node: Node) -> list[Node] | None:
        if node["t"] != "Str" or not _LETTERS.search(node["c"]):
            return None
        return [{"t": "Str", "c": _LETTERS.sub(rf"\g<0>{_BREAK}", node["c"])}]

    changed: Node = replace_nodes(table, change)
    return changed


def align_columns(table: Node) -> Node:
    """Align numbers to the right and text to the left where the source leaves it open.

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
    content[2] = [
        [_alignment(spec[0], texts), spec[1]]
        for spec, texts in zip(content[2], _texts(content, of="body"), strict=True)
    ]
    return {"t": "Table", "c": content}


def text_size(table: Node, *, page: float, margins: float = 0.0) -> float:
    """Return the largest text size in points at which a table fits the page.

    Parameters
    ----------
    table : Node
        Table element.
    page : float
        Characters across the page, times the text size in points.
    margins : float, optional
        Both margins of a cell in the same unit, where they do not shrink with the text.

    Returns
    -------
    float
        One of ``SIZES_PT``: where nothing wraps, if that is legible, else where only running text
        wraps, else the smallest.
    """
    columns = _columns(table)
    unwrapped = sum(column.wish for column in columns)
    wrapped = sum(column.fair for column in columns)
    rooms = {s: page / s - len(columns) * _find_extra(margins, s) for s in SIZES_PT}
    fits = [s for s in SIZES_PT[:-1] if unwrapped <= rooms[s]]
    fits += [s for s in SIZES_PT if wrapped <= rooms[s]]
    return next(iter(fits), SIZES_PT[-1])


def set_widths(table: Node, *, page: float, margins: float = 0.0, fill_page: bool = False) -> Node:
    """Give the columns relative widths by their content.

    Parameters
    ----------
    table : Node
        Table element.
    page : float
        Characters across the page, times the text size in points.
    margins : float, optional
        Both margins of a cell in the same unit, where they do not shrink with the text.
    fill_page : bool, optional
        Give widths to a narrow table too, at least three fifths of the page.

    Returns
    -------
    Node
        New table. What does not fit is taken from the columns of running text; words and numbers
        stay whole as long as there is room.
    """
    size = text_size(table, page=page, margins=margins)
    room, extra = page / size, _find_extra(margins, size)
    columns = [
        _Column(least=column.least + extra, wish=column.wish + extra) for column in _columns(table)
    ]
    total = sum(column.wish for column in columns)
    if total <= room * 0.8 and not fill_page:
        return clear_widths(table)
    widths = _squeeze(columns, room) if total > room else [column.wish for column in columns]
    filled = next((share for share in (0.6, 0.8) if total <= room * share), 1.0)
    whole = sum(widths) / filled
    content = list(table["c"])
    content[2] = [
        [spec[0], {"t": "ColWidth", "c": round(width / whole, 4)}]
        for spec, width in zip(content[2], widths, strict=True)
    ]
    return {"t": "Table", "c": content}


def clear_widths(table: Node) -> Node:
    """Leave the widths to the program that shows the table."""
    content = list(table["c"])
    content[2] = [[spec[0], {"t": "ColWidthDefault"}] for spec in content[2]]
    return {"t": "Table", "c": content}


def _alignment(given: Node, texts: list[str]) -> Node:
    if given["t"] != "AlignDefault":
        return given
    return {"t": "AlignRight" if _is_numeric(texts) else "AlignLeft"}


def _is_numeric(texts: list[str]) -> bool:
    filled = [text for text in texts if text not in _NOTHING]
    return bool(filled) and all(_is_number(text) for text in filled)


def _is_number(text: str) -> bool:
    return bool(_NUMBER.match(text) or _INTERVAL.match(text))


def _find_extra(margins: float, size: float) -> float:
    """Return the characters by which margins of a cell exceed the usual padding."""
    return max(margins / size - _PADDING, 0.0)


def _squeeze(columns: list[_Column], page: float) -> list[float]:
    """Share out what the least widths leave, in proportion to what each column still wants.

    Where even these do not fit, short columns keep theirs, so that no number is broken.
    """
    least = sum(column.least for column in columns)
    short = sum(column.least for column in columns if column.least <= _SHORT)
    if short < page < least:
        scale = (page - short) / (least - short)
        return [c.least * (1 if c.least <= _SHORT else scale) for c in columns]
    wanted = sum(column.wish for column in columns) - least
    share = max(page - least, 0.0) / wanted if wanted > 0 else 0.0
    return [column.least + share * (column.wish - column.least) for column in columns]


def _columns(table: Node) -> list[_Column]:
    heads = _texts(table["c"], of="head")
    bodies = _texts(table["c"], of="body")
    return [_measure(head, body) for head, body in zip(heads, bodies, strict=True)]


def _measure(head: list[str], body: list[str]) -> _Column:
    title_word = max((_width(w) * _BOLD for text in head for w in _words(text)), default=0.0)
    word = max((_width(w) for text in body for w in _words(text)), default=1.0)
    longest = max((_width(text) for text in body), default=1.0)
    title = min(max((_width(text) * _BOLD for text in head), default=0.0), _NARROWABLE / 2)
    whole = longest if _is_numeric(body) else 0.0
    least = max(title_word, word, whole)
    return _Column(
        least=least + _PADDING, wish=max(min(longest, _LONGEST), title, least) + _PADDING
    )


def _words(text: str) -> list[str]:
    """Split where a line may break; an interval in brackets stays whole."""
    return [text] if _is_number(text) else [w for w in re.split(rf"[ /{_BREAK}]|(?<=-)", text) if w]


def _width(text: str) -> float:
    return sum(_character_width(character) for character in text)


def _character_width(character: str) -> float:
    if character in _WIDE:
        return 1.35 if character.isalpha() else 2.0
    return 1.13 if character > "\u0400" else 1.0


def _texts(content: list[Any], *, of: str) -> list[list[str]]:
    """Collect the texts of cells by column; cells that span columns are left out."""
    columns: list[list[str]] = [[] for _ in content[2]]
    for row in _rows(content, of=of):
        position = 0
        for cell in row[1]:
            if cell[3] == 1 and position < len(columns):
                columns[position].append(plain_text(cell[4]).strip())
            position += cell[3]
    return columns


def _rows(content: list[Any], *, of: str) -> Iterator[list[Any]]:
    if of == "head":
        yield from content[3][1]
        return
    for body in content[4]:
        yield from body[2]
        yield from body[3]
