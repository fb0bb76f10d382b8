from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from clientindex.counts import (
    PairCounts,
    compute_complete_sums,
    compute_correlation,
    compute_covariance,
    compute_pair_sums,
    count_pairs,
    keyed_values,
    point_values,
)
from clientindex.errors import StatisticsError

if TYPE_CHECKING:
    from clientindex.methodology import Methodology

CLOSED_FORM = 1e-12
"""Both sides are closed forms in double precision."""

KEYS = ["a", "b", "c"]


@pytest.fixture(scope="module")
def counts(methodology: Methodology, code_answers: Any, answers: pd.DataFrame) -> PairCounts:
    return count_pairs(code_answers(answers, methodology), methodology)


@pytest.fixture(scope="module")
def keyed(answers: pd.DataFrame) -> pd.DataFrame:
    return answers[KEYS].assign(b=5 - answers["b"])


def test_covariance_equals_pandas_pairwise(
    counts: PairCounts, methodology: Methodology, keyed: pd.DataFrame
) -> None:
    total = compute_pair_sums(counts, keyed_values(methodology)).total()
    assert compute_covariance(total) == pytest.approx(keyed.cov().to_numpy(), abs=CLOSED_FORM)


def test_correlation_equals_pandas_pairwise(
    counts: PairCounts, methodology: Methodology, keyed: pd.DataFrame
) -> None:
    total = compute_pair_sums(counts, keyed_values(methodology)).total()
    assert compute_correlation(total) == pytest.approx(keyed.corr().to_numpy(), abs=CLOSED_FORM)


def test_respondents_per_pair_are_those_who_answered_both(
    counts: PairCounts, methodology: Methodology, keyed: pd.DataFrame
) -> None:
    total = compute_pair_sums(counts, keyed_values(methodology)).total()
    answered = keyed.notna().to_numpy(float)
    np.testing.assert_array_equal(total.n, answered.T @ answered)


def test_complete_rows_equal_pandas_after_dropping_gaps(
    counts: PairCounts, methodology: Methodology, keyed: pd.DataFrame
) -> None:
    total = compute_complete_sums(counts, keyed_values(methodology)).total()
    whole = keyed.dropna()
    assert compute_covariance(total) == pytest.approx(whole.cov().to_numpy(), abs=CLOSED_FORM)
    assert compute_correlation(total) == pytest.approx(whole.corr().to_numpy(), abs=CLOSED_FORM)
    assert (total.n == len(whole)).all()


def test_weighting_centres_equals_repeating_their_respondents(
    counts: PairCounts,
    methodology: Methodology,
    keyed: pd.DataFrame,
    answers: pd.DataFrame,
) -> None:
    by_centre = counts.sum_over("segment", "period", "channel")
    sums = compute_pair_sums(by_centre, keyed_values(methodology))
    weights = np.array([[0, 2, 1, 1], [3, 0, 0, 1]])
    drawn = compute_covariance(sums.combine(weights))
    assert by_centre.units["centre"].tolist() == ["k1", "k2", "k3", "k4"]
    for replicate, weight in zip(drawn, weights, strict=True):
        times = answers["centre"].map(dict(zip(["k1", "k2", "k3", "k4"], weight, strict=True)))
        repeated = keyed.loc[np.repeat(keyed.index, times)]
        assert replicate == pytest.approx(repeated.cov().to_numpy(), abs=CLOSED_FORM)


def test_one_vector_of_ones_gives_the_total(counts: PairCounts, methodology: Methodology) -> None:
    sums = compute_pair_sums(counts, keyed_values(methodology))
    combined, total = sums.combine(np.ones(len(counts.units))), sums.total()
    for name in ("n", "s", "ss", "q"):
        np.testing.assert_array_equal(getattr(combined, name), getattr(total, name))


def test_a_subset_of_indicators_keeps_its_sums(
    counts: PairCounts, methodology: Methodology, keyed: pd.DataFrame
) -> None:
    total = compute_pair_sums(counts, keyed_values(methodology)).total()
    part = compute_covariance(total.subset(np.array([2, 0])))
    assert part == pytest.approx(keyed[["c", "a"]].cov().to_numpy(), abs=CLOSED_FORM)


def test_values_are_turned_round_for_reverse_keyed_indicators(methodology: Methodology) -> None:
    assert keyed_values(methodology).tolist() == [
        [0, 1, 2, 3, 4],
        [0, 4, 3, 2, 1],
        [0, 1, 2, 3, 4],
    ]
    points = point_values(methodology)
    assert points[0] == pytest.approx([0, 0, 100 / 3, 200 / 3, 100])
    assert points[1] == pytest.approx([0, 100, 200 / 3, 100 / 3, 0])


def test_a_shorter_scale_is_padded_and_still_linear(
    make_methodology: Any, code_answers: Any, answers: pd.DataFrame
) -> None:
    short = {"c": {"minimum": 0, "maximum": 2}}
    methodology = make_methodology({"one": ["a", "c"]}, maximum=4, own_scales=short)
    assert keyed_values(methodology).tolist() == [[0, 1, 2, 3, 4], [0, 0, 1, 2, 0]]
    frame = answers.assign(c=answers["c"].clip(upper=3))
    counts = count_pairs(code_answers(frame, methodology), methodology)
    total = compute_complete_sums(counts, keyed_values(methodology)).total()
    wanted = frame[["a", "c"]].dropna().cov().to_numpy()
    assert compute_covariance(total) == pytest.approx(wanted, abs=CLOSED_FORM)


def test_complete_rows_refuse_scores_that_are_not_linear_in_the_answer(
    make_methodology: Any, code_answers: Any, answers: pd.DataFrame
) -> None:
    uneven = {"minimum": 1, "maximum": 4, "points": {1: 0, 2: 50, 3: 60, 4: 100}}
    methodology = make_methodology({"one": ["a", "c"]}, maximum=4, own_scales={"c": uneven})
    counts = count_pairs(code_answers(answers, methodology), methodology)
    with pytest.raises(StatisticsError, match=r"not so: c\. Use missing_answers\.correlations"):
        compute_complete_sums(counts, point_values(methodology))


def test_moments_that_do_not_exist_are_missing(methodology: Methodology, code_answers: Any) -> None:
    frame = pd.DataFrame({"a": [3, 3, 3], "b": [1, 2, 4], "c": [np.nan, np.nan, 2]})
    counts = count_pairs(code_answers(frame, methodology), methodology)
    total = compute_pair_sums(counts, keyed_values(methodology)).total()
    covariance, correlation = compute_covariance(total), compute_correlation(total)
    assert covariance[0, 1] == 0
    assert np.isnan(covariance[2]).all()
    assert np.isnan(correlation[0]).all()
    assert correlation[1, 1] == 1
