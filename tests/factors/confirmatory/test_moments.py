"""Ordinal moments from counts against those that lavaan estimates from the same answers."""

import pytest

from clientindex.counts import count_pairs
from clientindex.factors.sample import estimate_moments


def test_covariance_of_thresholds_and_correlations_is_that_of_lavaan(
    polychoric_moments, ordinal_answers, make_sample, code_answers
):
    """Every respondent a centre of his own: then it is NACOV / n of lavaan.

    lavaan's optimiser stops up to 3e-8 from the root.
    """
    methodology, _ = make_sample()
    alone = ordinal_answers.assign(centre=[f"r{row:05d}" for row in range(len(ordinal_answers))])
    counts = count_pairs(code_answers(alone, methodology), methodology)
    found = estimate_moments(counts, methodology, "polychoric")
    assert found.statistics == pytest.approx(polychoric_moments.statistics, abs=5e-8)
    assert found.covariance_of_statistics == pytest.approx(
        polychoric_moments.covariance_of_statistics, abs=1e-9
    )
