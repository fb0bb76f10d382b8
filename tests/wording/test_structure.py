"""Sentences about the factor structure where something is lacking, or other than in the bundle."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest

from clientindex.wording import load_wording
from clientindex.wording.names import name_detail, name_model, name_parameter
from clientindex.wording.sentences import PARAGRAPHS
from presentation_bundle import load_small_methodology, make_bundle, make_results

EN = load_wording("en")


def say(paragraph, name="", /, **fields):
    """Say a paragraph of the bundle in which fields of the result `name` are changed."""
    results = make_results()
    changed = {name: dataclasses.replace(results[name], **fields)} if name else {}
    said = PARAGRAPHS[paragraph](make_bundle(results=results | changed), EN)
    return (said if isinstance(said, str) else "\n".join(said)).replace("\u00a0", " ")


def test_correlations_without_empty_cells_that_were_smoothed():
    frame = make_results()["polychoric"].frame.assign(zero_cells=0)
    changes = {"smoothed": True, "smallest_eigenvalue": -0.0125, "largest_change": 0.031}
    said = say("polychoric", "polychoric", frame=frame, **changes)
    assert "There are no empty cells" in said
    assert "(smallest eigenvalue −0.013) and was smoothed; the largest change of a corr" in said


def test_rules_that_agree_and_rules_of_which_none_names_the_groups():
    votes = make_results()["factor_number"].votes
    assert "All rules name the same number of factors." in say(
        "factor_number", "factor_number", votes=votes.assign(n_factors=5)
    )
    none = say("factor_number", "factor_number", votes=votes.assign(n_factors=2))
    assert "For 5 factors, as in the methodology: no rule of 12." in none
    assert "All rules name the same number" in none


def test_a_rule_that_is_not_resampled_has_no_range():
    votes = make_results()["factor_number"].votes.assign(n_low=pd.NA, n_high=pd.NA)
    said = say("factor_number", "factor_number", votes=votes)
    assert "range over resamples" not in said


def test_regions_none_of_which_could_be_compared():
    frame = make_results()["region_congruence"].frame
    said = say("region_congruence", "region_congruence", frame=frame.iloc[:0])
    assert said.startswith("Factors could not be found in any region. Regions without enough")


def test_the_best_model_is_told_by_every_measure():
    fit = make_results()["confirmatory"].fit
    srmr = (fit["model"] == "second_order") & (fit["statistic"] == "srmr")
    said = say("models", "confirmatory", fit=fit.assign(value=fit["value"].mask(srmr, 0.01)))
    assert 'by CFI is that of the model "Correlated factors of the groups"' in said
    assert 'by SRMR of "Second-order factor"' in said
    assert "bifactor" not in said


def test_a_bifactor_model_that_fits_best_is_told_with_its_caution():
    models = make_results()["confirmatory"].models.assign(status="ok")
    said = say("models", "confirmatory", models=models)
    assert 'the model "General and group factors (bifactor)" fits best' in said
    assert said.endswith("this alone does not prove that it is true.")


def test_a_heywood_case_is_never_the_best_model():
    assert "(bifactor)" not in say("models")


def test_models_cannot_be_compared_when_fewer_than_two_are_sound():
    models = make_results()["confirmatory"].models
    troubled = models.assign(
        status=models["status"].where(models["model"] == "correlated", "heywood")
    )
    said = say("models", "confirmatory", models=troubled)
    assert said.endswith(
        "Fewer than two models have an admissible solution, so they cannot be compared."
    )


def test_an_intended_model_without_a_fit():
    result = make_results()["confirmatory"]
    absent = result.fit["model"] != "correlated"
    models = result.models.assign(status="not_converged")
    said = say("models", "confirmatory", fit=result.fit.loc[absent], models=models)
    assert 'Model "Correlated factors of the groups" was not fitted: did not converge.' in said
    parameters = result.parameters.iloc[:0]
    assert say("model_parameters", "confirmatory", parameters=parameters).endswith("not given.")
    nothing = {
        "residuals": result.residuals.iloc[:0],
        "modifications": result.modifications.iloc[:0],
    }
    assert say("misfit", "confirmatory", **nothing).endswith("are not defined.")


def test_very_many_respondents_make_tests_uninformative():
    assert say("models", "confirmatory", uninformative=True).endswith("so no p values are given.")
    nested = say("nested_models", "confirmatory", uninformative=True)
    assert "10 degrees of freedom, no p value is given; ΔCFI" in nested
    nothing = make_results()["confirmatory"].nested.iloc[:0]
    assert say("nested_models", "confirmatory", nested=nothing) == (
        "There are no nested models to compare."
    )


@pytest.mark.parametrize(
    ("status", "detail", "expected"),
    [
        ("heywood", "waiting ~~ waiting", "a Heywood case (variance: No waiting)"),
        ("heywood", "", "a Heywood case (—)"),
        ("not_converged", "", "the iterations did not converge"),
        ("unidentified", "", "is not identified: the data do not fix its parameters."),
        ("unidentified", "few_groups", "a second-order factor needs at least three groups"),
        ("unidentified", "one_group", "there is one group"),
        ("unidentified", "few_indicators", "a factor needs at least three indicators"),
        ("unidentified", "single_indicators", "every group has one indicator"),
        ("inadmissible", "effort, comfort", "the solution is inadmissible"),
        ("too_few_centres", "35/52", "there are 35 centres and 52 parameters"),
    ],
)
def test_troubles_of_models_are_told_in_words(status, detail, expected):
    models = make_results()["confirmatory"].models.iloc[:1].assign(status=status, detail=detail)
    assert expected in say("model_problems", "confirmatory", models=models)


def test_models_without_trouble():
    models = make_results()["confirmatory"].models.assign(status="ok")
    assert say("model_problems", "confirmatory", models=models).startswith("All models were")


def test_names_of_models_and_parameters():
    methodology = load_small_methodology()
    assert name_model("mine", methodology, EN) == "mine"
    named = {
        op: name_parameter("waiting", op, rhs, methodology, EN)
        for op, rhs in (("~~", "waiting"), ("~1", ""), ("|", "t3"), ("~*~", "waiting"))
    }
    assert named == {
        "~~": "variance: No waiting",
        "~1": "intercept: No waiting",
        "|": "threshold 3: No waiting",
        "~*~": "scale: No waiting",
    }
    assert name_parameter("general", "=~", "effort", methodology, EN) == (
        "General factor → Minimal effort"
    )
    assert name_detail("effort ~~ comfort, waiting, c9", methodology, EN) == (
        "Minimal effort ↔ Comfort and convenience, No waiting, c9"
    )


@pytest.mark.parametrize(
    ("conclusion", "start"),
    [
        ("separate", "The scores of the groups may be read separately"),
        ("general", "The scores of the groups should not be read separately"),
        ("both", "Both are permissible"),
        ("undefined", "Whether the scores of the groups may be read separately cannot be said"),
    ],
)
def test_what_may_be_reported(conclusion, start):
    assert say("separate_scores", "validity", conclusion=conclusion).startswith(start)


def test_answers_that_nobody_chose_are_named():
    unused = pd.DataFrame({"indicator": ["respect", "respect"], "answer": [1, 3]})
    said = say("polychoric", "polychoric", unused=unused)
    assert "Nobody chose these answers" in said
    assert "(1 and 3)" in said


def test_nothing_is_said_of_a_general_factor_that_was_not_estimated():
    overall = make_results()["validity"].overall.assign(estimate=np.nan)
    said = say("separate_scores", "validity", conclusion="separate", overall=overall)
    assert "How strong a general factor stands behind them is unknown" in said
    assert "no strong general factor was found" not in said


def test_groups_that_cannot_be_judged_are_named_apart():
    verdicts = make_results()["validity"].verdicts.astype({"htmt_below": "boolean"})
    verdicts.loc[4, "htmt_below"] = pd.NA
    said = say("separate_scores", "validity", verdicts=verdicts)
    assert "are met by 3 groups of 4" in said
    assert "Nothing can be said of the groups" in said


@pytest.mark.parametrize(
    ("omega", "expected"),
    [
        (0.8, "The total score is well founded all the same: omega hierarchical is 0.80"),
        (0.6, "The total score should be read with care: omega hierarchical is 0.60"),
        (0.4, "But neither does the total score reflect one property"),
        (np.nan, "The strength of the general factor is not defined"),
    ],
)
def test_what_is_left_where_groups_are_not_distinct(omega, expected):
    overall = make_results()["validity"].overall
    place = overall["statistic"] == "omega_hierarchical"
    changed = overall.assign(estimate=overall["estimate"].mask(place, omega))
    assert expected in say("separate_scores", "validity", overall=changed)


def test_groups_of_which_all_are_distinct_are_not_listed():
    verdicts = make_results()["validity"].verdicts.assign(htmt_below=True)
    said = say("separate_scores", "validity", verdicts=verdicts)
    assert said.endswith("are met by 5 groups of 5 (1,102 respondents).")


def test_validity_that_is_not_defined():
    result = make_results()["validity"]
    groups = result.groups.assign(estimate=np.nan)
    assert say("convergent_validity", "validity", groups=groups).startswith("The average variance")
    pairs = result.pairs.iloc[:0]
    assert say("discriminant_validity", "validity", pairs=pairs).startswith("HTMT ratios are not")
    overall = result.overall.assign(estimate=np.nan)
    assert say("general_factor", "validity", overall=overall).startswith("The strength of the gen")


def change_steps(**columns):
    """Return the steps of invariance with columns of the last (regions, scalar) changed."""
    steps = make_results()["invariance"].steps.copy()
    for name, value in columns.items():
        steps.loc[len(steps) - 1, name] = value
    return steps


def test_invariance_that_freeing_does_not_restore():
    freed = make_results()["invariance"].freed.assign(holds=False)
    said = say("invariance", "invariance", freed=freed).splitlines()[1]
    assert "freeing 2 parameters did not restore it" in said
    assert "Relations of the indicators may be compared, but not mean scores of groups." in said


def test_invariance_that_fails_without_a_search():
    freed = make_results()["invariance"].freed.iloc[:0]
    said = say("invariance", "invariance", freed=freed).splitlines()[1]
    assert 'fails at the step "scalar" (ΔCFI = −0.020, ΔRMSEA = 0.010, ΔSRMR = 0.005).' in said


def test_a_step_that_did_not_converge_ends_the_check():
    steps = change_steps(status="not_converged", holds=None, delta_cfi=np.nan)
    said = say("invariance", "invariance", steps=steps).splitlines()[1]
    assert 'At the step "scalar" the model did not converge, and the check went no further.' in said
    nothing = steps.iloc[[-1]].assign(step="configural")
    said = say("invariance", "invariance", steps=nothing).splitlines()[1]
    assert "Nothing may be compared in this respect" in said


def test_partial_invariance_of_an_early_step_does_not_end_the_check():
    result = make_results()["invariance"]
    steps = result.steps.copy()
    steps["holds"] = steps["holds"].mask(steps["step"] == "metric", other=False)
    steps.loc[len(steps) - 1, "holds"] = True
    freed = result.freed.assign(step="metric")
    said = say("invariance", "invariance", steps=steps, freed=freed).splitlines()[1]
    assert 'At the step "metric" invariance is partial' in said
    assert "Factor means may be compared once the differences named are allowed for" in said


def test_many_parts_are_only_aligned():
    steps = make_results()["invariance"].steps
    only = steps.loc[steps["across"] != "region"]
    said = say("invariance", "invariance", steps=only).splitlines()[1]
    assert said.startswith("Regions: 2 parts were not checked step by step")


def test_alignment_without_differences_and_without_parts():
    items = make_results()["invariance"].alignment_items
    alike = say("alignment", "invariance", alignment_items=items.assign(n_differing=0))
    assert "the same in all of them (number of parameters: 40)" in alike
    assert (
        say("alignment", "invariance", alignment_items=items.iloc[:0]) == "No alignment was done."
    )


def test_levels_that_lack_something():
    result = make_results()["levels"]
    fit = result.fit.loc[result.fit["level"] != "between"]
    said = say("levels", "levels", fit=fit, smoothed=False)
    assert 'Level "between centres": the model "Correlated factors of the groups" was not' in said
    assert "smoothed" not in said
    nothing = result.congruence.assign(estimate=np.nan)
    assert say("levels", "levels", congruence=nothing).startswith("The factors of the two levels")
    variances = result.variances.assign(estimate=np.nan)
    assert say("icc", "levels", variances=variances).startswith("The share of variance between")


def test_indicators_out_of_place_are_named():
    verdicts = make_results()["exploratory"].verdicts.copy()
    verdicts.loc[[2, 5], "verdict"] = ["cross", "none"]
    said = say("verdicts", "exploratory", verdicts=verdicts)
    assert "18 of 20 indicators; on another too: 1, on another only: 0, on none: 1." in said
    assert "Out of place: Courtesy and respect: own and another; Quality of matching: none." in said
    many = say("verdicts", "exploratory", verdicts=verdicts.assign(verdict="other"))
    assert "among others: " in many
    assert "the table names the rest" in many


def test_an_exploratory_model_of_one_factor():
    result = make_results()["exploratory"]
    nothing = {"verdicts": result.verdicts.iloc[:0], "schmid_leiman": result.schmid_leiman.iloc[:0]}
    assert say("verdicts", "exploratory", **nothing).startswith("There is one factor")
    assert say("schmid_leiman", "exploratory", **nothing).startswith("The Schmid-Leiman transf")
    rotations = result.rotations.iloc[:1]
    assert say("rotations", "exploratory", rotations=rotations).startswith("There is one factor")
    fit = result.fit.assign(estimate=np.nan)
    assert say("exploratory_fit", "exploratory", fit=fit).startswith("The fit of the model is not")


def test_rotations_that_agree():
    rotations = make_results()["exploratory"].rotations.assign(n_own=18)
    said = say("rotations", "exploratory", rotations=rotations)
    assert "is the same under all rotations (6): 18;" in said


def test_suitability_with_very_many_respondents_and_groups_of_one_indicator():
    groups = make_results()["suitability"].groups.assign(estimate=np.nan)
    said = say("suitability", "suitability", groups=groups, uninformative=True)
    assert "190 degrees of freedom, no p value is given, 1,102 respondents." in said
    assert "Within the groups" not in said


def test_a_general_factor_from_a_poor_solution_is_told_with_a_caution():
    caution = "The solution of the bifactor model is not admissible (Heywood case)"
    assert caution in say("general_factor")
    models = make_results()["confirmatory"].models.assign(status="ok")
    assert caution not in say("general_factor", "confirmatory", models=models)
    results = make_results()
    del results["confirmatory"]
    assert caution not in PARAGRAPHS["general_factor"](make_bundle(results=results), EN)
