"""Importance in a regression against lm() over all orders, brute force and closed forms."""

from __future__ import annotations

from itertools import combinations, permutations
from math import factorial
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from clientindex.errors import StatisticsError
from clientindex.sensitivity.weight_sources.relative_importance import compute_relative_importance

REFERENCE = Path(__file__).parents[2] / "reference" / "sensitivity" / "weight_sources"
CLOSED_FORM = 1e-10


def r_squared(s: np.ndarray, chosen: tuple[int, ...]) -> float:
    if not chosen:
        return 0.0
    at = list(chosen)
    cross = s[at, -1]
    return float(cross @ np.linalg.lstsq(s[np.ix_(at, at)], cross, rcond=None)[0] / s[-1, -1])


def share_by_subsets(s: np.ndarray) -> np.ndarray:
    """Add up Shapley's formula over all subsets, by numpy.linalg alone."""
    p = len(s) - 1
    found = np.zeros(p)
    for j in range(p):
        others = [k for k in range(p) if k != j]
        for size in range(p):
            weight = factorial(size) * factorial(p - 1 - size) / factorial(p)
            for subset in combinations(others, size):
                found[j] += weight * (r_squared(s, (*subset, j)) - r_squared(s, subset))
    return found


def make_covariance(p: int, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(200, p + 1)) @ rng.normal(size=(p + 1, p + 1))
    return np.cov(x, rowvar=False)


def test_importance_equals_r_over_all_orders() -> None:
    s = np.cov(pd.read_csv(REFERENCE / "lmg_data.csv").to_numpy(), rowvar=False)
    expected = pd.read_csv(REFERENCE / "lmg.csv")
    plain = compute_relative_importance(s, group_of=np.arange(6))
    np.testing.assert_allclose(plain, expected["lmg"], rtol=0, atol=CLOSED_FORM)
    together = compute_relative_importance(s, group_of=[0, 0, 1, 2, 2, 2])
    np.testing.assert_allclose(together, expected["owen"], rtol=0, atol=CLOSED_FORM)


@pytest.mark.parametrize("p", [1, 2, 5, 8])
def test_importance_equals_all_subsets(p: int) -> None:
    s = make_covariance(p, seed=p)
    expected = share_by_subsets(s)
    for places in (np.arange(p), np.zeros(p, dtype=int)):
        found = compute_relative_importance(s, group_of=places)
        np.testing.assert_allclose(found, expected, rtol=0, atol=CLOSED_FORM)


def test_groups_sum_to_their_importance_as_blocks() -> None:
    s, blocks = make_covariance(7, seed=3), ((0, 1, 2), (3,), (4, 5, 6))
    expected = np.zeros(3)
    orders = list(permutations(range(3)))
    for order in orders:
        before: tuple[int, ...] = ()
        for block in order:
            expected[block] += r_squared(s, before + blocks[block]) - r_squared(s, before)
            before += blocks[block]
    found = compute_relative_importance(s, group_of=[0, 0, 0, 1, 2, 2, 2])
    sums = np.add.reduceat(found, [0, 3, 4])
    np.testing.assert_allclose(sums, expected / len(orders), rtol=0, atol=CLOSED_FORM)


def test_twenty_indicators_sum_to_what_they_explain() -> None:
    s = make_covariance(20, seed=1)
    found = compute_relative_importance(s, group_of=np.repeat(np.arange(5), 4))
    assert (found >= 0).all()
    assert found.sum() == pytest.approx(r_squared(s, tuple(range(20))), abs=1e-10)


def test_a_stack_is_computed_one_by_one() -> None:
    stack = np.stack([make_covariance(4, seed=seed) for seed in range(6)]).reshape(2, 3, 5, 5)
    found = compute_relative_importance(stack, group_of=[0, 0, 1, 1])
    assert found.shape == (2, 3, 4)
    one = compute_relative_importance(stack[1, 2], group_of=[0, 0, 1, 1])
    np.testing.assert_array_equal(found[1, 2], one)


def test_uncorrelated_indicators_have_their_own_squared_correlations() -> None:
    s = np.diag([4.0, 9.0, 1.0])
    s[:2, 2] = s[2, :2] = [1.0, 0.9]
    found = compute_relative_importance(s, group_of=[0, 1])
    np.testing.assert_allclose(found, [1 / 4, 0.81 / 9], rtol=1e-12)


def test_units_do_not_matter() -> None:
    s, scale = make_covariance(5, seed=9), np.array([1, 10, 0.1, 3, 7, 2.0])
    places = [0, 0, 1, 1, 1]
    np.testing.assert_allclose(
        compute_relative_importance(s * np.outer(scale, scale), group_of=places),
        compute_relative_importance(s, group_of=places),
        rtol=1e-9,
    )


def test_an_indicator_that_follows_from_others_has_none() -> None:
    rng = np.random.default_rng(0)
    x = rng.normal(size=(100, 3))
    x[:, 1] = 2 * x[:, 0]
    found = compute_relative_importance(np.cov(x, rowvar=False), group_of=[0, 0])
    assert np.isnan(found).any()


@pytest.mark.parametrize(
    ("group_of", "p", "words"),
    [
        ([1, 0], 2, "order of their groups"),
        ([0, 2], 2, "order of their groups"),
        ([0, 0, 0], 2, "as many covariances"),
        (list(range(13)), 13, "12 at most"),
    ],
)
def test_bad_groups_are_refused(group_of: list[int], p: int, words: str) -> None:
    with pytest.raises(StatisticsError, match=words):
        compute_relative_importance(np.eye(p + 1), group_of=group_of)
