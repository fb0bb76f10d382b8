"""Lock an edition after its publication, and tell what differs from its lock."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from clientindex.edition import load_edition
from clientindex.errors import BundleError, EditionError
from clientindex.methodology import load_methodology
from clientindex.pipeline.hold import hold_output
from clientindex.pipeline.locked import compare_code, describe_code
from clientindex.pipeline.only_files import require_files
from clientindex.pipeline.previous import check_previous
from clientindex.pipeline.publish import is_published
from clientindex.pipeline.revision import gather_published
from clientindex.pipeline.run import collect_inputs
from clientindex.reproduction.edition_lock import (
    EditionLock,
    FormerLock,
    LockedInput,
    load_lock,
    name_lock,
    write_lock,
)
from clientindex.reproduction.locked_edition import check_locked
from clientindex.reproduction.locked_state import (
    compare_values,
    find_changes,
    read_state,
    shorten,
)
from clientindex.reproduction.record import hash_published
from clientindex.results import load_bundle
from clientindex.results.bundle import check_bundle, hash_folder

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from clientindex.edition import Edition
    from clientindex.reproduction.locked_state import LockDifference


@dataclass(frozen=True, slots=True, kw_only=True)
class LockOutcome:
    """The lock of an edition, and whether it was written now or was there already."""

    path: Path
    lock: EditionLock
    written: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LockStatus:
    """Whether an edition is locked, and what differs from its lock.

    Attributes
    ----------
    path : Path
        Of the lock.
    lock : EditionLock or None
        None where the edition is not locked.
    changes : tuple of LockDifference
        In settings, methodology, inputs and the previous edition.
    files : tuple of LockDifference
        In results, documents and tables.
    code : tuple of LockDifference
        In the program and its packages: no change of the edition.
    noted : bool
        Whether a note of revision allows changes.
    """

    path: Path
    lock: EditionLock | None
    changes: tuple[LockDifference, ...] = ()
    files: tuple[LockDifference, ...] = ()
    code: tuple[LockDifference, ...] = ()
    noted: bool = False


def lock_edition(path: Path) -> LockOutcome:
    """Lock an edition as it was published, or its next revision.

    Parameters
    ----------
    path : Path
        The edition file; the lock is written beside it.

    Returns
    -------
    LockOutcome
        Not written where the same is locked already.

    Raises
    ------
    EditionError
        If results or documents are absent or not current, or if what was locked was changed and no
        new note of revision says why. A former lock stays then.
    """
    edition = load_edition(path)
    check_previous(edition, path=path)
    former = check_locked(path, edition)
    if not edition.results_dir.is_dir():
        raise EditionError(_tell_lack(path, "its results are absent"))
    with hold_output(edition):
        lock = _make_lock(path, edition, former)
    target = name_lock(path, edition)
    if former is not None and former.revision == lock.revision:
        _refuse_other(path, former, lock)
        return LockOutcome(path=target, lock=former, written=False)
    write_lock(lock, target)
    return LockOutcome(path=target, lock=lock, written=True)


def _make_lock(path: Path, edition: Edition, former: EditionLock | None) -> EditionLock:
    _require_current(path, edition, former)
    bundle = load_bundle(edition.results_dir)
    manifest, state = bundle.manifest, read_state(edition)
    notes = edition.revisions
    first = (
        gather_published(
            bundle.results, published=edition.published, level=bundle.methodology.intervals.level
        )
        if former is None
        else former.first_published
    )
    return EditionLock(
        schema_version=1,
        edition=edition.id,
        revision=len(notes),
        published=notes[-1].date if notes else edition.published,
        fingerprint=manifest.fingerprint,
        edition_sha256=manifest.edition_sha256,
        settings=state.settings,
        methodology=edition.methodology.name,
        methodology_sha256=manifest.methodology_sha256,
        inputs=tuple(
            LockedInput(name=record.name, sha256=record.sha256, rows=record.n_rows)
            for record in manifest.inputs
        ),
        previous=state.previous,
        bundle=manifest.files,
        publication=hash_published(edition.documents_dir, edition.tables_dir),
        code=describe_code(),
        history=_continue_history(former),
        first_published=first,
    )


def _continue_history(former: EditionLock | None) -> tuple[FormerLock, ...]:
    if former is None:
        return ()
    last = FormerLock(
        revision=former.revision,
        published=former.published,
        fingerprint=former.fingerprint,
        checksum=former.checksum,
    )
    return (*former.history, last)


def _require_current(path: Path, edition: Edition, former: EditionLock | None) -> None:
    """Refuse to lock what is not there, or is not what the edition says now."""
    require_files(edition, doing="locked", error=EditionError)
    load_methodology(edition.methodology)
    published = former.first_published if former is not None and edition.revisions else None
    inputs = collect_inputs(edition, published)
    try:
        manifest = check_bundle(edition.results_dir)
    except BundleError as exc:
        raise EditionError(_tell_lack(path, f"its results are absent or damaged: {exc}")) from exc
    if inputs is None or manifest.fingerprint != inputs.fingerprint():
        raise EditionError(_tell_lack(path, "its results are not those of its present inputs"))
    if not is_published(edition):
        lack = "its documents and tables are absent, or are not those of its present results"
        raise EditionError(_tell_lack(path, lack))


def _tell_lack(path: Path, lack: str) -> str:
    return (
        f"{path}: cannot be locked: {lack}. Run clientindex report, publish what it writes, then "
        "lock the edition. No lock was written."
    )


def _refuse_other(path: Path, former: EditionLock, lock: EditionLock) -> None:
    """Refuse to lock other files under the number of a revision that is locked."""
    differing = _compare_files(former, lock.bundle, lock.publication)
    if differing:
        told = "; ".join(map(str, differing[:3]))
        msg = (
            f"{path}: {len(differing)} files differ from those that were published and locked on "
            f"{former.published} ({told}). A publication is not replaced without a word: write a "
            "note of revision under 'revisions' in the edition, run clientindex report and lock "
            "again, or bring back the published files."
        )
        raise EditionError(msg)


def _compare_files(
    lock: EditionLock, bundle: Mapping[str, str], publication: Mapping[str, str]
) -> list[LockDifference]:
    return [
        *compare_values(_shorten(lock.bundle), _shorten(bundle), kind="the result"),
        *compare_values(_shorten(lock.publication), _shorten(publication), kind="the file"),
    ]


def _shorten(files: Mapping[str, str]) -> dict[str, str]:
    return {name: shorten(sha256) for name, sha256 in files.items()}


def tell_status(path: Path) -> LockStatus:
    """Compare an edition, its results and its documents with its lock; nothing is computed.

    Parameters
    ----------
    path : Path
        The edition file.

    Raises
    ------
    EditionError
        If the edition or its lock cannot be read.
    """
    edition = load_edition(path)
    target = name_lock(path, edition)
    lock = load_lock(target, edition=edition.id)
    if lock is None:
        return LockStatus(path=target, lock=None)
    folder = edition.results_dir
    found = hash_folder(folder) if folder.is_dir() else {}
    published = hash_published(edition.documents_dir, edition.tables_dir)
    return LockStatus(
        path=target,
        lock=lock,
        changes=tuple(find_changes(lock, read_state(edition))),
        files=tuple(_compare_files(lock, found, published)),
        code=tuple(compare_code(lock.code)),
        noted=len(edition.revisions) > lock.revision,
    )
