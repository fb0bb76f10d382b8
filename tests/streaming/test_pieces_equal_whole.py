"""However a survey is cut, counts, missing answers and faults are those of the whole."""

from __future__ import annotations

import tempfile
import uuid
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyreadstat
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from clientindex.intake.pieces import PieceSize
from clientindex.streaming import local
from national_survey import (
    KEYS,
    NationalSurvey,
    draw_people,
    list_differences,
    list_faults,
    name_codes,
)

sizes = st.builds(
    PieceSize,
    n_bytes=st.integers(40, 3000),
    n_rows=st.integers(1, 50),
    n_piece_rows=st.integers(1, 60),
)


@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 2**31),
    sizes_of_files=st.lists(st.integers(1, 60), min_size=1, max_size=3),
    size=sizes,
)
def test_any_cut_of_any_kind_of_file(seed: int, sizes_of_files: list[int], size: PieceSize) -> None:
    with tempfile.TemporaryDirectory() as folder:
        survey = NationalSurvey(folder=Path(folder))
        for number, n in enumerate(sizes_of_files):
            people = draw_people(seed + number, n, first_id=1000 * number)
            if number % 2:
                survey.write_parquet(f"p{number}.parquet", people, rows=1 + seed % 9)
            else:
                survey.write_csv(
                    f"p{number}.csv", people, lineterminator="\r\n" if seed % 2 else "\n"
                )
        names = sorted(path.name for path in Path(folder).glob("p*"))
        survey.use(*({"file": name} for name in names))
        whole, cut = survey.keep(), survey.count(size)
        assert list_faults(cut) == list_faults(whole)
        # A segment of few people may have no answer at all, which is an error.
        assert cut.report.has_errors == whole.report.has_errors
        assume(not whole.report.has_errors)
        assert cut.counts is not None
        assert list_differences(cut.counts, survey.count_kept()) == []
        first, second = whole.require_tables(), cut.require_tables()
        pd.testing.assert_frame_equal(second.no_answer, first.no_answer)
        assert [(f.path, f.sha256, f.n_rows) for f in second.inputs] == [
            (f.path, f.sha256, f.n_rows) for f in first.inputs
        ]
        pd.testing.assert_frame_equal(second.register, first.register)


def test_one_process_and_two_give_the_same(
    survey: NationalSurvey, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        survey.write_csv(f"p{number}.csv", draw_people(number, 40, first_id=100 * number))
    survey.use({"file": "p*.csv"})
    alone = survey.count()
    monkeypatch.setattr(local, "SMALL_BYTES", 0)
    monkeypatch.setenv("CLIENTINDEX_THREADS", "2")
    aside = survey.count()
    assert alone.counts is not None
    assert aside.counts is not None
    assert list_differences(aside.counts, alone.counts) == []
    assert list_faults(aside) == list_faults(alone)
    assert not list((survey.folder / "out" / "counting").glob("*.part"))


def test_spss_files_with_labels_and_missing_values(survey: NationalSurvey) -> None:
    people = draw_people(5, 30).drop(columns="comment")
    numbers = people.assign(**{key: pd.to_numeric(people[key]) for key in KEYS})
    pyreadstat.write_sav(
        numbers,
        str(survey.folder / "s.sav"),
        variable_value_labels={"a": {1.0: "плохо", 5.0: "хорошо"}},
        missing_ranges={"b": [{"lo": 98.0, "hi": 99.0}]},
    )
    survey.use({"file": "s.sav"})
    whole, cut = survey.keep(), survey.count()
    assert cut.counts is not None
    assert list_differences(cut.counts, survey.count_kept()) == []
    assert int(cut.counts.n.sum()) == 30
    assert list_faults(cut) == list_faults(whole)


def test_cp1251_is_decoded_piece_by_piece(survey: NationalSurvey) -> None:
    people = draw_people(6, 50).assign(centre=["ЦЗН"] * 25 + ["Центр"] * 25)
    survey.write_csv("w.csv", people, encoding="cp1251", sep=";")
    survey.use({"file": "w.csv", "encoding": "cp1251", "delimiter": ";"})
    cut = survey.count()
    assert cut.counts is not None
    assert set(cut.counts.units["centre"]) == {"Центр", "ЦЗН"}
    assert list_differences(cut.counts, survey.count_kept()) == []


@pytest.mark.parametrize("n_bytes", [100, 101])
def test_lines_that_end_with_a_carriage_return_alone_are_read_at_once(
    survey: NationalSurvey, monkeypatch: pytest.MonkeyPatch, n_bytes: int
) -> None:
    monkeypatch.setattr("clientindex.intake.pieces.csv_pieces.HEADING_BYTES", n_bytes)
    people = draw_people(6, 50).drop(columns="comment").assign(centre="ЦЗН")
    survey.write_csv("w.csv", people, lineterminator="\r")
    survey.use({"file": "w.csv"})
    cut = survey.count()
    assert list_faults(cut) == list_faults(survey.keep())
    assert cut.counts is not None
    assert int(cut.counts.n.sum()) == 50


def test_lists_records_and_uuids_of_parquet_files_are_texts(survey: NationalSurvey) -> None:
    people = draw_people(6, 20).drop(columns="comment")
    columns = {name: pa.array(people[name]) for name in people}
    lists, records = pa.array([[1, 2], None] * 10), pa.array([{"x": "1"}] * 20)
    ids = pa.array([uuid.UUID(int=row).bytes for row in range(20)], pa.binary(16))
    columns |= {"b": lists, "centre": records}
    columns |= {"respondent": pa.ExtensionArray.from_storage(pa.uuid(), ids)}
    parquet.write_table(pa.table(columns), survey.folder / "n.parquet")
    survey.use({"file": "n.parquet"})
    for checked in (survey.count(), survey.keep()):
        told = {(f.code, f.column) for f in checked.report.faults if f.read == "[1, 2]"}
        assert told == {("E-NUMBER", "b")}
        assert name_codes(checked) == ["E-NUMBER"]


def test_a_filter_keeps_the_same_rows(survey: NationalSurvey) -> None:
    people = draw_people(7, 60).assign(wave=["1"] * 50 + ["2"] * 10)
    survey.write_csv("w.csv", people)
    survey.use({"file": "w.csv", "where": {"wave": "2"}})
    cut = survey.count()
    assert cut.counts is not None
    assert int(cut.counts.n.sum()) == 10
    assert cut.require_tables().inputs[0].n_rows == 60
    assert list_differences(cut.counts, survey.count_kept()) == []
    survey.use({"file": "w.csv", "where": {"wave": "3"}})
    assert list_faults(survey.count()) == list_faults(survey.keep())


@pytest.mark.parametrize("size", [PieceSize(), PieceSize(n_bytes=60), PieceSize(n_bytes=333)])
def test_faults_of_rows_are_listed_and_counted_alike(
    survey: NationalSurvey, size: PieceSize
) -> None:
    people = draw_people(8, 120)
    people.loc[3, "a"] = "7"
    people.loc[::3, "b"] = "нет"
    people.loc[50, "segment"] = "citizen"
    people.loc[60, "centre"] = ""
    people.loc[70, "respondent"] = people.loc[10, "respondent"]
    people.loc[[10, 70], ["segment", "period"]] = ["citizens", "Q1"]
    path = survey.write_csv("f.csv", people)
    text = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join([*text[:40], "лишняя,строка\n", *text[40:]]), encoding="utf-8")
    survey.use({"file": "f.csv"})
    whole, cut = survey.keep(), survey.count(size)
    assert list_faults(cut) == list_faults(whole)
    (more,) = (f for f in cut.report.faults if f.code == "E-NUMBER" and f.row is None)
    assert more.read == "20 more rows with the same fault"


@pytest.mark.parametrize(
    ("ages", "n"),
    [
        (["18-24"] * 39 + ["23"], 21),
        (["18-24"] * 39 + ["25-34"], 0),
        (["121", "-1", "1,5"] + ["23"] * 37, 3),
    ],
)
def test_ages_are_years_or_groups_by_the_whole_file(
    survey: NationalSurvey, ages: list[str], n: int
) -> None:
    survey.write_csv("g.csv", draw_people(9, 40).assign(age=ages))
    survey.use({"file": "g.csv", "columns": {"age": "age"}})
    whole, cut = survey.keep(), survey.count()
    told = [
        [(f.row, f.read, f.allowed, f.advice) for f in one.report.faults if f.code == "E-AGE"]
        for one in (cut, whole)
    ]
    assert told[0] == told[1]
    assert len(told[0]) == n


def test_memory_of_counts_does_not_grow_with_respondents(survey: NationalSurvey) -> None:
    sizes = []
    for n in (200, 2000):
        survey.write_csv("n.csv", draw_people(10, n))
        survey.use({"file": "n.csv"})
        counts = survey.count(PieceSize(n_bytes=2000)).counts
        assert counts is not None
        assert int(counts.n.sum()) == n
        sizes.append(sum(np.asarray(getattr(counts, name)).nbytes for name in ("pairs", "margins")))
    assert sizes[0] == sizes[1]
