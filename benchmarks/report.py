"""Write docs/benchmarks.md and its figures from benchmarks/results/, without measuring anything.

Run: ``python benchmarks/report.py``
"""

from __future__ import annotations

from pathlib import Path

from frame.page import build_page, draw_figures
from frame.rows import read_results

ROOT = Path(__file__).parents[1]
RESULTS, PAGE = ROOT / "benchmarks" / "results", ROOT / "docs" / "benchmarks.md"
FIGURES = "benchmarks"
"""Folder beside the page."""

ORDER = (
    "counts",
    "streaming",
    "rating",
    "reliability",
    "factors",
    "agreement",
    "sensitivity",
    "whole",
)


def load_areas(folder=RESULTS):
    """Return the stored results in the order of the page."""
    paths = [folder / f"{key}.json" for key in ORDER]
    return [read_results(path) for path in paths if path.exists()]


def build_files(areas):
    """Return the content of every file by its path from docs/."""
    drawn = draw_figures(areas)
    paths = {key: f"{FIGURES}/{key[0]}-{key[1]}.svg" for key in drawn}
    files = {paths[key]: svg for key, svg in drawn.items()}
    return {PAGE.name: build_page(areas, figures=paths).encode()} | files


def write_report(areas, folder=PAGE.parent):
    """Write all files, and take away figures that no longer belong to any quantity."""
    files = build_files(areas)
    (folder / FIGURES).mkdir(parents=True, exist_ok=True)
    for path in (folder / FIGURES).glob("*.svg"):
        if f"{FIGURES}/{path.name}" not in files:
            path.unlink()
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return [folder / name for name in files]


def main():
    for path in write_report(load_areas()):
        print(path.relative_to(ROOT))


if __name__ == "__main__":
    main()
