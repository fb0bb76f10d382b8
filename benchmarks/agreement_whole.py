"""Time the whole stage of survey against checklist, and every one of its analyses alone.

Measured: ``clientindex.agreement.assess`` for 240 and 2,000 centres, by parts, with the peak of
memory of a fresh process. The bar of all statistics together is 60 s and 2 GB. There is no peer
that does the same.

The exit code is not 0 where a bar is missed. Run: ``python benchmarks/agreement_whole.py``
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from areas.agreement.scores import N_INDICATORS
from areas.agreement.stage import SEED, assess
from side_by_side import read_peak_gb, report, run_apart, timed
from threadpoolctl import threadpool_limits
from two_sources.edition import N_REGIONS, make_material

from clientindex.agreement.categories import assess_categories
from clientindex.agreement.comparison import compare_sources
from clientindex.agreement.decision import decide
from clientindex.agreement.decomposition.room import assess_method_variance
from clientindex.agreement.inflation.room import assess_inflation
from clientindex.agreement.method_model.room import assess_method_model
from clientindex.agreement.multitrait.room import assess_multitrait
from clientindex.agreement.room import assess_agreement
from clientindex.agreement.sides import assess_sides
from clientindex.agreement.structural.room import assess_structural

ASSESS_LIMIT, MEMORY_LIMIT = 60.0, 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    respondents: int
    centres: int


CASES = (Case(respondents=15_000, centres=240), Case(respondents=280_000, centres=2_000))
SMALL = Case(respondents=3_000, centres=60)
"""Compiles what is compiled at first use."""


def list_parts(material):
    """Return every analysis alone, by name."""
    sources, methodology = material.sources, material.methodology
    stars = {"survey_stars": material.survey_stars, "find_stars": material.find_stars}
    variance = assess_method_variance(sources, methodology)
    inflation = assess_inflation(sources, methodology)
    sides = assess_sides(sources, material.moments, methodology)
    return {
        "comparability": lambda: compare_sources(sources, methodology, seed=SEED),
        "reliability of both sides": lambda: assess_sides(sources, material.moments, methodology),
        "multitrait, groups": lambda: assess_multitrait(sources, methodology, kind="group"),
        "multitrait, indicators": lambda: assess_multitrait(sources, methodology, kind="indicator"),
        "method variance": lambda: assess_method_variance(sources, methodology),
        "method model": lambda: assess_method_model(sources, methodology),
        "agreement": lambda: assess_agreement(sources, methodology, seed=SEED),
        "categories": lambda: assess_categories(sources, methodology, seed=SEED, **stars),
        "structural relation": lambda: assess_structural(
            sources, methodology, variance=variance, seed=SEED
        ),
        "inflation": lambda: assess_inflation(sources, methodology),
        "decision": lambda: decide(
            sources,
            methodology,
            inflation=inflation,
            reliability=sides.centres,
            seed=SEED,
            **stars,
        ),
    }


def measure(case):
    """Assess, print and return seconds and the peak of memory; in a process of its own."""
    with threadpool_limits(limits=1):
        material = make_material(case.respondents, case.centres)
        if case == SMALL:
            assess(material)
            return None
        before, processors = read_peak_gb(), time.process_time()
        found, seconds = timed(assess, material)
        processors, peak = time.process_time() - processors, read_peak_gb()
        report("agreement.assess, two analyses at a time", seconds, ASSESS_LIMIT)
        print(
            f"    of processors {processors:.1f} s; peak of memory {peak:.2f} GB, {before:.2f} GB "
            "before"
        )
        absent = [name for name, one in found.results().items() if hasattr(one, "reason")]
        print(f"    results that could not be computed: {', '.join(absent) or 'none'}; then alone:")
        for name, task in list_parts(material).items():
            _, alone = timed(task)
            print(f"    {name:<28} {alone:>8.3f} s")
    return seconds, peak


def main():
    run_apart(measure, SMALL)
    bars = []
    for case in CASES:
        print(
            f"{case.respondents:,} respondents and {N_INDICATORS} indicators, {case.centres:,} "
            f"centres, {N_REGIONS} regions",
            flush=True,
        )
        seconds, peak = run_apart(measure, case)
        bars += [
            (f"assess, {case.centres:,} centres", seconds, ASSESS_LIMIT),
            (f"memory, {case.centres:,} centres", peak, MEMORY_LIMIT),
        ]
    missed = [
        f"{name}: {value:.3g}, not below {limit:g}" for name, value, limit in bars if value >= limit
    ]
    if missed:
        raise SystemExit("\n".join(missed))
    print("All bars are kept.")


if __name__ == "__main__":
    main()
