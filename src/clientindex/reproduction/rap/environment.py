"""The environment: every package locked by version and hash, and installed as locked."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Final

from clientindex.reproduction.lock_file import (
    LOCK_NAME,
    REQUIREMENT,
    canonicalise,
    find_version,
    parse_lock,
)
from clientindex.reproduction.rap.item import Ask
from clientindex.reproduction.rap.sources import AEA, DIME, RAP

if TYPE_CHECKING:
    from clientindex.reproduction.lock_file import Locked
    from clientindex.reproduction.rap.item import RapItem
    from clientindex.reproduction.rap.repository import Repository

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

_ADDRESS: Final = re.compile(r"://|^\s*-(?!-hash)|\s@\s")


def check_environment(repository: Repository) -> list[RapItem]:
    """Check the lock against pyproject.toml and against what is installed."""
    text = repository.read(LOCK_NAME)
    locked = parse_lock(text)
    unpinned = [f"{one.name} has no version" for one in locked if not one.version]
    unhashed = [f"{one.name} has no SHA-256" for one in locked if not one.n_hashes]
    absent = [] if locked else [f"{LOCK_NAME} is absent or empty"]
    n_hashes = sum(one.n_hashes for one in locked)
    addresses = [
        f"{LOCK_NAME}:{at}: {line.strip()}"
        for at, line in enumerate(text.splitlines(), start=1)
        if _ADDRESS.search(line.split("#")[0]) or "://" in line
    ]
    named = f"{LOCK_NAME}: no address, no option of an index"
    return [
        LOCKED.judge(
            absent + unpinned + unhashed, found=f"{len(locked)} packages, {n_hashes} hashes"
        ),
        _check_complete(repository, {one.name for one in locked}),
        NO_ADDRESSES.judge(absent + addresses, found=named),
        _check_installed(locked),
    ]


def _check_complete(repository: Repository, locked: set[str]) -> RapItem:
    try:
        project = tomllib.loads(repository.read("pyproject.toml")).get("project", {})
    except tomllib.TOMLDecodeError as exc:
        return COMPLETE.judge([f"pyproject.toml cannot be read ({exc})"], found="")
    extras = project.get("optional-dependencies", {})
    listed = [*project.get("dependencies", []), *extras.get("dev", [])]
    names = [canonicalise(m[1]) for entry in listed if (m := REQUIREMENT.match(entry))]
    faults = [f"{name} is not locked" for name in names if name not in locked]
    if not names:
        faults = ["pyproject.toml lists no dependency"]
    return COMPLETE.judge(faults, found=f"{len(names)} dependencies of pyproject.toml are locked")


def _check_installed(locked: list[Locked]) -> RapItem:
    """Compare versions; a package that is for other machines need not be installed."""
    here = [one for one in locked if one.version and one.is_for_this_machine]
    faults = []
    for one in here:
        installed = find_version(one.name)
        if not installed:
            faults.append(f"{one.name} {one.version} is not installed")
        elif installed != one.version:
            faults.append(f"{one.name}: locked {one.version}, installed {installed}")
    n_elsewhere = sum(1 for one in locked if one.version) - len(here)
    found = f"{len(here)} installed as locked, {n_elsewhere} only for other machines"
    return INSTALLED.judge(faults if locked else [f"{LOCK_NAME} is absent or empty"], found=found)
