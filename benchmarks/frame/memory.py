"""Memory of this process: what it holds, and its peak since the peak was last forgotten."""

from __future__ import annotations

import os
import resource
import sys
from pathlib import Path

STATUS, FORGET = Path("/proc/self/status"), Path("/proc/self/clear_refs")
FORGET_PEAK = "5"
"""See proc(5): resets the high-water mark, which a process else inherits from its parent."""

SHARE_OF_MACHINE = 0.8
"""Memory that one contender may ask for; then it fails, and the machine goes on."""


def read_held():
    """Return what the process holds now, MB."""
    return _read("VmRSS")


def forget_peak():
    """Let the peak begin anew; where the system cannot, the peak is that of the whole process."""
    try:
        FORGET.write_text(FORGET_PEAK)
    except OSError:
        return False
    return True


def read_peak():
    """Return the peak of the process, or of the largest one that it started and waited for, MB."""
    scale = 2**20 if sys.platform == "darwin" else 2**10
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / scale
    own = _read("VmHWM")
    if own is None:
        own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / scale
    return max(own, children)


def read_total():
    """Return the memory of the machine in bytes."""
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def bound_memory():
    """Let a process fail, not the machine, where a contender asks for too much."""
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (int(SHARE_OF_MACHINE * read_total()), hard))


def _read(key):
    try:
        lines = STATUS.read_text().splitlines()
    except OSError:
        return None
    found = [line for line in lines if line.startswith(key + ":")]
    return int(found[0].split()[1]) / 2**10 if found else None
