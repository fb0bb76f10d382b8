"""Ranks of redrawn scores against closed forms, and their known faults shown."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm

from clientindex.errors import StatisticsError
from clientindex.rating.bands import rank_scores
from clientindex.rating.ranks import (
    compute_rank_intervals,
    compute_simultaneous_sets,
    count_top,
    draw_independent,
    take_replicates,
)

DRAWS = 20_000
MONTE_CARLO = 4 * 0.5 / np.sqrt(DRAWS)


def test_two_centres_have_the_closed_form():
    scores, std_errors = np.array([71.0, 70.0]), np.array([0.6, 0.8])
    errors = draw_independent(std_errors, draws=DRAWS, seed=np.random.SeedSequence(1))
    found = compute_rank_intervals(scores, errors, level=0.95, top_share=0.5)
    above = norm.cdf(1.0)  # a difference of 1 point with standard error 1
    assert found.top == pytest.approx([above, 1 - above], abs=MONTE_CARLO)
    assert found.expected == pytest.approx([2 - above, 1 + above], abs=MONTE_CARLO)
    assert (found.low.tolist(), found.high.tolist()) == ([1, 1], [2, 2])


def test_expected_ranks_are_sums_of_pairwise_probabilities():
    rng = np.random.default_rng(2)
    scores, std_errors = rng.normal(70, 3, 12), rng.uniform(0.5, 3, 12)
    errors = draw_independent(std_errors, draws=DRAWS, seed=np.random.SeedSequence(2))
    difference = scores - scores[:, None]
    pairwise = norm.cdf(difference / np.hypot(std_errors, std_errors[:, None]))
    np.fill_diagonal(pairwise, 0)
    found = compute_rank_intervals(scores, errors, level=0.95)
    assert found.expected == pytest.approx(1 + pairwise.sum(axis=1), abs=12 * MONTE_CARLO)
    assert found.expected.sum() == pytest.approx(12 * 13 / 2)


def test_replicates_are_ranked_as_they_are_with_ties_at_the_smallest():
    scores = np.array([70.0, 80.0, 75.0])
    replicates = np.array([[70.0, 80, 75], [80, 80, 75], [70, 70, 70 + 1e-12], [60, 80, 90]])
    found = compute_rank_intervals(scores, take_replicates(scores, replicates), level=0.5)
    # Ranks of the draws: (3, 1, 2), (1, 1, 3), (1, 1, 1), (3, 2, 1).
    assert found.expected.tolist() == [2.0, 1.25, 1.75]
    assert found.top.tolist() == [0.5, 0.75, 0.5]
    assert found.rank.tolist() == [3, 1, 2]
    assert found.top_count == 1


def test_the_top_share_is_counted_on_decimals():
    assert [count_top(n, 0.1) for n in (5, 10, 19, 20, 2000)] == [1, 1, 1, 2, 200]
    assert count_top(100, 0.29) == 29
    assert count_top(30, 0.1) == 3
    for share in (0, 1.2, -0.1):
        with pytest.raises(StatisticsError, match="share of centres"):
            count_top(10, share)


def test_percentile_intervals_of_tied_centres_do_not_hold_their_ranks_and_sets_do():
    # Why the module warns: 20 tied centres, all of true rank 1.
    std_errors = np.ones(20)
    errors = draw_independent(std_errors, draws=299, seed=np.random.SeedSequence(3))
    rng = np.random.default_rng(4)
    bootstrap, sets = [], []
    for _ in range(200):
        scores = 70 + rng.normal(size=20)
        found = compute_rank_intervals(scores, errors, level=0.9)
        bootstrap.append((found.low == 1).all())
        sets.append((compute_simultaneous_sets(scores, errors, level=0.9).low == 1).all())
    assert np.mean(bootstrap) < 0.05
    assert np.mean(sets) > 0.84


def test_the_best_centre_is_drawn_to_the_middle():
    rng = np.random.default_rng(5)
    scores = 70 + rng.normal(size=30)
    errors = draw_independent(np.ones(30), draws=999, seed=np.random.SeedSequence(5))
    found = compute_rank_intervals(scores, errors, level=0.9)
    ends = np.isin(rank_scores(scores), [1, 30])
    off = np.abs(found.expected - 15.5)[ends]
    assert (off < 14.5 - 1).all()


def test_bad_input_is_refused_by_name():
    errors = draw_independent(np.ones(3), draws=99, seed=np.random.SeedSequence(1))
    with pytest.raises(StatisticsError, match="1 of 3 are missing"):
        compute_rank_intervals(np.array([1.0, np.nan, 2.0]), errors, level=0.9)
    with pytest.raises(StatisticsError, match="2 scores have errors of 3"):
        compute_rank_intervals(np.array([1.0, 2.0]), errors, level=0.9)
