from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from clientindex.factors.invariance.alignment import Configural, align

REFERENCE = Path(__file__).parents[2] / "reference" / "invariance"


def make_configural(loadings, intercepts, *, error=0.02, n=400.0):
    n_parts, n_items = loadings.shape
    return Configural(
        loadings=loadings,
        intercepts=intercepts,
        covariance=np.tile(np.eye(2 * n_items) * error**2, (n_parts, 1, 1)),
        n=np.full(n_parts, n),
    )


def draw_parts(n_parts, *, seed, error):
    """Draw configural estimates of parts that measure the same, with known means and SDs."""
    rng = np.random.default_rng(seed)
    mean = np.r_[0.0, rng.normal(0, 0.4, n_parts - 1)]
    sd = np.r_[1.0, rng.uniform(0.7, 1.3, n_parts - 1)]
    loading, intercept = np.array([0.8, 0.7, 0.6, 0.75]), np.array([3.8, 4.0, 3.5, 3.9])
    loadings = sd[:, None] * loading + rng.normal(0, error, (n_parts, 4))
    intercepts = intercept + np.outer(mean, loading) + rng.normal(0, error, (n_parts, 4))
    return mean, sd, loadings, intercepts


def test_the_minimum_is_that_of_a_second_implementation_in_r():
    given = pd.read_csv(REFERENCE / "configural.csv")
    expected = pd.read_csv(REFERENCE / "aligned.csv")
    loadings = given.pivot_table(index="part", columns="item", values="loading").to_numpy()
    intercepts = given.pivot_table(index="part", columns="item", values="intercept").to_numpy()
    n = given.drop_duplicates("part")["n"].to_numpy(float)
    found = align(
        Configural(
            loadings=loadings,
            intercepts=intercepts,
            covariance=np.tile(np.eye(10) * 4e-4, (6, 1, 1)),
            n=n,
        )
    )
    assert found.value == pytest.approx(expected["value"][0], rel=1e-9)
    # Both descend on a function that is almost flat near its minimum.
    np.testing.assert_allclose(found.mean, expected["mean"], atol=1e-4)
    np.testing.assert_allclose(found.sd, expected["sd"], atol=1e-4)


def test_parts_that_measure_the_same_are_aligned_exactly():
    mean, sd, loadings, intercepts = draw_parts(13, seed=1, error=0.0)
    found = align(make_configural(loadings, intercepts))
    np.testing.assert_allclose(found.mean, mean, atol=1e-6)
    np.testing.assert_allclose(found.sd, sd, atol=1e-6)
    np.testing.assert_allclose(found.loading_r2, 1.0, atol=1e-6)
    np.testing.assert_allclose(found.intercept_r2, 1.0, atol=1e-6)
    assert not found.loading_differs.any()
    assert not found.intercept_differs.any()


def test_a_part_that_answers_one_indicator_otherwise_is_named():
    mean, _, loadings, intercepts = draw_parts(8, seed=2, error=0.01)
    intercepts[5, 2] += 0.5
    found = align(make_configural(loadings, intercepts, error=0.01))
    assert np.argwhere(found.intercept_differs).tolist() == [[5, 2]]
    assert found.intercept_r2[2] < 0.9 < found.intercept_r2[0]
    np.testing.assert_allclose(found.mean, mean, atol=0.08)


def test_standard_errors_of_means_equal_their_spread_over_samples():
    # Errors well below sqrt(epsilon) = 0.1, where the loss is smooth; with larger ones the standard
    # errors are too wide (by 17 % at 0.03).
    error, found = 0.01, []
    for seed in range(150):
        rng = np.random.default_rng([3, seed])
        _, _, loadings, intercepts = draw_parts(4, seed=3, error=0.0)
        loadings = loadings + rng.normal(0, error, loadings.shape)
        intercepts = intercepts + rng.normal(0, error, intercepts.shape)
        aligned = align(make_configural(loadings, intercepts, error=error))
        found.append((aligned.mean[1:], aligned.mean_se[1:]))
    means, errors = map(np.array, zip(*found, strict=True))
    # The SD of 150 samples is known to 1 / sqrt(300) = 6 %; three of these.
    np.testing.assert_allclose(errors.mean(axis=0), means.std(axis=0, ddof=1), rtol=0.18)
