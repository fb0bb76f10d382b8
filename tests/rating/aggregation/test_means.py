"""Weighted means and their derivatives against scipy, hand calculation and finite differences."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import approx_fprime
from scipy.stats import gmean, hmean, pmean

from clientindex.agreement.inflation import compute_weighted_median
from clientindex.errors import StatisticsError
from clientindex.rating.aggregation import (
    Level,
    Mean,
    MissingRule,
    aggregate_levels,
    complete,
    compute_level_gradients,
    compute_mean,
    compute_mean_gradient,
)

MEANS = [
    Mean(),
    Mean(kind="geometric"),
    Mean(kind="harmonic"),
    *[Mean(kind="power", power=p) for p in (-30.0, -2.0, -0.5, 0.0, 0.3, 1.0, 2.0, 40.0)],
]
SMOOTH_STEP = 1e-6
# Forward differences with such a step.
DIFFERENCES = 5e-5


@pytest.fixture
def x() -> np.ndarray:
    return np.random.default_rng(3).uniform(1, 100, (4, 6))


@pytest.fixture
def weights() -> np.ndarray:
    return np.array([0.3, 0.1, 0.2, 0.05, 0.25, 0.1])


def scipy_mean(mean: Mean, x, weights):
    if mean.exponent == 0:
        return gmean(x, weights=weights, axis=-1)
    return pmean(x, mean.exponent, weights=weights, axis=-1)


@pytest.mark.parametrize("mean", MEANS)
def test_means_equal_scipy(mean: Mean, x, weights) -> None:
    found = compute_mean(x, weights, mean=mean)
    np.testing.assert_allclose(found, scipy_mean(mean, x, weights), rtol=1e-12)
    np.testing.assert_allclose(compute_mean(x, weights * 7, mean=mean), found, rtol=1e-14)


def test_named_means_equal_scipy(x, weights) -> None:
    np.testing.assert_allclose(
        compute_mean(x, weights, mean=Mean(kind="harmonic")), hmean(x, weights=weights, axis=-1)
    )
    np.testing.assert_allclose(
        compute_mean(x, weights, mean=Mean()), np.average(x, weights=weights, axis=-1)
    )


def test_a_power_near_zero_loses_no_digits(x, weights) -> None:
    """M_p = G (1 + p var(ln x) / 2 + ...): at p = 1e-10 the geometric mean to 1e-9."""
    geometric = gmean(x, weights=weights, axis=-1)
    tiny = compute_mean(x, weights, mean=Mean(kind="power", power=1e-10))
    np.testing.assert_allclose(tiny, geometric, rtol=1e-9)
    logs = np.log(x)
    spread = np.average((logs - np.log(geometric)[:, None]) ** 2, weights=weights, axis=-1)
    small = compute_mean(x, weights, mean=Mean(kind="power", power=1e-5))
    np.testing.assert_allclose(small / geometric - 1, 1e-5 * spread / 2, rtol=1e-3)


def test_a_large_power_does_not_overflow(weights) -> None:
    x = np.array([1e-200, 1.0, 3.0, 2.0, 1e200, 5.0])
    assert compute_mean(x, weights, mean=Mean(kind="power", power=500.0)) == pytest.approx(
        1e200 * 0.25 ** (1 / 500)
    )
    assert compute_mean(x, weights, mean=Mean(kind="power", power=-500.0)) == pytest.approx(
        1e-200 * 0.3 ** (-1 / 500)
    )


@given(
    st.lists(st.floats(0, 100), min_size=3, max_size=3),
    st.lists(st.floats(0.01, 10), min_size=3, max_size=3),
)
def test_means_rise_with_the_power_and_stay_between_the_ends(values, weights) -> None:
    x, w = np.array(values), np.array(weights)
    found = [
        float(compute_mean(x, w, mean=Mean(kind="power", power=p)))
        for p in (-20.0, -1.0, 0.0, 0.5, 1.0, 3.0, 20.0)
    ]
    assert (np.diff(found) >= -1e-9).all()
    assert x.min() - 1e-9 <= found[0]
    assert found[-1] <= x.max() + 1e-9


class TestMedian:
    def test_equals_numpy_with_equal_weights(self) -> None:
        rng = np.random.default_rng(0)
        for k in range(1, 9):
            x = rng.normal(size=(50, k))
            found = compute_mean(x, np.ones(k), mean=Mean(kind="median"))
            np.testing.assert_allclose(found, np.median(x, axis=-1), rtol=1e-15)

    def test_equals_the_weighted_median_of_one_row(self) -> None:
        rng = np.random.default_rng(1)
        for _ in range(200):
            k = int(rng.integers(1, 8))
            x, w = rng.integers(0, 5, k).astype(float), rng.integers(1, 4, k).astype(float)
            found = compute_mean(x, w, mean=Mean(kind="median"))
            assert found == compute_weighted_median(x, w)

    def test_weights_are_repetitions(self) -> None:
        x, n = np.array([5.0, 1.0, 9.0, 4.0]), np.array([2, 3, 1, 2])
        found = compute_mean(x, n.astype(float), mean=Mean(kind="median"))
        assert found == np.median(np.repeat(x, n))

    def test_derivatives_are_the_shares_of_the_middle(self) -> None:
        median = Mean(kind="median")
        three = compute_mean_gradient(np.array([3.0, 1.0, 2.0]), np.ones(3), mean=median)
        four = compute_mean_gradient(np.array([3.0, 1.0, 2.0, 9.0]), np.ones(4), mean=median)
        assert three.tolist() == [0, 0, 1]
        assert four.tolist() == [0.5, 0, 0.5, 0]


@pytest.mark.parametrize("mean", MEANS)
def test_derivatives_equal_finite_differences(mean: Mean, x, weights) -> None:
    found = compute_mean_gradient(x, weights, mean=mean)
    for row, gradient in zip(x, found, strict=True):
        wanted = approx_fprime(row, lambda v: float(scipy_mean(mean, v, weights)), SMOOTH_STEP)
        np.testing.assert_allclose(gradient, wanted, rtol=1e-3, atol=DIFFERENCES)
        # Means are homogeneous of degree 1: Euler's theorem.
        assert gradient @ row == pytest.approx(compute_mean(row, weights, mean=mean), rel=1e-12)


class TestZerosAndNegatives:
    x = np.array([0.0, 4.0, 9.0])
    ones = np.ones(3)

    @pytest.mark.parametrize(
        ("mean", "value"),
        [
            (Mean(kind="geometric"), 0.0),
            (Mean(kind="harmonic"), 0.0),
            (Mean(kind="power", power=-3.0), 0.0),
            (Mean(kind="power", power=0.5), (5 / 3) ** 2),
            (Mean(kind="power", power=2.0), np.sqrt(97 / 3)),
        ],
    )
    def test_zero(self, mean: Mean, value: float) -> None:
        assert compute_mean(self.x, self.ones, mean=mean) == pytest.approx(value)
        assert compute_mean(np.zeros(3), self.ones, mean=mean) == 0

    def test_a_zero_without_weight_does_not_matter(self) -> None:
        w = np.array([0.0, 1.0, 1.0])
        assert compute_mean(self.x, w, mean=Mean(kind="geometric")) == pytest.approx(6)
        found = compute_mean_gradient(self.x, w, mean=Mean(kind="geometric"))
        np.testing.assert_allclose(found, [0, 0.75, 1 / 3])

    def test_no_derivative_at_zero_below_power_one(self) -> None:
        for mean in (Mean(kind="geometric"), Mean(kind="power", power=0.5)):
            assert np.isnan(compute_mean_gradient(self.x, self.ones, mean=mean)).all()
        square = compute_mean_gradient(self.x, self.ones, mean=Mean(kind="power", power=2.0))
        np.testing.assert_allclose(square, self.x / 3 / np.sqrt(97 / 3))

    def test_negatives_are_refused_in_words(self) -> None:
        x = np.array([-0.5, 1.0, 2.0])
        for mean in (Mean(kind="geometric"), Mean(kind="harmonic"), Mean(kind="power", power=2.0)):
            with pytest.raises(StatisticsError, match=r"not defined for negative.*-0\.5"):
                compute_mean(x, self.ones, mean=mean)
            with pytest.raises(StatisticsError, match="not defined for negative"):
                compute_mean_gradient(x, self.ones, mean=mean)
        assert compute_mean(x, self.ones, mean=Mean(kind="median")) == 1
        assert compute_mean(x, self.ones, mean=Mean()) == pytest.approx(2.5 / 3)


@pytest.mark.parametrize(
    "settings",
    [{"kind": "mode"}, {"kind": "power"}, {"kind": "geometric", "power": 1.0}],
)
def test_means_that_are_none_are_refused(settings) -> None:
    with pytest.raises(StatisticsError, match="mean"):
        Mean(**settings)
    with pytest.raises(StatisticsError, match="must be finite"):
        Mean(kind="power", power=float("inf"))
    with pytest.raises(StatisticsError, match="0 or more"):
        compute_mean(np.ones(2), np.array([1.0, -1.0]), mean=Mean())


class TestMissing:
    x = np.array([[80.0, np.nan, 50.0], [np.nan, np.nan, np.nan], [80.0, 60.0, np.nan]])
    w = np.array([0.5, 0.3, 0.2])

    def average(self, rule: MissingRule) -> np.ndarray:
        done = complete(self.x, self.w, rule=rule)
        return compute_mean(done.x, done.weights, mean=Mean())

    def test_refuse(self) -> None:
        assert np.isnan(self.average(MissingRule())).all()
        assert complete(self.x, self.w, rule=MissingRule()).n_missing.tolist() == [1, 3, 1]

    def test_reweight_equals_a_masked_average(self) -> None:
        found = self.average(MissingRule(treatment="reweight"))
        wanted = np.ma.average(np.ma.masked_invalid(self.x), weights=self.w, axis=1)
        np.testing.assert_allclose(found, wanted.filled(np.nan))
        few = self.average(MissingRule(treatment="reweight", fewest=3))
        assert np.isnan(few).all()

    def test_impute_counts_what_it_filled(self) -> None:
        rule = MissingRule(treatment="impute", fill=np.array([70.0, 65.0, np.nan]))
        done = complete(self.x, self.w, rule=rule)
        assert done.imputed.sum(axis=1).tolist() == [1, 2, 0]
        assert done.n_missing.tolist() == [1, 3, 1]
        found = compute_mean(done.x, done.weights, mean=Mean())
        # The second has no value of its own, the third none to fill in.
        np.testing.assert_allclose(found, [0.5 * 80 + 0.3 * 65 + 0.2 * 50, np.nan, np.nan])

    def test_a_missing_value_without_weight_is_not_missing(self) -> None:
        done = complete(np.array([1.0, np.nan]), np.array([1.0, 0.0]), rule=MissingRule())
        assert done.n_missing == 0
        assert compute_mean(done.x, done.weights, mean=Mean()) == 1

    def test_bad_rules_are_refused(self) -> None:
        with pytest.raises(StatisticsError, match="refuse, reweight, impute, not drop"):
            MissingRule(treatment="drop")
        with pytest.raises(StatisticsError, match="at least one value"):
            MissingRule(fewest=0)
        with pytest.raises(StatisticsError, match="for the treatment impute"):
            MissingRule(treatment="impute")
        with pytest.raises(StatisticsError, match="one is infinite"):
            complete(np.array([np.inf]), np.ones(1), rule=MissingRule())


class TestLevels:
    levels = (
        Level(
            parent_of=np.array([0, 0, 1, 1, 1]),
            weights=np.array([0.7, 0.3, 0.5, 0.25, 0.25]),
            mean=Mean(kind="geometric"),
            missing=MissingRule(treatment="reweight"),
        ),
        Level(
            parent_of=np.array([0, 0]),
            weights=np.array([0.6, 0.4]),
            mean=Mean(kind="power", power=0.5),
            missing=MissingRule(treatment="reweight"),
        ),
    )

    def test_by_hand(self) -> None:
        x = np.array([64.0, 27.0, 16.0, 81.0, np.nan])
        found = aggregate_levels(x, self.levels)
        front, back = 64**0.7 * 27**0.3, 16 ** (2 / 3) * 81 ** (1 / 3)
        np.testing.assert_allclose(found.scores[0], [front, back])
        index = (0.6 * front**0.5 + 0.4 * back**0.5) ** 2
        np.testing.assert_allclose(found.scores[1], [index])
        assert found.n_missing[0].tolist() == [0, 1]
        assert found.n_missing[1].tolist() == [0]

    def test_derivatives_equal_finite_differences_through_all_levels(self) -> None:
        x = np.array([64.0, 27.0, 16.0, 81.0, 40.0])
        groups, index = compute_level_gradients(x, self.levels)
        for place, wanted in ((0, groups), (1, index)):
            found = approx_fprime(
                x, lambda v, at=place: aggregate_levels(v, self.levels).scores[at], SMOOTH_STEP
            )
            np.testing.assert_allclose(np.atleast_2d(found), wanted, atol=DIFFERENCES)

    def test_a_missing_group_takes_no_derivative_with_it(self) -> None:
        x = np.array([[np.nan, np.nan, 16.0, 81.0, 40.0], [np.nan] * 5])
        groups, index = compute_level_gradients(x, self.levels)
        assert np.isnan(groups[0, 0]).all()
        np.testing.assert_allclose(index[0, 0], groups[0, 1])
        assert np.isnan(index[1]).all()

    def test_an_imputed_value_has_no_derivative(self) -> None:
        level = Level(
            parent_of=np.array([0, 0]),
            weights=np.ones(2),
            missing=MissingRule(treatment="impute", fill=np.array([50.0, 50.0])),
        )
        assert compute_level_gradients(np.array([np.nan, 70.0]), [level])[0].tolist() == [[0, 0.5]]
        assert aggregate_levels(np.array([np.nan, 70.0]), [level]).scores[0].tolist() == [60]

    def test_weights_may_differ_between_centres(self) -> None:
        level = Level(parent_of=np.array([0, 0]), weights=np.array([[1.0, 3.0], [1.0, 1.0]]))
        found = aggregate_levels(np.array([[0.0, 4.0], [0.0, 4.0]]), [level])
        assert found.scores[0].tolist() == [[3.0], [2.0]]

    def test_bad_levels_are_refused(self) -> None:
        with pytest.raises(StatisticsError, match="from 0 without gaps"):
            Level(parent_of=np.array([0, 2]), weights=np.ones(2))
        with pytest.raises(StatisticsError, match="do not fit 2 children"):
            Level(parent_of=np.array([0, 0]), weights=np.ones(3))
        with pytest.raises(StatisticsError, match="a level of 2 children cannot take 3 values"):
            aggregate_levels(np.ones(3), [Level(parent_of=np.array([0, 0]), weights=np.ones(2))])
