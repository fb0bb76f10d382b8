"""Damaged files, broken rows and mixed schemas: told with file and row, the rest is not lost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from clientindex.hashing import hash_file
from clientindex.intake.pieces import PieceSize
from national_survey import (
    TINY,
    NationalSurvey,
    draw_people,
    list_differences,
    list_faults,
    name_codes,
)

if TYPE_CHECKING:
    from pathlib import Path

    from clientindex.pipeline.data_check import CheckedData


def find_one(checked: CheckedData, code: str) -> tuple[str, int | None, str]:
    (fault,) = (f for f in checked.report.faults if f.code == code)
    return fault.file, fault.row, fault.read


def list_inputs(checked: CheckedData) -> list[tuple[str, int]]:
    """Return name and rows of every input."""
    return [(file.path.name, file.n_rows) for file in checked.require_tables().inputs]


def damage_middle(path: Path) -> None:
    """Overwrite bytes in the middle of the pages of a Parquet file."""
    content = bytearray(path.read_bytes())
    middle = len(content) // 3
    content[middle : middle + 400] = b"\xff" * 400
    path.write_bytes(content)


def test_a_truncated_parquet_file_is_told(three: NationalSurvey) -> None:
    path = three.folder / "p1.parquet"
    path.write_bytes(path.read_bytes()[:-100])
    cut = three.count()
    file, row, read = find_one(cut, "E-FILE-UNREADABLE")
    assert (file, row) == ("p1.parquet", None)
    assert "damaged file" in read
    assert name_codes(cut) == ["E-FILE-UNREADABLE"]


def test_a_parquet_file_with_damaged_pages_is_told_with_the_row(survey: NationalSurvey) -> None:
    path = survey.write_parquet("p.parquet", draw_people(1, 4000), rows=100)
    damage_middle(path)
    survey.use({"file": "p.parquet"})
    cut = survey.count(PieceSize(n_rows=100, n_piece_rows=1000))
    file, row, read = find_one(cut, "E-FILE-UNREADABLE")
    assert file == "p.parquet"
    assert row is not None
    assert 2 < row < 4000
    assert (row - 2) % 100 == 0
    assert f"from row {row} on" in read


def test_what_stands_after_a_piece_that_cannot_be_read_is_not_told(
    survey: NationalSurvey,
) -> None:
    people = draw_people(1, 120).drop(columns="comment").assign(age="23")
    people.loc[[8, 98], "a"] = "7"
    people.loc[98, "age"] = "old"
    path = survey.write_csv("e.csv", people)
    lines = path.read_bytes().splitlines(keepends=True)
    for row in (50, 90):
        lines[row] = lines[row].replace(b"Q", "Ж".encode("cp1251"))
    path.write_bytes(b"".join(lines))
    survey.use({"file": "e.csv", "columns": {"age": "age"}})
    cut = survey.count(PieceSize(n_bytes=300))
    assert find_one(cut, "E-ENCODING")[1] == 51
    assert find_one(cut, "E-SCALE")[1] == 10
    assert name_codes(cut) == ["E-ENCODING", "E-SCALE"]


def test_a_broken_file_is_left_out_where_the_edition_allows_it(three: NationalSurvey) -> None:
    expected = []
    for name in ("p0.csv", "p2.csv"):
        three.use({"file": name})
        expected.append(three.count_kept())
    (three.folder / "p1.parquet").write_bytes(b"PAR1 and no more")
    three.use({"file": "p*"}, leave_out={"files": 1})
    for checked in (three.count(), three.keep()):
        assert name_codes(checked) == []
        assert find_one(checked, "W-LEFT-OUT")[0] == "p1.parquet"
    cut = three.count()
    assert cut.counts is not None
    assert list_differences(cut.counts, expected[0] + expected[1]) == []
    assert list_differences(three.count_kept(), expected[0] + expected[1]) == []
    assert list_faults(cut) == list_faults(three.keep())
    assert list_inputs(cut) == [("p0.csv", 40), ("p1.parquet", 0), ("p2.csv", 40)]


@pytest.mark.parametrize(
    ("content", "survey_entry"),
    [
        (b"PAR1", {}),
        (b"", {}),
        (b"respondent,centre\n", {}),
        ("respondent,centre,segment,period,a,b\n1,001,citizens,Q1,1,Ж\n".encode("cp1251"), {}),
        (None, {"where": {"period": "Q9"}}),
        (None, {"where": {"wave": "1"}}),
        (None, {"indicators": {"b": "q2"}}),
        (None, {"indicators": {"x": "q2"}}),
    ],
)
def test_files_that_are_left_out_are_inputs_of_both_engines(
    three: NationalSurvey, content: bytes | None, survey_entry: dict[str, Any]
) -> None:
    if content is not None:
        (three.folder / "p0.csv").write_bytes(content)
    three.use({"file": "p0.csv", **survey_entry}, {"file": "p[12]*"}, leave_out={"files": 1})
    for checked in (three.count(), three.keep()):
        assert list_inputs(checked) == [("p0.csv", 0), ("p1.parquet", 40), ("p2.csv", 40)]
        path = three.folder / "p0.csv"
        assert checked.require_tables().inputs[0].sha256 == hash_file(path)


def test_a_file_that_is_not_there_is_no_input(three: NationalSurvey) -> None:
    three.use({"file": "absent.csv"}, {"file": "p0.csv"}, leave_out={"files": 1})
    for checked in (three.count(), three.keep()):
        assert list_inputs(checked) == [("p0.csv", 40)]


def test_more_broken_files_than_allowed_stop_the_run(three: NationalSurvey) -> None:
    for name in ("p0.csv", "p1.parquet"):
        (three.folder / name).write_bytes(b"")
    three.use({"file": "p*"}, leave_out={"files": 1})
    assert name_codes(three.count()) == ["E-FILE-UNREADABLE", "E-NO-ROWS"]
    assert three.count().report.tables is None


def test_one_broken_row_among_many_is_told_and_left_out(survey: NationalSurvey) -> None:
    people = draw_people(3, 5000).drop(columns="comment")
    path = survey.write_csv("m.csv", people)
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    lines[3210] = "3209,001,citizens,Q1,5\n"
    path.write_text("".join(lines), encoding="utf-8")
    survey.use({"file": "m.csv"})
    cut = survey.count(PieceSize(n_bytes=5000))
    file, row, read = find_one(cut, "E-ROW-WIDTH")
    assert (file, row) == ("m.csv", 3211)
    assert read.startswith("5 cells")
    assert cut.report.tables is None
    survey.use({"file": "m.csv"}, leave_out={"rows": 0.0002})
    cut, kept = survey.count(PieceSize(n_bytes=5000)), survey.keep()
    assert name_codes(cut) == []
    assert find_one(cut, "W-LEFT-OUT")[2].startswith("1 of 5000 rows with an error")
    assert cut.counts is not None
    assert int(cut.counts.n.sum()) == 4999
    assert list_differences(cut.counts, survey.count_kept()) == []
    assert list_faults(cut) == list_faults(kept)
    survey.use({"file": "m.csv"}, leave_out={"rows": 0.0001})
    assert name_codes(survey.count(PieceSize(n_bytes=5000))) == ["E-ROW-WIDTH"]


def test_faulty_cells_leave_out_their_rows_alone(survey: NationalSurvey) -> None:
    people = draw_people(4, 200).drop(columns="comment")
    people.loc[17, "b"] = "11"
    people.loc[18, "centre"] = ""
    survey.write_csv("f.csv", people)
    clean = NationalSurvey(folder=survey.folder / "clean")
    clean.write_csv("f.csv", people.drop(index=[17, 18]))
    clean.use({"file": "f.csv"})
    survey.use({"file": "f.csv"}, leave_out={"rows": 0.01})
    cut, kept = survey.count(), survey.keep()
    assert cut.counts is not None
    assert list_differences(cut.counts, clean.count_kept()) == []
    assert list_differences(survey.count_kept(), clean.count_kept()) == []
    for checked in (cut, kept):
        pd.testing.assert_frame_equal(
            checked.require_tables().no_answer, clean.keep().require_tables().no_answer
        )
        assert find_one(checked, "W-LEFT-OUT")[2].startswith("2 of 200 rows")
        assert {f.severity for f in checked.report.faults} == {"warning"}


@pytest.mark.parametrize("size", [PieceSize(n_bytes=500), PieceSize()])
@pytest.mark.parametrize("quoted", ["", '"как\nтут"'])
def test_an_unclosed_quotation_mark_swallows_nothing(
    survey: NationalSurvey, size: PieceSize, quoted: str
) -> None:
    people = draw_people(5, 300).assign(comment="да")
    path = survey.write_csv("q.csv", people)
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    lines[50] = lines[50].replace("да", quoted)
    lines[120] = "1,2\n"
    for row in (200, 260):
        lines[row] = lines[row].replace("да", '"да')
    path.write_text("".join(lines), encoding="utf-8")
    survey.use({"file": "q.csv"}, leave_out={"rows": 0.01})
    cut, kept = survey.count(size), survey.keep()
    assert list_faults(cut) == list_faults(kept)
    told = [(f.row, f.read) for f in cut.report.faults if f.code == "E-ROW-WIDTH"]
    assert [row for row, _ in told] == [121, 201, 261]
    assert ["quotation mark that is not closed" in read for _, read in told] == [False, True, True]
    assert cut.counts is not None
    assert int(cut.counts.n.sum()) == 297
    assert list_differences(cut.counts, survey.count_kept()) == []


@pytest.mark.parametrize("encoding", ["utf-8", "cp1251"])
def test_a_cell_that_is_too_long_is_an_unclosed_one(
    survey: NationalSurvey, monkeypatch: pytest.MonkeyPatch, encoding: str
) -> None:
    monkeypatch.setattr("clientindex.intake.records.LONGEST_CELL", 60)
    people = draw_people(5, 100).assign(comment="да")
    people.loc[20, "comment"] = '"' + 40 * "ж"
    people.loc[40, "comment"] = '"' + 80 * "ж"
    survey.write_csv("q.csv", people, encoding=encoding)
    survey.use({"file": "q.csv", "encoding": encoding}, leave_out={"rows": 0.05})
    for size in (PieceSize(n_bytes=100), PieceSize()):
        cut = survey.count(size)
        assert list_faults(cut) == list_faults(survey.keep())
        rows = [f.row for f in cut.report.faults if f.code == "E-ROW-WIDTH"]
        assert rows == ([42] if encoding == "cp1251" else [22, 42])
        assert cut.counts is not None
        assert list_differences(cut.counts, survey.count_kept()) == []


def test_a_line_that_cannot_be_read_does_not_lack_the_column_of_a_filter(
    survey: NationalSurvey,
) -> None:
    people = draw_people(5, 60).assign(comment="да", wave="1")
    path = survey.write_csv("q.csv", people)
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    lines[30] = lines[30].replace("да", '"да')
    path.write_text("".join(lines), encoding="utf-8")
    survey.use({"file": "q.csv", "where": {"wave": "1"}}, leave_out={"rows": 0.02})
    cut = survey.count()
    assert name_codes(cut) == []
    assert cut.counts is not None
    assert int(cut.counts.n.sum()) == 59


def test_a_file_that_two_entries_read_keeps_the_faults_of_both(survey: NationalSurvey) -> None:
    people = draw_people(3, 80).drop(columns="comment").assign(wave=["1"] * 40 + ["2"] * 40)
    people.loc[:24, "a"] = "7"
    people.loc[40:64, "a"] = "8"
    survey.write_csv("w.csv", people)
    waves = [{"file": "w.csv", "where": {"wave": wave}} for wave in "12"]
    survey.use(*waves)
    assert list_faults(survey.count()) == list_faults(survey.keep())
    survey.use(*waves, leave_out={"rows": 0.7})
    for checked in (survey.count(), survey.keep()):
        assert name_codes(checked) == []
    people.loc[:, "a"] = ["7"] + ["1"] * 39 + ["8"] * 40
    survey.write_csv("w.csv", people)
    cut, kept = survey.count(), survey.keep()
    assert name_codes(cut) == name_codes(kept) == ["E-SCALE"]
    assert list_faults(cut) == list_faults(kept)


def test_a_lost_row_counts_once_a_reading(survey: NationalSurvey) -> None:
    people = draw_people(3, 100).drop(columns="comment").assign(wave=["1"] * 50 + ["2"] * 50)
    people.loc[[7, 57], ["a", "b", "centre"]] = ["7", "8", ""]
    path = survey.write_csv("w.csv", people)
    path.write_text(path.read_text(encoding="utf-8") + "1,2\n" * 10, encoding="utf-8")
    waves = [{"file": "w.csv", "where": {"wave": wave}} for wave in "12"]
    # Either reading loses the ten rows that are too short and one with three faults.
    survey.use(*waves, leave_out={"rows": 11 / 60})
    for checked in (survey.count(), survey.keep()):
        told = [f.read for f in checked.report.faults if f.code == "W-LEFT-OUT"]
        assert told == ["11 of 60 rows with an error, which are left out"] * 2
    survey.use(*waves, leave_out={"rows": 10.9 / 60})
    for checked in (survey.count(), survey.keep()):
        assert checked.report.tables is None


def test_a_broken_reading_excuses_no_other_reading_of_its_file(survey: NationalSurvey) -> None:
    people = draw_people(3, 40).drop(columns="comment").assign(wave=["1"] * 20 + ["2"] * 20)
    survey.write_csv("w.csv", people)
    good = {"file": "w.csv", "where": {"wave": "1"}}
    broken = {"file": "w.csv", "where": {"wave": "2"}, "indicators": {"b": "q2"}}
    survey.use(good, broken, leave_out={"files": 1})
    for checked in (survey.count(), survey.keep()):
        assert name_codes(checked) == []
        assert "as entry 2 reads it" in find_one(checked, "W-LEFT-OUT")[2]
        tally = checked.require_tables().tally
        assert tally is not None
        assert int(tally.n.sum()) == 20
    people.loc[3, "a"] = "7"
    survey.write_csv("w.csv", people)
    for checked in (survey.count(), survey.keep()):
        assert name_codes(checked) == ["E-SCALE"]
    assert list_faults(survey.count()) == list_faults(survey.keep())


def test_files_of_one_name_in_folders_of_one_name_are_told_apart(survey: NationalSurvey) -> None:
    for number, region in enumerate("AB"):
        people = draw_people(number, 20, first_id=100 * number).drop(columns="period")
        if region == "B":
            people.loc[3, "a"] = "7"
        survey.write_csv(f"s/region={region}/period=Q1/part.csv", people)
    survey.use({"file": "s"})
    for checked in (survey.count(), survey.keep()):
        file, row, _ = find_one(checked, "E-SCALE")
        assert (file, row) == ("region=B/period=Q1/part.csv", 5)


def test_mixed_schemas_are_told_by_file(three: NationalSurvey) -> None:
    renamed = draw_people(2, 40, first_id=200).rename(columns={"b": "q2"})
    three.write_csv("p2.csv", renamed)
    cut = three.count()
    file, row, read = find_one(cut, "E-COLUMN")
    assert (file, row) == ("p2.csv", 1)
    assert "no column 'b'" in read
    assert list_faults(cut) == list_faults(three.keep())
    three.use({"file": "p*"}, leave_out={"files": 1})
    cut = three.count()
    assert cut.counts is not None
    assert int(cut.counts.n.sum()) == 80


def test_columns_in_another_order_and_of_other_types_are_the_same(survey: NationalSurvey) -> None:
    people = draw_people(6, 60)
    survey.write_csv("p0.csv", people.iloc[:20])
    survey.write_csv("p1.csv", people.iloc[20:40][list(people.columns[::-1])])
    survey.write_parquet("p2.parquet", people.iloc[40:])
    survey.use({"file": "p*"})
    whole = NationalSurvey(folder=survey.folder / "whole")
    whole.write_csv("all.csv", people)
    whole.use({"file": "all.csv"})
    cut = survey.count()
    assert cut.counts is not None
    assert list_differences(cut.counts, whole.count_kept()) == []


def test_a_respondent_in_two_files_is_told_with_both_rows(three: NationalSurvey) -> None:
    people = draw_people(2, 40, first_id=200)
    people.loc[30, ["respondent", "segment", "period"]] = draw_people(1, 40, first_id=100).loc[
        7, ["respondent", "segment", "period"]
    ]
    three.write_csv("p2.csv", people)
    file, row, read = find_one(three.count(), "E-RESPONDENT-TWICE")
    assert (file, row) == ("p2.csv", 32)
    assert read.endswith("in p1.parquet, row 9")
    assert find_one(three.keep(), "E-RESPONDENT-TWICE")[:2] == (file, row)


def test_repeats_are_found_across_slices_of_hashes(
    survey: NationalSurvey, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("clientindex.streaming.respondent_ids.SLICE_RECORDS", 16)
    people = draw_people(7, 300)
    people = pd.concat([people, people.iloc[100:150]], ignore_index=True)
    survey.write_csv("r.csv", people)
    survey.use({"file": "r.csv"})
    cut = survey.count(TINY)
    told = [f for f in cut.report.faults if f.code == "E-RESPONDENT-TWICE"]
    assert [f.row for f in told] == [*range(302, 322), None]
    assert told[-1].read == "30 more rows with the same fault"
    assert told[0].read.endswith("r.csv, row 102")


def test_empty_and_absent_files(three: NationalSurvey) -> None:
    (three.folder / "p0.csv").write_text("respondent,centre,segment,period,a,b,c\n")
    assert list_faults(three.count()) == list_faults(three.keep())
    three.use({"file": "p2.csv"}, {"file": "absent/*.csv"})
    cut = three.count()
    assert find_one(cut, "E-FILE-MISSING")[0] == "*.csv"
    assert list_faults(cut) == list_faults(three.keep())


def test_weights_of_answers_ask_for_respondents(three: NationalSurvey) -> None:
    raw = three.methodology.model_dump(by_alias=True)
    weighted = raw | {"answer_weights": raw["answer_weights"] | {"design": True}}
    three.methodology = type(three.methodology).model_validate(weighted)
    assert "E-SETTING" in name_codes(three.count())
    assert np.any([f.code == "E-SETTING" for f in three.count().report.faults])
