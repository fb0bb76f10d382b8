"""Arrays that are made and dropped again and again."""

from __future__ import annotations

import platform
import subprocess
import sys

import pytest

ARRAYS, MEGABYTES, PAGE = 20, 64, 4096
PROGRAM = f"""
import resource, sys
import numpy as np
from clientindex.pipeline.freed_memory import keep_freed_memory

if sys.argv[1] == "keep":
    assert keep_freed_memory()
np.ones({MEGABYTES} << 17)
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range({ARRAYS}):
    np.ones({MEGABYTES} << 17)
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


def count_faults(word: str) -> int:
    """Return how many pages a process asked for while it made and dropped arrays."""
    told = subprocess.run(
        [sys.executable, "-c", PROGRAM, word], check=True, capture_output=True, text=True
    )
    return int(told.stdout)


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only the GNU C library is asked")
def test_pages_of_a_dropped_array_serve_the_next() -> None:
    kept, fresh = count_faults("keep"), count_faults("leave")
    # Huge pages need fewer faults: 32 an array of 64 MB, where small ones need 16,384.
    assert fresh >= ARRAYS * MEGABYTES // 2
    assert kept < fresh / 10
