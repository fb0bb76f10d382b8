"""Fonts for signs that those of typst lack, such as Hebrew, Arabic and faces."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path


def find_fonts() -> list[str]:
    """Return the folder of the fonts of matplotlib, without importing it.

    Returns
    -------
    list[str]
        Empty where there is none. Fonts of the machine are never used, so that equal pages are
        equal bytes everywhere.
    """
    spec = find_spec("matplotlib")
    if spec is None or spec.origin is None:
        return []
    folder = Path(spec.origin).parent / "mpl-data" / "fonts" / "ttf"
    return [str(folder)] if folder.is_dir() else []
