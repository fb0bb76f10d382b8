"""Entries of the changelog that change numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from clientindex.errors import ReproductionError
from clientindex.reproduction.changelog import list_number_changes

if TYPE_CHECKING:
    from pathlib import Path

TEXT = """# Changelog

Marked **numbers**.

## [Unreleased]

### Added

- Wider intervals. **numbers**: every interval,
  by 2 %.
- A page. **numbers**: none
  changed.
- A command.

### Changed

- Ties. **numbers**: ranks.

## [0.2.0] - 2026-10-01

- Old change. **numbers**: means.

## [0.1.0] - 2026-01-01

- First. **numbers**: all.
"""


@pytest.mark.parametrize(
    ("since", "entries"),
    [
        ("0.2.0", ["Wider", "Ties."]),
        ("0.1.0", ["Wider", "Ties.", "Old"]),
        ("0.0.1", ["Wider", "Ties.", "Old", "First."]),
    ],
)
def test_entries_since_a_version_are_listed(tmp_path: Path, since: str, entries: list[str]) -> None:
    path = tmp_path / "CHANGELOG.md"
    path.write_text(TEXT, encoding="utf-8")
    found = list_number_changes(path, since=since)
    assert [entry.split()[0] for entry in found] == entries
    assert found[0] == "Wider intervals. **numbers**: every interval, by 2 %."


def test_no_changelog_is_told(tmp_path: Path) -> None:
    with pytest.raises(ReproductionError, match="the changelog cannot be read"):
        list_number_changes(tmp_path / "CHANGELOG.md", since="1")
