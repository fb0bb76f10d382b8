"""Mixed model of two methods: equality with nlme, derivatives, recovery of a simulated truth."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import multivariate_normal

from clientindex.agreement.decomposition import estimate_decomposition, take_measured_twice
from clientindex.agreement.decomposition.likelihood import (
    COMPONENTS,
    RestrictedLikelihood,
    build_structure,
)
from clientindex.agreement.decomposition.mixed_model import fit_mixed_model

FOLDER = Path(__file__).parents[1] / "reference" / "agreement"
GROUPS = ("a", "b", "c", "d")

# nlme stops at a relative change of 1e-14 of the likelihood, which its variances follow by a root.
ITERATIVE = 1e-5
# Of a variance at zero, in squared points: nlme moves its logarithm and never arrives.
AT_ZERO = 1e-3
CLOSED_FORM = 1e-9

TRUTH = np.array([20.0, 12.0, 9.0, 30.0, 5.0, 40.0])
RESPONDENT = 22.0**2 * (np.full((4, 4), 0.6) + 0.4 * np.eye(4))


def simulate(seed, *, centres, regions, theta=TRUTH):
    """Draw scores of four groups from the model, with sampling error of every centre's own size."""
    rng = np.random.default_rng(seed)
    codes = np.sort(rng.integers(0, regions, centres))
    sampling = RESPONDENT / rng.integers(5, 150, centres)[:, None, None]
    root = np.linalg.cholesky(np.einsum("k,kij->ij", theta, build_structure(4)))
    scores = rng.normal(size=(centres, 8)) @ root.T + rng.normal(0, 6, (regions, 8))[codes]
    noise = np.linalg.cholesky(sampling) @ rng.normal(size=(centres, 4, 1))
    scores[:, :4] += noise[..., 0]
    return take_measured_twice(scores[:, :4], scores[:, 4:], sampling=sampling, regions=codes)


def read_small(name):
    data = pd.read_csv(FOLDER / "mixed_model_input.csv").query("set == @name")
    scores = data.iloc[:, 2:].to_numpy()
    return take_measured_twice(
        scores[:, :3],
        scores[:, 3:],
        sampling=np.zeros((len(data), 3, 3)),
        regions=data["region"].to_numpy(),
    )


@pytest.mark.parametrize("name", ["inner", "bound"])
def test_variances_and_likelihood_equal_nlme_without_sampling_error(name):
    expected = pd.read_csv(FOLDER / "mixed_model_expected.csv").query("set == @name")
    expected = expected.set_index("statistic")["estimate"]
    measured = read_small(name)
    model = fit_mixed_model(measured, level=0.95)
    assert model.converged
    found = model.frame.set_index("statistic")["estimate"]
    tolerance = {"rel": ITERATIVE} if name == "inner" else {"rel": 1e-4, "abs": AT_ZERO}
    for component in COMPONENTS:
        assert found[component] == pytest.approx(expected[component], **tolerance), component
    # nlme's constant counts scores less means.
    count = measured.scores.size - 6 * measured.n_regions
    likelihood = -(model.deviance + count * np.log(2 * np.pi)) / 2
    assert likelihood == pytest.approx(expected["log_likelihood"], abs=1e-5)
    assert likelihood > expected["log_likelihood"] - 1e-7
    if name == "bound":
        assert found["halo"] == 0
        assert model.frame.set_index("statistic").loc["halo", "ci_low"] == 0


def test_deviance_is_that_of_the_stacked_normal_distribution():
    """REML is the likelihood of deviations from ordinary means: all contrasts, one region."""
    measured = simulate(1, centres=12, regions=1)
    centres, size = measured.n, measured.scores.shape[1]
    covariance = np.zeros((centres * size, centres * size))
    for at, known in enumerate(np.pad(measured.sampling, ((0, 0), (0, 4), (0, 4)))):
        block = slice(at * size, (at + 1) * size)
        covariance[block, block] = np.einsum("k,kij->ij", TRUTH, build_structure(4)) + known
    # Orthonormal contrasts of centres, for every score.
    contrasts = np.linalg.svd(np.full((1, centres), 1.0))[2][1:]
    contrasts = np.kron(contrasts, np.eye(size))
    value = multivariate_normal.logpdf(
        contrasts @ measured.scores.ravel(), cov=contrasts @ covariance @ contrasts.T
    )
    count = (centres - 1) * size
    # ln|X' S X| of the deviance is that of the contrasts plus ln|X'X|, X'X twelve times the unit.
    expected = -2 * value - count * np.log(2 * np.pi) + size * np.log(centres)
    found, _ = RestrictedLikelihood(measured).compute_deviance(TRUTH)
    assert found == pytest.approx(expected, rel=CLOSED_FORM)


def test_gradient_and_information_are_derivatives():
    measured = simulate(2, centres=60, regions=4)
    likelihood = RestrictedLikelihood(measured)
    theta = TRUTH * [1.3, 0.7, 1.1, 0.9, 1.5, 0.8]
    gradient = likelihood.compute_deviance(theta)[1]
    step = 1e-4
    differences = [
        (likelihood.compute_deviance(theta + s)[0] - likelihood.compute_deviance(theta - s)[0])
        / (2 * step)
        for s in step * np.eye(6)
    ]
    assert gradient == pytest.approx(differences, rel=1e-5, abs=1e-6)


def test_expected_information_is_the_mean_of_outer_products_of_gradients():
    runs = 400
    scores, information = [], []
    for seed in range(runs):
        likelihood = RestrictedLikelihood(simulate(seed, centres=40, regions=3))
        scores.append(likelihood.compute_deviance(TRUTH)[1] / 2)
        information.append(likelihood.compute_information(TRUTH))
    scores = np.array(scores)
    expected = np.mean(information, axis=0)
    z = scores.mean(axis=0) / np.sqrt(np.diag(expected) / runs)
    # The gradient at the truth is zero in the mean.
    assert np.abs(z).max() < 3
    scale = np.sqrt(np.outer(np.diag(expected), np.diag(expected)))
    # Variances of 400 draws have errors of about 7 %.
    assert np.cov(scores.T) / scale == pytest.approx(expected / scale, abs=0.2)


def test_two_thousand_centres_give_back_the_truth_quickly():
    measured = simulate(3, centres=2_000, regions=13)
    start = time.process_time()  # not the clock: other processes may be at work
    model = fit_mixed_model(measured, level=0.95)
    assert time.process_time() - start < 3
    assert model.converged
    z = (model.frame["estimate"] - TRUTH) / model.frame["std_error"]
    assert np.abs(z).max() < 3
    assert (model.frame["std_error"] < 0.13 * np.maximum(TRUTH, 10)).all()


def test_known_sampling_errors_that_are_passed_over_become_halo():
    measured = simulate(4, centres=1_000, regions=5)
    naive = fit_mixed_model(replace(measured, sampling=0 * measured.sampling), level=0.95)
    ours = fit_mixed_model(measured, level=0.95)
    low = naive.frame.set_index("statistic")["ci_low"]
    assert low["halo"] > TRUTH[2]
    assert low["survey_specific"] > TRUTH[4]
    high = ours.frame.set_index("statistic")["ci_high"]
    assert low["halo"] > ours.frame.set_index("statistic")["estimate"]["halo"]
    assert high["survey_specific"] < low["survey_specific"]


def test_intervals_cover_and_errors_are_those_seen():
    runs = 100
    frames = [
        fit_mixed_model(simulate(500 + seed, centres=150, regions=6), level=0.95).frame
        for seed in range(runs)
    ]
    estimate = np.array([frame["estimate"] for frame in frames])
    covered = [(frame["ci_low"] <= TRUTH) & (frame["ci_high"] >= TRUTH) for frame in frames]
    # Six components: a share of 0.95 of 100 has an error of 0.022.
    assert np.mean(covered, axis=0).min() > 0.87
    assert np.mean(covered) > 0.92
    error = np.mean([frame["std_error"] for frame in frames], axis=0)
    assert estimate.std(axis=0) / error == pytest.approx(np.ones(6), abs=0.25)
    assert np.abs(estimate.mean(axis=0) - TRUTH) / error * np.sqrt(runs) == pytest.approx(
        np.zeros(6), abs=3.5
    )


def test_moments_and_likelihood_agree_on_many_centres():
    measured = simulate(6, centres=4_000, regions=13)
    moments = estimate_decomposition(measured, groups=GROUPS, level=0.95).frame
    moments = moments.query("level_of == 'centre' and subject == 'all'").set_index("statistic")
    model = fit_mixed_model(measured, level=0.95).frame.set_index("statistic")
    for component in COMPONENTS:
        gap = moments.loc[component, "estimate"] - model.loc[component, "estimate"]
        assert abs(gap) < 2 * moments.loc[component, "std_error"], component
        # Likelihood knows how well each centre was measured.
        assert model.loc[component, "std_error"] < 1.02 * moments.loc[component, "std_error"]


def test_a_region_of_one_centre_says_nothing():
    measured = simulate(7, centres=60, regions=3)
    more = take_measured_twice(
        np.vstack([measured.scores[:, :4], np.full((1, 4), 99.0)]),
        np.vstack([measured.scores[:, 4:], np.full((1, 4), 1.0)]),
        sampling=np.concatenate([measured.sampling, measured.sampling[:1]]),
        regions=np.append(measured.regions, 9),
    )
    found = [fit_mixed_model(m, level=0.95).frame["estimate"].to_numpy() for m in (measured, more)]
    assert found[1] == pytest.approx(found[0], rel=1e-4, abs=1e-4)


def test_components_that_are_not_there_end_at_zero():
    theta = np.array([0.0, 0.0, 0.0, 30.0, 5.0, 40.0])
    model = fit_mixed_model(simulate(8, centres=200, regions=4, theta=theta), level=0.95)
    assert model.converged
    assert (model.frame["estimate"] >= 0).all()
    assert model.frame["std_error"].notna().all()
    assert (model.frame["ci_low"][:3] == 0).all()
