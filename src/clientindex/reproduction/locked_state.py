"""What an edition is made from now, and how that differs from its lock."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from clientindex.edition import is_edition_file, load_edition
from clientindex.edition.settings_hash import PLACES
from clientindex.hashing import hash_if_there
from clientindex.reproduction.edition_lock import LockedPrevious
from clientindex.reproduction.input_names import number_repeats
from clientindex.results.manifest import load_manifest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from clientindex.edition import Edition
    from clientindex.reproduction.edition_lock import EditionLock

FREE: Final = PLACES | {
    "known_errors",
    "revisions",
    "next_review",
    "revision_policy",
    "errors_contact",
}
"""Keys that may change after the publication: where files stand, and what is told of it later.

Every other key can change a number or a document.
"""

ABSENT: Final = "absent"
SHOWN: Final = 12
"""Characters of a checksum that people are shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LockDifference:
    """What differs: its name, what was locked, and what is there now."""

    what: str
    locked: str
    found: str

    def __str__(self) -> str:
        """Tell it in one line."""
        return f"{self.what}: locked {self.locked}, now {self.found}"


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionState:
    """What an edition is made from; an input that cannot be read has an empty checksum."""

    settings: dict[str, str]
    methodology_sha256: str
    inputs: tuple[tuple[str, str], ...]
    previous: LockedPrevious | None


def read_state(edition: Edition) -> EditionState:
    """Hash what an edition is made from.

    Raises
    ------
    ClientIndexError
        If the previous edition cannot be read.
    """
    return EditionState(
        settings=list_settings(edition),
        methodology_sha256=hash_if_there(edition.methodology),
        inputs=_hash_inputs(edition),
        previous=read_previous(edition),
    )


def list_settings(edition: Edition) -> dict[str, str]:
    """Return the settings that count by their place in the file, such as ``data.survey[0].file``.

    Of a path only the name counts. Settings at their default are left out, so that an edition is
    the same to a later program that knows more of them.
    """
    values = edition.model_dump(exclude=set(FREE), exclude_defaults=True, by_alias=True)
    return dict(_flatten(values, ""))


def _flatten(value: Any, at: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _flatten(item, f"{at}.{key}" if at else str(key))
    elif isinstance(value, (list, tuple)):
        for position, item in enumerate(value):
            yield from _flatten(item, f"{at}[{position}]")
    else:
        yield at, value.name if isinstance(value, Path) else str(value)


def _hash_inputs(edition: Edition) -> tuple[tuple[str, str], ...]:
    return tuple((path.name, hash_if_there(path)) for path in edition.input_files)


def read_previous(edition: Edition) -> LockedPrevious | None:
    """Return what the previous edition's results are made from, None without one.

    Raises
    ------
    ClientIndexError
        If its file, or the manifest of its results, cannot be read.
    """
    path = edition.previous
    if path is None:
        return None
    if is_edition_file(path):
        before = load_edition(path)
        return LockedPrevious(
            edition=before.id,
            methodology_sha256=hash_if_there(before.methodology),
            seed=before.seed,
            inputs=tuple(sorted(_hash_inputs(before))),
        )
    manifest = load_manifest(path)
    return LockedPrevious(
        edition=manifest.edition_id,
        methodology_sha256=manifest.methodology_sha256,
        seed=manifest.seed,
        inputs=tuple(sorted((record.name, record.sha256) for record in manifest.inputs)),
    )


def find_changes(lock: EditionLock, state: EditionState) -> list[LockDifference]:
    """List what an edition is made from now and was not when it was locked, or the reverse.

    Parameters
    ----------
    lock : EditionLock
    state : EditionState
    """
    inputs = [(record.name, record.sha256) for record in lock.inputs]
    return [
        *compare_values(lock.settings, state.settings, kind="the setting"),
        *compare_values(
            {lock.methodology: shorten(lock.methodology_sha256)},
            {lock.methodology: shorten(state.methodology_sha256)},
            kind="the methodology",
        ),
        *compare_values(_shorten_all(inputs), _shorten_all(state.inputs), kind="the input"),
        *compare_values(
            _name_previous(lock.previous), _name_previous(state.previous), kind="the previous year"
        ),
    ]


def _shorten_all(inputs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return checksums by name as people are shown them."""
    return number_repeats((name, shorten(sha256)) for name, sha256 in sorted(inputs))


def _name_previous(previous: LockedPrevious | None) -> dict[str, str]:
    if previous is None:
        return {}
    return {
        "edition": previous.edition,
        "methodology": shorten(previous.methodology_sha256),
        "seed": str(previous.seed),
        **{f"input {name}": value for name, value in _shorten_all(previous.inputs).items()},
    }


def compare_values(
    locked: Mapping[str, str], found: Mapping[str, str], *, kind: str = ""
) -> list[LockDifference]:
    """List the names whose values differ, those that are absent and those that are new.

    Parameters
    ----------
    locked, found : mapping
        Name -> value as people are shown it; for files, see :func:`shorten`.
    kind : str
        What the names are of, told before each.
    """
    return [
        LockDifference(
            what=f"{kind} {key}".strip(),
            locked=locked.get(key, ABSENT),
            found=found.get(key, ABSENT),
        )
        for key in dict.fromkeys((*locked, *found))
        if locked.get(key) != found.get(key)
    ]


def shorten(sha256: str) -> str:
    """Return as much of a checksum as people are shown; none is absent."""
    return sha256[:SHOWN] if sha256 else ABSENT
