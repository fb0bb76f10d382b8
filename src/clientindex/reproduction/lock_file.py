"""Installed packages against the lock file: which versions are others."""

from __future__ import annotations

import re
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Final

from packaging.markers import InvalidMarker, Marker

from clientindex.errors import ReproductionError
from clientindex.results.verification import Cause

if TYPE_CHECKING:
    from pathlib import Path

LOCK_NAME: Final = "requirements.lock"
_PIN: Final = re.compile(r"^([A-Za-z0-9][\w.-]*)==([^\s;\\]+)\s*(?:;\s*([^\\]+?))?\s*\\?$")


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
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError) as exc:
        msg = f"{path}: the lock file cannot be read ({exc})."
        raise ReproductionError(msg) from exc
    pins = [found for line in lines if (found := _PIN.match(line))]
    if not pins:
        msg = f"{path}: pins no package (expected lines like numpy==2.0.0). Run `make lock`."
        raise ReproductionError(msg)
    return {pin[1]: pin[2] for pin in pins if _is_for_this_machine(pin[3])}


def _is_for_this_machine(marker: str | None) -> bool:
    try:
        return marker is None or Marker(marker).evaluate()
    except InvalidMarker:
        return True


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
    found = ((name, locked, _find_version(name)) for name, locked in read_lock(path).items())
    return tuple(
        Cause(kind="lock", name=name, published=locked, now=installed)
        for name, locked, installed in found
        if locked != installed
    )


def _find_version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""
