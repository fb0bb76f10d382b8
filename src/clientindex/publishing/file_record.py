"""Which of many files are there and what they were made from; kept beside them as a file."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from clientindex.files import clear_unfinished, write_whole
from clientindex.hashing import hash_file

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

SCHEMA: Final = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class FilesMade:
    """What a run did.

    Attributes
    ----------
    folder : Path
    written, kept : int
        Pages or reports that it made, and that it found there.
    deleted : int
        Files of units that are gone.
    """

    folder: Path
    written: int
    kept: int
    deleted: int


@dataclass(slots=True, kw_only=True)
class FileRecord:
    """The files of a folder, in folders by language.

    Written whenever some are made, so that a run that is stopped loses at most those at work.

    Attributes
    ----------
    folder : Path
    name : str
        Of the file that keeps the record.
    files : dict
        Path below the folder -> ``made_from`` (hash of all that can change the file) and ``sha256``
        of the file.
    """

    folder: Path
    name: str
    files: dict[str, dict[str, str]] = field(default_factory=dict)

    @classmethod
    def load(cls, folder: Path, name: str) -> FileRecord:
        """Read the record of a folder; one that is absent or damaged knows no file.

        What killed processes left half-written in the folder and below is deleted.
        """
        for place in (folder, *(path for path in folder.glob("*") if path.is_dir())):
            clear_unfinished(place)
        try:
            read = json.loads((folder / name).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return cls(folder=folder, name=name)
        return cls(folder=folder, name=name, files=_check(read))

    def holds(self, name: str, *, made_from: str) -> bool:
        """Return whether a file is there as it was written, made from the same."""
        known = self.files.get(name)
        if known is None or known["made_from"] != made_from:
            return False
        return self._is_as_written(name)

    def add(self, made: dict[str, str], *, made_from: str) -> None:
        """Note files by their hashes, and save."""
        self.files |= {
            name: {"made_from": made_from, "sha256": sha256} for name, sha256 in made.items()
        }
        self._save()

    def drop_others(self, kept: Collection[str], *, languages: Collection[str]) -> int:
        """Delete files of these languages that are not among those kept; return how many.

        Only what a record names and nobody changed since is deleted.
        """
        gone = [name for name in self.files if name not in kept and name.split("/")[0] in languages]
        deleted = 0
        for name in gone:
            if self._is_as_written(name):
                (self.folder / name).unlink()
                deleted += 1
            del self.files[name]
        if gone:
            self._save()
        return deleted

    def _is_as_written(self, name: str) -> bool:
        try:
            return hash_file(self.folder / name) == self.files[name]["sha256"]
        except OSError:
            return False

    def _save(self) -> None:
        content = {"schema": SCHEMA, "files": dict(sorted(self.files.items()))}
        text = json.dumps(content, ensure_ascii=False, indent=1)
        write_whole(f"{text}\n".encode(), self.folder / self.name)


def _check(read: Any) -> dict[str, dict[str, str]]:
    """Return the files of a record, of which only well-formed ones are believed."""
    if not isinstance(read, dict) or read.get("schema") != SCHEMA:
        return {}
    files = read.get("files")
    if not isinstance(files, dict):
        return {}
    return {
        name: {"made_from": known["made_from"], "sha256": known["sha256"]}
        for name, known in files.items()
        if isinstance(known, dict) and {"made_from", "sha256"} <= known.keys() and _is_below(name)
    }


def _is_below(name: str) -> bool:
    parts = name.split("/")
    return len(parts) == 2 and not {"", ".", ".."} & set(parts)
