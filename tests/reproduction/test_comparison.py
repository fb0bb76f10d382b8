"""Published against rebuilt: what differs is named, what is near enough is not."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import pytest

from clientindex.hashing import hash_file
from clientindex.reproduction.comparison.causes import find_causes
from clientindex.reproduction.comparison.folders import FolderComparison, compare_folders
from clientindex.reproduction.comparison.passages import compare_passages
from clientindex.reproduction.comparison.tables import compare_tables
from clientindex.reproduction.comparison.tolerance import Tolerance
from clientindex.reproduction.content.csv_file import parse_csv
from clientindex.reproduction.content.document import Passage
from clientindex.results.manifest import InputRecord
from clientindex.results.verification import Cause, Difference
from published_record import RECORD

if TYPE_CHECKING:
    from pathlib import Path

NEAR = Tolerance()


def tell(
    published: bytes, rebuilt: bytes, tolerance: Tolerance | None = NEAR
) -> list[tuple[str, ...]]:
    tables = (parse_csv(content, name="t") for content in (published, rebuilt))
    found = compare_tables(*tables, document="tables/csv/en/t.csv", tolerance=tolerance)
    return [(d.kind, d.row, d.column, d.published, d.rebuilt) for d in found]


def test_a_cell_that_differs_is_named_by_row_and_column() -> None:
    published = b"centre,index,words\nA,72.5,good\nB,61.25,bad\n"
    rebuilt = b"centre,index,words\nA,72.5,good\nB,61.75,fair\n"
    assert tell(published, rebuilt) == [
        ("number", "B", "index", "61.25", "61.75"),
        ("text", "B", "words", "bad", "fair"),
    ]


def test_numbers_within_the_tolerance_are_equal() -> None:
    assert tell(b"c,x\nA,0.1\n", b"c,x\nA,0.10000000000000002\n") == []
    assert tell(b"c,x\nA,1000\n", b"c,x\nA,1000.0000009\n") == []
    assert tell(b"c,x\nA,1000\n", b"c,x\nA,1000.0000011\n") == [
        ("number", "A", "x", "1000", "1000.0000011")
    ]
    assert tell(b"c,x\nA,0\n", b"c,x\nA,1e-12\n") == []
    assert tell(b"c,x\nA,5.0\n", b"c,x\nA,5.00\n", None) == [("number", "A", "x", "5.0", "5.00")]
    assert tell(b"c,x\nA,1\n", b"c,x\nA,\n") == [("text", "A", "x", "1", "")]


def test_rows_that_only_one_table_has_are_told_and_order_does_not_matter() -> None:
    published, rebuilt = b"c,x\nA,1\nB,2\n", b"c,x\nC,3\nA,1\n"
    assert tell(published, rebuilt) == [
        ("missing", "B", "", "B | 2", ""),
        ("added", "C", "", "", "C | 3"),
    ]


def test_rows_named_by_numbers_are_matched_by_their_order() -> None:
    published, rebuilt = b"rank,c\n1,A\n2,B\n", b"rank,c\n1,A\n3,B\n"
    assert tell(published, rebuilt) == [("number", "2", "rank", "2", "3")]


def test_other_headings_are_told_once() -> None:
    assert tell(b"a,b\n1,2\n", b"a,c\n9,9\n") == [("text", "", "", "a | b", "a | c")]


def passages(*texts: str) -> list[Passage]:
    return [Passage(section="1 Stars", text=text) for text in texts]


def say(published: list[Passage], rebuilt: list[Passage]) -> list[tuple[str, ...]]:
    found = compare_passages(published, rebuilt, document="documents/rating.en.html")
    return [(d.kind, d.part, d.column, d.published, d.rebuilt) for d in found]


def test_a_number_in_prose_is_named_by_the_words_before_it() -> None:
    published = passages("First.", "The mean is 72.5 points of 240 centres.")
    rebuilt = passages("First.", "The mean is 72.6 points of 240 centres.")
    assert say(published, rebuilt) == [("number", "1 Stars", "The mean is", "72.5", "72.6")]


def test_other_words_missing_and_new_sentences_are_told() -> None:
    assert say(passages("A b.", "C."), passages("A d.", "C.")) == [
        ("text", "1 Stars", "", "A b.", "A d.")
    ]
    assert say(passages("A.", "B.", "C."), passages("A.", "C.")) == [
        ("missing", "1 Stars", "", "B.", "")
    ]
    assert say(passages("A."), passages("A.", "New 5.")) == [("added", "1 Stars", "", "", "New 5.")]


def test_another_hash_is_no_other_number() -> None:
    one, other = "10a8d3227ed3", "6e55b1058528"
    texts = [passages(f"Fingerprint {sha256}, seed 1") for sha256 in (one, other)]
    assert say(*texts) == [("origin", "1 Stars", "", one, other)]


FILES = {
    "tables/csv/en/stars.csv": "centre,index\nA,72.5\n",
    "tables/csv/en/packages.csv": "package,version\nnumpy,1\n",
    "tables/tables.en.xlsx": "one workbook",
    "documents/rating.en.html": "<h1>S</h1><p>Mean 72.5</p>",
    "documents/rating.en.pdf": "one PDF",
    "documents/other.pdf": "a PDF without a page",
}


def write(folder: Path, **changes: str | None) -> Path:
    """Write a publication; changes are by the file's name with "_" for every other sign."""
    for name, content in FILES.items():
        changed = changes.get(name.replace("/", "_").replace(".", "_"), content)
        if changed is not None:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(changed, encoding="utf-8")
    return folder


def compare(tmp_path: Path, **changes: str | None) -> tuple[list[Difference], FolderComparison]:
    published, rebuilt = write(tmp_path / "p"), write(tmp_path / "r", **changes)
    files = {name: hash_file(published / name) for name in FILES}
    found = compare_folders(published, rebuilt, files=files, tolerance=NEAR)
    return found.differences, found


def test_equal_folders_have_nothing_to_tell(tmp_path: Path) -> None:
    differences, found = compare(tmp_path)
    assert differences == []
    assert found.missing == []
    compared = dataclasses.asdict(found.compared)
    assert compared == {
        **{"files": 6, "identical": 6, "tables": 2, "cells": 4},
        **{"figures": 0, "marks": 0, "sentences": 2, "numbers": 1},
    }


def test_a_document_and_a_table_that_differ_are_named(tmp_path: Path) -> None:
    differences, found = compare(
        tmp_path,
        tables_csv_en_stars_csv="centre,index\nA,73.5\n",
        documents_rating_en_html="<h1>S</h1><p>Mean 73.5</p>",
        documents_rating_en_pdf="another PDF",
    )
    told = [(d.document, d.part, d.row, d.column, d.published, d.rebuilt) for d in differences]
    assert told == [
        ("documents/rating.en.html", "S", "", "Mean", "72.5", "73.5"),
        ("tables/csv/en/stars.csv", "stars", "A", "index", "72.5", "73.5"),
    ]
    assert found.compared.identical == 3


def test_other_bytes_that_say_the_same_are_form(tmp_path: Path) -> None:
    differences, _ = compare(
        tmp_path,
        documents_rating_en_pdf="another PDF",
        tables_tables_en_xlsx="another workbook",
        documents_other_pdf="another PDF without a page",
        tables_csv_en_packages_csv="package,version\nnumpy,2\n",
    )
    assert {d.document: (d.kind, d.counts) for d in differences} == {
        "documents/rating.en.pdf": ("form", False),
        "tables/tables.en.xlsx": ("form", False),
        "documents/other.pdf": ("text", True),
        "tables/csv/en/packages.csv": ("origin", False),
    }


def test_files_that_did_not_come_out_and_new_ones_are_told(tmp_path: Path) -> None:
    (tmp_path / "r" / "tables").mkdir(parents=True)
    (tmp_path / "r" / "tables" / "new.csv").write_text("x", encoding="utf-8")
    differences, found = compare(tmp_path, documents_rating_en_pdf=None)
    assert found.missing == ["documents/rating.en.pdf"]
    assert [(d.kind, d.document) for d in differences] == [("added", "tables/new.csv")]


def test_causes_are_told_apart() -> None:
    assert find_causes(RECORD, RECORD) == ()
    results = dataclasses.replace(
        RECORD.results,
        seed=1,
        methodology_sha256="n" * 64,
        code_sha256="d" * 64,
        python_version="3.12.1",
        packages={"numpy": "2.1.0", "scipy": "1.0"},
        inputs=(InputRecord(name="survey.csv", sha256="b" * 64, n_rows=3),),
    )
    now = dataclasses.replace(
        RECORD,
        results=results,
        renderer="quarto 1.10",
        presentation_sha256="e" * 64,
        sources={"rating.en.qmd": "r" * 64},
        packages={},
    )
    assert find_causes(RECORD, now) == (
        Cause(kind="seed", name="seed", published="2026", now="1"),
        Cause(kind="methodology", name="2026", published="m" * 64, now="n" * 64),
        Cause(kind="input", name="survey.csv", published="a" * 64, now="b" * 64),
        Cause(
            kind="code", name="clientindex", published=f"0.1.0 ({'c' * 12})",
            now=f"0.1.0 ({'d' * 12})",
        ),
        Cause(
            kind="presentation", name="clientindex", published=f"0.1.0 ({'d' * 12})",
            now=f"0.1.0 ({'e' * 12})",
        ),
        Cause(kind="source", name="rating.en.qmd", published="q" * 64, now="r" * 64),
        Cause(kind="python", name="Python", published="3.11.7", now="3.12.1"),
        Cause(kind="package", name="numpy", published="2.0.0", now="2.1.0"),
        Cause(kind="package", name="scipy", published="", now="1.0"),
        Cause(kind="presenting_package", name="typst", published="0.15", now=""),
        Cause(kind="renderer", name="renderer", published=RECORD.renderer, now="quarto 1.10"),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("a", "b", "equal"),
    [("1", "1.0", True), ("x", "x", True), ("x", "y", False), ("nan", "1", False)],
)
def test_what_a_tolerance_accepts(a: str, b: str, equal: bool) -> None:
    assert NEAR.accepts(a, b) is equal
