"""Sums of means against paired and Welch standard errors, and that parts sum to the total."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import t as student
from scipy.stats import ttest_ind, ttest_rel

from clientindex.rating.change.parts import ScoresOfCentres, split_change, sum_means

nan = np.nan


def test_the_same_centres_are_the_paired_test():
    rng = np.random.default_rng(1)
    before = rng.normal(70, 6, 25)
    after = before + rng.normal(1, 2, 25)
    found = sum_means([after, before], [1, -1], level=0.9)
    peer = ttest_rel(after, before)
    interval = peer.confidence_interval(0.9)
    assert found.p_value == pytest.approx(peer.pvalue, rel=1e-10)
    assert (found.ci_low, found.ci_high) == pytest.approx(tuple(interval), rel=1e-10)


def test_centres_without_common_ones_have_welchs_standard_error():
    rng = np.random.default_rng(2)
    after, before = np.full(30, nan), np.full(30, nan)
    after[:12], before[12:] = rng.normal(70, 6, 12), rng.normal(65, 3, 18)
    found = sum_means([after, before], [1, -1], level=0.95)
    peer = ttest_ind(after[:12], before[12:], equal_var=False)
    assert found.estimate / found.std_error == pytest.approx(peer.statistic, rel=1e-10)
    assert found.p_value == pytest.approx(2 * student.sf(abs(peer.statistic), 11), rel=1e-10)


def test_partly_common_centres_hold_their_level():
    rng = np.random.default_rng(3)
    hits = 0
    for _ in range(3000):
        truth = rng.normal(70, 6, 30)
        before, after = truth + rng.normal(0, 2, 30), truth + 1 + rng.normal(0, 2, 30)
        before[20:], after[:8] = nan, nan
        found = sum_means([after, before], [1, -1], level=0.95)
        hits += found.ci_low <= 1 <= found.ci_high
    assert 0.935 <= hits / 3000 <= 0.975


def test_hand_numbers_of_every_part():
    # Centre 0 and 1 stay; 2 is gone; 3 is new; weights and segments changed.
    scores = ScoresOfCentres(
        published_before=np.array([60.0, 70, 50, nan]),
        published_after=np.array([66.0, 76, nan, 80]),
        method_before=np.array([62.0, 72, 55, nan]),
        method_after=np.array([66.0, 76, nan, 80]),
        common_before=np.array([62.0, 71, nan, nan]),
        common_after=np.array([65.0, 76, nan, nan]),
    )
    parts = {name: part.estimate for name, part in split_change(scores, level=0.95).items()}
    assert parts == {
        "total": pytest.approx(74 - 60),
        "method": pytest.approx(63 - 60),
        "composition": pytest.approx(4 + 3 + 0),
        "service": pytest.approx(70.5 - 66.5),
        "method_before": pytest.approx(3),
        "method_after": pytest.approx(0),
        "unscored": pytest.approx(0),
        "gone_centres": pytest.approx(67 - 63),
        "new_centres": pytest.approx(74 - 71),
        "segments": pytest.approx((66.5 - 67) + (71 - 70.5)),
    }


@pytest.mark.parametrize("seed", range(5))
def test_parts_sum_to_the_total_whatever_is_missing(seed):
    rng = np.random.default_rng(seed)
    values = rng.normal(70, 9, (6, 40))
    values[rng.random(values.shape) < 0.2] = nan
    old, new = np.isnan(values[0]), np.isnan(values[1])
    values[2][old], values[3][new] = nan, nan
    comparable = ~np.isnan(values).any(axis=0)
    values[4:, ~comparable] = nan
    parts = split_change(
        ScoresOfCentres(
            published_before=values[0],
            published_after=values[1],
            method_before=values[2],
            method_after=values[3],
            common_before=values[4],
            common_after=values[5],
        ),
        level=0.95,
    )
    told = {name: part.estimate for name, part in parts.items()}
    main = told["method"] + told["composition"] + told["service"]
    assert main == pytest.approx(told["total"], abs=1e-11)
    assert told["method_before"] + told["method_after"] == pytest.approx(told["method"], abs=1e-11)
    finer = sum(told[name] for name in ("unscored", "gone_centres", "new_centres", "segments"))
    assert finer == pytest.approx(told["composition"], abs=1e-11)
    assert all(part.std_error >= 0 for part in parts.values())


def test_one_centre_has_no_interval_and_none_no_part():
    one = sum_means([np.array([3.0]), np.array([1.0])], [1, -1], level=0.95)
    assert (one.estimate, one.reason) == (2.0, "one_centre")
    assert np.isnan(one.std_error)
    none = sum_means([np.array([3.0]), np.array([nan])], [1, -1], level=0.95)
    assert none.reason == "no_comparable_centres"
    assert np.isnan(none.estimate)
