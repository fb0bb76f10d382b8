"""The command for reports of regions: choice of regions and languages, words when it fails."""

from __future__ import annotations

import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from clientindex.cli import main
from clientindex.edition import load_edition
from clientindex.errors import RenderError
from clientindex.pipeline import run
from clientindex.pipeline.regions import make_regions
from clientindex.publishing.regions import batch
from presentation_bundle import make_bundle, save_bundle

ROOT = Path(__file__).parents[2]


@pytest.fixture
def edition(simulated, tmp_path):
    """Give the small edition with the hand-made results in place of its own."""
    shutil.copytree(simulated, tmp_path / "project")
    shutil.copytree(ROOT / "reports", tmp_path / "project" / "reports")
    loaded = load_edition(tmp_path / "project" / "editions" / "demo.yml")
    save_bundle(make_bundle(), loaded.results_dir)
    return loaded.model_copy(update={"id": "small"})


@pytest.fixture
def rendered(monkeypatch):
    """Take the place of rendering."""
    monkeypatch.setattr(
        batch, "_render", lambda job, **settings: dict.fromkeys(job.files, job.region.encode())
    )


def list_reports(folder):
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*.html")}


def test_help_is_in_plain_words():
    result = CliRunner().invoke(main, ["regions", "--help"])
    assert result.exit_code == 0
    for text in ("EDITION", "--region NAME", "--language LIST", "--output FOLDER"):
        assert text in result.output
    assert "regions" in CliRunner().invoke(main, ["--help"]).output


@pytest.mark.usefixtures("rendered")
def test_all_regions_and_anew_where_their_sources_changed(edition):
    made = make_regions(edition)
    assert (made.written, made.kept) == (6, 0)
    names = ("kray", "okrug", "pskovskaya-oblast")
    found = {f"{language}/{name}.html" for language in ("ru", "en") for name in names}
    assert list_reports(edition.output / "regions") == found
    with (edition.reports / "region.ru.qmd").open("a", encoding="utf-8") as source:
        source.write("\n")
    assert make_regions(edition).written == 6


@pytest.mark.usefixtures("rendered")
def test_a_region_in_one_language_elsewhere(edition, tmp_path):
    made = make_regions(edition, regions=["Край"], languages="en", folder=tmp_path / "out")
    assert list_reports(tmp_path / "out") == {"en/kray.html"}
    assert made.written == 1
    assert not (edition.output / "regions").exists()


def test_what_is_not_there_is_told_in_words(edition):
    with pytest.raises(RenderError, match=r"'Краи' is no region of.*did you mean 'Край'"):
        make_regions(edition, regions=["Краи"])
    with pytest.raises(RenderError, match="'de' is no language"):
        make_regions(edition, languages="de")
    (edition.reports / "region.en.qmd").unlink()
    with pytest.raises(RenderError, match=r"region\.en\.qmd: the source .* is missing"):
        make_regions(edition)


@pytest.mark.usefixtures("rendered")
def test_the_command_tells_what_it_did(edition, tmp_path, monkeypatch):
    computed = SimpleNamespace(edition=edition)
    monkeypatch.setattr(run, "run_edition", lambda path, *, reporter: computed)
    path = str(tmp_path / "project" / "editions" / "demo.yml")
    chosen = ["--region", "Край", "--region", "Округ", "--output", str(tmp_path / "out")]
    result = CliRunner().invoke(main, ["regions", path, *chosen])
    assert result.exit_code == 0, result.output
    assert "4 written, 0 kept" in result.output
    assert "reports of regions: 4 of 4" in result.output
    wrong = CliRunner().invoke(main, ["regions", path, "--region", "Окру"])
    assert wrong.exit_code == 2
    assert "did you mean 'Округ'" in wrong.output
    assert "Traceback" not in wrong.output
