"""Files that others see whole, and text in them that no spreadsheet program runs."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import Final

FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")
"""First characters that make spreadsheet programs run a cell instead of showing it."""
WRITING: Final = ".writing-"
"""What is being written has this name, the number of its process, and some letters."""


def write_whole(content: bytes, target: Path) -> None:
    """Write a file aside and rename it, so that others see all of it or the former one.

    A kill leaves the file aside; :func:`clear_unfinished` deletes it.

    Raises
    ------
    OSError
        The folder cannot be written, or the disk is full; a former file stays.
    """
    handle, name = tempfile.mkstemp(prefix=f"{WRITING}{os.getpid()}-", dir=target.parent)
    aside = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
        aside.chmod(0o644)
        aside.replace(target)
    except BaseException:
        aside.unlink(missing_ok=True)
        raise


def clear_unfinished(folder: Path, *, prefix: str = WRITING) -> None:
    """Delete what processes that have ended left unfinished in a folder, which need not exist.

    Parameters
    ----------
    folder : Path
    prefix : str
        Names of unfinished files and folders begin with it, then comes the number of the process.
    """
    for path in folder.glob(f"{prefix}*"):
        if is_running(path.name.removeprefix(prefix).split("-")[0]):
            continue
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def is_running(pid: str) -> bool:
    """Return whether a process of this number runs; what is no number is none."""
    try:
        os.kill(int(pid), 0)
    except (ProcessLookupError, ValueError, OverflowError):
        return False
    except PermissionError:
        return True
    return True


def neutralise(text: str) -> str:
    """Put an apostrophe before text that a spreadsheet program would run as a formula.

    Examples
    --------
    >>> neutralise("=1+1"), neutralise("6")
    ("'=1+1", '6')
    """
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text
