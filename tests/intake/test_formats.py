"""Every kind of file gives the same tables for the same content."""

from __future__ import annotations

import datetime as dt
import errno
import io
from typing import TYPE_CHECKING, Any

import numpy as np
import openpyxl
import pandas as pd
import pyarrow as pa
import pyreadstat
import pytest
from pyarrow import csv as arrow_csv
from pyarrow import parquet

from clientindex.intake.log import ReadingError
from clientindex.intake.read_parquet import tell_damage
from clientindex.threads import use_threads

if TYPE_CHECKING:
    from clientindex.intake import IntakeTables


def make_frames(desk: Any) -> dict[str, pd.DataFrame]:
    """Return the good files as frames: ids as text, the rest as numbers where it can be."""
    frames = {}
    for name in ("survey", "register", "checklist"):
        text = (desk.folder / f"{name}.csv").read_text(encoding="utf-8")
        frames[name] = pd.read_csv(io.StringIO(text), dtype={"centre": str, "answer": str})
    return frames


def read_text(desk: Any) -> str:
    return (desk.folder / "survey.csv").read_text(encoding="utf-8")


def write_xlsx(frame: pd.DataFrame, path: Any, *, sheet: str = "Лист1") -> None:
    book = openpyxl.Workbook()
    book.active.title = "Пояснения"
    page = book.create_sheet(sheet)
    page.append(list(frame.columns))
    for row in frame.astype(object).where(frame.notna(), None).itertuples(index=False):
        page.append(list(row))
    book.save(path)


def write_as(desk: Any, kind: str) -> None:
    """Write the good files as one kind and name them in the edition."""
    for name, frame in make_frames(desk).items():
        path = desk.folder / f"{name}.{'csv' if kind.startswith('csv') else kind}"
        source: dict[str, Any] = {"file": path.name}
        if kind == "csv cp1251":
            content = frame.to_csv(index=False, sep=";", decimal=",", float_format="%.1f")
            path.write_bytes(content.encode("cp1251"))
            source |= {"encoding": "cp1251", "delimiter": ";", "decimal": ","}
        elif kind == "csv bom":
            path.write_bytes(frame.to_csv(index=False, lineterminator="\r\n").encode("utf-8-sig"))
        elif kind == "csv tab":
            path.write_bytes(frame.to_csv(index=False, sep="\t").encode("utf-8"))
            source |= {"delimiter": "\t"}
        elif kind == "xlsx":
            write_xlsx(frame, path)
            source |= {"sheet": "Лист1"}
        elif kind == "sav":
            pyreadstat.write_sav(frame, path)
        elif kind == "parquet":
            frame.to_parquet(path)
        desk.use(**{name: [source] if name == "survey" else source})


def assert_equal_tables(left: IntakeTables, right: IntakeTables) -> None:
    names = ("register", "checklist_items", "no_answer")
    for name in names:
        pd.testing.assert_frame_equal(getattr(left, name), getattr(right, name))
    assert left.responses is not None
    assert right.responses is not None
    pd.testing.assert_frame_equal(left.responses.units, right.responses.units)
    np.testing.assert_array_equal(left.responses.unit_of, right.responses.unit_of)
    np.testing.assert_array_equal(left.responses.codes, right.responses.codes)


def test_plain_csv_gives_the_tables_worked_out_by_hand(desk: Any) -> None:
    tables = desk.run().tables
    responses = tables.responses
    assert responses.units.to_numpy().tolist() == [
        ["001", "citizens", "Q1"],
        ["001", "employers", "Q1"],
        ["002", "citizens", "Q1"],
        ["003", "citizens", "Q1"],
        ["004", "citizens", "Q1"],
        ["004", "employers", "Q2"],
    ]
    assert responses.unit_of.tolist() == [0, 0, 2, 3, 4, 1, 5]
    assert responses.unit_of.dtype == np.int32
    assert responses.codes.tolist() == [
        [5, 4, 1],
        [4, 3, 2],
        [3, 0, 5],
        [1, 0, 3],
        [2, 0, 4],
        [5, 5, 1],
        [4, 3, 2],
    ]
    assert responses.codes.dtype == np.uint8
    missing = tables.no_answer[tables.no_answer["n"] > 0]
    assert missing.to_numpy().tolist() == [
        ["citizens", "b", "refused", 1, 5],
        ["citizens", "b", "dont_know", 1, 5],
        ["citizens", "b", "empty", 1, 5],
    ]
    assert tables.register["centre"].tolist() == ["001", "002", "003", "004"]
    assert tables.register["visitors"].tolist()[:2] == [100.0, 50.0]
    assert np.isnan(tables.register["visitors"][2])
    items = tables.checklist_items.set_index(["centre", "item"])["answer"]
    assert items.loc[[("001", "a1"), ("001", "a2"), ("001", "c1"), ("002", "a1")]].tolist() == [
        1.0,
        1.0,
        0.0,
        0.0,
    ]
    assert items.loc[[("002", "a2"), ("003", "a1")]].isna().all()
    assert [(file.path.name, file.n_rows) for file in tables.inputs] == [
        ("register.csv", 4),
        ("survey.csv", 7),
        ("checklist.csv", 7),
    ]


@pytest.mark.parametrize("kind", ["csv cp1251", "csv bom", "csv tab", "xlsx", "sav", "parquet"])
def test_every_kind_of_file_gives_identical_tables(desk: Any, kind: str) -> None:
    expected = desk.run()
    write_as(desk, kind)
    report = desk.run()
    assert report.faults == expected.faults == ()
    assert_equal_tables(report.tables, expected.tables)


def test_numbers_in_workbooks_become_ids_without_a_point(desk: Any) -> None:
    frames = make_frames(desk)
    for name in ("survey", "register", "checklist"):
        write_xlsx(
            frames[name].assign(centre=frames[name]["centre"].astype(float)),
            desk.folder / f"{name}.xlsx",
            sheet="s",
        )
    source = {"sheet": "s"}
    desk.use(
        {"file": "survey.xlsx"} | source,
        register={"file": "register.xlsx"} | source,
        checklist={"file": "checklist.xlsx"} | source,
    )
    assert desk.run().tables.register["centre"].tolist() == ["1", "2", "3", "4"]


def test_dates_in_workbooks_and_spss_files_become_iso_text(desk: Any) -> None:
    frame = make_frames(desk)["survey"].assign(period=dt.date(2026, 3, 31))
    write_xlsx(frame, desk.folder / "survey.xlsx")
    pyreadstat.write_sav(frame, desk.folder / "survey.sav")
    part = {"column": "period", "pattern": r"^(\d{4}-\d{2})"}
    for source in ({"file": "survey.xlsx", "sheet": "Лист1"}, {"file": "survey.sav"}):
        desk.use(source | {"columns": {"period": part}})
        assert set(desk.run().tables.responses.units["period"]) == {"2026-03"}


def test_a_column_of_channels_divides_the_units(desk: Any) -> None:
    frame = make_frames(desk)["survey"]
    frame = frame.assign(mode=["online" if row % 2 else "visit" for row in range(len(frame))])
    write_xlsx(frame, desk.folder / "survey.xlsx")
    desk.use({"file": "survey.xlsx", "sheet": "Лист1", "columns": {"channel": "mode"}})
    units = desk.run().tables.responses.units
    assert list(units) == ["centre", "segment", "period", "channel"]
    assert set(units["channel"]) == {"online", "visit"}


def test_formulas_give_the_saved_value_and_blank_rows_keep_row_numbers(desk: Any) -> None:
    book = openpyxl.Workbook()
    page = book.active
    page.append(["respondent", "centre", "segment", "a", "b", "c"])
    page.append([1, "001", "citizens", 5, 4, 3])
    page.append([None] * 6)
    page.append([2, "001", "citizens", 7, 4, 3])
    book.save(desk.folder / "survey.xlsx")
    desk.use({"file": "survey.xlsx"})
    fault = desk.find_one("E-SCALE")
    assert (fault.row, fault.column, fault.read) == (4, "a", "7")


def test_blank_lines_of_csv_keep_row_numbers(desk: Any) -> None:
    desk.spoil("survey.csv", "3,002,citizens,Q1,3,99,5\n", "\n,,,,,,\n3,002,citizens,Q1,7,99,5\n")
    assert desk.find_one("E-SCALE").row == 6


def test_spss_missing_values_and_labels_are_kept(desk: Any) -> None:
    frame = pd.DataFrame(
        {
            "respondent": [1.0, 2, 3, 4, 5, 6],
            "centre": ["001", "002", "003", "004", "001", "002"],
            "segment": [1.0, 1, 1, 2, 2, 2],
            "a": [5.0, 4, 97, 77, np.nan, 99],
            "b": [1.0, 2, 3, 4, 5, 8],
            "c": [1.0, 2, 3, 4, 5, 1],
        }
    )
    pyreadstat.write_sav(
        frame,
        desk.folder / "survey.sav",
        variable_value_labels={
            "segment": {1: "Граждане", 2: "employers"},
            "a": {77: "Нет ответа", 5: "Полностью согласен"},
            "b": {8: "Не знаю"},
        },
        missing_ranges={"a": [{"lo": 90, "hi": 97}, 77]},
    )
    desk.use({"file": "survey.sav"})
    fault = desk.find_one("E-SCALE")
    assert (fault.row, fault.column, fault.read) == (7, "b", "8 (Не знаю)")

    frame.loc[5, "b"] = 3.0
    pyreadstat.write_sav(
        frame,
        desk.folder / "survey.sav",
        variable_value_labels={"segment": {1: "Граждане", 2: "employers"}},
        missing_ranges={"a": [{"lo": 90, "hi": 97}, 77]},
    )
    tables = desk.run().tables
    assert tables.responses.codes[:, 0].tolist() == [5, 4, 0, 0, 0, 0]
    missing = tables.no_answer.query("indicator == 'a' and n > 0")
    assert missing[["segment", "reason", "n", "n_asked"]].to_numpy().tolist() == [
        ["citizens", "declared_missing", 1, 3],
        ["employers", "dont_know", 1, 3],
        ["employers", "declared_missing", 1, 3],
        ["employers", "empty", 1, 3],
    ]


def test_spss_missing_values_of_other_columns_are_empty_cells(desk: Any) -> None:
    frame = make_frames(desk)["register"].assign(visitors=[100.0, -1, -1, 70])
    pyreadstat.write_sav(frame, desk.folder / "register.sav", missing_ranges={"visitors": [-1]})
    desk.use(register={"file": "register.sav"})
    assert desk.run().tables.register["visitors"].isna().tolist() == [False, True, True, False]


def test_spss_value_labels_name_regions_and_checklist_answers(desk: Any) -> None:
    frames = make_frames(desk)
    register = frames["register"].assign(region=[32.0, 32, 60, 60])
    labels = {"region": {32: "Брянская область", 60: "Псковская область"}}
    pyreadstat.write_sav(register, desk.folder / "register.sav", variable_value_labels=labels)
    checklist = frames["checklist"].assign(answer=[5.0, 5, 6, 6, 7, 7, 5])
    words = {"answer": {5: "Да", 6: "Нет", 7: "Не применимо"}}
    pyreadstat.write_sav(checklist, desk.folder / "checklist.sav", variable_value_labels=words)
    expected = desk.run().tables
    desk.use(register={"file": "register.sav"}, checklist={"file": "checklist.sav"})
    assert_equal_tables(desk.run().tables, expected)


def test_text_and_numbers_in_one_workbook_column_are_read_alike(desk: Any) -> None:
    book = openpyxl.Workbook()
    book.active.append(["centre", "segment", "indicator", "mean"])
    book.active.append(["001", "citizens", "a", "3,5"])
    book.active.append(["002", "citizens", "a", 3.5])
    book.save(desk.folder / "means.xlsx")
    desk.use({"file": "means.xlsx", "kind": "unit_means", "decimal": ","})
    assert desk.run().tables.unit_means["points"].tolist() == [62.5, 62.5]


def test_booleans_are_checklist_answers(desk: Any) -> None:
    frame = pd.DataFrame({"centre": ["001", "002"], "item": ["a1", "a1"], "answer": [True, False]})
    frame.to_parquet(desk.folder / "checklist.parquet")
    desk.use(checklist={"file": "checklist.parquet"})
    assert desk.run().tables.checklist_items["answer"].tolist() == [1.0, 0.0]


def test_answers_in_words_are_answers(desk: Any) -> None:
    desk.spoil(
        "survey.csv",
        "1,001,citizens,Q1,5,4,1",
        "1,001,citizens,Q1,полностью согласен,Rather agree,Затрудняюсь ответить",
    )
    assert desk.run().tables.responses.codes[0].tolist() == [5, 4, 0]


def test_segments_may_be_written_by_name(desk: Any) -> None:
    text = read_text(desk).replace("employers", "Работодатели").replace("citizens", "CITIZENS")
    expected = desk.run().tables
    desk.write("survey.csv", text)
    assert_equal_tables(desk.run().tables, expected)


def test_blanks_round_cells_and_headings_are_trimmed(desk: Any) -> None:
    expected = desk.run().tables
    text = read_text(desk).replace(",", "\u00a0, ").replace("\n", " \n")
    desk.write("survey.csv", text)
    assert_equal_tables(desk.run().tables, expected)


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (OSError("Corrupt snappy compressed data."), "E-FILE-UNREADABLE"),
        (pa.ArrowInvalid("no magic bytes"), "E-FILE-UNREADABLE"),
    ],
)
def test_what_arrow_says_of_a_damaged_file_is_its_fault(error: Exception, code: str) -> None:
    with pytest.raises(ReadingError, match="damaged file from row 7 on") as told, tell_damage(7):
        raise error
    assert told.value.code == code


def test_what_the_system_refuses_is_no_damage() -> None:
    with pytest.raises(OSError, match="Input/output") as told, tell_damage():
        raise OSError(errno.EIO, "Input/output error")
    assert told.value.errno == errno.EIO


@pytest.mark.parametrize(("threads", "asked"), [(1, {False}), (2, {True})])
def test_arrow_shares_its_work_only_where_threads_may(
    desk: Any, monkeypatch: pytest.MonkeyPatch, threads: int, asked: set[bool]
) -> None:
    seen: list[bool] = []
    read_options = arrow_csv.ReadOptions
    read = parquet.ParquetFile.read

    def note_options(**options: Any) -> Any:
        seen.append(options["use_threads"])
        return read_options(**options)

    def note_parquet(file: Any, *, use_threads: bool) -> Any:
        seen.append(use_threads)
        return read(file, use_threads=use_threads)

    monkeypatch.setattr(arrow_csv, "ReadOptions", note_options)
    monkeypatch.setattr(parquet.ParquetFile, "read", note_parquet)
    make_frames(desk)["survey"].to_parquet(desk.folder / "survey.parquet")
    desk.use({"file": "survey.parquet"})
    with use_threads(threads):
        assert not desk.run().has_errors
    assert len(seen) == 3
    assert set(seen) == asked
