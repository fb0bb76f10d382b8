"""Several files that change together or not at all, whenever the program is stopped."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from clientindex.errors import ReproductionError
from clientindex.files import write_whole

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def write_together(contents: Mapping[Path, bytes], *, journal: Path) -> None:
    """Write files, all or none.

    Parameters
    ----------
    contents : mapping
        File below the folder of the journal -> what it will hold.
    journal : Path
        Keeps what the files held until all are written; must not exist.

    Raises
    ------
    ReproductionError
        A file cannot be written; all hold what they held.
    """
    try:
        journal.parent.mkdir(parents=True, exist_ok=True)
        write_whole(_remember(contents, journal.parent), journal)
        for path, content in contents.items():
            write_whole(content, path)
    except BaseException as exc:
        recover(journal)
        if isinstance(exc, OSError):
            msg = (
                f"{exc.filename or journal}: cannot be written ({exc.strerror or exc}). Free disk "
                "space or make it writable; nothing was changed."
            )
            raise ReproductionError(msg) from exc
        raise
    journal.unlink()


def recover(journal: Path) -> bool:
    """Give files what they held before a writing that was stopped; return whether one was."""
    try:
        former = json.loads(journal.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return False
    for name, text in former.items():
        path = journal.parent / name
        if text is None:
            path.unlink(missing_ok=True)
        else:
            write_whole(text.encode(), path)
    journal.unlink()
    return True


def _remember(contents: Mapping[Path, bytes], root: Path) -> bytes:
    journal = {
        path.relative_to(root).as_posix(): path.read_text(encoding="utf-8")
        if path.exists()
        else None
        for path in contents
    }
    return json.dumps(journal, ensure_ascii=False).encode()
