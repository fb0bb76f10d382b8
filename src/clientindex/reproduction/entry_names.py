"""Which entries of an archive from outside may become files here."""

from __future__ import annotations

import re
import stat
import unicodedata
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from clientindex.errors import ReproductionError

if TYPE_CHECKING:
    import zipfile
    from collections.abc import Iterable

_ENCRYPTED = 0x1 | 0x40 | 0x2000
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_STORED, _DEFLATED = 0, 8
_LONGEST_SHOWN = 80


def check_entries(entries: Iterable[zipfile.ZipInfo]) -> None:
    """Refuse archives in which any entry could land outside a folder, or on another entry.

    Raises
    ------
    ReproductionError
        Naming the first entry that is refused, and why.
    """
    files: dict[str, str] = {}
    folders: dict[str, str] = {}
    for entry in entries:
        name = entry.orig_filename
        reason = _find_reason(entry, name)
        if reason is None:
            reason = _find_meeting(name, files=files, folders=folders)
        if reason is not None:
            raise ReproductionError(describe_refusal(name, reason))


def describe_refusal(name: str, reason: str) -> str:
    """Return the words that tell of an entry that is refused."""
    shown = name if len(name) <= _LONGEST_SHOWN else f"{name[:_LONGEST_SHOWN]}..."
    return (
        f"entry {shown!r}: {reason}. Nothing was unpacked. The archive is damaged or was not made "
        "by 'clientindex repro-pack'; ask for it again."
    )


def _find_reason(entry: zipfile.ZipInfo, name: str) -> str | None:
    """Return why an entry may not be unpacked, or None."""
    kind = stat.S_IFMT(entry.external_attr >> 16)
    is_folder = name.endswith("/")
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        return "is a link or a device, not a file"
    if is_folder != (kind == stat.S_IFDIR) and kind:
        return "says that it is a file and a folder at once"
    if entry.flag_bits & _ENCRYPTED:
        return "is encrypted"
    if entry.compress_type not in (_STORED, _DEFLATED):
        return f"is packed by method {entry.compress_type}; only stored and deflated are read"
    if is_folder and entry.file_size:
        return "is a folder that holds bytes"
    return _find_wrong_name(name)


def _find_wrong_name(name: str) -> str | None:
    if _CONTROL.search(name):
        return "has a name with control characters"
    if "\\" in name:
        return "has a name with a backslash"
    if name.startswith("/"):
        return "has an absolute path"
    if ":" in name:
        return "has a name with a drive letter or a colon"
    parts = name.removesuffix("/").split("/")
    if ".." in parts:
        return "leads out of the folder (..)"
    if "" in parts or "." in parts:
        return "has an empty part or a single dot in its path"
    if any(part != part.rstrip(". ") for part in parts):
        return "has a part that ends with a dot or a space"
    return None


def _find_meeting(name: str, *, files: dict[str, str], folders: dict[str, str]) -> str | None:
    """Note an entry; return why it meets another one, also where letters' case is ignored."""
    path = PurePosixPath(name)
    sign = _fold(path)
    above = [_fold(parent) for parent in path.parents if parent != PurePosixPath()]
    if name.endswith("/"):
        if sign in files:
            return f"is a folder where {files[sign]!r} is a file"
        folders.setdefault(sign, name)
    elif sign in files:
        return f"has the same name as {files[sign]!r}"
    elif sign in folders:
        return f"is a file where {folders[sign]!r} is a folder"
    else:
        files[sign] = name
    for parent in above:
        if parent in files:
            return f"lies below {files[parent]!r}, which is a file"
        folders.setdefault(parent, name)
    return None


def _fold(path: PurePosixPath) -> str:
    return unicodedata.normalize("NFC", str(path)).casefold()
