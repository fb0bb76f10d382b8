"""What the changelog says of changes that can alter published numbers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from clientindex.errors import ReproductionError

if TYPE_CHECKING:
    from pathlib import Path

CHANGELOG_NAME: Final = "CHANGELOG.md"
MARK: Final = "**numbers**"
_NONE: Final = re.compile(re.escape(MARK) + r":\s+none\b")
_VERSION: Final = re.compile(r"^## \[([^\]]+)\]", re.MULTILINE)


def list_number_changes(path: Path, *, since: str) -> tuple[str, ...]:
    """Return the entries that say which numbers they changed, after a version was released.

    Parameters
    ----------
    path : Path
        A changelog in the form of Keep a Changelog; an entry that alters numbers has the mark
        ``**numbers**``, and one that says ``**numbers**: none`` alters none.
    since : str
        Version that numbers were published with; its own section and older ones are not listed. A
        version that has no section is not released yet: all sections are listed.

    Returns
    -------
    tuple of str
        Each in one line, the newest first.

    Raises
    ------
    ReproductionError
        The file cannot be read.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, ValueError) as exc:
        msg = f"{path}: the changelog cannot be read ({exc})."
        raise ReproductionError(msg) from exc
    head, *sections = _VERSION.split(text)
    del head
    listed: list[str] = []
    for version, section in zip(sections[::2], sections[1::2], strict=True):
        if version == since:
            break
        listed += _list_entries(section)
    return tuple(entry for entry in listed if MARK in entry and not _NONE.search(entry))


def _list_entries(section: str) -> list[str]:
    pieces = re.split(r"^- ", section, flags=re.MULTILINE)[1:]
    return [" ".join(re.split(r"\n(?:\s*\n|#)", piece)[0].split()) for piece in pieces]
