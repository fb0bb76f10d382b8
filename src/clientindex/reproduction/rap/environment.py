"""The environment: every package locked by version and hash, and installed as locked."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Final

from clientindex.reproduction.rap.item import Ask
from clientindex.reproduction.rap.sources import AEA, DIME, RAP

if TYPE_CHECKING:
    from clientindex.reproduction.rap.item import RapItem
    from clientindex.reproduction.rap.repository import Repository

LOCK: Final = "requirements.lock"

LOCKED = Ask(
    "lock_hashes",
    "Is every package locked by version and SHA-256?",
    RAP,
    "Make the lock anew: `make lock`.",
)
COMPLETE = Ask(
    "lock_complete",
    "Is every dependency of pyproject.toml in the lock?",
    AEA,
    "Make the lock anew: `make lock`.",
)
NO_ADDRESSES = Ask(
    "lock_addresses",
    "Does the lock name packages and no download addresses?",
    RAP,
    "Take addresses and index options out of the lock: `make lock` writes none.",
)
INSTALLED = Ask(
    "lock_installed",
    "Are the installed packages those of the lock?",
    DIME,
    "Install what is locked: `make setup`.",
)

_REQUIREMENT: Final = re.compile(r"^([A-Za-z0-9][\w.-]*)(?:\[[\w,.-]*\])?(.*)$")
_PIN: Final = re.compile(r"^==([\w.+!-]+)\s*(?:;\s*(.*))?$")
_ADDRESS: Final = re.compile(r"://|^\s*-(?!-hash)|\s@\s")


@dataclass(frozen=True, slots=True)
class Locked:
    """A requirement of the lock: version ("" without a pin), condition and number of hashes."""

    name: str
    version: str
    condition: str
    n_hashes: int


def canonicalise(name: str) -> str:
    """Return a name of a package as indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def read_lock(text: str) -> list[Locked]:
    """Return the requirements of a lock in order; comments and options are passed over."""
    joined = re.sub(r"\\\n", " ", text)
    found = []
    for line in joined.splitlines():
        if not line.strip() or line.lstrip().startswith(("#", "-")):
            continue
        requirement, *hashes = line.split(" --hash=")
        named = _REQUIREMENT.match(requirement.strip())
        if not named:
            continue
        pin = _PIN.match(named[2].strip())
        whole = [h for h in hashes if re.match(r"sha256:[0-9a-f]{64}(?:\s|$)", h)]
        found.append(
            Locked(
                canonicalise(named[1]),
                pin[1] if pin else "",
                (pin[2] or "").strip() if pin else "",
                len(whole) if len(whole) == len(hashes) else 0,
            )
        )
    return found


def check_environment(repository: Repository) -> list[RapItem]:
    """Check the lock against pyproject.toml and against what is installed."""
    text = repository.read(LOCK)
    locked = read_lock(text)
    unpinned = [f"{one.name} has no version" for one in locked if not one.version]
    unhashed = [f"{one.name} has no SHA-256" for one in locked if not one.n_hashes]
    absent = [] if locked else [f"{LOCK} is absent or empty"]
    n_hashes = sum(one.n_hashes for one in locked)
    addresses = [
        f"{LOCK}:{at}: {line.strip()}"
        for at, line in enumerate(text.splitlines(), start=1)
        if _ADDRESS.search(line.split("#")[0]) or "://" in line
    ]
    return [
        LOCKED.judge(
            absent + unpinned + unhashed, found=f"{len(locked)} packages, {n_hashes} hashes"
        ),
        _check_complete(repository, {one.name for one in locked}),
        NO_ADDRESSES.judge(absent + addresses, found=f"{LOCK}: no address, no option of an index"),
        _check_installed(locked),
    ]


def _check_complete(repository: Repository, locked: set[str]) -> RapItem:
    try:
        project = tomllib.loads(repository.read("pyproject.toml")).get("project", {})
    except tomllib.TOMLDecodeError as exc:
        return COMPLETE.judge([f"pyproject.toml cannot be read ({exc})"], found="")
    extras = project.get("optional-dependencies", {})
    listed = [*project.get("dependencies", []), *extras.get("dev", [])]
    names = [canonicalise(m[1]) for entry in listed if (m := _REQUIREMENT.match(entry))]
    faults = [f"{name} is not locked" for name in names if name not in locked]
    if not names:
        faults = ["pyproject.toml lists no dependency"]
    return COMPLETE.judge(faults, found=f"{len(names)} dependencies of pyproject.toml are locked")


def _check_installed(locked: list[Locked]) -> RapItem:
    """Compare versions; a package that is for other machines need not be installed."""
    faults, equal, elsewhere = [], 0, 0
    for one in [one for one in locked if one.version]:
        try:
            installed = version(one.name)
        except PackageNotFoundError:
            elsewhere += bool(one.condition)
            faults += [] if one.condition else [f"{one.name} {one.version} is not installed"]
            continue
        if installed == one.version:
            equal += 1
        elif not _is_locked_twice(one, locked, installed):
            faults.append(f"{one.name}: locked {one.version}, installed {installed}")
    found = f"{equal} installed as locked, {elsewhere} only for other machines"
    return INSTALLED.judge(faults if locked else [f"{LOCK} is absent or empty"], found=found)


def _is_locked_twice(one: Locked, locked: list[Locked], installed: str) -> bool:
    """Return whether another entry of the same package, for other machines, has the version."""
    return any(other.name == one.name and other.version == installed for other in locked)
