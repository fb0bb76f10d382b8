"""Coefficients of categories: definitions, jackknife, identities and edges."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clientindex.agreement.coefficients import (
    compute_krippendorff,
    compute_weights,
    estimate_categorical,
    estimate_cohen,
)

CLOSED_FORM = 1e-10
COEFFICIENTS = ["percent", "brennan_prediger", "fleiss", "conger", "gwet", "krippendorff"]
# Linearisation and jackknife differ by terms of order 1 / n.
FIRST_ORDER = 0.03
STARS = np.arange(1.0, 6)


def simulate(seed=1, n=60, r=3, missing=0.0):
    rng = np.random.default_rng(seed)
    true = rng.integers(1, 6, (n, 1))
    found = np.clip(true + rng.integers(-1, 2, (n, r)), 1, 5).astype(float)
    found[rng.random((n, r)) < missing] = np.nan
    return found


def estimate(ratings, name, weights="unweighted", categories=STARS):
    return estimate_categorical(
        ratings, coefficient=name, weights=weights, level=0.95, categories=categories
    )


@pytest.mark.parametrize("name", COEFFICIENTS)
@pytest.mark.parametrize("weights", ["unweighted", "quadratic"])
@pytest.mark.parametrize("missing", [0.0, 0.25])
def test_standard_error_is_near_the_jackknife(name, weights, missing):
    ratings = simulate(2, n=300, r=4, missing=missing)
    ratings = ratings[(~np.isnan(ratings)).sum(axis=1) > 1]
    found = estimate(ratings, name, weights).coefficient
    assert found.std_error == pytest.approx(leave_out(ratings, name, weights), rel=FIRST_ORDER)


@pytest.mark.parametrize("name", ["percent", "brennan_prediger", "fleiss", "conger", "gwet"])
def test_units_with_one_rating_make_the_standard_error_conservative(name):
    """As irrCAC has it: they enter as 0 agreement, in a sample whose paired units are fixed."""
    ratings = simulate(2, n=300, missing=0.25)
    found = estimate(ratings, name, "quadratic")
    assert found.n_paired < 0.9 * found.coefficient.n
    assert found.coefficient.std_error > 1.2 * leave_out(ratings, name, "quadratic")


def leave_out(ratings, name, weights):
    """Return the jackknife standard error over units."""
    left = [
        estimate(np.delete(ratings, i, axis=0), name, weights).coefficient.estimate
        for i in range(len(ratings))
    ]
    return np.sqrt((len(left) - 1) * np.var(left))


@pytest.mark.parametrize("weights", ["unweighted", "linear", "quadratic", "ordinal"])
def test_two_raters_give_cohen_scott_and_gwet(weights):
    ratings = simulate(3, r=2)
    w = compute_weights(STARS, weights)
    table = np.zeros((5, 5))
    for x, y in ratings.astype(int) - 1:
        table[x, y] += 1 / len(ratings)
    rows, columns = table.sum(axis=1), table.sum(axis=0)
    both = (rows + columns) / 2
    chance = {
        "conger": rows @ w @ columns,
        "fleiss": both @ w @ both,
        "gwet": w.sum() / 20 * (both @ (1 - both)),
        "brennan_prediger": w.mean(),
        "percent": 0,
    }
    observed = (w * table).sum()
    for name, expected in chance.items():
        found = estimate(ratings, name, weights)
        assert found.observed == pytest.approx(observed, rel=CLOSED_FORM)
        wanted = (observed - expected) / (1 - expected)
        assert found.coefficient.estimate == pytest.approx(wanted, rel=CLOSED_FORM)


@pytest.mark.parametrize("missing", [0.0, 0.3])
@pytest.mark.parametrize(
    ("weights", "metric"), [("unweighted", "nominal"), ("quadratic", "interval")]
)
def test_krippendorff_is_that_of_its_own_file(weights, metric, missing):
    ratings = simulate(4, missing=missing)
    found = estimate(ratings, "krippendorff", weights).coefficient.estimate
    assert found == pytest.approx(compute_krippendorff(ratings, metric=metric), rel=CLOSED_FORM)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from(COEFFICIENTS))
def test_order_of_units_and_raters_does_not_matter(seed, name):
    rng = np.random.default_rng(seed)
    ratings = simulate(seed, n=25, missing=0.2)
    shuffled = rng.permutation(rng.permutation(ratings, axis=0), axis=1)
    one, two = estimate(ratings, name, "linear"), estimate(shuffled, name, "linear")
    assert two.coefficient.estimate == pytest.approx(one.coefficient.estimate, abs=CLOSED_FORM)
    assert two.coefficient.std_error == pytest.approx(one.coefficient.std_error, abs=CLOSED_FORM)


@pytest.mark.parametrize("name", COEFFICIENTS)
def test_full_agreement_is_one(name):
    ratings = np.repeat(np.array([[1.0], [2], [2], [5]]), 3, axis=1)
    found = estimate(ratings, name).coefficient
    assert (found.estimate, found.ci_high) == pytest.approx((1, 1))


def test_common_category_lowers_kappa_and_not_ac1():
    ratings = np.array([[5.0, 5]] * 95 + [[5, 1], [1, 5]] * 2 + [[1, 1]])
    assert estimate(ratings, "conger").coefficient.estimate < 0.4
    assert estimate(ratings, "gwet").coefficient.estimate > 0.9


def test_weights_are_the_published_ones():
    assert compute_weights(np.array([1.0, 2, 3]), "ordinal") == pytest.approx(
        np.array([[1, 2 / 3, 0], [2 / 3, 1, 2 / 3], [0, 2 / 3, 1]])
    )
    assert compute_weights(np.array([1.0, 2, 5]), "linear")[0] == pytest.approx([1, 0.75, 0])
    assert compute_weights(np.array([1.0, 2, 5]), "quadratic")[0] == pytest.approx([1, 15 / 16, 0])


def test_published_table_of_weighted_kappa():
    """Fleiss, Cohen and Everitt (1969): kappa .429 with variance .002885 over 200 units."""
    table = np.array([[106, 10, 4], [22, 28, 10], [2, 12, 6]])
    pairs = np.array([(i, j) for i in range(3) for j in range(3) for _ in range(table[i, j])])
    found = estimate_cohen(*pairs.T.astype(float), level=0.95)
    assert found.estimate == pytest.approx(0.429, abs=5e-4)
    assert found.std_error == pytest.approx(np.sqrt(0.002885), abs=5e-5)


@pytest.mark.parametrize("weights", ["unweighted", "linear", "quadratic"])
def test_kappa_error_is_near_the_jackknife(weights):
    x, y = simulate(5, n=400, r=2).T
    found = estimate_cohen(x, y, level=0.95, weights=weights, categories=STARS)
    left = [
        estimate_cohen(
            np.delete(x, i), np.delete(y, i), level=0.95, weights=weights, categories=STARS
        ).estimate
        for i in range(len(x))
    ]
    assert found.std_error == pytest.approx(np.sqrt(len(x) - 1) * np.std(left), rel=FIRST_ORDER)


def test_missing_units_of_kappa_are_dropped():
    x, y = np.array([1.0, 2, np.nan, 2]), np.array([1.0, 2, 1, np.nan])
    found = estimate_cohen(x, y, level=0.95)
    assert (found.n, found.estimate) == (2, 1)


def test_undefined_and_refused():
    one = np.full((6, 2), 3.0)
    found = estimate(one, "gwet")
    assert found.coefficient.method == "undefined: all ratings are in one category"
    assert np.isnan(found.expected)
    alone = np.array([[1.0, np.nan], [np.nan, 2]])
    assert estimate(alone, "fleiss").coefficient.method == "undefined: no unit has two ratings"
    assert estimate_cohen(*one.T, level=0.9).method == ("undefined: agreement by chance is certain")
    assert estimate_cohen(*alone.T, level=0.9).method == "undefined: no unit has both ratings"
    with pytest.raises(ValueError, match="ratings outside the categories: 9"):
        estimate(np.array([[1.0, 9], [2, 2]]), "gwet")
    with pytest.raises(ValueError, match="coefficient must be one of percent"):
        estimate(one, "kappa")
    with pytest.raises(ValueError, match="weights must be one of unweighted"):
        estimate(one, "gwet", "cubic")
    with pytest.raises(ValueError, match="at least two columns"):
        estimate(one[:, :1], "gwet")
    with pytest.raises(ValueError, match="vectors of one length"):
        estimate_cohen(one[:, 0], one[1:, 0], level=0.9)


def test_one_unit_has_no_interval():
    found = estimate(np.array([[1.0, 2, 2]]), "gwet").coefficient
    assert found.method == "no interval: one unit"
    assert np.isnan(found.std_error)
