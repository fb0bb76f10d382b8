from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from clientindex.errors import StatisticsError
from clientindex.factors.confirmatory.estimate import fit_model
from clientindex.factors.confirmatory.layout import lay_out
from clientindex.factors.confirmatory.ordinal import make_ordinal
from clientindex.factors.confirmatory.problem import Problem
from clientindex.factors.confirmatory.starts import start_parameters
from clientindex.factors.confirmatory.syntax import read_model
from clientindex.factors.moments import SampleMoments

REFERENCE = Path(__file__).parents[2] / "reference" / "confirmatory"
NINE = "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\nspeed =~ x7 + x8 + x9"
TWO = "a =~ a1 + a2 + a3 + a4\nb =~ b1 + b2 + b3 + b4"
SIX = "f =~ y1 + y2 + y3\ng =~ y4 + y5 + y6"

NAMES = {
    "chisq": "chi2",
    "df": "df",
    "chisq.scaled": "chi2_scaled",
    "chisq.scaling.factor": "scaling_factor",
    "baseline.chisq": "baseline_chi2",
    "baseline.chisq.scaled": "baseline_chi2_scaled",
    "cfi": "cfi",
    "tli": "tli",
    "cfi.scaled": "cfi_scaled",
    "tli.scaled": "tli_scaled",
    "rmsea": "rmsea",
    "rmsea.ci.lower": "rmsea_ci_low",
    "rmsea.ci.upper": "rmsea_ci_high",
    "rmsea.scaled": "rmsea_scaled",
    "rmsea.ci.lower.scaled": "rmsea_ci_low_scaled",
    "rmsea.ci.upper.scaled": "rmsea_ci_high_scaled",
}
LIKELIHOOD = {
    "cfi.robust": "cfi_robust",
    "tli.robust": "tli_robust",
    "rmsea.robust": "rmsea_robust",
    "rmsea.ci.lower.robust": "rmsea_ci_low_robust",
    "rmsea.ci.upper.robust": "rmsea_ci_high_robust",
    "logl": "loglik",
}
SCALED = 1e-3


def make_clustered(frame, centres):
    """Return covariance moments with the influence of every centre, from rows."""
    values = frame.to_numpy(float)
    n, size = values.shape
    means = values.mean(axis=0)
    centred = values - means
    matrix = centred.T @ centred / n
    rows = np.triu_indices(size)
    products = centred[:, rows[0]] * centred[:, rows[1]] - matrix[rows]
    each = pd.DataFrame(np.concatenate([centred, products], axis=1) / n)
    influence = each.groupby(np.asarray(centres)).sum()
    return SampleMoments(
        kind="covariance",
        indicators=tuple(frame.columns),
        centres=tuple(map(str, influence.index)),
        n=float(n),
        means=means,
        matrix=matrix,
        thresholds=(),
        influence=influence.to_numpy(),
    )


@pytest.fixture(scope="module")
def fits(covariance_moments, polychoric_moments):
    nine = covariance_moments.indicators
    latent = read_model(NINE, indicators=nine, std_lv=True)
    marker = read_model(NINE, indicators=nine)
    two = make_ordinal(read_model(TWO, indicators=polychoric_moments.indicators, std_lv=True))
    return {
        "ml": fit_model(latent, covariance_moments, estimator="ml"),
        "mlr": fit_model(latent, covariance_moments, estimator="mlr"),
        "marker": fit_model(marker, covariance_moments, estimator="mlr"),
        "uls": fit_model(latent, covariance_moments, estimator="uls"),
        "wlsmv": fit_model(two, polychoric_moments, estimator="wlsmv"),
        "ulsmv": fit_model(two, polychoric_moments, estimator="uls"),
    }


@pytest.fixture(scope="module")
def clustered_fits():
    data = pd.read_csv(REFERENCE / "clustered.csv")
    answers = data.drop(columns="centre")
    # lavaan's MLR has a mean structure; saturated means change nothing but, in the fourth digit,
    # the scaling factor of clustered answers.
    text = "\n".join([SIX, *(f"{name} ~ 1" for name in answers)])
    spec = read_model(text, indicators=tuple(answers.columns), std_lv=True)
    return {
        "clustered": fit_model(spec, make_clustered(answers, data["centre"]), estimator="mlr"),
        "unclustered": fit_model(spec, make_clustered(answers, data.index), estimator="mlr"),
    }


def read_measures(case):
    table = pd.read_csv(REFERENCE / "measures.csv", skipinitialspace=True)
    table = table[table["case"] == case].set_index("statistic")["value"]
    return pd.to_numeric(table, errors="coerce")


def test_the_published_fit_of_holzinger_and_swineford(fits):
    """Values of the lavaan tutorial (Rosseel 2012), known to three digits."""
    found = fits["ml"].measures
    assert found["chi2"] == pytest.approx(85.306, abs=5e-4)
    assert found["df"] == 24
    assert found["cfi"] == pytest.approx(0.931, abs=5e-4)
    assert found["rmsea"] == pytest.approx(0.092, abs=5e-4)
    assert found["srmr"] == pytest.approx(0.065, abs=5e-4)


@pytest.mark.parametrize("case", ["ml", "mlr", "marker", "wlsmv", "ulsmv"])
def test_measures_equal_those_of_lavaan(fits, case):
    expected = read_measures(case)
    names = NAMES | (LIKELIHOOD if case in ("ml", "mlr", "marker") else {})
    compared = 0
    for theirs, ours in names.items():
        if theirs in expected.index and ours in fits[case].measures:
            tolerance = SCALED if case in ("wlsmv", "ulsmv") else 1e-5
            # lavaan refers the unscaled chi-square to tr(UC) degrees of freedom there, we the
            # scaled one to df, as the point estimate does.
            if "ci" in theirs and ours.endswith(("_scaled", "_robust")):
                tolerance = 1e-2
            assert fits[case].measures[ours] == pytest.approx(
                expected[theirs], rel=tolerance, abs=1e-6
            ), theirs
            compared += 1
    assert compared >= (9 if case == "ml" else 15)


def test_information_criteria_equal_those_of_lavaan(fits):
    # lavaan's MLR counts the nine means, which are saturated here; ML without means does not.
    expected = read_measures("ml")
    assert fits["ml"].measures["aic"] == pytest.approx(expected["aic"], abs=1e-4)
    assert fits["ml"].measures["bic"] == pytest.approx(expected["bic"], abs=1e-4)


@pytest.mark.parametrize("case", ["ml", "mlr", "marker", "uls", "wlsmv", "ulsmv"])
def test_estimates_and_errors_equal_those_of_lavaan(fits, case):
    expected = pd.read_csv(REFERENCE / "estimates.csv", skipinitialspace=True).query(
        "case == @case"
    )
    expected = expected.set_index(["lhs", "op", "rhs"])
    fit = fits[case]
    for parameter, value, error in zip(
        fit.spec.parameters, fit.estimates, fit.std_errors, strict=True
    ):
        row = expected.loc[(parameter.lhs, parameter.op, parameter.rhs)]
        if case == "uls":
            # lavaan's covariances have n - 1 in the denominator there, and its errors suppose
            # normal answers; ours are robust.
            factors = (parameter.lhs in fit.spec.factors) + (parameter.rhs in fit.spec.factors)
            value *= (301 / 300) ** (1 - factors / 2)
        else:
            assert error == pytest.approx(row["std_error"], abs=1e-4)
        assert value == pytest.approx(row["estimate"], abs=1e-4)


@pytest.mark.parametrize("case", ["clustered", "unclustered"])
def test_errors_robust_to_clustering_equal_those_of_lavaan(clustered_fits, case):
    expected = pd.read_csv(REFERENCE / "estimates.csv", skipinitialspace=True).query(
        "case == @case"
    )
    expected = expected.set_index(["lhs", "op", "rhs"])
    fit = clustered_fits[case]
    # lavaan multiplies the sum over C clusters by C / (C - 1); without clusters it does not.
    factor = 60 / 59 if case == "clustered" else 1.0
    for parameter, error in zip(fit.spec.parameters, fit.std_errors, strict=True):
        if parameter.op == "~1":
            continue
        row = expected.loc[(parameter.lhs, parameter.op, parameter.rhs)]
        assert error * np.sqrt(factor) == pytest.approx(row["std_error"], rel=2e-4, abs=1e-6)
    scaled = read_measures(case)["chisq.scaled"]
    assert fit.measures["chi2_scaled"] / factor == pytest.approx(scaled, rel=1e-3)


def test_clustering_is_no_small_matter(clustered_fits):
    errors = {case: fit.std_errors[fit.position >= 0] for case, fit in clustered_fits.items()}
    assert np.max(errors["clustered"] / errors["unclustered"]) > 1.1


@pytest.mark.parametrize("kind", ["covariance", "polychoric"])
def test_derivatives_are_those_of_numbers(kind, covariance_moments, polychoric_moments):
    if kind == "covariance":
        own, text, estimator = covariance_moments, NINE + "\nspeed ~ visual\nx1 ~~ x4", "mlr"
        text += "\n" + "\n".join(f"x{k} ~ 1" for k in range(1, 10)) + "\nvisual ~ 0.3*1"
        spec = read_model(text, indicators=own.indicators)
    else:
        own, estimator = polychoric_moments, "wlsmv"
        cuts = "\n".join(f"{x} | t1 + t2 + t3" for x in own.indicators)
        scales = "\n".join(f"{x} ~*~ NA*{x}" for x in own.indicators)
        text = f"{TWO}\n{cuts}\n{scales}\na ~ NA*1"
        spec = make_ordinal(read_model(text, indicators=own.indicators, std_lv=True))
    problem = Problem(lay_out(spec), (own,), estimator)
    free = start_parameters(problem.layout, problem.moments)
    free = free + np.random.default_rng(0).normal(0, 0.02, len(free))
    found = problem.evaluate(free).gradient
    for at in range(len(free)):
        step = np.zeros(len(free))
        step[at] = 1e-6
        slope = (problem.compute_value(free + step) - problem.compute_value(free - step)) / 2e-6
        assert found[at] == pytest.approx(slope, rel=1e-5, abs=1e-3)


def test_a_model_without_scale_is_unidentified_and_names_parameters(covariance_moments):
    text = "f =~ NA*x1 + x2 + x3\nf ~~ NA*f"
    spec = read_model(text, indicators=covariance_moments.indicators)
    fit = fit_model(spec, covariance_moments, estimator="ml")
    assert fit.status == "unidentified"
    assert "f ~~ f" in fit.detail
    assert fit.measures == {}


def test_a_negative_variance_is_named(covariance_moments):
    matrix = np.array([[1.0, 0.9, 0.9], [0.9, 1.0, 0.7], [0.9, 0.7, 1.0]])
    own = SampleMoments(
        kind="covariance",
        indicators=("p", "q", "r"),
        centres=tuple("abcd"),
        n=500.0,
        means=np.zeros(3),
        matrix=matrix,
        thresholds=(),
        influence=np.random.default_rng(0).normal(0, 0.01, (4, 9)),
    )
    spec = read_model("f =~ p + q + r", indicators=own.indicators, std_lv=True)
    fit = fit_model(spec, own, estimator="ml")
    # By hand: lambda_p^2 = 0.9 * 0.9 / 0.7 > 1.
    assert fit.status == "heywood"
    assert fit.detail == "p ~~ p"
    assert fit.estimates[0] ** 2 == pytest.approx(0.81 / 0.7, abs=1e-6)


def test_an_estimator_refuses_the_wrong_moments(covariance_moments):
    spec = read_model(NINE, indicators=covariance_moments.indicators)
    with pytest.raises(StatisticsError, match="polychoric"):
        fit_model(spec, covariance_moments, estimator="wlsmv")


def test_intervals_cover_the_truth_when_respondents_are_clustered():
    """Two hundred samples of 60 centres; errors that ignore centres cover less."""
    loadings = np.array([0.8, 0.7, 0.6, 0.75])
    spec = read_model("f =~ a + b + c + d", indicators=tuple("abcd"), std_lv=True)
    covered = {"centre": 0, "respondent": 0}
    for seed in range(200):
        rng = np.random.default_rng([5, seed])
        centres = np.repeat(np.arange(60), 10)
        factor = rng.normal(0, np.sqrt(0.4), 60)[centres] + rng.normal(0, np.sqrt(0.6), 600)
        answers = factor[:, None] * loadings + rng.normal(0, np.sqrt(1 - loadings**2), (600, 4))
        frame = pd.DataFrame(answers, columns=list("abcd"))
        for kind, units in (("centre", centres), ("respondent", np.arange(600))):
            fit = fit_model(spec, make_clustered(frame, units), estimator="mlr")
            covered[kind] += np.sum(
                np.abs(fit.estimates[:4] - loadings) < 1.96 * fit.std_errors[:4]
            )
    # 800 intervals; those of one sample go together, so the binomial SD is at most 1.5 %.
    assert covered["centre"] / 800 == pytest.approx(0.95, abs=0.035)
    assert covered["respondent"] < covered["centre"] - 8
