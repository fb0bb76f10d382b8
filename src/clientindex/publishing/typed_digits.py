"""Digits that somebody typed into the prose of a document, where a value should stand."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from clientindex.publishing.segments import Markdown
from clientindex.publishing.source import parse_source

if TYPE_CHECKING:
    from pathlib import Path

    from clientindex.publishing.segments import Source

NAMES_WITH_DIGITS: Final = {
    "ГОСТ 7.32-2017": "the standard of reports",
    "ГОСТ Р 7.0.5-2008": "the standard of references",
    "GOST 7.32-2017": "the same in English",
    "GOST R 7.0.5-2008": "the same in English",
    "SHA-256": "the name of a hash function",
    "PDF/UA-1": "the name of a standard",
}
"""What may stand in prose with a digit, because it is a name and no result; and what it is."""

CONSTANTS: Final = {"0", "1", "2"}
"""Digits of formulas: squares, sums that start at one, one less a share. No result has so few."""

CODE_BLOCK: Final = re.compile(r"(?ms)^(`{3,}|~{3,}).*?^\1[ \t]*$")
_NO_PROSE: Final = re.compile(
    r"`+[^`]+`+"  # code
    r"|\]\([^)\s]*\)"  # where a link leads
    r"|(?<![\w.])-?@[\w:.-]*\w"  # citations and references
    r"|<!--.*?-->"
    r"|[#.][\w-]+(?=[^{}\n]*\})"  # labels and classes
    r"|\[\^[^\]\s]+\]"  # marks of footnotes
    r"|^[ ]*\d+[.)][ ]",  # numbers of list items
    re.M | re.S,
)
_FORMULA: Final = re.compile(r"\$\$.+?\$\$|\$[^$\n]+\$", re.S)


def list_prose(source: Source) -> list[Markdown]:
    """Return what is written between cells, includes among it."""
    return [part for part in source.segments if isinstance(part, Markdown)]


def find_digits(text: str) -> list[str]:
    """Return the digits of Markdown that neither a value nor a name nor a formula explains."""
    left = CODE_BLOCK.sub(" ", text)
    constants = [n for m in _FORMULA.finditer(left) for n in re.findall(r"\d+", m[0])]
    left = _NO_PROSE.sub(" ", _FORMULA.sub(" ", left))
    for name in NAMES_WITH_DIGITS:
        left = left.replace(name, " ").replace(name.replace(" ", "\u00a0"), " ")
    return [n for n in constants if n not in CONSTANTS] + re.findall(r"\d[\d.,]*", left)


def find_typed_digits(folder: Path) -> dict[str, list[str]]:
    """Return the typed digits of every ``.qmd`` source of a folder by its name.

    Raises
    ------
    RenderError
        A source cannot be read.
    """
    return {
        path.name: [n for part in list_prose(parse_source(path)) for n in find_digits(part.text)]
        for path in sorted(folder.glob("*.qmd"))
    }
