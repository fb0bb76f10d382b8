"""Limits of agreement against quadrature and coverage."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import chi, norm

from clientindex.agreement.coefficients import compute_factors, estimate_limits

# Adaptive quadrature asks for 1e-12 of its own.
QUADRATURE = 1e-9
# 4,000 samples: standard error 0.35 %.
SIMULATED = 0.012
INTERVALS = ["exact", "mover", "approx", "bland1986"]


@pytest.mark.parametrize("n", [3, 10, 85, 500])
@pytest.mark.parametrize(("level", "coverage"), [(0.95, 0.95), (0.9, 0.95), (0.95, 0.8)])
def test_exact_factors_hold_the_limit_with_their_probability(n, level, coverage):
    """P(mean + k s < z) for a standard normal sample, integrated over s."""
    z = norm.ppf((1 + coverage) / 2)
    for factor, wanted in zip(
        compute_factors(n, level=level, coverage=coverage),
        (1 + np.array([level, -level])) / 2,
        strict=True,
    ):

        def share(s, factor=factor):
            below = norm.cdf((z - factor * s) * np.sqrt(n))
            return below * chi.pdf(s * np.sqrt(n - 1), n - 1) * np.sqrt(n - 1)

        spread = 12 / np.sqrt(2 * n)
        found, _ = quad(share, max(0, 1 - spread), 1 + spread, epsabs=1e-12, limit=500, points=[1])
        assert found == pytest.approx(wanted, abs=1e-7 if n == 3 else QUADRATURE)


@pytest.mark.parametrize(("interval", "worst"), [("exact", 0.95), ("mover", 0.95)])
def test_upper_limits_are_covered(interval, worst):
    rng = np.random.default_rng(5)
    near, far = compute_factors(15, level=0.95, coverage=0.95, interval=interval)
    d = rng.normal(size=(4000, 15))
    mean, sd, truth = d.mean(axis=1), d.std(axis=1, ddof=1), norm.ppf(0.975)
    share = ((mean + near * sd <= truth) & (truth <= mean + far * sd)).mean()
    assert share == pytest.approx(worst, abs=SIMULATED)


@pytest.mark.parametrize("interval", INTERVALS)
def test_intervals_of_large_samples_agree(interval):
    exact = compute_factors(20_000, level=0.95, coverage=0.95)
    found = compute_factors(20_000, level=0.95, coverage=0.95, interval=interval)
    assert found == pytest.approx(exact, abs=6e-4)


@settings(deadline=None)  # the first noncentral t of a process is slow
@given(st.integers(0, 2**32 - 1), st.sampled_from(INTERVALS), st.floats(-5, 5), st.floats(0.1, 9))
def test_limits_move_and_stretch_with_the_differences(seed, interval, shift, scale):
    x, y = np.random.default_rng(seed).normal(50, 9, (2, 12))
    one = estimate_limits(x, y, level=0.9, interval=interval)
    two = estimate_limits(scale * x, scale * y + shift, level=0.9, interval=interval)
    for name in ("estimate", "ci_low", "ci_high"):
        moved = scale * getattr(one.high, name) + shift
        assert getattr(two.high, name) == pytest.approx(moved, rel=1e-9, abs=1e-9)


def test_two_pairs_have_no_limits():
    found = estimate_limits(np.array([1.0, 2]), np.array([2.0, 2]), level=0.95)
    assert np.isnan(found.low.estimate)
    assert found.high.method == "undefined: fewer than 3 pairs"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"level": 95}, "level must lie between 0 and 1"),
        ({"coverage": 1.0}, "coverage must lie between 0 and 1"),
        ({"interval": "boot"}, "interval must be one of exact, mover"),
        ({"y": np.array([1.0, np.nan, 2])}, "y has 1 missing or infinite values"),
        ({"y": np.array([1.0, 2])}, "vectors of one length"),
    ],
)
def test_wrong_arguments_are_refused(change, words):
    arguments = {"x": np.arange(3.0), "y": np.arange(3.0), "level": 0.95} | change
    x, y = arguments.pop("x"), arguments.pop("y")
    with pytest.raises(ValueError, match=words):
        estimate_limits(x, y, **arguments)
