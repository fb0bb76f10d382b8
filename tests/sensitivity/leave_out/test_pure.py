"""Weights without a part, and comparisons of ranks, against hand counts and brute force."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import kendalltau, rankdata

from clientindex.errors import StatisticsError
from clientindex.sensitivity.leave_out.comparison import compare_scores, find_widest_reversal
from clientindex.sensitivity.leave_out.weights import (
    NestedWeights,
    drop_group,
    drop_indicator,
    drop_segment,
)

WEIGHTS = NestedWeights(
    inner=np.array([0.5, 0.25, 0.25, 1.0]),
    outer=np.array([0.6, 0.4]),
    segment=np.array([0.5, 0.5]),
    group_of=np.array([0, 0, 0, 1]),
)


def test_weights_are_shared_inside_the_parent() -> None:
    np.testing.assert_allclose(drop_indicator(WEIGHTS, 0).effective, [0, 0.3, 0.3, 0.4])
    np.testing.assert_allclose(drop_group(WEIGHTS, 0).effective, [0, 0, 0, 1])
    # The only indicator of its group takes the group with it.
    np.testing.assert_allclose(drop_indicator(WEIGHTS, 3).effective, [0.5, 0.25, 0.25, 0])
    assert drop_segment(WEIGHTS, 0).segment.tolist() == [0, 0.5]
    assert drop_group(WEIGHTS, 1).leaves_something
    assert not drop_group(drop_group(WEIGHTS, 1), 0).leaves_something
    assert not drop_segment(drop_segment(WEIGHTS, 1), 0).leaves_something


@given(seed=st.integers(0, 2**32 - 1), n=st.integers(2, 25), distinct=st.integers(1, 12))
def test_comparison_equals_brute_force(seed: int, n: int, distinct: int) -> None:
    rng = np.random.default_rng(seed)
    before, after = rng.integers(0, distinct, (2, n)).astype(float)
    found = compare_scores(before, after)
    own, other = np.subtract.outer(before, before), np.subtract.outer(after, after)
    assert found.n_pairs == (own > 0).sum()
    assert found.n_reversed == ((own > 0) & (other < 0)).sum()
    tau = kendalltau(before, after).statistic
    np.testing.assert_allclose(found.tau, tau, rtol=0, atol=1e-12)
    ranks = [rankdata(-x, method="min") for x in (before, after)]
    assert found.mean_abs_shift == pytest.approx(np.abs(ranks[0] - ranks[1]).mean())
    widest = find_widest_reversal(before, after)
    gaps = np.where((own > 0) & (other < 0), own, 0)
    if widest is None:
        assert found.n_reversed == 0
    else:
        assert gaps[widest] == gaps.max() > 0


def test_missing_scores_are_not_compared() -> None:
    with pytest.raises(StatisticsError, match="all of them with both scores"):
        compare_scores(np.array([1.0, 2.0]), np.array([1.0, np.nan]))
    with pytest.raises(StatisticsError, match="the same centres"):
        compare_scores(np.array([1.0, 2.0]), np.array([1.0]))
