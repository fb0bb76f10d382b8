"""An edition named by its file, or by the folder of its results."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

EDITION_ENDINGS: Final = (".yml", ".yaml")


def is_edition_file(path: Path) -> bool:
    """Return whether an edition is named by its file, not by its results."""
    return path.suffix.lower() in EDITION_ENDINGS
