from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from clientindex.counts import count_pairs
from clientindex.factors.confirmatory.estimate import fit_model
from clientindex.factors.confirmatory.nested import compare_nested
from clientindex.factors.invariance.release import compute_releases
from clientindex.factors.invariance.specs import StepDesign, build_step, list_equalities
from clientindex.factors.invariance.steps import fit_steps
from clientindex.factors.sample import estimate_moments

REFERENCE = Path(__file__).parents[2] / "reference" / "invariance"
FACTORS = {"f": ("x1", "x2", "x3"), "g": ("x4", "x5", "x6")}
ITEMS = [x for items in FACTORS.values() for x in items]


@pytest.fixture(scope="module")
def methodology(make_methodology):
    groups = {name: list(items) for name, items in FACTORS.items()}
    return make_methodology(groups, maximum=4, factors={"n_factors": 2})


@pytest.fixture(scope="module")
def moments(methodology, code_answers):
    """Return both kinds of moments of both parts; every respondent is a centre of his own."""
    answers = pd.read_csv(REFERENCE / "answers.csv")

    def estimate(part, basis):
        rows = answers[answers["part"] == part][ITEMS].astype(float).reset_index(drop=True)
        rows = rows.assign(centre=[f"{part}{row:04d}" for row in rows.index], segment="citizens")
        counts = count_pairs(code_answers(rows, methodology), methodology)
        return estimate_moments(counts, methodology, basis)

    return {
        basis: [estimate(part, basis) for part in ("a", "b")] for basis in ("polychoric", "pearson")
    }


@pytest.fixture(scope="module")
def ordinal_fits(moments):
    design = StepDesign(factors=FACTORS, n_parts=2, n_thresholds=dict.fromkeys(ITEMS, 3))
    return {
        step: fit_model(build_step(design, step), moments["polychoric"], estimator="wlsmv")
        for step in design.steps
    }


@pytest.fixture(scope="module")
def linear_fits(moments):
    design = StepDesign(factors=FACTORS, n_parts=2)
    return {
        step: fit_model(build_step(design, step), moments["pearson"], estimator="mlr")
        for step in design.steps
    }


NAMES = {
    "chisq": "chi2",
    "df": "df",
    "chisq.scaled": "chi2_scaled",
    "cfi.scaled": "cfi_scaled",
    "rmsea.scaled": "rmsea_scaled",
    "srmr": "srmr",
    "cfi": "cfi",
    "rmsea": "rmsea",
}


@pytest.mark.parametrize("kind", ["ordinal", "continuous"])
def test_every_step_fits_as_in_lavaan(kind, ordinal_fits, linear_fits):
    expected = pd.read_csv(REFERENCE / f"{kind}_fit.csv")
    fits = ordinal_fits if kind == "ordinal" else linear_fits
    for row in expected[expected["statistic"].isin(NAMES)].itertuples():
        found = fits[row.step].measures[NAMES[row.statistic]]
        # Scaled statistics of WLSMV rest on polychorics, which lavaan stops at about 3e-8.
        assert found == pytest.approx(row.value, rel=1e-3, abs=1e-4), (row.step, row.statistic)


def test_ordinal_estimates_are_those_of_lavaan(ordinal_fits):
    expected = pd.read_csv(REFERENCE / "ordinal_estimates.csv", keep_default_na=False)
    expected = expected.set_index(["step", "lhs", "op", "rhs", "group"])["estimate"].astype(float)
    compared = 0
    for step, fit in ordinal_fits.items():
        for parameter, value in zip(fit.spec.parameters, fit.estimates, strict=True):
            key = (step, parameter.lhs, parameter.op, parameter.rhs, parameter.group + 1)
            if key in expected.index:
                assert value == pytest.approx(expected[key], abs=1e-4), key
                compared += 1
    assert compared > 200


@pytest.mark.parametrize("kind", ["ordinal", "continuous"])
def test_difference_tests_are_those_of_lavaan(kind, ordinal_fits, linear_fits):
    expected = pd.read_csv(REFERENCE / f"{kind}_differences.csv").set_index("step")
    fits = list((ordinal_fits if kind == "ordinal" else linear_fits).items())
    for (_, freer), (step, constrained) in pairwise(fits):
        found = compare_nested(constrained, freer)
        assert found.df == expected["df"][step]
        # lavaan's MLR takes squared scores of a part about 0, we about their mean in the part: the
        # same where equality holds, a little less where it does not (see confirmatory/robust.py).
        assert found.chi2 == pytest.approx(
            expected["chi2"][step], rel=1e-3 if kind == "ordinal" else 1e-2
        )


def test_score_tests_of_equality_are_those_of_lavaan(linear_fits):
    expected = pd.read_csv(REFERENCE / "continuous_scores.csv").set_index("parameter")["mi"]
    design = StepDesign(factors=FACTORS, n_parts=2)
    keys = [*list_equalities(design, "metric"), *list_equalities(design, "scalar")]
    found = compute_releases(linear_fits["scalar"], keys)
    assert len(found) == 12
    assert [test.mi for test in found] == sorted((test.mi for test in found), reverse=True)
    for test in found:
        assert test.mi == pytest.approx(expected["".join(test.key)], rel=1e-4, abs=1e-5)


def test_the_search_frees_what_was_made_different(moments, methodology):
    """Part b has a weaker second indicator and answers the third 0.3 higher."""
    design = StepDesign(factors=FACTORS, n_parts=2)
    steps = fit_steps(design, moments["pearson"], estimator="mlr", methodology=methodology)
    assert [step.step for step in steps] == ["configural", "metric", "scalar"]
    freed = {step.step: [freed.key for freed in step.freed] for step in steps}
    assert ("x3", "~1", "") in freed["scalar"]
    assert steps[-1].freed[-1].holds
    before = [step.difference.delta_cfi for step in steps[1:] if not step.holds]
    after = [step.freed[-1].delta_cfi for step in steps[1:] if step.freed]
    assert (np.array(after) > np.array(before)).all()
