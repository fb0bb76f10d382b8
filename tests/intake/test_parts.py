"""The smallest parts: numbers, cells, repeats, and the schema of what is handed on."""

from __future__ import annotations

import dataclasses
import datetime as dt
import math
from typing import Any

import numpy as np
import pandas as pd
import pandera.errors
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clientindex.hashing import hash_file
from clientindex.intake.log import FaultLog, Place, Trouble
from clientindex.intake.numbers import parse_number
from clientindex.intake.raw import encode_arrow, encode_cells, format_cell
from clientindex.intake.repeats import find_first
from clientindex.intake.schema import check_tables


@pytest.mark.parametrize(
    ("text", "decimal", "number"),
    [
        ("5", ".", 5),
        ("5.0", ".", 5),
        ("-2.5", ".", -2.5),
        ("1e3", ".", 1000),
        (".5", ".", 0.5),
        ("3,5", ",", 3.5),
        ("1 234,5", ",", 1234.5),
        ("12\u00a0345", ".", 12345),
        ("1\u202f234\u202f567", ".", 1234567),
    ],
)
def test_what_is_a_number(text: str, decimal: str, number: float) -> None:
    assert parse_number(text, decimal=decimal) == number


@pytest.mark.parametrize(
    ("text", "decimal"),
    [
        ("", "."),
        ("nan", "."),
        ("inf", "."),
        ("1_000", "."),
        ("3,5", "."),
        ("3.5", ","),
        ("1 2", "."),
        ("12 34", "."),
        ("٣", "."),
        ("0x10", "."),
        ("5 баллов", "."),
    ],
)
def test_what_is_no_number(text: str, decimal: str) -> None:
    assert math.isnan(parse_number(text, decimal=decimal))


@given(st.floats(allow_nan=False, allow_infinity=False), st.sampled_from([".", ","]))
def test_numbers_survive_being_written_as_cells(number: float, decimal: str) -> None:
    assert parse_number(format_cell(number, decimal=decimal), decimal=decimal) == number


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (math.nan, ""),
        (pd.NaT, ""),
        (True, "1"),
        (np.bool_(False), "0"),
        (12, "12"),
        (12.0, "12"),
        (np.float64(0.5), "0.5"),
        (dt.datetime(2026, 3, 31, tzinfo=dt.UTC).replace(tzinfo=None), "2026-03-31"),
        (dt.date(2026, 3, 31), "2026-03-31"),
        (" 007\u00a0", "007"),
    ],
)
def test_cells_as_text(value: Any, text: str) -> None:
    assert format_cell(value) == text


@given(st.lists(st.one_of(st.none(), st.text(max_size=3)), max_size=30))
def test_columns_hold_every_cell_trimmed(cells: list[str | None]) -> None:
    """Brute force: the text of each row, cell by cell."""
    expected = [format_cell(cell) for cell in cells]
    for column in (
        encode_cells("x", cells),
        encode_arrow("x", pa.chunked_array([pa.array(cells, type=pa.string())])),
    ):
        assert column.texts().tolist() == expected
        assert column.is_empty.tolist() == [text == "" for text in expected]
        assert len(set(column.distinct)) == len(column.distinct)


def test_chunks_with_different_dictionaries_are_one_column() -> None:
    chunks = [pa.array(["b", "a"]).dictionary_encode(), pa.array(["a", "c"]).dictionary_encode()]
    column = encode_arrow("x", pa.chunked_array(chunks))
    assert column.texts().tolist() == ["b", "a", "a", "c"]


@given(st.lists(st.tuples(st.integers(0, 3), st.sampled_from("xyz")), max_size=30))
def test_first_occurrence_by_brute_force(rows: list[tuple[int, str]]) -> None:
    keys = pd.DataFrame(rows, columns=["a", "b"])
    assert find_first(keys).tolist() == [rows.index(row) for row in rows]


def test_an_unlisted_code_is_a_fault_of_the_program() -> None:
    trouble = Trouble(read="r", allowed="a", advice="d")
    with pytest.raises(KeyError, match="E-new"):
        FaultLog().add("E-new", Place(file="f"), trouble)


def test_hash_of_a_file(tmp_path: Any) -> None:
    """FIPS 180-2, appendix B.1: the message "abc"."""
    path = tmp_path / "abc"
    path.write_bytes(b"abc")
    digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert hash_file(path) == digest


@pytest.mark.parametrize(
    ("name", "column", "value"),
    [("register", "centre", "001"), ("checklist_items", "answer", 2.0), ("no_answer", "n", -1)],
)
def test_the_schema_refuses_what_intake_promised_not_to_hand_on(
    desk: Any, name: str, column: str, value: Any
) -> None:
    tables = desk.run().tables
    check_tables(tables, desk.methodology)
    broken = getattr(tables, name).assign(**{column: value})
    with pytest.raises(pandera.errors.SchemaError, match=column):
        check_tables(dataclasses.replace(tables, **{name: broken}), desk.methodology)
