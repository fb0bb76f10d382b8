"""Files that others see whole, and text in them that no spreadsheet program runs."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Final

FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")
"""First characters that make spreadsheet programs run a cell instead of showing it."""


def write_whole(content: bytes, target: Path) -> None:
    """Write a file aside and rename it, so that others see all of it or the former one.

    Raises
    ------
    OSError
        The folder cannot be written, or the disk is full; a former file stays.
    """
    handle, name = tempfile.mkstemp(prefix=".writing-", dir=target.parent)
    aside = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
        aside.chmod(0o644)
        aside.replace(target)
    except BaseException:
        aside.unlink(missing_ok=True)
        raise


def neutralise(text: str) -> str:
    """Put an apostrophe before text that a spreadsheet program would run as a formula.

    Examples
    --------
    >>> neutralise("=1+1"), neutralise("6")
    ("'=1+1", '6')
    """
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text
