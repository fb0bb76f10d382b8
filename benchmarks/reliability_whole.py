"""Time the whole reliability stage, and find which of its analyses takes it.

Measured: ``reliability.assess`` on simulated answers to 20 indicators, from counts: seconds of the
clock, seconds of both processors together, which other work on the machine touches less, and the
peak of memory of a process that only counts and assesses. With ``--parts`` each of its analyses is
timed alone as well, which takes as long again.

An edition of the demo's size has 15,000 respondents in 240 centres of 13 regions, two segments and
four quarters; the large ones have a million respondents in 2,000 centres, in 13 regions and in 85,
the number of Russia's. Every segment, region and period is a part of the data that is analysed by
itself.

The bar: all statistics together, of which this is one stage, take less than 60 s and 2 GB for a
million respondents in 2,000 centres. There is no peer that does the same.

Run: ``python benchmarks/reliability_whole.py [--parts]``
"""

from __future__ import annotations

import contextlib
import io
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from side_by_side import (
    draw_answers,
    list_regions,
    make_methodology,
    read_peak_gb,
    report,
    run_apart,
    timed,
)
from threadpoolctl import threadpool_limits

from clientindex import reliability
from clientindex.counts import count_pairs
from clientindex.intake.tables import Responses
from clientindex.reliability.centres import assess_centres
from clientindex.reliability.consistency import assess_consistency
from clientindex.reliability.hierarchical import assess_omegas
from clientindex.reliability.items import analyse_items
from clientindex.reliability.quality import assess_quality
from clientindex.reliability.sets import assess_sets

LIMIT = 60
MATRIX_THREADS = 1
"""As in the pipeline."""

SEGMENTS = ("citizens", "employers")
SEED = np.random.SeedSequence(2026)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A survey; `split` into two segments and four quarters or not."""

    respondents: int
    centres: int
    regions: int
    split: bool
    limit: float | None = None


CASES = (
    Case(respondents=15_000, centres=240, regions=13, split=True),
    Case(respondents=1_000_000, centres=2_000, regions=13, split=False, limit=LIMIT),
    Case(respondents=1_000_000, centres=2_000, regions=85, split=False, limit=LIMIT),
    Case(respondents=1_000_000, centres=2_000, regions=85, split=True, limit=LIMIT),
)


SMALL = Case(respondents=1_500, centres=40, regions=3, split=True)
"""Compiles what is compiled at first use."""


def make_units(case):
    """Return the units of a survey, and how many there are of one centre."""
    segments = SEGMENTS if case.split else SEGMENTS[:1]
    periods = [f"q{quarter}" for quarter in range(1, 5)] if case.split else [""]
    centres = [f"c{number:04d}" for number in range(case.centres)]
    index = pd.MultiIndex.from_product(
        [centres, segments, periods], names=["centre", "segment", "period"]
    )
    return index.to_frame(index=False), len(segments) * len(periods)


def save_survey(case, folder):
    """Draw answers here, so that drawing them is not in the memory of the process measured."""
    codes, centre = draw_answers(case.respondents, n_centres=case.centres)
    _, per_centre = make_units(case)
    own = np.random.default_rng(4).integers(0, per_centre, len(centre))
    np.save(folder / "codes.npy", codes)
    np.save(folder / "units.npy", (centre * per_centre + own).astype(np.int32))


def measure(case, folder, *, with_parts):
    """Count, assess and print; in a process of its own."""
    methodology = make_methodology()
    units, _ = make_units(case)
    responses = Responses(
        units=units, unit_of=np.load(folder / "units.npy"), codes=np.load(folder / "codes.npy")
    )
    regions = list_regions(units["centre"].unique(), case.regions)
    with threadpool_limits(limits=MATRIX_THREADS):
        counts, seconds = timed(count_pairs, responses, methodology)
        report("counting pass", seconds)
        before, processors = read_peak_gb(), time.process_time()
        options = {"strata": regions, "seed": SEED, "responses": responses}
        _, seconds = timed(reliability.assess, counts, methodology=methodology, **options)
        report("reliability.assess, two analyses at a time", seconds, case.limit)
        processors = time.process_time() - processors
        print(
            f"    of processors {processors:.1f} s; peak of memory {read_peak_gb():.2f} GB", end=""
        )
        print(f", {before:.2f} GB before")
        if with_parts:
            time_parts(responses, counts, methodology, regions)


def compile_everything(case, folder):
    """Assess without a word, so that nothing is compiled while something is measured."""
    with contextlib.redirect_stdout(io.StringIO()):
        measure(case, folder, with_parts=False)


def time_parts(responses, counts, methodology, regions):
    """Print the time of every analysis alone."""
    scopes, seconds = timed(reliability.list_scopes, counts, methodology, regions)
    print(f"    {len(scopes)} parts of the data, taken apart in {seconds:.2f} s; then alone:")
    parts = {
        "consistency": lambda: assess_consistency(scopes, methodology, seed=SEED),
        "indicator sets": lambda: assess_sets(scopes, methodology),
        "omegas": lambda: assess_omegas(scopes, methodology, seed=SEED),
        "centres": lambda: assess_centres(scopes, methodology),
        "items": lambda: analyse_items(scopes, methodology, seed=SEED),
        "answer quality": lambda: assess_quality(
            responses, counts, methodology, strata=regions, seed=SEED
        ),
    }
    for name, task in parts.items():
        processors = time.process_time()
        _, seconds = timed(task)
        processors = time.process_time() - processors
        each = 1000 * processors / len(scopes)
        print(
            f"    {name:<16} {seconds:>8.2f} s, of processors {processors:>7.2f} s, "
            f"{each:>6.0f} ms a part"
        )


def run(case, *, with_parts, quiet=False):
    """Measure a case in a fresh process; `quiet` to compile whatever is not yet."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        save_survey(case, folder)
        target = compile_everything if quiet else measure
        options = {} if quiet else {"with_parts": with_parts}
        run_apart(target, case, folder, **options)


def main():
    run(SMALL, with_parts=False, quiet=True)
    for case in CASES:
        split = ", two segments, four quarters" if case.split else ""
        print(
            f"{case.respondents:,} respondents, {case.centres:,} centres, "
            f"{case.regions} regions{split}",
            flush=True,
        )
        run(case, with_parts="--parts" in sys.argv[1:])


if __name__ == "__main__":
    main()
