"""Compensation between groups against loops over centres."""

from __future__ import annotations

import numpy as np
import pytest

from clientindex.rating.aggregation import Mean, compute_mean_gradient
from clientindex.sensitivity.importance.compensation import (
    compute_compensated,
    compute_made_up,
    compute_substitution,
    find_quantile,
)

TOLERANCE = 1e-12


def test_rates_of_substitution_in_closed_form() -> None:
    x, weights = np.array([[40.0, 80.0, 60.0]]), np.array([0.5, 0.3, 0.2])
    flat = compute_substitution(compute_mean_gradient(x, weights, mean=Mean()))
    np.testing.assert_allclose(flat[0], weights[:, None] / weights, rtol=TOLERANCE)
    curved = compute_mean_gradient(x, weights, mean=Mean(kind="geometric"))
    expected = (weights[:, None] / weights) * (x[0] / x[0][:, None])
    np.testing.assert_allclose(compute_substitution(curved)[0], expected, rtol=TOLERANCE)


def test_a_group_that_does_not_move_the_index_has_no_rate() -> None:
    found = compute_substitution(np.array([[0.5, 0.0]]))[0]
    assert np.isnan(found[0, 1])
    assert found[0, 0] == 1


def test_what_others_give_back_by_a_loop() -> None:
    rng = np.random.default_rng(2)
    contribution = rng.normal(10, 2, (25, 3))
    weights = np.vstack([np.ones(25), rng.integers(0, 3, 25)]).astype(float)
    by_one, by_all = compute_made_up(contribution, weights)
    for row, weight in enumerate(weights):
        mean = np.average(contribution, axis=0, weights=weight)
        for g in range(3):
            lost, back, every = 0.0, np.zeros(3), 0.0
            for w, own in zip(weight, contribution - mean, strict=True):
                if own[g] < 0:
                    lost += w * -own[g]
                    back += [w * min(-own[g], max(d, 0)) for d in own]
                    every += w * min(-own[g], max(own.sum() - own[g], 0))
            for h in {0, 1, 2} - {g}:
                assert by_one[row, g, h] == pytest.approx(back[h] / lost, abs=TOLERANCE)
            assert by_all[row, g] == pytest.approx(every / lost, abs=TOLERANCE)
    assert np.isnan(np.diagonal(by_one, axis1=1, axis2=2)).all()


def test_groups_all_alike_give_nothing_back() -> None:
    level = np.arange(10.0)[:, None]
    by_one, by_all = compute_made_up(np.hstack([level, level]), np.ones((1, 10)))
    assert by_one[0, 0, 1] == 0
    assert by_all[0].tolist() == [0, 0]
    opposed, _ = compute_made_up(np.hstack([level, -level]), np.ones((1, 10)))
    assert opposed[0, 0, 1] == pytest.approx(1)


def test_share_of_weak_centres_that_are_compensated() -> None:
    groups = np.array([[1.0, 9.0], [2.0, 1.0], [8.0, 2.0], [9.0, np.nan]])
    index = np.array([60.0, 40.0, 50.0, 70.0])
    found = compute_compensated(groups, index, np.ones((1, 4)), quantile=0.5)
    # Group 1: centres 0 (60) and 1 (40) are weak, the median index is 50. Group 2: 1 (40), 2 (50).
    assert found[0].tolist() == [0.5, 0.5]


def test_quantiles_are_observed_values() -> None:
    values = np.array([3.0, 1.0, 2.0, 4.0])
    weights = np.array([[1.0, 1, 1, 1], [0, 0, 0, 2], [3, 1, 0, 0]])
    assert find_quantile(values, weights, quantile=0.5).tolist() == [2.0, 4.0, 3.0]
