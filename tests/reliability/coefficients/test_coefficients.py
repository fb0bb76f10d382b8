"""Coefficients of reliability against psych, semTools and closed forms."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import norm

from clientindex.reliability.coefficients import (
    compute_categorical_omega,
    compute_cronbach,
    compute_duhachek,
    compute_error_of_measurement,
    compute_feldt,
    compute_greatest_lower_bound,
    compute_guttman,
    compute_omega,
    compute_split_halves,
    compute_standardised_alpha,
    fit_one_factor,
    list_splits,
)

CLOSED_FORM = 1e-10
ITERATIVE = 1e-6
CSDP = 1e-6
"""Rcsdp stops 1e-8 from the optimum of a rescaled programme."""

OF_THE_WORLD = ["visual", "textual", "speed", "hs"]
"""Holzinger and Swineford's nine tests, and the three groups of them."""

DATA = ["a", "b", "c", "pair", *OF_THE_WORLD]
LONGER = ["a", "b", "c", *OF_THE_WORLD]
SIZES = dict.fromkeys(OF_THE_WORLD, 301)
SEED = np.random.SeedSequence(1)


def standardise(cov):
    sd = np.sqrt(np.diagonal(cov, axis1=-2, axis2=-1))
    return cov / (sd[..., :, None] * sd[..., None, :]), sd


@pytest.mark.parametrize("data", DATA)
def test_alpha_is_that_of_psych(covariances, coefficients, data):
    cov = covariances[data]
    r, _ = standardise(cov)
    assert compute_cronbach(cov) == pytest.approx(coefficients[data, "alpha"], abs=CLOSED_FORM)
    assert compute_standardised_alpha(r) == pytest.approx(
        coefficients[data, "standardised_alpha"], abs=CLOSED_FORM
    )


@pytest.mark.parametrize("data", DATA)
def test_intervals_for_independent_respondents_are_those_of_psych(covariances, coefficients, data):
    cov, n = covariances[data], SIZES.get(data, 600)
    alpha = float(compute_cronbach(cov))
    error, low, high = compute_duhachek(cov, alpha, n=n, level=0.95)
    assert error == pytest.approx(coefficients[data, "duhachek_se"], abs=CLOSED_FORM)
    assert (high - alpha, alpha - low) == pytest.approx((norm.ppf(0.975) * error,) * 2)
    found = compute_feldt(alpha, n=n, k=len(cov), level=0.95)
    expected = [coefficients[data, f"feldt_{end}"] for end in ("low", "high")]
    assert found == pytest.approx(expected, abs=CLOSED_FORM)


@pytest.mark.parametrize("data", DATA)
@pytest.mark.parametrize("number", [1, 2, 5, 6])
def test_bounds_of_guttman_follow_their_definitions(covariances, coefficients, data, number):
    found = compute_guttman(covariances[data])[f"lambda_{number}"]
    assert found == pytest.approx(coefficients[data, f"lambda_{number}"], abs=CLOSED_FORM)


@pytest.mark.parametrize("data", LONGER)
@pytest.mark.parametrize("number", [2, 5, 6])
def test_bounds_of_correlations_are_those_of_psych(covariances, coefficients, data, number):
    r, _ = standardise(covariances[data])
    found = compute_guttman(r)[f"lambda_{number}"]
    assert found == pytest.approx(coefficients[data, f"psych_lambda_{number}"], abs=CLOSED_FORM)


@pytest.mark.parametrize("data", DATA)
@pytest.mark.parametrize("which", ["max", "min", "mean"])
def test_split_halves_are_those_of_full_enumeration(covariances, coefficients, data, which):
    cov = covariances[data]
    splits = list_splits(len(cov), seed=SEED)
    assert splits.exhaustive
    found = compute_split_halves(cov, splits)[f"split_half_{which}"]
    assert found == pytest.approx(coefficients[data, f"split_half_{which}"], abs=CLOSED_FORM)


def test_many_splits_are_sampled_with_a_seed_into_equal_halves():
    splits = list_splits(20, seed=SEED, most=300)
    assert not splits.exhaustive
    assert splits.first.shape == (300, 20)
    assert (splits.first.sum(axis=1) == 10).all()
    again = list_splits(20, seed=np.random.SeedSequence(1), most=300)
    assert (again.first == splits.first).all()


def test_every_split_is_listed_once():
    even, odd = list_splits(6, seed=SEED).first, list_splits(5, seed=SEED).first
    assert len(even) == 10
    assert len(odd) == 10
    both = {tuple(row) for row in np.vstack([even, 1 - even])}
    assert len(both) == 20
    assert (odd.sum(axis=1) == 2).all()


@pytest.mark.parametrize("data", DATA)
def test_greatest_lower_bound_is_that_of_the_semidefinite_programme_of_psych(
    covariances, coefficients, data
):
    cov = covariances[data]
    r, _ = standardise(cov)
    found = compute_greatest_lower_bound(np.stack([cov, r]))
    assert found[0] == pytest.approx(coefficients[data, "glb"], abs=CSDP)
    assert found[1] == pytest.approx(coefficients[data, "glb_standardised"], abs=CSDP)


@pytest.mark.parametrize("data", LONGER)
@pytest.mark.parametrize(
    "statistic", ["omega_total", "composite_reliability", "coefficient_h", "ave"]
)
def test_omega_and_its_relatives_follow_from_one_minres_factor(
    covariances, coefficients, data, statistic
):
    r, sd = standardise(covariances[data])
    fit = fit_one_factor(r[None])
    expected = [coefficients[data, f"loading_{position + 1}"] for position in range(len(r))]
    assert fit.loadings[0] == pytest.approx(expected, abs=ITERATIVE)
    found = compute_omega(fit.loadings[0], sd)[statistic]
    assert found == pytest.approx(coefficients[data, statistic], abs=ITERATIVE)


@pytest.mark.parametrize("order", [[0, 1, 2], [2, 0, 1], [1, 2, 0]])
def test_a_heywood_case_beside_which_the_search_sticks_is_found_from_elsewhere(order):
    """Newton's steps along the bound of the second stopped short in the first order."""
    r = np.array(
        [
            [1.0, 0.21389451479517435, 0.04935891230145206],
            [0.21389451479517435, 1.0, 0.4779750841575427],
            [0.04935891230145206, 0.4779750841575427, 1.0],
        ]
    )
    fit = fit_one_factor(r[np.ix_(order, order)][None])
    place = np.argsort(order)
    assert fit.loadings[0, place] == pytest.approx([0.19408923, 1.00128969, 0.46928217], abs=1e-6)
    assert list(fit.heywood[0, place]) == [False, True, False]


def test_two_indicators_have_no_loadings_of_their_own():
    fit = fit_one_factor(np.array([[[1.0, 0.5], [0.5, 1.0]]]))
    assert np.isnan(fit.loadings).all()


@pytest.mark.parametrize("data", ["a", "b", "c"])
def test_categorical_omega_is_that_of_semtools(reliability_folder, data):
    """From the thresholds, polychoric correlations and loadings of lavaan."""
    parts = pd.read_csv(reliability_folder / "categorical_parts.csv").query("data == @data")
    parts = {part: rows["value"].to_numpy() for part, rows in parts.groupby("part")}
    k = len(parts["loading"])
    inner = parts["threshold"].reshape(k, 4)
    ends = np.full((k, 1), np.inf)
    cuts = np.concatenate([-ends, inner, ends], axis=1)
    rho = parts["rho"].reshape(k, k)
    reference = pd.read_csv(reliability_folder / "categorical.csv").query("data == @data")
    told = reference.set_index("statistic")["value"]
    found = compute_categorical_omega(cuts[None], rho[None], parts["loading"][None])
    assert found[0] == pytest.approx(told["green_yang"], abs=1e-6)
    latent = compute_omega(parts["loading"], np.ones(k))["omega_total"]
    assert latent == pytest.approx(told["latent_omega"], abs=1e-6)
    assert compute_cronbach(rho) == pytest.approx(told["ordinal_alpha"], abs=1e-8)


@pytest.mark.parametrize(
    ("loadings", "own"),
    [
        ([0.8, 0.7, 0.6], 0.0),
        ([0.97, 0.96, 0.95], 0.0),
        ([0.99, -0.9, 0.5], 0.0),
        ([0.6, 0.5, 0.4], 0.25),
    ],
)
def test_categorical_omega_is_the_double_sum_over_categories(loadings, own):
    """Bivariate normal probabilities by adaptive quadrature; high and negative correlations too.

    The series of Mehler that sums over categories holds up to a correlation, probabilities beyond.
    """
    loadings = np.array(loadings)
    rho = np.outer(loadings, loadings)
    rho[0, 1] = rho[1, 0] = rho[0, 1] + own
    np.fill_diagonal(rho, 1.0)
    inner = np.array([[-1.4, -0.5, 0.6], [-0.8, 0.1, 1.3], [-2.1, 0.0, 0.4]])

    def covary(i, j, r):
        return sum(
            norm.cdf(min(h, k)) - norm.cdf(h) * norm.cdf(k)
            if r == 1
            else integrate_pair(h, k, r) - norm.cdf(h) * norm.cdf(k)
            for h in inner[i]
            for k in inner[j]
        )

    pairs = [(i, j) for i in range(3) for j in range(3)]
    true = sum(covary(i, j, loadings[i] * loadings[j]) for i, j in pairs)
    total = sum(covary(i, j, rho[i, j]) for i, j in pairs)
    ends = np.full((3, 1), np.inf)
    cuts = np.concatenate([-ends, inner, ends], axis=1)
    found = compute_categorical_omega(cuts[None], rho[None], loadings[None])[0]
    assert found == pytest.approx(true / total, abs=1e-9)


def integrate_pair(h, k, rho):
    """Return the probability that two normal variables stay below h and k."""
    spread = np.sqrt(1 - rho**2)
    value, _ = quad(
        lambda x: norm.pdf(x) * norm.cdf((k - rho * x) / spread), -12, h, epsabs=1e-13, limit=200
    )
    return value


def test_categorical_omega_of_fine_categories_is_the_latent_one():
    """Two hundred narrow categories: the answer is nearly the latent response."""
    loadings = np.array([0.8, 0.7, 0.6])
    rho = np.outer(loadings, loadings)
    np.fill_diagonal(rho, 1)
    inner = np.linspace(-4.5, 4.5, 200)
    cuts = np.tile(np.concatenate([[-np.inf], inner, [np.inf]]), (1, 3, 1))
    found = compute_categorical_omega(cuts, rho[None], loadings[None])[0]
    assert found == pytest.approx(compute_omega(loadings, np.ones(3))["omega_total"], abs=1e-4)


@settings(max_examples=50, deadline=None)
@given(loading=st.floats(0.2, 0.95), k=st.integers(3, 8))
def test_all_coefficients_of_parallel_tests_are_spearman_browns(loading, k):
    """For k equally good indicators it is k r / (1 + (k - 1) r), r the reliability of one."""
    r = np.full((k, k), loading**2)
    np.fill_diagonal(r, 1.0)
    expected = k * loading**2 / (1 + (k - 1) * loading**2)
    bounds = compute_guttman(r)
    omega = compute_omega(fit_one_factor(r[None]).loadings[0], np.ones(k))
    found = [
        compute_cronbach(r),
        bounds["lambda_2"],
        omega["omega_total"],
        omega["coefficient_h"],
        compute_greatest_lower_bound(r),
    ]
    assert found == pytest.approx([expected] * 5, abs=1e-6)
    if k % 2 == 0:
        halves = compute_split_halves(r, list_splits(k, seed=SEED))
        assert list(halves.values()) == pytest.approx([expected] * 3)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.floats(0.2, 0.95), min_size=4, max_size=7))
def test_the_bounds_stand_in_their_order(loadings):
    """Up to the greatest lower bound, which no true reliability is below: so neither is omega."""
    scaled = np.array(loadings)
    r = np.outer(scaled, scaled)
    np.fill_diagonal(r, 1.0)
    bounds, alpha = compute_guttman(r), compute_cronbach(r)
    glb = compute_greatest_lower_bound(r)
    omega = compute_omega(scaled, np.ones(len(r)))["omega_total"]
    assert bounds["lambda_1"] < alpha
    assert alpha <= bounds["lambda_2"] + 1e-12
    assert bounds["lambda_2"] <= glb + 1e-7
    assert bounds["lambda_6"] <= glb + 1e-7
    assert compute_split_halves(r, list_splits(len(r), seed=SEED))["split_half_max"] <= glb + 1e-7
    assert glb <= omega + 1e-7


def test_stacks_give_what_each_matrix_gives(covariances):
    rng = np.random.default_rng(3)
    draws = rng.standard_normal((6, 80, 5)) + rng.standard_normal((6, 80, 1))
    stack = np.array([np.cov(one.T) for one in draws])
    splits = list_splits(5, seed=SEED)
    for name, compute in {
        "alpha": compute_cronbach,
        "glb": compute_greatest_lower_bound,
        "lambda_6": lambda cov: compute_guttman(cov)["lambda_6"],
        "max": lambda cov: compute_split_halves(cov, splits)["split_half_max"],
        "loading": lambda cov: fit_one_factor(standardise(cov.reshape(-1, 5, 5))[0]).loadings[:, 0],
    }.items():
        alone = [float(np.squeeze(compute(cov))) for cov in stack]
        assert compute(stack) == pytest.approx(alone, abs=1e-8), name


def test_error_of_measurement_of_the_mean():
    cov = np.array([[2.0, 1.0], [1.0, 2.0]])
    found = compute_error_of_measurement(cov, compute_cronbach(cov))
    assert found == pytest.approx(np.sqrt(6 * (1 - 2 / 3)) / 2)


def test_singular_and_empty_sums_are_missing_and_negative_alpha_is_told():
    copies = np.ones((3, 3))
    assert np.isnan(compute_guttman(copies)["lambda_6"])
    assert np.isnan(compute_greatest_lower_bound(copies))
    assert compute_cronbach(copies) == pytest.approx(1.0)
    opposite = np.array([[1.0, -1.0], [-1.0, 1.0]])
    assert np.isnan(compute_cronbach(opposite))
    assert np.isnan(compute_guttman(opposite)["lambda_2"])
    against = np.array([[1.0, -0.3], [-0.3, 1.0]])
    assert compute_cronbach(against) == pytest.approx(2 * (1 - 2 / 1.4))
