"""A small edition of the demo with short documents, published for tests of reproduction."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from clientindex.edition import load_edition
from clientindex.pipeline.publish import publish_edition
from clientindex.pipeline.run import run_edition
from clientindex.simulate import simulate_edition, write_pilot

ROOT = Path(__file__).parents[1]
SIZES = {"centres": 60, "citizens": 2400, "employers": 900}
FIRST_PARTS, LAST_PARTS = "{#sec-doubt}", "{#sources "
REST = "{#app-audit "


def place_small_edition(folder: Path, **changes: Any) -> Path:
    """Write a small edition with its data, methodology and sources; return its file.

    Only the rating is computed, and the report ends after its first chapters.
    """
    shutil.copytree(ROOT / "methodology", folder / "methodology")
    shutil.copytree(ROOT / "reports", folder / "reports")
    for language in ("ru", "en"):
        shorten(folder / "reports" / f"rating.{language}.qmd")
    yaml = YAML()
    content = yaml.load((ROOT / "editions" / "demo.yml").read_text(encoding="utf-8"))
    content["simulation"] |= SIZES
    for name in ("previous", "renamed"):
        del content[name]
    content |= {"stages": ["rating"], "documents": ["rating"], **changes}
    path = folder / "editions" / "demo.yml"
    path.parent.mkdir()
    with path.open("w", encoding="utf-8") as stream:
        yaml.dump(content, stream)
    edition = load_edition(path)
    write_pilot(simulate_edition(edition), edition)
    return path


def shorten(source: Path) -> None:
    """Leave the first chapters of a report and its list of sources."""
    lines = source.read_text(encoding="utf-8").splitlines(keepends=True)
    first, last, end = (find(lines, mark) for mark in (FIRST_PARTS, LAST_PARTS, REST))
    source.write_text("".join([*lines[:first], *lines[last:end]]), encoding="utf-8")


def find(lines: list[str], mark: str) -> int:
    return next(at for at, line in enumerate(lines) if mark in line)


def publish(path: Path) -> Path:
    """Compute and publish an edition; return its output folder."""
    edition = run_edition(path).edition
    publish_edition(edition, renderer="embedded")
    return edition.output
