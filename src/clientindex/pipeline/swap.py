"""Write a folder aside, then put it in place of the former one in one step.

Whatever fails while writing (a full disk, a kill, a fault in a document), the former folder stays
as it was. Two renames are needed because a rename cannot replace a folder that is not empty; if the
machine stops between them, :func:`recover_folder` brings the former folder back.
"""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

from clientindex.errors import BundleError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def write_folder_aside(target: Path) -> Iterator[Path]:
    """Give a fresh folder to write into; on success it becomes `target`.

    Parameters
    ----------
    target : Path
        Folder to be replaced; need not exist.

    Yields
    ------
    Path
        An empty folder on the same file system.

    Raises
    ------
    BundleError
        If the folder cannot be made or written (no permission, disk full); `target` is unchanged.
    """
    recover_folder(target)
    target = target.resolve()
    fresh = target.with_name(f".{target.name}-writing-{os.getpid()}")
    try:
        _make_empty(fresh)
        yield fresh
        _swap(fresh, target)
    except OSError as exc:
        msg = (
            f"{target}: cannot be written ({exc.strerror or exc}). Free disk space or choose "
            "another 'output' in the edition; what was there before is untouched."
        )
        raise BundleError(msg) from exc
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def recover_folder(target: Path) -> None:
    """Finish or undo a replacement that was interrupted, and clear what killed runs left."""
    target = target.resolve()
    if not target.parent.is_dir():
        return
    former = _former(target)
    if former.exists():
        if target.exists():
            shutil.rmtree(former, ignore_errors=True)
        else:
            former.rename(target)
    for leftover in target.parent.glob(f".{target.name}-writing-*"):
        if not _is_running(leftover.name.rsplit("-", 1)[-1]):
            shutil.rmtree(leftover, ignore_errors=True)


def _former(target: Path) -> Path:
    return target.with_name(f".{target.name}-former")


def _is_running(pid: str) -> bool:
    try:
        os.kill(int(pid), 0)
    except (ProcessLookupError, ValueError):
        return False
    except PermissionError:
        return True
    return True


def _make_empty(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)


def _swap(fresh: Path, target: Path) -> None:
    former = _former(target)
    if target.exists():
        target.rename(former)
    try:
        fresh.rename(target)
    except OSError:
        if former.exists():
            former.rename(target)
        raise
    shutil.rmtree(former, ignore_errors=True)
