"""Refuse to compute a published edition that was changed without a note of revision."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.errors import EditionError
from clientindex.reproduction.edition_lock import load_lock, name_lock
from clientindex.reproduction.locked_state import find_changes, read_state

if TYPE_CHECKING:
    from pathlib import Path

    from clientindex.edition import Edition
    from clientindex.reproduction.edition_lock import EditionLock
    from clientindex.reproduction.locked_state import LockDifference

MOST_TOLD = 12
"""Differences that an error lists one by one."""


def check_locked(path: Path, edition: Edition) -> EditionLock | None:
    """Check that an edition is as it was locked, or says why it is not.

    Parameters
    ----------
    path : Path
        The edition file.
    edition : Edition
        Loaded from it.

    Returns
    -------
    EditionLock or None
        None where the edition is not locked.

    Raises
    ------
    EditionError
        If the lock is damaged or foreign, if notes of revisions do not go on from it, or if
        settings, methodology or inputs differ from the lock and no new note says why.
    """
    lock_path = name_lock(path, edition)
    lock = load_lock(lock_path, edition=edition.id)
    if lock is None:
        _refuse_notes(path, edition, lock_path)
        return None
    if check_notes(path, edition, lock):
        return lock
    changes = find_changes(lock, read_state(edition))
    if changes:
        raise EditionError(_tell_changes(path, lock, changes))
    return lock


def _refuse_notes(path: Path, edition: Edition, lock_path: Path) -> None:
    if edition.revisions:
        msg = (
            f"{path}: revisions: {len(edition.revisions)} noted, but the edition is not locked "
            f"({lock_path.name} is absent), so nobody knows what was published. Bring the lock "
            "back, for example from version control, or remove the notes."
        )
        raise EditionError(msg)


def check_notes(path: Path, edition: Edition, lock: EditionLock) -> bool:
    """Return whether there is a note that the lock does not know.

    Raises
    ------
    EditionError
        If notes are missing, or if there are more than one new.
    """
    found, known = len(edition.revisions), lock.revision
    if found < known:
        msg = (
            f"{path}: revisions: {found} noted, but revision {known} is locked. Notes of "
            "published revisions stay; bring them back."
        )
        raise EditionError(msg)
    if found > known + 1:
        msg = (
            f"{path}: revisions: {found} noted, but the last locked revision is {known}, so there "
            f"may be at most {known + 1}. Write one note for all that changed since, or lock each "
            "revision once it is published (clientindex edition lock)."
        )
        raise EditionError(msg)
    return found == known + 1


def _tell_changes(path: Path, lock: EditionLock, changes: list[LockDifference]) -> str:
    lines = [f"  - {change}" for change in changes[:MOST_TOLD]]
    more = len(changes) - len(lines)
    lines += [f"  - and {more} more: clientindex edition status tells all"] * bool(more)
    what = f"revision {lock.revision}" if lock.revision else "the edition"
    return "\n".join(
        [
            f"{path}: {what} was published and locked on {lock.published}, and was changed since:",
            *lines,
            "Undo the change, or write a note of revision (date, reason, what) under 'revisions' "
            "in the edition. Nothing was computed and no result was touched.",
        ]
    )
