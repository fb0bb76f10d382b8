"""Read a published page: passages, tables and the data of figures.

Both renderers write the same elements for these; scripts, styles, drawings and the list of contents
are passed over.
"""

from __future__ import annotations

import base64
import binascii
import csv
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import PurePath
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote_to_bytes

from clientindex.errors import ReproductionError
from clientindex.reproduction.content.csv_file import parse_csv
from clientindex.reproduction.content.document import Passage, ShownDocument
from clientindex.reproduction.content.table import ShownTable

if TYPE_CHECKING:
    from pathlib import Path

HEADINGS: Final = ("h1", "h2", "h3", "h4", "h5", "h6")
BLOCKS: Final = (*HEADINGS, "p", "li", "dt", "dd", "figcaption", "caption", "summary", "title")
"""Elements whose text is a passage."""
PASSED_OVER: Final = ("script", "style", "svg", "nav")
HOW_MADE: Final = "how-made"
"""Class of what stands folded below a figure: of it only the file of data is read."""
_EMPTY: Final = ("br", "hr", "img", "input", "link", "meta", "col", "source", "wbr")
_DATA: Final = "data:"
_BLANKS: Final = re.compile(r"[ \t\r\n]+")


@dataclass(slots=True)
class _Table:
    """A table while it is read."""

    name: str = ""
    title: str = ""
    columns: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    row: list[str] | None = None
    is_head: bool = True


def read_html_file(path: Path) -> ShownDocument:
    """Read what a page says.

    Parameters
    ----------
    path : Path
        A page that clientindex published.

    Returns
    -------
    ShownDocument
        Tables without a label are named by their order.

    Raises
    ------
    ReproductionError
        The page cannot be read.
    """
    try:
        text = path.read_text(encoding="utf-8")
        reader = _PageReader()
        reader.feed(text)
        reader.close()
    except (OSError, ValueError, csv.Error) as exc:
        msg = f"{path}: cannot be read as a published page ({exc})."
        raise ReproductionError(msg) from exc
    return reader.collect()


class _PageReader(HTMLParser):
    """Collects passages, tables and files of data in the order of the page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._section = ""
        self._passages: list[Passage] = []
        self._tables: dict[str, ShownTable] = {}
        self._figures: dict[str, ShownTable] = {}
        self._passed: list[str] = []
        self._texts: list[tuple[str, list[str]]] = []
        self._open: list[_Table] = []
        self._how_made: list[str] = []

    def collect(self) -> ShownDocument:
        return ShownDocument(
            passages=tuple(self._passages), tables=self._tables, figures=self._figures
        )

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in PASSED_OVER:
            self._passed.append(tag)
        if self._passed:
            return
        known = {name: value or "" for name, value in attrs}
        if self._how_made or HOW_MADE in known.get("class", "").split():
            self._enter_how_made(tag)
        if tag == "a" and known.get("href", "").startswith(_DATA):
            self._keep_data(known["href"], known.get("download", ""))
        elif self._how_made:
            return
        elif tag == "img" and known.get("alt"):
            self._keep_passage(known["alt"])
        elif tag == "table":
            self._open.append(_Table(name=known.get("id", "")))
        elif tag in BLOCKS:
            self._start_text(tag)
        elif self._open:
            self._start_part(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _EMPTY:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if self._passed:
            if tag == self._passed[-1]:
                self._passed.pop()
            return
        if self._how_made:
            if tag == self._how_made[-1]:
                self._how_made.pop()
        elif tag == "table" and self._open:
            self._end_table()
        elif self._texts and self._texts[-1][0] == tag:
            self._end_text()
        elif self._open and tag == "tr":
            self._end_row()

    def handle_data(self, data: str) -> None:
        if self._texts and not self._passed and not self._how_made:
            self._texts[-1][1].append(data)

    def _enter_how_made(self, tag: str) -> None:
        if tag not in _EMPTY:
            self._how_made.append(tag)

    def _start_text(self, tag: str) -> None:
        if tag in ("li", "dd", "p") and self._texts and self._texts[-1][0] in ("td", "th"):
            self._texts[-1][1].append(" ")
            return
        self._texts.append((tag, []))

    def _end_text(self) -> None:
        tag, pieces = self._texts.pop()
        text = _join(pieces)
        if tag in ("td", "th"):
            self._end_cell(text)
            return
        if tag in HEADINGS:
            self._section = text
        if tag == "caption" and self._open:
            self._open[-1].title = text
        if text:
            self._keep_passage(text)

    def _keep_passage(self, text: str) -> None:
        self._passages.append(Passage(section=self._section, text=_join([text])))

    def _start_part(self, tag: str) -> None:
        table = self._open[-1]
        if tag == "tbody":
            table.is_head = False
        elif tag == "tr":
            table.row = []
        elif tag in ("td", "th") and table.row is not None:
            self._texts.append((tag, []))

    def _end_cell(self, text: str) -> None:
        table = self._open[-1]
        if table.row is not None:
            table.row.append(text)

    def _end_row(self) -> None:
        table = self._open[-1]
        if table.row is None:
            return
        if table.is_head:
            table.columns = table.row
        else:
            table.rows.append(table.row)
        table.row = None

    def _end_table(self) -> None:
        table = self._open.pop()
        name = table.name or f"table-{len(self._tables) + 1}"
        self._tables[name] = ShownTable(
            name=name,
            title=table.title,
            columns=tuple(table.columns),
            rows=tuple(map(tuple, table.rows)),
        )

    def _keep_data(self, address: str, file: str) -> None:
        kind, _, content = address.partition(",")
        if "csv" not in kind:
            return
        try:
            data = base64.b64decode(content) if "base64" in kind else unquote_to_bytes(content)
        except binascii.Error as exc:
            msg = f"data of {file or 'a figure'} are no base64: {exc}"
            raise ValueError(msg) from exc
        name = PurePath(file).stem or f"figure-{len(self._figures) + 1}"
        self._figures[name] = parse_csv(data, name=name)


def _join(pieces: list[str]) -> str:
    """Put pieces of a text together; runs of blanks count as one, no-break ones stay."""
    return _BLANKS.sub(" ", "".join(pieces).replace("\u00ad", "")).strip(" ")
