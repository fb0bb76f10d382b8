"""The command for reports of regions: choice of regions and languages, words when it fails."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from clientindex.cli import main
from clientindex.edition import load_edition
from clientindex.errors import RenderError
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
def test_all_regions_in_the_languages_of_the_edition(edition):
    run = make_regions(edition)
    assert (run.written, run.kept) == (6, 0)
    names = ("kray", "okrug", "pskovskaya-oblast")
    found = {f"{language}/{name}.html" for language in ("ru", "en") for name in names}
    assert list_reports(edition.output / "regions") == found
    assert make_regions(edition).kept == 6


@pytest.mark.usefixtures("rendered")
def test_other_sources_make_all_reports_anew(edition):
    make_regions(edition, languages="ru")
    with (edition.reports / "region.ru.qmd").open("a", encoding="utf-8") as source:
        source.write("\n")
    assert make_regions(edition, languages="ru").written == 3


@pytest.mark.usefixtures("rendered")
def test_a_region_in_one_language_elsewhere(edition, tmp_path):
    run = make_regions(edition, regions=["Край"], languages="en", folder=tmp_path / "out")
    assert list_reports(tmp_path / "out") == {"en/kray.html"}
    assert run.written == 1
    assert not (edition.output / "regions").exists()


def test_what_is_not_there_is_told_in_words(edition):
    with pytest.raises(RenderError, match=r"'Краи' is no region of.*did you mean 'Край'"):
        make_regions(edition, regions=["Краи"])
    with pytest.raises(RenderError, match="'de' is no language"):
        make_regions(edition, languages="de")
    (edition.reports / "region.en.qmd").unlink()
    with pytest.raises(RenderError, match=r"region\.en\.qmd: the source .* is missing"):
        make_regions(edition)
