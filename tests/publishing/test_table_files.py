from __future__ import annotations

import openpyxl
import pytest

from clientindex.errors import RenderError, WordingError
from clientindex.publishing.code_map import REVISION_TABLES
from clientindex.publishing.table_files import write_tables
from clientindex.results import Unavailable
from clientindex.tables import TABLES
from clientindex.tables.dictionary import KEY
from clientindex.tables.disclosure.listed import KEY as HIDDEN
from presentation_bundle import make_bundle, make_results
from presentation_rating import WITHOUT_ROWS


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """Write the tables of both languages once: the folder, and the files that were told."""
    folder = tmp_path_factory.mktemp("published") / "tables"
    return folder, write_tables(make_bundle(), folder, languages=("ru", "en"))


def test_files_of_both_languages(published):
    folder, written = published
    names = {path.relative_to(folder).as_posix() for path in written}
    expected = {"tables.ru.xlsx", "tables.en.xlsx"}
    without = {*WITHOUT_ROWS, *REVISION_TABLES}
    filled = [name for name in TABLES if name not in without] + [KEY, HIDDEN]
    expected |= {f"csv/{language}/{name}.csv" for language in ("ru", "en") for name in filled}
    expected |= {f"csv_excel_ru/{name}.csv" for name in filled}
    expected |= {f"{name}/csv-metadata.json" for name in ("csv/ru", "csv/en", "csv_excel_ru")}
    assert names == expected
    assert all(path.is_file() for path in written)
    assert {path.name for path in folder.iterdir()} == {
        "tables.ru.xlsx",
        "tables.en.xlsx",
        "csv",
        "csv_excel_ru",
    }


def test_equal_bundles_give_equal_bytes(published, tmp_path):
    folder, _ = published
    again = write_tables(make_bundle(), tmp_path, languages=("ru",))
    assert len(again) > 400
    for path in again:
        assert path.read_bytes() == (folder / path.relative_to(tmp_path)).read_bytes(), path.name


def test_workbook_says_that_data_are_synthetic(published):
    sheet = openpyxl.load_workbook(published[0] / "tables.ru.xlsx", read_only=True).worksheets[0]
    said = [row[0].value for row in sheet.iter_rows() if row[0].value]
    assert any("синтетических данных" in str(text) for text in said)
    assert any("Рабочий набор показателей" in str(text) for text in said)


def test_workbook_says_what_it_is_and_marks_every_table(published):
    book = openpyxl.load_workbook(published[0] / "tables.ru.xlsx")
    assert book.properties.title == "Рейтинг центров"
    assert book.properties.creator == make_bundle().edition.publisher.ru
    assert book.custom_doc_props["Language"].value == "ru"
    contents, *sheets = book.worksheets
    assert sheets[-1].title.endswith("Словарь данных")
    names = []
    for sheet in sheets:
        (table,) = sheet.tables.values()
        names.append(table.name)
        heads = [cell.value for cell in sheet[3]][: len(table.tableColumns)]
        assert [column.name for column in table.tableColumns] == heads
        assert table.ref.startswith("A3:")
        assert sheet.freeze_panes == "B4"
        assert sheet.print_title_rows == "$1:$3"
        assert sheet.page_setup.orientation == "landscape"
        assert sheet["A1"].value
    assert len(set(names)) == len(names)
    listed = [cell.value for cell in contents["A"] if isinstance(cell.value, int)]
    assert listed == list(range(1, len(sheets) + 1))


def test_every_row_of_synthetic_data_says_so(published, tmp_path):
    write_tables(make_bundle(synthetic=False), tmp_path / "real", languages=("ru",))
    heading, *rows = read_lines(published[0] / "csv" / "ru" / "stars.csv")
    assert heading.endswith(",data_status")
    assert rows
    assert all(row.endswith(",Синтетические данные") for row in rows)
    real = read_lines(tmp_path / "real" / "csv" / "ru" / "stars.csv")
    assert real == [line.rpartition(",")[0] for line in (heading, *rows)]


def read_lines(path):
    return path.read_text(encoding="utf-8").splitlines()


def test_absent_results_leave_their_tables_out(tmp_path):
    results = make_results() | {
        "consistency": Unavailable(stage="reliability", reason="totals_only")
    }
    del results["agreement"]
    written = write_tables(make_bundle(results=results), tmp_path, languages=("en",))
    names = {path.stem for path in written}
    assert "alpha" not in names
    assert "agreement_bias" not in names
    assert "stars" in names


def test_former_files_stay_when_a_table_fails(tmp_path):
    write_tables(make_bundle(), tmp_path, languages=("en",))
    before = (tmp_path / "tables.en.xlsx").read_bytes()
    results = make_results()
    frame = results["stars"].frame.assign(withheld="moon")
    broken = type(results["stars"])(frame=frame, level=0.95, minimum_sample=30)
    with pytest.raises(WordingError, match=r"no text 'withheld\.moon'"):
        write_tables(make_bundle(results=results | {"stars": broken}), tmp_path, languages=("en",))
    assert (tmp_path / "tables.en.xlsx").read_bytes() == before
    assert not list(tmp_path.glob(".tables-*"))


def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(RenderError, match="the tables cannot be written"):
        write_tables(make_bundle(), tmp_path / "file", languages=("en",))
