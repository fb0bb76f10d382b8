"""Time the counting pass beside others that give the same tables, in one run.

Others: the loop over respondents that the package had before, with a table of every centre; one-hot
matrix products in numpy (the usual vectorised way); and, for few respondents, pandas ``crosstab``
over the 190 pairs (what an analyst would write). The last two count all centres together, which is
less work than ours. Respondents come in random order of 2,000 centres, and 3 % of their answers are
missing. Results are compared before any time is printed.

Run: ``python benchmarks/counts.py [respondents ...]``
"""

from __future__ import annotations

import sys
import time

import numpy as np
import pandas as pd
from areas.counts import (
    MISSING,
    N_CATEGORIES,
    count_crosstab,
    count_one_hot,
    fill_tables,
    take_pairs,
)
from areas.material import N_ITEMS
from frame.memory import forget_peak, read_held, read_peak
from numba import njit
from side_by_side import N_CENTRES, draw_answers

from clientindex.counts import PairAccumulator
from clientindex.counts.accumulate import accumulate_pairs, make_arrays

STREAM_ROWS = 2**16
CROSSTAB_LIMIT = 100_000
DEFAULT_SIZES = (3_000, 30_000, 300_000, 1_000_000, 3_000_000, 10_000_000)
UNITS = pd.DataFrame(
    {"centre": [f"c{i:04d}" for i in range(N_CENTRES)], "segment": "citizens", "period": ""}
)


def draw_survey(n_respondents, block=500_000):
    """Return answers with gaps, uint8 (N, K), and the centre of every respondent, int32 (N,)."""
    rng = np.random.default_rng(2)
    codes = np.empty((n_respondents, N_ITEMS), np.uint8)
    for start in range(0, n_respondents, block):
        rows = slice(start, start + block)
        codes[rows] = draw_answers(len(codes[rows]))[0]
        codes[rows][rng.random(codes[rows].shape, dtype=np.float32) < MISSING] = 0
    return codes, rng.integers(0, N_CENTRES, n_respondents, dtype=np.int32)


def count(codes, unit_of, n_threads=1):
    return accumulate_pairs(codes, unit_of, N_CENTRES, N_CATEGORIES, n_threads=n_threads)


def count_stream(codes, unit_of):
    """Count as a stream of small batches, units found by their labels in each."""
    total = PairAccumulator(tuple(map(str, range(N_ITEMS))), N_CATEGORIES)
    for start in range(0, len(codes), STREAM_ROWS):
        rows = slice(start, start + STREAM_ROWS)
        total.add_answers(UNITS, unit_of[rows], codes[rows])
    counts = total.total()
    return counts.n, counts.margins, counts.pairs


def count_row_by_row(codes, unit_of):
    arrays = make_arrays(N_CENTRES, N_ITEMS, N_CATEGORIES)
    _loop(codes, unit_of, *arrays)
    return arrays


@njit(nogil=True)
def _loop(codes, unit_of, n, margins, pairs, n_complete, complete_sum, complete_cross):
    """Count respondents in the order in which they come, one pair of answers at a time."""
    for row in range(codes.shape[0]):
        unit = unit_of[row]
        n[unit] += 1
        complete = True
        position = 0
        for a in range(codes.shape[1]):
            first = codes[row, a]
            margins[unit, a, first] += 1
            complete = complete and first > 0
            for b in range(a + 1, codes.shape[1]):
                pairs[unit, position, first, codes[row, b]] += 1
                position += 1
        if complete:
            n_complete[unit] += 1
            for a in range(codes.shape[1]):
                complete_sum[unit, a] += codes[row, a]
                for b in range(codes.shape[1]):
                    complete_cross[unit, a, b] += np.int64(codes[row, a]) * codes[row, b]


def sum_one_hot(codes, unit_of):
    return take_pairs(count_one_hot(codes))


def sum_crosstabs(codes, unit_of):
    return np.stack(fill_tables(count_crosstab(codes)))


def measure(function, *arguments):
    """Return result, best seconds of processors and of the clock, and MiB beyond those held before.

    The best of several runs, because others use the machine too.
    """
    processor, clock, result = [], [], None
    while len(clock) < 5 and sum(clock) < 5:
        result = None
        held = read_held() if forget_peak() else np.nan
        spent, started = time.process_time(), time.perf_counter()
        result = function(*arguments)
        clock.append(time.perf_counter() - started)
        processor.append(time.process_time() - spent)
        peak = read_peak() - held
    return result, min(processor), min(clock), peak


def measure_memory_speed():
    """Return the bytes a second that one processor reads from memory."""
    numbers = np.ones(2**26, np.int64)
    _, seconds, _, _ = measure(np.max, numbers)
    return numbers.nbytes / seconds


OURS = "clientindex"
CONTENDERS = {
    OURS: count,
    "two threads": lambda codes, unit_of: count(codes, unit_of, 2),
    f"stream of {STREAM_ROWS:,} rows": count_stream,
    "row by row (before)": count_row_by_row,
    "one-hot products": sum_one_hot,
    "pandas crosstab": sum_crosstabs,
}
TOGETHER = ("one-hot products", "pandas crosstab")


def check(name, found, wanted):
    """Stop the run when a contender counts otherwise."""
    if name in TOGETHER:
        equal = np.array_equal(found, wanted[2].sum(axis=0))
    else:
        equal = all(map(np.array_equal, found, wanted))
    if not equal:
        message = f"{name} counts otherwise"
        raise SystemExit(message)


def compare(n_respondents, bytes_a_second):
    codes, unit_of = draw_survey(n_respondents)
    limit = (codes.nbytes + unit_of.nbytes) / bytes_a_second
    print(f"{n_respondents:,} respondents; reading their answers takes {limit:.4f} s")
    wanted, ours = None, np.nan
    for name, function in CONTENDERS.items():
        if name == "pandas crosstab" and n_respondents > CROSSTAB_LIMIT:
            continue
        found, seconds, clock, peak = measure(function, codes, unit_of)
        if wanted is None:
            wanted, ours = found, seconds
        check(name, found, wanted)
        print(
            f"  {name:<26} {seconds:>8.4f} s ({clock:>8.4f} by the clock) "
            f"{seconds / limit:>9.1f} x reading {seconds / ours:>7.1f} x ours {peak:>6.0f} MiB"
        )


def main():
    for function in CONTENDERS.values():
        function(*draw_survey(40_000))
    print(f"{N_ITEMS} indicators, {N_CATEGORIES} categories, {N_CENTRES:,} centres")
    speed = measure_memory_speed()
    print(f"memory is read at {speed / 1e9:.1f} GB a second; seconds are those of processors")
    for size in [int(argument) for argument in sys.argv[1:]] or DEFAULT_SIZES:
        compare(size, speed)


if __name__ == "__main__":
    main()
