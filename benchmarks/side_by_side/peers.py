"""Peers in R, and the comparison of what they find with what we find."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

import numpy as np

TIME_LIMIT = 150
"""Seconds after which a peer is given up."""


def run_peer(script, task, codes, *more):
    """Return what a peer in R found and its seconds; None where it cannot run, inf over time.

    `script` takes the task (which starts with the name of its package), a file of answers with one
    byte each by column, the number of respondents, the file to write, and `more`.
    """
    package = task.split("_")[0]
    if shutil.which("Rscript") is None:
        return None, None
    check = f'quit(status = !requireNamespace("{package}", quietly = TRUE))'
    if subprocess.run(["Rscript", "-e", check], check=False).returncode:
        return None, None
    with tempfile.TemporaryDirectory() as folder:
        answers, out = Path(folder) / "answers.bin", Path(folder) / "out.txt"
        answers.write_bytes(np.asfortranarray(codes).tobytes(order="F"))
        command = ["Rscript", script, task, answers, str(len(codes)), out, *map(str, more)]
        try:
            subprocess.run(command, check=True, timeout=TIME_LIMIT, capture_output=True, text=True)
        except subprocess.TimeoutExpired:
            return None, np.inf
        seconds, *found = np.loadtxt(out, ndmin=1)
    return np.array(found), float(seconds)


def agree(name, ours, theirs, tolerance):
    """Return the largest difference of two sets of numbers, or stop the run."""
    if theirs is None:
        return None
    difference = float(np.abs(np.asarray(ours) - np.asarray(theirs)).max())
    if not difference <= tolerance:
        message = f"{name}: numbers differ by {difference:.2g}, more than {tolerance:.2g}"
        raise SystemExit(message)
    return difference
