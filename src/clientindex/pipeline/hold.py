"""One run at a time in an output folder, and only in a folder that is the edition's own.

Two runs that replace the same folders at once, or two editions that name the same output, would
destroy each other's results.
"""

from __future__ import annotations

import fcntl
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from clientindex.errors import BundleError
from clientindex.pipeline.swap import recover_folders
from clientindex.results.manifest import MANIFEST_NAME, load_manifest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from clientindex.edition import Edition

HOLD_NAME = ".clientindex-run"
"""File in the output folder that a run locks. It stays, as a sign that the folder is ours; the lock
ends with the process, however that ends."""


@contextmanager
def hold_output(edition: Edition) -> Iterator[None]:
    """Keep other runs out of the edition's output folder until the context ends.

    What an interrupted run left there is finished or undone first.

    Parameters
    ----------
    edition : Edition
        Its output folder is made when absent.

    Raises
    ------
    BundleError
        If another run is at work there, if the folder cannot be written, or if it holds what
        another edition, or nobody known, has put there. Nothing is changed then.
    """
    try:
        _refuse_strange(edition)
        edition.output.mkdir(parents=True, exist_ok=True)
        handle = os.open(edition.output / HOLD_NAME, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as exc:
        raise _describe_refusal(edition, exc) from exc
    try:
        _lock(handle, edition)
        _recover(edition)
        _refuse_other_edition(edition)
        yield
    finally:
        os.close(handle)


def _recover(edition: Edition) -> None:
    try:
        recover_folders(edition.results_dir)
        recover_folders(edition.documents_dir, edition.tables_dir)
    except OSError as exc:
        raise _describe_refusal(edition, exc) from exc


def _describe_refusal(edition: Edition, exc: OSError) -> BundleError:
    is_file = edition.output.exists() and not edition.output.is_dir()
    reason = "it is a file, not a folder" if is_file else exc.strerror or exc
    return BundleError(
        f"{edition.output}: cannot be written ({reason}). Make it writable, or choose another "
        "'output' in the edition; nothing was changed."
    )


def _lock(handle: int, edition: Edition) -> None:
    """Take the lock, and leave the number of this process for those who come too late."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.ftruncate(handle, 0)
        os.pwrite(handle, str(os.getpid()).encode("ascii"), 0)
    except BlockingIOError:
        holder = os.pread(handle, 20, 0).decode("ascii", "replace") or "of unknown number"
        msg = (
            f"{edition.output}: another run is at work there (process {holder}). Wait until it "
            "ends and try again; nothing was changed."
        )
        raise BundleError(msg) from None
    except OSError as exc:
        raise _describe_refusal(edition, exc) from exc


def _refuse_strange(edition: Edition) -> None:
    """Refuse to replace files, and folders that no run of this program has filled."""
    folders = (edition.results_dir, edition.documents_dir, edition.tables_dir)
    for folder in folders:
        if folder.exists() and not folder.is_dir():
            msg = f"{folder}: cannot be written (it is a file). Move it away; nothing was changed."
            raise BundleError(msg)
    if _is_ours(edition):
        return
    strange = [folder for folder in folders if folder.is_dir() and any(folder.iterdir())]
    if strange:
        msg = (
            f"{strange[0]}: the folder would be replaced, but this program has not made it. Move "
            "it away, or choose another 'output' in the edition; nothing was changed."
        )
        raise BundleError(msg)


def _is_ours(edition: Edition) -> bool:
    held = (edition.output / HOLD_NAME).is_file()
    return held or (edition.results_dir / MANIFEST_NAME).is_file()


def _refuse_other_edition(edition: Edition) -> None:
    try:
        owner = load_manifest(edition.results_dir).edition_id
    except BundleError:
        return
    if owner != edition.id:
        msg = (
            f"{edition.output}: holds the results of the edition {owner!r}. Give {edition.id!r} an "
            "'output' of its own, or move that folder away; nothing was changed."
        )
        raise BundleError(msg)
