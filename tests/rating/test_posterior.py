"""Posterior of true indices: against metafor's best linear unbiased predictors and known truth."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from clientindex.rating.posterior import find_posterior

STORED = Path(__file__).parents[1] / "reference" / "agreement"
LEVEL = 0.95


def test_the_posterior_is_that_of_metafor():
    data = pd.read_csv(STORED / "inflation_input.csv").query("set == 'regions'")
    expected = pd.read_csv(STORED / "inflation_expected.csv").query("set == 'regions'")
    y, v = data["y"].to_numpy(float), data["v"].to_numpy(float)
    found = find_posterior(y, np.sqrt(v), estimator="reml", level=LEVEL)
    wanted = expected.set_index("statistic")["estimate"]
    assert found.mean == pytest.approx(wanted["blup"].to_numpy(float), rel=1e-8)
    assert found.deviation == pytest.approx(wanted["blup_error"].to_numpy(float), rel=1e-8)


def test_moved_draws_vary_as_true_scores_do():
    rng = np.random.default_rng(1)
    true = 60 + 5 * rng.standard_normal(3000)
    error = rng.uniform(3, 6, 3000)
    seen = true + error * rng.standard_normal(3000)
    found = find_posterior(seen, error, estimator="morris", level=LEVEL)
    draws = seen + error * rng.standard_normal((20, 3000))
    moved = found.move(draws, seen, error)
    assert moved.std(axis=1).mean() == pytest.approx(5, abs=0.2)
    assert draws.std(axis=1).mean() > 7.5


def test_a_score_without_error_is_its_own_mean_and_moves_nobody():
    y = np.array([60.0, 70.0, 65.0, 75.0, 0.0])
    error = np.array([3.0, 3.0, 3.0, 3.0, 0.0])
    found = find_posterior(y, error, estimator="morris", level=LEVEL)
    alone = find_posterior(y[:4], error[:4], estimator="morris", level=LEVEL)
    assert found.mean[:4] == pytest.approx(alone.mean)
    assert (found.mean[4], found.deviation[4]) == (0, 0)
    draws = np.full((3, 5), 50.0)
    assert (found.move(draws, y, error)[:, 4] == 0).all()


def test_too_few_centres_have_no_posterior():
    y, error = np.array([60.0, 70.0, 65.0]), np.ones(3)
    assert find_posterior(y, error, estimator="morris", level=LEVEL) is None
    assert find_posterior(y, error, estimator="reml", level=LEVEL) is not None
    known = find_posterior(y, np.zeros(3), estimator="morris", level=LEVEL)
    assert known.mean.tolist() == y.tolist()
