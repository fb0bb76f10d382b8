"""Periods combined by their weights, against counts of each period by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from clientindex.errors import StatisticsError
from clientindex.pipeline.survey import make_no_moments
from clientindex.rating.aggregation import Mean
from clientindex.rating.periods import combine_periods

if TYPE_CHECKING:
    import pandas as pd


@pytest.fixture
def quarters(
    complete_answers: pd.DataFrame, methodology: Any, make_moments: Any
) -> tuple[Any, Any]:
    """Return the moments of two quarters; the second lacks a centre."""
    half = len(complete_answers) // 2
    second = complete_answers[half:]
    second = second[second["centre"] != "C03"]
    return make_moments(complete_answers[:half], methodology), make_moments(second, methodology)


def test_means_and_covariances_of_weighted_quarters(quarters: tuple[Any, Any]) -> None:
    first, second = quarters
    found = combine_periods(quarters, np.array([0.25, 0.75]), mean=Mean())
    assert found.centres == first.centres
    for centre in found.centres:
        at, one = found.centres.index(centre), first.centres.index(centre)
        if centre == "C03":
            np.testing.assert_allclose(found.mean[at], first.mean[one])
            np.testing.assert_allclose(found.cov_mean[at], first.cov_mean[one])
            continue
        two = second.centres.index(centre)
        both = ~np.isnan(first.mean[one]) & ~np.isnan(second.mean[two])
        wanted = 0.25 * first.mean[one] + 0.75 * second.mean[two]
        np.testing.assert_allclose(found.mean[at][both], wanted[both])
        cov = first.cov_mean[one] / 16 + 9 * second.cov_mean[two] / 16
        pairs = both[:, :, None] & both[:, None, :]
        np.testing.assert_allclose(found.cov_mean[at][pairs], cov[pairs])
        people = first.n_respondents[one] + second.n_respondents[two]
        assert found.n_respondents[at].tolist() == people.tolist()


def test_another_mean_moves_by_its_derivatives(quarters: tuple[Any, Any]) -> None:
    first, second = (replace(part, mean=np.clip(part.mean, 5, None)) for part in quarters)
    found = combine_periods([first, second], np.array([0.5, 0.5]), mean=Mean(kind="geometric"))
    one, two = first.mean[0, 0], second.mean[0, 0]
    np.testing.assert_allclose(found.mean[0, 0], np.sqrt(one * two))
    variances = [np.diagonal(part.cov_mean[0, 0]) for part in (first, second)]
    slopes = (np.sqrt(two / one) / 2, np.sqrt(one / two) / 2)
    wanted = sum(slope**2 * v for slope, v in zip(slopes, variances, strict=True))
    np.testing.assert_allclose(np.diagonal(found.cov_mean[0, 0]), wanted)


def test_no_answers_in_any_weighted_period_is_refused() -> None:
    with pytest.raises(StatisticsError, match="compare the periods' names"):
        combine_periods([make_no_moments()], np.ones(1), mean=Mean())
