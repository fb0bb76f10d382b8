"""A small published edition in a folder of its own, its documents made up, and a small project."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from clientindex.edition import load_edition
from clientindex.pipeline.fingerprint import hash_code, hash_reports
from clientindex.pipeline.publish import fingerprint_publication
from clientindex.pipeline.run import run_edition
from clientindex.reproduction.record import (
    PublicationRecord,
    hash_published,
    write_record,
)
from clientindex.results import load_bundle
from clientindex.simulate import simulate_edition, write_pilot

ROOT = Path(__file__).parents[1]
RENDERER = "embedded (Pandoc 3.9, typst 0.15.2)"
SOURCE = '```{python}\n#| output: asis\ndoc.show("table.stars", "figure.star_bands")\n```\n'
SMALL = {"centres": 60, "citizens": 900, "employers": 400}
SMALL_BEFORE = {"citizens": 900, "employers": 500, "new": 1, "closed": 1, "improved": 2}


def change_settings(path: Path, **changes: Any) -> None:
    """Change keys of a settings file; a mapping is merged into the one there."""
    yaml = YAML()
    content = yaml.load(path.read_text(encoding="utf-8"))
    for key, change in changes.items():
        merged = {**content[key], **change} if isinstance(change, dict) else change
        content[key] = merged
    with path.open("w", encoding="utf-8") as stream:
        yaml.dump(content, stream)


def copy_small_demo(folder: Path) -> Path:
    """Write the demo edition and the year before, made small, with their data; return its file."""
    for name in ("editions", "methodology"):
        shutil.copytree(ROOT / name, folder / name)
    (folder / "reports").mkdir()
    for language in ("ru", "en"):
        (folder / "reports" / f"rating.{language}.qmd").write_text(SOURCE, encoding="utf-8")
    edition = folder / "editions" / "demo.yml"
    before = edition.with_name("demo-2025.yml")
    change_settings(edition, simulation=SMALL, stages=["rating"], documents=["rating"])
    change_settings(before, simulation=earlier(before), documents=["rating"])
    for path in (edition, before):
        loaded = load_edition(path)
        write_pilot(simulate_edition(loaded), loaded)
    return edition


def earlier(path: Path) -> dict[str, Any]:
    """Return a simulation of the year before with fewer answers and fewer changes."""
    settings = YAML().load(path.read_text(encoding="utf-8"))["simulation"]
    changes = {key: SMALL_BEFORE[key] for key in ("new", "closed", "improved")}
    sizes = {key: SMALL_BEFORE[key] for key in ("citizens", "employers")}
    return {**sizes, "earlier_than": {**settings["earlier_than"], **changes}}


def publish_made_up(path: Path) -> None:
    """Compute an edition, and write documents and tables that no renderer made."""
    run_edition(path)
    edition = load_edition(path)
    for name in ("documents/rating.ru.html", "tables/csv/ru/stars.csv"):
        (edition.output / name).parent.mkdir(parents=True, exist_ok=True)
        (edition.output / name).write_text(f"made up: {name}\n", encoding="utf-8")
    record = PublicationRecord(
        fingerprint=fingerprint_publication(edition, renderer=RENDERER),
        renderer=RENDERER,
        presentation_sha256=hash_code(presentation=True),
        sources=hash_reports(edition.reports),
        packages={"typst": "0.15.2"},
        results=load_bundle(edition.results_dir).manifest.made_from,
        files=hash_published(edition.documents_dir, edition.tables_dir),
    )
    write_record(record, edition.documents_dir)


def make_project(folder: Path) -> Path:
    """Write a project of a few files, with some that no pack may hold."""
    shutil.copy(ROOT / "CITATION.cff", folder)
    for name in (
        "Makefile",
        "src/clientindex/__init__.py",
        "src/clientindex/__pycache__/x.pyc",
        "src/clientindex.egg-info/PKG-INFO",
        "docs/map.md",
        "docs/.draft.md",
        "scripts/run.sh",
        "tests/test_x.py",
        "secrets.txt",
    ):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(f"{name}\n", encoding="utf-8")
    return folder
