"""Time random weightings of 2,000 centres x 20 indicators x 5 groups, all ranks and stars of each.

Measured, each in a fresh process, one thread, with numbers compared before times are printed (a
difference stops the run):

- 1,000 weightings: index, ranks, stars, rank bands, rank acceptability, shares of stars, Kendall's
  tau. Bars: 1 s of processor time, and 250 MB beyond the process that holds the packages and the
  data (the packages alone take about 250 MB). Beside it numpy and pandas do ranks and stars of the
  same weightings the plain way; COINr 1.1.14 is stated to take 231 s of
  processor time for the same; it is not run here.
- 100,000 weightings. Bar: no more than 25 MB above the peak of 1,000, in which two numbers a draw
  are kept.
- One and two workers: the same bytes.

The first call in a process also loads or compiles what numba keeps; it is told apart.

The exit code is not 0 where a bar is missed. Run: ``python benchmarks/sensitivity.py``
"""

from __future__ import annotations

import time

import numpy as np
from areas.sensitivity.weights import (
    DRAWS,
    ROUNDING,
    draw_means,
    list_stars,
    rate_means,
    weigh,
    weigh_plainly,
)
from frame.memory import read_held, read_peak
from side_by_side import agree, report, report_peer, run_apart
from threadpoolctl import threadpool_limits

CENTRES = 2_000
MANY_DRAWS = 100_000
REPEATS = 3
CPU_LIMIT, MEMORY_LIMIT, GROWTH_LIMIT = 1.0, 250.0, 25.0
COINR_SECONDS = 231.0
SUMMARY = ("mean_share_same_star", "mean_abs_rank_shift", "mean_kendall_tau")


def summarise_plainly(material, ranks, given, level):
    """Return the columns of our table from the peer's ranks and stars."""
    tails = np.array([(1 - level) / 2, 0.5, (1 + level) / 2])
    # Smallest rank that the share of draws reaches; 0.975 of 1,000 draws are 975, not one more.
    places = np.ceil(tails * len(ranks) - ROUNDING).astype(int) - 1
    low, middle, high = np.sort(ranks, axis=0)[places]
    return np.array(
        [low, middle, high, (given == list_stars(material)).mean(axis=0), ranks.mean(axis=0)]
    )


def measure(draws, *, compare=False):
    """Measure one run; the peer comes after it, so that its memory does not count."""
    with threadpool_limits(limits=1):
        material = rate_means(draw_means(CENTRES))
        held = read_held()
        started = time.process_time()
        found = weigh(material, draws)
        first = time.process_time() - started
        peak = read_peak()
        told = {"first": first, "cpu": first, "held": held, "peak": peak, "draws": draws}
        if compare:
            told |= compare_all(material, found)
        return told | {name: getattr(found, name) for name in SUMMARY}


def compare_all(material, found):
    """Compare with two workers and the peer, and time both roads."""
    times = []
    for _ in range(REPEATS):
        started = time.process_time()
        weigh(material, DRAWS)
        times.append(time.process_time() - started)
    other = weigh(material, DRAWS, workers=2)
    for name in ("frame", "acceptability", "star_shares"):
        if not getattr(found, name).equals(getattr(other, name)):
            message = f"two workers: another {name}"
            raise SystemExit(message)
    agree("two workers", *([getattr(r, name) for name in SUMMARY] for r in (found, other)), 0)
    started = time.process_time()
    ranks, given = weigh_plainly(material, DRAWS)
    theirs = time.process_time() - started
    wanted = summarise_plainly(material, ranks, given, found.level)
    names = ["rank_low", "rank_median", "rank_high", "share_same_star", "rank_mean"]
    own = found.frame[names].to_numpy(float).T
    difference = agree("ranks and shares of stars", own, wanted, ROUNDING)
    return {"cpu": min(times), "theirs": theirs, "difference": difference}


def main():
    print(f"{CENTRES:,} centres x 20 indicators x 5 groups, 2 segments; processor time")
    few = run_apart(measure, DRAWS, compare=True)
    report(f"{DRAWS:,} weightings with all ranks and stars", few["cpu"], CPU_LIMIT)
    report("the first call in a process", few["first"])
    report_peer(
        "numpy and pandas, ranks and stars only", few["theirs"], few["cpu"], few["difference"]
    )
    report_peer("COINr 1.1.14, as stated with the bar, not run here", COINR_SECONDS, few["cpu"])
    print(f"    memory: {few['held']:.0f} MB of packages and data, peak {few['peak']:.0f} MB")
    many = run_apart(measure, MANY_DRAWS)
    report(f"{MANY_DRAWS:,} weightings", many["cpu"])
    print(f"    memory: {many['held']:.0f} MB of packages and data, peak {many['peak']:.0f} MB")
    added, more = few["peak"] - few["held"], many["peak"] - many["held"]
    bars = [
        ("processor time of 1,000 weightings, s", few["cpu"], CPU_LIMIT),
        ("memory of 1,000 weightings, MB", added, MEMORY_LIMIT),
        ("more memory of 100,000 weightings, MB", more - added, GROWTH_LIMIT),
    ]
    missed = [
        f"{name}: {value:.3g}, not below {limit:g}" for name, value, limit in bars if value >= limit
    ]
    if missed:
        raise SystemExit("\n".join(missed))
    print("All bars are kept.")


if __name__ == "__main__":
    main()
