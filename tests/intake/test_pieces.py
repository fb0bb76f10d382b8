"""Cutting files: where records end, columns of whole numbers, ids by hash, logs of pieces."""

from __future__ import annotations

import csv
import io
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clientindex.intake.identifiers import encode_identifiers, hash_identifiers, hash_texts
from clientindex.intake.log import FaultLog, Place, Trouble
from clientindex.intake.raw import RawTable, encode_arrow, encode_presence
from clientindex.intake.records import count_records, find_end, find_records, split_records
from clientindex.intake.whole_numbers import encode_whole_numbers

cells = st.text(alphabet='a;"\n\r я', max_size=6)


def write_records(rows: list[list[str]]) -> list[bytes]:
    """Return every row as Python's csv module writes it."""
    written = []
    for row in rows:
        text = io.StringIO()
        csv.writer(text, delimiter=";", lineterminator="\n").writerow(row)
        written.append(text.getvalue().encode())
    return written


@given(
    rows=st.lists(st.lists(cells, min_size=2, max_size=3), min_size=1, max_size=6),
    cut=st.integers(0, 200),
)
def test_a_cut_text_ends_with_its_last_whole_record(rows: list[list[str]], cut: int) -> None:
    records = write_records(rows)
    content = b"".join(records)[:cut]
    ends = np.cumsum([0, *map(len, records)])
    expected = int(ends[ends <= len(content)].max())
    found, opened, is_unclosed = find_records(content, delimiter=";")
    # A line feed inside quotation marks that are closed later than the cut ends no record.
    assert found == expected
    assert opened < 0 or opened >= found
    assert not is_unclosed


def test_a_quotation_mark_inside_a_cell_opens_nothing() -> None:
    assert find_records(b'5" pipe;a\nb;"c\nd\n', delimiter=";") == (10, 12, False)
    assert find_records(b'a;"b""\nc"\nd', delimiter=";") == (10, -1, False)
    assert find_records(b"no end", delimiter=";") == (0, -1, False)


@given(
    rows=st.lists(st.lists(cells, min_size=2, max_size=3), min_size=1, max_size=6),
    cut=st.integers(0, 200),
)
def test_lines_are_told_apart_whatever_is_cut(rows: list[list[str]], cut: int) -> None:
    lines = write_records(rows)
    # A mark that opens a cell of the last line, and is closed nowhere.
    whole = b"".join(lines) + b'a;"b\n'
    kept, (unclosed,) = split_records(whole, delimiter=";")
    assert (kept, unclosed.text) == (b"".join(lines), b'a;"b\n')
    assert unclosed.n_before == count_records(kept, delimiter=";")
    end = find_end(whole[:cut], delimiter=";", is_whole=False)
    assert whole[:end] + whole[end:] == whole
    assert end <= len(kept)
    assert split_records(whole[:end], delimiter=";") == (whole[:end], ())


def test_a_cell_without_end_takes_its_line_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("clientindex.intake.records.LONGEST_CELL", 8)
    text = b'1;2\n3;"4567\n";5\n6;"7\n8;9\n1;"2345678"\n0;0\n'
    kept, lines = split_records(text, delimiter=";")
    assert kept == b'1;2\n3;"4567\n";5\n8;9\n0;0\n'
    assert [(line.n_before, line.text) for line in lines] == [
        (2, b'6;"7\n'),
        (3, b'1;"2345678"\n'),
    ]
    # A line whose end is not there yet is no line.
    assert find_end(text[:36], delimiter=";", is_whole=False) == 25
    assert find_end(text[:37], delimiter=";", is_whole=False) == 37


@pytest.mark.parametrize(
    "array",
    [
        pa.array([3, 1, None, 3], pa.int8()),
        pa.array([98, -5, 0], pa.int64()),
        pa.array([1.0, float("nan"), 99.0, None]),
        pa.array([4, 4], pa.uint16()),
        pa.array([2.0, -0.0], pa.float32()),
        pa.array([-100, 100, 0], pa.int8()),
    ],
    ids=["nulls", "signs", "NaN", "unsigned", "negative zero", "range of a byte"],
)
def test_whole_numbers_become_the_texts_of_any_other_column(array: Any) -> None:
    found = encode_whole_numbers("a", array)
    assert found is not None
    assert found.texts().tolist() == encode_arrow("a", array).texts().tolist()
    assert len(found.distinct) == len(set(found.distinct) & set(found.texts()))


@pytest.mark.parametrize(
    "array",
    [
        pa.array([1.5, 2.0]),
        pa.array([1.0, float("inf")]),
        pa.array([0, 10**9]),
        pa.array([1e300]),
        pa.array(["1"]),
        pa.array([None, None], pa.int8()),
        pa.array([2**63], pa.uint64()),
        pa.array([True]),
    ],
)
def test_other_columns_are_left_to_the_general_way(array: Any) -> None:
    assert encode_whole_numbers("a", array) is None


@given(st.lists(st.one_of(st.none(), st.text(max_size=9)), max_size=30))
def test_presence_is_that_of_the_texts(texts: list[str | None]) -> None:
    array = pa.array(texts, pa.string())
    found, plain = encode_presence("a", array), encode_arrow("a", array)
    assert found.is_empty.tolist() == plain.is_empty.tolist()
    assert bool(found.distinct) == bool(plain.distinct)


@given(st.lists(st.one_of(st.none(), st.text(max_size=9)), max_size=30))
def test_ids_have_equal_hashes_where_their_texts_are_equal(texts: list[str | None]) -> None:
    array = pa.array(texts, pa.string())
    column, plain = encode_identifiers("id", array), encode_arrow("id", array)
    assert column.texts().tolist() == plain.texts().tolist()
    assert column.is_empty.tolist() == plain.is_empty.tolist()
    named = ~column.is_empty
    hashes = hash_identifiers(column)[named]
    np.testing.assert_array_equal(hashes, hash_identifiers(plain)[named])
    assert len(np.unique(hashes, axis=0)) == len(plain.distinct)


@pytest.mark.parametrize(
    "array",
    [
        pa.array([7, 12, None]),
        pa.array([7.0, 12.0, float("nan")]),
        pa.array(["7", " 12", ""]).dictionary_encode(),
        pa.chunked_array([["7"], ["12\u00a0", None]]),
    ],
)
def test_ids_of_any_type_are_compared_as_text(array: Any) -> None:
    column = encode_identifiers("id", array)
    assert column.texts().tolist() == ["7", "12", ""]
    np.testing.assert_array_equal(hash_identifiers(column)[:2], hash_texts(["7", "12"]))
    assert column.take(np.array([False, True, False])).text_at(0) == "12"


def report(log: FaultLog, start: int, wrong: list[int]) -> None:
    """Log what one reading of rows would: rows, a share, and a fault of the file."""
    rows = np.arange(start, start + 50)
    table = RawTable(file="f", decimal=".", columns={}, repeated=frozenset(), rows=rows)
    trouble = Trouble(read="x", allowed="y", advice="z")
    log.add("W-RESPONDENT-NONE", Place(file="f"), trouble)
    at = np.array(wrong, dtype=np.intp)
    log.add_rows("E-SCALE", table, column="a", at=at, describe=lambda _: trouble)
    log.add_share("W-TRAIT-EMPTY", Place(file="f"), n=len(wrong), of=50, trouble=trouble)


def test_logs_of_pieces_add_up_to_that_of_the_whole() -> None:
    first, second = FaultLog(), FaultLog()
    report(first, 2, list(range(15)))
    report(second, 2, list(range(5, 20)))
    second.shift(50)
    first.merge(second)
    told = [(f.code, f.row, f.read) for f in first.faults]
    rows = [*range(2, 17), *range(57, 62)]
    assert told == [
        ("W-RESPONDENT-NONE", None, "x"),
        *(("E-SCALE", row, "x") for row in rows),
        ("E-SCALE", None, "10 more rows with the same fault"),
        ("W-TRAIT-EMPTY", None, "30 of 100 rows x"),
    ]
    assert FaultLog.from_records(first.to_records()).faults == first.faults
    assert first.count_rows("E-SCALE", "f") == 30
    first.forgive_rows("f", {"E-SCALE"})
    assert {f.severity for f in first.faults} == {"warning"}
