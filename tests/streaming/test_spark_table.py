"""A survey that Spark reads itself gives what the same answers give in files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

from clientindex.errors import ClusterError
from national_survey import (
    KEYS,
    NationalSurvey,
    draw_people,
    list_differences,
    name_codes,
)

if TYPE_CHECKING:
    from pathlib import Path

    from clientindex.pipeline.data_check import CheckedData

pytestmark = [pytest.mark.spark, pytest.mark.usefixtures("on_spark")]


def read_as_file(survey: NationalSurvey, people: pd.DataFrame, **settings: Any) -> CheckedData:
    """Count the same answers from one file of delimited text."""
    other = NationalSurvey(folder=survey.folder / "file")
    other.write_csv("all.csv", people)
    other.use({"file": "all.csv"}, **settings)
    return other.count()


def split_parquet(survey: NationalSurvey, people: pd.DataFrame, n: int) -> Path:
    """Write answers as a folder of `n` Parquet files."""
    for number in range(n):
        path = survey.folder / "many" / f"p{number}.parquet"
        path.parent.mkdir(exist_ok=True)
        people.iloc[number::n].to_parquet(path)
    return survey.folder / "many"


def test_parquet_under_an_address(survey: NationalSurvey) -> None:
    people = draw_people(1, 90)
    folder = split_parquet(survey, people, 3)
    survey.use({"spark": {"load": f"file://{folder}"}})
    found, expected = survey.count(engine="spark"), read_as_file(survey, people)
    assert found.counts is not None
    assert expected.counts is not None
    assert list_differences(found.counts, expected.counts) == []
    pd.testing.assert_frame_equal(
        found.require_tables().no_answer, expected.require_tables().no_answer
    )
    (file,) = found.require_tables().inputs
    assert (file.path.name, file.n_rows) == ("file:" + str(folder).strip("/").replace("/", ":"), 90)


def test_the_hash_is_of_the_answers_and_not_of_the_files(survey: NationalSurvey) -> None:
    people = draw_people(2, 60)
    hashes = []
    for n, frame in ((2, people), (3, people), (2, people.assign(a="5"))):
        folder = split_parquet(survey, frame, n)
        survey.use({"spark": {"load": f"file://{folder}"}})
        hashes.append(survey.count(engine="spark").require_tables().inputs[0].sha256)
        for path in folder.iterdir():
            path.unlink()
    assert hashes[0] == hashes[1] != hashes[2]


def test_a_table_of_the_catalogue(survey: NationalSurvey, spark: Any) -> None:
    people = draw_people(3, 50)
    rows = people.assign(**{key: pd.to_numeric(people[key]) for key in KEYS})
    path = survey.folder / "t.parquet"
    rows.to_parquet(path)
    spark.read.parquet(str(path)).repartition(3, "respondent").createOrReplaceTempView("survey_3")
    survey.use({"spark": {"table": "survey_3"}, "constant": {"channel": "phone"}})
    found = survey.count(engine="spark")
    expected = read_as_file(survey, people.assign(channel="phone"))
    assert found.counts is not None
    assert expected.counts is not None
    assert list_differences(found.counts, expected.counts) == []


def test_faults_name_files_and_rows_where_spark_knows_them(survey: NationalSurvey) -> None:
    survey.write_parquet("many/p0.parquet", draw_people(4, 30))
    people = draw_people(5, 30, first_id=100)
    people.loc[20, "segment"] = "citizen"
    people.loc[25, ["respondent", "segment", "period"]] = ["100", "citizens", "Q1"]
    people.loc[0, ["segment", "period"]] = ["citizens", "Q1"]
    survey.write_parquet("many/p1.parquet", people)
    survey.use({"spark": {"load": f"file://{survey.folder / 'many'}"}})
    faults = {fault.code: fault for fault in survey.count(engine="spark").report.faults}
    label = "file:" + str(survey.folder / "many").strip("/").replace("/", ":")
    segment, twice = faults["E-SEGMENT"], faults["E-RESPONDENT-TWICE"]
    assert (segment.file, segment.row) == (f"{label}, p1.parquet", 22)
    assert (twice.file, twice.row) == (f"{label}, p1.parquet", 27)
    assert twice.read.endswith(f"{label}, p1.parquet, row 2")


def test_faults_name_partitions_where_spark_knows_no_files(survey: NationalSurvey) -> None:
    people = draw_people(6, 40).drop(columns="comment")
    people.loc[[11, 30], "b"] = "нет"
    survey.write_csv("s.csv", people)
    address = f"file://{survey.folder / 's.csv'}"
    survey.use({"spark": {"load": address, "format": "csv", "options": {"header": "true"}}})
    faults = survey.count(engine="spark").report.faults
    label = "file:" + str(survey.folder / "s.csv").strip("/").replace("/", ":")
    assert [(f.file, f.row, f.read) for f in faults if f.code == "E-NUMBER"] == [
        (f"{label}, partition 0", 12, "нет"),
        (f"{label}, partition 0", 31, "нет"),
    ]


def test_faulty_rows_may_be_left_out(survey: NationalSurvey) -> None:
    people = draw_people(7, 40).drop(columns="comment")
    people.loc[[11, 30], "b"] = "нет"
    survey.write_csv("s.csv", people)
    address = f"file://{survey.folder / 's.csv'}"
    by_spark = {"load": address, "format": "csv", "options": {"header": "true"}}
    survey.use({"spark": by_spark}, leave_out={"rows": 0.1})
    found = survey.count(engine="spark")
    expected = read_as_file(survey, people.drop(index=[11, 30]))
    assert found.counts is not None
    assert expected.counts is not None
    assert list_differences(found.counts, expected.counts) == []
    assert {fault.severity for fault in found.report.faults} == {"warning"}


def test_what_spark_does_not_find_is_a_fault(survey: NationalSurvey) -> None:
    for asked in ({"table": "absent.survey"}, {"load": "file:///absent/survey"}):
        survey.use({"spark": asked})
        faults = survey.count(engine="spark").report.faults
        (told,) = (fault.read for fault in faults if fault.code == "E-FILE-MISSING")
        assert "absent" in told


def test_a_table_without_rows(survey: NationalSurvey, spark: Any) -> None:
    spark.sql("SELECT '1' AS respondent WHERE false").createOrReplaceTempView("nothing")
    survey.use({"spark": {"table": "nothing"}})
    assert name_codes(survey.count(engine="spark")) == ["E-NO-ROWS"]


def test_files_and_tables_add_up(survey: NationalSurvey, spark: Any) -> None:
    people = draw_people(8, 60)
    survey.write_csv("first.csv", people.iloc[:20])
    path = survey.folder / "t.parquet"
    people.iloc[20:].to_parquet(path)
    spark.read.parquet(str(path)).createOrReplaceTempView("survey_8")
    survey.use({"file": "first.csv"}, {"spark": {"table": "survey_8"}})
    found, expected = survey.count(engine="spark"), read_as_file(survey, people)
    assert found.counts is not None
    assert expected.counts is not None
    assert list_differences(found.counts, expected.counts) == []
    assert name_codes(found) == []


def test_files_of_unlike_types_are_told(survey: NationalSurvey) -> None:
    people = draw_people(9, 20)
    for number, kind in enumerate(("int64", "str")):
        frame = people.assign(a=pd.Series([1] * 20, dtype=kind))
        (survey.folder / "many").mkdir(exist_ok=True)
        frame.to_parquet(survey.folder / "many" / f"p{number}.parquet")
    survey.use({"spark": {"load": f"file://{survey.folder / 'many'}"}})
    with pytest.raises(ClusterError, match=r"column: \[a\]"):
        survey.count(engine="spark")
