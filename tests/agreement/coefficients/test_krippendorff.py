"""Krippendorff's alpha against the coincidence matrix of values, and its interval."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clientindex.agreement.coefficients import compute_krippendorff, estimate_krippendorff

CLOSED_FORM = 1e-10
METRICS = ["nominal", "ordinal", "interval", "ratio"]


def measure(values, counts, metric):
    """Return the matrix of squared differences of values."""
    a, b = values[:, None], values[None, :]
    if metric == "nominal":
        return (a != b).astype(float)
    if metric == "interval":
        return (a - b) ** 2
    if metric == "ratio":
        return np.where(a + b == 0, 0, (a - b) / np.where(a + b == 0, 1, a + b)) ** 2
    found = np.zeros((len(values), len(values)))
    for i in range(len(values)):
        for j in range(i + 1, len(values)):
            inside = counts[i : j + 1].sum() - (counts[i] + counts[j]) / 2
            found[i, j] = found[j, i] = inside**2
    return found


def by_coincidences(ratings, metric):
    """Alpha as Krippendorff defines it: a table of values by values."""
    rows = [row[~np.isnan(row)] for row in ratings]
    rows = [row for row in rows if len(row) > 1]
    values = np.unique(np.concatenate(rows))
    table = np.zeros((len(values), len(values)))
    for row in rows:
        places = np.searchsorted(values, row)
        for i in range(len(row)):
            for j in range(len(row)):
                if i != j:
                    table[places[i], places[j]] += 1 / (len(row) - 1)
    counts = table.sum(axis=1)
    apart = measure(values, counts, metric)
    expected = counts @ apart @ counts
    return 1 - (counts.sum() - 1) * (table * apart).sum() / expected


# No deadline: the first ratio scale compiles.
@settings(max_examples=40, deadline=None)
@given(
    st.integers(0, 2**32 - 1),
    st.sampled_from(METRICS),
    st.integers(2, 5),
    st.sampled_from([0.0, 0.3]),
)
def test_closed_form_is_that_of_the_coincidence_matrix(seed, metric, raters, missing):
    rng = np.random.default_rng(seed)
    true = rng.integers(0, 6, (20, 1))
    ratings = np.abs(true + rng.integers(-1, 2, (20, raters))).astype(float)
    ratings[rng.random(ratings.shape) < missing] = np.nan
    ratings[:2, :2] = [[1, 2], [3, 3]]
    found = compute_krippendorff(ratings, metric=metric)
    assert found == pytest.approx(by_coincidences(ratings, metric), abs=CLOSED_FORM)


@pytest.mark.parametrize("metric", METRICS)
def test_continuous_scores_of_two_raters(metric):
    ratings = np.random.default_rng(1).uniform(20, 90, (60, 1)) + np.array([0.0, 3.0])
    ratings += np.random.default_rng(2).normal(0, 4, (60, 2))
    found = compute_krippendorff(ratings, metric=metric)
    assert found == pytest.approx(by_coincidences(ratings, metric), abs=CLOSED_FORM)


# Krippendorff, "Computing Krippendorff's Alpha-Reliability" (2011): 4 observers, 12 units.
PUBLISHED = np.array(
    [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, np.nan, np.nan, np.nan],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, np.nan, 3],
        [np.nan, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, np.nan],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, np.nan],
    ]
).T


@pytest.mark.parametrize(
    ("metric", "alpha"),
    [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849), ("ratio", 0.797)],
)
def test_published_example(metric, alpha):
    assert compute_krippendorff(PUBLISHED, metric=metric) == pytest.approx(alpha, abs=5e-4)


def test_distance_from_zero_costs_no_digits():
    ratings = np.random.default_rng(3).normal(0, 1, (50, 2))
    near = compute_krippendorff(ratings, metric="interval")
    assert compute_krippendorff(ratings + 1e6, metric="interval") == pytest.approx(near, abs=1e-8)


def test_interval_depends_on_the_seed_alone():
    def run(seed):
        rng = np.random.default_rng(seed)
        return estimate_krippendorff(PUBLISHED, metric="ordinal", level=0.9, rng=rng, resamples=200)

    assert run(0) == run(0) != run(1)
    assert run(0).n == 11
    assert run(0).method == "percentile, 200 of 200 resamples of units"


@pytest.mark.parametrize("metric", METRICS)
def test_resamples_are_alpha_of_the_drawn_units(metric):
    """The quantiles of a few resamples, computed from the drawn tables themselves."""
    ratings = np.random.default_rng(4).integers(1, 6, (15, 3)).astype(float)
    found = estimate_krippendorff(
        ratings, metric=metric, level=0.8, rng=np.random.default_rng(7), resamples=25
    )
    rng = np.random.default_rng(7)
    drawn = [by_coincidences(ratings[rng.integers(0, 15, 15)], metric) for _ in range(25)]
    wanted = np.quantile(drawn, [0.1, 0.9])
    assert (found.ci_low, found.ci_high) == pytest.approx(wanted, abs=CLOSED_FORM)
    assert found.std_error == pytest.approx(np.std(drawn, ddof=1), abs=CLOSED_FORM)


def test_resamples_without_spread_are_left_out():
    ratings = np.array([[1.0, 1], [1, 1], [1, 2]])
    found = estimate_krippendorff(
        ratings, metric="nominal", level=0.9, rng=np.random.default_rng(1), resamples=100
    )
    assert found.method.endswith(" of 100 resamples of units")
    assert 50 < int(found.method.split()[1]) < 100


def test_undefined_and_refused():
    rng = np.random.default_rng(1)
    same = np.ones((4, 2))
    assert np.isnan(compute_krippendorff(same, metric="interval"))
    found = estimate_krippendorff(same, metric="interval", level=0.9, rng=rng)
    assert found.method == "undefined: all values are equal"
    alone = np.array([[1.0, np.nan], [np.nan, 2]])
    found = estimate_krippendorff(alone, metric="ratio", level=0.9, rng=rng)
    assert found.method == "undefined: no unit has two values"
    with pytest.raises(ValueError, match="metric must be one of nominal"):
        compute_krippendorff(same, metric="circular")
    with pytest.raises(ValueError, match="no negative values, but -1 occurs"):
        compute_krippendorff(-same, metric="ratio")
