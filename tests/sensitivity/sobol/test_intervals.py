"""Intervals reach their nominal coverage, and which do not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from analytic_functions import FUNCTIONS, run_design
from clientindex.errors import StatisticsError
from clientindex.sensitivity.sobol.design import make_design
from clientindex.sensitivity.sobol.indices import RowSums, compute_indices
from clientindex.sensitivity.sobol.intervals import (
    bootstrap_indices,
    jackknife_indices,
)

LEVEL, ROWS, REPEATS = 0.9, 256, 200
LEAST, MOST = 0.82, 0.97
"""Coverage of 200 intervals of 90 %: 0.9 +- 3.3 Monte Carlo errors of 0.021."""


def _design(n, seed, *, sequences, random=False, rows=ROWS):
    names = [f"x{number}" for number in range(n)]
    seeds = np.random.SeedSequence([seed, 1])
    design = make_design(names, base_size=rows, seed=seeds, sequences=sequences)
    if random:
        a, b = np.random.default_rng(seeds).random((2, ROWS, n))
        design = replace(design, a=a, b=b)
    return design


def _cover(name, find, **options):
    """Return coverage of first-order and total indices, shape (2, inputs)."""
    function, truth, n = FUNCTIONS[name]
    hits = []
    for seed in range(REPEATS):
        runs = run_design(_design(n, seed, **options), function)
        hits.append(
            [
                (interval.low[0] <= value) & (value <= interval.high[0])
                for interval, value in zip(find(runs, seed), truth()[1:], strict=True)
            ]
        )
    return np.mean(hits, axis=0)


def _bootstrap(kind):
    def find(runs, seed):
        rng = np.random.default_rng(seed)
        return bootstrap_indices(runs, replicates=300, level=LEVEL, rng=rng, kind=kind)

    return find


@pytest.mark.slow
@pytest.mark.parametrize("name", ["ishigami", "linear"])
def test_jackknife_over_sequences_covers(name):
    def find(runs, _):
        return jackknife_indices(runs, sequences=16, level=LEVEL)

    covered = _cover(name, find, sequences=16)
    assert covered.min() >= LEAST
    assert covered.max() <= MOST


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["percentile", "bias_corrected"])
def test_bootstraps_of_random_samples_cover(kind):
    covered = _cover("ishigami", _bootstrap(kind), sequences=1, random=True)
    assert covered.min() >= LEAST
    assert covered.max() <= MOST


@pytest.mark.slow
def test_a_bootstrap_of_one_sequence_does_not():
    covered = _cover("ishigami", _bootstrap("percentile"), sequences=1, rows=512)
    # Most are far too wide; that of the third input's first-order index, which is 0, is not.
    assert covered[0, 1] > 0.99
    assert covered[1].max() > 0.99
    assert covered[0, 2] < 0.95


def _one():
    function, _, n = FUNCTIONS["sobol_g"]
    return run_design(_design(n, 5, sequences=16), function)


def test_bootstrap_replicates_are_estimates_of_the_rows_that_were_drawn():
    runs = _one()
    rng = np.random.default_rng(1)
    picked = rng.integers(0, ROWS, ROWS)
    counts = np.bincount(picked, minlength=ROWS)[None].astype(float)
    _, _, first, total = RowSums.of(runs).estimate(counts)
    again = compute_indices(runs[picked])
    assert first[0] == pytest.approx(again.first, abs=1e-12)
    assert total[0] == pytest.approx(again.total, abs=1e-12)


def test_one_sequence_has_no_jackknife():
    with pytest.raises(StatisticsError, match="take two sequences or more"):
        jackknife_indices(_one(), sequences=1, level=0.95)
