"""Write a folder as a ZIP file whose bytes depend on nothing but its files."""

from __future__ import annotations

import stat
import tempfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from clientindex.errors import ReproductionError
from clientindex.reproduction.entry_names import check_entries

if TYPE_CHECKING:
    from collections.abc import Iterable

_DATE: Final = (1980, 1, 1, 0, 0, 0)
_UNIX: Final = 3
_LEVEL: Final = 6


def write_archive(folder: Path, target: Path) -> int:
    """Write every file below a folder into a ZIP file: names sorted, one date, one permission.

    The file is written aside and renamed; a former one stays until then.

    Returns
    -------
    int
        Its size in bytes.

    Raises
    ------
    ReproductionError
        If a file has a name that :func:`clientindex.reproduction.unpack.unpack` would refuse, or
        the archive cannot be written.
    """
    names = sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".packing-", dir=target.parent) as aside:
            fresh = Path(aside) / "pack.zip"
            _write(folder, names, fresh)
            fresh.replace(target)
    except OSError as exc:
        msg = (
            f"{target}: the pack cannot be written ({exc.strerror or exc}). Free disk space, or "
            "name another file with --output."
        )
        raise ReproductionError(msg) from exc
    return target.stat().st_size


def _write(folder: Path, names: Iterable[str], target: Path) -> None:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL) as archive:
        for name in names:
            archive.writestr(_describe(name), (folder / name).read_bytes(), compresslevel=_LEVEL)
        check_entries(archive.infolist())


def _describe(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, date_time=_DATE)
    entry.create_system = _UNIX
    entry.external_attr = (stat.S_IFREG | 0o644) << 16
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry
