"""How far the counting is, told to whoever listens."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    Tell = Callable[[int, int, int], None]
    """Is told rows so far, bytes so far and bytes in all."""


class CountingProgress:
    """Adds up the rows and bytes that were passed.

    Parameters
    ----------
    files : iterable of Path
        All files.
    tell : callable
        Called after every piece with rows so far, bytes so far and bytes in all.
    """

    def __init__(self, files: Iterable[Path], tell: Tell | None = None) -> None:
        self._tell = tell
        self._rows = self._done = 0
        self._total = sum(path.stat().st_size for path in files if path.is_file())

    def add(self, *, rows: int, n_bytes: int) -> None:
        """Add rows that were counted."""
        self._rows += rows
        self._done = min(self._done + n_bytes, self._total)
        if self._tell is not None:
            self._tell(self._rows, self._done, self._total)

    def skip(self, file: Path) -> None:
        """Add a file that was counted in an earlier run."""
        self.add(rows=0, n_bytes=file.stat().st_size)
