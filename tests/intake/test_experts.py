"""Sheets of experts' answers: three layouts, and all faults at once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import openpyxl
import pytest

from clientindex.edition.sources import TableFile
from clientindex.intake.experts import read_experts
from clientindex.intake.log import FaultLog
from clientindex.methodology import Methodology, load_methodology
from clientindex.sensitivity.weight_sources.contradictions import warn_inconsistent

if TYPE_CHECKING:
    from clientindex.intake.expert_answers import ExpertAnswers
    from clientindex.intake.faults import DataFault

ROOT = Path(__file__).parents[2]
GROUPS = ["friendliness", "usefulness", "effort", "targeting", "comfort"]
LINES = "expert,first,second,judgement\n"


@pytest.fixture(scope="module")
def real() -> Methodology:
    return load_methodology(ROOT / "methodology" / "2026.yml")


def read(
    folder: Path,
    methodology: Methodology,
    content: str | dict[str, list[list[Any]]],
    **options: Any,
) -> tuple[ExpertAnswers, list[DataFault]]:
    """Write a file (CSV text, or sheets of a workbook) and read it."""
    if isinstance(content, str):
        path = folder / "experts.csv"
        path.write_text(content, encoding="utf-8")
    else:
        path = folder / "experts.xlsx"
        book = openpyxl.Workbook()
        book.remove(book.worksheets[0])
        for name, rows in content.items():
            sheet = book.create_sheet(name)
            for row in rows:
                sheet.append(row)
        book.save(path)
    source = TableFile.model_validate({"file": path.name, **options}, context={"base": folder})
    log = FaultLog()
    answers = read_experts(source, methodology, log, file=path.name)
    return answers, list(log.faults)


def test_a_workbook_of_all_three_layouts(tmp_path: Path, real: Methodology) -> None:
    names = [real.group(key).name.ru for key in GROUPS]
    inner = list(real.group("comfort").indicators)
    lists = [
        ["e1", inner[i], inner[j], i + 2]
        for i in range(len(inner))
        for j in range(i + 1, len(inner))
    ]
    matrix = [["e1", key, *([None] * 5)] for key in GROUPS]
    for i in range(5):
        for j in range(i + 1, 5):
            matrix[i][2 + j] = "1/3" if (i, j) == (0, 1) else 2
    answers, faults = read(
        tmp_path,
        real,
        {
            "Баллы": [
                ["Эксперт", *names],
                ["Иванов", 30, 25, 20, 15, 10],
                ["Петров", 20] + [20] * 4,
            ],
            "Матрицы": [["expert", "key", *GROUPS], *matrix],
            "Пары": [["Эксперт", "Первый", "Второй", "Суждение"], *lists],
        },
    )
    assert faults == []
    points = answers.points["index"]
    assert points.keys == tuple(GROUPS)
    assert points.experts == ("Иванов", "Петров")
    assert points.values.tolist() == [[30, 25, 20, 15, 10], [20, 20, 20, 20, 20]]
    assert [place.row for place in points.places] == [2, 3]
    groups = answers.judgements["index"].values[0]
    assert groups[0, 1] == pytest.approx(1 / 3)
    assert groups[1, 0] == pytest.approx(3)
    assert groups[2, 4] == 2
    assert groups[4, 2] == 0.5
    own = answers.judgements["comfort"]
    assert own.values[0, 1, 2] == 3
    np.testing.assert_allclose(own.values[0] * own.values[0].T, 1)
    assert len(answers.inputs) == 1


def test_one_sheet_can_be_named(tmp_path: Path, real: Methodology) -> None:
    sheets = {"notes": [["what"], ["nothing"]], "p": [["expert", *GROUPS], ["a", 1, 2, 3, 4, 5]]}
    answers, faults = read(tmp_path, real, sheets, sheet="p")
    assert faults == []
    assert answers.points["index"].values.tolist() == [[1, 2, 3, 4, 5]]
    assert [fault.code for fault in read(tmp_path, real, sheets)[1]] == ["E-EXPERT-LAYOUT"]


def test_all_faults_of_points_at_once(tmp_path: Path, real: Methodology) -> None:
    text = (
        f"expert,{','.join(GROUPS)},freindliness\n"
        "a,30,20,20,20,10,1\n"
        "b,30,,20,20,10,1\n"
        "c,30,-5,20,20,10,1\n"
        "d,30,viel,20,20,10,1\n"
        "e,0,0,0,0,0,1\n"
        "a,30,20,20,20,10,1\n"
        ",30,20,20,20,10,1\n"
        "f,50,20,20,20,10,1\n"
    )
    answers, faults = read(tmp_path, real, text)
    found = [(fault.code, fault.row, fault.column) for fault in faults]
    assert sorted(found, key=str) == sorted(
        [
            ("E-EXPERT-KEY", 1, "freindliness"),
            ("E-EXPERT-GAP", 3, "usefulness"),
            ("E-EXPERT-POINTS", 4, "usefulness"),
            ("E-EXPERT-POINTS", 5, "usefulness"),
            ("E-EXPERT-POINTS", 6, ""),
            ("E-EXPERT-TWICE", 7, "expert"),
            ("E-EXPERT-GAP", 8, "expert"),
            ("W-EXPERT-TOTAL", None, ""),
        ],
        key=str,
    )
    assert answers.points["index"].experts == ("a", "f")
    unknown = next(fault for fault in faults if fault.code == "E-EXPERT-KEY")
    assert "Did you mean 'friendliness'" in unknown.advice


def test_a_column_that_is_not_there(tmp_path: Path, methodology: Methodology) -> None:
    answers, faults = read(tmp_path, methodology, "expert,g1\na,1\n")
    assert [fault.code for fault in faults] == ["E-EXPERT-GAP"]
    assert "'g2'" in faults[0].read
    assert not answers.points


def test_points_of_one_parent_on_two_sheets(tmp_path: Path, methodology: Methodology) -> None:
    sheet = [["expert", "g1", "g2"], ["a", 1, 1]]
    _, faults = read(tmp_path, methodology, {"one": sheet, "two": sheet})
    assert [(fault.code, fault.file) for fault in faults] == [
        ("E-EXPERT-TWICE", "experts.xlsx [two]")
    ]


def test_a_name_that_several_share_finds_none(tmp_path: Path, methodology: Methodology) -> None:
    _, faults = read(tmp_path, methodology, "expert,text,g2\na,1,1\n")
    assert [fault.code for fault in faults] == ["E-EXPERT-KEY", "E-EXPERT-GAP"]


@pytest.mark.parametrize(
    ("lines", "code", "words"),
    [
        ("a,g1,g2,-3\n", "E-EXPERT-JUDGEMENT", "-3"),
        ("a,g1,g2,0\n", "E-EXPERT-JUDGEMENT", "0"),
        ("a,g1,g2,\n", "E-EXPERT-JUDGEMENT", "an empty cell"),
        ("a,g1,g2,2026-03-01\n", "E-EXPERT-JUDGEMENT", "2026-03-01"),
        ("a,g1,g2,3\na,g1,g1,2\n", "E-EXPERT-JUDGEMENT", "2"),
        ("a,g1,g2,3\na,g2,g1,3\n", "E-EXPERT-RECIPROCAL", "3, and 3 back"),
        ("a,g1,g2,3\na,g1,g2,3\n", "E-EXPERT-TWICE", "g1 to g2 by a again"),
        ("a,g1,g2,3\na,g1,c,3\n", "E-EXPERT-KEY", "c (of g2)"),
        ("a,g1,g2,3\na,g1,g3,3\n", "E-EXPERT-KEY", "g3"),
        ("a,g1,g2,3\nb,g1,g1,1\n", "E-EXPERT-GAP", "no judgement of b about g1 to g2"),
        ("a,g1,g2,3\n,g1,g2,3\n", "E-EXPERT-GAP", "in place of the expert"),
    ],
)
def test_faults_of_judgements(
    tmp_path: Path, methodology: Methodology, lines: str, code: str, words: str
) -> None:
    _, faults = read(tmp_path, methodology, LINES + lines)
    assert [fault.code for fault in faults] == [code]
    assert words in faults[0].read


def test_a_judgement_and_its_rounded_answer(tmp_path: Path, methodology: Methodology) -> None:
    answers, faults = read(tmp_path, methodology, LINES + "a,g1,g2,0.33\na,g2,g1,3\n")
    assert faults == []
    np.testing.assert_array_equal(answers.judgements["index"].values[0], [[1, 1 / 3], [3, 1]])


def test_a_decimal_comma(tmp_path: Path, methodology: Methodology) -> None:
    text = "expert;first;second;judgement\na;g1;g2;0,5\n"
    answers, faults = read(tmp_path, methodology, text, delimiter=";", decimal=",")
    assert faults == []
    assert answers.judgements["index"].values[0, 0, 1] == 0.5


def test_faults_of_matrices(tmp_path: Path, real: Methodology) -> None:
    rows = [["a", key, *([3] * 5)] for key in GROUPS]
    _, faults = read(tmp_path, real, {"m": [["expert", "key", *GROUPS[:4], "x"], *rows]})
    codes = {fault.code for fault in faults}
    assert codes == {"E-EXPERT-KEY", "E-EXPERT-JUDGEMENT", "E-EXPERT-RECIPROCAL"}


def test_inconsistent_judgements_are_named(tmp_path: Path, real: Methodology) -> None:
    weights = np.array([5, 4, 3, 2, 1.0])
    rows = [
        f"{expert},{GROUPS[i]},{GROUPS[j]},{weights[i] / weights[j]:.6f}\n"
        for expert in ("good", "bad")
        for i in range(5)
        for j in range(i + 1, 5)
    ]
    text = (LINES + "".join(rows)).replace(
        "bad,friendliness,comfort,5.000000", "bad,friendliness,comfort,0.142857"
    )
    answers, faults = read(tmp_path, real, text)
    assert faults == []
    log = FaultLog()
    warn_inconsistent(answers, log, limit=0.1)
    (fault,) = log.faults
    assert (fault.code, fault.severity) == ("W-EXPERT-INCONSISTENT", "warning")
    assert "judgements of bad" in fault.read
    assert "friendliness to comfort is 0.143, by the others 5 (ratio then 0.00)" in fault.advice


def test_a_workbook_that_is_none(tmp_path: Path, methodology: Methodology) -> None:
    path = tmp_path / "experts.xlsx"
    path.write_text("no workbook", encoding="utf-8")
    for name in ("experts.xlsx", "absent.xlsx"):
        source = TableFile.model_validate({"file": name}, context={"base": tmp_path})
        log = FaultLog()
        assert not read_experts(source, methodology, log, file=name).points
        assert [f.code for f in log.faults] in (["E-FILE-UNREADABLE"], ["E-FILE-MISSING"])
