"""Limits without sampling error: against MOVER without any, hand formulas and known truth."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm

from clientindex.agreement.coefficients import estimate_limits, estimate_pearson
from clientindex.agreement.net import (
    ANSWERS,
    compute_limits_by_answers,
    estimate_net_correlation,
    estimate_net_limits,
)
from clientindex.reliability.centres.jackknife import Strata


def draw(rng: np.random.Generator, n: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Draw centres whose scores correlate by 0.6 once sampling error is removed."""
    truth = rng.multivariate_normal([0.0, 0.0], [[25.0, 15.0], [15.0, 25.0]], size=n)
    size = rng.integers(20, 120, n)
    variance = 600 / size
    survey = 70 + truth[:, 0] + rng.normal(0, np.sqrt(variance))
    return survey, 75 + truth[:, 1], variance


def test_without_sampling_error_limits_are_the_usual_ones() -> None:
    """The estimates of Bland and Altman; intervals near the exact ones for normal differences."""
    rng = np.random.default_rng(1)
    x, y = rng.normal(70, 6, 400), rng.normal(74, 7, 400)
    found = estimate_net_limits(x, y, sampling_variance=np.zeros(400), level=0.9, coverage=0.95)
    wanted = estimate_limits(x, y, level=0.9, coverage=0.95)
    assert found is not None
    for one, other in ((found.low, wanted.low), (found.high, wanted.high)):
        assert one.estimate == pytest.approx(other.estimate, rel=1e-12)
        width = (one.ci_high - one.ci_low) / (other.ci_high - other.ci_low)
        assert width == pytest.approx(1, abs=0.1)


def test_skew_differences_are_held_too() -> None:
    """A tenth of the centres inflate by 15: the limits are those of the mixture's mean and SD."""
    rng = np.random.default_rng(9)
    truth = 5 + 1.5 + norm.ppf(0.975) * np.sqrt(25 + 25 - 30 + 0.09 * 225)
    strata = Strata(codes=np.arange(120) % 4)
    held = 0
    for _ in range(200):
        x, y, variance = draw(rng, 120)
        y = y + 15 * (rng.random(120) < 0.1)
        found = estimate_net_limits(
            x, y, sampling_variance=variance, level=0.95, coverage=0.95, strata=strata
        )
        assert found is not None
        held += found.high.ci_low <= truth <= found.high.ci_high
    assert 0.90 < held / 200 < 0.985


def test_known_truth_is_recovered_and_held() -> None:
    rng = np.random.default_rng(3)
    spread = np.sqrt(25 + 25 - 30)
    limit = 5 + norm.ppf(0.975) * spread
    held = 0
    estimates = []
    for _ in range(400):
        x, y, variance = draw(rng, 100)
        found = estimate_net_limits(x, y, sampling_variance=variance, level=0.95, coverage=0.95)
        assert found is not None
        estimates.append(found.sd.estimate)
        held += found.high.ci_low <= limit <= found.high.ci_high
    assert np.mean(estimates) == pytest.approx(spread, rel=0.02)
    assert 0.925 < held / 400 < 0.985


def test_no_variance_left_is_none() -> None:
    rng = np.random.default_rng(3)
    x = rng.normal(70, 2, 30)
    assert (
        estimate_net_limits(x, x + 1, sampling_variance=np.full(30, 9.0), level=0.95, coverage=0.95)
        is None
    )


def test_limits_of_centres_with_so_many_answers() -> None:
    rng = np.random.default_rng(4)
    x, y, variance = draw(rng, 200)
    net = estimate_net_limits(x, y, sampling_variance=variance, level=0.95, coverage=0.95)
    assert net is not None
    rows = compute_limits_by_answers(
        5.0, net, sampling_variance=variance, n=600 / variance, coverage=0.95
    )
    assert [row["answers"] for row in rows] == list(ANSWERS)
    # One answer has the variance 600 by construction.
    expected = 1.959964 * np.sqrt(net.sd.estimate**2 + 600 / 50)
    row = next(row for row in rows if row["answers"] == 50)
    assert [row["low"], row["high"]] == pytest.approx([5 - expected, 5 + expected], rel=1e-6)


def test_limits_by_answers_need_a_number_of_answers() -> None:
    x, y, variance = draw(np.random.default_rng(4), 50)
    net = estimate_net_limits(x, y, sampling_variance=variance, level=0.95, coverage=0.95)
    assert net is not None
    unknown = np.full(50, np.nan)
    assert (
        compute_limits_by_answers(0.0, net, sampling_variance=variance, n=unknown, coverage=0.95)
        == []
    )


def test_correlation_without_sampling_error() -> None:
    rng = np.random.default_rng(6)
    strata = Strata(codes=np.arange(150) % 5)
    held, estimates, raw = 0, [], []
    for _ in range(200):
        x, y, variance = draw(rng, 150)
        found = estimate_net_correlation(
            x, y, sampling_variance=variance, level=0.95, strata=strata
        )
        estimates.append(found.estimate)
        raw.append(estimate_pearson(x, y, level=0.95).estimate)
        held += found.ci_low <= 0.6 <= found.ci_high
    assert np.mean(estimates) == pytest.approx(0.6, abs=0.015)
    assert np.mean(raw) < 0.55
    assert 0.91 < held / 200 < 0.985
