from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import multivariate_normal, norm

from clientindex.factors.polychoric.mehler import LARGEST, TERMS, count_terms, fill_factors
from clientindex.factors.polychoric.normal import bivariate_cdf

CLOSED_FORM = 2e-14
SCIPY = 1e-8  # scipy integrates to about that
CUTS = (-6.0, -2.5, -1.0, -0.2, 0.0, 0.3, 1.4, 3.0, 7.5)


def sum_series(h: float, k: float, rho: float) -> float:
    factors = np.empty((2, TERMS))
    fill_factors(np.array([h, k]), factors)
    powers = rho ** np.arange(1, count_terms(rho) + 1)
    product = (powers * factors[0, : len(powers)] * factors[1, : len(powers)]).sum()
    return float(norm.cdf(h) * norm.cdf(k) + product)


@pytest.mark.parametrize("rho", [-LARGEST, -0.5, -0.01, 0.0, 0.3, 0.7, LARGEST])
def test_series_equals_the_integral(rho: float) -> None:
    for h in CUTS:
        for k in CUTS:
            assert sum_series(h, k, rho) == pytest.approx(bivariate_cdf(h, k, rho), abs=CLOSED_FORM)


def test_series_equals_scipy() -> None:
    rng = np.random.default_rng(4)
    for _ in range(50):
        (h, k), rho = rng.normal(size=2), rng.uniform(-LARGEST, LARGEST)
        wanted = multivariate_normal.cdf([h, k], cov=[[1, rho], [rho, 1]])
        assert sum_series(h, k, rho) == pytest.approx(wanted, abs=SCIPY)


def test_first_factors_are_those_of_hermite_polynomials() -> None:
    factors = np.empty((1, 4))
    fill_factors(np.array([0.7]), factors)
    density = norm.pdf(0.7)
    polynomials = np.array([1, 0.7, 0.7**2 - 1, 0.7**3 - 3 * 0.7])
    wanted = polynomials * density / np.sqrt([1, 2, 6, 24])
    assert factors[0] == pytest.approx(wanted, rel=1e-14)


def test_infinite_cut_points_have_no_factors() -> None:
    factors = np.empty((2, TERMS))
    fill_factors(np.array([-np.inf, np.inf]), factors)
    assert not factors.any()


def test_terms_grow_with_the_correlation() -> None:
    assert count_terms(0.0) == 1
    assert count_terms(-0.5) == count_terms(0.5) == 50
    assert count_terms(LARGEST) == TERMS
