"""Weighted correlations against scipy and statsmodels, and freed of a known sampling error."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import pearsonr
from statsmodels.stats.weightstats import DescrStatsW

from clientindex.sensitivity.importance.correlation import (
    Noise,
    compute_covariances,
    correlate,
    correlate_many,
)

TOLERANCE = 1e-12
# Three standard errors of the mean over 200 samples.
MONTE_CARLO = 0.012


@pytest.fixture
def x() -> np.ndarray:
    rng = np.random.default_rng(3)
    x = rng.normal(60, 5, (40, 3)) + rng.normal(0, 4, (40, 1))
    x[::7, 1] = np.nan
    return x


def test_missing_scores_are_left_out_by_pair(x: np.ndarray) -> None:
    y = np.nanmean(x, axis=1)
    found = correlate(y, x, np.ones((1, 40)))[0]
    for place in range(3):
        known = np.isfinite(x[:, place])
        expected = pearsonr(x[known, place], y[known]).statistic
        assert found[place] == pytest.approx(expected, abs=TOLERANCE)


def test_weights_are_frequencies(x: np.ndarray) -> None:
    weights = np.random.default_rng(1).integers(0, 4, (2, 40)).astype(float)
    z = x[:, [0, 2]]
    found = correlate(z[:, 0], z[:, 1:], weights)
    covariances = compute_covariances(z, weights)
    for row, weight in enumerate(weights):
        peer = DescrStatsW(z, weights=weight, ddof=1)
        assert found[row, 0] == pytest.approx(peer.corrcoef[0, 1], abs=TOLERANCE)
        np.testing.assert_allclose(covariances[row], peer.cov, rtol=TOLERANCE)


def test_many_variables_at_once(x: np.ndarray) -> None:
    z = x[:, [0, 2]]
    y = z @ np.array([[0.3, 0.8], [0.7, 0.2]])
    expected = [[pearsonr(a, b).statistic for b in z.T] for a in y.T]
    np.testing.assert_allclose(correlate_many(y.T, z), expected, atol=TOLERANCE)


def test_a_score_that_does_not_vary_has_no_correlation(x: np.ndarray) -> None:
    z = np.column_stack([np.full(40, 0.1 + 0.2), x[:, 0]])
    assert np.isnan(correlate(x[:, 0], z, np.ones((1, 40)))[0]).tolist() == [True, False]
    assert np.isnan(correlate_many(x[:, 0][None], np.zeros((40, 1)))).all()


def test_sampling_error_is_taken_out() -> None:
    rng = np.random.default_rng(5)
    weights, noise = np.array([0.7, 0.3]), np.array([9.0, 4.0])
    true = np.array([[16.0, 6.0], [6.0, 9.0]])
    lower = np.linalg.cholesky(true)
    known = Noise(
        y=np.full((1, 1), weights**2 @ noise), x=noise[None], both=(weights * noise)[None]
    )
    plain, net = [], []
    for _ in range(200):
        x = rng.normal(size=(150, 2)) @ lower.T + rng.normal(size=(150, 2)) * np.sqrt(noise)
        y, ones = x @ weights, np.ones((1, 150))
        plain.append(correlate(y, x, ones)[0])
        net.append(correlate(y, x, ones, noise=known)[0])
    expected = true @ weights / np.sqrt(np.diag(true) * (weights @ true @ weights))
    np.testing.assert_allclose(np.mean(net, axis=0), expected, atol=MONTE_CARLO)
    assert (np.abs(np.mean(plain, axis=0) - expected) > MONTE_CARLO).any()


def test_more_noise_than_variance_gives_nothing(x: np.ndarray) -> None:
    large = Noise(y=np.full((1, 1), 1.0), x=np.full((1, 3), 1e4), both=np.zeros((1, 3)))
    assert np.isnan(correlate(x[:, 0], x, np.ones((1, 40)), noise=large)).all()
