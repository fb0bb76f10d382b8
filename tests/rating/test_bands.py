"""The star rule: closed forms, exclusive and exhaustive bands, ranks as scipy gives them."""

from __future__ import annotations

from math import erf, sqrt
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import rankdata

from clientindex.methodology import StarBand
from clientindex.rating.bands import compute_level_probability, find_stars, rank_scores

if TYPE_CHECKING:
    from clientindex.methodology import Methodology

# 50 digits of Phi are not needed: erf and scipy's ndtr differ in the last bits.
TOLERANCE = 1e-12

CUTS = np.array([50.0, 60.0, 70.0, 80.0])

points = st.floats(0, 100, allow_nan=False)


def phi(value: float) -> float:
    return 0.5 * (1 + erf(value / sqrt(2)))


@pytest.mark.parametrize(
    ("score", "star"),
    [(0, 1), (49.999, 1), (50, 2), (60, 3), (69.99999, 3), (70, 4), (80, 5), (100, 5)],
)
def test_bands_hold_their_lower_end_only(score: float, star: int, methodology: Methodology) -> None:
    assert find_stars(np.array([score]), methodology.stars.bands)[0] == star


def test_noise_of_a_weighted_sum_costs_no_star(methodology: Methodology) -> None:
    score = 80 * sum([0.1] * 10)
    assert score < 80
    assert find_stars(np.array([score]), methodology.stars.bands)[0] == 5


@given(score=points)
def test_bands_are_exhaustive_and_exclusive(score: float, methodology: Methodology) -> None:
    bands = methodology.stars.bands
    settled = round(score, 9)
    holding = [b.stars for b in bands if b.lower <= settled < b.upper]
    if settled == bands[-1].upper:
        holding = [bands[-1].stars]
    assert find_stars(np.array([score]), bands).tolist() == holding


@given(one=points, two=points)
def test_a_larger_score_never_has_fewer_stars(
    one: float, two: float, methodology: Methodology
) -> None:
    low, high = find_stars(np.array([min(one, two), max(one, two)]), methodology.stars.bands)
    assert low <= high


def test_probability_in_closed_form() -> None:
    score, se = np.array([66.0, 82.0, 48.0]), np.array([4.0, 2.0, 3.0])
    found = compute_level_probability(score, se, levels=np.array([3, 5, 1]), cuts=CUTS)
    wanted = [phi(1.0) - phi(-1.5), 1 - phi(-1.0), phi(2 / 3)]
    np.testing.assert_allclose(found, wanted, rtol=0, atol=TOLERANCE)


@given(score=points, se=st.floats(1e-6, 50))
def test_probabilities_of_all_stars_sum_to_one(score: float, se: float) -> None:
    levels = np.arange(1, 6)
    found = compute_level_probability(np.full(5, score), np.full(5, se), levels=levels, cuts=CUTS)
    assert found.sum() == pytest.approx(1, abs=TOLERANCE)
    assert (found >= 0).all()


def test_without_sampling_error_the_star_is_certain_even_on_a_cut() -> None:
    found = compute_level_probability(
        np.array([80.0, 80.0, 65.0]),
        np.zeros(3),
        levels=np.array([5, 4, 3]),
        cuts=CUTS,
    )
    assert found.tolist() == [1, 0, 1]


def test_unknown_standard_error_gives_no_probability() -> None:
    found = compute_level_probability(
        np.array([65.0]), np.array([np.nan]), levels=np.array([3]), cuts=CUTS
    )
    assert np.isnan(found).all()


@given(st.lists(st.integers(0, 12), min_size=1, max_size=40))
def test_ranks_equal_scipy_with_the_smallest_rank_for_ties(values: list[int]) -> None:
    scores = 7.3 * np.array(values, dtype=float)
    np.testing.assert_array_equal(rank_scores(scores), rankdata(-scores, method="min"))


def test_scores_equal_to_nine_decimals_are_ties() -> None:
    scores = np.array([80.0, 80.0 - 1e-12, 79.99999999, 90.0])
    assert rank_scores(scores).tolist() == [2, 2, 4, 1]


def test_a_cut_that_is_no_short_decimal_gives_its_star_to_a_score_equal_to_it() -> None:
    """A cut of 100/3 has more decimals than scores keep; both are settled."""
    third = StarBand(stars=2, **{"from": 100 / 3, "to": 100.0})
    bands = [StarBand(stars=1, **{"from": 0.0, "to": 100 / 3}), third]
    assert find_stars(np.array([100 / 3, 33.3]), bands).tolist() == [2, 1]
