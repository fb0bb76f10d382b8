"""Kendall's tau-b against scipy, one pair of rankings at a time."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import kendalltau, rankdata

from clientindex.sensitivity.tau import compute_kendall_tau, count_reversed_pairs

# Both are ratios of whole numbers; only the square roots round.
TOLERANCE = 1e-12


@given(seed=st.integers(0, 2**32 - 1), n=st.integers(2, 40), distinct=st.integers(2, 60))
def test_tau_b_with_ties_equals_scipy(seed: int, n: int, distinct: int) -> None:
    rng = np.random.default_rng(seed)
    nominal = rankdata(rng.integers(0, distinct, n), method="min").astype(np.int64)
    drawn = np.stack(
        [rankdata(rng.integers(0, distinct, n), method="min").astype(np.int64) for _ in range(3)]
    )
    found = compute_kendall_tau(nominal, drawn)
    wanted = [kendalltau(nominal, row).statistic for row in drawn]
    np.testing.assert_allclose(found, wanted, rtol=0, atol=TOLERANCE)


def test_same_and_opposite_order() -> None:
    ranks = np.arange(1, 2001)
    found = compute_kendall_tau(ranks, np.stack([ranks, ranks[::-1]]))
    np.testing.assert_allclose(found, [1, -1])


def test_one_score_for_all_has_no_tau() -> None:
    assert np.isnan(compute_kendall_tau(np.ones(4, np.int64), np.array([[1, 2, 3, 4]]))).all()


@given(seed=st.integers(0, 2**32 - 1), n=st.integers(2, 30), distinct=st.integers(1, 40))
def test_reversed_pairs_equal_brute_force(seed: int, n: int, distinct: int) -> None:
    nominal, drawn = np.random.default_rng(seed).integers(1, distinct + 1, (2, n))
    own, other = np.subtract.outer(nominal, nominal), np.subtract.outer(drawn, drawn)
    assert count_reversed_pairs(nominal, drawn[None])[0] == ((own > 0) & (other < 0)).sum()
