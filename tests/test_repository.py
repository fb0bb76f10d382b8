"""Rules for every tracked file: no machine paths, no registry hosts, no notebook outputs."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest

from clientindex.reproduction.rap.tidy import (
    MACHINE_PATH,
    REGISTRIES,
    REGISTRY_HOST,
    find_lines,
    find_notebook_outputs,
)

ROOT = Path(__file__).parents[1]

EXEMPT = {Path(__file__).name}
"""This file holds the bad examples."""


def list_tracked_files() -> list[Path]:
    """Return the tracked files; skip the test outside of a git checkout."""
    try:
        done = subprocess.run(
            ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True
        )
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("not a git checkout: there is no list of tracked files")
    paths = [ROOT / name for name in done.stdout.split("\0") if name]
    return [path for path in paths if path.is_file() and path.name not in EXEMPT]


def read_text(path: Path) -> str:
    """Return the text of a file, or nothing when it is not text."""
    content = path.read_bytes()
    return "" if b"\0" in content else content.decode("utf-8", errors="replace")


def find_dead_links(text: str, folder: Path) -> list[str]:
    """Return the relative links of a Markdown page that lead nowhere."""
    targets = re.findall(r"\]\(([^)#\s]+)", text)
    return [t for t in targets if "://" not in t and not (folder / t).exists()]


def find_unknown_targets(text: str, makefile: str) -> set[str]:
    """Return the make targets that a page names in code and the Makefile does not have."""
    named = set(re.findall(r"(?:`|^)make ([a-z-]+)", text, flags=re.MULTILINE))
    return named - set(re.findall(r"^([a-z-]+):", makefile, flags=re.MULTILINE))


@pytest.mark.parametrize("pattern", [MACHINE_PATH, REGISTRY_HOST], ids=["path", "host"])
def test_tracked_files_hold_no_machine_path_and_no_registry_host(
    pattern: re.Pattern[str],
) -> None:
    tracked = list_tracked_files()
    assert tracked
    found = {
        str(path.relative_to(ROOT)): lines
        for path in tracked
        if (lines := find_lines(pattern, read_text(path)))
    }
    assert not found


def test_notebooks_have_no_outputs() -> None:
    notebooks = [path for path in list_tracked_files() if path.suffix == ".ipynb"]
    found = {
        path.name: cells
        for path in notebooks
        if (cells := find_notebook_outputs(path.read_text(encoding="utf-8")))
    }
    assert not found


def test_only_explanations_are_tracked_among_the_data() -> None:
    data = [
        path.relative_to(ROOT).as_posix()
        for path in list_tracked_files()
        if path.relative_to(ROOT).parts[0] in {"data_raw", "data_processed"}
    ]
    assert set(data) <= {"data_raw/README.md", "data_processed/README.md"}


@pytest.mark.parametrize(
    "page",
    ["README.md", "README.ru.md", "docs/ARCHITECTURE.md", "data_processed/README.md"],
)
def test_what_a_page_refers_to_exists(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    assert find_dead_links(text, (ROOT / page).parent) == []
    assert find_unknown_targets(text, (ROOT / "Makefile").read_text(encoding="utf-8")) == set()


def test_a_dead_link_and_an_unknown_command_are_found(tmp_path: Path) -> None:
    (tmp_path / "there.md").touch()
    text = "[a](there.md) [b](gone.md#x) [c](https://x.org)\n`make tset` `make test`\nmake all"
    assert find_dead_links(text, tmp_path) == ["gone.md"]
    assert find_unknown_targets(text, "test: x\n\tdo\n") == {"tset", "all"}


@pytest.mark.parametrize(
    "line",
    ["/home/anna/data.csv", 'path = "/root/x"', "cd /work/x", "see /Users/anna", r"C:\Users\a"],
)
def test_a_machine_path_is_found(line: str) -> None:
    assert find_lines(MACHINE_PATH, f"first\n{line}") == [2]


@pytest.mark.parametrize("line", ["docs/home/page", "${root}/work/x", "~/work/x", "a/root/b"])
def test_a_relative_path_is_not_a_machine_path(line: str) -> None:
    assert find_lines(MACHINE_PATH, line) == []


@pytest.mark.parametrize(
    "line",
    [
        *(f"https://files.{'.'.join(parts)}/x" for parts in REGISTRIES),
        "--extra-index-url https://mirror.example/simple/ ",
    ],
)
def test_a_registry_host_is_found(line: str) -> None:
    assert find_lines(REGISTRY_HOST, line) == [1]


def test_a_notebook_with_outputs_is_found() -> None:
    clean = {"cell_type": "code", "outputs": [], "execution_count": None}
    text = json.dumps(
        {
            "cells": [
                {"cell_type": "markdown"},
                clean,
                clean | {"outputs": [{"output_type": "stream"}]},
                clean | {"execution_count": 3},
            ]
        }
    )
    assert find_notebook_outputs(text) == [2, 3]
