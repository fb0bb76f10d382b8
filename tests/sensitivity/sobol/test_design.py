"""Designs are SALib's, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest
from SALib.sample import sobol as salib

from clientindex.errors import StatisticsError
from clientindex.sensitivity.sobol.design import make_design

SEED = np.random.SeedSequence(3)


def _sample(problem, state, n):
    sample = salib.sample(problem, n, calc_second_order=False, seed=int(state))
    return sample.reshape(n, -1, problem["num_vars"])


def test_runs_are_those_of_salib_without_and_with_groups():
    problem = {"num_vars": 4, "names": list("abcd"), "bounds": [[0, 1]] * 4}
    states = SEED.generate_state(2)
    groups = {"first": ["a", "c"], "rest": ["b", "d"]}
    design = make_design(list("abcd"), base_size=16, seed=SEED, sequences=2, groups=groups)
    single = np.concatenate([_sample(problem, state, 8) for state in states])
    problem["groups"] = ["first", "rest", "first", "rest"]
    grouped = np.concatenate([_sample(problem, state, 8) for state in states])
    assert design.names == ("a", "b", "c", "d", "first", "rest")
    for row in range(16):
        runs = design.list_runs(row)
        assert np.array_equal(runs[[0, 2, 3, 4, 5, 1]], single[row])
        assert np.array_equal(runs[[0, 6, 7, 1]], grouped[row])


def test_the_seed_is_not_used_up():
    first = make_design(["a"], base_size=8, seed=SEED)
    assert np.array_equal(first.a, make_design(["a"], base_size=8, seed=SEED).a)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"base_size": 1000}, "1000 rows"),
        ({"base_size": 1}, "1 rows"),
        ({"base_size": 16, "sequences": 3}, "3 sequences"),
        ({"base_size": 16, "sequences": 32}, "32 sequences"),
        ({"base_size": 16, "groups": {"g": ["b"]}}, "unknown ones: b"),
    ],
)
def test_sizes_and_groups_are_checked(options, told):
    with pytest.raises(StatisticsError, match=told):
        make_design(["a"], seed=SEED, **options)


def test_a_design_needs_an_input():
    with pytest.raises(StatisticsError, match="an input that can move"):
        make_design([], base_size=16, seed=SEED)
