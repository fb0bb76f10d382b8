"""The edition before this one: its results, computed first where its edition file is named."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.edition import is_edition_file, load_edition
from clientindex.errors import BundleError, EditionError
from clientindex.hashing import hash_file
from clientindex.results import load_bundle
from clientindex.results.bundle import check_bundle
from clientindex.results.manifest import MANIFEST_NAME

if TYPE_CHECKING:
    from pathlib import Path

    from clientindex.edition import Edition
    from clientindex.results import Bundle


def find_previous_results(edition: Edition) -> Path | None:
    """Return the folder of the previous edition's results, or None without one.

    Raises
    ------
    ClientIndexError
        If the file of the previous edition is absent or wrong.
    """
    previous = edition.previous
    if previous is None or not is_edition_file(previous):
        return previous
    return load_edition(previous).results_dir


def check_previous(edition: Edition, *, path: Path) -> None:
    """Check that the previous edition can be read, or its settings where it is yet to be run.

    Raises
    ------
    EditionError
        If editions name each other in a circle.
    BundleError
        If the folder of results is absent, incomplete or damaged.
    ClientIndexError
        If a file of a previous edition is absent or wrong.
    """
    seen, at = [path.resolve()], edition
    while at.previous is not None:
        if not is_edition_file(at.previous):
            _check_results(at.previous, of=seen[-1])
            return
        if at.previous in seen:
            msg = (
                f"{seen[-1]}: previous: {at.previous.name} comes before itself. "
                "Name the edition of an earlier year."
            )
            raise EditionError(msg)
        seen.append(at.previous)
        at = load_edition(at.previous)


def _check_results(folder: Path, *, of: Path) -> None:
    try:
        check_bundle(folder)
    except BundleError as exc:
        msg = (
            f"{of}: previous: the results of the edition before cannot be read. {exc} Name its "
            "folder results/, or its edition file (.yml), which is then run first."
        )
        raise BundleError(msg) from exc


def hash_previous(edition: Edition) -> str:
    """Return the SHA-256 of the previous edition's manifest, "" without one.

    Raises
    ------
    OSError
        If there is no manifest.
    """
    folder = find_previous_results(edition)
    return "" if folder is None else hash_file(folder / MANIFEST_NAME)


def load_previous(edition: Edition) -> Bundle | None:
    """Load the results of the previous edition, or None without one.

    Raises
    ------
    BundleError
        If they are absent, incomplete or damaged.
    """
    folder = find_previous_results(edition)
    return None if folder is None else load_bundle(folder)
