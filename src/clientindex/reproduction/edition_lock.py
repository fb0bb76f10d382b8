"""The lock of a published edition: what it was made from, what it consists of, what it said.

A lock is a file beside the edition, ``<id>.lock.json``, small enough for version control.
"""

from __future__ import annotations

import datetime as dt  # noqa: TC003 - pydantic reads annotations when the class is made
import json
from typing import TYPE_CHECKING, Any, Final, Literal

from pydantic import Field, ValidationError

from clientindex.errors import EditionError
from clientindex.files import write_whole
from clientindex.hashing import hash_mapping
from clientindex.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

    from clientindex.edition import Edition

ENDING: Final = ".lock.json"
SCHEMA: Final = 1
CHECKSUM: Final = "checksum"


class LockedInput(Settings):
    """An input file of the locked edition."""

    name: str
    sha256: str
    rows: int


class LockedPrevious(Settings):
    """What the results of the previous edition were made from, whatever program made them."""

    edition: str
    methodology_sha256: str
    seed: int
    inputs: tuple[tuple[str, str], ...]
    """Name and SHA-256 of every input file."""


class LockedCode(Settings):
    """The program that made the publication."""

    version: str
    computing_sha256: str
    presenting_sha256: str
    python: str
    packages: dict[str, str]


class PublishedCentre(Settings):
    """What was published of a centre; None where it had no index or no star."""

    centre: str
    name: str
    region: str
    index: float | None
    low: float | None
    high: float | None
    stars: float | None


class PublishedRegion(Settings):
    """The published mean index of a region; "country" is one of them."""

    region: str
    n_centres: int
    mean: float | None
    low: float | None
    high: float | None


class PublishedNumbers(Settings):
    """Numbers as they were first published, unrounded: revisions are compared with them."""

    published: dt.date
    level: float
    """Of the intervals."""
    centres: tuple[PublishedCentre, ...]
    regions: tuple[PublishedRegion, ...]

    @property
    def sha256(self) -> str:
        """The same for equal numbers, whichever lock holds them."""
        return hash_mapping(self.model_dump(mode="json"))


class FormerLock(Settings):
    """A lock that this one stands in place of."""

    revision: int
    published: dt.date
    fingerprint: str
    checksum: str


class EditionLock(Settings):
    """What was locked when an edition, or a revision of it, was published."""

    schema_version: Literal[1] = Field(alias="schema")
    edition: str
    revision: int = Field(ge=0)
    """0 is the first publication."""
    published: dt.date
    fingerprint: str
    edition_sha256: str
    settings: dict[str, str]
    """See :func:`clientindex.reproduction.locked_state.list_settings`."""
    methodology: str
    methodology_sha256: str
    inputs: tuple[LockedInput, ...]
    previous: LockedPrevious | None
    bundle: dict[str, str]
    """File of the results bundle -> SHA-256."""
    publication: dict[str, str]
    """Document or table, by its path below the output folder -> SHA-256."""
    code: LockedCode
    history: tuple[FormerLock, ...]
    first_published: PublishedNumbers

    @property
    def checksum(self) -> str:
        """SHA-256 of all that the lock says."""
        return hash_mapping(self.model_dump(mode="json", by_alias=True))


def name_lock(path: Path, edition: Edition) -> Path:
    """Return the lock of an edition, which stands beside its file."""
    return path.parent / f"{edition.id}{ENDING}"


def write_lock(lock: EditionLock, path: Path) -> None:
    """Write a lock as JSON, one centre a line, its own checksum last.

    Raises
    ------
    EditionError
        If the file cannot be written; a former lock stays.
    """
    values = lock.model_dump(mode="json", by_alias=True)
    numbers = values.pop("first_published")
    parts = [f'"{key}": {_dump(value, indent=1)}' for key, value in values.items()]
    told = [f'"{key}": {_list_lines(value)}' for key, value in numbers.items()]
    parts.append(f'"first_published": {{\n{_join(told)}\n}}')
    parts.append(f'"{CHECKSUM}": "{lock.checksum}"')
    text = f"{{\n{_join(parts)}\n}}\n"
    try:
        write_whole(text.encode("utf-8"), path)
    except OSError as exc:
        msg = f"{path}: the lock cannot be written ({exc.strerror or exc}); nothing was changed."
        raise EditionError(msg) from exc


def _list_lines(value: Any) -> str:
    if not isinstance(value, list):
        return _dump(value)
    return f"[\n{_join([_dump(item) for item in value])}\n]" if value else "[]"


def _dump(value: Any, **options: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, **options)


def _join(parts: list[str]) -> str:
    return ",\n".join(parts)


def load_lock(path: Path, *, edition: str) -> EditionLock | None:
    """Load the lock of an edition, or None where there is none.

    Parameters
    ----------
    path : Path
    edition : str
        Id of the edition that it must be of.

    Raises
    ------
    EditionError
        If it is damaged, was changed by hand, is of another edition or of another version.
    """
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except OSError as exc:
        msg = f"{path}: the lock of the edition cannot be read ({exc.strerror or exc})."
        raise EditionError(msg) from exc
    except ValueError as exc:
        raise _damaged(path, f"not JSON: {exc}") from None
    if not isinstance(values, dict):
        raise _damaged(path, "expected keys and values")
    _refuse_foreign(values, path, edition)
    told = values.pop(CHECKSUM, None)
    try:
        lock = EditionLock.model_validate(values)
    except ValidationError as exc:
        first = exc.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise _damaged(path, f"{where}: {first['msg']}") from None
    if told != lock.checksum:
        raise _damaged(path, "its checksum is not that of its content")
    return lock


def _refuse_foreign(values: dict[str, Any], path: Path, edition: str) -> None:
    version = values.get("schema")
    if version != SCHEMA:
        msg = (
            f"{path}: a lock of version {version!r}; this program reads version {SCHEMA}. Take the "
            "program that locked the edition."
        )
        raise EditionError(msg)
    owner = values.get("edition")
    if owner != edition:
        msg = (
            f"{path}: the lock of the edition {owner!r}, expected that of {edition!r}. Bring back "
            "the lock of this edition, for example from version control."
        )
        raise EditionError(msg)


def _damaged(path: Path, what: str) -> EditionError:
    return EditionError(
        f"{path}: the lock of the edition is damaged ({what}). Bring it back as it was, for "
        "example from version control; a lock is not edited by hand."
    )
