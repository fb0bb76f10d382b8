"""Weighted means over centres: closed forms, simulated variance and coverage, bad input."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm
from scipy.stats import t as student

from clientindex.errors import StatisticsError
from clientindex.rating.regional import average_weighted

LEVEL = 0.9


def test_equal_weights_are_the_t_interval():
    y = np.random.default_rng(1).normal(60, 8, 17)
    found = average_weighted(y, np.full(17, 3.0), np.full(17, np.nan), level=LEVEL)
    low, high = student.interval(LEVEL, 16, loc=y.mean(), scale=y.std(ddof=1) / np.sqrt(17))
    assert (found.ci_low, found.ci_high) == pytest.approx((low, high), rel=1e-12)
    assert found.df == pytest.approx(16, rel=1e-12)
    assert found.effective == pytest.approx(17, rel=1e-12)
    assert np.isnan(found.sampling_error)


def test_unequal_weights_are_the_spread_over_the_effective_number():
    y, w = np.array([60.0, 70, 80, 70]), np.array([3.0, 1, 1, 1])
    found = average_weighted(y, w, np.full(4, 4.0), level=LEVEL)
    assert found.estimate == pytest.approx(400 / 6, rel=1e-12)
    assert found.effective == pytest.approx(3, rel=1e-12)
    assert found.std_error == pytest.approx(np.sqrt(200 / 3 / 3), rel=1e-12)
    assert found.sampling_error == pytest.approx(np.sqrt(4 / 3), rel=1e-12)
    assert found.df == 3


def test_intervals_hold_their_level_with_very_unequal_weights():
    rng = np.random.default_rng(4)
    w = np.array([40.0, 10, 8, 5, 3, 2, 1, 1, 1, 1])
    draws = rng.normal(50, 3, (4000, 10))
    found = [average_weighted(y, w, np.zeros(10), level=0.95) for y in draws]
    variance = np.mean([mean.std_error**2 for mean in found])
    share = w / w.sum()
    assert variance == pytest.approx(9 * (share @ share), rel=0.03)
    covered = np.mean([mean.ci_low <= 50 <= mean.ci_high for mean in found])
    assert 0.945 <= covered <= 0.985
    residual = draws - draws @ share[:, None]
    usual = np.sqrt((share**2 * residual**2).sum(axis=1) * 10 / 9)
    missed = abs(draws @ share - 50) > student.ppf(0.975, 9) * usual
    assert missed.mean() > 0.25


def test_intervals_cover_where_score_goes_with_size_and_large_centres_are_measured_better():
    rng = np.random.default_rng(12)
    hits = 0
    # Mean of all visitors: E(N y) / E(N) with log N standard normal and y = 70 + 2 log N + noise.
    truth = 70 + 2 * 1.0
    for _ in range(3000):
        log_size = rng.normal(0, 1, 20)
        error = 3 * np.exp(-log_size / 4)
        y = 70 + 2 * log_size + rng.normal(0, 4, 20) + rng.normal(0, error)
        mean = average_weighted(y, np.exp(log_size), error**2, level=0.95)
        hits += mean.ci_low <= truth <= mean.ci_high
    assert 0.93 <= hits / 3000 <= 0.98


def test_finite_number_of_centres_by_hand():
    y, v = np.array([60.0, 70, 80]), np.array([4.0, 1, 4])
    half = average_weighted(y, np.ones(3), v, level=LEVEL, scored_share=0.5)
    spread, sampling = 100 / 3, 9 / 9
    assert half.std_error == pytest.approx(np.sqrt(0.5 * spread + 0.5 * sampling), rel=1e-12)
    assert half.df == pytest.approx(2 * (half.std_error**2 / (0.5 * spread)) ** 2, rel=1e-12)
    whole = average_weighted(y, np.ones(3), v, level=LEVEL, scored_share=1.0)
    assert whole.std_error == pytest.approx(1.0, rel=1e-12)
    assert whole.ci_high == pytest.approx(70 + norm.ppf(0.95), rel=1e-12)


def test_two_stage_intervals_cover_the_mean_of_all_centres():
    rng = np.random.default_rng(6)
    hits = 0
    for _ in range(2000):
        truth = rng.normal(70, 5, 12)
        drawn = rng.permutation(12)[:8]
        error = np.full(8, 2.0)
        y = truth[drawn] + rng.normal(0, error)
        mean = average_weighted(y, np.ones(8), error**2, level=0.95, scored_share=8 / 12)
        hits += mean.ci_low <= truth.mean() <= mean.ci_high
    assert 0.935 <= hits / 2000 <= 0.975


def test_one_centre_and_none_have_a_reason():
    none = average_weighted(np.array([]), np.array([]), np.array([]), level=LEVEL)
    assert (none.reason, none.n_centres) == ("no_scores", 0)
    one = average_weighted(np.array([61.0]), np.ones(1), np.array([4.0]), level=LEVEL)
    assert one.reason == "one_centre"
    assert one.estimate == 61.0
    assert np.isnan(one.std_error)
    assert one.sampling_error == 2.0
    # The only centre with a weight is one centre; the only centre there is has its own error.
    weightless = average_weighted(
        np.array([61.0, 70]), np.array([5.0, 0]), np.array([4.0, 4]), level=LEVEL
    )
    assert weightless.reason == "one_centre"
    all_there_are = average_weighted(
        np.array([61.0]), np.ones(1), np.array([4.0]), level=LEVEL, scored_share=1.0
    )
    assert all_there_are.std_error == 2.0
    unknown = average_weighted(
        np.array([61.0, 70]), np.ones(2), np.array([4.0, np.nan]), level=LEVEL, scored_share=0.5
    )
    assert unknown.reason == "no_sampling_error"


@pytest.mark.parametrize("weights", [[1.0, -1.0], [1.0, np.nan]])
def test_impossible_weights_are_refused(weights):
    with pytest.raises(StatisticsError, match="weight of 0 or more"):
        average_weighted(np.array([1.0, 2]), np.array(weights), np.zeros(2), level=LEVEL)
