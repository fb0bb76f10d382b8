"""Degrees of freedom of scores: closed forms, Welch's test and a simulated truth."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import t, ttest_ind

from clientindex.rating.degrees import (
    combine_degrees,
    find_quantile,
    widen_degrees,
)


def test_two_samples_have_the_degrees_of_welch() -> None:
    rng = np.random.default_rng(5)
    first, second = rng.normal(0, 3, 8), rng.normal(0, 1, 30)
    variances = np.array([first.var(ddof=1) / 8, second.var(ddof=1) / 30])
    found = combine_degrees(variances, np.array([7.0, 29.0]), axis=0)
    assert found == pytest.approx(ttest_ind(first, second, equal_var=False).df, rel=1e-12)


def test_what_is_known_adds_to_the_variance_alone() -> None:
    parts = np.array([[3.0, 1.0], [0.0, 4.0], [0.0, 0.0], [np.nan, 1.0]])
    degrees = np.broadcast_to([6.0, np.inf], parts.shape)
    found = combine_degrees(parts, degrees, axis=1)
    # (3 + 1)² / (9 / 6); nothing is estimated; nothing at all; unknown.
    assert found[0] == pytest.approx(16 / 1.5)
    assert found[1:3].tolist() == [np.inf, np.inf]
    assert np.isnan(found[3])


def test_quantiles_are_those_of_scipy() -> None:
    degrees = np.array([0.7, 5.5, 200.0, np.inf])
    np.testing.assert_allclose(find_quantile(0.9, degrees), t.ppf(0.95, degrees), rtol=1e-12)


def test_posterior_degrees_follow_the_elasticity_of_its_variance() -> None:
    v, between, df = 4.0, 6.0, 9.0
    own = between / (v + between)
    step = 1e-6
    variance = [x * between / (x + between) for x in (v, v * (1 + step))]
    elasticity = np.log(variance[1] / variance[0]) / np.log1p(step)
    found = widen_degrees(np.array([df, df]), np.array([own, 0.0]))
    assert found[0] == pytest.approx(df / elasticity**2, rel=1e-4)
    assert found[1] == np.inf


def test_intervals_of_a_few_answers_of_much_weight_hold_the_truth() -> None:
    """Half of the weight has 50 answers, half has 8: normal intervals hold it too seldom."""
    rng = np.random.default_rng(9)
    n, runs = np.array([50, 8]), 20_000
    draws = [rng.normal(0, 1, (runs, size)) for size in n]
    estimate = sum(part.mean(axis=1) for part in draws) / 2
    parts = np.stack([part.var(axis=1, ddof=1) / part.shape[1] / 4 for part in draws])
    df = combine_degrees(parts, np.broadcast_to((n - 1.0)[:, None], parts.shape), axis=0)
    error = np.sqrt(parts.sum(axis=0))
    by_student = (np.abs(estimate) <= find_quantile(0.95, df) * error).mean()
    by_normal = (np.abs(estimate) <= find_quantile(0.95, np.full(runs, np.inf)) * error).mean()
    assert by_student == pytest.approx(0.95, abs=0.006)
    assert by_normal < 0.93
