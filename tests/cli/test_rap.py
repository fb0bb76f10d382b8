"""``clientindex rap`` prints the checklist, writes it, and ends with 1 where an item fails."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from clientindex.cli import main
from made_repository import make_repository

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return make_repository(tmp_path)


def test_a_repository_without_faults_ends_with_0(repository: Path) -> None:
    done = CliRunner().invoke(main, ["rap"])
    assert done.exit_code == 0, done.output
    assert "28 items: 26 pass, 2 not applicable" in done.output
    assert "no git checkout" in done.output
    assert "TIER: TIER Protocol 4.0" in done.output


def test_faults_are_told_with_what_to_do_and_written(repository: Path) -> None:
    (repository / "LICENSE").unlink()
    done = CliRunner().invoke(main, ["rap", "a", "--csv", "rap.csv"])
    assert done.exit_code == 1, done.output
    assert "licence: Put the text of the licence" in done.output
    with (repository / "rap.csv").open(encoding="utf-8", newline="") as stream:
        rows = {row["key"]: row for row in csv.DictReader(stream)}
    assert len(rows) == 38
    failed = {key for key, row in rows.items() if row["state"] == "fail"}
    # The made edition has records, but no results that a run would have left.
    assert failed == {"licence", "publication_current"}
    assert rows["licence"]["evidence"] == "LICENSE is absent or empty"
    assert rows["seed_stated"]["state"] == "pass"


def test_another_folder_is_refused_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(main, ["rap"])
    assert done.exit_code == 2
    assert "holds no Makefile and pyproject.toml" in done.output
