"""Traits and weights of respondents, and known margins of visitors."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pyreadstat
import pytest

from clientindex.counts import iterate_batches

TRAITED = """respondent,centre,segment,period,a,b,c,gender,years,edu,status,w
1,001,citizens,Q1,5,4,1,f,19,higher,seeker,1.5
2,001,citizens,Q1,4,3,2,m,44,school,seeker,0.5
3,002,citizens,Q1,3,99,5,f,,school,,1
4,003,citizens,Q1,1,,3,,61,higher,other,2
1,001,employers,Q1,5,5,1,m,30,higher,other,1
"""
MARGINS = """scope,trait,level,visitors
001,sex,f,60
001,sex,m,40
Псковская область,status,seeker,30
Псковская область,status,other,70
001,age,18-24,100
"""
SOURCE = {
    "file": "survey.csv",
    "columns": {"sex": "gender", "age": "years", "education": "edu", "weight": "w"},
    "traits": {"status": "status"},
}


@pytest.fixture
def traited(desk: Any) -> Any:
    """Return a desk whose survey has traits and weights, and margins beside it."""
    desk.write("survey.csv", TRAITED)
    desk.write("margins.csv", MARGINS)
    desk.use(SOURCE, margins={"file": "margins.csv"})
    return desk


def levels_of(responses: Any, name: str) -> list[str]:
    trait = responses.traits[name]
    return [trait.levels[code] for code in trait.codes]


def test_traits_and_weights_reach_the_responses(traited: Any) -> None:
    responses = traited.run().tables.responses
    assert levels_of(responses, "sex") == ["f", "m", "f", "", "m"]
    assert levels_of(responses, "age") == ["19", "44", "", "61", "30"]
    assert levels_of(responses, "status") == ["seeker", "seeker", "", "other", "other"]
    assert responses.traits["education"].levels == ("", "higher", "school")
    assert responses.weight.tolist() == [1.5, 0.5, 1.0, 2.0, 1.0]
    assert list(responses.units) == ["centre", "segment", "period"]


def test_unlisted_traits_are_not_read(traited: Any) -> None:
    traited.use({"file": "survey.csv"}, margins=None)
    responses = traited.run().tables.responses
    assert responses.traits == {}
    assert responses.weight is None
    assert "'gender'" in traited.find_one("W-COLUMN-EXTRA").read


def test_unknown_traits_are_counted(traited: Any) -> None:
    faults = traited.find("W-TRAIT-EMPTY")
    assert [(fault.column, fault.read) for fault in faults] == [
        ("gender", "1 of 5 rows without sex"),
        ("years", "1 of 5 rows without age"),
        ("status", "1 of 5 rows without status"),
    ]


def test_age_groups_stay_as_they_are(traited: Any) -> None:
    text = TRAITED.replace(",19,", ",18-24,").replace(",44,", ",25-44,")
    traited.write("survey.csv", text.replace(",61,", ",60+,").replace(",30,", ",25-44,"))
    responses = traited.run().tables.responses
    assert levels_of(responses, "age") == ["18-24", "25-44", "", "60+", "25-44"]


@pytest.mark.parametrize("age", ["18-24", "-3", "121", "сорок"])
def test_a_spoilt_age(traited: Any, age: str) -> None:
    traited.spoil("survey.csv", "f,19,", f"f,{age},")
    fault = traited.find_one("E-AGE")
    assert (fault.row, fault.column, fault.read) == (2, "years", age)


@pytest.mark.parametrize(
    ("weight", "read", "advice"),
    [
        ("", "an empty cell", "every answer in the file needs a weight"),
        ("0", "0", "every answer in the file needs a weight"),
        ("-1", "-1", "every answer in the file needs a weight"),
        ("heavy", "heavy", "Correct the cell"),
        ("nan", "nan", "Correct the cell"),
        ('"1,5"', "1,5", "'decimal: \",\"'"),
    ],
)
def test_a_spoilt_weight(traited: Any, weight: str, read: str, advice: str) -> None:
    traited.spoil("survey.csv", "seeker,1.5", f"seeker,{weight}")
    fault = traited.find_one("E-WEIGHT")
    assert (fault.row, fault.column, fault.read) == (2, "w", read)
    assert fault.allowed == "a number above 0"
    assert advice in fault.advice


def test_a_listed_column_that_is_absent(traited: Any) -> None:
    traited.use({**SOURCE, "traits": {"status": "state"}}, margins=None)
    fault = traited.find_one("E-COLUMN")
    assert (fault.column, "'status'" in fault.advice) == ("state", True)


def test_a_trait_cannot_have_the_name_of_a_role(traited: Any) -> None:
    traited.use({**SOURCE, "traits": {"channel": "status"}}, margins=None)
    assert traited.find_one("E-SETTING").read == "traits: channel"


def test_traits_of_totals_have_no_effect(totals: Any) -> None:
    totals.data["survey"][0] |= {"traits": {"status": "status"}}
    assert totals.find_one("W-OPTION").read == "traits"


def test_files_with_and_without_traits_and_weights(traited: Any) -> None:
    traited.write("more.csv", "respondent,centre,segment,a,b,c\n9,004,citizens,1,2,3\n")
    traited.use(SOURCE, {"file": "more.csv"})
    assert traited.find_one("W-WEIGHT-NONE").file == "more.csv"
    responses = traited.run().tables.responses
    assert levels_of(responses, "sex")[-1] == ""
    assert responses.weight[-1] == 1.0


def test_value_labels_stand_for_codes(traited: Any) -> None:
    frame = pd.DataFrame(
        {"respondent": [1.0, 2.0], "centre": ["001", "002"], "a": [1.0, 2.0], "b": [1.0, 2.0]}
    ).assign(c=3.0, segment="citizens", sex=[1.0, 9.0])
    pyreadstat.write_sav(
        frame,
        traited.folder / "survey.sav",
        variable_value_labels={"sex": {1: "женский", 2: "мужской"}},
        missing_ranges={"sex": [9]},
    )
    traited.use({"file": "survey.sav", "columns": {"sex": "sex"}}, margins=None)
    assert levels_of(traited.run().tables.responses, "sex") == ["женский", ""]


def test_batches_keep_traits_and_weights(traited: Any) -> None:
    responses = traited.run().tables.responses
    batches = list(iterate_batches(responses, 2))
    assert [level for batch in batches for level in levels_of(batch, "sex")] == levels_of(
        responses, "sex"
    )
    assert np.concatenate([batch.weight for batch in batches]).tolist() == list(responses.weight)


def test_margins_are_read(traited: Any) -> None:
    margins = traited.run().tables.margins
    assert list(margins) == ["scope", "segment", "trait", "level", "visitors"]
    assert margins["visitors"].tolist() == [60, 40, 30, 70, 100]
    assert set(margins["segment"]) == {""}
    assert not traited.find("W-MARGIN-LEVEL")  # ages in years are cut later


@pytest.mark.parametrize(
    ("code", "old", "new", "column", "read", "advice"),
    [
        ("E-MARGIN", "sex,f,60", "sex,f,-1", "visitors", "-1", "Correct the cell"),
        ("E-MARGIN", "sex,f,60", "sex,f,", "visitors", "an empty cell", "Correct the cell"),
        ("E-MARGIN", "sex,f,60", 'sex,f,"6,5"', "visitors", "6,5", "'decimal: \",\"'"),
        ("E-MARGIN-SCOPE", "001,sex,f", "01,sex,f", "scope", "01", "Did you mean '001'?"),
        ("E-MARGIN-TRAIT", "001,sex,f", "001,sec,f", "trait", "sec", "Did you mean 'sex'?"),
        ("E-MARGIN-LEVEL", "sex,f,", "sex,,", "level", "an empty cell", "Fill in the level"),
        ("E-MARGIN-TWICE", "sex,m,40", "sex,f,40", "level", "001, sex, f", "Delete"),
    ],
)
def test_a_spoilt_margin(
    traited: Any, code: str, old: str, new: str, column: str, read: str, advice: str
) -> None:
    traited.spoil("margins.csv", old, new)
    fault = traited.find_one(code)
    assert (fault.file, fault.column) == ("margins.csv", column)
    assert fault.read.startswith(read)
    assert advice in fault.advice


def test_a_segment_of_margins_must_be_known(traited: Any) -> None:
    rows = MARGINS.splitlines()
    texts = [f"{rows[0]},segment", f"{rows[1]},citizen", f"{rows[2]},citizens", f"{rows[3]},"]
    traited.write("margins.csv", "\n".join(texts) + "\n")
    fault = traited.find_one("E-SEGMENT")
    assert (fault.file, fault.read) == ("margins.csv", "citizen")


def test_a_level_that_nobody_has_is_told(traited: Any) -> None:
    traited.spoil("margins.csv", "sex,m,40", "sex,male,40")
    fault = traited.find_one("W-MARGIN-LEVEL")
    assert fault.read == "sex: male, which nobody in the survey has"
    assert fault.allowed == "levels of the survey: f, m"


def test_totals_that_differ_are_told(traited: Any) -> None:
    traited.spoil("margins.csv", "18-24,100", "18-24,120")
    fault = traited.find_one("W-MARGIN-TOTALS")
    assert fault.read == "margins of 001 that add up to 100 and to 120"
