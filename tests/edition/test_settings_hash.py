"""The hash of an edition's settings."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from clientindex.edition import load_edition
from clientindex.edition.settings_hash import hash_settings
from demo_text import read_demo

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[2]


@pytest.fixture
def hash_text(tmp_path: Path) -> Callable[[str], str]:
    def hash_it(text: str) -> str:
        path = tmp_path / "edition.yml"
        path.write_text(text, encoding="utf-8")
        return hash_settings(load_edition(path))

    return hash_it


PLACES = [("../", "../../elsewhere/"), ("# Every output", "# Another"), ("  centres: 240\n", "")]


@pytest.mark.parametrize(("old", "new"), PLACES, ids=["folders", "comment", "simulation"])
def test_the_hash_does_not_depend_on(old: str, new: str, hash_text: Callable[[str], str]) -> None:
    text = read_demo()
    assert old in text
    assert hash_text(text.replace(old, new)) == hash_text(text)


CHANGES = [
    ("seed: 2026", "seed: 2027"),
    ("survey_employers.csv", "other.csv"),
    ("segment: employers", "segment: citizens"),
    ("The numbers of the demo edition are", "Numbers are"),
    ("period: quarter", "period: month"),
    ("formats: [html, pdf, docx]", "formats: [html]"),
]


@pytest.mark.parametrize(("old", "new"), CHANGES, ids=[old for old, _ in CHANGES])
def test_the_hash_depends_on(old: str, new: str, hash_text: Callable[[str], str]) -> None:
    text = read_demo()
    assert old in text
    assert hash_text(text.replace(old, new)) != hash_text(text)
