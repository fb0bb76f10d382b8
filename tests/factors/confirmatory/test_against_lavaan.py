"""Modification indices, scores, standardised solution and difference tests as lavaan has them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from clientindex.errors import StatisticsError
from clientindex.factors.confirmatory.estimate import fit_model
from clientindex.factors.confirmatory.modification import compute_modification_indices
from clientindex.factors.confirmatory.nested import compare_nested
from clientindex.factors.confirmatory.ordinal import make_ordinal
from clientindex.factors.confirmatory.scores import compute_score_coefficients, compute_scores
from clientindex.factors.confirmatory.standardised import compute_standardised
from clientindex.factors.confirmatory.syntax import read_model

ITERATIVE = 1e-4
SCORES = {"regression": 1e-6, "bartlett": 2e-6, "regression_second": 1e-5}
"""What is left is lavaan's distance from its optimum: Bartlett's scores are wider, and a
second-order model is flatter."""
LAVAAN_EPC = 599 / 600
"""lavaan multiplies the gradient of a least-squares fit, but not its information, by (n - 1) / n.

In a Gauss-Newton step u / v such a factor must cancel, so lavaan's change is too small by it, and
its index u^2 / v by its square.
"""
SCALING, LINEAR = 0.03, 0.1
"""A score test and a difference test take derivatives at different points: first-order equality."""

NINE = "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\nspeed =~ x7 + x8 + x9"
ONE = "g =~ x1 + x2 + x3 + x4 + x5 + x6 + x7 + x8 + x9"
TWO = "a =~ a1 + a2 + a3 + a4\nb =~ b1 + b2 + b3 + b4"
SINGLE = "g =~ a1 + a2 + a3 + a4 + b1 + b2 + b3 + b4"
CASES = {
    "ml": (NINE, "ml"),
    "ml_one": (ONE, "ml"),
    "ml_second": (f"{NINE}\ng =~ visual + textual + speed", "ml"),
    "marker": (NINE, "ml"),
    "residual": (f"{NINE}\nx7 ~~ x8", "ml"),
    "regression": (f"{NINE}\nspeed ~ visual + textual", "ml"),
    "mlr": (NINE, "mlr"),
    "mlr_one": (ONE, "mlr"),
    "wlsmv": (TWO, "wlsmv"),
    "wlsmv_one": (SINGLE, "wlsmv"),
}


@pytest.fixture(scope="module")
def fits(covariance_moments, polychoric_moments):
    found = {}
    for case, (text, estimator) in CASES.items():
        moments = polychoric_moments if estimator == "wlsmv" else covariance_moments
        spec = read_model(text, indicators=moments.indicators, std_lv=case != "marker")
        chosen = make_ordinal(spec) if estimator == "wlsmv" else spec
        found[case] = fit_model(chosen, moments, estimator=estimator)
    return found


def read(folder, name, case):
    frame = pd.read_csv(folder / f"{name}.csv")
    return frame[frame["case"] == case].drop(columns="case").reset_index(drop=True)


@pytest.mark.parametrize("case", ["ml", "ml_one", "mlr", "wlsmv", "wlsmv_one"])
def test_modification_indices_equal_those_of_lavaan(fits, model_folder, case):
    wanted = read(model_folder, "modindices", case)
    found = compute_modification_indices(fits[case])
    both = wanted.merge(found, on=["lhs", "op", "rhs"], suffixes=("_lavaan", ""))
    assert len(both) == len(wanted) == len(found)
    factor = LAVAAN_EPC if case.startswith("wlsmv") else 1.0
    changes = (both[["epc", "epc_standardised"]] * factor).to_numpy()
    assert changes == pytest.approx(both[["epc_lavaan", "sepc.all"]].to_numpy(), abs=ITERATIVE)
    gaps = (both["mi"] * factor**2 - both["mi_lavaan"]) / both["mi_lavaan"].clip(lower=1)
    assert gaps.to_numpy() == pytest.approx(0, abs=ITERATIVE)
    assert found["mi"].is_monotonic_decreasing


def test_robust_indices_equal_plain_ones_for_normal_answers_of_independent_persons(
    fits, covariance_moments
):
    implied = fits["mlr"].matrices[0].implied
    weight = fits["mlr"].weight
    covariance = np.zeros_like(weight)
    size = len(implied)
    covariance[size:, size:] = np.linalg.inv(weight[size:, size:])
    values, vectors = np.linalg.eigh(covariance)
    influence = np.sqrt(values.clip(0))[:, None] * vectors.T
    normal = replace(
        covariance_moments,
        influence=influence,
        centres=tuple(f"c{row:02d}" for row in range(len(influence))),
    )
    found = compute_modification_indices(replace(fits["mlr"], moments=(normal,)))
    assert found["mi_scaled"].to_numpy() == pytest.approx(found["mi"].to_numpy(), rel=1e-8)


@pytest.mark.parametrize(("lhs", "rhs"), [("a1", "a2"), ("b1", "b3"), ("a3", "b2")])
def test_a_robust_index_is_scaled_as_the_difference_test_of_its_parameter(fits, lhs, rhs):
    fit = fits["wlsmv"]
    text = f"{TWO}\n{lhs} ~~ {rhs}"
    spec = read_model(text, indicators=fit.spec.indicators, std_lv=True)
    freer = fit_model(make_ordinal(spec), fit.moments[0], estimator="wlsmv")
    index = compute_modification_indices(fit).set_index(["lhs", "rhs"]).loc[(lhs, rhs)]
    raw = fit.measures["chi2"] - freer.measures["chi2"]
    wanted = raw / compare_nested(fit, freer).chi2
    assert index["mi"] / index["mi_scaled"] == pytest.approx(wanted, rel=SCALING)
    assert index["mi"] == pytest.approx(raw, rel=LINEAR)


@pytest.mark.parametrize(
    "case", ["ml_second", "ml", "mlr", "marker", "residual", "regression", "wlsmv"]
)
def test_the_standardised_solution_equals_that_of_lavaan(fits, model_folder, case):
    wanted = read(model_folder, "standardised", case)
    fit = fits[case]
    found = compute_standardised(fit)
    names = [(p.lhs, p.op, p.rhs) for p in fit.spec.parameters]
    table = pd.DataFrame(names, columns=["lhs", "op", "rhs"]).assign(
        estimate=found.estimates, std_error=found.std_errors
    )
    both = table.merge(wanted, on=["lhs", "op", "rhs"])
    assert len(both) == len(table)
    assert both["estimate"].to_numpy() == pytest.approx(both["est.std"].to_numpy(), abs=ITERATIVE)
    assert both["std_error"].to_numpy() == pytest.approx(both["se"].to_numpy(), abs=ITERATIVE)


@pytest.mark.parametrize("case", ["regression", "bartlett", "regression_second"])
def test_factor_scores_equal_those_of_lavaan(fits, holzinger, model_folder, case):
    fit = fits["ml_second" if case.endswith("second") else "ml"]
    wanted = read(model_folder, "scores", case)
    wanted = wanted.set_index(["row", "factor"])["score"].unstack()[list(fit.spec.factors)]  # noqa: PD010 - nothing to aggregate
    found = compute_scores(fit, holzinger.to_numpy()[:20], case.split("_")[0])
    assert found == pytest.approx(wanted.to_numpy(), abs=SCORES[case])


def test_mean_scores_are_scores_of_means_and_bartlett_is_unbiased(fits, holzinger):
    fit = fits["ml"]
    answers = holzinger.to_numpy()[:30]
    for method in ("regression", "bartlett"):
        one = compute_scores(fit, answers.mean(axis=0, keepdims=True), method)
        assert one[0] == pytest.approx(compute_scores(fit, answers, method).mean(axis=0))
    weights = compute_score_coefficients(fit, "bartlett")
    assert weights @ fit.matrices[0].loadings == pytest.approx(np.eye(3), abs=1e-9)
    missing = np.full((1, 9), np.nan)
    assert compute_scores(fit, missing, "regression") == pytest.approx(np.zeros((1, 3)))


def test_bartlett_scores_are_refused_where_factors_have_the_same_loadings(covariance_moments):
    text = f"{ONE}\nh =~ x1 + x2 + x3"
    spec = read_model(text, indicators=covariance_moments.indicators, std_lv=True, orthogonal=True)
    fit = fit_model(spec, covariance_moments, estimator="ml")
    fit.matrices[0].loadings[:, 1] = fit.matrices[0].loadings[:, 0]
    with pytest.raises(StatisticsError, match="bartlett scores are not defined"):
        compute_score_coefficients(fit, "bartlett")


@pytest.mark.parametrize(
    ("constrained", "freer", "method"),
    [
        ("ml_one", "ml", "likelihood"),
        ("mlr_one", "mlr", "satorra_bentler_2001"),
        ("wlsmv_one", "wlsmv", "satorra_2000"),
    ],
)
def test_difference_tests_equal_those_of_lavaan(fits, model_folder, constrained, freer, method):
    wanted = read(model_folder, "nested", method).iloc[0]
    found = compare_nested(fits[constrained], fits[freer])
    assert found.method == method
    assert found.df == wanted["df"]
    assert found.chi2 == pytest.approx(wanted["chi2"], rel=ITERATIVE)


def test_models_that_are_not_nested_are_refused(fits):
    with pytest.raises(StatisticsError, match="give the model with more degrees of freedom first"):
        compare_nested(fits["ml"], fits["ml_one"])
    with pytest.raises(StatisticsError, match="by the same estimator"):
        compare_nested(fits["ml_one"], fits["mlr"])
