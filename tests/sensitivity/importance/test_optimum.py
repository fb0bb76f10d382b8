"""Optimised weights in closed form, recovered, and against a grid where no weights are exact."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize

from clientindex.errors import StatisticsError
from clientindex.sensitivity.importance.optimum import (
    optimise,
    realise_sum,
    share_importance,
    solve_sum,
    take_roots,
)

EXACT = 1e-12
# The search ends within 1e-12 of its sums of squares.
SEARCHED = 1e-6
EQUAL = np.full(3, 1 / 3)


def measure(shares: np.ndarray, target: np.ndarray) -> np.ndarray:
    return ((take_roots(shares) - np.sqrt(target)) ** 2).sum(axis=-1)


@pytest.mark.parametrize("r", [-0.3, 0.0, 0.5, 0.8])
@pytest.mark.parametrize("target", [0.5, 0.55])
def test_two_correlated_components(r: float, target: float) -> None:
    """With deviations 1 and q the root of the ratio of targets, w = (q - r) / ((1 - r)(1 + q))."""
    cov = np.array([[1, r], [r, 1]])
    q = np.sqrt(target / (1 - target))
    expected = (q - r) / ((1 - r) * (1 + q))
    shares = np.array([target, 1 - target])
    assert solve_sum(cov, shares).weights[0] == pytest.approx(expected, abs=EXACT)
    found = optimise(realise_sum(cov), shares, starts=[np.array([0.9, 0.1])])
    assert found.outcome == "reached"
    assert found.weights[0] == pytest.approx(expected, abs=SEARCHED)


def test_deviations_divide_weights() -> None:
    shares = np.array([0.5, 0.5])
    found = solve_sum(np.diag([1.0, 16.0]), shares).weights
    np.testing.assert_allclose(found, [0.8, 0.2], atol=EXACT)


def test_importance_of_a_sum_is_that_of_scores() -> None:
    rng = np.random.default_rng(6)
    x = rng.normal(size=(50, 3)) - rng.normal(size=(50, 1)) * [1, 1, -1]
    weights = np.array([[0.6, 0.3, 0.1], [0.2, 0.2, 0.6]])
    found = realise_sum(np.cov(x.T))(weights)
    for row, own in enumerate(weights):
        r = np.array([np.corrcoef(x @ own, column)[0, 1] for column in x.T])
        np.testing.assert_allclose(found[row], r * np.abs(r), atol=EXACT)


def test_shares_of_known_weights_are_recovered() -> None:
    rng = np.random.default_rng(1)
    for size in (3, 8, 20):
        loading = rng.uniform(0.3, 0.9, (size, 1))
        cov = (loading @ loading.T + np.diag(1 - loading[:, 0] ** 2)) * 9
        weights = rng.dirichlet(np.full(size, 3.0))
        target = share_importance(realise_sum(cov)(weights[None]))[0]
        np.testing.assert_allclose(solve_sum(cov, target).weights, weights, atol=1e-9)
        found = optimise(realise_sum(cov), target, starts=[np.full(size, 1 / size)])
        assert found.outcome == "reached"
        np.testing.assert_allclose(found.weights, weights, atol=1e-4)


def test_what_cannot_be_reached_is_told_and_nearest_by_a_grid() -> None:
    cov = np.full((3, 3), 0.8) + 0.2 * np.eye(3)
    target = np.array([0.6, 0.2, 0.2])
    found = optimise(realise_sum(cov), target, starts=[EQUAL])
    exact = solve_sum(cov, target)
    assert found.outcome == exact.outcome == "closest"
    steps = np.linspace(0, 1, 201)
    grid = np.array([[a, b, 1 - a - b] for a in steps for b in steps if a + b <= 1 + 1e-9])
    least = measure(share_importance(realise_sum(cov)(grid)), target).min()
    assert measure(exact.shares, target) <= least + EXACT
    np.testing.assert_allclose(exact.weights, [1, 0, 0], atol=EXACT)
    np.testing.assert_allclose(found.weights, [1, 0, 0], atol=1e-4)


def test_part_of_the_weights_at_zero_by_a_grid() -> None:
    """The first component is told by the others: no weight of its own makes it so unimportant."""
    cov = np.array([[1.0, 0.7, 0.7], [0.7, 1.0, 0.1], [0.7, 0.1, 1.0]])
    target = np.array([0.2, 0.35, 0.45])
    exact = solve_sum(cov, target)
    steps = np.linspace(0, 1, 401)
    grid = np.array([[a, b, 1 - a - b] for a in steps for b in steps if a + b <= 1 + 1e-9])
    distance = measure(share_importance(realise_sum(cov)(grid)), target)
    assert measure(exact.shares, target) <= distance.min() + EXACT
    np.testing.assert_allclose(exact.weights, grid[np.argmin(distance)], atol=2 / 400)
    assert exact.weights[0] == 0
    searched = optimise(realise_sum(cov), target, starts=[EQUAL])
    np.testing.assert_allclose(searched.weights, exact.weights, atol=1e-4)


def test_at_least_as_near_as_nelder_mead() -> None:
    """The peer's search (COINr is by Nelder-Mead too), for the same distance."""
    rng = np.random.default_rng(12)
    x = rng.normal(size=(60, 5)) + 1.2 * rng.normal(size=(60, 1))
    cov, target = np.cov(x.T), np.array([0.4, 0.3, 0.1, 0.1, 0.1])
    realise = realise_sum(cov)

    def miss(weights: np.ndarray) -> float:
        own = np.abs(weights) / np.abs(weights).sum()
        return float(measure(share_importance(realise(own[None]))[0], target))

    peer = minimize(miss, np.full(5, 0.2), method="Nelder-Mead", options={"maxiter": 2000})
    for found in (solve_sum(cov, target), optimise(realise, target, starts=[np.full(5, 0.2)])):
        assert measure(found.shares, target) <= peer.fun + 1e-10


def test_importance_against_the_index_does_not_count() -> None:
    """The square alone would take a weight under which the second component falls."""
    cov = np.array([[1.0, -0.9], [-0.9, 1.0]])
    shares = share_importance(realise_sum(cov)(np.array([[0.9, 0.1]])))[0]
    assert shares[1] < 0
    found = optimise(realise_sum(cov), np.abs(shares), starts=[np.array([0.9, 0.1])])
    assert found.outcome == "reached"
    assert (found.shares > 0).all()


def test_weights_that_are_not_determined_are_refused() -> None:
    with pytest.raises(StatisticsError, match="weighted sum of others"):
        solve_sum(np.ones((2, 2)), np.array([0.5, 0.5]))
    with pytest.raises(StatisticsError, match="component 1 does not vary"):
        solve_sum(np.diag([1.0, 0.0]), np.array([0.5, 0.5]))
    with pytest.raises(StatisticsError, match="not defined"):
        optimise(lambda w: np.full_like(w, np.nan), EQUAL, starts=[EQUAL])
