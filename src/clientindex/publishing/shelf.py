"""Images that documents of one publication share: drawn by the first, taken by the others.

Every document runs in a process of its own; the folder of the shelf is told by an environment
variable, which Quarto passes on to its kernels too.
"""

from __future__ import annotations

import os
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

VARIABLE: Final = "CLIENTINDEX_ILLUSTRATIONS"


@contextmanager
def open_shelf() -> Iterator[None]:
    """Keep images for the documents that are rendered inside, all of one bundle."""
    former = os.environ.get(VARIABLE)
    with tempfile.TemporaryDirectory(prefix="clientindex-illustrations-") as folder:
        os.environ[VARIABLE] = folder
        try:
            yield
        finally:
            if former is None:
                del os.environ[VARIABLE]
            else:
                os.environ[VARIABLE] = former


def take_image(name: str) -> bytes | None:
    """Return an image of the shelf, or None where there is no shelf or nobody drew it yet."""
    path = _find(name)
    if path is None:
        return None
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def keep_image(name: str, content: bytes) -> None:
    """Put an image on the shelf, if there is one; readers see all of it or nothing."""
    path = _find(name)
    if path is None:
        return
    handle, aside = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    Path(aside).replace(path)


def _find(name: str) -> Path | None:
    folder = os.environ.get(VARIABLE)
    return None if folder is None else Path(folder) / name
