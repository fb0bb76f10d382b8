"""Write folders aside, then put them in place of the former ones together.

Whatever fails while writing (a full disk, a kill, a fault in a document), the former folders stay
as they were. A rename cannot replace a folder that is not empty, so several renames are needed; if
the machine stops between them, :func:`recover_folders` brings all former folders back, or finishes
what was all but done. Which of the two is told by the first folder: it is moved away before all
others and comes back after them.
"""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

from clientindex.errors import BundleError
from clientindex.files import is_running

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path


@contextmanager
def write_folder_aside(target: Path) -> Iterator[Path]:
    """Give a fresh folder to write into; on success it becomes `target`.

    See :func:`write_folders_aside`.
    """
    with write_folders_aside(target) as (fresh,):
        yield fresh


@contextmanager
def write_folders_aside(*targets: Path) -> Iterator[tuple[Path, ...]]:
    """Give a fresh folder for each target; on success all become the targets, or none does.

    Parameters
    ----------
    *targets : Path
        Folders to be replaced; need not exist. The first is seen only when all are in place.

    Yields
    ------
    tuple of Path
        Empty folders on the same file systems, in the order of the targets.

    Raises
    ------
    BundleError
        If a folder cannot be made or written (no permission, disk full); all targets are unchanged.
    """
    named = targets[0]
    targets = tuple(target.resolve() for target in targets)
    fresh = [target.with_name(f".{target.name}-writing-{os.getpid()}") for target in targets]
    try:
        recover_folders(*targets)
        for folder in fresh:
            _make_empty(folder)
        yield tuple(fresh)
        _swap(fresh, targets)
    except OSError as exc:
        msg = (
            f"{named}: cannot be written ({exc.strerror or exc}). Free disk space or choose "
            "another 'output' in the edition; what was there before is untouched."
        )
        raise BundleError(msg) from exc
    finally:
        for folder in fresh:
            shutil.rmtree(folder, ignore_errors=True)


def recover_folders(*targets: Path) -> None:
    """Finish or undo a replacement that was interrupted, and clear what killed runs left.

    Parameters
    ----------
    *targets : Path
        As they were given to :func:`write_folders_aside`.

    Raises
    ------
    OSError
        A former folder cannot be moved back.
    """
    targets = tuple(target.resolve() for target in targets)
    is_finished = targets[0].exists()
    for target in reversed(targets):
        former = _former(target)
        if not former.exists():
            continue
        if not target.exists():
            former.rename(target)
        elif is_finished:
            shutil.rmtree(former, ignore_errors=True)
        else:
            _bring_back(former, target)
    for target in targets:
        for leftover in target.parent.glob(f".{target.name}-writing-*"):
            if not is_running(leftover.name.rsplit("-", 1)[-1]):
                shutil.rmtree(leftover, ignore_errors=True)


def _former(target: Path) -> Path:
    return target.with_name(f".{target.name}-former")


def _bring_back(former: Path, target: Path) -> None:
    """Take away what was put in place too early; it has the name of what a run left unfinished."""
    unfinished = target.with_name(f".{target.name}-writing-{os.getpid()}")
    shutil.rmtree(unfinished, ignore_errors=True)
    target.rename(unfinished)
    former.rename(target)
    shutil.rmtree(unfinished, ignore_errors=True)


def _make_empty(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)


def _swap(fresh: Sequence[Path], targets: Sequence[Path]) -> None:
    try:
        for target in targets:
            if target.exists():
                target.rename(_former(target))
        for folder, target in reversed(list(zip(fresh, targets, strict=True))):
            folder.rename(target)
    except BaseException:
        recover_folders(*targets)
        raise
    for target in reversed(targets):
        shutil.rmtree(_former(target), ignore_errors=True)
