"""Parts against all orders by brute force, and against functions with known Shapley effects."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest

from clientindex.sensitivity.together.decomposition import (
    make_shapley_matrix,
    measure_unexplained,
)

PAIRS = 200_000
MONTE_CARLO = 0.02
"""Relative; 4 standard errors of the mean of 200,000 squares."""


@pytest.mark.parametrize("n", [1, 2, 3, 4])
def test_parts_are_means_over_all_orders(n):
    values = np.random.default_rng(n).normal(size=2**n)
    parts = np.zeros(n)
    orders = list(permutations(range(n)))
    for order in orders:
        subset = 0
        for source in order:
            parts[source] += values[subset | 1 << source] - values[subset]
            subset |= 1 << source
    found = make_shapley_matrix(n) @ values
    assert found == pytest.approx(parts / len(orders), abs=1e-12)
    assert found.sum() == pytest.approx(values[-1] - values[0], abs=1e-12)


def _mix(function, n):
    points = np.random.default_rng(4).standard_normal((2, n, PAIRS))
    runs = [
        function(*(points[run >> source & 1, source] for source in range(n))) for run in range(2**n)
    ]
    return measure_unexplained(np.array(runs)).mean(axis=1)


def test_shapley_effects_of_a_sum_are_the_variances():
    left = _mix(lambda x, y, z: 70 + x + 2 * y + 3 * z, 3)
    assert make_shapley_matrix(3) @ -left == pytest.approx([1, 4, 9], rel=MONTE_CARLO)


def test_an_interaction_is_shared_evenly():
    """Of x + 2 y z, x has 1, and y and z have 4 together, neither of them alone."""
    left = _mix(lambda x, y, z: x + 2 * y * z, 3)
    assert make_shapley_matrix(3) @ -left == pytest.approx([1, 2, 2], rel=MONTE_CARLO)
    # Known z: 1 + 4 z², of which the mean is all of the variance.
    assert left[0b100] == pytest.approx(5, rel=MONTE_CARLO)
    assert left[0b110] == pytest.approx(1, rel=MONTE_CARLO)
    assert left[0b111] == 0


def test_parts_of_one_pair_sum_to_its_variance():
    runs = np.random.default_rng(1).normal(size=(8, 30))
    left = measure_unexplained(runs)
    assert (make_shapley_matrix(3) @ -left).sum(axis=0) == pytest.approx(left[0], abs=1e-12)
