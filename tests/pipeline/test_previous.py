"""The edition before: run first where its file is named, and part of the fingerprint."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from clientindex.edition import load_edition
from clientindex.errors import BundleError, EditionError
from clientindex.methodology import load_methodology
from clientindex.pipeline.run import run_edition, validate_edition
from clientindex.results import EditionChange, MethodologyEffects, Unavailable, load_bundle
from clientindex.results.manifest import load_manifest
from clientindex.simulate import simulate_pilot, write_pilot

ROOT = Path(__file__).parents[2]
YAML_FILE = YAML(typ="safe")


def change_file(path: Path, **settings: Any) -> None:
    raw = YAML_FILE.load(path.read_text(encoding="utf-8"))
    with path.open("w", encoding="utf-8") as file:
        YAML_FILE.dump(raw | settings, file)


@pytest.fixture(scope="module")
def pilot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two years of the same small pilot: the second edition names the first one's file."""
    folder = tmp_path_factory.mktemp("years")
    text = (ROOT / "editions" / "demo.yml").read_text(encoding="utf-8")
    text = text.replace("../data_raw/demo", str(folder / "data")).replace("../", f"{ROOT}/")
    sizes = {"centres": 30, "citizens": 1200, "employers": 300}
    for year in ("2025", "2026"):
        path = folder / f"{year}.yml"
        path.write_text(text, encoding="utf-8")
        settings = YAML_FILE.load(text)
        change_file(
            path,
            id=year,
            output=str(folder / year),
            stages=["rating"],
            simulation=settings["simulation"] | sizes,
        )
        raw = YAML_FILE.load(path.read_text(encoding="utf-8"))
        for key in ("previous", "renamed"):
            raw.pop(key, None)
        with path.open("w", encoding="utf-8") as file:
            YAML_FILE.dump(raw, file)
    edition = load_edition(folder / "2025.yml")
    found = simulate_pilot(load_methodology(edition.methodology), edition.simulation, seed=1)
    write_pilot(found, edition)
    change_file(folder / "2026.yml", previous=str(folder / "2025.yml"))
    run_edition(folder / "2026.yml")
    return folder


def test_the_previous_edition_is_run_first(pilot: Path) -> None:
    first, second = (load_bundle(pilot / year / "results") for year in ("2025", "2026"))
    assert isinstance(first.results["change"], Unavailable)
    assert first.results["change"].reason == "no_previous_edition"
    change = second.results["change"]
    assert isinstance(change, EditionChange)
    # The same answers under the same method: nothing changed.
    summary = change.summary.set_index("statistic")["estimate"]
    assert summary["both"] == 30
    assert summary["mean_change_all"] == pytest.approx(0, abs=1e-9)
    assert summary["star_same"] == first.results["stars"].frame["star"].notna().sum()
    assert isinstance(first.results["methodology_effects"], Unavailable)
    effects = second.results["methodology_effects"]
    assert isinstance(effects, MethodologyEffects)
    assert effects.frame.empty


def test_nothing_is_computed_again_until_the_previous_results_change(pilot: Path) -> None:
    assert not run_edition(pilot / "2026.yml").computed
    before = load_manifest(pilot / "2026" / "results").previous_sha256
    assert len(before) == 64
    change_file(pilot / "2025.yml", year=2024)
    assert run_edition(pilot / "2026.yml").computed
    assert load_manifest(pilot / "2026" / "results").previous_sha256 != before


def test_a_folder_of_results_serves_as_well(pilot: Path, tmp_path: Path) -> None:
    archive = tmp_path / "archive"
    shutil.copytree(pilot / "2025" / "results", archive)
    path = pilot / "archived.yml"
    shutil.copy(pilot / "2026.yml", path)
    text = (ROOT / "methodology" / "2026.yml").read_text(encoding="utf-8")
    methodology = tmp_path / "stricter.yml"
    methodology.write_text(text.replace("minimum_sample: 30", "minimum_sample: 50"), "utf-8")
    settings = {"previous": str(archive), "output": str(tmp_path / "out")}
    change_file(path, id="archived", methodology=str(methodology), **settings)
    bundle = load_bundle(run_edition(path).bundle)
    assert isinstance(bundle.results["change"], EditionChange)
    # The same answers, and a larger minimum sample: stars are lost, and nothing else changes.
    before = load_bundle(archive).results["stars"].frame
    lost = int((before["star"].notna() & (before["n"] < 50)).sum())
    effects = bundle.results["methodology_effects"]
    assert isinstance(effects, MethodologyEffects)
    assert list(effects.frame["kind"]) == ["stars", "together"]
    assert lost > 0
    for _, row in effects.frame.iterrows():
        assert row[["up", "down", "given", "withheld"]].tolist() == [0, 0, 0, lost]


def test_results_that_are_not_there_are_refused_with_what_to_do(
    pilot: Path, tmp_path: Path
) -> None:
    path = pilot / "lost.yml"
    shutil.copy(pilot / "2026.yml", path)
    change_file(path, id="lost", previous=str(tmp_path / "no"), output=str(tmp_path / "out"))
    for run in (run_edition, validate_edition):
        with pytest.raises(BundleError, match=r"previous: the results of the edition before"):
            run(path)
    assert not (tmp_path / "out").exists()


def test_a_damaged_previous_bundle_is_refused(pilot: Path, tmp_path: Path) -> None:
    archive = tmp_path / "archive"
    shutil.copytree(pilot / "2025" / "results", archive)
    (archive / "stars.json").write_text("{}", encoding="utf-8")
    path = pilot / "damaged.yml"
    shutil.copy(pilot / "2026.yml", path)
    change_file(path, id="damaged", previous=str(archive), output=str(tmp_path / "out"))
    with pytest.raises(BundleError, match=r"damaged bundle: stars\.json"):
        run_edition(path)


def test_editions_in_a_circle_are_refused(pilot: Path, tmp_path: Path) -> None:
    first, second = tmp_path / "a.yml", tmp_path / "b.yml"
    for path, other in ((first, second), (second, first)):
        shutil.copy(pilot / "2026.yml", path)
        change_file(path, previous=str(other))
    with pytest.raises(EditionError, match="comes before itself"):
        run_edition(first)


def test_the_file_of_a_previous_edition_that_is_not_there_is_named(
    pilot: Path, tmp_path: Path
) -> None:
    path = tmp_path / "e.yml"
    shutil.copy(pilot / "2026.yml", path)
    change_file(path, previous=str(tmp_path / "gone.yml"))
    with pytest.raises(EditionError, match=r"gone\.yml"):
        run_edition(path)
