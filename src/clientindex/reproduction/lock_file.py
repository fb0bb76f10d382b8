"""The lock file: what it pins, and which installed packages are of other versions."""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Final

from packaging.markers import InvalidMarker, Marker

from clientindex.errors import ReproductionError
from clientindex.results.verification import Cause

if TYPE_CHECKING:
    from pathlib import Path

LOCK_NAME: Final = "requirements.lock"
REQUIREMENT: Final = re.compile(r"^([A-Za-z0-9][\w.-]*)(?:\[[\w,.-]*\])?(.*)$")
_PIN: Final = re.compile(r"^==([\w.+!-]+)\s*(?:;\s*(.*))?$")
_SHA256: Final = re.compile(r"sha256:[0-9a-f]{64}(?:\s|$)")


@dataclass(frozen=True, slots=True)
class Locked:
    """A requirement of the lock: version ("" without a pin), marker and number of hashes."""

    name: str
    version: str
    marker: str
    n_hashes: int

    @property
    def is_for_this_machine(self) -> bool:
        """Whether the marker, if there is one that can be read, is true here."""
        try:
            return not self.marker or Marker(self.marker).evaluate()
        except InvalidMarker:
            return True


def canonicalise(name: str) -> str:
    """Return a name of a package as indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def parse_lock(text: str) -> list[Locked]:
    """Return the requirements of a lock in order; comments and options are passed over."""
    joined = re.sub(r"\\\n", " ", text)
    found = []
    for line in joined.splitlines():
        if not line.strip() or line.lstrip().startswith(("#", "-")):
            continue
        requirement, *hashes = line.split(" --hash=")
        named = REQUIREMENT.match(requirement.strip())
        if not named:
            continue
        pin = _PIN.match(named[2].strip())
        whole = [one for one in hashes if _SHA256.match(one)]
        found.append(
            Locked(
                canonicalise(named[1]),
                pin[1] if pin else "",
                (pin[2] or "").strip() if pin else "",
                len(whole) if len(whole) == len(hashes) else 0,
            )
        )
    return found


def find_lock(start: Path) -> Path | None:
    """Return the lock file that stands in a folder or nearest above it, or None without one."""
    folders = (start.resolve(), *start.resolve().parents)
    return next((f / LOCK_NAME for f in folders if (f / LOCK_NAME).is_file()), None)


def read_lock(path: Path) -> dict[str, str]:
    """Return the version of every package that the lock file has for this machine.

    Raises
    ------
    ReproductionError
        The file cannot be read, or pins nothing.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, ValueError) as exc:
        msg = f"{path}: the lock file cannot be read ({exc})."
        raise ReproductionError(msg) from exc
    pins = [one for one in parse_lock(text) if one.version]
    if not pins:
        msg = f"{path}: pins no package (expected lines like numpy==2.0.0). Run `make lock`."
        raise ReproductionError(msg)
    return {one.name: one.version for one in pins if one.is_for_this_machine}


def compare_with_lock(path: Path) -> tuple[Cause, ...]:
    """List packages that are installed in another version than the lock file has, or not at all.

    Parameters
    ----------
    path : Path
        The lock file.

    Returns
    -------
    tuple of Cause
        `published` is the version of the lock file, `now` the installed one, "" without one.
    """
    found = ((name, locked, find_version(name)) for name, locked in read_lock(path).items())
    return tuple(
        Cause(kind="lock", name=name, published=locked, now=installed)
        for name, locked, installed in found
        if locked != installed
    )


def find_version(name: str) -> str:
    """Return the version that is installed, "" without one."""
    try:
        return version(name)
    except PackageNotFoundError:
        return ""
