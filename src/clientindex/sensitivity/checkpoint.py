"""An unfinished run of random weightings on disk."""

from __future__ import annotations

import hashlib
import zipfile
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from clientindex.sensitivity.tally import Tally

FINGERPRINT = "fingerprint"


def make_fingerprint(*parts: str | NDArray[np.generic]) -> str:
    """Return a SHA-256 of texts and arrays, in hexadecimal digits."""
    digest = hashlib.sha256()
    for part in parts:
        if isinstance(part, str):
            digest.update(f"text {len(part)} {part}".encode())
        else:
            digest.update(f"array {part.dtype} {part.shape} ".encode())
            digest.update(np.ascontiguousarray(part).tobytes())
    return digest.hexdigest()


def save_checkpoint(tally: Tally, path: Path, *, fingerprint: str) -> None:
    """Write the tally aside, then put it in its place, so that no half of a file is ever there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    arrays: dict[str, Any] = {**tally.take_arrays(), FINGERPRINT: np.array(fingerprint)}
    aside = path.with_name(f"{path.name}.part")
    with aside.open("wb") as file:
        np.savez(file, allow_pickle=False, **arrays)
    aside.replace(path)


def restore_checkpoint(tally: Tally, path: Path, *, fingerprint: str) -> None:
    """Fill the tally in place, unless the file is absent, damaged or of other inputs."""
    arrays = tally.take_arrays()
    try:
        with path.open("rb") as file, np.load(file) as stored:
            if str(stored[FINGERPRINT]) != fingerprint:
                return
            found = {name: stored[name] for name in arrays}
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return
    if all(found[name].shape == array.shape for name, array in arrays.items()):
        for name, array in arrays.items():
            array[...] = found[name]


def remove_checkpoint(path: Path) -> None:
    """Remove the file of a run that has ended."""
    path.unlink(missing_ok=True)
