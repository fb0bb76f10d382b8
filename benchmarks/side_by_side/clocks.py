"""Clocks, and the lines in which benchmarks print what they read."""

from __future__ import annotations

import time

import numpy as np

from side_by_side.peers import TIME_LIMIT


def timed(function, *arguments, **options):
    started = time.perf_counter()
    result = function(*arguments, **options)
    return result, time.perf_counter() - started


def take_best(repeats, function, *arguments, **options):
    """Return the result and the shortest of several times: others use the machine too."""
    runs = [timed(function, *arguments, **options) for _ in range(repeats)]
    return min(runs, key=lambda run: run[1])


def report(task, ours, limit=None):
    """Print one of our times, and the limit that it has to keep."""
    kept = "" if limit is None else f"  {'below' if ours < limit else 'ABOVE'} {limit:g} s"
    print(f"  {task:<66} {ours:>9.3f} s{kept}")


def report_peer(peer, theirs, ours, difference=None):
    """Print the time of a peer beside ours for the same task."""
    if theirs is None:
        print(f"    {peer:<64} not installed")
        return
    if np.isinf(theirs):
        print(
            f"    {peer:<64}     over {TIME_LIMIT} s, more than {TIME_LIMIT / ours:,.0f} times ours"
        )
        return
    told = "" if difference is None else f", numbers differ by {difference:.1g}"
    print(f"    {peer:<64} {theirs:>9.3f} s, {theirs / ours:,.1f} times ours{told}")
