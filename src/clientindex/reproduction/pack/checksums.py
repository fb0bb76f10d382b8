"""Checksums of files in the form that ``sha256sum -c`` reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.hashing import hash_file

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


def hash_files(folder: Path, names: Iterable[str]) -> dict[str, str]:
    """Return the SHA-256 of files by their names relative to a folder, sorted."""
    return {name: hash_file(folder / name) for name in sorted(names)}


def format_checksums(hashes: dict[str, str]) -> str:
    r"""Write one line a file.

    Examples
    --------
    >>> format_checksums({"a.csv": "0" * 64})[60:]
    '0000  a.csv\n'
    """
    return "".join(f"{sha256}  {name}\n" for name, sha256 in hashes.items())
