"""What the checks read of a repository, each file once."""

from __future__ import annotations

import ast
import subprocess
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from clientindex.reproduction.pack.crate import CRATE_NAME

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PACK_WITHOUT_TESTS: Final = "a replication pack brings no tests: see the repository that it is from"

_NOT_OURS: Final = {
    ".git",
    ".hypothesis",
    ".ipynb_checkpoints",
    ".mypy_cache",
    ".pytest_cache",
    ".ruff_cache",
    ".venv",
    "__pycache__",
    "build",
    "data_processed",
    "data_raw",
    "dist",
}
"""Folders that hold no source, where no list of tracked files says which files do."""


@dataclass(frozen=True, slots=True)
class Repository:
    """A checkout, or an unpacked replication pack.

    Attributes
    ----------
    root : Path
        The folder with the Makefile.
    """

    root: Path
    _texts: dict[Path, str] = field(default_factory=dict, repr=False)
    _tracked: list[tuple[Path, ...]] = field(default_factory=list, repr=False)

    def read(self, name: str) -> str:
        """Return the text of a file; nothing when it is absent or no text."""
        return self.read_path(self.root / name)

    def read_path(self, path: Path) -> str:
        """Return the text of a file; nothing when it is absent or no text."""
        if path not in self._texts:
            try:
                content = path.read_bytes()
            except OSError:
                content = b""
            text = "" if b"\0" in content else content.decode("utf-8", errors="replace")
            self._texts[path] = text
        return self._texts[path]

    def parse(self, path: Path) -> ast.Module:
        """Return the syntax tree of a module; an empty one where it cannot be parsed."""
        try:
            return ast.parse(self.read_path(path))
        except SyntaxError:
            return ast.Module(body=[], type_ignores=[])

    def list_files(self, folder: str, pattern: str) -> list[Path]:
        """Return the files below a folder that fit a pattern, sorted."""
        found = (self.root / folder).rglob(pattern)
        return sorted(path for path in found if path.is_file() and not self._is_foreign(path))

    @property
    def package(self) -> list[Path]:
        """The modules of the package."""
        return self.list_files("src/clientindex", "*.py")

    @property
    def tests(self) -> list[Path]:
        """The modules of the tests."""
        return self.list_files("tests", "*.py")

    def name(self, path: Path) -> str:
        """Return a path as it is told."""
        return path.relative_to(self.root).as_posix()

    @property
    def is_pack(self) -> bool:
        """Whether this is an unpacked replication pack, which brings no tests and no history."""
        return (self.root / CRATE_NAME).is_file() and not (self.root / ".git").exists()

    def git(self, *words: str) -> str | None:
        """Return what a command of git says; None outside of a checkout or when it fails."""
        if not (self.root / ".git").exists():
            return None
        command = ["git", "-C", str(self.root), *words]
        try:
            return subprocess.run(command, capture_output=True, check=True, text=True).stdout
        except (OSError, subprocess.CalledProcessError):
            return None

    @property
    def tracked(self) -> tuple[Path, ...]:
        """The files under version control; without it all files but data, caches and .venv."""
        if not self._tracked:
            listed = self.git("ls-files", "-z")
            names = self._walk() if listed is None else (self.root / n for n in listed.split("\0"))
            self._tracked.append(tuple(sorted(path for path in names if path.is_file())))
        return self._tracked[0]

    def _walk(self) -> Iterator[Path]:
        for path in self.root.rglob("*"):
            if not self._is_foreign(path):
                yield path

    def _is_foreign(self, path: Path) -> bool:
        parts = path.relative_to(self.root).parts
        return any(part in _NOT_OURS or part.endswith(".egg-info") for part in parts)
