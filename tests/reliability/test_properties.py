"""What holds for any answers and any covariances, by hypothesis."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.random import SeedSequence

from clientindex.counts import add_counts, count_pairs, iterate_batches
from clientindex.reliability.battery import compute_battery
from clientindex.reliability.centres import assess_centres
from clientindex.reliability.coefficients import (
    compute_cronbach,
    compute_greatest_lower_bound,
    compute_guttman,
    compute_omega,
    compute_split_halves,
    compute_standardised_alpha,
    fit_one_factor,
    list_splits,
)
from clientindex.reliability.consistency import assess_consistency
from clientindex.reliability.items import analyse_items
from clientindex.reliability.scopes import list_scopes
from clientindex.reliability.sets import assess_sets

SEED = SeedSequence(0)
SLACK = 1e-9
BARRIER = 1e-7
"""How far from its optimum the greatest lower bound is."""

KEYS = ["a", "b", "c", "d"]
several = settings(max_examples=60, deadline=None)
few = settings(max_examples=6, deadline=None)
seeds = st.integers(0, 10_000)


def make_cov(seed, k, shared):
    """Covariances of 200 draws of k variables with something in common, of unlike variances."""
    rng = np.random.default_rng(seed)
    x = shared * rng.standard_normal((200, 1)) * rng.uniform(0.2, 1, k)
    x = (x + rng.standard_normal((200, k))) * rng.uniform(0.3, 3, k)
    return np.cov(x.T)


covs = st.builds(make_cov, seeds, st.integers(3, 7), st.floats(0, 2))


@several
@given(covs)
def test_the_bounds_of_any_covariances_stand_in_their_order(cov):
    bounds, alpha = compute_guttman(cov), compute_cronbach(cov)
    halves = compute_split_halves(cov, list_splits(len(cov), seed=SEED))
    glb = compute_greatest_lower_bound(cov)
    assert alpha <= bounds["lambda_2"] + SLACK
    assert bounds["lambda_1"] <= bounds["lambda_5"] + SLACK
    for low in (alpha, bounds["lambda_2"], bounds["lambda_5"], bounds["lambda_6"]):
        assert low <= glb + BARRIER
    assert halves["split_half_min"] <= halves["split_half_mean"] + SLACK
    assert halves["split_half_mean"] <= halves["split_half_max"] + SLACK
    assert halves["split_half_max"] <= glb + BARRIER
    assert 0 <= glb <= 1
    if alpha >= 0:
        assert bounds["lambda_1"] <= alpha + SLACK


@several
@given(covs)
def test_alpha_is_the_mean_of_all_split_halves_of_an_even_number(cov):
    splits = list_splits(len(cov), seed=SEED)
    found = compute_split_halves(cov, splits)["split_half_mean"]
    values = [4 * cov[np.ix_(half > 0, half == 0)].sum() / cov.sum() for half in splits.first]
    assert found == pytest.approx(np.mean(values), abs=SLACK)
    if len(cov) % 2 == 0:
        assert found == pytest.approx(compute_cronbach(cov), abs=SLACK)


@several
@given(covs)
def test_omegas_are_shares_and_the_best_weights_lose_nothing(cov):
    sd = np.sqrt(np.diag(cov))
    found = compute_omega(fit_one_factor((cov / np.outer(sd, sd))[None]).loadings[0], sd)
    if np.isfinite(found["omega_total"]):
        for name in ("omega_total", "composite_reliability", "coefficient_h", "ave"):
            assert -SLACK <= found[name] <= 1 + SLACK
        assert found["coefficient_h"] >= found["omega_total"] - 1e-6
        assert found["coefficient_h"] >= found["composite_reliability"] - 1e-6


@several
@given(covs, st.floats(0.1, 10), seeds)
def test_units_and_order_of_indicators_change_nothing(cov, unit, seed):
    order = np.random.default_rng(seed).permutation(len(cov))
    splits = list_splits(len(cov), seed=SEED)
    one = compute_battery(cov[None], splits).coefficients
    other = compute_battery(unit**2 * cov[None][:, order[:, None], order], splits).coefficients
    for name, value in one.items():
        scale = unit if name == "error_of_measurement" else 1.0
        assert other[name][0] == pytest.approx(scale * value[0], rel=1e-6, abs=1e-6), name


@several
@given(covs, st.lists(st.floats(0.2, 5), min_size=7, max_size=7))
def test_coefficients_of_correlations_ignore_the_scale_of_an_indicator(cov, scales):
    own = np.array(scales[: len(cov)])
    changed = cov * np.outer(own, own)
    for matrix in (cov, changed):
        sd = np.sqrt(np.diag(matrix))
        r = matrix / np.outer(sd, sd)
        found = compute_standardised_alpha(r)
        k = len(r)
        mean = (r.sum() - k) / (k * (k - 1))
        assert found == pytest.approx(k * mean / (1 + (k - 1) * mean), abs=SLACK)
    splits = list_splits(len(cov), seed=SEED)
    one, other = (compute_battery(m[None], splits).coefficients for m in (cov, changed))
    for name in ("standardised_alpha", "composite_reliability", "coefficient_h", "ave"):
        assert other[name][0] == pytest.approx(one[name][0], rel=1e-6, abs=1e-6), name


@several
@given(st.floats(0.05, 0.95), st.integers(1, 9), st.integers(3, 6))
def test_more_parallel_indicators_step_up_by_spearman_and_brown(r, times, k):
    def alpha(size):
        return compute_cronbach(np.full((size, size), r) + (1 - r) * np.eye(size))

    one = alpha(k)
    assert alpha(times * k) == pytest.approx(times * one / (1 + (times - 1) * one), abs=SLACK)


@several
@given(st.lists(st.floats(0.2, 3), min_size=3, max_size=6), st.floats(0.2, 2))
def test_alpha_of_tau_equivalent_indicators_is_their_reliability(noises, true):
    """Equal true scores, unlike errors: alpha, lambda 2, omega and the bound are all of it."""
    k = len(noises)
    cov = np.full((k, k), true**2) + np.diag(np.square(noises))
    expected = k**2 * true**2 / cov.sum()
    sd = np.sqrt(np.diag(cov))
    omega = compute_omega(fit_one_factor((cov / np.outer(sd, sd))[None]).loadings[0], sd)
    assert compute_cronbach(cov) == pytest.approx(expected, abs=SLACK)
    assert compute_guttman(cov)["lambda_2"] == pytest.approx(expected, abs=SLACK)
    assert omega["omega_total"] == pytest.approx(expected, abs=1e-6)
    assert compute_greatest_lower_bound(cov) == pytest.approx(expected, abs=BARRIER * 10)


@pytest.fixture(scope="module")
def methodology(make_methodology):
    return make_methodology(
        {"one": ["a", "b", "c"], "two": ["d"]},
        reversed_keys=("b",),
        intervals={"bootstrap_replicates": 100},
        factors={"n_factors": 1},
    )


def make_answers(seed):
    """Sixty respondents of six centres to four questions on a scale of five; some do not answer."""
    rng = np.random.default_rng(seed)
    centre = rng.integers(0, 6, 60)
    level = rng.standard_normal(6)[centre] + rng.standard_normal(60)
    latent = level[:, None] * [1, -1, 1, 1] + rng.standard_normal((60, 4))
    codes = np.clip(np.rint(3 + latent), 1, 5)
    codes[rng.random(codes.shape) < 0.05] = np.nan
    frame = pd.DataFrame(codes, columns=KEYS)
    return frame.assign(centre=[f"c{k}" for k in centre], region="r0")


def assess_all(counts, methodology, strata):
    """Return the frames that counts give, by name."""
    scopes = list_scopes(counts, methodology, strata)
    results = {
        "consistency": assess_consistency(scopes, methodology, seed=SEED).frame,
        "items": analyse_items(scopes, methodology, seed=SEED).relations,
        "centres": assess_centres(scopes, methodology).coefficients,
        "sets": assess_sets(scopes, methodology).changes,
    }
    return scopes, results


def assert_equal(one, other):
    for name, frame in one.items():
        pd.testing.assert_frame_equal(frame, other[name], check_exact=True, obj=name)


def count(frame, methodology, code_answers):
    counts = count_pairs(code_answers(frame, methodology), methodology)
    return counts, dict(zip(frame["centre"], frame["region"], strict=True))


@few
@given(seeds, seeds)
def test_the_order_of_respondents_changes_nothing(methodology, code_answers, seed, order):
    frame = make_answers(seed)
    shuffled = frame.sample(frac=1, random_state=order).reset_index(drop=True)
    one, other = (
        assess_all(counts, methodology, strata)[1]
        for counts, strata in (count(f, methodology, code_answers) for f in (frame, shuffled))
    )
    assert_equal(one, other)


@few
@given(seeds, st.integers(1, 40))
def test_counts_of_chunks_add_up_to_the_same(methodology, code_answers, seed, size):
    frame = make_answers(seed)
    counts, strata = count(frame, methodology, code_answers)
    batches = iterate_batches(code_answers(frame, methodology), size)
    added = add_counts(count_pairs(batch, methodology) for batch in batches)
    assert_equal(
        assess_all(counts, methodology, strata)[1], assess_all(added, methodology, strata)[1]
    )


@few
@given(seeds, st.sets(st.sampled_from(KEYS), min_size=1))
def test_turning_answers_round_twice_is_no_turn(
    make_methodology, methodology, code_answers, seed, turned
):
    """Once in the answers and once in the key."""
    frame = make_answers(seed)
    before = {"b"}
    other = make_methodology(
        {"one": ["a", "b", "c"], "two": ["d"]},
        reversed_keys=tuple(before ^ turned),
        intervals={"bootstrap_replicates": 100},
        factors={"n_factors": 1},
    )
    answers = frame.assign(**{key: 6 - frame[key] for key in turned})
    counts, strata = count(frame, methodology, code_answers)
    again, _ = count(answers, other, code_answers)
    one, two = (assess_all(c, m, strata)[1] for c, m in ((counts, methodology), (again, other)))
    polychoric = one["consistency"]["statistic"].isin(
        ["ordinal_alpha", "latent_omega", "green_yang"]
    )
    pd.testing.assert_frame_equal(
        one["consistency"][~polychoric], two["consistency"][~polychoric], check_exact=True
    )
    for name in ("items", "centres", "sets"):
        pd.testing.assert_frame_equal(one[name], two[name], rtol=1e-9, atol=1e-9, obj=name)


@few
@given(seeds)
def test_a_constant_added_to_every_score_moves_no_reliability(methodology, code_answers, seed):
    """Centres are told apart by differences: one answer up for everybody changes none of them."""
    frame = make_answers(seed)
    narrow = frame.assign(**{key: frame[key].clip(upper=4) for key in KEYS})
    raised = narrow.assign(**{key: narrow[key] + 1 for key in KEYS})
    found = []
    for part in (narrow, raised):
        counts, strata = count(part, methodology, code_answers)
        found.append(assess_centres(list_scopes(counts, methodology, strata), methodology))
    one, two = (result.coefficients for result in found)
    pd.testing.assert_frame_equal(one, two, rtol=1e-6, atol=1e-6)
