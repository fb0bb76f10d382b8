"""Budget allocation, Kendall's W and the analytic hierarchy process."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import friedmanchisquare

from clientindex.errors import StatisticsError
from clientindex.sensitivity.weight_sources.ahp import (
    check_judgements,
    combine_judgements,
    find_suspects,
    fit_priorities,
)
from clientindex.sensitivity.weight_sources.budget import allocate_budget
from clientindex.sensitivity.weight_sources.concordance import compute_concordance

REFERENCE = Path(__file__).parents[2] / "reference" / "sensitivity" / "weight_sources"
CLOSED_FORM = 1e-12

# Saaty 1990, table 2: eight criteria of a house. Published: lambda 9.669, C.R. 0.169 and the
# priorities below, to three decimals.
HOUSE = [
    [1, 5, 3, 7, 6, 6, 1 / 3, 1 / 4],
    [1 / 5, 1, 1 / 3, 5, 3, 3, 1 / 5, 1 / 7],
    [1 / 3, 3, 1, 6, 3, 4, 6, 1 / 5],
    [1 / 7, 1 / 5, 1 / 6, 1, 1 / 3, 1 / 4, 1 / 7, 1 / 8],
    [1 / 6, 1 / 3, 1 / 3, 3, 1, 1 / 2, 1 / 5, 1 / 6],
    [1 / 6, 1 / 3, 1 / 4, 4, 2, 1, 1 / 5, 1 / 6],
    [3, 5, 1 / 6, 7, 5, 5, 1, 1 / 2],
    [4, 7, 5, 8, 6, 6, 2, 1],
]
HOUSE_PRIORITIES = [0.173, 0.054, 0.188, 0.018, 0.031, 0.036, 0.167, 0.333]

# Saaty 1980: wealth of seven nations. Published: lambda 7.61, C.I. 0.10, C.R. 0.08.
WEALTH = [
    [1, 4, 9, 6, 6, 5, 5],
    [1 / 4, 1, 7, 5, 5, 3, 4],
    [1 / 9, 1 / 7, 1, 1 / 5, 1 / 5, 1 / 7, 1 / 5],
    [1 / 6, 1 / 5, 5, 1, 1, 1 / 3, 1 / 3],
    [1 / 6, 1 / 5, 5, 1, 1, 1 / 3, 1 / 3],
    [1 / 5, 1 / 3, 7, 3, 3, 1, 2],
    [1 / 5, 1 / 4, 5, 3, 3, 1 / 2, 1],
]
WEALTH_PRIORITIES = [0.427, 0.230, 0.021, 0.052, 0.052, 0.123, 0.094]


def test_the_house_of_saaty() -> None:
    found = fit_priorities(HOUSE)
    np.testing.assert_allclose(found.weights, HOUSE_PRIORITIES, rtol=0, atol=0.0005)
    assert found.lambda_max == pytest.approx(9.669, abs=0.0005)
    assert found.index == pytest.approx(0.238, abs=0.0005)
    assert found.ratio == pytest.approx(0.169, abs=0.0005)


def test_the_wealth_of_nations_of_saaty() -> None:
    found = fit_priorities(WEALTH)
    np.testing.assert_allclose(found.weights, WEALTH_PRIORITIES, rtol=0, atol=0.0005)
    assert found.lambda_max == pytest.approx(7.61, abs=0.005)
    assert found.ratio == pytest.approx(0.08, abs=0.005)


def test_the_house_has_one_judgement_that_spoils_it() -> None:
    """Saaty 2003 names the third against the seventh, and finds C.R. 0.083 with 1/2 for the 6."""
    worst = find_suspects(HOUSE)[0]
    assert (worst.first, worst.second) == (2, 6)
    assert worst.judgement == 6
    assert worst.implied == pytest.approx(0.5, abs=0.05)
    changed = np.array(HOUSE, dtype=float)
    changed[2, 6], changed[6, 2] = 1 / 2, 2
    again = fit_priorities(changed)
    assert again.ratio == pytest.approx(0.083, abs=0.001)
    published = [0.175, 0.062, 0.103, 0.019, 0.034, 0.041, 0.221, 0.345]
    np.testing.assert_allclose(again.weights, published, rtol=0, atol=0.0005)
    assert worst.ratio <= again.ratio


@given(st.lists(st.floats(0.05, 20), min_size=1, max_size=9))
def test_consistent_judgements_give_back_their_weights(raw: list[float]) -> None:
    weights = np.array(raw) / sum(raw)
    matrix = weights[:, None] / weights
    for by in ("eigenvector", "geometric_mean"):
        found = fit_priorities(matrix, by=by)  # type: ignore[arg-type]
        np.testing.assert_allclose(found.weights, weights, rtol=1e-9)
        assert abs(found.ratio) < 1e-9


def test_three_things_agree_in_both_ways() -> None:
    """For three things the eigenvector is the geometric mean of rows (Crawford and Williams)."""
    matrix = [[1, 3, 5], [1 / 3, 1, 4], [1 / 5, 1 / 4, 1]]
    by_rows = fit_priorities(matrix, by="geometric_mean")
    np.testing.assert_allclose(fit_priorities(matrix).weights, by_rows.weights, rtol=1e-12)
    closed = (3 * 4 / 5) ** (1 / 3)
    assert by_rows.lambda_max == pytest.approx(1 + closed + 1 / closed, abs=1e-12)


def test_one_wrong_judgement_of_consistent_ones_is_named() -> None:
    weights = np.array([0.4, 0.25, 0.2, 0.1, 0.05])
    matrix = weights[:, None] / weights
    matrix[1, 3], matrix[3, 1] = 1 / 5, 5.0
    worst = find_suspects(matrix)[0]
    assert (worst.first, worst.second) == (1, 3)
    assert worst.implied == pytest.approx(2.5, abs=1e-12)
    assert worst.ratio == pytest.approx(0, abs=1e-9)


def test_experts_are_combined_by_geometric_means() -> None:
    first, second = [[1, 4], [1 / 4, 1]], [[1, 1 / 9], [9, 1]]
    found = combine_judgements([first, second])
    np.testing.assert_allclose(found, [[1, 2 / 3], [3 / 2, 1]], rtol=1e-14)


def test_rounded_reciprocals_are_taken_for_what_they_mean() -> None:
    exact = check_judgements([[1, 0.33], [3, 1]])
    np.testing.assert_array_equal(exact, [[1, 1 / 3], [3, 1]])


@pytest.mark.parametrize(
    ("matrix", "words"),
    [
        ([[1, 2], [1, 1]], "not reciprocal"),
        ([[1, -2], [-0.5, 1]], "positive"),
        ([[1, np.nan], [2, 1]], "without gaps"),
        ([[1, 2]], "square"),
        (np.ones((16, 16)), "15 at most"),
        ([[2, 1], [1, 2]], "not reciprocal"),
    ],
)
def test_bad_judgements_are_refused(matrix: object, words: str) -> None:
    with pytest.raises(StatisticsError, match=words):
        fit_priorities(matrix)  # type: ignore[arg-type]


def test_budget_shares_are_means_with_their_spread() -> None:
    found = allocate_budget([[50, 30, 20], [1, 1, 2], [0, 10, 0]])
    np.testing.assert_allclose(found.weights, [0.25, (0.3 + 0.25 + 1) / 3, 0.7 / 3], rtol=1e-14)
    np.testing.assert_allclose(found.std_dev[0], np.std([0.5, 0.25, 0.0], ddof=1), rtol=1e-14)
    assert found.lowest.tolist() == [0, 0.25, 0]
    assert found.highest.tolist() == [0.5, 1, 0.5]
    assert np.isnan(allocate_budget([[1, 2]]).std_dev).all()


@pytest.mark.parametrize(
    ("points", "words"),
    [
        ([[1, -1]], r"experts \[0\]"),
        ([[1, 1], [np.nan, 1]], r"experts \[1\]"),
        ([[0, 0]], "no points"),
        ([1, 2], "table"),
    ],
)
def test_bad_points_are_refused(points: object, words: str) -> None:
    with pytest.raises(StatisticsError, match=words):
        allocate_budget(points)  # type: ignore[arg-type]


def test_concordance_equals_r_with_ties() -> None:
    points = [
        *([30, 20, 20, 20, 10], [40, 20, 15, 15, 10], [20, 20, 20, 20, 20]),
        *([10, 30, 25, 25, 10], [35, 25, 20, 10, 10], [25, 25, 30, 10, 10]),
    ]
    expected = pd.read_csv(REFERENCE / "kendall.csv").iloc[0]
    found = compute_concordance(points)
    for name in ("w", "chi2", "p"):
        assert getattr(found, name) == pytest.approx(expected[name], abs=CLOSED_FORM)
    assert found.chi2 == pytest.approx(friedmanchisquare(*np.array(points).T)[0], abs=1e-10)


def test_last_digits_do_not_break_ties() -> None:
    """Equal weights of an eigenvector differ in last digits, otherwise on every processor."""
    exact = compute_concordance([[0.1, 0.3, 0.3, 0.3], [0.2, 0.2, 0.4, 0.2]])
    noisy = [[0.1, 0.3, 0.3 + 6e-17, 0.3 - 6e-17], [0.2 + 3e-17, 0.2, 0.4, 0.2 - 6e-17]]
    assert noisy[0][2] != 0.3
    assert compute_concordance(noisy) == exact


def test_concordance_at_its_ends() -> None:
    assert compute_concordance([[1, 2, 3], [10, 20, 30]]).w == pytest.approx(1)
    assert compute_concordance([[1, 2, 3], [3, 2, 1]]).w == pytest.approx(0)
    assert np.isnan(compute_concordance([[1, 2, 3]]).w)
    assert np.isnan(compute_concordance([[1, 1], [2, 2]]).w)
    with pytest.raises(StatisticsError, match="every expert"):
        compute_concordance([[1, np.nan]])
