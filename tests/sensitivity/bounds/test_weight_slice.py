"""One level: the knapsack against exact fractions, linear programmes and a fine grid."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from scipy.optimize import linprog

from clientindex.sensitivity.bounds.distance import find_smallest_l1
from clientindex.sensitivity.bounds.smallest import find_smallest_band
from clientindex.sensitivity.bounds.weight_slice import find_largest_weights, sum_weighted

SOLVER = 1e-8
"""linprog (HiGHS) meets its constraints to about 1e-9."""

EXACT = 1e-12


def largest(x, weights, band, **options):
    rows = np.atleast_2d(np.asarray(x, float))
    found = find_largest_weights(rows, weights, band=np.full(len(rows), band), **options)
    return sum_weighted(np.nan_to_num(rows), found), found


def solve(x, weights, band):
    """Maximise sum w x / sum w over what is present, by Charnes and Cooper's linear programme.

    With y = w t and t = 1 / sum over present: sum y over present is 1, sum y over all is t.
    """
    known = ~np.isnan(x)
    k = len(x)
    cost = np.append(-np.where(known, np.nan_to_num(x), 0.0), 0.0)
    eq = np.array([np.append(known.astype(float), 0.0), np.append(np.ones(k), -1.0)])
    low = np.hstack([-np.eye(k), (weights * (1 - band))[:, None]])
    high = np.hstack([np.eye(k), -(weights * (1 + band))[:, None]])
    found = linprog(
        cost, A_ub=np.vstack([low, high]), b_ub=np.zeros(2 * k), A_eq=eq, b_eq=[1.0, 0.0]
    )
    assert found.success
    return -found.fun


def test_a_hand_computed_knapsack_in_exact_fractions():
    """Weights 1/2, 3/10, 1/5 within 20 %: 80 gets 3/5, then 60 what is left over from 40's least.

    Least weights 2/5, 6/25, 4/25 sum to 4/5; of the 1/5 left 80 takes 1/5. So 3/5, 6/25, 4/25.
    """
    weights = np.array([0.5, 0.3, 0.2])
    value, found = largest([80.0, 60.0, 40.0], weights, 0.2)
    expected = [Fraction(3, 5), Fraction(6, 25), Fraction(4, 25)]
    assert found[0] == pytest.approx([float(w) for w in expected], abs=EXACT)
    exact = sum(w * x for w, x in zip(expected, (80, 60, 40), strict=True))
    assert exact == Fraction(344, 5)
    assert value[0] == pytest.approx(float(exact), abs=EXACT)
    low, _ = largest([-80.0, -60.0, -40.0], weights, 0.2)
    # 40 is filled to 6/25, 60 to 9/25, 80 keeps 2/5.
    assert -low[0] == pytest.approx(float(Fraction(2 * 80, 5) + Fraction(9 * 60 + 6 * 40, 25)))


@pytest.mark.parametrize("n_missing", [0, 1, 2])
@pytest.mark.parametrize("band", [0.1, 0.25, 0.8, 1.0])
def test_equal_to_a_linear_programme(n_missing, band):
    rng = np.random.default_rng(4)
    for _ in range(25):
        k = int(rng.integers(n_missing + 1, 7))
        x = rng.uniform(0, 100, k)
        x[rng.permutation(k)[:n_missing]] = np.nan
        weights = rng.dirichlet(np.ones(k))
        for sign in (1, -1):
            value, found = largest(sign * x, weights, band)
            assert value[0] == pytest.approx(solve(sign * x, weights, band), abs=SOLVER)
            assert found.sum() == pytest.approx(1, abs=EXACT)


def test_rescaled_weights_against_all_corners_of_the_factors():
    """A ratio of sums is largest at a corner: try all 2^K of them."""
    rng = np.random.default_rng(5)
    for _ in range(20):
        x, weights = rng.uniform(0, 100, 5), rng.dirichlet(np.ones(5))
        corners = np.array(list(product([0.7, 1.3], repeat=5))) * weights
        best = ((corners * x).sum(axis=1) / corners.sum(axis=1)).max()
        assert largest(x, weights, 0.3, rescaled=True)[0][0] == pytest.approx(best, abs=EXACT)
        assert largest(x, weights, 0.3)[0][0] <= best + EXACT


def test_weights_of_nothing_and_of_one():
    weights = np.array([0.5, 0.5, 0.0])
    value, found = largest([[np.nan, np.nan, 9.0], [np.nan, 7.0, 99.0]], weights, 0.5)
    assert found.tolist() == [[0, 0, 0], [0, 1, 0]]
    assert np.isnan(value[0])
    assert value[1] == 7


def test_no_band_leaves_the_stated_weights():
    weights = np.array([0.2, 0.3, 0.5])
    _, found = largest([[3.0, 1.0, 2.0], [np.nan, 1.0, 2.0]], weights, 0.0)
    np.testing.assert_allclose(found, [[0.2, 0.3, 0.5], [0, 0.375, 0.625]], atol=EXACT)


def test_smallest_change_of_weights_by_hand_and_by_linear_programme():
    """From 80 to 40: moving weight m lowers the sum by 40 m; 60 is left alone."""
    x, weights = np.array([[80.0, 60.0, 40.0]]), np.array([[0.5, 0.3, 0.2]])
    found = find_smallest_l1(x, weights, fall=np.array([4.0]))
    assert found[0] == pytest.approx(0.2, abs=EXACT)
    everything = 0.5 * 40 + 0.3 * 20
    assert find_smallest_l1(x, weights, fall=np.array([everything]))[0] == pytest.approx(1.6)
    assert np.isnan(find_smallest_l1(x, weights, fall=np.array([everything + 1e-6]))[0])
    assert find_smallest_l1(x, weights, fall=np.array([-1.0]))[0] == 0
    rng = np.random.default_rng(6)
    for _ in range(40):
        k = int(rng.integers(2, 7))
        x, w = rng.uniform(0, 100, k), rng.dirichlet(np.ones(k))
        fall = rng.uniform(0, 1) * (w @ x - x.min())
        # w' = w + up - down, up, down >= 0.
        done = linprog(
            np.ones(2 * k),
            A_eq=[np.append(np.ones(k), -np.ones(k))],
            b_eq=[0.0],
            A_ub=np.vstack([np.append(x, -x), np.hstack([-np.eye(k), np.eye(k)])]),
            b_ub=np.append(-fall, w),
        )
        ours = find_smallest_l1(x[None], w[None], fall=np.array([fall]))[0]
        assert ours == pytest.approx(done.fun, abs=1e-7)


def test_smallest_band_by_bisection():
    at = np.array([0.0, 0.3, 1.0, 2.0])
    found = find_smallest_band(lambda rows, band: band >= at[rows], n=4, tolerance=1e-6)
    assert found[0] == 0
    assert 0.3 <= found[1] <= 0.3 + 1e-6
    assert found[2] == 1
    assert np.isnan(found[3])
