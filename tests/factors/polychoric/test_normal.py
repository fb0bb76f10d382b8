"""The bivariate normal distribution against integrals by adaptive quadrature and known values."""

from itertools import pairwise

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import multivariate_normal, norm

from clientindex.factors.polychoric.normal import bivariate_cdf, bivariate_pdf

CORRELATIONS = [-0.9999, -0.95, -0.8, -0.4, -0.1, 0.0, 0.2, 0.5, 0.9, 0.924, 0.926, 0.99, 0.9999]
POINTS = [(0.0, 0.0), (-1.2, 0.7), (2.5, -0.3), (0.4, 0.4), (-3.0, -2.8), (1.5, 1.4), (-6.0, 1.0)]


def integrate(h, k, rho):
    """Return the integral of phi(x) Phi((k - rho x) / sqrt(1 - rho^2)) up to h."""
    root = np.sqrt((1 - rho) * (1 + rho))
    steepest = k / rho if rho else 0.0
    breaks = sorted({point for point in (steepest, 0.0) if -38 < point < h})
    edges = [-38.0, *breaks, h]
    return sum(
        quad(
            lambda x: norm.pdf(x) * norm.cdf((k - rho * x) / root),
            low,
            high,
            epsabs=1e-15,
            epsrel=1e-13,
            limit=500,
        )[0]
        for low, high in pairwise(edges)
    )


@pytest.mark.parametrize("rho", CORRELATIONS)
def test_the_distribution_function_is_the_integral_of_the_density(rho):
    found = [bivariate_cdf(h, k, rho) for h, k in POINTS]
    assert found == pytest.approx([integrate(h, k, rho) for h, k in POINTS], abs=5e-14)


@pytest.mark.parametrize("rho", [-0.97, -0.5, 0.3, 0.95])
def test_a_quadrant_has_its_closed_form(rho):
    assert bivariate_cdf(0.0, 0.0, rho) == pytest.approx(
        0.25 + np.arcsin(rho) / (2 * np.pi), abs=1e-15
    )


def test_infinite_ends_leave_a_margin_or_nothing():
    assert bivariate_cdf(np.inf, 0.3, 0.6) == pytest.approx(norm.cdf(0.3), abs=1e-15)
    assert bivariate_cdf(0.3, np.inf, -0.6) == pytest.approx(norm.cdf(0.3), abs=1e-15)
    assert bivariate_cdf(-np.inf, 1.0, 0.6) == 0
    assert bivariate_pdf(np.inf, 0.2, 0.4) == 0


def test_the_density_is_that_of_scipy():
    peer = multivariate_normal([0, 0], [[1, 0.7], [0.7, 1]])
    assert bivariate_pdf(0.4, -1.1, 0.7) == pytest.approx(peer.pdf([0.4, -1.1]), rel=1e-14)


@pytest.mark.parametrize("rho", [-0.8, 0.1, 0.6, 0.93])
def test_the_density_is_the_slope_of_the_distribution_function(rho):
    step = 1e-5
    slope = (bivariate_cdf(0.5, -0.2, rho + step) - bivariate_cdf(0.5, -0.2, rho - step)) / (
        2 * step
    )
    assert bivariate_pdf(0.5, -0.2, rho) == pytest.approx(slope, rel=1e-6)
