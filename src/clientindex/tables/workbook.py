"""Tables as one XLSX workbook: a contents sheet, then one table a sheet; byte-stable."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import xlsxwriter

from clientindex.tables.csv_files import count_digits
from clientindex.tables.flat import flatten
from clientindex.tables.table_sheet import Styles, TableSheet

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from clientindex.tables.flat import FlatColumn
    from clientindex.tables.spec import Column, TableSpec
    from clientindex.wording import Wording

CREATED: Final = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
"""Fixed date inside the file, so that equal tables give equal bytes."""
HEADER_ROW: Final = 2
LINE_HEIGHT: Final = 15
"""Of one line of text, in points."""
HIGHEST_ROW: Final = 409
"""Points; no row of Excel is higher."""
LINE_WIDTH: Final = 100
"""Characters that a sentence may run over before it is broken."""
FILLING: Final = 0.9
"""How much of a line text fills where it is broken between words."""
LONGEST_COLUMN: Final = 60
LONGEST_TITLE: Final = 255
SHEET_NAME_LENGTH: Final = 31
_A4: Final = 9
_FORBIDDEN_IN_NAMES: Final = str.maketrans(dict.fromkeys("[]:*?/\\", " "))


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """What the contents sheet says above the list of tables.

    Attributes
    ----------
    title : str
    lines : tuple of str
        Edition, methodology, synthetic data and so on.
    publisher, rights : str
        Who publishes, and under which terms; empty where it is not known.
    """

    title: str
    lines: tuple[str, ...]
    publisher: str = ""
    rights: str = ""


def write_workbook(
    specs: Sequence[TableSpec],
    path: Path,
    *,
    cover: Cover,
    wording: Wording,
) -> None:
    """Write all tables of one language.

    Numbers stay real numbers at full precision with a number format; text is never a formula; a
    cell without a value stays empty.

    Parameters
    ----------
    specs : sequence of TableSpec
    path : Path
        File to write.
    cover : Cover
    wording : Wording
    """
    options = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    with xlsxwriter.Workbook(str(path), options) as book:
        book.set_properties(
            {
                "title": cover.title,
                "author": cover.publisher,
                "comments": " ".join((*cover.lines, cover.rights)).strip(),
                "created": CREATED,
            }
        )
        book.set_custom_property("Language", wording.language)
        look = _Look(book)
        names = name_sheets(specs, wording=wording)
        contents = book.add_worksheet(wording.text("workbook.contents"))
        _write_contents(contents, list(zip(names, specs, strict=True)), cover, look, wording)
        for number, (name, spec) in enumerate(zip(names, specs, strict=True), 1):
            sheet = book.add_worksheet(name, worksheet_class=TableSheet)
            _write_sheet(sheet, spec, number=number, look=look, wording=wording)


def name_sheets(specs: Sequence[TableSpec], *, wording: Wording) -> list[str]:
    """Return one valid and unique sheet name a table: its number and short title."""
    titles = [wording.text(f"table.{spec.key}.sheet") for spec in specs]
    named = [f"{i} {t}".translate(_FORBIDDEN_IN_NAMES) for i, t in enumerate(titles, 1)]
    return [name[:SHEET_NAME_LENGTH].strip() for name in named]


class _Look:
    """Formats of one workbook."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._numbers: dict[str, Any] = {}
        wrapped = {"text_wrap": True, "valign": "top"}
        self.title = book.add_format({"bold": True, "font_size": 13})
        self.header = book.add_format(
            {
                "bold": True,
                "text_wrap": True,
                "valign": "vcenter",
                "bottom": 1,
                "bg_color": "#E8EEF4",
            }
        )
        self.text = book.add_format(wrapped)
        self.quoted = book.add_format(wrapped | {"quote_prefix": True})
        self.note = book.add_format({"italic": True, "font_color": "#444444"} | wrapped)
        self.said = book.add_format(wrapped)
        self.warning = book.add_format({"bold": True, "font_color": "#9C2A22"})
        self.link = book.add_format({"font_color": "#1F4E79", "underline": 1})

    def style(self, column: Column, revised: frozenset[int], mark: str) -> Styles:
        """Return the formats of the cells of a column, with a mark in those of revised rows."""
        return Styles(
            number=self._number(column),
            text=self.text,
            quoted=self.quoted,
            revised=self._number(column, f'" {mark}"') if revised else None,
            revised_rows=revised,
        )

    def _number(self, column: Column, mark: str = "") -> Any:
        digits = count_digits(column)
        fraction = f".{'0' * digits}" if digits else ""
        pattern = {
            "integer": "#,##0",
            "percent": f"0{fraction}%",
            "p_value": f"0{fraction}",
        }.get(column.kind, f"#,##0{fraction}")
        pattern += mark
        if pattern not in self._numbers:
            shape = {"num_format": pattern, "valign": "top"}
            self._numbers[pattern] = self._book.add_format(shape)
        return self._numbers[pattern]


def _write_contents(
    sheet: Any,
    tables: list[tuple[str, TableSpec]],
    cover: Cover,
    look: _Look,
    wording: Wording,
) -> None:
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 6)
    sheet.set_column(1, 1, 100)
    sheet.write_string(0, 0, cover.title, look.title)
    said = (*cover.lines, cover.rights) if cover.rights else cover.lines
    for row, line in enumerate(said, 1):
        _write_wrapped(sheet, row, line, widths=[6, 100], style=look.said)
    start = len(said) + 2
    sheet.write_string(start, 0, wording.text("workbook.number"), look.header)
    sheet.write_string(start, 1, wording.text("workbook.table"), look.header)
    for number, (name, spec) in enumerate(tables, 1):
        sheet.write_number(start + number, 0, number)
        link = f"internal:'{name}'!A1"
        sheet.write_url(start + number, 1, link, look.link, string=spec.caption)
    sheet.freeze_panes(start + 1, 0)
    _set_print(sheet)


def _write_sheet(
    sheet: Any, spec: TableSpec, *, number: int, look: _Look, wording: Wording
) -> None:
    columns = flatten(spec)
    sheet.write_string(0, 0, spec.caption, look.title)
    _mark_table(sheet, spec, columns, number=number, look=look)
    widths = [_measure(flat) for flat in columns]
    for position, width in enumerate(widths):
        sheet.set_column(position, position, width)
    mark = wording.text("revision.mark")
    styles = [look.style(flat.column, _find_rows(spec, flat), mark) for flat in columns]
    sheet.write_block(HEADER_ROW + 1, [flat.cells for flat in columns], styles)
    below = HEADER_ROW + len(spec.rows) + 2
    for offset, note in enumerate(_list_notes(spec, wording), below):
        _write_wrapped(sheet, offset, note, widths=widths, style=look.note)
    sheet.freeze_panes(HEADER_ROW + 1, 1)
    _set_print(sheet)
    sheet.repeat_rows(0, HEADER_ROW)


def _write_wrapped(sheet: Any, row: int, text: str, *, widths: list[int], style: Any) -> None:
    """Write a sentence over as many columns as a page is wide, in as many lines as it needs."""
    reach = [sum(widths[: i + 1]) for i in range(len(widths))]
    last = next((i for i, width in enumerate(reach) if width >= LINE_WIDTH), len(widths) - 1)
    lines = math.ceil(len(text) / max(min(reach[last], 2 * LINE_WIDTH) * FILLING, 1))
    sheet.set_row(row, min(LINE_HEIGHT * lines, HIGHEST_ROW))
    if last:
        sheet.merge_range(row, 0, row, last, "", style)
    sheet.write_string(row, 0, text, style)


def _set_print(sheet: Any) -> None:
    """Print on A4 across, as wide as one page."""
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)


def _list_notes(spec: TableSpec, wording: Wording) -> tuple[str, ...]:
    if not spec.has_gaps:
        return spec.notes
    return (*spec.notes, wording.text("missing.empty_cell"))


def _mark_table(
    sheet: Any, spec: TableSpec, columns: Sequence[FlatColumn], *, number: int, look: _Look
) -> None:
    """Mark the range as a table: heading row, filter, and a text for screen readers."""
    heads = [{"header": flat.header, "header_format": look.header} for flat in columns]
    options = {
        "columns": heads,
        "style": "Table Style Light 1",
        "name": f"table_{number}_{spec.key}",
        "title": spec.caption[:LONGEST_TITLE],
        "description": " ".join((spec.caption, *spec.notes)),
    }
    sheet.mark_table(HEADER_ROW, HEADER_ROW + max(len(spec.rows), 1), options)


def _find_rows(spec: TableSpec, flat: FlatColumn) -> frozenset[int]:
    return frozenset(row for row, key in spec.revised if key == flat.key)


def _measure(flat: FlatColumn) -> int:
    texts = [len(cell) for cell in dict.fromkeys(flat.cells) if isinstance(cell, str)]
    wanted = max([len(word) for word in flat.header.split()] + [10] + texts)
    return min(wanted + 2, LONGEST_COLUMN if flat.column.is_text else 18)
