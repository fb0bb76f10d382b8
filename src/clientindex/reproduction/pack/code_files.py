"""Which files of the project a replication pack holds, with git and without."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Final

import clientindex
from clientindex.errors import ReproductionError

PARTS: Final = (
    ".gitignore",
    "CHANGELOG.md",
    "CITATION.cff",
    "LICENSE",
    "Makefile",
    "README.ru.md",
    "analysis",
    "data_processed/README.md",
    "data_raw/README.md",
    "docs",
    "environment.yml",
    "pyproject.toml",
    "requirements-spark.lock",
    "requirements.lock",
    "scripts",
    "src",
)
"""Files and folders of the project that go into a pack. Tests and benchmarks stay out: they need
reference data of their own and change no number. Settings and sources of documents are not among
them: they come with the edition, which may have others."""

PACKAGE: Final = "src/clientindex/"


def find_project() -> Path:
    """Return the folder of the project that this program runs from.

    Raises
    ------
    ReproductionError
        If the program was installed without its project.
    """
    root = Path(clientindex.__file__).resolve().parents[2]
    if not (root / "pyproject.toml").is_file() or not (root / "src").is_dir():
        msg = (
            f"{root}: the folder of the project is not there (expected pyproject.toml and src/). A "
            "pack holds the program as source: run the command from a copy of the project."
        )
        raise ReproductionError(msg)
    return root


def list_code_files(root: Path) -> list[str]:
    """Return the files that go into a pack, relative to the project, sorted.

    Those of :data:`PARTS` without what is hidden or made by Python; where git knows the project,
    those that it tracks, and all of the package itself, since all of it runs.
    """
    found = [path for part in PARTS for path in _walk(root, part)]
    tracked = _ask_git(root)
    if tracked is not None:
        found = [name for name in found if name in tracked or name.startswith(PACKAGE)]
    return sorted(set(found))


def _walk(root: Path, part: str) -> list[str]:
    path = root / part
    if path.is_file():
        return [part]
    return [
        file.relative_to(root).as_posix()
        for file in path.rglob("*")
        if file.is_file() and not _is_unwanted(file.relative_to(root))
    ]


def _is_unwanted(inner: Path) -> bool:
    """Return whether a file is no code; of the package all counts but what Python made."""
    if "__pycache__" in inner.parts:
        return True
    if inner.as_posix().startswith(PACKAGE):
        return False
    return any(part.startswith(".") or part.endswith(".egg-info") for part in inner.parts)


def _ask_git(root: Path) -> set[str] | None:
    """Return what git tracks in the project, None where the project is not its own repository."""
    if not (root / ".git").exists():
        return None
    try:
        done = subprocess.run(
            ["git", "-C", str(root), "ls-files", "-z"], capture_output=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    return set(done.stdout.decode("utf-8").split("\0")) - {""}
