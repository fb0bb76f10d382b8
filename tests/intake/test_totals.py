"""Option counts and means: conversion to points, and their faults."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pyreadstat
import pytest

EXACT = 1e-12
"""Points are one multiplication and one division away from the file."""


def points_of(desk: Any) -> pd.DataFrame:
    table = desk.run().tables.unit_means
    return table.set_index(["centre", "indicator"])[["points", "n", "sd_points"]]


def test_option_counts_by_hand(totals: Any) -> None:
    tables = totals.run().tables
    assert tables.responses is None
    rows = tables.option_counts[["centre", "indicator", "category", "n"]].to_numpy().tolist()
    assert rows == [
        ["001", "a", 0, 4],
        ["001", "a", 1, 2],
        ["001", "a", 5, 8],
        ["002", "a", 4, 6],
        ["003", "b", 3, 5],
        ["003", "b", 4, 5],
        ["004", "c", 1, 7],
        ["004", "c", 2, 7],
    ]
    assert tables.no_answer.to_numpy().tolist() == [
        ["citizens", "a", "refused", 1, 20],
        ["citizens", "a", "dont_know", 3, 20],
    ]


def test_means_on_the_answer_scale_are_turned_round_for_reverse_keyed_indicators(
    totals: Any,
) -> None:
    """Scale 1-5: points = 25 (mean - 1), for the reversed c 100 minus that; sd times 25."""
    points = points_of(totals)
    assert points.loc[("001", "a")].tolist() == pytest.approx([75, 10, 12.5], abs=EXACT)
    assert points.loc[("003", "c")].tolist() == pytest.approx([75, 8, 25], abs=EXACT)
    assert points.loc[("004", "c")].tolist() == pytest.approx([12.5, 9, 0], abs=EXACT)
    assert points.loc[("003", "b"), "points"] == pytest.approx(37.5, abs=EXACT)
    assert np.isnan(points.loc[("003", "b"), "sd_points"])
    assert points.loc[("004", "b")].isna().tolist() == [False, True, True]


def test_means_on_their_own_scale_are_never_turned_round(totals: Any) -> None:
    totals.use({"file": "means.csv", "kind": "unit_means", "mean_scale": [0, 10]})
    points = points_of(totals)
    assert points.loc[("003", "c")].tolist() == pytest.approx([20, 8, 10], abs=EXACT)
    assert points.loc[("001", "a")].tolist() == pytest.approx([40, 10, 5], abs=EXACT)


def test_the_wide_layout_equals_the_long_one(desk: Any) -> None:
    desk.use({"file": "means.csv", "kind": "unit_means"})
    long = points_of(desk)["points"]
    frame = pd.read_csv(desk.folder / "means.csv", dtype={"centre": str})
    wide = frame.pivot_table(index="centre", columns="indicator", values="mean").reset_index()
    desk.write("wide.csv", wide.rename(columns={"a": "В1"}).to_csv(index=False))
    desk.use(
        {
            "file": "wide.csv",
            "kind": "unit_means",
            "layout": "wide",
            "segment": "citizens",
            "indicators": {"a": "В1"},
        }
    )
    report = desk.run()
    pd.testing.assert_series_equal(points_of(desk)["points"], long)
    assert report.tables.unit_means["n"].isna().all()
    assert [fault.code for fault in report.faults] == []


def test_names_of_indicators_in_long_files(totals: Any) -> None:
    expected = totals.run().tables.option_counts
    text = (totals.folder / "counts.csv").read_text(encoding="utf-8")
    totals.write("counts.csv", text.replace(",a,", ",Вопрос 1,"))
    totals.use(
        {"file": "counts.csv", "kind": "option_counts", "indicators": {"a": "Вопрос 1"}},
        {"file": "means.csv", "kind": "unit_means"},
    )
    pd.testing.assert_frame_equal(totals.run().tables.option_counts, expected)


def test_counts_of_values_declared_missing_are_no_answer(totals: Any) -> None:
    frame = pd.DataFrame(
        {
            "centre": ["001"] * 3,
            "segment": ["citizens"] * 3,
            "indicator": ["a"] * 3,
            "answer": [1.0, 7, np.nan],
            "n": [5.0, 2, 1],
        }
    )
    path = totals.folder / "counts.sav"
    pyreadstat.write_sav(frame, path, missing_ranges={"answer": [7]})
    totals.use({"file": "counts.sav", "kind": "option_counts"})
    tables = totals.run().tables
    assert tables.option_counts[["category", "n"]].to_numpy().tolist() == [[0, 3], [1, 5]]
    reasons = dict(zip(tables.no_answer["reason"], tables.no_answer["n"], strict=True))
    assert reasons == {"declared_missing": 2, "empty": 1}


def test_own_scales_of_indicators_hold_for_their_rows(totals: Any) -> None:
    raw = totals.methodology.model_dump(by_alias=True)
    (own,) = [part for part in raw["indicators"] if part["key"] == "c"]
    own["scale"] = {"minimum": 1, "maximum": 2}
    totals.revise(indicators=raw["indicators"])
    totals.spoil("counts.csv", "004,citizens,c,2,7", "004,citizens,c,3,7")
    totals.use({"file": "counts.csv", "kind": "option_counts"})
    fault = totals.find_one("E-SCALE")
    assert (fault.row, fault.column, fault.read) == (10, "answer", "3")
    assert fault.allowed.startswith("whole numbers 1-2")


@pytest.mark.parametrize(
    ("code", "name", "old", "new", "column", "read", "advice"),
    [
        ("E-COUNT", "counts", "a,1,2", "a,1,-2", "n", "-2", "write 0"),
        ("E-COUNT", "counts", "a,1,2", "a,1,2.5", "n", "2.5", "Correct the cell"),
        ("E-COUNT", "counts", "a,1,2", "a,1,", "n", "an empty cell", "write 0"),
        ("E-COUNT", "counts", "a,1,2", "a,1,много", "n", "много", "Correct the cell"),
        ("E-SCALE", "counts", "a,1,2", "a,0,2", "answer", "0", "Correct the cell"),
        ("E-INDICATOR", "counts", "a,1,2", "d,1,2", "indicator", "d", "'indicators'"),
        (
            "E-CENTRE-UNKNOWN",
            "counts",
            "001,citizens,a,1,2",
            "005,citizens,a,1,2",
            "centre",
            "005",
            "Did you mean '00",
        ),
        ("E-MEAN", "means", "a,4,10,0.5", "a,5.1,10,0.5", "mean", "5.1", "'mean_scale'"),
        ("E-MEAN", "means", "a,4,10,0.5", "a,0.9,10,0.5", "mean", "0.9", "'mean_scale'"),
        ("E-NUMBER", "means", "a,4,10,0.5", "a,x,10,0.5", "mean", "x", "Correct the cell"),
        ("E-N", "means", "a,4,10,0.5", "a,4,0,0.5", "n", "0", "empty the mean"),
        ("E-N", "means", "a,4,10,0.5", "a,4,-3,0.5", "n", "-3", "Correct the cell"),
        ("E-SD", "means", "a,4,10,0.5", "a,4,10,-0.5", "sd", "-0.5", "Correct the cell"),
    ],
)
def test_one_spoilt_cell(
    totals: Any, code: str, name: str, old: str, new: str, column: str, read: str, advice: str
) -> None:
    totals.spoil(f"{name}.csv", old, new)
    fault = totals.find_one(code)
    assert (fault.file, fault.row, fault.column, fault.read) == (f"{name}.csv", 2, column, read)
    assert advice in fault.advice


def test_a_near_name_of_an_indicator_is_offered(totals: Any) -> None:
    names = {"a": "competence"}
    totals.use({"file": "counts.csv", "kind": "option_counts", "indicators": names})
    text = (totals.folder / "counts.csv").read_text(encoding="utf-8")
    text = text.replace(",a,", ",competence,").replace("competence,1", "competense,1")
    totals.write("counts.csv", text)
    assert totals.find_one("E-INDICATOR").advice.startswith("Did you mean 'competence'?")


def test_empty_means_are_left_out(totals: Any) -> None:
    totals.spoil("means.csv", "001,citizens,a,4,10,0.5", "001,citizens,a,,0,")
    report = totals.run()
    assert not report.has_errors
    assert ("001", "a") not in report.tables.unit_means.set_index(["centre", "indicator"]).index


def test_a_count_twice(totals: Any) -> None:
    totals.spoil("counts.csv", "001,citizens,a,5,8", "001,citizens,a,1,8")
    fault = totals.find_one("E-TOTALS-TWICE")
    assert (fault.file, fault.row, fault.column) == ("counts.csv", 3, "centre")
    assert fault.read == "001, citizens, a, 1; it stands already in counts.csv, row 2"
    assert "add the two" in fault.advice


def test_a_mean_twice_also_across_layouts(totals: Any) -> None:
    totals.write("wide.csv", "centre,a,b,c\n001,4,3,2\n001,,3,\n")
    source = {"file": "wide.csv", "kind": "unit_means", "layout": "wide", "segment": "citizens"}
    totals.use({"file": "means.csv", "kind": "unit_means"}, source)
    first, second = totals.find("E-TOTALS-TWICE")
    assert (first.file, first.row) == ("wide.csv", 2)
    assert first.read == "001, citizens, a; it stands already in means.csv, row 2"
    assert (second.row, second.read[:16]) == (3, "001, citizens, b")


def test_single_answers_and_totals_of_one_centre_and_segment(desk: Any) -> None:
    desk.write("survey.csv", "respondent,centre,segment,a,b,c\n1,003,citizens,5,4,1\n")
    desk.use({"file": "survey.csv"}, {"file": "means.csv", "kind": "unit_means"})
    fault = desk.find_one("E-MIXED")
    assert (fault.file, fault.row, fault.column) == ("means.csv", 4, "centre")
    assert fault.read == "totals of 003, citizens, which has single answers too"
    assert "out of the edition" in fault.advice


def test_single_answers_and_totals_of_other_segments_go_together(desk: Any) -> None:
    desk.use(
        {"file": "survey.csv", "where": {"segment": "employers"}},
        {"file": "means.csv", "kind": "unit_means"},
    )
    tables = desk.run().tables
    assert len(tables.responses.codes) == 2
    assert len(tables.unit_means) == 6


def test_means_of_answers_with_their_own_points(totals: Any) -> None:
    points = {1: 0, 2: 10, 3: 20, 4: 50, 5: 100}
    totals.revise(scale={"minimum": 1, "maximum": 5, "points": points})
    fault = totals.find_one("E-SETTING")
    assert (fault.file, fault.row, fault.column) == ("means.csv", None, "")
    assert fault.read == "means of answers to a, b, c, whose scale lists its own points"
    assert "'mean_scale: [0, 100]'" in fault.advice


def test_a_scale_of_means_upside_down(totals: Any) -> None:
    totals.use({"file": "means.csv", "kind": "unit_means", "mean_scale": [10, 0]})
    fault = totals.find_one("E-SETTING")
    assert fault.read == "mean_scale: [10, 0]"
    assert fault.allowed == "the smallest possible value, then the largest"


def test_more_answers_than_a_byte_holds(desk: Any) -> None:
    desk.revise(scale={"minimum": 0, "maximum": 300})
    assert desk.find_one("E-SETTING").read == "a scale of 301 answers in the methodology"


def test_respondents_behind_totals_are_compared_with_visitors(totals: Any) -> None:
    """Centre 001: 14 answers to one indicator by the counts, 10 by the means; the larger holds."""
    totals.spoil("register.csv", "Брянская область,100", "Брянская область,13")
    fault = totals.find_one("W-VISITORS")
    assert (fault.file, fault.row, fault.column) == ("register.csv", 2, "visitors")
    assert fault.read == "13 visitors, 14 respondents"


def test_equal_means_are_a_warning(totals: Any) -> None:
    totals.write("means.csv", "centre,segment,indicator,mean\n001,citizens,a,4\n002,citizens,a,4\n")
    fault = totals.find_one("W-NO-VARIANCE")
    assert (fault.file, fault.column) == ("counts.csv, means.csv", "a")
    assert fault.read == "2 equal means (citizens)"
