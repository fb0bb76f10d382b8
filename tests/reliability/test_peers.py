"""Where psych differs from arithmetic, from its other versions or from run to run; who is right.

Numbers of psych 2.2.9 from tests/reference/reliability/peers.R.
"""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from numpy.random import SeedSequence

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
from clientindex.reliability.scopes import list_scopes

CLOSED_FORM = 1e-9
STOPS_EARLY = 1e-4
"""psych's minres ends its search before the minimum."""

FIVE = ["a1", "a2", "a3", "a4", "a5"]


@pytest.fixture(scope="module")
def told(reliability_folder):
    """Numbers of psych by name."""
    table = pd.read_csv(reliability_folder / "peers.csv")
    return table[table["statistic"] != "split_of_psych"].set_index("statistic")["value"]


@pytest.fixture(scope="module")
def keyed(reliability_answers):
    return reliability_answers[FIVE].assign(a3=6 - reliability_answers["a3"])


@pytest.fixture(scope="module")
def r(keyed):
    return keyed.corr().to_numpy()


def test_psych_misses_half_of_the_splits_of_five_items(told, r, reliability_folder):
    """There are ten; psych::splitHalf lists five, without the largest and the smallest of all."""
    splits = list_splits(5, seed=SeedSequence(0))
    halves = compute_split_halves(r, splits)
    pairs = [
        4 * r[np.ix_(pair, [i for i in range(5) if i not in pair])].sum() / r.sum()
        for pair in combinations(range(5), 2)
    ]
    assert len(splits.first) == len(pairs) == 10
    assert halves["split_half_max"] == pytest.approx(max(pairs), abs=CLOSED_FORM)
    assert halves["split_half_min"] == pytest.approx(min(pairs), abs=CLOSED_FORM)
    assert halves["split_half_mean"] == pytest.approx(np.mean(pairs), abs=CLOSED_FORM)
    table = pd.read_csv(reliability_folder / "peers.csv")
    listed = table.loc[table["statistic"] == "split_of_psych", "value"]
    assert len(listed) == 5
    assert all(np.abs(np.array(pairs) - value).min() < CLOSED_FORM for value in listed)
    assert halves["split_half_max"] > told["psych_split_max"] + 0.005
    assert told["psych_lambda_4"] == pytest.approx(told["psych_split_max"], abs=CLOSED_FORM)
    assert halves["split_half_min"] < told["psych_split_min"] - 0.04


def test_the_bootstrap_of_psych_ignores_its_seed_with_two_cores(told, keyed, make_letters):
    """With mc.cores = 1 it repeats itself. Ours repeats itself whatever runs beside it."""
    assert told["bootstrap_one_core"] == 0
    assert told["bootstrap_two_cores_differ"] == 1


def test_standardised_alpha_with_gaps_is_that_of_this_version_of_psych(
    told, keyed, make_letters, count_letters, reliability_answers
):
    """2.2.9 turns pairwise covariances into correlations, as we do; versions 2.3 and later may not.

    Pairwise correlations divide each covariance by the variances of the same respondents, and give
    another number. Raw alpha and its standardised form are to come from one matrix.
    """
    gaps = reliability_answers.astype(dict.fromkeys(FIVE, float))
    gaps.loc[::7, "a1"] = np.nan
    gaps.loc[::5, "a2"] = np.nan
    methodology = make_letters({"a": FIVE}, replicates=100)
    counts, strata = count_letters(gaps, methodology)
    scopes = list_scopes(counts, methodology, strata)[:1]
    frame = assess_consistency(scopes, methodology, seed=SeedSequence(0)).frame
    found = frame[(frame["group"] == "a") & (frame["method"] == "bootstrap")]
    found = found.set_index("statistic")["estimate"]
    assert found["alpha"] == pytest.approx(told["gaps_raw"], abs=CLOSED_FORM)
    assert found["standardised_alpha"] == pytest.approx(told["gaps_standardised"], abs=CLOSED_FORM)
    assert told["gaps_standardised"] == pytest.approx(
        told["gaps_of_pairwise_covariances"], abs=CLOSED_FORM
    )
    of_pairs = compute_standardised_alpha(gaps[FIVE].assign(a3=6 - gaps["a3"]).corr().to_numpy())
    assert of_pairs == pytest.approx(told["gaps_of_pairwise_correlations"], abs=CLOSED_FORM)
    assert abs(of_pairs - found["standardised_alpha"]) > 5e-4


def test_three_factors_of_five_items_exceed_one(told, r):
    """psych::omega defaults to three factors: more common variance than five items can tell.

    Its total even exceeds the greatest lower bound. One factor is what omega total means for a
    group; our omegas of several factors are of all indicators together.
    """
    loadings = fit_one_factor(r[None]).loadings[0]
    one = compute_omega(loadings, np.ones(5))["omega_total"]
    assert one == pytest.approx(told["omega_one_factor"], abs=STOPS_EARLY)
    assert told["omega_three_factors"] > one + 0.005
    glb = compute_greatest_lower_bound(r)
    assert glb == pytest.approx(told["glb"], abs=1e-6)
    assert told["omega_three_factors"] > glb


def test_what_psych_calls_glb_without_a_programme_is_not_the_bound(told, r):
    """glb.fa and guttman estimate it from factors; the bound itself is smaller."""
    glb = compute_greatest_lower_bound(r)
    assert told["glb_fa"] == pytest.approx(told["guttman_glb"], abs=CLOSED_FORM)
    assert told["glb_fa"] > glb + 1e-3


def test_the_bound_is_reached_by_unique_variances_that_are_possible(r):
    """Whatever the solver: unique variances that leave a covariance matrix cannot sum to more."""
    glb = float(compute_greatest_lower_bound(r))
    rng = np.random.default_rng(3)
    for _ in range(2_000):
        unique = rng.random(5) * 0.9
        scale = min(1.0, np.linalg.eigvalsh(r)[0] / unique.max())
        steps = np.linspace(scale, 1.0, 40)
        inside = [s for s in steps if np.linalg.eigvalsh(r - np.diag(s * unique))[0] >= 0]
        assert 1 - inside[-1] * unique.sum() / r.sum() >= glb - 1e-9
    assert compute_cronbach(r) < compute_guttman(r)["lambda_2"] < glb
