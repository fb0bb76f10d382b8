"""Lines against closed forms, brute force and a known truth; needs no other folder."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize, minimize_scalar
from scipy.stats import theilslopes

from clientindex.agreement.structural import (
    PointErrors,
    Strata,
    bootstrap_errors_in_variables,
    bootstrap_line,
    estimate_deming,
    estimate_equivariant_passing_bablok,
    estimate_errors_in_variables,
    estimate_passing_bablok,
    estimate_theil_sen,
    fit_deming,
    fit_errors_in_variables,
    fit_generalised_deming,
    fit_inverse_least_squares,
    fit_least_squares,
    fit_left_out,
    fit_weighted_deming,
    jackknife_errors_in_variables,
    jackknife_line,
    make_equivariant_passing_bablok,
    make_passing_bablok,
    make_theil_sen,
    take_known_errors,
    take_pairs,
)
from clientindex.errors import StatisticsError

# Closed forms in double precision.
ROUNDING = 1e-10
# A bounded search stops at about the root of the precision.
SEARCH = 1e-6
LEVEL = 0.95


def make_cloud(seed=0, n=24):
    rng = np.random.default_rng(seed)
    level = rng.normal(60, 10, n)
    return level + rng.normal(0, 3, n), 5 + 1.1 * level + rng.normal(0, 4, n)


def test_orthogonal_regression_is_the_first_eigenvector():
    x, y = make_cloud()
    vector = np.linalg.eigh(np.cov(x, y))[1][:, -1]
    line = fit_deming(x, y, error_ratio=1.0)
    assert line[1] == pytest.approx(vector[1] / vector[0], rel=ROUNDING)
    assert line[0] == pytest.approx(y.mean() - line[1] * x.mean(), rel=ROUNDING)


@pytest.mark.parametrize("ratio", [0.2, 1.0, 7.0])
@pytest.mark.parametrize("sign", [1, -1])
def test_deming_minimises_the_sum_it_is_defined_by(ratio, sign):
    x, y = make_cloud()
    y = sign * y

    def total(line):
        residual = y - line[0] - line[1] * x
        return (residual**2).sum() / (1 + ratio * line[1] ** 2)

    line = fit_deming(x, y, error_ratio=ratio)
    found = minimize(total, line * 1.05, method="Nelder-Mead", options={"xatol": 1e-8})
    assert total(line) <= found.fun * (1 + ROUNDING)
    assert np.sign(line[1]) == sign


def test_deming_runs_from_one_least_squares_line_to_the_other():
    x, y = make_cloud()
    slopes = [fit_deming(x, y, error_ratio=ratio)[1] for ratio in (1e-9, 0.5, 1, 2, 1e9)]
    assert slopes == sorted(slopes)
    assert slopes[0] == pytest.approx(fit_least_squares(x, y)[1], rel=SEARCH)
    assert slopes[-1] == pytest.approx(fit_inverse_least_squares(x, y)[1], rel=SEARCH)


def test_deming_turned_round_is_the_same_line():
    x, y = make_cloud()
    there = fit_deming(x, y, error_ratio=0.4)
    back = fit_deming(y, x, error_ratio=1 / 0.4)
    assert back[1] == pytest.approx(1 / there[1], rel=ROUNDING)
    assert back[0] == pytest.approx(-there[0] / there[1], rel=ROUNDING)


def test_generalised_deming_minimises_its_sum():
    x, y = make_cloud()
    rng = np.random.default_rng(1)
    errors = PointErrors(var_x=rng.uniform(2, 30, len(x)), var_y=rng.uniform(2, 30, len(x)))

    def total(slope):
        w = 1 / (errors.var_y + slope**2 * errors.var_x)
        residual = y - slope * x
        return (w * (residual - w @ residual / w.sum()) ** 2).sum()

    found = minimize_scalar(total, bounds=(0.5, 2.5), method="bounded", options={"xatol": 1e-9})
    line = fit_generalised_deming(x, y, errors=errors)
    assert line[1] == pytest.approx(found.x, rel=SEARCH)
    assert total(line[1]) <= found.fun * (1 + ROUNDING)


@pytest.mark.parametrize("ratio", [0.5, 1.0, 3.0])
def test_generalised_deming_with_equal_errors_is_deming(ratio):
    x, y = make_cloud()
    errors = PointErrors(var_x=np.full(len(x), 4.0 * ratio), var_y=np.full(len(x), 4.0))
    expected = fit_deming(x, y, error_ratio=ratio)
    assert fit_generalised_deming(x, y, errors=errors) == pytest.approx(expected, rel=ROUNDING)


def test_weighted_deming_on_points_of_a_line_finds_it():
    x = np.array([1.0, 2.0, 5.0, 11.0])
    line = fit_weighted_deming(x, 0.5 + 1.7 * x, error_ratio=1.0)
    assert line == pytest.approx([0.5, 1.7], rel=ROUNDING)


WEIGHTED_FITS = {
    "least squares": fit_least_squares,
    "inverse": fit_inverse_least_squares,
    "deming": lambda x, y, weights: fit_deming(x, y, error_ratio=0.7, weights=weights),
    "weighted deming": lambda x, y, weights: fit_weighted_deming(
        x, y, error_ratio=0.7, weights=weights
    ),
    "passing-bablok": lambda x, y, weights: make_passing_bablok(x, y)(weights),
    "equivariant": lambda x, y, weights: make_equivariant_passing_bablok(x, y)(weights),
    "theil-sen": lambda x, y, weights: make_theil_sen(x, y)(weights),
}


@pytest.mark.parametrize("name", WEIGHTED_FITS)
def test_a_weight_of_two_is_the_centre_twice(name):
    x, y = make_cloud()
    weights = np.random.default_rng(3).multinomial(len(x), np.full(len(x), 1 / len(x)), size=4)
    stacked = WEIGHTED_FITS[name](x, y, weights=weights.astype(float))
    for row, line in zip(weights, stacked, strict=True):
        drawn = np.repeat(np.arange(len(x)), row)
        alone = WEIGHTED_FITS[name](x[drawn], y[drawn], weights=np.ones((1, len(drawn))))[0]
        assert line == pytest.approx(alone, rel=ROUNDING)


def shift_median_by_hand(x, y):
    """Follow the paper word by word, in whole numbers."""
    slopes = []
    for (a, b), (c, d) in itertools.combinations(zip(x, y, strict=True), 2):
        dx, dy = a - c, b - d
        if dx == 0 and dy == 0:
            continue
        slope = math.copysign(math.inf, dy) if dx == 0 else dy / dx
        if slope != -1:
            slopes.append(slope)
    slopes.sort()
    n, k = len(slopes), sum(slope < -1 for slope in slopes)
    if n % 2:
        return slopes[(n + 1) // 2 + k - 1], n, k
    return (slopes[n // 2 + k - 1] + slopes[n // 2 + k]) / 2, n, k


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.lists(st.tuples(st.integers(1, 12), st.integers(-2, 2)), min_size=8, max_size=20))
def test_passing_bablok_with_many_ties_is_the_rule_by_hand(points):
    x = np.array([a for a, _ in points], dtype=float)
    y = x + np.array([b for _, b in points])
    if len(set(x)) < 3 or len(set(y)) < 3:
        return
    expected, n, k = shift_median_by_hand(list(x), list(y))
    fit = make_passing_bablok(x, y)(np.ones((1, len(x))))[0]
    if math.isfinite(expected) and (n + 1) // 2 + k < n:
        assert fit[1] == pytest.approx(expected, rel=ROUNDING)
        assert fit[0] == pytest.approx(np.median(y - fit[1] * x), abs=1e-9)
        # The order of centres decides the sign of vertical slopes, and must not matter.
        turned = make_passing_bablok(x[::-1].copy(), y[::-1].copy())(np.ones((1, len(x))))[0]
        assert turned == pytest.approx(fit, rel=1e-9, abs=1e-9)


def test_passing_bablok_does_not_depend_on_rounding_of_decimals():
    x, y = np.round(make_cloud(n=60), 0) / 10
    tenths = make_passing_bablok(x, y)(np.ones((1, 60)))[0, 1]
    whole = make_passing_bablok(np.round(x * 10), np.round(y * 10))(np.ones((1, 60)))[0, 1]
    assert tenths == pytest.approx(whole, rel=ROUNDING)


def test_passing_bablok_turned_round_is_the_same_slope():
    x, y = make_cloud(n=25)
    there = estimate_passing_bablok(take_pairs(x, y), level=LEVEL).slope
    back = estimate_passing_bablok(take_pairs(y, x), level=LEVEL).slope
    assert back.estimate == pytest.approx(1 / there.estimate, rel=1e-2)
    assert back.ci_low == pytest.approx(1 / there.ci_high, rel=1e-2)


@pytest.mark.parametrize("n", [9, 10])
def test_equivariant_passing_bablok_is_the_median_of_absolute_slopes(n):
    x, y = make_cloud(n=n)
    x[1] = x[0]
    pairs = itertools.combinations(range(n), 2)
    by_hand = np.median([abs((y[i] - y[j]) / (x[i] - x[j] or 1e-300)) for i, j in pairs])
    line = estimate_equivariant_passing_bablok(take_pairs(x, y), level=LEVEL)
    assert line.slope.estimate == pytest.approx(by_hand, rel=ROUNDING)


def test_equivariant_passing_bablok_turns_with_units_and_sign():
    x, y = make_cloud(n=25)
    line = estimate_equivariant_passing_bablok(take_pairs(x, y), level=LEVEL)
    for factor in (-1.0, 7.0, -0.01):
        other = estimate_equivariant_passing_bablok(take_pairs(x, factor * y), level=LEVEL)
        assert other.slope.estimate == pytest.approx(factor * line.slope.estimate, rel=ROUNDING)
        assert other.slope.std_error == pytest.approx(
            abs(factor) * line.slope.std_error, rel=ROUNDING
        )
        assert other.intercept.estimate == pytest.approx(
            factor * line.intercept.estimate, rel=ROUNDING
        )


@pytest.mark.parametrize("n", [9, 10, 25])
def test_theil_sen_is_the_median_of_all_slopes(n):
    x, y = make_cloud(n=n)
    x[1] = x[0]
    by_hand = [
        (y[i] - y[j]) / (x[i] - x[j])
        for i, j in itertools.combinations(range(n), 2)
        if x[i] != x[j]
    ]
    line = estimate_theil_sen(take_pairs(x, y), level=LEVEL)
    assert line.slope.estimate == pytest.approx(np.median(by_hand), rel=ROUNDING)
    assert line.slope.estimate == pytest.approx(theilslopes(y, x)[0], rel=ROUNDING)
    assert line.intercept.estimate == pytest.approx(
        np.median(y - line.slope.estimate * x), rel=ROUNDING
    )
    assert line.slope.ci_low < line.slope.estimate < line.slope.ci_high


def simulate(seed, n=2_000):
    """Survey with known sampling errors, checklist with variance of its own: slope 0.8."""
    rng = np.random.default_rng(seed)
    truth = rng.normal(70, 6, n)
    var_x = rng.uniform(4, 30, n)
    x = truth + rng.normal(0, 1, n) * np.sqrt(var_x)
    y = 22 + 0.8 * truth + rng.normal(0, 8, n)
    return x, y, var_x


def test_errors_in_variables_finds_the_slope_and_deming_does_not():
    x, y, var_x = simulate(11)
    line = estimate_errors_in_variables(take_known_errors(x, y, var_x=var_x), level=LEVEL)
    assert line.slope.ci_low < 0.8 < line.slope.ci_high
    assert line.slope.std_error < 0.06
    assert line.intercept.ci_low < 22 < line.intercept.ci_high
    assert line.equation_variance.ci_low < 64 < line.equation_variance.ci_high
    assert line.reliability_x == pytest.approx(36 / (36 + 17), abs=0.03)
    pairs = take_pairs(x, y)
    assert estimate_deming(pairs, error_ratio=1.0, level=LEVEL).slope.ci_low > 1.2
    assert estimate_passing_bablok(pairs, level=LEVEL).slope.ci_low > 1.2
    assert fit_least_squares(x, y)[1] < 0.65
    # The two least-squares lines hold it between them.
    assert fit_least_squares(x, y)[1] < 0.8 < fit_inverse_least_squares(x, y)[1]


def test_errors_and_intervals_of_errors_in_variables_hold_over_simulations():
    rows = [
        estimate_errors_in_variables(take_known_errors(x, y, var_x=v), level=LEVEL)
        for x, y, v in (simulate(seed, n=300) for seed in range(400))
    ]
    slopes = np.array([row.slope.estimate for row in rows])
    assert slopes.mean() == pytest.approx(0.8, abs=4 * slopes.std() / 20 + 0.01)
    assert np.mean([row.slope.std_error for row in rows]) == pytest.approx(slopes.std(), rel=0.12)
    variances = np.array([row.equation_variance.estimate for row in rows])
    assert variances.mean() == pytest.approx(64, abs=4 * variances.std() / 20)
    for name, truth in (("slope", 0.8), ("intercept", 22), ("equation_variance", 64)):
        found = [getattr(row, name) for row in rows]
        covered = np.mean([c.ci_low < truth < c.ci_high for c in found])
        # 400 simulations: two standard errors of a share of 0.95 are 0.022.
        assert covered == pytest.approx(LEVEL, abs=0.03)


def test_three_kinds_of_errors_agree():
    x, y, var_x = simulate(5, n=400)
    known = take_known_errors(x, y, var_x=var_x)
    delta = estimate_errors_in_variables(known, level=LEVEL)
    jackknife = jackknife_errors_in_variables(known, level=LEVEL)
    bootstrap = bootstrap_errors_in_variables(
        known, level=LEVEL, seed=np.random.SeedSequence(0), resamples=2_000
    )
    for other in (jackknife, bootstrap):
        for name in ("intercept", "slope", "equation_variance"):
            ours, theirs = getattr(delta, name), getattr(other, name)
            assert theirs.estimate == ours.estimate
            assert theirs.std_error == pytest.approx(ours.std_error, rel=0.06)


def test_known_errors_of_zero_give_least_squares():
    x, y = make_cloud()
    line = fit_errors_in_variables(take_known_errors(x, y, var_x=np.zeros(len(x))))
    assert line[:2] == pytest.approx(fit_least_squares(x, y), rel=ROUNDING)
    residual = y - line[0] - line[1] * x
    assert line[2] == pytest.approx(residual @ residual / (len(x) - 2), rel=ROUNDING)


def test_equal_errors_give_fullers_formulas():
    x, y = make_cloud()
    s = np.cov(x, y)
    known = take_known_errors(x, y, var_x=np.full(len(x), 6.0), var_y=np.full(len(x), 2.0))
    intercept, slope, variance = fit_errors_in_variables(known)
    assert slope == pytest.approx(s[0, 1] / (s[0, 0] - 6), rel=ROUNDING)
    residual = y - intercept - slope * x
    assert variance == pytest.approx(
        residual @ residual / (len(x) - 2) - slope**2 * 6 - 2, rel=ROUNDING
    )


def test_uneven_weights_of_centres_leave_the_slope_unbiased():
    slopes = []
    for seed in range(300):
        x, y, var_x = simulate(seed, n=200)
        known = take_known_errors(x, y, var_x=var_x, design=1 / (36 + var_x))
        slopes.append(fit_errors_in_variables(known)[1])
    error = np.std(slopes) / np.sqrt(len(slopes))
    # A ratio of moments leans by about its squared relative error; 0.01 at 200 centres.
    assert np.mean(slopes) == pytest.approx(0.8, abs=3 * error + 0.01)


def test_resampled_errors_in_variables_equal_repeated_centres():
    x, y, var_x = simulate(2, n=30)
    design = np.linspace(1, 2, 30)
    known = take_known_errors(x, y, var_x=var_x * 0.2, design=design)
    weights = np.random.default_rng(0).multinomial(30, np.full(30, 1 / 30), size=3).astype(float)
    stacked = fit_errors_in_variables(known, weights=weights)
    for row, line in zip(weights, stacked, strict=True):
        rows = np.repeat(np.arange(30), row.astype(int))
        alone = take_known_errors(x[rows], y[rows], var_x=0.2 * var_x[rows], design=design[rows])
        assert line == pytest.approx(fit_errors_in_variables(alone), rel=1e-9)


def test_jackknife_is_pseudo_values_and_strata_count():
    x, y = make_cloud()
    pairs = take_pairs(x, y)
    n = pairs.n

    def fit(weights):
        return fit_least_squares(x, y, weights=weights)

    left_out = fit_left_out(fit, n)
    pseudo = n * fit(np.ones((1, n))) - (n - 1) * left_out
    line = jackknife_line(fit, pairs, level=LEVEL)
    assert line.slope.std_error == pytest.approx(
        pseudo[:, 1].std(ddof=1) / np.sqrt(n), rel=ROUNDING
    )
    strata = Strata(codes=np.arange(n) % 3)
    by_region = jackknife_line(fit, pairs, level=LEVEL, strata=strata)
    squares = sum(
        (8 / 7) * ((left_out[k::3, 1] - left_out[k::3, 1].mean()) ** 2).sum() for k in range(3)
    )
    expected = (n - 1) / n * np.sqrt(squares)
    assert by_region.slope.std_error == pytest.approx(expected, rel=ROUNDING)


def test_the_bootstrap_is_the_same_for_a_seed_and_draws_inside_strata():
    x, y = make_cloud()
    x[12:] += 1_000
    y[12:] += 1_000
    pairs = take_pairs(x, y)
    strata = Strata(codes=np.repeat([0, 1], 12))

    def fit(weights):
        assert (weights[:, :12].sum(axis=1) == 12).all()
        return fit_least_squares(x, y, weights=weights)

    lines = [
        bootstrap_line(
            fit,
            pairs,
            level=LEVEL,
            seed=np.random.SeedSequence(0),
            resamples=300,
            strata=strata,
        )
        for _ in range(2)
    ]
    assert lines[0] == lines[1]
    assert lines[0].slope.ci_low < lines[0].slope.estimate < lines[0].slope.ci_high


def test_a_bootstrap_without_lines_is_refused():
    x, y, _ = simulate(0, n=20)
    known = take_known_errors(x, y, var_x=np.full(20, 0.9 * np.var(x)))
    with pytest.raises(StatisticsError, match=r"no line in \d+ of 200 resamples"):
        bootstrap_errors_in_variables(
            known, level=LEVEL, seed=np.random.SeedSequence(0), resamples=200
        )


def test_incomplete_centres_are_dropped_and_counted():
    x, y = make_cloud()
    x[3], y[5] = np.nan, np.nan
    line = estimate_deming(take_pairs(x, y), error_ratio=1.0, level=LEVEL)
    assert (line.n, line.n_dropped) == (22, 2)
    table = line.tidy()
    assert list(table["statistic"]) == ["intercept", "slope"]
    assert list(table["n"]) == [22, 22]


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (lambda x, y: take_pairs(x[:2], y[:2]), "needs 3 centres with both measurements, found 2"),
        (lambda x, y: take_pairs(np.full(24, 7.0), y), "all values of one measurement are equal"),
        (
            lambda x, y: take_known_errors(x, y, var_x=np.full(24, 1e4)),
            "known error is all the variance",
        ),
        (lambda x, y: take_known_errors(x, y, var_x=np.full(24, -1.0)), "cannot be negative"),
        (lambda x, y: fit_weighted_deming(x - 60, y, error_ratio=1.0), "needs positive values"),
        (
            lambda x, y: fit_generalised_deming(
                x, y, errors=PointErrors(var_x=np.zeros(24), var_y=np.ones(24))
            ),
            "positive standard error on both sides",
        ),
        (lambda x, _: make_passing_bablok(x, -x), "every slope of two centres is -1"),
    ],
)
def test_what_is_not_defined_is_refused_in_words(act, words):
    with pytest.raises(StatisticsError, match=words):
        act(*make_cloud())
