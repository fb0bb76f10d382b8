from __future__ import annotations

import csv
import io
import json
import math
import zipfile
from functools import cache

import openpyxl
import pypandoc
import pytest
import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from clientindex.errors import WordingError
from clientindex.files import neutralise
from clientindex.tables import TABLES, Column, TableSpec, to_excel_csv, to_machine_csv, to_markdown
from clientindex.tables.cells import write_cell
from clientindex.tables.spec import clean_value
from clientindex.tables.table_sheet import Styles, TableSheet
from clientindex.tables.workbook import CREATED, HEADER_ROW, Cover, name_sheets, write_workbook
from clientindex.wording import load_wording
from presentation_bundle import HOSTILE
from presentation_revision import make_revised_bundle

RU, EN = load_wording("ru"), load_wording("en")


@cache
def take_bundle():
    """Make the bundle that all tests read once, with the result of a revision too."""
    return make_revised_bundle()


def make_spec(**changes):
    settings = {
        "key": "stars",
        "caption": 'Таблица с "кавычками" и *звёздочкой*',
        "columns": (
            Column(key="name", header="Имя | знак"),
            Column(key="n", header="n", kind="integer"),
            Column(key="index", header="Индекс", kind="number", digits=1),
            Column(key="share", header="Доля, %", kind="percent", digits=1),
            Column(key="p", header="p", kind="p_value"),
            Column(
                key="ci",
                header="Интервал",
                kind="interval",
                digits=1,
                low_header="Н",
                high_header="В",
            ),
        ),
        "rows": (
            (HOSTILE, 1234, 62.25, 0.125, 0.0004, (-1.25, 100.0)),
            ("@x 😀\nвторая строка", 0, -0.04, 1.0, 0.5, None),
        ),
        "notes": ("Примечание с [скобкой].",),
    }
    return TableSpec(**(settings | changes))


def walk(node):
    if isinstance(node, dict):
        yield node
        node = list(node.values())
    if isinstance(node, list):
        for child in node:
            yield from walk(child)


def read_text(node):
    parts = []
    for element in walk(node):
        if element.get("t") == "Str":
            parts.append(element["c"])
        elif element.get("t") in {"Space", "SoftBreak"}:
            parts.append(" ")
    return "".join(parts)


def parse_tables(markdown):
    """Return cells and alignments of every table as Pandoc reads them."""
    tree = json.loads(pypandoc.convert_text(markdown, "json", format="markdown-smart"))
    tables = []
    for node in walk(tree["blocks"]):
        if node.get("t") == "Table":
            _, _, specs, head, bodies, _ = node["c"]
            rows = [*head[1], *(row for body in bodies for row in body[3])]
            cells = [[read_text(cell[4]) for cell in row[1]] for row in rows]
            tables.append((cells, [spec[0]["t"] for spec in specs]))
    return tables


@pytest.mark.parametrize("wording", [RU, EN])
def test_markdown_is_read_back_as_the_same_cells(wording):
    spec = make_spec()
    [(cells, alignments)] = parse_tables(to_markdown(spec, wording=wording))
    expected = [
        [write_cell(v, c, wording=wording) for v, c in zip(row, spec.columns, strict=True)]
        for row in spec.rows
    ]
    assert cells == [[column.header for column in spec.columns], *expected]
    assert alignments == ["AlignLeft"] + ["AlignRight"] * 5


@pytest.mark.parametrize("name", sorted(TABLES))
def test_every_table_survives_markdown(name):
    spec = TABLES[name](take_bundle(), RU)
    [(cells, _)] = parse_tables(to_markdown(spec, wording=RU))
    expected = [
        [write_cell(v, c, wording=RU) for v, c in zip(row, spec.columns, strict=True)]
        for row in spec.rows
    ]
    # Values that a revision changed are marked.
    assert [[cell.removesuffix("\u00a0(R)") for cell in row] for row in cells[1:]] == expected


def test_markdown_has_label_caption_and_notes():
    text = to_markdown(make_spec(), wording=RU)
    tree = json.loads(pypandoc.convert_text(text, "json", format="markdown-smart"))
    [div] = tree["blocks"]
    assert div["c"][0][0] == "tbl-stars"
    paragraphs = [read_text(block) for block in div["c"][1] if block["t"] == "Para"]
    assert paragraphs == [
        "Примечание с [скобкой].",
        "Прочерк — значение не определено.",
        'Таблица с "кавычками" и *звёздочкой*',
    ]


def test_machine_csv_keeps_full_precision_and_neutralises():
    data = to_machine_csv(make_spec())
    assert not data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(data.decode("utf-8"))))
    assert rows[0] == ["name", "n", "index", "share", "p", "ci_low", "ci_high"]
    assert rows[1] == [f"'{HOSTILE}", "1234", "62.25", "0.125", "0.0004", "-1.25", "100.0"]
    assert rows[2] == ["'@x 😀\nвторая строка", "0", "-0.04", "1.0", "0.5", "", ""]


def test_excel_csv_has_mark_semicolons_decimal_commas_and_is_rounded():
    data = to_excel_csv(make_spec())
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig")), delimiter=";"))
    assert rows[0] == ["Имя | знак", "n", "Индекс", "Доля, %", "p", "Н", "В"]
    assert rows[1] == [f"'{HOSTILE}", "1234", "62,3", "12,5", "0,000", "-1,3", "100,0"]
    assert rows[2][2] == "0,0"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_text_that_would_run_as_a_formula_is_disarmed(start):
    assert neutralise(f"{start}1+1") == f"'{start}1+1"
    assert neutralise(f"a{start}") == f"a{start}"


def write(path, specs, wording=RU):
    cover = Cover(title="Рейтинг", lines=("Синтетические данные",))
    write_workbook(specs, path, cover=cover, wording=wording)
    return path


def test_workbook_holds_real_numbers_and_no_formulas(tmp_path):
    path = write(tmp_path / "t.xlsx", [make_spec()])
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["Содержание", "1 Центры"]
    sheet = book.worksheets[1]
    assert sheet.freeze_panes == "B4"
    head, first, second = ([cell.value for cell in sheet[HEADER_ROW + row]] for row in (1, 2, 3))
    assert head == ["Имя | знак", "n", "Индекс", "Доля, %", "p", "Н", "В"]
    assert first == [HOSTILE, 1234, 62.25, 0.125, 0.0004, -1.25, 100]
    assert second[5:] == [None, None]
    cells = sheet[HEADER_ROW + 2]
    assert [cell.data_type for cell in cells] == ["s"] + ["n"] * 6
    assert [c.number_format for c in cells[1:5]] == ["#,##0", "#,##0.0", "0.0%", "0.000"]
    notes = [row[0].value for row in sheet.iter_rows(min_row=HEADER_ROW + 4)]
    assert notes[-2:] == ["Примечание с [скобкой].", "Пустая ячейка — значение не определено."]


def write_sheet(path, sheet_class, write_rows):
    """Write a small workbook whose rows start at the second line."""
    with xlsxwriter.Workbook(str(path), {"in_memory": True}) as book:
        book.set_properties({"created": CREATED})
        shapes = ({"num_format": "0.0"}, {"bold": True}, {"quote_prefix": True})
        styles = Styles(
            **dict(zip(("number", "text", "quoted"), map(book.add_format, shapes), strict=True))
        )
        sheet = book.add_worksheet("a", worksheet_class=sheet_class)
        sheet.write_string(0, 0, "над таблицей")
        write_rows(sheet, styles)
        sheet.write_string(40, 0, "б")
    return path.read_bytes()


BLOCK = (
    ["б", None, "а & <б>", "б", "=1+1"] * 6,
    [1.5, -0.0, None, 10**15 + 1, 0.1 + 0.2] * 6,
    [None, 1, 2, None, True] * 6,
    [None] * 30,
    ["x", 0.25, None, 4, " y"] * 6,
)


@pytest.mark.parametrize("columns", [BLOCK, BLOCK[:1], BLOCK[1:2]])
def test_a_block_has_the_bytes_of_cell_by_cell(tmp_path, columns):
    def write_cells(sheet, styles):
        for position, column in enumerate(columns):
            for row, value in enumerate(column, 1):
                style = styles.choose(value)
                if value is None:
                    sheet.write_blank(row, position, None, style)
                elif isinstance(value, str):
                    sheet.write_string(row, position, value, style)
                else:
                    sheet.write_number(row, position, value, style)

    def write_block(sheet, styles):
        sheet.write_block(1, columns, [styles] * len(columns))

    slow = write_sheet(tmp_path / "cells.xlsx", Worksheet, write_cells)
    assert write_sheet(tmp_path / "block.xlsx", TableSheet, write_block) == slow


def test_a_table_is_marked_as_cell_by_cell(tmp_path):
    options = {"columns": [{"header": "а"}, {"header": "б"}], "name": "t"}
    slow = write_sheet(
        tmp_path / "a.xlsx", Worksheet, lambda sheet, _: sheet.add_table(1, 0, 30, 1, options)
    )
    fast = write_sheet(
        tmp_path / "b.xlsx", TableSheet, lambda sheet, _: sheet.mark_table(1, 30, options)
    )
    assert fast == slow


def test_text_that_would_run_stays_text_in_the_workbook(tmp_path):
    texts = ["=1+1", "+7", "-x", "@a", "\tb", "plain"]
    spec = make_spec(rows=tuple((text, None, None, None, None, None) for text in texts))
    path = write(tmp_path / "t.xlsx", [spec])
    sheet = openpyxl.load_workbook(path).worksheets[1]
    cells = [sheet.cell(HEADER_ROW + 2 + row, 1) for row in range(len(texts))]
    assert [cell.value for cell in cells] == texts
    assert {cell.data_type for cell in cells} == {"s"}
    assert [cell.quotePrefix for cell in cells] == [True] * 5 + [False]


def test_a_long_note_is_broken_into_lines(tmp_path):
    note = "Очень длинное примечание. " * 20
    sheet = openpyxl.load_workbook(write(tmp_path / "t.xlsx", [make_spec(notes=(note,))]))[
        "1 Центры"
    ]
    (row,) = [c.row for c in sheet["A"] if c.value == note]
    assert sheet.cell(row, 1).alignment.wrap_text
    assert sheet.row_dimensions[row].height >= 15 * len(note) / 110
    assert any(str(merged).startswith(f"A{row}:") for merged in sheet.merged_cells.ranges)


def test_no_line_of_a_workbook_is_higher_than_excel_allows(tmp_path):
    note = "Очень длинное примечание. " * 300
    path = write(tmp_path / "t.xlsx", [make_spec(notes=(note,))])
    sheet = openpyxl.load_workbook(path)["1 Центры"]
    (row,) = [c.row for c in sheet["A"] if c.value == note]
    assert sheet.row_dimensions[row].height == 408.75


def test_a_table_has_a_text_for_screen_readers(tmp_path):
    with zipfile.ZipFile(write(tmp_path / "t.xlsx", [make_spec(caption="Звёзды")])) as book:
        text = book.read("xl/tables/table1.xml").decode()
    assert 'name="table_1_stars"' in text
    assert 'altText="Звёзды"' in text
    assert 'altTextSummary="Звёзды Примечание с [скобкой]."' in text


def test_a_cell_is_cut_where_no_cell_can_hold_more(tmp_path):
    spec = make_spec(rows=(("ж" * 32_800, None, None, None, None, None),))
    sheet = openpyxl.load_workbook(write(tmp_path / "t.xlsx", [spec])).worksheets[1]
    assert sheet.cell(HEADER_ROW + 2, 1).value == "ж" * 32_767


def test_a_number_that_is_not_finite_is_refused(tmp_path):
    spec = make_spec(rows=(("a", 1, math.inf, None, None, None),))
    with pytest.raises(TypeError, match="a cell cannot hold inf"):
        write(tmp_path / "t.xlsx", [spec])


def test_contents_lists_every_table_with_a_link(tmp_path):
    specs = [TABLES[name](take_bundle(), RU) for name in TABLES]
    book = openpyxl.load_workbook(write(tmp_path / "all.xlsx", specs))
    assert len(book.sheetnames) == len(specs) + 1
    sheet = book.worksheets[0]
    links = [cell for row in sheet.iter_rows() for cell in row if cell.hyperlink]
    assert [cell.value for cell in links] == [spec.caption for spec in specs]
    assert sheet["A2"].value == "Синтетические данные"


def test_equal_tables_give_equal_bytes(tmp_path):
    specs = [TABLES[name](take_bundle(), EN) for name in TABLES]
    first = write(tmp_path / "a.xlsx", specs, EN).read_bytes()
    assert write(tmp_path / "b.xlsx", specs, EN).read_bytes() == first
    assert to_machine_csv(specs[0]) == to_machine_csv(specs[0])


@pytest.mark.parametrize("wording", [RU, EN])
def test_sheet_names_are_valid_and_differ(wording):
    specs = [TABLES[name](take_bundle(), wording) for name in TABLES]
    names = name_sheets(specs, wording=wording)
    assert len(set(names)) == len(names)
    assert all(0 < len(name) <= 31 and not set(name) & set("[]:*?/\\") for name in names)


def test_a_value_of_another_kind_is_refused():
    column = Column(key="n", header="n", kind="integer")
    with pytest.raises(WordingError, match="expected a number, got 'five'"):
        write_cell("five", column, wording=RU)
    with pytest.raises(WordingError, match="column 'name' of kind text cannot hold 5"):
        write_cell(5, Column(key="name", header="Имя"), wording=RU)


def test_every_kind_of_missing_becomes_none():
    assert clean_value(float("nan")) is None
    assert clean_value(None) is None
    assert clean_value((1.0, float("nan"))) is None
    assert clean_value((1.0, 2.0)) == (1.0, 2.0)
