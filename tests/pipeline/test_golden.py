"""Golden results are accepted with a reason only, and then compared with what is published."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from clientindex.cli import main
from clientindex.pipeline import golden
from made_repository import make_repository

if TYPE_CHECKING:
    from pathlib import Path

STARS = "data_processed/a/tables/csv/en/stars.csv"
WHOLE = "tests/golden/a/whole_tables.json"


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a repository whose publication counts as current."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(golden, "explain_staleness", lambda edition: ())
    make_repository(tmp_path)
    (tmp_path / STARS).write_text("centre,x\nA,0.25\nB,2\n", encoding="utf-8")
    return tmp_path


def run(*words: str) -> tuple[int, str]:
    done = CliRunner().invoke(main, ["golden", *words])
    return done.exit_code, done.output


def read_all(root: Path) -> dict[str, bytes]:
    paths = [root / "CHANGELOG.md", *(root / "tests").rglob("*.json")]
    return {path.name: path.read_bytes() for path in paths}


def test_results_are_accepted_compared_and_changed(repository: Path) -> None:
    code, told = run("compare", "a")
    assert (code, "holds no golden results of a" in told) == (2, True)
    code, told = run("accept", "a", "--why", "The first ones")
    assert code == 0, told
    assert '["B", "2"]' in (repository / WHOLE).read_text(encoding="utf-8")
    changelog = (repository / "CHANGELOG.md").read_text(encoding="utf-8")
    assert "### Changed\n\n- **numbers**: The first ones. Golden results of a begin" in changelog
    code, told = run("compare", "a")
    assert code == 0, told
    assert "of 2 tables: no difference" in told

    (repository / STARS).write_text("centre,x\nA,0.25\nB,3\n", encoding="utf-8")
    code, told = run("compare", "a")
    assert code == 1
    assert "stars | B | x: golden '2', now '3' (tolerance:" in told
    code, told = run("accept", "a", "--why", "B has  one\nmore.")
    assert code == 0, told
    changelog = (repository / "CHANGELOG.md").read_text(encoding="utf-8")
    assert changelog.endswith(
        "\n- **numbers**: B has one more. 1 golden value of a in 1 table (`stars`); the largest "
        "change is in\n  `stars`, B, x: 2 is 3.\n"
    )
    assert run("compare", "a")[0] == 0


@pytest.mark.parametrize("why", [(), ("--why", ""), ("--why", "  ")])
def test_no_reason_is_refused(repository: Path, why: tuple[str, ...]) -> None:
    before = read_all(repository)
    code, told = run("accept", "a", *why)
    assert (code, "no reason is given" in told) == (2, True)
    assert read_all(repository) == before


def test_nothing_to_accept_is_said(repository: Path) -> None:
    assert run("accept", "a", "--why", "First")[0] == 0
    before = read_all(repository)
    code, told = run("accept", "a", "--why", "Again")
    assert (code, "nothing changed" in told) == (2, True)
    assert read_all(repository) == before


@pytest.mark.parametrize(
    ("stale", "told"), [(None, "nothing is published"), (("the program changed",), "the program")]
)
def test_a_publication_that_is_not_current_is_refused(
    repository: Path, monkeypatch: pytest.MonkeyPatch, stale: tuple[str, ...] | None, told: str
) -> None:
    assert run("accept", "a", "--why", "First")[0] == 0
    before = read_all(repository)
    monkeypatch.setattr(golden, "explain_staleness", lambda edition: stale)
    for words in (("accept", "a", "--why", "Again"), ("compare", "a")):
        code, said = run(*words)
        assert code == 2
        assert f"the publication is not current: {told}" in said
    assert read_all(repository) == before


def test_without_a_place_in_the_changelog_nothing_is_written(repository: Path) -> None:
    (repository / "CHANGELOG.md").write_text("# Changelog\n", encoding="utf-8")
    code, told = run("accept", "a", "--why", "First")
    assert (code, "no part '## [Unreleased]'" in told) == (2, True)
    assert not (repository / WHOLE).exists()
