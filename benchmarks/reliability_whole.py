"""Time the whole reliability stage, and find which of its analyses takes it.

Measured: ``reliability.assess`` on simulated answers to 20 indicators, from counts, with the peak
of memory of a process that only counts and assesses; with ``--parts`` each of its analyses alone as
well, which takes as long again. An edition of the demo's size has 15,000 respondents in 240 centres
of 13 regions, two segments and four quarters; the large ones have a million respondents in 2,000
centres, in 13 regions and in 85, the number of Russia's. Every segment, region and period is a part
of the data that is analysed by itself.

The bar: all statistics together, of which this is one stage, take less than 60 s and 2 GB for a
million respondents in 2,000 centres. There is no peer that does the same.

Run: ``python benchmarks/reliability_whole.py [--parts]``
"""

from __future__ import annotations

import multiprocessing
import resource
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from side_by_side import draw_answers, list_regions, make_methodology, report, timed
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
        before = read_peak()
        _, seconds = timed(
            reliability.assess,
            counts,
            methodology=methodology,
            strata=regions,
            seed=SEED,
            responses=responses,
        )
        report("reliability.assess, two analyses at a time", seconds, case.limit)
        print(f"    peak of memory {read_peak():.2f} GB, before it {before:.2f} GB")
        if with_parts:
            time_parts(responses, counts, methodology, regions)


def time_parts(responses, counts, methodology, regions):
    """Print the time of every analysis alone; the first assessment has compiled what there is."""
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
        _, seconds = timed(task)
        print(f"    {name:<20} {seconds:>8.2f} s, {1000 * seconds / len(scopes):>6.0f} ms a part")


def read_peak():
    """Return the peak of memory of this process in GB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


def main():
    context = multiprocessing.get_context("spawn")
    for case in CASES:
        split = ", two segments, four quarters" if case.split else ""
        print(
            f"{case.respondents:,} respondents, {case.centres:,} centres, "
            f"{case.regions} regions{split}",
            flush=True,
        )
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            save_survey(case, folder)
            options = {"with_parts": "--parts" in sys.argv[1:]}
            process = context.Process(target=measure, args=(case, folder), kwargs=options)
            process.start()
            process.join()
        if process.exitcode:
            raise SystemExit(process.exitcode)


if __name__ == "__main__":
    main()
