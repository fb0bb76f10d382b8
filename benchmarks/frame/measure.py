"""Measure contenders, each in a fresh process with a limit of time, and compare their numbers."""

from __future__ import annotations

import importlib.metadata
import json
import os
import shutil
import signal
import statistics
import subprocess
import sys
from dataclasses import asdict
from functools import cache
from pathlib import Path

import numpy as np

from frame.declared import RPeer
from frame.memory import bound_memory
from frame.rows import ABSENT, DIFFERS, FAILED, NOT_TRIED, OK, OVER, Row

THREAD_VARIABLES = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "NUMBA_NUM_THREADS",
    "CLIENTINDEX_THREADS",
)


def measure(module, quantity, contender, size, *, folders, plan, first):
    """Measure one contender at one size.

    Parameters
    ----------
    module : str
        The module that declares the area.
    folders : tuple of Path
        What was prepared for warming up, and for this size.
    first : ndarray or None
        Numbers of the first contender, which the others are compared with.

    Returns
    -------
    Row
    ndarray or None
        Numbers that were found.
    """
    about = {
        "contender": contender.name,
        "size": size,
        "threads": contender.threads,
        "version": find_version(contender.package),
    }
    if contender.package and not about["version"]:
        return Row(status=ABSENT, **about), None
    if _exceeds(size, contender.largest):
        return Row(status=NOT_TRIED, detail=contender.why_not, **about), None
    out = folders[1] / "found.json"
    for path in (out, out.with_suffix(".npy")):
        path.unlink(missing_ok=True)
    if isinstance(contender, RPeer):
        command = _make_r_command(contender, size, folders[1], out, plan)
    else:
        command = make_command(
            module,
            quantity,
            size,
            out,
            contender=contender.name,
            warm_folder=str(folders[0]),
            folder=str(folders[1]),
            repeats=plan.repeats,
            budget=plan.budget,
        )
    status, detail = run_process(
        command, quantity.patience * plan.time_limit, threads=contender.threads
    )
    if status != OK:
        return Row(status=status, detail=detail, **about), None
    told, numbers = _read_r(out) if isinstance(contender, RPeer) else _read_python(out)
    if "error" in told:
        return Row(status=FAILED, detail=told["error"], **about), None
    return _compare(contender, told, numbers, first, about), numbers


def make_command(module, quantity, size, out, **more):
    """Return the command of a child; without a contender it prepares."""
    asked = {
        "module": module,
        "quantity": quantity.key,
        "size": asdict(size),
        "out": str(out),
        **more,
    }
    return [sys.executable, "-m", "frame.child", json.dumps(asked)]


def run_process(command, limit, *, threads=1):
    """Run a command to its end or its limit; return its status, and why it failed.

    The process leads a group of its own, and nothing but that group is ended.
    """
    environment = os.environ | dict.fromkeys(THREAD_VARIABLES, str(threads))
    # Last: scripts of benchmarks are called like other things on the path.
    paths = [*sys.path, str(Path(__file__).parents[1])]
    environment["PYTHONPATH"] = os.pathsep.join(path for path in paths if path)
    process = subprocess.Popen(
        command,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=bound_memory,
    )
    try:
        _, errors = process.communicate(timeout=limit)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        return OVER, f"given up after {limit:g} s"
    if process.returncode == 0:
        return OK, ""
    return FAILED, _name_failure(process.returncode, errors)


def _name_failure(code, errors):
    lines = [line.strip() for line in errors.splitlines() if line.strip()]
    if code < 0:
        return f"ended by {signal.Signals(-code).name}"
    told = [line for line in lines if line.startswith("Error")]
    # R puts what happened below the call; a traceback of Python ends with it.
    if told and told[0].endswith(":") and lines.index(told[0]) + 1 < len(lines):
        return f"{told[0]} {lines[lines.index(told[0]) + 1]}"
    return (told or lines[-1:] or [f"exit code {code}"])[0]


def _make_r_command(peer, size, folder, out, plan):
    numbers = (size.respondents, size.centres, plan.repeats, plan.budget)
    return ["Rscript", str(peer.script), peer.task, str(folder), str(out), *map(str, numbers)]


def _read_python(out):
    found = out.with_suffix(".npy")
    numbers = np.load(found) if found.exists() else None
    return json.loads(out.read_text(encoding="utf-8")), numbers


def _read_r(out):
    clock, processor, memory, *numbers = out.read_text(encoding="utf-8").splitlines()
    held, peak = (None if one == "NA" else float(one) for one in memory.split())
    told = {
        "clock": [float(one) for one in clock.split()],
        "processor": [float(one) for one in processor.split()],
        "held": held,
        "peak": peak,
    }
    return told, np.array(" ".join(numbers).split(), float) if numbers else None


def _compare(contender, told, numbers, first, about):
    """Return the row, which says whether the numbers are those of the first contender."""
    row = {
        "runs": len(told["clock"]),
        "best": min(told["clock"]) / contender.units,
        "median": statistics.median(told["clock"]) / contender.units,
        "processor": min(told["processor"]) / contender.units,
        "held": told["held"],
        "peak": told["peak"],
        **about,
    }
    if first is None or numbers is None:
        return Row(status=OK, **row)
    wanted = first if contender.compare is None else contender.compare(first)
    difference = find_difference(wanted, numbers)
    row |= {"difference": difference, "tolerance": contender.tolerance}
    return Row(status=OK if difference <= contender.tolerance else DIFFERS, **row)


def find_difference(wanted, found):
    """Return the largest difference; infinite where shapes or missing values differ."""
    wanted, found = np.ravel(wanted), np.ravel(found)
    if wanted.shape != found.shape or not np.array_equal(np.isnan(wanted), np.isnan(found)):
        return float("inf")
    return float(np.nanmax(np.abs(wanted - found), initial=0.0))


def _exceeds(size, largest):
    if largest is None:
        return False
    names = ("respondents", "centres", "rows")
    return any(
        getattr(largest, name) and getattr(size, name) > getattr(largest, name) for name in names
    )


@cache
def find_version(package):
    """Return the version of a distribution or, after ``R:``, of a package of R; "" if absent."""
    if package.startswith("R:"):
        if shutil.which("Rscript") is None:
            return ""
        name = package.removeprefix("R:")
        code = (
            f'cat(if (requireNamespace("{name}", quietly = TRUE)) format(packageVersion("{name}")))'
        )
        done = subprocess.run(["Rscript", "-e", code], check=False, capture_output=True, text=True)
        return done.stdout.strip() if done.returncode == 0 else ""
    try:
        return importlib.metadata.version(package) if package else ""
    except importlib.metadata.PackageNotFoundError:
        return ""
