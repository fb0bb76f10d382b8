"""Second checklists: read like the first, and compared with who has one."""

from __future__ import annotations

from typing import Any

import pytest

SECOND = """centre,item,answer
001,a1,нет
001,c1,да
002,a1,да
"""


@pytest.fixture
def twice(desk: Any) -> Any:
    desk.write("second.csv", SECOND)
    desk.use(second_checklist={"file": "second.csv"})
    return desk


def test_second_checklists_are_a_table_of_their_own(twice: Any) -> None:
    tables = twice.run().tables
    rows = tables.second_items[["centre", "item", "answer"]].to_numpy().tolist()
    assert rows == [["001", "a1", 0.0], ["001", "c1", 1.0], ["002", "a1", 1.0]]
    assert len(tables.checklist_items) == 7
    assert tables.second_scores is None


def test_without_second_checklists_there_is_no_table(desk: Any) -> None:
    tables = desk.run().tables
    assert tables.second_items is None
    assert tables.second_scores is None


def test_a_centre_with_a_second_checklist_only(twice: Any) -> None:
    twice.write("second.csv", SECOND + "004,a1,да\n")
    twice.spoil("checklist.csv", "004,c1,yes\n", "")
    fault = twice.find_one("W-SECOND-NO-FIRST")
    assert (fault.file, fault.read) == (
        "second.csv",
        "1 centre with a second checklist only: 004",
    )
    assert "Check the ids" in fault.advice


def test_faults_of_second_checklists_name_their_file(twice: Any) -> None:
    twice.spoil("second.csv", "001,c1,да", "001,c1,maybe")
    fault = twice.find_one("E-CHECKLIST-ANSWER")
    assert (fault.file, fault.row, fault.read) == ("second.csv", 3, "maybe")


def test_ready_scores_of_a_second_visit(desk: Any) -> None:
    desk.write("second.csv", "centre,g1,g2\n001,7,5\n003,,2\n")
    desk.use(
        second_checklist={"file": "second.csv", "kind": "group_scores", "score_scale": [0, 10]}
    )
    rows = desk.run().tables.second_scores[["centre", "group", "points"]]
    assert rows.to_numpy().tolist() == [
        ["001", "g1", 70.0],
        ["001", "g2", 50.0],
        ["003", "g2", 20.0],
    ]
