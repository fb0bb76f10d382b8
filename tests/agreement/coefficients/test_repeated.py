"""Limits of agreement with replicates: simulated truth, and what they reduce to."""

import numpy as np
import pytest

from clientindex.agreement.coefficients import (
    estimate_limits,
    estimate_linked_limits,
    estimate_repeated_limits,
    estimate_within_variance,
)

CLOSED_FORM = 1e-12
# 1,000 samples: standard error 0.7 %.
SIMULATED = 0.02
UPPER = 2 + 1.959963984540054 * np.sqrt(3**2 + 2**2 + 4**2)


def simulate(rng, n, *, linked=False):
    """Differences of single measurements: mean 2, variance 9 (subjects) + 4 + 16 (replicates)."""
    true = rng.normal(50, 8, (n, 1))
    gap = 2 + rng.normal(0, 3, (n, 1))
    drift = rng.normal(0, 5, (n, 4)) if linked else 0
    x = true + drift + rng.normal(0, 2, (n, 4))
    y = true + drift + gap + rng.normal(0, 4, (n, 4))
    missing = rng.random((n, 4)) < 0.3
    missing[:, 0] = False
    other = missing if linked else np.roll(missing, 1, axis=0)
    return np.where(missing, np.nan, x), np.where(other, np.nan, y)


def test_variance_within_is_the_mean_square_of_the_one_way_layout():
    values = np.array([[1.0, 3, np.nan], [4, np.nan, np.nan], [2, 2, 5], [np.nan] * 3])
    assert estimate_within_variance(values) == pytest.approx((2 + 6) / 3, rel=CLOSED_FORM)


@pytest.mark.parametrize("linked", [False, True])
@pytest.mark.parametrize("interval", ["mover", "bland1999"])
def test_truth_is_recovered_and_covered_with_unequal_numbers(linked, interval):
    rng = np.random.default_rng(11)
    estimate = estimate_linked_limits if linked else estimate_repeated_limits
    hits, limits = 0, []
    for _ in range(1000):
        found = estimate(*simulate(rng, 60, linked=linked), level=0.95, interval=interval)
        limits.append(found.limits.high.estimate)
        hits += found.limits.high.ci_low <= UPPER <= found.limits.high.ci_high
    assert np.mean(limits) == pytest.approx(UPPER, abs=0.15)
    assert hits / 1000 == pytest.approx(0.95, abs=SIMULATED)


@pytest.mark.parametrize("estimate", [estimate_repeated_limits, estimate_linked_limits])
def test_single_measurements_give_the_limits_of_pairs(estimate):
    rng = np.random.default_rng(2)
    x, y = rng.normal(50, 9, (2, 20))
    found = estimate(x[:, None], y[:, None], level=0.95)
    pairs = estimate_limits(x, y, level=0.95)
    assert found.limits.low.estimate == pytest.approx(pairs.low.estimate, rel=CLOSED_FORM)
    assert np.isnan(found.variance_within_x)


def test_means_of_replicates_alone_would_give_narrower_limits():
    x, y = simulate(np.random.default_rng(3), 200)
    found = estimate_repeated_limits(x, y, level=0.95)
    assert found.sd_single**2 > found.variance_means * 1.2


def test_subjects_without_one_method_are_dropped():
    x, y = simulate(np.random.default_rng(4), 30)
    x[0] = np.nan
    found = estimate_repeated_limits(x, y, level=0.95)
    rest = estimate_repeated_limits(x[1:], y[1:], level=0.95)
    assert (found.n, found.limits) == (29, rest.limits)
    nothing = estimate_repeated_limits(x[:3], y[:3], level=0.95)
    assert (nothing.n, nothing.bias.method) == (2, "undefined: fewer than 3 pairs")
    assert np.isnan(nothing.sd_single)


def test_wrong_arguments_are_refused():
    x = np.ones((4, 2))
    with pytest.raises(ValueError, match="must have a row a subject"):
        estimate_repeated_limits(x, x[1:], level=0.95)
    with pytest.raises(ValueError, match="must have one shape to be linked"):
        estimate_linked_limits(x, x[:, :1], level=0.95)
    with pytest.raises(ValueError, match="interval must be one of mover"):
        estimate_repeated_limits(x, x, level=0.95, interval="exact")
