"""Draws of means have the exact covariance, and are functions of their number."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import kstest, norm, t

from clientindex.rating.score_inputs import ScoreInputs
from clientindex.sensitivity.runs.errors import MeanErrors

DRAWS = 4_000
MONTE_CARLO = 4.5
"""Standard errors that an estimated covariance may be off, of 2 x 20 of them."""
SEED = np.random.SeedSequence(5, spawn_key=(2,))


@pytest.fixture(scope="module")
def inputs():
    """Return two centres in two segments with three answers and a measure; the last has none."""
    rng = np.random.default_rng(1)
    half = rng.normal(size=(2, 2, 3, 3))
    value = np.full((2, 2, 4), 50.0)
    value[1, 1, [0, 1, 3]] = np.nan
    value[..., 2] = 40.0
    covariance = half @ half.swapaxes(-1, -2)
    covariance[1, 1] = np.nan
    return ScoreInputs(
        centres=("a", "b"),
        segments=("s", "t"),
        value=value,
        n=np.full(value.shape, 9.0),
        n_respondents=np.full((2, 2), 9.0),
        answers=np.array([0, 1, 3]),
        measured=np.array([2]),
        covariance=covariance,
        variance=np.array([[4.0], [np.nan]]),
        in_segment=np.array([[True, True], [True, False]]),
        degrees=np.full((2, 2), np.inf),
    )


def test_draws_have_the_exact_covariance(inputs):
    errors = MeanErrors.of(inputs, bounded=False, seed=SEED)
    draws = errors.draw(range(DRAWS))
    for centre, segment in ((0, 0), (0, 1), (1, 0)):
        exact = inputs.covariance[centre, segment]
        own = np.cov(draws[:, segment][:, inputs.answers, centre].T)
        noise = np.sqrt((exact**2 + np.outer(np.diag(exact), np.diag(exact))) / DRAWS)
        assert np.all(np.abs(own - exact) <= MONTE_CARLO * noise)
        assert np.abs(draws[:, segment][:, inputs.answers, centre].mean(axis=0) - 50).max() < 0.2
    across = np.corrcoef(draws[:, 0, 0, 0], draws[:, 1, 0, 0])[0, 1]
    assert abs(across) < MONTE_CARLO / np.sqrt(DRAWS)
    assert np.isnan(draws[:, 1, [0, 1, 3], 1]).all()


def test_a_draw_is_as_wide_as_the_degrees_of_freedom_say(inputs):
    few = replace(inputs, degrees=np.array([[9.0, np.inf], [9.0, 9.0]]))
    errors = MeanErrors.of(few, bounded=False, seed=SEED)
    draws = errors.draw(range(DRAWS))[:, :, 0, 0] - 50
    error = np.sqrt(inputs.covariance[0, :, 0, 0])
    assert kstest(draws[:, 0] / error[0], t(9).cdf).pvalue > 0.01
    assert kstest(draws[:, 1] / error[1], norm.cdf).pvalue > 0.01


def test_a_measure_has_its_error_in_all_segments_alike(inputs):
    errors = MeanErrors.of(inputs, bounded=False, seed=SEED)
    draws = errors.draw(range(DRAWS))[:, :, 2, :]
    assert np.array_equal(draws[:, 0], draws[:, 1])
    assert draws[:, 0, 0].std() == pytest.approx(2, rel=0.06)
    assert (draws[:, 0, 1] == 40).all()


def test_a_draw_is_a_function_of_its_number_and_ends_at_the_scale(inputs):
    errors = MeanErrors.of(inputs, bounded=True, seed=SEED)
    first = errors.draw([3])
    assert np.array_equal(errors.draw([8, 3])[1:], first, equal_nan=True)
    assert not np.array_equal(errors.draw([4]), first, equal_nan=True)
    wide = MeanErrors.of(inputs.select(np.array([0])), bounded=True, seed=np.random.SeedSequence(0))
    wide.root[:] *= 100
    drawn = wide.draw([0])
    assert drawn.min() >= 0
    assert drawn.max() <= 100
