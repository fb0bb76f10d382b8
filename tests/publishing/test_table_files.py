from __future__ import annotations

import openpyxl
import pytest

from clientindex.errors import RenderError, WordingError
from clientindex.publishing.table_files import write_tables
from clientindex.results import Unavailable
from clientindex.tables import TABLES
from presentation_bundle import make_bundle, make_results
from presentation_rating import WITHOUT_ROWS


def test_files_of_both_languages(tmp_path):
    written = write_tables(make_bundle(), tmp_path / "tables", languages=("ru", "en"))
    names = {path.relative_to(tmp_path / "tables").as_posix() for path in written}
    expected = {"tables.ru.xlsx", "tables.en.xlsx"}
    filled = [name for name in TABLES if name not in WITHOUT_ROWS]
    expected |= {f"csv/{language}/{name}.csv" for language in ("ru", "en") for name in filled}
    expected |= {f"csv_excel_ru/{name}.csv" for name in filled}
    assert names == expected
    assert all(path.is_file() for path in written)
    assert {path.name for path in (tmp_path / "tables").iterdir()} == {
        "tables.ru.xlsx",
        "tables.en.xlsx",
        "csv",
        "csv_excel_ru",
    }


def test_equal_bundles_give_equal_bytes(tmp_path):
    first = write_tables(make_bundle(), tmp_path / "a", languages=("ru",))
    second = write_tables(make_bundle(), tmp_path / "b", languages=("ru",))
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]


def test_workbook_says_that_data_are_synthetic(tmp_path):
    write_tables(make_bundle(), tmp_path, languages=("ru",))
    sheet = openpyxl.load_workbook(tmp_path / "tables.ru.xlsx").worksheets[0]
    said = [row[0].value for row in sheet.iter_rows() if row[0].value]
    assert any("синтетических данных" in str(text) for text in said)
    assert any("Рабочий набор показателей" in str(text) for text in said)


def test_every_row_of_synthetic_data_says_so(tmp_path):
    write_tables(make_bundle(), tmp_path / "synthetic", languages=("ru",))
    write_tables(make_bundle(synthetic=False), tmp_path / "real", languages=("ru",))
    heading, *rows = read_lines(tmp_path / "synthetic" / "csv" / "ru" / "stars.csv")
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
