"""The command for passports: files, choice of centres and languages, words when it fails."""

from __future__ import annotations

import shutil

import pytest
from click.testing import CliRunner

from clientindex.cli import main
from clientindex.cli.reporter import count_pages
from clientindex.edition import load_edition
from clientindex.pipeline.passports import make_passports
from presentation_bundle import save_bundle
from presentation_passports import make_passport_bundle


@pytest.fixture
def edition(simulated, tmp_path):
    """Give the small edition with the hand-made results in place of its own."""
    shutil.copytree(simulated, tmp_path / "project")
    loaded = load_edition(tmp_path / "project" / "editions" / "demo.yml")
    save_bundle(make_passport_bundle(), loaded.results_dir)
    return loaded.model_copy(update={"id": "small"})


def list_passports(folder):
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*.pdf")}


def test_help_is_in_plain_words():
    result = CliRunner().invoke(main, ["passports", "--help"])
    assert result.exit_code == 0
    for text in ("EDITION", "--centre CODE", "--region NAME", "--language LIST", "--output FOLDER"):
        assert text in result.output
    assert "passports" in CliRunner().invoke(main, ["--help"]).output


def test_all_centres_in_the_languages_of_the_edition(edition):
    run = make_passports(edition)
    assert (run.written, run.kept) == (12, 0)
    names = {f"{language}/c{i}.pdf" for language in ("ru", "en") for i in range(1, 7)}
    assert list_passports(edition.output / "passports") == names
    assert make_passports(edition).kept == 12


def test_a_region_in_one_language_elsewhere(edition, tmp_path):
    run = make_passports(
        edition, regions=["Псковская область"], languages="en", folder=tmp_path / "out"
    )
    assert list_passports(tmp_path / "out") == {"en/c1.pdf", "en/c2.pdf"}
    assert run.written == 2
    assert not (edition.output / "passports").exists()


@pytest.mark.slow
def test_the_command_computes_and_writes(simulated, tmp_path):
    shutil.copytree(simulated, tmp_path / "project")
    path = str(tmp_path / "project" / "editions" / "demo.yml")
    text = (tmp_path / "project" / "editions" / "demo.yml").read_text(encoding="utf-8")
    fast = text.replace("[rating, sensitivity, agreement, reliability, factors]", "[rating]")
    (tmp_path / "project" / "editions" / "demo.yml").write_text(fast, encoding="utf-8")
    chosen = ["--centre", "R25-001", "--language", "ru", "--output", str(tmp_path / "out")]
    result = CliRunner().invoke(main, ["passports", path, *chosen])
    assert result.exit_code == 0, result.output
    assert "1 written, 0 kept" in result.output
    assert list_passports(tmp_path / "out") == {"ru/R25-001.pdf"}
    wrong = CliRunner().invoke(main, ["passports", path, "--centre", "R25-0001"])
    assert wrong.exit_code == 2
    assert "'R25-0001' is no centre code of this edition" in wrong.output
    assert "did you mean 'R25-001'" in wrong.output
    assert "Traceback" not in wrong.output


def test_a_log_has_a_line_every_tenth_of_the_pages(capsys):
    with count_pages("passports") as tell:
        for done in range(0, 41):
            tell(done, 40)
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == "passports: 1 of 40"
    assert lines[-1] == "passports: 40 of 40"
    assert len(lines) == 11
