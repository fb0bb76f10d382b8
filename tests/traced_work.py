"""How much a function does: its calls, its peak of memory, and arrays as long as something."""

from __future__ import annotations

import sys
import threading
import tracemalloc
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from types import FrameType

PACKAGE = "clientindex"


@dataclass(kw_only=True)
class Work:
    """What was seen of a call.

    Attributes
    ----------
    calls : int
        Calls of the package's functions, in all threads.
    peak : int
        Most bytes that were held beyond those at the start.
    long : set of str
        Functions and names in them that held an array with `length` entries, or a multiple, along
        some axis.
    """

    length: int
    calls: int = 0
    peak: int = 0
    long: set[str] = field(default_factory=set)


def trace(function: Callable[[], Any], *, length: int) -> Work:
    """Call a function and watch what its functions hold when they return."""
    work = Work(length=length)

    def watch(frame: FrameType, event: str, _: Any) -> None:
        if event != "return":
            return
        code = frame.f_code
        if PACKAGE not in code.co_filename:
            return
        work.calls += 1
        for name, value in frame.f_locals.items():
            if any(_is_long(shape, length) for shape in _list_shapes(value)):
                work.long.add(f"{code.co_qualname}: {name}")

    tracemalloc.start()
    threading.setprofile(watch)
    sys.setprofile(watch)
    try:
        function()
        work.peak = tracemalloc.get_traced_memory()[1]
    finally:
        sys.setprofile(None)
        threading.setprofile(None)  # type: ignore[arg-type]
        tracemalloc.stop()
    return work


def _list_shapes(value: Any) -> Iterable[tuple[int, ...]]:
    values = value if isinstance(value, (tuple, list)) else (value,)
    return [one.shape for one in values if isinstance(one, (np.ndarray, pd.DataFrame, pd.Series))]


def _is_long(shape: tuple[int, ...], length: int) -> bool:
    return any(size and size % length == 0 for size in shape)
