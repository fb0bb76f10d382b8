"""Hash files and settings, so that equal inputs can be told from changed ones."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def hash_file(path: Path) -> str:
    """Return the SHA-256 of a file as 64 hexadecimal digits, reading it in pieces.

    Raises
    ------
    OSError
        If the file cannot be read.

    Examples
    --------
    >>> from pathlib import Path
    >>> hash_file(Path("/dev/null"))[:8]
    'e3b0c442'
    """
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def hash_if_there(path: Path) -> str:
    """Return the SHA-256 of a file, "" where it cannot be read."""
    try:
        return hash_file(path)
    except OSError:
        return ""


def hash_mapping(values: Mapping[str, object]) -> str:
    """Return the SHA-256 of nested keys and values, whatever the order of the keys."""
    return hashlib.sha256(repr(_ordered(values)).encode()).hexdigest()


def _ordered(value: object) -> object:
    if isinstance(value, dict):
        return tuple((key, _ordered(value[key])) for key in sorted(value))
    if isinstance(value, (list, tuple)):
        return tuple(_ordered(item) for item in value)
    return value
