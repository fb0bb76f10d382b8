"""The machine that benchmarks run on: what it is, and how fast its memory and arithmetic are."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import tempfile
import time
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_info, threadpool_limits

from frame.memory import read_total

PACKAGES = (
    "clientindex",
    "numpy",
    "scipy",
    "pandas",
    "numba",
    "pyarrow",
    "pingouin",
    "factor_analyzer",
    "semopy",
    "SALib",
    "statsmodels",
    "krippendorff",
)
R_PACKAGES = ("psych", "lavaan", "lme4", "metafor", "irr", "irrCAC", "COINr", "csranks")
BYTES = 2**28
SIDE = 2048
REPEATS = 5


def describe_machine():
    """Return what the page says of the machine; `speeds` are of one thread, a second.

    ``memory`` counts bytes read and written by a copy, ``disk`` bytes read from a file that was
    just written, so from the memory of the system, ``flops32`` and ``flops64`` operations of a
    product of square matrices.
    """
    return {
        "processor": read_processor(),
        "processors": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else None,
        "memory_gb": read_total() / 1e9,
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "blas": ", ".join(sorted({name_blas(pool) for pool in threadpool_info() if is_blas(pool)})),
        "packages": {name: found for name in PACKAGES if (found := find_version(name))},
        "absent": [name for name in PACKAGES if not find_version(name)],
        "r": describe_r(),
        "speeds": measure_speeds(),
    }


def read_processor():
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def is_blas(pool):
    return pool["user_api"] == "blas"


def name_blas(pool):
    return f"{pool['internal_api']} {pool['version']} ({pool.get('architecture', 'unknown')})"


def find_version(name):
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def describe_r():
    """Return R's version, and those of packages with "" for absent ones; None without R."""
    if shutil.which("Rscript") is None:
        return None
    names = ", ".join(f'"{name}"' for name in R_PACKAGES)
    code = (
        "cat(format(getRversion()), extSoftVersion()[['BLAS']], sep = '\\n');"
        f"for (p in c({names})) cat('\\n', p, ' ', sep = '',"
        "if (requireNamespace(p, quietly = TRUE)) format(packageVersion(p)) else '')"
    )
    done = subprocess.run(["Rscript", "-e", code], check=True, capture_output=True, text=True)
    number, blas, *packages = done.stdout.splitlines()
    found = [line.split(" ", 1) for line in packages if line.strip()]
    return {
        "version": number,
        "blas": Path(blas).name,
        "packages": {name: told.strip() for name, told in found},
    }


def measure_speeds():
    with threadpool_limits(limits=1):
        return {
            "memory": 2 * BYTES / time_copy(),
            "disk": BYTES / time_read(),
            "flops32": 2 * SIDE**3 / time_product(np.float32),
            "flops64": 2 * SIDE**3 / time_product(np.float64),
        }


def take_best(run):
    times = []
    for _ in range(REPEATS):
        started = time.perf_counter()
        run()
        times.append(time.perf_counter() - started)
    return min(times)


def time_copy():
    source, target = np.ones(BYTES, np.uint8), np.zeros(BYTES, np.uint8)
    return take_best(lambda: np.copyto(target, source))


def time_read():
    buffer = np.ones(BYTES, np.uint8)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bytes"
        buffer.tofile(path)

        def read():
            with path.open("rb", buffering=0) as stream:
                done, view = 0, memoryview(buffer)
                while done < BYTES:
                    done += stream.readinto(view[done:])

        return take_best(read)


def time_product(dtype):
    matrix = np.random.default_rng(1).random((SIDE, SIDE)).astype(dtype)
    out = np.empty_like(matrix)
    return take_best(lambda: np.matmul(matrix, matrix, out=out))
