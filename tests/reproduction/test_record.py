"""The record of a publication, read back; damage and other versions are told apart."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from clientindex.errors import ReproductionError
from clientindex.reproduction.record import (
    RECORD_NAME,
    hash_published,
    load_record,
    write_record,
)
from published_record import RECORD

if TYPE_CHECKING:
    from pathlib import Path


def test_a_record_is_read_back(tmp_path: Path) -> None:
    write_record(RECORD, tmp_path)
    assert load_record(tmp_path) == RECORD


def change(folder: Path, **values: object) -> None:
    path = folder / RECORD_NAME
    content = json.loads(path.read_text(encoding="utf-8")) | values
    path.write_text(json.dumps(content), encoding="utf-8")


def test_a_changed_record_is_damaged(tmp_path: Path) -> None:
    write_record(RECORD, tmp_path)
    change(tmp_path, files={"documents/a.pdf": "2" * 64})
    with pytest.raises(ReproductionError, match="damaged: the record is not what its own checksum"):
        load_record(tmp_path)


@pytest.mark.parametrize(("schema", "told"), [(1, "of version 1"), (None, "of no known version")])
def test_a_record_of_another_version_is_told(tmp_path: Path, schema: int | None, told: str) -> None:
    write_record(RECORD, tmp_path)
    change(tmp_path, schema=schema)
    with pytest.raises(ReproductionError, match=f"{told}; this program reads version 3"):
        load_record(tmp_path)


@pytest.mark.parametrize(
    ("text", "told"),
    [("{", "damaged"), ("[]", "expected keys and values"), (None, "no such file")],
)
def test_no_record_is_told(tmp_path: Path, text: str | None, told: str) -> None:
    if text is not None:
        (tmp_path / RECORD_NAME).write_text(text, encoding="utf-8")
    with pytest.raises(ReproductionError, match=told):
        load_record(tmp_path)


def test_published_files_are_named_below_the_output(tmp_path: Path) -> None:
    for name in ("documents/a.txt", "tables/csv/en/b.csv", f"documents/{RECORD_NAME}"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("abc", encoding="utf-8")
    abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    found = hash_published(tmp_path / "documents", tmp_path / "tables")
    assert found == {"documents/a.txt": abc, "tables/csv/en/b.csv": abc}
