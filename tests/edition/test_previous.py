"""The previous edition that an edition names."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from clientindex.edition import load_edition
from clientindex.errors import EditionError
from demo_text import DEMO, read_demo

if TYPE_CHECKING:
    from pathlib import Path


def write(folder: Path, lines: str) -> Path:
    path = folder / "editions" / "mine.yml"
    path.parent.mkdir()
    path.write_text(read_demo() + lines, encoding="utf-8")
    return path


def test_previous_results_and_renamed_centres_are_read(tmp_path):
    lines = "previous: ../data_processed/2025/results\nrenamed: {R24-001: R24-101}\n"
    edition = load_edition(write(tmp_path, lines))
    assert edition.previous == tmp_path / "data_processed" / "2025" / "results"
    assert edition.renamed == {"R24-001": "R24-101"}


def test_the_demo_has_the_year_before_it():
    edition = load_edition(DEMO)
    assert edition.previous == DEMO.with_name("demo-2025.yml")
    assert load_edition(edition.previous).year == edition.year - 1
    assert sorted(edition.renamed.values()) == ["R24-005", "R24-005", "R33-004"]


def test_without_them_there_is_no_previous_edition(tmp_path):
    edition = load_edition(write(tmp_path, ""))
    assert edition.previous is None
    assert edition.renamed == {}


def test_renamed_centres_need_a_previous_edition(tmp_path):
    with pytest.raises(EditionError, match="renamed centres without a previous edition"):
        load_edition(write(tmp_path, "renamed: {R24-001: R24-101}\n"))
