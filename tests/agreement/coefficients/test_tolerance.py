"""Tolerance factors against tables and quadrature; TDI and coverage probability against truth."""

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.optimize import brentq
from scipy.stats import chi2, norm

from clientindex.agreement.coefficients import (
    compute_tolerance_factor,
    estimate_coverage_probability,
    estimate_tolerance_interval,
    estimate_total_deviation,
)

TABLE = 0.0005
QUADRATURE = 1e-8
# 2,000 samples: four standard errors of 0.5 %.
SIMULATED = 0.02


# Krishnamoorthy and Mathew (2009), table B2: n, content, confidence, factor.
@pytest.mark.parametrize(
    ("n", "content", "confidence", "factor"),
    [
        (2, 0.95, 0.95, 36.519),
        (3, 0.9, 0.95, 8.306),
        (10, 0.95, 0.95, 3.393),
        (10, 0.99, 0.99, 5.610),
    ],
)
def test_factor_equals_the_published_table(n, content, confidence, factor):
    found = compute_tolerance_factor(n, content=content, confidence=confidence)
    assert found == pytest.approx(factor, abs=TABLE)


@pytest.mark.parametrize("n", [4, 30, 400])
@pytest.mark.parametrize("content", [0.2, 0.9, 0.99])
def test_factor_has_its_confidence_by_quadrature(n, content):
    k = compute_tolerance_factor(n, content=content, confidence=0.9)

    def share(u):
        z = u / np.sqrt(n)
        r = brentq(lambda r: norm.cdf(z + r) - norm.cdf(z - r) - content, 0, z + 9, xtol=1e-14)
        return 2 * norm.pdf(u) * chi2.sf((n - 1) * r**2 / k**2, n - 1)

    assert quad(share, 0, 9, epsabs=1e-11)[0] == pytest.approx(0.9, abs=QUADRATURE)


def test_interval_contains_its_share_with_confidence():
    rng = np.random.default_rng(1)
    hits = 0
    for _ in range(2000):
        d = rng.normal(1, 3, 20)
        found = estimate_tolerance_interval(np.zeros(20), d, content=0.9, confidence=0.95)
        hits += norm.cdf(found.high, 1, 3) - norm.cdf(found.low, 1, 3) >= 0.9
    assert hits / 2000 == pytest.approx(0.95, abs=SIMULATED)


def test_total_deviation_and_coverage_are_inverse():
    x, y = np.random.default_rng(2).normal(50, 5, (2, 40))
    y += 2
    bound = estimate_total_deviation(x, y, content=0.8, level=0.95).estimate
    share = estimate_coverage_probability(x, y, bound=bound, level=0.95).estimate
    assert share == pytest.approx(0.8, abs=1e-12)


def test_lin_definition_is_the_closed_form():
    d = np.array([1.0, -2, 3, 0.5])
    found = estimate_total_deviation(np.zeros(4), d, content=0.9, level=0.9, definition="lin")
    square = (d @ d) / 3
    assert found.estimate == pytest.approx(norm.ppf(0.95) * np.sqrt(square), rel=1e-12)
    spread = np.sqrt(2 / 2 * (1 - d.mean() ** 4 / square**2))
    upper = norm.ppf(0.95) * np.sqrt(square * np.exp(norm.ppf(0.95) * spread))
    assert found.ci_high == pytest.approx(upper, rel=1e-12)


@pytest.mark.parametrize("bias", [0.0, 1.0, 4.0])
def test_bounds_cover_the_truth(bias):
    rng = np.random.default_rng(3)
    truth = brentq(lambda b: norm.cdf(b, bias, 2) - norm.cdf(-b, bias, 2) - 0.9, 0, 20)
    share = norm.cdf(3, bias, 2) - norm.cdf(-3, bias, 2)
    hits = np.zeros(2)
    for _ in range(2000):
        d = rng.normal(bias, 2, 100)
        one = estimate_total_deviation(np.zeros(100), d, content=0.9, level=0.95)
        two = estimate_coverage_probability(np.zeros(100), d, bound=3, level=0.95)
        hits += [one.ci_low <= truth <= one.ci_high, two.ci_low <= share <= two.ci_high]
    assert hits / 2000 == pytest.approx([0.95, 0.95], abs=SIMULATED)


def test_undefined_and_refused():
    x = np.arange(5.0)
    assert estimate_total_deviation(x, x + 1, content=0.9, level=0.9).method == (
        "undefined: all differences are equal"
    )
    assert np.isnan(estimate_coverage_probability(x[:3], x[:3] ** 2, bound=1, level=0.9).estimate)
    assert np.isnan(estimate_tolerance_interval(x[:2], x[:2], content=0.9, confidence=0.9).factor)
    with pytest.raises(ValueError, match="bound must be positive"):
        estimate_coverage_probability(x, x, bound=0, level=0.9)
    with pytest.raises(ValueError, match="content must lie between 0 and 1"):
        compute_tolerance_factor(10, content=1, confidence=0.9)
    with pytest.raises(ValueError, match="at least two values"):
        compute_tolerance_factor(1, content=0.5, confidence=0.9)
