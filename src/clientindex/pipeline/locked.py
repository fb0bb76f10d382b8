"""Before a run: an edition that is locked may be computed, and what a revision is compared with."""

from __future__ import annotations

import platform
from typing import TYPE_CHECKING

import clientindex
from clientindex.pipeline.fingerprint import (
    COMPUTING_PACKAGES,
    PRESENTING_PACKAGES,
    hash_code,
    versions_of,
)
from clientindex.reproduction.edition_lock import LockedCode
from clientindex.reproduction.locked_edition import check_locked
from clientindex.reproduction.locked_state import LockDifference, compare_values, shorten

if TYPE_CHECKING:
    from pathlib import Path

    from clientindex.edition import Edition
    from clientindex.pipeline.progress import Reporter
    from clientindex.reproduction.edition_lock import PublishedNumbers


def check_before_run(path: Path, edition: Edition, reporter: Reporter) -> PublishedNumbers | None:
    """Refuse an edition that is not as it was locked, unless a new note of revision says why.

    Parameters
    ----------
    path : Path
        The edition file.
    edition : Edition
    reporter : Reporter
        Told that the program is not the one that made the publication.

    Returns
    -------
    PublishedNumbers or None
        What a revised edition is compared with; None without notes of revision.

    Raises
    ------
    EditionError
        Nothing has been touched then.
    """
    lock = check_locked(path, edition)
    if lock is None:
        return None
    other = compare_code(lock.code)
    if other:
        told = "; ".join(map(str, other))
        reporter.say(
            f"the edition is locked, and the program is not the one that made it ({told}); "
            "clientindex verify tells whether its numbers are the same"
        )
    return lock.first_published if edition.revisions else None


def describe_code() -> LockedCode:
    """Return what the program consists of."""
    return LockedCode(
        version=clientindex.__version__,
        computing_sha256=hash_code(presentation=False),
        presenting_sha256=hash_code(presentation=True),
        python=platform.python_version(),
        packages=versions_of((*COMPUTING_PACKAGES, *PRESENTING_PACKAGES)),
    )


def compare_code(locked: LockedCode) -> list[LockDifference]:
    """List what of the program differs from the one that made a publication."""
    found = describe_code()
    kept, now = _list_parts(locked), _list_parts(found)
    return [
        *compare_values(kept, now),
        *compare_values(locked.packages, found.packages, kind="package"),
    ]


def _list_parts(code: LockedCode) -> dict[str, str]:
    return {
        "clientindex": code.version,
        "code of the computation": shorten(code.computing_sha256),
        "code of the documents": shorten(code.presenting_sha256),
        "Python": code.python,
    }
