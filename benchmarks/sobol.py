"""Time 27,648 runs of 2,000 centres x 20 indicators and their sensitivity indices, in one run.

- Weights alone: 25 of them, 1,024 rows of 27 runs and those of groups: 27,648 runs that give all
  indices, ranks and stars. Bar: 10 CPU seconds. Beside it SALib finds the indices of the same runs,
  one output at a time, and numpy the runs of a few rows, from the methodology's own functions.
- Weights, method and sampling error, as by the standard settings, and everything together with
  1,000 pairs of points, without a bar.
- Exact bounds of all centres within plus-minus 25 %: ranges, stars and the smallest changes. Bar: 2
  CPU seconds. What they are held to is in tests/sensitivity/bounds.

Numbers are compared before times are printed (a difference stops the run). The exit code is not 0
where a bar is missed. Run: ``python benchmarks/sobol.py``
"""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
from areas.material import make_register
from areas.sensitivity.sobol import analyse_by_salib, set_up_weights, shift_centre
from side_by_side import (
    agree,
    draw_answers,
    make_methodology,
    make_responses,
    read_peak_gb,
    report,
    report_peer,
)
from threadpoolctl import threadpool_limits

from clientindex.counts import compute_centre_moments, count_pairs
from clientindex.methodology.sobol_settings import SobolSettings
from clientindex.methodology.weight_bounds_settings import WeightBoundsSettings
from clientindex.rating import assign_stars, compute_scores
from clientindex.rating.bands import find_stars, rank_scores
from clientindex.sensitivity.bounds.room import assess_weight_bounds
from clientindex.sensitivity.drawn_index import LinearIndex
from clientindex.sensitivity.draws import WeightDraws
from clientindex.sensitivity.sobol.design import make_design
from clientindex.sensitivity.sobol.indices import compute_indices
from clientindex.sensitivity.sobol.room import assess_sobol, run_design
from clientindex.sensitivity.together.room import assess_together

RESPONDENTS, CENTRES = 280_000, 2_000
SMALL_RESPONDENTS, SMALL_CENTRES = 3_000, 30
ROWS, RUNS, FEW = 1_024, 27_648, 8
LIMIT, BOUNDS_LIMIT, ROUNDING = 10.0, 2.0, 1e-9
SEED = np.random.SeedSequence(2026)


def clocked(function, *arguments, **options):
    """Return the result and CPU seconds of all threads."""
    started = time.process_time()
    result = function(*arguments, **options)
    return result, time.process_time() - started


def make_material(n_respondents, n_centres):
    methodology = make_methodology()
    codes, centre = draw_answers(n_respondents, n_centres=n_centres)
    responses = make_responses(codes, centre, methodology)
    moments = compute_centre_moments(count_pairs(responses, methodology), methodology)
    register = make_register(sorted(responses.units["centre"]))
    stars = assign_stars(compute_scores(moments, methodology), methodology, register=register)
    return moments, stars, methodology


def set_up(material):
    moments, stars, methodology = material
    return set_up_weights(moments, stars, methodology, seed=SEED)


def run_by_functions(design, setup, inputs, outputs, material):
    """Return rank shift and changed stars of a few rows by the functions of the rating."""
    moments, _, methodology = material
    linear = LinearIndex.of(moments, methodology, centres=list(setup.starred["centre"]))
    found = []
    for row in range(FEW):
        runs = inputs.make_runs(setup, design.list_runs(row))
        index = linear.compute(WeightDraws(inner=runs.inner, outer=runs.outer))
        shift = np.abs(rank_scores(index) - outputs.ranks).mean(axis=1)
        levels = find_stars(index, methodology.stars.bands)
        found.append(np.stack([shift, (levels != outputs.levels).mean(axis=1)], axis=1))
    return np.stack(found)


def time_weights(material):
    setup, inputs, outputs = set_up(material)
    design = make_design(inputs.names, base_size=ROWS, seed=SEED, sequences=16)
    if design.n_runs != RUNS:
        message = f"{design.n_runs} runs, not {RUNS}"
        raise SystemExit(message)
    print(f"{RUNS:,} runs of {CENTRES:,} centres x 20 indicators: all ranks and stars, CPU seconds")
    runs, ours = clocked(run_design, design, setup, inputs, outputs)
    few = replace(design, a=design.a[:FEW], b=design.b[:FEW])
    theirs, by_functions = clocked(run_by_functions, few, setup, inputs, outputs, material)
    difference = agree("outputs", runs[:FEW, :, :2], theirs, ROUNDING)
    report("runs", ours, LIMIT)
    report_peer(
        "numpy and scipy, functions of the rating, scaled from 8 rows",
        by_functions * ROWS / FEW,
        ours,
        difference,
    )
    found, spent = clocked(compute_indices, runs)
    moving = found.variance > 0
    salib_found, salib_spent = clocked(analyse_by_salib, (runs[..., moving], inputs.names))
    first = found.first + shift_centre(runs, found)
    difference = max(
        agree("first-order", first[moving], salib_found[0], ROUNDING),
        agree("total", found.total[moving], salib_found[1], ROUNDING),
    )
    report(f"indices of {int(moving.sum())} outputs", spent)
    report_peer("SALib, analyze, 2 resamples", salib_spent, spent, difference)
    return ours


def time_all(material, settings):
    moments, stars, methodology = material
    return clocked(assess_sobol, moments, stars, methodology, seed=SEED, settings=settings)


def time_bounds(material):
    moments, stars, methodology = material
    settings = WeightBoundsSettings()
    found, spent = clocked(assess_weight_bounds, moments, stars, methodology, settings=settings)
    print(f"Exact bounds of {len(found.frame):,} centres, and the smallest changes of weights")
    report("all of it", spent, BOUNDS_LIMIT)
    return spent


def main():
    with threadpool_limits(limits=1):
        # Compiles what is compiled at first use.
        time_all(make_material(SMALL_RESPONDENTS, SMALL_CENTRES), SobolSettings(base_size=64))
        material = make_material(RESPONDENTS, CENTRES)
        seconds = time_weights(material)
        found, spent = time_all(material, SobolSettings())
        print(f"Weights, method and sampling error: {found.runs:,} runs, with intervals")
        report("all of it", spent)
        moments, stars, methodology = material
        joint, spent = clocked(assess_together, moments, stars, methodology, seed=SEED)
        print(f"Everything together: {joint.runs:,} runs, parts of doubt and of variance")
        report("all of it", spent)
        bounds = time_bounds(material)
        print(f"    peak of memory {read_peak_gb():.2f} GB, with counts of all")
    for name, spent, limit in (("runs", seconds, LIMIT), ("bounds", bounds, BOUNDS_LIMIT)):
        if spent >= limit:
            message = f"{name}: {spent:.3g} s, not below {limit:g}"
            raise SystemExit(message)
    print("All bars are kept.")


if __name__ == "__main__":
    main()
