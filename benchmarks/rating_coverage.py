"""Count how often intervals of scores and ranks hold the truth, and whether P(star) comes true.

Measured over simulated surveys whose centres have a known true index (see
rated_centres/population.py: ordinal answers to 20 indicators of visitors who agree with themselves,
centres that differ by a normal effect or with a tenth of bad ones): the share of nominal 95 %
intervals that hold the truth with its Monte Carlo error, and their mean length. Then calibration of
probabilities, pooled over surveys: the mean gap of a reliability diagram with ten bins, and Brier's
score of a single star. Stars are given by the fixed bands of the methodology, and by quantiles.

The bar, a check that can fail: every interval of LEADING covers in 93-97.5 % of centres, sets of
ranks in at least 93 %, up to two Monte Carlo errors, and the gap of every route of CALIBRATED is
below 2 points of a hundred.

Results are the same for any number of workers. Run: ``python benchmarks/rating_coverage.py``
"""

from __future__ import annotations

import time
import warnings
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial

import numpy as np
from rated_centres import Population, draw_survey, examine_survey
from threadpoolctl import threadpool_limits

from clientindex.rating.star_doubt import compute_calibration

SEED = 2026
WORKERS = 2
CHUNK = 4
LOWEST, HIGHEST, ERRORS = 0.93, 0.975, 2.0
LARGEST_GAP = 0.02

LEADING = ("score", "empirical Bayes", "robust", "Fay-Herriot", "rank, posterior")
SETS = ("rank, marginal set", "rank, simultaneous set", "all ranks at once")
CALIBRATED = ("bands, shrunk", "quantiles, draws", "top tenth, posterior")


@dataclass(frozen=True, slots=True, kw_only=True)
class Design:
    """Surveys of one kind."""

    name: str
    population: Population
    n_surveys: int


DESIGNS = (
    Design(
        name="240 centres, about 60 respondents each, normal effects",
        population=Population(centres=240, n=60),
        n_surveys=60,
    ),
    Design(
        name="240 centres, about 60 respondents each, a tenth are bad",
        population=Population(centres=240, n=60, shape="some_bad"),
        n_surveys=60,
    ),
    Design(
        name="240 centres, about 15 respondents each, normal effects",
        population=Population(centres=240, n=15),
        n_surveys=60,
    ),
    Design(
        name="30 centres, about 60 respondents each, normal effects",
        population=Population(centres=30, n=60),
        n_surveys=150,
    ),
    Design(
        name="240 centres, about 50 citizens and 10 employers of the same weight each",
        population=Population(centres=240, n=50, second=10),
        n_surveys=60,
    ),
)


def examine(seed, *, population):
    """Draw one survey and return what it tells."""
    draw_seed, told_seed = seed.spawn(2)
    return examine_survey(draw_survey(population, np.random.default_rng(draw_seed)), told_seed)


def limit_threads():
    threadpool_limits(limits=1)
    warnings.simplefilter("error")


def simulate(design, seed):
    """Return intervals, by name an array (surveys, 2), and probabilities, by name (2, values)."""
    task = partial(examine, population=design.population)
    with ProcessPoolExecutor(WORKERS, initializer=limit_threads) as pool:
        found = list(pool.map(task, seed.spawn(design.n_surveys), chunksize=CHUNK))
    intervals = {name: np.array([one[name] for one, _ in found]) for name in found[0][0]}
    stars = {
        name: np.concatenate([told[name] for _, told in found], axis=1) for name in found[0][1]
    }
    return intervals, stars


def tell_intervals(design, intervals):
    """Print coverage; return what does not keep the bar."""
    faults = []
    for name, values in intervals.items():
        covers = values[:, 0].mean()
        error = values[:, 0].std(ddof=1) / np.sqrt(len(values))
        length = values[:, 1].mean()
        mark = "*" if name in LEADING + SETS else " "
        told = "" if np.isnan(length) else f"   mean length {length:7.2f}"
        print(f"  {mark} {name:<24} covers {covers:6.1%} ({error:.1%}){told}")
        margin = ERRORS * error
        low = name in LEADING + SETS and covers < LOWEST - margin
        high = name in LEADING and covers > HIGHEST + margin
        if low or high:
            faults.append((design.name, name, f"covers {covers:.1%}"))
    return faults


def tell_probabilities(design, stars):
    """Print calibration; return what does not keep the bar."""
    faults = []
    for name, (p, happened) in stars.items():
        found = compute_calibration(p, happened > 0)
        mark = "*" if name in CALIBRATED else " "
        print(f"  {mark} P: {name:<21} gap {found.gap:.4f}   Brier {found.brier:.4f}")
        if name in CALIBRATED and found.gap >= LARGEST_GAP:
            faults.append((design.name, name, f"has a gap of {found.gap:.3f}"))
    return faults


def main():
    print("Nominal 95 % intervals; * those with a bar. Errors are of the simulation.")
    faults = []
    seeds = np.random.SeedSequence(SEED).spawn(len(DESIGNS))
    for design, seed in zip(DESIGNS, seeds, strict=True):
        started = time.perf_counter()
        intervals, stars = simulate(design, seed)
        print(f"{design.name}: {time.perf_counter() - started:.0f} s", flush=True)
        faults += tell_intervals(design, intervals) + tell_probabilities(design, stars)
    if faults:
        raise SystemExit("\n".join(": ".join(fault) for fault in faults))
    print("Everything with a bar keeps it.")


if __name__ == "__main__":
    main()
