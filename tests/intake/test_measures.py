"""Measures and attributes of the register: what is read, and their faults."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

MEASURES = """centre,wait,wait_se,cases,staff
001,12.5,1,40,7
002,,,,3
003,30,,12,
"""
LONG = """centre,indicator,value,std_error,n
001,wait,12.5,1,40
003,wait,30,,12
001,staff,7,,
"""
TEXT = {"ru": "текст", "en": "text"}


@pytest.fixture
def measured(desk: Any) -> Any:
    """Return a desk with two measures beside the answers."""
    raw = desk.methodology.model_dump(by_alias=True)
    measures = [
        {"key": key, "name": TEXT, "kind": "measure", "direction": direction}
        for key, direction in (("wait", "negative"), ("staff", "positive"))
    ]
    groups = [dict(group) for group in raw["groups"]]
    groups[1]["indicators"] = {"c": 0.5, "wait": 0.25, "staff": 0.25}
    desk.revise(indicators=[*raw["indicators"], *measures], groups=groups)
    desk.write("measures.csv", MEASURES)
    desk.write("long.csv", LONG)
    desk.use(measures=[{"file": "measures.csv"}])
    return desk


def rows_of(desk: Any) -> list[list[Any]]:
    table = desk.run().tables.measures
    return [["" if v != v else v for v in row] for row in table.to_numpy().tolist()]


def test_a_wide_file_with_its_errors_and_sizes(measured: Any) -> None:
    source = {"file": "measures.csv", "std_errors": {"wait": "wait_se"}, "sizes": {"wait": "cases"}}
    measured.use(measures=[source])
    assert rows_of(measured) == [
        ["001", "staff", 7, "", ""],
        ["001", "wait", 12.5, 1, 40],
        ["002", "staff", 3, "", ""],
        ["003", "wait", 30, "", 12],
    ]
    assert measured.run().tables.responses.codes.shape[1] == 3


def test_a_long_file(measured: Any) -> None:
    measured.use(measures=[{"file": "long.csv", "layout": "long"}])
    assert rows_of(measured) == [
        ["001", "staff", 7, "", ""],
        ["001", "wait", 12.5, 1, 40],
        ["003", "wait", 30, "", 12],
    ]


def test_other_names_and_two_files(measured: Any) -> None:
    measured.write("one.csv", "centre,minutes\n001,5\n")
    measured.write("two.csv", "centre,staff\n002,9\n")
    one = {"file": "one.csv", "indicators": {"wait": "minutes"}}
    measured.use(measures=[one, {"file": "two.csv"}])
    assert [row[:3] for row in rows_of(measured)] == [["001", "wait", 5], ["002", "staff", 9]]


def test_measures_alone_need_no_survey(measured: Any) -> None:
    raw = measured.methodology.model_dump(by_alias=True)
    group = {"key": "g", "name": TEXT, "weight": 1, "indicators": ["wait", "staff"]}
    measures = [i for i in raw["indicators"] if i["kind"] == "measure"]
    measured.revise(groups=[group], indicators=measures, segments=[])
    del measured.data["survey"], measured.data["checklist"]
    tables = measured.run().tables
    assert len(tables.measures) == 4
    assert tables.responses is None
    assert len(tables.no_answer) == 0


def test_without_a_register_centres_are_those_that_report(measured: Any) -> None:
    measured.write("long.csv", LONG + "077,staff,3,,\n")
    measured.use(register=None, measures=[{"file": "long.csv", "layout": "long"}])
    assert "077" in measured.run().tables.register["centre"].tolist()


@pytest.mark.parametrize(
    ("old", "new", "code", "read"),
    [
        ("30,,12", "much,,12", "E-NUMBER", "much"),
        ("12.5,1,40", "12.5,-1,40", "E-SD", "-1"),
        ("12.5,1,40", "12.5,1,-4", "E-N", "-4"),
        ("002,", "009,", "E-CENTRE-UNKNOWN", "009"),
        ("002,", "001,", "E-TOTALS-TWICE", "001, staff"),
    ],
)
def test_faults_of_cells(measured: Any, old: str, new: str, code: str, read: str) -> None:
    source = {"file": "measures.csv", "std_errors": {"wait": "wait_se"}, "sizes": {"wait": "cases"}}
    measured.use(measures=[source])
    measured.spoil("measures.csv", old, new)
    assert read in measured.find_one(code).read


def test_an_unknown_measure_in_a_long_file(measured: Any) -> None:
    measured.use(measures=[{"file": "long.csv", "layout": "long"}])
    measured.spoil("long.csv", "003,wait", "003,queue")
    assert measured.find_one("E-INDICATOR").read == "queue"


def test_a_listed_column_must_be_there(measured: Any) -> None:
    measured.use(measures=[{"file": "measures.csv", "indicators": {"wait": "minutes"}}])
    assert "no column 'minutes'" in measured.find_one("E-COLUMN").read


def test_an_unlisted_measure_may_be_in_no_file(measured: Any) -> None:
    measured.write("measures.csv", "centre,wait\n001,5\n")
    assert [row[:3] for row in rows_of(measured)] == [["001", "wait", 5]]


def test_options_without_effect_and_unknown_keys(measured: Any) -> None:
    source = {"file": "long.csv", "layout": "long", "sizes": {"wait": "cases"}}
    measured.use(measures=[source])
    assert measured.find_one("W-OPTION").read == "sizes"
    measured.use(measures=[{"file": "measures.csv", "sizes": {"wat": "cases"}}])
    fault = measured.find_one("E-SETTING")
    assert (fault.read, fault.advice) == ("sizes: wat", "Did you mean 'wait'?")


def test_inputs_that_do_not_fit_the_methodology(measured: Any, desk: Any) -> None:
    del measured.data["measures"]
    fault = measured.find_one("E-SETTING")
    assert (
        fault.read
        == "indicators of kind measure in the methodology, but no 'measures' in the edition"
    )


def test_measures_that_nothing_scores(desk: Any) -> None:
    desk.write("measures.csv", MEASURES)
    desk.use(measures=[{"file": "measures.csv"}])
    fault = desk.find_one("E-SETTING")
    assert (
        fault.read
        == "'measures' in the edition, but no indicator of kind measure in the methodology"
    )


def test_attributes_of_the_register(desk: Any) -> None:
    text = (
        "centre,name,region,size,warned\n003,c,R,big,\n001,a,R,small,1\n002,b,R,,\n004,d,R,big,0\n"
    )
    desk.write("register.csv", text)
    attributes = {"size": {"column": "size"}, "flag": {"column": "warned"}}
    desk.use(register={"file": "register.csv", "attributes": attributes})
    table = desk.run().tables.attributes
    assert table.to_numpy().tolist() == [
        ["001", "small", "1"],
        ["002", "", ""],
        ["003", "big", ""],
        ["004", "big", "0"],
    ]
    assert list(table) == ["centre", "size", "flag"]


def test_an_attribute_that_the_star_rule_names_must_be_given(desk: Any) -> None:
    rule = {
        "minimum_sample": 5,
        "rule": "quantiles",
        "stars": 2,
        "peer_groups": {"by": "attribute", "attribute": "size"},
    }
    desk.revise(stars=rule)
    fault = desk.find_one("E-SETTING")
    assert fault.read == "no attribute 'size' of the register, which the star rule names"


def test_means_of_answers_scored_by_top_box_shares(totals: Any) -> None:
    raw = totals.methodology.model_dump(by_alias=True)["scoring"]
    totals.revise(scoring={**raw, "answers": "top_box", "top_box_from": 4})
    fault = totals.find_one("E-SETTING")
    assert fault.read == "means of answers to a, b, c, which are scored by top-box shares"
    totals.use({"file": "means.csv", "kind": "unit_means", "mean_scale": [0, 10]})
    assert np.isfinite(totals.run().tables.unit_means["points"]).all()
