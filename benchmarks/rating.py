"""Time scores, stars and ranks with their doubt for 2,000 centres, in one run.

Measured, each with numbers compared before times are printed (a difference stops the run):

- Scores, standard errors, stars and P(star = k) of 2,000 centres x 20 indicators from counts. Bar:
  0.5 s. Beside it pandas does the index, its error and the normal probabilities (scipy) from the
  answers themselves, complete ones: neither starts from counts.
- Marginal and simultaneous confidence sets of ranks with stepdown, 1,000 draws, 2,000 centres, in a
  fresh process. Bars: 60 s and 1 GB. No package here has these sets: scipy and statsmodels have
  none, and R csranks is no dependency of ours (its published sets are in the tests). Beside it
  numpy finds the simultaneous sets of a few centres with all pairs and draws in memory.
- The whole of doubt, by parts, without a bar: draws of indices, probabilities by draws, the table
  of ranks by country and region, shrunken scores, standard errors of resampled respondents.

The exit code is not 0 where a bar is missed. Run: ``python benchmarks/rating.py``
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from areas.material import make_register
from areas.rating import (
    DRAWS,
    LEVEL,
    ROUNDING,
    SEED,
    find_sets_of_all_pairs,
    list_cuts,
    rate_by_pandas,
)
from side_by_side import (
    agree,
    draw_answers,
    make_methodology,
    make_responses,
    read_peak_gb,
    report,
    report_peer,
    run_apart,
    take_best,
    timed,
)
from threadpoolctl import threadpool_limits

from clientindex.counts import compute_centre_moments, count_pairs
from clientindex.rating import assign_stars, compute_scores
from clientindex.rating.error_check import check_errors_by_resampling
from clientindex.rating.index_draws import draw_indices
from clientindex.rating.ranks import (
    compute_marginal_sets,
    compute_simultaneous_sets,
    draw_independent,
)
from clientindex.rating.ranks.room import assess_ranks
from clientindex.rating.shrinkage.room import assess_shrinkage
from clientindex.rating.star_doubt import compute_star_probabilities
from clientindex.rating.star_doubt.room import assess_star_doubt
from clientindex.rating.star_rules import KMeans

RESPONDENTS, CENTRES = 280_000, 2_000
SMALL_RESPONDENTS, SMALL_CENTRES = 3_000, 30
REPEATS = 5
FEW = 150
"""Centres of the peer that keeps all pairs and draws."""

SCORES_LIMIT, RANKS_LIMIT, MEMORY_LIMIT = 0.5, 60.0, 1.0


def make_material(n_respondents, n_centres):
    """Draw answers of centres in regions, and count them."""
    methodology = make_methodology()
    codes, centre = draw_answers(n_respondents, n_centres=n_centres)
    responses = make_responses(codes, centre, methodology)
    counts = count_pairs(responses, methodology)
    register = make_register(sorted(responses.units["centre"]))
    return methodology, responses, counts, register, codes, centre


def rate(counts, methodology, register):
    """Do all that has the bar of half a second."""
    moments = compute_centre_moments(counts, methodology)
    scores = compute_scores(moments, methodology)
    stars = assign_stars(scores, methodology, register=register)
    starred = stars.frame[stars.frame["withheld"] == ""]
    probabilities = compute_star_probabilities(
        starred["estimate"].to_numpy(float),
        starred["std_error"].to_numpy(float),
        cuts=list_cuts(methodology),
    )
    return moments, scores, stars, probabilities


def time_scores(material):
    """Compare and time scores, errors, stars and probabilities; return our time."""
    methodology, _, counts, register, codes, centre = material
    print(f"{CENTRES:,} centres x 20 indicators of {RESPONDENTS:,} respondents, from counts")
    found, ours = take_best(REPEATS, rate, counts, methodology, register)
    theirs, spent = take_best(REPEATS, rate_by_pandas, (codes, centre, methodology))
    starred = found[2].frame[found[2].frame["withheld"] == ""]
    order = np.searchsorted(np.array(register["centre"]), np.array(starred["centre"]))
    difference = max(
        agree("index", starred["estimate"].to_numpy(float), theirs[order, 0], ROUNDING),
        agree("error", starred["std_error"].to_numpy(float), theirs[order, 1], ROUNDING),
        agree("probabilities", found[3], theirs[order, 2:], ROUNDING),
    )
    report("scores, errors, stars, P(star) of all stars", ours, SCORES_LIMIT)
    report_peer("pandas and scipy, from answers: the index only", spent, ours, difference)
    return ours


def time_few_ranks():
    """Compare and time simultaneous sets of a few centres with numpy."""
    rng = np.random.default_rng(3)
    std_errors = rng.uniform(1, 4, FEW)
    scores = 60 + 6 * rng.standard_normal(FEW)
    errors = draw_independent(std_errors, draws=DRAWS, seed=SEED)
    ours, spent = take_best(REPEATS, compute_simultaneous_sets, scores, errors, level=LEVEL)
    (low, high), theirs = timed(find_sets_of_all_pairs, (scores, errors))
    difference = agree("sets", [ours.low, ours.high], [low, high], 0)
    print(f"Simultaneous rank sets of {FEW} centres with stepdown, {DRAWS:,} draws")
    report("simultaneous sets", spent)
    report_peer("numpy, all pairs and draws in memory", theirs, spent, difference)
    print("    scipy and statsmodels have no such sets")


def measure_ranks(centres):
    """Time both kinds of sets in a process of its own; hand back seconds and GB."""
    with threadpool_limits(limits=1):
        rng = np.random.default_rng(4)
        std_errors = rng.uniform(1, 4, centres)
        scores = 60 + 6 * rng.standard_normal(centres) + std_errors * rng.standard_normal(centres)
        before = read_peak_gb()
        errors, drawing = timed(draw_independent, std_errors, draws=DRAWS, seed=SEED)
        both, together = timed(compute_simultaneous_sets, scores, errors, level=LEVEL)
        _, alone = timed(compute_marginal_sets, scores, errors, level=LEVEL)
        peak = read_peak_gb()
    if centres == CENTRES:
        print(f"Rank sets of {centres:,} centres with stepdown, {DRAWS:,} draws, two threads")
        report(f"draws, simultaneous sets ({both.steps[0]} steps)", drawing + together, RANKS_LIMIT)
        report("marginal sets", alone, RANKS_LIMIT)
        print(f"    peak of memory {peak:.2f} GB, {before:.2f} GB before", flush=True)
    return drawing + together + alone, peak


def assess_parts(material, *, tell):
    """Time every part of doubt alone."""
    methodology, responses, counts, register, _, _ = material
    moments, scores, stars, _ = rate(counts, methodology, register)
    starred = stars.frame[stars.frame["withheld"] == ""]
    centres = list(starred["centre"])
    rule = KMeans(n_stars=5)
    levels = rule.find_cuts(starred["estimate"].to_numpy(float))
    by_means = stars.frame.copy()
    given = np.searchsorted(levels, starred["estimate"].to_numpy(float), side="right") + 1
    by_means.loc[by_means["withheld"] == "", "star"] = given
    draws, drawing = timed(
        draw_indices, moments, methodology, centres=centres, draws=DRAWS, seed=SEED
    )
    clustered = replace(stars, frame=by_means)
    tasks = {
        "P(star) by three routes, fixed bands": lambda: assess_star_doubt(
            stars, draws, methodology
        ),
        "P(star) by three routes, k-means in every draw": lambda: assess_star_doubt(
            clustered, draws, methodology, rule=rule
        ),
        "table of ranks, country and 13 regions": lambda: assess_ranks(
            stars, draws, methodology, seed=SEED
        ),
        "shrunken scores, index and groups": lambda: assess_shrinkage(
            scores, methodology, register=register
        ),
        "standard errors of resampled respondents, 200 times": lambda: check_errors_by_resampling(
            stars, responses, methodology, moments=moments, seed=SEED
        ),
    }
    times = {f"{DRAWS:,} draws of indices": drawing}
    times |= {name: timed(task)[1] for name, task in tasks.items()}
    if tell:
        print(f"All of doubt of {CENTRES:,} centres, by parts")
        for name, seconds in times.items():
            report(name, seconds)
        print(f"    peak of memory {read_peak_gb():.2f} GB, with answers and counts of all")


def main():
    # First, because a new process starts with the peak of memory of the one that starts it.
    run_apart(measure_ranks, SMALL_CENTRES)
    seconds, peak = run_apart(measure_ranks, CENTRES)
    with threadpool_limits(limits=1):
        time_few_ranks()
        # Compiles what is compiled at first use.
        assess_parts(make_material(SMALL_RESPONDENTS, SMALL_CENTRES), tell=False)
        material = make_material(RESPONDENTS, CENTRES)
        bars = [
            ("scores, errors, stars, P(star)", time_scores(material), SCORES_LIMIT),
            ("rank sets, seconds", seconds, RANKS_LIMIT),
            ("rank sets, GB", peak, MEMORY_LIMIT),
        ]
        assess_parts(material, tell=True)
    missed = [
        f"{name}: {value:.3g}, not below {limit:g}" for name, value, limit in bars if value >= limit
    ]
    if missed:
        raise SystemExit("\n".join(missed))
    print("All bars are kept.")


if __name__ == "__main__":
    main()
