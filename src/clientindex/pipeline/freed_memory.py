"""Keep freed memory for the next array of this process.

The C library gives every freed array of some megabytes back to the system and asks for fresh pages
for the next one. Statistics of many centres make and drop such arrays thousands of times, and on
virtual machines the faults of fresh pages took a quarter of the time.
"""

from __future__ import annotations

import ctypes
from typing import Final

OWN_PAGES: Final = 2**27
"""Bytes: an array from this size on gets pages of its own, which go back when it is dropped."""

KEPT: Final = 2**29
"""At most so many freed bytes at the end of the heap are kept."""

_TRIM_THRESHOLD: Final = -1
_MMAP_THRESHOLD: Final = -3
"""Names of the settings in malloc.h of the GNU C library."""


def keep_freed_memory() -> bool:
    """Ask the C library to keep what is freed; return whether it does.

    Only that of GNU can be asked; elsewhere nothing changes. Results are the same either way.
    """
    try:
        ask = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError, TypeError):
        return False
    return bool(ask(_MMAP_THRESHOLD, OWN_PAGES)) and bool(ask(_TRIM_THRESHOLD, KEPT))
