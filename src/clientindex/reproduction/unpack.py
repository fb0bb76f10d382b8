"""Unpack an archive from outside: whole and inside its folder, or not at all."""

from __future__ import annotations

import shutil
import tempfile
import zipfile
import zlib
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from clientindex.errors import ReproductionError
from clientindex.reproduction.entry_names import check_entries, describe_refusal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import IO

MIB: Final = 1 << 20
_PIECE: Final = MIB


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much an archive may hold; counted while it is read, whatever its headers say.

    Attributes
    ----------
    entries : int
    total_bytes : int
        Of all files together, unpacked.
    ratio : float
        Bytes unpacked for each byte packed, of any file above `ratio_from` bytes. Deflate packs
        tables and pages up to some 50 times; a file of zeros, 1,000 times.
    ratio_from : int
    """

    entries: int = 20_000
    total_bytes: int = 8 * 1024 * MIB
    ratio: float = 200.0
    ratio_from: int = MIB


DEFAULT_LIMITS: Final = Limits()


@dataclass(frozen=True, slots=True, kw_only=True)
class Unpacked:
    """What was unpacked: the folder, how many files, how many bytes."""

    folder: Path
    n_files: int
    n_bytes: int


def unpack(archive: Path, folder: Path, *, limits: Limits = DEFAULT_LIMITS) -> Unpacked:
    """Unpack a ZIP file into a folder that is absent or empty.

    Files are written aside and the whole folder is renamed at the end: after a failure nothing is
    left. Links, devices, encrypted entries, names that lead out of the folder, and two names that
    are one on some machine are refused before anything is written.

    Raises
    ------
    ReproductionError
        Naming the entry and the reason, or what is wrong with the archive or the folder.
    """
    _require_free(folder)
    try:
        with zipfile.ZipFile(archive) as opened, _aside(folder) as fresh:
            entries = opened.infolist()
            if len(entries) > limits.entries:
                raise _too_much(archive, f"{limits.entries} entries")
            check_entries(entries)
            n_bytes = _write_entries(opened, fresh, limits=limits)
            _move(fresh, folder)
    except (zipfile.BadZipFile, NotImplementedError) as exc:
        msg = f"{archive}: not a ZIP file, or a damaged one ({exc}). Ask for it again."
        raise ReproductionError(msg) from exc
    except OSError as exc:
        msg = (
            f"{exc.filename or folder}: cannot be read or written ({exc.strerror or exc}). Check "
            "the name of the archive, the room on the disk and who may write; nothing was unpacked."
        )
        raise ReproductionError(msg) from exc
    n_files = sum(not entry.is_dir() for entry in entries)
    return Unpacked(folder=folder, n_files=n_files, n_bytes=n_bytes)


def _require_free(folder: Path) -> None:
    if folder.is_symlink() or folder.exists():
        if folder.is_dir() and not folder.is_symlink() and not any(folder.iterdir()):
            return
        msg = f"{folder}: is there and not empty. Name a folder that is empty or does not exist."
        raise ReproductionError(msg)


@contextmanager
def _aside(folder: Path) -> Iterator[Path]:
    """Give an empty folder beside the wished one; whatever is left of it is removed."""
    above = folder.absolute().parent
    above.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=f".{folder.name}-unpacking-", dir=above))
    try:
        fresh.chmod(0o755)
        yield fresh
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _move(fresh: Path, folder: Path) -> None:
    if folder.exists():
        folder.rmdir()
    fresh.rename(folder)


def _write_entries(archive: zipfile.ZipFile, fresh: Path, *, limits: Limits) -> int:
    """Write every entry, and return the number of bytes."""
    total = 0
    for entry in archive.infolist():
        target = fresh / entry.filename
        if entry.is_dir():
            target.mkdir(parents=True, exist_ok=True)
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("xb") as stream:
            total += _copy(archive, entry, stream, allowed=limits.total_bytes - total, of=limits)
    return total


def _copy(
    archive: zipfile.ZipFile,
    entry: zipfile.ZipInfo,
    stream: IO[bytes],
    *,
    allowed: int,
    of: Limits,
) -> int:
    """Copy one entry piece by piece; stop as soon as it is larger than it may be."""
    size = 0
    try:
        with archive.open(entry) as source:
            while piece := source.read(_PIECE):
                size += len(piece)
                if size > allowed:
                    raise _too_much(archive.filename, f"{of.total_bytes} bytes")
                if size > of.ratio_from and size > of.ratio * max(entry.compress_size, 1):
                    reason = f"grows more than {of.ratio:g} times when it is unpacked"
                    raise ReproductionError(describe_refusal(entry.filename, reason))
                stream.write(piece)
    except (zipfile.BadZipFile, zlib.error, EOFError) as exc:
        reason = f"is damaged ({exc or 'it ends too early'})"
        raise ReproductionError(describe_refusal(entry.filename, reason)) from exc
    return size


def _too_much(archive: object, what: str) -> ReproductionError:
    return ReproductionError(
        f"{archive}: holds more than {what}, which is all that is unpacked here. Nothing was "
        "unpacked."
    )
