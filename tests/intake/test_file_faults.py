"""Files that cannot be read as the edition says: each a clear fault, none an exception."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import pyreadstat
import pytest

from clientindex.intake.decoding import decode_text
from clientindex.intake.log import ReadingError

if TYPE_CHECKING:
    from clientindex.intake import DataFault


def assert_fault(
    fault: DataFault, *, place: tuple[str, int | None, str], read: str, advice: str
) -> None:
    assert (fault.file, fault.row, fault.column) == place
    assert read in fault.read
    assert advice in fault.advice
    assert fault.allowed
    assert fault.severity == ("error" if fault.code.startswith("E-") else "warning")


def test_a_missing_file_names_the_nearest_one(desk: Any) -> None:
    desk.use({"file": "servey.csv"})
    fault = desk.find_one("E-FILE-MISSING")
    assert_fault(fault, place=("servey.csv", None, ""), read="no such file", advice="'survey.csv'")


def test_a_missing_folder_is_said(desk: Any) -> None:
    desk.use({"file": "nowhere/survey.csv"})
    fault = desk.find_one("E-FILE-MISSING")
    place = ("survey.csv", None, "")
    assert_fault(fault, place=place, read="nor the folder 'nowhere'", advice="correct the path")


def test_a_folder_instead_of_a_file(desk: Any) -> None:
    (desk.folder / "answers.csv").mkdir()
    desk.use({"file": "answers.csv"})
    fault = desk.find_one("E-FILE-UNREADABLE")
    assert_fault(fault, place=("answers.csv", None, ""), read="a folder", advice="file's name")


@pytest.mark.parametrize("kind", ["csv", "xlsx", "sav", "parquet"])
def test_a_file_that_may_not_be_read(desk: Any, monkeypatch: Any, kind: str) -> None:
    """The tests may run as root, whom no permission stops: the refusal is put in."""
    path = desk.write(f"survey.{kind}", b"")

    def refuse(*_args: Any, **_options: Any) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    targets = {
        "csv": (Path, "read_bytes"),
        "xlsx": (openpyxl, "load_workbook"),
        "sav": (pyreadstat, "read_sav"),
        "parquet": (Path, "open"),
    }
    monkeypatch.setattr(*targets[kind], refuse)
    desk.use({"file": path.name}, register=None, checklist=None)
    fault = desk.find_one("E-FILE-UNREADABLE")
    place = (path.name, None, "")
    assert_fault(fault, place=place, read="Permission denied", advice="permissions")


@pytest.mark.parametrize("kind", ["xlsx", "sav", "parquet"])
def test_a_damaged_file(desk: Any, kind: str) -> None:
    desk.write(f"survey.{kind}", b"this is not what the ending says\n" * 20)
    desk.use({"file": f"survey.{kind}"})
    fault = desk.find_one("E-FILE-UNREADABLE")
    place = (f"survey.{kind}", None, "")
    assert_fault(fault, place=place, read="damaged", advice="again" if kind != "xlsx" else "Excel")


@pytest.mark.parametrize("kind", ["xlsx", "sav", "parquet"])
def test_a_truncated_file(desk: Any, kind: str) -> None:
    import pandas as pd

    frame = pd.DataFrame({"centre": ["001"] * 500, "a": range(500)})
    path = desk.folder / f"survey.{kind}"
    {"xlsx": frame.to_excel, "sav": lambda p: pyreadstat.write_sav(frame, p)}.get(
        kind, frame.to_parquet
    )(path)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    desk.use({"file": path.name})
    assert desk.find_one("E-FILE-UNREADABLE").file == path.name


def test_another_kind_of_file_under_the_ending_csv(desk: Any) -> None:
    book = openpyxl.Workbook()
    book.save(desk.folder / "survey.csv")
    fault = desk.find_one("E-FILE-UNREADABLE")
    place = ("survey.csv", 1, "")
    assert_fault(fault, place=place, read="begins like .xlsx", advice="'format: xlsx'")


def test_an_unclosed_quotation_mark(desk: Any) -> None:
    desk.spoil("survey.csv", "1,001,citizens,Q1,5", '1,"001,citizens,Q1,5')
    fault = desk.find_one("E-ROW-WIDTH")
    assert_fault(fault, place=("survey.csv", 2, ""), read="not closed: '1,\"001", advice="Close")


def test_an_unclosed_quotation_mark_in_a_large_file(desk: Any) -> None:
    text = (desk.folder / "survey.csv").read_text(encoding="utf-8")
    rows = "".join(f"x{i},001,citizens,Q1,5,4,1\n" for i in range(80_000))
    desk.write("survey.csv", text.replace("1,001,citizens,Q1,5", '1,"001,citizens,Q1,5') + rows)
    fault = desk.find_one("E-ROW-WIDTH")
    assert_fault(fault, place=("survey.csv", 2, ""), read="not closed: '1,\"001", advice="Close")


@pytest.mark.parametrize("encoding", ["utf-8", "cp1251"])
def test_an_unclosed_quotation_mark_in_the_headings(desk: Any, encoding: str) -> None:
    text = (desk.folder / "register.csv").read_text(encoding="utf-8")
    desk.write("register.csv", text.replace("name,", '"имя,').encode(encoding))
    desk.use(register={"file": "register.csv", "encoding": encoding})
    fault = desk.find_one("E-FILE-UNREADABLE")
    place = ("register.csv", 1, "")
    assert_fault(fault, place=place, read="not closed: 'centre,\"имя", advice="Close")


def test_an_ending_that_says_no_format(desk: Any) -> None:
    desk.write("survey.xls", b"\xd0\xcf\x11\xe0")
    desk.use({"file": "survey.xls"})
    fault = desk.find_one("E-FORMAT")
    assert_fault(fault, place=("survey.xls", None, ""), read="'.xls'", advice=".xlsx")


def test_the_edition_can_give_the_format(desk: Any) -> None:
    desk.write("survey.dat", (desk.folder / "survey.csv").read_bytes())
    desk.use({"file": "survey.dat", "format": "csv"})
    assert desk.run().faults == ()


def write_two_sheets(desk: Any) -> None:
    book = openpyxl.Workbook()
    book.active.title = "Ответы"
    book.create_sheet("Пояснения")
    for line in (desk.folder / "survey.csv").read_text(encoding="utf-8").splitlines():
        book.active.append(line.split(","))
    book.save(desk.folder / "survey.xlsx")


def test_an_absent_sheet_names_the_nearest(desk: Any) -> None:
    write_two_sheets(desk)
    desk.use({"file": "survey.xlsx", "sheet": "Ответ"})
    fault = desk.find_one("E-SHEET")
    place = ("survey.xlsx", None, "")
    assert_fault(fault, place=place, read="'Ответ'", advice="'sheet: Ответы'")


def test_several_sheets_without_a_name_are_a_warning(desk: Any) -> None:
    write_two_sheets(desk)
    desk.use({"file": "survey.xlsx"})
    fault = desk.find_one("W-SHEET")
    assert_fault(fault, place=("survey.xlsx", None, ""), read="'Пояснения'", advice="'Ответы'")
    assert not desk.run().has_errors


def test_a_cp1251_file_read_as_utf8(desk: Any) -> None:
    text = (desk.folder / "register.csv").read_text(encoding="utf-8")
    desk.write("register.csv", text.encode("cp1251"))
    fault = desk.find_one("E-ENCODING")
    place = ("register.csv", 2, "")
    assert_fault(fault, place=place, read="text in cp1251", advice="'encoding: cp1251'")


def test_a_utf8_file_read_as_cp1251(desk: Any) -> None:
    desk.use(register={"file": "register.csv", "encoding": "cp1251"})
    fault = desk.find_one("E-ENCODING")
    place = ("register.csv", None, "")
    assert_fault(fault, place=place, read="text in utf-8", advice="'encoding: utf-8'")


def test_text_in_utf16(desk: Any) -> None:
    text = (desk.folder / "register.csv").read_text(encoding="utf-8")
    desk.write("register.csv", text.encode("utf-16"))
    fault = desk.find_one("E-ENCODING")
    assert_fault(fault, place=("register.csv", None, ""), read="UTF-16", advice="CSV UTF-8")


def test_letters_that_only_look_garbled_without_what_stands_between_are_read() -> None:
    text = "Р,Ђ,Р,Ђ,РЂ"
    assert decode_text(text.encode(), encoding="utf-8") == text
    with pytest.raises(ReadingError, match="garbled text"):
        decode_text(text.replace(",", "").encode(), encoding="utf-8")


@pytest.mark.parametrize(("wrong", "sample"), [("cp1251", "РїСЂРё"), ("cp1252", "Ð¿Ñ€Ð¸")])
def test_text_garbled_by_another_program(desk: Any, wrong: str, sample: str) -> None:
    garbled = "при".encode().decode(wrong)
    assert garbled == sample
    desk.spoil("register.csv", "ЦЗН г. Брянска", garbled)
    fault = desk.find_one("E-ENCODING")
    assert_fault(fault, place=("register.csv", 2, ""), read=sample, advice="export it again")


def test_an_spss_file_states_its_own_encoding(desk: Any) -> None:
    import pandas as pd

    text = (desk.folder / "register.csv").read_text(encoding="utf-8").splitlines()
    rows = [line.split(",") for line in text]
    frame = pd.DataFrame(rows[1:], columns=rows[0])
    pyreadstat.write_sav(frame, desk.folder / "register.sav")
    desk.use(register={"file": "register.sav"})
    assert desk.run().tables.register["name"][0] == "ЦЗН г. Брянска"
    content = (desk.folder / "register.sav").read_bytes()
    garbled = content.replace("Брянска".encode(), b"\xc1\xf0\xff\xed\xf1\xea\xe0" + b"\xff" * 7)
    assert garbled != content
    desk.write("register.sav", garbled)
    fault = desk.find_one("E-ENCODING")
    place = ("register.sav", None, "")
    assert_fault(fault, place=place, read="another encoding", advice="'encoding: cp1251'")


def test_the_wrong_delimiter_names_the_right_one(desk: Any) -> None:
    text = (desk.folder / "survey.csv").read_text(encoding="utf-8")
    for mark, written in ((";", ";"), ("\t", "\\t")):
        desk.write("survey.csv", text.replace(",", mark))
        fault = desk.find_one("E-DELIMITER")
        place = ("survey.csv", 1, "")
        assert_fault(fault, place=place, read="one column", advice=f"'delimiter: \"{written}\"'")


def test_rows_of_another_width_are_listed_with_their_numbers(desk: Any) -> None:
    desk.spoil("survey.csv", "2,001,citizens,Q1,4,3,2", "2,001,citizens,Q1,4,3")
    desk.spoil("survey.csv", "4,003,citizens,Q1,1,,3", "4,003,citizens,Q1,1,,9")
    desk.spoil("survey.csv", "5,004,citizens,Q1,2,98,4", "5,004,citizens,Q1,2,98,4,1")
    first, second = desk.find("E-ROW-WIDTH")
    assert_fault(first, place=("survey.csv", 3, ""), read="6 cells", advice="quotation marks")
    assert_fault(second, place=("survey.csv", 6, ""), read="8 cells", advice="quotation marks")
    assert first.allowed == "7 cells, as in the heading"
    assert desk.find_one("E-SCALE").row == 5


def test_many_rows_of_another_width_are_counted(desk: Any) -> None:
    text = (desk.folder / "survey.csv").read_text(encoding="utf-8")
    desk.write("survey.csv", text + "1,2\n" * 50)
    faults = desk.find("E-ROW-WIDTH")
    assert len(faults) == 21
    assert faults[-1].read == "30 more rows with the same fault"


def test_a_renamed_column_names_the_nearest(desk: Any) -> None:
    desk.use({"file": "survey.csv", "columns": {"centre": "center"}})
    fault = desk.find_one("E-COLUMN")
    place = ("survey.csv", 1, "center")
    assert_fault(fault, place=place, read="no column 'center'", advice="Did you mean 'centre'?")


def test_an_absent_indicator_column(desk: Any) -> None:
    desk.spoil("survey.csv", "period,a,b,c", "period,a,b,d")
    fault = desk.find_one("E-COLUMN")
    assert_fault(fault, place=("survey.csv", 1, "c"), read="no column 'c'", advice="Name the right")


def test_an_absent_column_of_the_filter(desk: Any) -> None:
    desk.use({"file": "survey.csv", "where": {"wavw": "1"}})
    assert desk.find_one("E-COLUMN").read.startswith("no column 'wavw'")


def test_a_heading_that_stands_twice(desk: Any) -> None:
    desk.spoil("survey.csv", "period,a,b,c", "period,a,b,a")
    desk.use({"file": "survey.csv", "indicators": {"c": "period"}})
    fault = desk.find_one("E-COLUMN-TWICE")
    assert_fault(fault, place=("survey.csv", 1, "a"), read="'a'", advice="Rename or delete")


def test_columns_that_nothing_uses_are_one_warning(desk: Any) -> None:
    desk.spoil("register.csv", "region,visitors\n", "region,visitors,phone,e-mail\n")
    text = (desk.folder / "register.csv").read_text(encoding="utf-8").splitlines()
    desk.write("register.csv", "\n".join([text[0], *(f"{line},1,2" for line in text[1:])]))
    fault = desk.find_one("W-COLUMN-EXTRA")
    place = ("register.csv", 1, "")
    assert_fault(fault, place=place, read="'phone', 'e-mail'", advice="Nothing")


def test_empty_columns_without_heading_are_not_told(desk: Any) -> None:
    text = (desk.folder / "survey.csv").read_text(encoding="utf-8")
    desk.write("survey.csv", text.replace("\n", ",,\n"))
    assert desk.run().faults == ()


@pytest.mark.parametrize("name", ["survey", "register", "checklist"])
def test_a_file_without_rows(desk: Any, name: str) -> None:
    heading = (desk.folder / f"{name}.csv").read_text(encoding="utf-8").splitlines()[0]
    for content in (
        f"{heading}\n",
        heading,
        f"{heading}\n,,,\n" if name == "register" else heading,
    ):
        desk.write(f"{name}.csv", content)
        fault = desk.find_one("E-NO-ROWS")
        place = (f"{name}.csv", None, "")
        assert_fault(fault, place=place, read="a heading without rows", advice="Export")


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xef\xbb\xbf"])
def test_an_empty_file(desk: Any, content: bytes) -> None:
    desk.write("survey.csv", content)
    assert desk.find_one("E-NO-ROWS").read == "an empty file"


def test_a_workbook_without_rows(desk: Any) -> None:
    openpyxl.Workbook().save(desk.folder / "survey.xlsx")
    desk.use({"file": "survey.xlsx"})
    assert desk.find_one("E-NO-ROWS").file == "survey.xlsx"


def test_a_filter_that_keeps_nothing_lists_what_there_is(desk: Any) -> None:
    desk.use({"file": "survey.csv", "where": {"period": "Q3"}})
    fault = desk.find_one("E-NO-ROWS")
    assert_fault(fault, place=("survey.csv", None, ""), read="period = 'Q3'", advice="'where'")
    assert "'Q1', 'Q2'" in fault.allowed


def test_a_filter_keeps_its_rows(desk: Any) -> None:
    desk.use({"file": "survey.csv", "where": {"period": "Q1", "segment": "employers"}})
    report = desk.run()
    assert report.tables.responses.codes.tolist() == [[5, 5, 1]]
    assert report.tables.inputs[1].n_rows == 7


def test_a_file_that_begins_with_a_blank_line(desk: Any) -> None:
    text = (desk.folder / "survey.csv").read_text(encoding="utf-8")
    desk.write("survey.csv", "\n" + text)
    assert desk.run().has_errors


def test_files_of_one_name_are_told_apart_by_their_folder(desk: Any) -> None:
    text = (desk.folder / "survey.csv").read_text(encoding="utf-8")
    desk.write("citizens/survey.csv", text.replace(",5,4,1", ",7,4,1"))
    desk.write("employers/survey.csv", text.replace(",5,4,1", ",8,4,1"))
    desk.use({"file": "citizens/survey.csv"}, {"file": "employers/survey.csv"})
    assert [fault.file for fault in desk.find("E-SCALE")] == [
        "citizens/survey.csv",
        "employers/survey.csv",
    ]
