"""Functions compiled by numba, whose code is kept for the next process.

numba keeps compiled code beside the sources and leaves two gaps, which this module closes. It
numbers the versions of a function for different types without a lock, so two processes that compile
it at the same moment may leave the code of one under the types of the other; a run and its
companion do. And it compiles a function anew where its own file has changed, but not where that of
a function has which it calls: numbers of old code would be told as those of new one. Here files
are kept under a lock, and code counts as old when any compiled source of the package has changed.
"""

from __future__ import annotations

import fcntl
from contextlib import contextmanager
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import numba
from numba.core.caching import FunctionCache, IndexDataCacheFile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Function = TypeVar("Function")

PACKAGE: Final = Path(__file__).parent

# Classes of numba have no types: calls of them are not checked.

LOCK_NAME: Final = "numba.lock"
"""File of every folder of compiled code; empty."""


def njit(**options: Any) -> Callable[[Function], Function]:
    """Return a decorator that compiles a function without Python objects and keeps its code.

    Parameters
    ----------
    **options
        Those of ``numba.njit`` but ``cache``.
    """
    compiler = numba.njit(**options)

    def compile_function(function: Function) -> Function:
        dispatcher: Any = compiler(function)
        dispatcher._cache = _LockedCache(function)  # what enable_caching() of numba sets
        compiled: Function = dispatcher
        return compiled

    return compile_function


@cache
def stamp_sources(package: Path = PACKAGE) -> str:
    """Return a hash of all sources of a package that have compiled functions."""
    total = sha256()
    for path in sorted(package.rglob("*.py")):
        source = path.read_bytes()
        if b"njit" in source:
            total.update(str(path.relative_to(package)).encode() + b"\0" + source)
    return total.hexdigest()


class _LockedFiles(IndexDataCacheFile):
    """The files of one function: nobody reads or writes them while another process writes."""

    def save(self, key: Any, data: Any) -> None:
        with _lock(self._cache_path, fcntl.LOCK_EX):
            super().save(key, data)  # type: ignore[no-untyped-call]

    def load(self, key: Any) -> Any:
        with _lock(self._cache_path, fcntl.LOCK_SH):
            return super().load(key)  # type: ignore[no-untyped-call]


class _LockedCache(FunctionCache):
    """Compiled versions of one function."""

    def __init__(self, function: Any) -> None:
        super().__init__(function)  # type: ignore[no-untyped-call]
        self._cache_file = _LockedFiles(  # type: ignore[no-untyped-call]
            cache_path=self._cache_path,
            filename_base=self._impl.filename_base,
            source_stamp=stamp_sources(),
        )


@contextmanager
def _lock(folder: str, kind: int) -> Iterator[None]:
    """Hold a folder's lock; where there can be none, nothing can be kept there either."""
    try:
        handle = (Path(folder) / LOCK_NAME).open("ab")
    except OSError:
        yield
        return
    with handle:
        fcntl.flock(handle, kind)
        yield
