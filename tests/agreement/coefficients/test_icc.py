"""Intraclass correlations: closed forms, coverage and edges."""

import numpy as np
import pytest

from clientindex.agreement.coefficients import estimate_icc

CLOSED_FORM = 1e-12


def simulate(rng, n, k, *, rater=0.0):
    return rng.normal(0, 2, (n, 1)) + rng.normal(0, rater, (1, k)) + rng.normal(0, 1, (n, k))


def test_consistency_of_the_average_is_cronbach_alpha():
    ratings = simulate(np.random.default_rng(1), 40, 5)
    cov = np.cov(ratings.T)
    alpha = 5 / 4 * (1 - np.trace(cov) / cov.sum())
    found = estimate_icc(ratings, level=0.95).consistency_average
    assert found.estimate == pytest.approx(alpha, rel=CLOSED_FORM)


def test_one_way_is_the_correlation_of_pairs_in_both_orders():
    """Fisher's intraclass correlation of doubled pairs, up to its factor of (n - 1) / n."""
    ratings = simulate(np.random.default_rng(2), 2000, 2)
    both = np.vstack([ratings, ratings[:, ::-1]])
    found = estimate_icc(ratings, level=0.95).one_way.estimate
    assert found == pytest.approx(np.corrcoef(both.T)[0, 1], abs=1e-3)


def test_intervals_cover_the_truth():
    rng = np.random.default_rng(3)
    hits = np.zeros(2)
    for _ in range(2000):
        found = estimate_icc(simulate(rng, 15, 3), level=0.9)
        for i, part in enumerate((found.one_way, found.consistency)):
            hits[i] += part.ci_low <= 0.8 <= part.ci_high
    assert hits / 2000 == pytest.approx([0.9, 0.9], abs=0.02)


def test_raters_who_move_by_a_constant_keep_consistency_only():
    ratings = simulate(np.random.default_rng(4), 30, 3)
    moved = ratings + np.array([0, 5, 9])
    one, two = estimate_icc(ratings, level=0.95), estimate_icc(moved, level=0.95)
    assert two.consistency.estimate == pytest.approx(one.consistency.estimate, rel=1e-9)
    assert two.absolute.estimate < one.absolute.estimate / 2
    assert two.columns.statistic > one.columns.statistic


def test_average_has_no_lower_limit_where_the_single_one_is_below_its_range():
    x = np.array([1.0, 2, 3, 4])
    found = estimate_icc(np.column_stack([x, -x + 5]), level=0.95)
    assert found.absolute.estimate == pytest.approx(-2, rel=CLOSED_FORM)
    assert found.absolute_average.ci_low == -np.inf


def test_undefined_and_refused():
    found = estimate_icc(np.array([[1.0, 2], [2, 3]]), level=0.95)
    assert found.one_way.method == "undefined: fewer than 3 pairs"
    assert np.isnan(found.rows.p_value)
    with pytest.raises(ValueError, match="at least two columns"):
        estimate_icc(np.ones((4, 1)), level=0.95)
    with pytest.raises(ValueError, match="1 missing"):
        estimate_icc(np.array([[1.0, 2], [2, np.nan], [3, 3]]), level=0.95)
