"""The previous edition that an edition names."""

from __future__ import annotations

from pathlib import Path

import pytest

from clientindex.edition import load_edition
from clientindex.errors import EditionError

DEMO = Path(__file__).parents[2] / "editions" / "demo.yml"


def write(folder: Path, lines: str) -> Path:
    path = folder / "editions" / "mine.yml"
    path.parent.mkdir()
    path.write_text(DEMO.read_text(encoding="utf-8") + lines, encoding="utf-8")
    return path


def test_previous_results_and_renamed_centres_are_read(tmp_path):
    lines = "previous: ../data_processed/2025/results\nrenamed: {R24-001: R24-101}\n"
    edition = load_edition(write(tmp_path, lines))
    assert edition.previous == tmp_path / "data_processed" / "2025" / "results"
    assert edition.renamed == {"R24-001": "R24-101"}


def test_without_them_there_is_no_previous_edition():
    edition = load_edition(DEMO)
    assert edition.previous is None
    assert edition.renamed == {}


def test_renamed_centres_need_a_previous_edition(tmp_path):
    with pytest.raises(EditionError, match="renamed centres without a previous edition"):
        load_edition(write(tmp_path, "renamed: {R24-001: R24-101}\n"))
