"""Omegas of several factors: psych's transformation, lavaan's models, closed forms, refusals."""

import numpy as np
import pandas as pd
import pytest
from numpy.random import SeedSequence
from scipy.stats import norm

from clientindex.reliability.hierarchical import assess_omegas
from clientindex.reliability.hierarchical.coefficients import compute_correlated, compute_omegas
from clientindex.reliability.scopes import list_scopes
from clientindex.results import load_result, save_result

SEED = SeedSequence(9)
GROUPS = {"a": ["a1", "a2", "a5"], "b": ["b1", "b2", "b3"], "c": ["c1", "c2", "c3"]}
STOPS_EARLY = 1e-3
"""psych's minres ends its search before the minimum."""


@pytest.fixture(scope="module")
def three_factors(make_letters):
    """Return a function that makes a methodology of three group factors."""

    def make(groups=None, n_factors=3):
        plain = make_letters(groups or GROUPS, reversed_keys=(), replicates=100)
        factors = plain.factors.model_copy(update={"n_factors": n_factors, "rotation": "oblimin"})
        return plain.model_copy(update={"factors": factors})

    return make


@pytest.fixture(scope="module")
def assess(three_factors, count_letters):
    """Return a function that assesses answers with a methodology."""

    def assess(answers, methodology=None):
        settings = methodology or three_factors()
        counts, strata = count_letters(answers, settings)
        return assess_omegas(list_scopes(counts, settings, strata), settings, seed=SEED)

    return assess


@pytest.fixture(scope="module")
def found(assess, reliability_answers):
    return assess(reliability_answers)


@pytest.fixture(scope="module")
def of_r(reliability_folder):
    table = pd.read_csv(reliability_folder / "omegas.csv")
    return table.set_index(["solution", "statistic", "group"])


def pick(found, solution, statistic, group, kind="all"):
    frame = found.frame
    chosen = frame[
        (frame["solution"] == solution)
        & (frame["statistic"] == statistic)
        & (frame["group"] == group)
        & (frame["kind"] == kind)
    ]
    assert len(chosen) == 1
    return chosen.iloc[0]


@pytest.mark.parametrize("statistic", ["omega_total", "omega_hierarchical"])
@pytest.mark.parametrize("group", ["index", "a", "b", "c"])
def test_exploratory_omegas_are_those_of_loadings_of_psych(found, of_r, statistic, group):
    row = pick(found, "schmid_leiman", statistic, group)
    expected = of_r.loc[("schmid_leiman", statistic, group), "value"]
    assert row["estimate"] == pytest.approx(expected, abs=STOPS_EARLY)
    assert row["ci_low"] < row["ci_high"]


@pytest.mark.parametrize("solution", ["correlated", "bifactor"])
@pytest.mark.parametrize("group", ["index", "a", "b", "c"])
def test_confirmatory_omegas_and_their_errors_are_those_of_lavaan(found, of_r, solution, group):
    # lavaan multiplies the sum over C clusters by C / (C - 1).
    z = norm.ppf(0.975) / np.sqrt(40 / 39)
    for statistic in ("omega_total", "omega_hierarchical"):
        if (solution, statistic) == ("correlated", "omega_hierarchical"):
            continue
        row = pick(found, solution, statistic, group)
        expected = of_r.loc[(solution, statistic, group)]
        assert row["estimate"] == pytest.approx(expected["value"], abs=1e-4)
        error = (row["ci_high"] - row["ci_low"]) / 2 / z
        assert error == pytest.approx(expected["se"], rel=1e-3)


def test_omegas_of_holzinger_and_swineford_follow_from_the_loadings_of_psych(
    reliability_folder, covariances
):
    loadings = pd.read_csv(reliability_folder / "omegas_hs_loadings.csv").iloc[:, 1:].to_numpy()
    told = pd.read_csv(reliability_folder / "omegas_hs.csv").set_index("statistic")["value"]
    sd = np.sqrt(np.diag(covariances["hs"]))
    r = covariances["hs"] / np.outer(sd, sd)
    membership = np.repeat(np.eye(3, dtype=bool), 3, axis=1)
    overall, groups = compute_omegas(loadings, r, membership)
    assert overall[1] == pytest.approx(told["omega_hierarchical"], abs=1e-6)
    unique = 1 - (loadings**2).sum(axis=1)
    assert 1 - unique.sum() / r.sum() == pytest.approx(told["one_minus_uniqueness"], abs=1e-6)
    for group, columns in enumerate(membership):
        own, block = loadings[columns], r[np.ix_(columns, columns)]
        expected = (own.sum(axis=0) ** 2).sum() / block.sum()
        assert groups[0, group] == pytest.approx(expected, abs=1e-12)


def test_psychs_omega_total_counts_residuals_as_common(found, of_r):
    """psych::omega takes 1 - sum of uniquenesses over the variance: more than factors explain."""
    theirs = of_r.loc[("psych", "omega_total", "index"), "value"]
    loadings = of_r.loc[("schmid_leiman", "omega_total", "index"), "value"]
    assert theirs != pytest.approx(loadings, abs=1e-4)


def test_without_group_factors_both_omegas_are_mcdonalds():
    """One factor: (sum of loadings)^2 over the variance of the sum."""
    loadings = np.array([[0.8, 0.0], [0.7, 0.0], [0.6, 0.0]])
    cov = loadings[:, :1] @ loadings[:, :1].T + np.diag([0.36, 0.51, 0.64])
    overall, groups = compute_omegas(loadings, cov, np.ones((1, 3), dtype=bool))
    mcdonald = 2.1**2 / (2.1**2 + 0.36 + 0.51 + 0.64)
    assert overall == pytest.approx([mcdonald, mcdonald])
    assert groups.ravel() == pytest.approx([mcdonald, 0.0])
    same = compute_correlated(loadings[:, :1], np.eye(1), cov, np.ones((1, 3), dtype=bool))
    assert same == pytest.approx([mcdonald, mcdonald])


def test_parallel_indicators_step_up_by_spearman_and_brown():
    """Five parallel indicators of reliability .5 in a group without own factor."""
    loadings = np.column_stack([np.full(5, np.sqrt(0.5)), np.zeros(5)])
    cov = np.full((5, 5), 0.5) + 0.5 * np.eye(5)
    overall, _ = compute_omegas(loadings, cov, np.ones((1, 5), dtype=bool))
    assert overall[0] == pytest.approx(5 * 0.5 / (1 + 4 * 0.5))


def reasons_of(found, kind="all"):
    rows = found.left_out[found.left_out["kind"] == kind]
    return dict(
        zip(rows["solution"], zip(rows["reason"], rows["detail"], strict=True), strict=True)
    )


def test_regions_have_too_few_centres_for_a_robust_model(found):
    reasons = reasons_of(found, "region")
    assert reasons["correlated"] == ("too_few_centres", "8/21")
    assert reasons["bifactor"] == ("too_few_centres", "8/27")
    assert set(found.frame.query("kind == 'region'")["solution"]) <= {"schmid_leiman"}


def test_two_factors_have_no_general_one(assess, three_factors, reliability_answers):
    groups = {key: GROUPS[key] for key in "ab"}
    found = assess(reliability_answers, three_factors(groups, n_factors=2))
    assert reasons_of(found)["schmid_leiman"] == ("few_factors", "")
    assert reasons_of(found)["bifactor"][0] == "model_status"
    assert set(found.frame["solution"]) == {"correlated"}


def test_one_group_has_no_confirmatory_model_of_several(assess, three_factors, reliability_answers):
    found = assess(reliability_answers, three_factors({"a": GROUPS["a"]}, n_factors=1))
    assert {reason for reason, _ in reasons_of(found).values()} == {"few_factors", "model_absent"}
    assert not len(found.frame)


def test_faults_of_the_data_are_named(assess, reliability_answers):
    flat = assess(reliability_answers.assign(b2=4))
    assert reasons_of(flat)["schmid_leiman"] == ("zero_variance", "")
    assert reasons_of(flat)["bifactor"] == ("zero_variance", "b2")
    twice = assess(reliability_answers.assign(b2=reliability_answers["b1"]))
    assert reasons_of(twice)["schmid_leiman"] == ("not_positive_definite", "")
    assert reasons_of(twice)["correlated"] == ("identical_indicators", "b1, b2")
    alone = assess(reliability_answers.assign(centre="c00", region="r0"))
    assert reasons_of(alone)["schmid_leiman"] == ("one_centre", "")


def test_a_result_that_was_saved_is_read_back_equal(found, tmp_path):
    save_result(found, tmp_path, name="omegas")
    again = load_result(tmp_path, name="omegas")
    pd.testing.assert_frame_equal(again.frame, found.frame)
    assert set(again.tidy()["method"]) == {"schmid_leiman", "correlated", "bifactor"}
