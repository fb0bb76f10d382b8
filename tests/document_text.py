"""What a reader finds in a document of any format: headings, captions, words and numbers."""

from __future__ import annotations

import re
import subprocess
import zipfile
from collections import Counter
from dataclasses import dataclass
from html.parser import HTMLParser
from itertools import count
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_SILENT_TAGS = {"script", "style", "nav", "header", "button", "math", "title", "head"}
_SILENT_CLASSES = {"screen-reader-only", "footnote-back", "skip-link", "how-made"}
_VOID_TAGS = {"img", "br", "hr", "meta", "link", "input", "col", "wbr"}
_HEADING_TAGS = {f"h{level}" for level in range(1, 7)}
_CAPTION_TAGS = {"figcaption", "caption"}
_HEADING_STYLES = ("Heading", "StructuralHeading", "AppendixHeading")
_FRONT_STYLES = ("Title", "Subtitle", "Author", "Date", "Abstract", "TOC", "Contents")
_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+")

_BROKEN = re.compile(r"(\w+)[-\u2010\u00ad]\n+(\w+)")
_BETWEEN_PAGES = re.compile(r"(?<=\w[-\u2010\u00ad])\n+\d+\n+\f.*\n+")
_ADDRESS = re.compile(r"\d+\.(\d{4,}|\d+\.\d+)$")
"""Part of an identifier of a source, which a line of a PDF may break."""


@dataclass(frozen=True, kw_only=True)
class Content:
    """What a document says; white space and hyphens at ends of lines do not count.

    Attributes
    ----------
    headings, captions : list of str
        In order, with their numbers.
    tokens : Counter of str
        Words and numbers of the body, contents and title block left out.
    """

    headings: list[str]
    captions: list[str]
    tokens: Counter[str]


def find_differences(ours: Content, theirs: Content) -> list[str]:
    """Return what only one of two documents says, in words; empty where they say the same.

    Large and small letters count as the same, since a format may set headings in capitals.
    """
    found = []
    for kind in ("headings", "captions"):
        one, other = getattr(ours, kind), getattr(theirs, kind)
        pairs = zip(one, other, strict=False)
        found += [f"{kind}: {a!r} and {b!r}" for a, b in pairs if a.casefold() != b.casefold()]
        found += [f"{kind}: {len(one)} and {len(other)}"] if len(one) != len(other) else []
    for name, more in (
        ("ours", ours.tokens - theirs.tokens),
        ("theirs", theirs.tokens - ours.tokens),
    ):
        found += [f"only {name}: {token} ({n} times)" for token, n in sorted(more.items())]
    return found


def find_missing(content: Content, text: str) -> list[str]:
    """Return what a document says and the text of its PDF does not.

    A hyphen at the end of a line may be one of the word or one that was set there: the word counts
    whole and in its parts, also where pdftotext has joined them. Numbers are never joined.
    """
    said = count_tokens(text) + count_tokens(" ".join(map("".join, _BROKEN.findall(text))))
    readings = [squeeze(t).casefold() for t in (text, _BROKEN.sub(r"\1\2", text))]
    lines = [*content.headings, *content.captions]
    missing = [line for line in lines if not any(line.casefold() in text for text in readings)]
    joined = [token for token in said - content.tokens if token.isalpha()]
    return missing + [
        token
        for token in sorted(content.tokens - said)
        if not _ADDRESS.match(token)
        and not (token.isalpha() and any(token in spare for spare in joined))
    ]


def read_content(path: Path) -> Content:
    """Read a document of the ending ``.html`` or ``.docx``."""
    return _read_html(path) if path.suffix == ".html" else _read_docx(path)


def read_pdf_text(path: Path) -> str:
    """Return the text of a PDF by pdftotext (poppler-utils), line by line.

    Page numbers and running headers are left out where they stand between the parts of a word.
    """
    command = ["pdftotext", str(path), "-"]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return _BETWEEN_PAGES.sub("\n", text)


def squeeze(text: str) -> str:
    """Return a text whose white space is one space each, without invisible signs."""
    return " ".join(re.sub("[\u200b\u2060\u00ad]", "", text).split())


def count_tokens(text: str) -> Counter[str]:
    """Count words and numbers; a number has its decimals, groups of thousands stand apart."""
    return Counter(_TOKEN.findall(squeeze(text).casefold()))


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, bool]] = []
        self.text: list[str] = []
        self.pieces: list[tuple[str, list[str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _VOID_TAGS:
            return
        classes = set((dict(attrs).get("class") or "").split())
        hidden = tag in _SILENT_TAGS or bool(classes & _SILENT_CLASSES)
        self.open.append((tag, hidden or (bool(self.open) and self.open[-1][1])))
        if tag in _HEADING_TAGS | _CAPTION_TAGS and not self.open[-1][1]:
            self.pieces.append((tag, []))
        self.text.append(" " if tag not in {"span", "a", "em", "strong", "sup"} else "")

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not self.open or self.open[-1][1]:
            return
        self.text.append(data)
        if {tag for tag, _ in self.open} & (_HEADING_TAGS | _CAPTION_TAGS):
            self.pieces[-1][1].append(data)


def _read_html(path: Path) -> Content:
    page = _Page()
    page.feed(path.read_text(encoding="utf-8"))
    pieces = [(tag, squeeze("".join(parts))) for tag, parts in page.pieces]
    return Content(
        headings=[text for tag, text in pieces if tag in _HEADING_TAGS],
        captions=[text for tag, text in pieces if tag in _CAPTION_TAGS],
        tokens=count_tokens("".join(page.text)),
    )


def _read_docx(path: Path) -> Content:
    with zipfile.ZipFile(path) as archive:
        parts = [ET.fromstring(archive.read(f"word/{n}.xml")) for n in ("document", "footnotes")]
    marks = (str(number) for number in count(1))
    said = [(style, text) for part in parts for style, text in _paragraphs(part, marks)]
    body = [(style, text) for style, text in said if not style.startswith(_FRONT_STYLES)]
    return Content(
        headings=[text for style, text in body if style.startswith(_HEADING_STYLES)],
        captions=[text for style, text in body if style.endswith("Caption")],
        tokens=count_tokens("\n".join(text for _, text in body)),
    )


def _paragraphs(part: ET.Element, marks: Iterator[str]) -> Iterator[tuple[str, str]]:
    for paragraph in part.iter(f"{_W}p"):
        style = paragraph.find(f"{_W}pPr/{_W}pStyle")
        name = style.get(f"{_W}val", "") if style is not None else ""
        yield name, squeeze("".join(_runs(paragraph, marks)))


def _runs(paragraph: ET.Element, marks: Iterator[str]) -> Iterator[str]:
    for node in paragraph.iter():
        if node.tag == f"{_W}t":
            yield node.text or ""
        elif node.tag in {f"{_W}tab", f"{_W}br"}:
            yield " "
        elif node.tag == f"{_W}footnoteReference":
            yield next(marks)
