"""The command ``clientindex edition`` in words."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from clientindex.cli.main import main

ROOT = Path(__file__).parents[2]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("editions", "methodology"):
        shutil.copytree(ROOT / name, tmp_path / name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def call(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["edition", *words])
    return result.exit_code, result.output


def test_what_was_made_and_what_comes_next_is_told(here: Path) -> None:
    code, told = call("new", "2027", "--from", "demo")
    assert code == 0
    lines = told.splitlines()
    assert lines[:3] == ["made editions/2027.yml", "made data_raw/2027/README.md", "next:"]
    assert lines[-3:] == [
        "  5. make validate EDITION=2027",
        "  6. make report EDITION=2027",
        "  7. publish, then lock it: clientindex edition lock 2027",
    ]
    code, told = call("new", "2027", "--from", "demo")
    assert code == 2
    assert "is there already, and nothing is overwritten" in told
    assert (here / "editions" / "2027.yml").is_file()


def test_an_edition_that_was_never_run_is_not_locked(here: Path) -> None:
    assert call("status", "demo") == (0, "not locked: editions/demo.lock.json is absent\n")
    code, told = call("lock", "demo")
    assert code == 2
    assert "cannot be locked: its results are absent. Run clientindex report" in told
    assert not (here / "data_processed").exists()
