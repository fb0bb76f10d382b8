"""Both parts of a correlation ratio against regressions by statsmodels."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm

from clientindex.sensitivity.importance.correlation import compute_covariances
from clientindex.sensitivity.importance.linear import split_linear

TOLERANCE = 1e-10


def test_parts_are_those_of_regressions() -> None:
    rng = np.random.default_rng(8)
    x = rng.normal(size=(60, 4)) + rng.normal(size=(60, 1))
    y = x @ np.array([0.4, 0.3, 0.2, 0.1]) + rng.normal(0, 0.2, 60)
    cov = compute_covariances(np.column_stack([y, x]), np.ones((1, 60)))
    parts = split_linear(cov)
    for place in range(4):
        total = sm.OLS(y, sm.add_constant(x[:, place])).fit().rsquared
        others = sm.add_constant(np.delete(x, place, axis=1))
        left = sm.OLS(x[:, place], others).fit().resid
        own = sm.OLS(y, sm.add_constant(left)).fit().rsquared
        assert parts.total[0, place] == pytest.approx(total, abs=TOLERANCE)
        assert parts.uncorrelated[0, place] == pytest.approx(own, abs=TOLERANCE)
        assert parts.correlated[0, place] == pytest.approx(total - own, abs=TOLERANCE)


def test_components_without_correlation_have_no_correlated_part() -> None:
    weights, variance = np.array([0.5, 0.3, 0.2]), np.array([1.0, 4.0, 9.0])
    cov = np.diag(np.r_[weights**2 @ variance, variance])
    cov[0, 1:] = cov[1:, 0] = weights * variance
    parts = split_linear(cov[None])
    np.testing.assert_allclose(parts.correlated[0], 0, atol=TOLERANCE)
    expected = weights**2 * variance / (weights**2 @ variance)
    np.testing.assert_allclose(parts.total[0], expected, atol=TOLERANCE)


def test_a_component_that_others_tell_has_no_part_of_its_own() -> None:
    x = np.random.default_rng(2).normal(size=(30, 2))
    z = np.column_stack([x.mean(axis=1), x, x[:, 0] + x[:, 1]])
    parts = split_linear(compute_covariances(z, np.ones((1, 30))))
    assert np.isnan(parts.uncorrelated).all()
    assert np.isfinite(parts.total).all()
