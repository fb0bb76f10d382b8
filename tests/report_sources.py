"""What the sources of the reports say: digits in prose, headings, parts, labels and references."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from clientindex.publishing.segments import Markdown

if TYPE_CHECKING:
    from clientindex.publishing.segments import Place, Source

NAMES_WITH_DIGITS = {
    "ГОСТ 7.32-2017": "the standard of reports",
    "ГОСТ Р 7.0.5-2008": "the standard of references",
    "GOST 7.32-2017": "the same in English",
    "GOST R 7.0.5-2008": "the same in English",
    "SHA-256": "the name of a hash function",
    "PDF/UA-1": "the name of a standard",
}
"""What may stand in prose with a digit, because it is a name and no result; and what it is."""

CONSTANTS = {"0", "1", "2"}
"""Digits of formulas: squares, sums that start at one, one less a share. No result has so few."""

PART = re.compile(r'"((?:paragraph|table|figure)\.\w+)"')
_BLOCK = re.compile(r"(?ms)^(`{3,}|~{3,}).*?^\1[ \t]*$")
_NO_PROSE = re.compile(
    r"`+[^`]+`+"  # code
    r"|\]\([^)\s]*\)"  # where a link leads
    r"|(?<![\w.])-?@[\w:.-]*\w"  # citations and references
    r"|<!--.*?-->"
    r"|[#.][\w-]+(?=[^{}\n]*\})"  # labels and classes
    r"|\[\^[^\]\s]+\]"  # marks of footnotes
    r"|^[ ]*\d+[.)][ ]",  # numbers of list items
    re.M | re.S,
)
_FORMULA = re.compile(r"\$\$.+?\$\$|\$[^$\n]+\$", re.S)
_HEADING = re.compile(r"^(#+)[ ]+(.*?)(?:[ ]*\{([^{}]*)\})?[ ]*$", re.M)
_LABEL = re.compile(r"\{#([\w-]+)")
_REFERENCE = re.compile(r"@((?:fig|tbl|sec)-[\w-]*\w)")
_ANCHOR = re.compile(r"\]\(#([\w-]+)\)")


def list_prose(source: Source) -> list[Markdown]:
    """Return what is written between cells, includes among it."""
    return [part for part in source.segments if isinstance(part, Markdown)]


def find_digits(text: str) -> list[str]:
    """Return the digits of Markdown that neither a value nor a name nor a formula explains."""
    left = _BLOCK.sub(" ", text)
    constants = [n for m in _FORMULA.finditer(left) for n in re.findall(r"\d+", m[0])]
    left = _NO_PROSE.sub(" ", _FORMULA.sub(" ", left))
    for name in NAMES_WITH_DIGITS:
        left = left.replace(name, " ").replace(name.replace(" ", "\u00a0"), " ")
    return [n for n in constants if n not in CONSTANTS] + re.findall(r"\d[\d.,]*", left)


def list_headings(source: Source) -> list[tuple[int, str]]:
    """Return level and attributes of every heading in order; the title is the language's own."""
    text = "".join(_BLOCK.sub("", part.text) for part in list_prose(source))
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
        for name in pattern.findall(_BLOCK.sub("", part.text))
        if name not in labels
    ]
