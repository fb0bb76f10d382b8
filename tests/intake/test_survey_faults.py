"""Faults in the cells of survey files: code, file, row, column, what was read, what to do."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pyreadstat
import pytest

ROW = "1,001,citizens,Q1,5,4,1"


def spoil_row(desk: Any, new: str) -> None:
    desk.spoil("survey.csv", ROW, new)


@pytest.mark.parametrize(
    ("code", "row", "column", "read", "advice"),
    [
        ("E-SCALE", "1,001,citizens,Q1,6,4,1", "a", "6", "add the code to 'missing'"),
        ("E-SCALE", "1,001,citizens,Q1,-1,4,1", "a", "-1", "Correct the cell"),
        ("E-NUMBER", "1,001,citizens,Q1,5,да,1", "b", "да", "Correct the cell"),
        ("E-NUMBER", '1,001,citizens,Q1,5,"4,0",1', "b", "4,0", "'decimal: \",\"'"),
        ("E-NUMBER", "1,001,citizens,Q1,nan,4,1", "a", "nan", "Correct the cell"),
        ("E-FRACTION", "1,001,citizens,Q1,5,4,1.5", "c", "1.5", "'kind: unit_means'"),
        ("E-CENTRE-EMPTY", "1,,citizens,Q1,5,4,1", "centre", "an empty cell", "Fill in the id"),
        ("E-CENTRE-UNKNOWN", "1,1,citizens,Q1,5,4,1", "centre", "1", "Did you mean '001'?"),
        ("E-CENTRE-UNKNOWN", "1,0O1,citizens,Q1,5,4,1", "centre", "0O1", "Did you mean '001'?"),
        ("E-SEGMENT", "1,001,citizen,Q1,5,4,1", "segment", "citizen", "Did you mean 'citizens'?"),
        ("E-SEGMENT", "1,001,,Q1,5,4,1", "segment", "an empty cell", "Correct the cell"),
        ("W-RESPONDENT-EMPTY", ",001,citizens,Q1,5,4,1", "respondent", "an empty cell", "Fill in"),
    ],
)
def test_one_spoilt_cell(
    desk: Any, code: str, row: str, column: str, read: str, advice: str
) -> None:
    spoil_row(desk, row)
    fault = desk.find_one(code)
    assert (fault.file, fault.row, fault.column, fault.read) == ("survey.csv", 2, column, read)
    assert advice in fault.advice
    assert desk.run().has_errors == code.startswith("E-")


@pytest.mark.parametrize("seconds", ["-1", "two minutes"])
def test_a_duration_is_a_number_of_seconds(desk: Any, seconds: str) -> None:
    add_times(desk, seconds)
    fault = desk.find_one("E-DURATION")
    assert (fault.row, fault.column, fault.read) == (2, "duration", seconds)
    assert "seconds" in fault.allowed


def add_times(desk: Any, seconds: str) -> None:
    """Give every interview a day and a duration, the first one `seconds`."""
    head, *rows = (desk.folder / "survey.csv").read_text(encoding="utf-8").splitlines()
    times = [f"{row},2026-05-0{1 + i % 2},{10 + i}" for i, row in enumerate(rows)]
    times[0] = f"{rows[0]},2026-05-01,{seconds}"
    desk.write("survey.csv", "\n".join([f"{head},day,duration", *times]) + "\n")


def test_days_and_durations_reach_the_responses(desk: Any) -> None:
    assert desk.run().tables.responses.day is None
    assert desk.run().tables.responses.duration is None
    add_times(desk, "")
    responses = desk.run().tables.responses
    assert list(responses.day[:4]) == [0, 1, 0, 1]
    assert np.isnan(responses.duration[0])
    assert list(responses.duration[1:3]) == [11.0, 12.0]


def test_allowed_answers_are_listed(desk: Any) -> None:
    spoil_row(desk, "1,001,citizens,Q1,6,4,1")
    allowed = "whole numbers 1-5; missing: 98 refused, 99 dont_know; or an empty cell"
    assert desk.find_one("E-SCALE").allowed == allowed


def test_an_unknown_fixed_segment(desk: Any) -> None:
    desk.use({"file": "survey.csv", "segment": "employer"})
    fault = desk.find_one("E-SEGMENT")
    assert (fault.file, fault.row, fault.read) == ("survey.csv", None, "segment: employer")
    assert fault.advice == "Did you mean 'employers'?"


def test_a_fixed_segment_holds_for_all_rows(desk: Any) -> None:
    desk.use({"file": "survey.csv", "where": {"segment": "citizens"}, "segment": "employers"})
    assert set(desk.run().tables.responses.units["segment"]) == {"employers"}


def test_a_needed_segment_column_that_is_absent(desk: Any) -> None:
    desk.spoil("survey.csv", "centre,segment,period", "centre,part,period")
    fault = desk.find_one("E-COLUMN")
    assert (fault.row, fault.column) == (1, "segment")


def test_one_segment_needs_no_column(desk: Any) -> None:
    desk.spoil("survey.csv", "centre,segment,period", "centre,part,period")
    one = desk.methodology.segments[0].model_dump() | {"weight": 1}
    desk.revise(segments=[one])
    desk.use({"file": "survey.csv", "where": {"part": "citizens"}})
    assert set(desk.run().tables.responses.units["segment"]) == {"citizens"}


def test_a_respondent_twice_in_one_file(desk: Any) -> None:
    desk.spoil("survey.csv", "3,002,citizens,Q1,3,99,5", "1,002,citizens,Q1,3,99,5")
    fault = desk.find_one("E-RESPONDENT-TWICE")
    assert (fault.file, fault.row, fault.column) == ("survey.csv", 4, "respondent")
    assert fault.read == "citizens, Q1, 1; it stands already in survey.csv, row 2"
    assert "prefix" in fault.advice


def test_a_respondent_twice_in_two_files(desk: Any) -> None:
    text = (desk.folder / "survey.csv").read_text(encoding="utf-8").splitlines()
    desk.write("more.csv", "\n".join([text[0], "9,001,citizens,Q1,5,4,1", text[3]]))
    desk.use({"file": "survey.csv"}, {"file": "more.csv"})
    fault = desk.find_one("E-RESPONDENT-TWICE")
    assert (fault.file, fault.row) == ("more.csv", 3)
    assert fault.read.endswith("it stands already in survey.csv, row 4")


def test_a_respondent_may_answer_in_two_periods(desk: Any) -> None:
    desk.spoil("survey.csv", "3,002,citizens,Q1,3,99,5", "1,002,citizens,Q2,3,99,5")
    assert desk.run().faults == ()


def test_without_respondent_ids_there_is_a_warning(desk: Any) -> None:
    desk.spoil("survey.csv", "respondent,centre", "person,centre")
    fault = desk.find_one("W-RESPONDENT-NONE")
    assert (fault.file, fault.row, fault.column) == ("survey.csv", None, "")
    assert fault.read == "no column 'respondent'"
    assert "respondent: ..." in fault.advice
    assert not desk.run().has_errors


def test_a_value_label_of_another_answer(desk: Any) -> None:
    text = (desk.folder / "survey.csv").read_text(encoding="utf-8").splitlines()
    rows = [line.split(",") for line in text]
    frame = pd.DataFrame(rows[1:], columns=rows[0]).astype({"a": float, "c": float})
    labels = {"a": {5: "Совершенно не согласен", 4: "Скорее согласен"}}
    pyreadstat.write_sav(frame, desk.folder / "survey.sav", variable_value_labels=labels)
    desk.use({"file": "survey.sav"})
    first, second = desk.find("E-LABEL")
    assert (first.file, first.row, first.column) == ("survey.sav", 2, "a")
    assert first.read == "5 (Совершенно не согласен)"
    assert "Recode" in first.advice
    assert second.row == 7


def test_a_pattern_that_does_not_match(desk: Any) -> None:
    spec = {"column": "period", "pattern": "^Q([0-9])$"}
    desk.spoil("survey.csv", "4,003,citizens,Q1", "4,003,citizens,1")
    desk.use({"file": "survey.csv", "columns": {"period": spec}})
    fault = desk.find_one("E-PATTERN")
    assert (fault.file, fault.row, fault.column, fault.read) == ("survey.csv", 5, "period", "1")
    assert "pattern" in fault.advice
    desk.spoil("survey.csv", "4,003,citizens,1", "4,003,citizens,Q1")
    assert set(desk.run().tables.responses.units["period"]) == {"1", "2"}


def test_equal_faults_are_listed_up_to_twenty_rows_then_counted(desk: Any) -> None:
    heading = "respondent,centre,segment,a,b,c\n"
    rows = [f"{i},001,citizens,{9 if i % 2 else 5},{i % 5 + 1},1" for i in range(100)]
    desk.write("survey.csv", heading + "\n".join(rows))
    faults = desk.find("E-SCALE")
    assert [fault.row for fault in faults[:3]] == [3, 5, 7]
    assert len(faults) == 21
    assert (faults[20].row, faults[20].read) == (None, "30 more rows with the same fault")
    assert faults[20].column == "a"
    assert faults[20].advice == faults[0].advice


@pytest.mark.parametrize(
    ("change", "read", "advice"),
    [
        ({"indicators": {"aa": "x"}}, "indicators: aa", "Did you mean 'a'?"),
        ({"indicators": {"a": "b"}}, "indicators: 'b' for two keys", "Correct the names"),
    ],
)
def test_settings_that_contradict_the_methodology(
    desk: Any, change: dict[str, Any], read: str, advice: str
) -> None:
    desk.use({"file": "survey.csv"} | change)
    fault = desk.find_one("E-SETTING")
    assert (fault.file, fault.row, fault.column, fault.read) == ("survey.csv", None, "", read)
    assert advice in fault.advice


@pytest.mark.parametrize(
    ("change", "read"),
    [
        ({"sheet": "Ответы"}, "sheet"),
        ({"mean_scale": [0, 10]}, "mean_scale"),
        ({"layout": "wide"}, "layout"),
        ({"columns": {"answer": "a"}}, "columns: answer"),
    ],
)
def test_settings_without_effect_are_warnings(desk: Any, change: dict[str, Any], read: str) -> None:
    desk.use({"file": "survey.csv"} | change)
    fault = desk.find_one("W-OPTION")
    assert (fault.file, fault.row, fault.column, fault.read) == ("survey.csv", None, "", read)
    assert "Take it out" in fault.advice
    assert not desk.run().has_errors


def test_names_of_indicators_in_the_file(desk: Any) -> None:
    expected = desk.run().tables.responses.codes
    desk.spoil("survey.csv", "period,a,b,c", "period,В1,В2,c")
    desk.use({"file": "survey.csv", "indicators": {"a": "В1", "b": "В2"}})
    report = desk.run()
    assert report.faults == ()
    assert report.tables.responses.codes.tolist() == expected.tolist()


def test_equal_answers_and_no_answers_are_warnings_by_segment(desk: Any) -> None:
    text = (desk.folder / "survey.csv").read_text(encoding="utf-8").splitlines()
    rows = [line.split(",") for line in text]
    for row in rows[1:6]:
        row[4:6] = ["5", ""]
    desk.write("survey.csv", "\n".join(",".join(row) for row in rows))
    flat, empty = desk.find_one("W-NO-VARIANCE"), desk.find_one("W-INDICATOR-EMPTY")
    assert (flat.file, flat.row, flat.column) == ("survey.csv", None, "a")
    assert flat.read == "5 answers, all 5 (citizens)"
    assert "Check the export" in flat.advice
    assert (empty.file, empty.row, empty.column) == ("survey.csv", None, "b")
    assert empty.read == "no answer (citizens)"
    assert "missing codes" in empty.advice
    assert not desk.run().has_errors


def test_faulty_rows_are_left_out_as_far_as_the_edition_allows(desk: Any) -> None:
    desk.spoil("survey.csv", "1,001,citizens,Q1,5,4,1", "1,001,citizens,Q1,7,4,1")
    desk.settings = {"leave_out": {"rows": 0.2}}
    fault = desk.find_one("W-LEFT-OUT")
    assert (fault.file, fault.row) == ("survey.csv", None)
    assert fault.read == "1 of 7 rows with an error, which are left out"
    report = desk.run()
    assert {f.severity for f in report.faults if f.code == "E-SCALE"} == {"warning"}
    assert len(report.tables.responses.codes) == 6
    desk.settings = {"leave_out": {"rows": 0.1}}
    assert desk.run().has_errors
