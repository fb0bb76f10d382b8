"""One fault of a settings file, in words."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

Location = tuple[str | int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingFault:
    """One fault of a settings file.

    Attributes
    ----------
    location : tuple of str or int
        Key path from the top of the file; list positions count from 0.
    read : str
        What stands in the file.
    allowed : str
        What may stand there.
    nearest : str or None
        The valid key closest in spelling, when there is one.
    line : int or None
        Line in the file, counted from 1.
    """

    location: Location
    read: str
    allowed: str
    nearest: str | None = None
    line: int | None = None

    def to_text(self, path: Path) -> str:
        """Return the fault as one sentence for people."""
        where = f"{path}, line {self.line}" if self.line is not None else str(path)
        hint = f"; did you mean {self.nearest!r}?" if self.nearest else ""
        return f"{where}: {format_location(self.location)}: read {self.read}; {self.allowed}{hint}"


def format_location(location: Location) -> str:
    """Return a key path as people write it, e.g. ``groups[0].weight``."""
    text = ""
    for part in location:
        text += f"[{part}]" if isinstance(part, int) else f"{'.' if text else ''}{part}"
    return text or "(whole file)"


def find_nearest(word: str, candidates: Iterable[str]) -> str | None:
    """Return the candidate closest in spelling to `word`, or None when none is close."""
    matches = difflib.get_close_matches(word, list(candidates), n=1, cutoff=0.6)
    return matches[0] if matches else None
