"""Which weights go up and which down when the star of a centre changes first."""

from __future__ import annotations

import numpy as np
import pytest

from clientindex.sensitivity.bounds.direction import find_smallest_shift
from clientindex.sensitivity.bounds.distance import find_smallest_l1


def test_weight_goes_from_the_highest_score_to_the_lowest() -> None:
    """A fall of 4: the whole of 90 gives 0.05 x 40 = 2, so the rest comes from 80."""
    x, weights = np.array([90.0, 80.0, 50.0, 60.0]), np.array([0.05, 0.4, 0.3, 0.25])
    then = find_smallest_shift(x, weights, fall=4.0)
    moved = 2 / 30
    assert then == pytest.approx([0.0, 0.4 - moved, 0.3 + 0.05 + moved, 0.25])
    assert (weights - then) @ x == pytest.approx(4.0)


def test_a_rise_is_a_fall_of_the_negative() -> None:
    x, weights = np.array([70.0, 80.0]), np.array([0.5, 0.5])
    assert find_smallest_shift(-x, weights, fall=2.0) == pytest.approx([0.3, 0.7])


def test_what_is_there_already_moves_nothing() -> None:
    x, weights = np.array([70.0, 80.0]), np.array([0.5, 0.5])
    assert find_smallest_shift(x, weights, fall=0.0) == pytest.approx(weights)


def test_more_than_all_weights_can_do_is_none() -> None:
    x, weights = np.array([70.0, 80.0, 10.0]), np.array([0.5, 0.5, 0.0])
    assert find_smallest_shift(x, weights, fall=5.01) is None
    assert find_smallest_shift(x, weights, fall=5.0) == pytest.approx([1.0, 0.0, 0.0])


def test_its_size_is_that_of_the_smallest_change() -> None:
    rng = np.random.default_rng(0)
    x, weights = rng.uniform(0, 100, (300, 5)), rng.dirichlet(np.ones(5), 300)
    fall = rng.uniform(0, 40, 300)
    sizes = find_smallest_l1(x, weights, fall=fall)
    for row, size in enumerate(sizes):
        then = find_smallest_shift(x[row], weights[row], fall=fall[row])
        if np.isnan(size):
            assert then is None
            continue
        assert np.abs(then - weights[row]).sum() == pytest.approx(size, abs=1e-12)
        assert then.min() >= 0
        assert then.sum() == pytest.approx(1.0)
