"""The register of centres and the checklists: faults, conversion, and gaps between files."""

from __future__ import annotations

from typing import Any

import pytest

EXACT = 1e-12
"""Scores are one multiplication and one division away from the file."""


@pytest.mark.parametrize(
    ("code", "old", "new", "row", "column", "read", "advice"),
    [
        ("E-CENTRE-TWICE", "002,", "001,", 3, "centre",
         "001; it stands already in register.csv, row 2", "Delete the repeated row"),
        ("E-CENTRE-EMPTY", "002,", ",", 3, "centre", "an empty cell", "Fill in the id"),
        ("E-REGION-EMPTY", "Клинцы,Брянская область", "Клинцы,", 3, "region", "an empty cell",
         "Fill in the region"),
        ("E-VISITORS", ",100", ",много", 2, "visitors", "много", "Correct the cell"),
        ("E-VISITORS", ",100", ",-1", 2, "visitors", "-1", "Correct the cell"),
        ("E-VISITORS", ",100", ",10.5", 2, "visitors", "10.5", "Correct the cell"),
        ("W-VISITORS", ",100", ",2", 2, "visitors", "2 visitors, 3 respondents", "period"),
        ("W-REGION-SINGLE", "Клинцы,Брянская область", "Клинцы,Псковская область", 2, "region",
         "Брянская область, with one centre", "spelling"),
    ],
)  # fmt: skip
def test_one_spoilt_cell_of_the_register(
    desk: Any, code: str, old: str, new: str, row: int, column: str, read: str, advice: str
) -> None:
    desk.spoil("register.csv", old, new)
    fault = desk.find_one(code)
    assert (fault.file, fault.row, fault.column, fault.read) == ("register.csv", row, column, read)
    assert advice in fault.advice
    assert desk.run().has_errors == code.startswith("E-")


ENGLISH = """centre,name,region,name_en,region_en
001,ЦЗН г. Брянска,Брянская область,Bryansk Job Centre,Bryansk Oblast
002,ЦЗН г. Клинцы,Брянская область,,Bryansk Oblast
003,ЦЗН г. Пскова,Псковская область,Pskov Job Centre,
004,ЦЗН г. Великие Луки,Псковская область,Velikiye Luki Job Centre,Pskov Oblast
"""


def test_english_names_of_the_register_are_handed_on(desk: Any) -> None:
    assert desk.run().tables.english_names is None
    desk.write("register.csv", ENGLISH)
    fault = desk.find_one("W-ENGLISH-EMPTY")
    assert (fault.row, fault.column, fault.read) == (3, "name_en", "no English name of 002")
    tables = desk.run().tables
    assert list(tables.register.columns) == ["centre", "name", "region", "visitors"]
    assert tables.english_names.to_numpy().tolist() == [
        ["centre", "001", "Bryansk Job Centre"],
        ["centre", "003", "Pskov Job Centre"],
        ["centre", "004", "Velikiye Luki Job Centre"],
        ["region", "Брянская область", "Bryansk Oblast"],
        ["region", "Псковская область", "Pskov Oblast"],
    ]


@pytest.mark.parametrize(
    ("code", "old", "new", "row", "column", "read"),
    [
        ("E-ENGLISH-LETTERS", "Pskov Job", "Pskоv Job", 4, "name_en",
         "Pskоv Job Centre, with the Russian letters о"),
        ("E-ENGLISH-SEVERAL", "002,ЦЗН г. Клинцы,Брянская область,,Bryansk Oblast",
         "002,ЦЗН г. Клинцы,Брянская область,,Bryansk Region", 3, "region_en",
         "Bryansk Region for Брянская область, which is Bryansk Oblast further up"),
        ("E-ENGLISH-TWICE", "Pskov Oblast", "Bryansk Oblast", 5, "region_en",
         "Bryansk Oblast for Псковская область and for Брянская область"),
        ("W-ENGLISH-TWICE", "Velikiye Luki Job", "Pskov Job", 5, "name_en",
         "Pskov Job Centre for ЦЗН г. Великие Луки and for ЦЗН г. Пскова"),
        ("W-ENGLISH-EMPTY", "Centre,Pskov Oblast", "Centre,", 4, "region_en",
         "no English name of Псковская область"),
    ],
)  # fmt: skip
def test_faults_of_english_names(
    desk: Any, code: str, old: str, new: str, row: int, column: str, read: str
) -> None:
    desk.write("register.csv", ENGLISH)
    desk.spoil("register.csv", old, new)
    fault = next(fault for fault in desk.find(code) if fault.column == column)
    assert (fault.row, fault.read) == (row, read)
    assert desk.run().has_errors == code.startswith("E-")


def test_english_names_stand_in_columns_that_the_edition_lists(desk: Any) -> None:
    desk.write("register.csv", ENGLISH.replace("name_en,region_en", "Name,Oblast"))
    columns = {"name_en": "Name", "region_en": "Oblast"}
    desk.use(register={"file": "register.csv", "columns": columns})
    assert len(desk.run().tables.english_names) == 5
    desk.use(register={"file": "register.csv", "columns": columns | {"region_en": "Region"}})
    assert desk.find_one("E-COLUMN").column == "Region"


def test_thousands_with_spaces_are_numbers(desk: Any) -> None:
    desk.spoil("register.csv", ",100", ",12\u00a0345")
    assert desk.run().tables.register["visitors"][0] == 12345


def test_a_register_without_names_uses_the_ids(desk: Any) -> None:
    desk.write("register.csv", "centre,region\n001,r\n002,r\n003,r\n004,r\n")
    register = desk.run().tables.register
    assert register["name"].tolist() == ["001", "002", "003", "004"]
    assert register["visitors"].isna().all()


def test_a_register_without_centres_does_not_blame_the_survey(desk: Any) -> None:
    desk.use(register={"file": "register.csv", "columns": {"centre": "code"}})
    assert [fault.code for fault in desk.run().faults if fault.severity == "error"] == ["E-COLUMN"]


def test_no_register_takes_the_centres_of_the_survey(desk: Any) -> None:
    desk.use(register=None)
    fault = desk.find_one("W-REGISTER-NONE")
    assert (fault.file, fault.row, fault.column) == ("", None, "")
    assert fault.read == "no register in the edition"
    assert "'register'" in fault.advice
    register = desk.run().tables.register
    assert register["centre"].tolist() == register["name"].tolist() == ["001", "002", "003", "004"]
    assert set(register["region"]) == {""}


def test_a_centre_without_answers(desk: Any) -> None:
    desk.spoil("survey.csv", "3,002,citizens,Q1,3,99,5\n", "3,002,citizens,Q1,,99,98\n")
    fault = desk.find_one("W-CENTRE-SILENT")
    assert (fault.file, fault.row, fault.column) == ("register.csv", 3, "centre")
    assert fault.read == "002, without answers"
    assert "under this id" in fault.advice


def test_a_centre_without_checklist(desk: Any) -> None:
    desk.spoil("checklist.csv", "003,a1,9\n", "")
    fault = desk.find_one("W-CENTRE-NO-CHECKLIST")
    assert (fault.file, fault.row, fault.column) == ("register.csv", 4, "centre")
    assert fault.read == "003, without checklist"
    assert "Ask the centre" in fault.advice


def test_gaps_are_not_told_when_the_file_itself_is_missing(desk: Any) -> None:
    desk.use({"file": "gone.csv"}, checklist={"file": "lost.csv"})
    codes = [fault.code for fault in desk.run().faults]
    assert codes == ["E-FILE-MISSING", "E-FILE-MISSING"]


@pytest.mark.parametrize(
    ("code", "old", "new", "row", "column", "read", "advice"),
    [
        ("E-ITEM", "001,a2,1", "001,a22,1", 3, "item", "a22", "Did you mean 'a2'?"),
        ("E-ITEM", "001,a2,1", "001,a,1", 3, "item", "a",
         "'a' is an indicator; its items are: a1, a2."),
        ("E-ITEM", "001,a2,1", "001,,1", 3, "item", "an empty cell", "Correct the cell"),
        ("E-CHECKLIST-ANSWER", "001,a2,1", "001,a2,возможно", 3, "answer", "возможно",
         "add the word"),
        ("E-CHECKLIST-ANSWER", "001,a2,1", "001,a2,2", 3, "answer", "2", "add the word"),
        ("E-CHECKLIST-TWICE", "001,a2,1", "001,a1,1", 3, "item",
         "001, a1; it stands already in checklist.csv, row 2", "Delete the repeated row"),
        ("E-CENTRE-UNKNOWN", "001,a2,1", "01,a2,1", 3, "centre", "01", "Did you mean '001'?"),
        ("W-CHECKLIST-BLANK", "001,a2,1", "001,a2,", 3, "answer", "an empty cell", "left out"),
    ],
)  # fmt: skip
def test_one_spoilt_cell_of_the_checklist(
    desk: Any, code: str, old: str, new: str, row: int, column: str, read: str, advice: str
) -> None:
    desk.spoil("checklist.csv", old, new)
    fault = desk.find_one(code)
    assert (fault.file, fault.row, fault.column, fault.read) == ("checklist.csv", row, column, read)
    assert advice in fault.advice
    assert desk.run().has_errors == code.startswith("E-")


def test_blank_entries_are_left_out(desk: Any) -> None:
    desk.spoil("checklist.csv", "001,a2,1", "001,a2,")
    items = desk.run().tables.checklist_items
    assert len(items) == 6


def test_an_item_may_repeat_in_another_period(desk: Any) -> None:
    desk.write("checklist.csv", "centre,item,answer,quarter\n001,a1,1,Q1\n001,a1,0,Q2\n")
    desk.use(checklist={"file": "checklist.csv", "columns": {"period": "quarter"}})
    items = desk.run().tables.checklist_items
    assert items[["period", "indicator", "item", "answer"]].to_numpy().tolist() == [
        ["Q1", "a", "a1", 1.0],
        ["Q2", "a", "a1", 0.0],
    ]


def test_a_checklist_needs_a_rule_in_the_methodology(desk: Any) -> None:
    desk.revise(checklist=None)
    fault = desk.find_one("E-SETTING")
    assert (fault.file, fault.read) == ("checklist.csv", "a checklist of items")
    assert "Add it to the methodology" in fault.advice


def use_scores(desk: Any, text: str, **options: Any) -> None:
    desk.write("scores.csv", text)
    desk.use(checklist={"file": "scores.csv", "kind": "group_scores"} | options)


def test_ready_group_scores_become_points(desk: Any) -> None:
    text = "centre,source,Группа 1,g2\n001,t,7.5,10\n002,t,0,\n003,p,1,1\n"
    use_scores(desk, text, groups={"g1": "Группа 1"}, score_scale=[0, 10], where={"source": "t"})
    report = desk.run()
    scores = report.tables.checklist_scores
    assert scores[["centre", "group"]].to_numpy().tolist() == [
        ["001", "g1"],
        ["001", "g2"],
        ["002", "g1"],
    ]
    assert scores["points"].tolist() == pytest.approx([75, 100, 0], abs=EXACT)
    assert report.tables.checklist_items is None
    assert {fault.code for fault in report.faults} == {"W-CENTRE-NO-CHECKLIST"}


def test_a_group_score_off_its_scale(desk: Any) -> None:
    use_scores(desk, "centre,g1,g2\n001,50,101\n002,50,50\n")
    fault = desk.find_one("E-SCORE")
    assert (fault.file, fault.row, fault.column, fault.read) == ("scores.csv", 2, "g2", "101")
    assert "'score_scale'" in fault.advice


def test_group_scores_of_a_centre_twice(desk: Any) -> None:
    use_scores(desk, "centre,g1,g2\n001,50,60\n001,50,50\n")
    fault = desk.find_one("E-CHECKLIST-TWICE")
    assert (fault.file, fault.row, fault.column) == ("scores.csv", 3, "centre")


def test_a_group_without_column(desk: Any) -> None:
    use_scores(desk, "centre,g1\n001,50\n")
    assert desk.find_one("E-COLUMN").column == "g2"


@pytest.mark.parametrize(
    ("options", "code", "read"),
    [
        ({"groups": {"g3": "x"}}, "E-SETTING", "groups: g3"),
        ({"score_scale": [1, 1]}, "E-SETTING", "score_scale: [1, 1]"),
        ({"columns": {"item": "item"}}, "W-OPTION", "columns: item"),
    ],
)
def test_settings_of_group_scores(desk: Any, options: Any, code: str, read: str) -> None:
    use_scores(desk, "centre,g1,g2\n001,50,60\n", **options)
    assert desk.find_one(code).read == read


@pytest.mark.parametrize("option", [{"groups": {"g1": "x"}}, {"score_scale": [0, 5]}])
def test_settings_of_group_scores_do_nothing_for_items(desk: Any, option: Any) -> None:
    desk.use(checklist={"file": "checklist.csv"} | option)
    assert desk.find_one("W-OPTION").read == next(iter(option))
