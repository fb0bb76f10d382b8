"""Tables of the factor structure: cells as a document shows them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from clientindex.tables import TABLES
from presentation_bundle import make_bundle, make_results
from table_shown import EN, RU, change, heads, show


@pytest.fixture(scope="module")
def bundle():
    return make_bundle()


def test_the_largest_differences_of_correlations_stand_first(bundle):
    spec = TABLES["polychoric_differences"](bundle, EN)
    rows = show(spec)
    assert len(rows) == 10
    assert rows[0] == [
        "Professional competence of staff",
        "Courtesy and respect",
        "0.70",
        "[0.66, 0.74]",
        "0.55",
        "0.15",
    ]
    assert "two-step estimates" in spec.notes[0]
    assert len(TABLES["polychoric"](bundle, EN).rows) == 190
    assert show(TABLES["polychoric_thresholds"](bundle, EN))[3][1:] == ["4", "0.875", "0.030"]


def test_votes_of_both_kinds_of_correlations_stand_side_by_side(bundle):
    spec = TABLES["factor_votes"](bundle, EN)
    assert heads(spec) == [
        "Rule",
        "Factors (polychoric)",
        "Range (95%)",
        "Same in resamples, % (polychoric)",
        "Factors (Pearson)",
        "Range (95%)",
        "Same in resamples, % (Pearson)",
    ]
    rows = show(spec)
    assert rows[0] == [
        "Parallel analysis of components (normal data)",
        *("5", "[4, 6]", "85"),
        *("3", "[2, 4]", "85"),
    ]
    undefined = next(row for row in rows if row[0] == "Comparison data")
    assert undefined[1:] == ["—", "—", "—", "4", "—", "—"]
    assert len(rows) == 12


def test_the_leading_correlations_come_first_whatever_their_order(bundle):
    votes = make_results()["factor_number"].votes.iloc[::-1]
    turned = change("factor_number", votes=votes)
    assert heads(TABLES["factor_votes"](turned, EN))[1] == "Factors (polychoric)"


def test_regions_by_factors_and_those_left_out(bundle):
    rows = show(TABLES["region_congruence"](bundle, EN))
    assert rows[0] == ["Край", "3", "0.97", "0.97", "0.97", "0.97", "0.80"]
    intervals = show(TABLES["region_congruence_intervals"](bundle, EN))
    assert intervals[4][2:] == ["0.800", "[0.920, 0.980]", "3", "470", "different"]
    assert intervals[5][3] == "—"
    assert show(TABLES["regions_left_out"](bundle, EN)) == [
        [
            "Округ",
            "1",
            "20",
            "Too few respondents answered these indicators: Professional competence of staff.",
        ]
    ]


def test_versions_of_measures_are_named_in_the_headings(bundle):
    spec = TABLES["model_comparison"](bundle, EN)
    assert heads(spec) == [
        "Model",
        "Chi-squared (scaled)",
        "df",
        "p",
        "CFI (scaled)",
        "TLI (scaled)",
        "RMSEA (scaled)",
        "Interval (90%)",
        "SRMR",
        "Status",
    ]
    assert show(spec)[1] == [
        "Correlated factors of the groups",
        *("300.3", "160", "< 0.001", "0.985", "0.980", "0.035", "[0.033, 0.038]", "0.030"),
        "fitted",
    ]
    assert show(spec)[3][-1] == "Heywood case"
    assert spec.notes[1:] == (
        "Versions of the measures: chi-squared: scaled; CFI, TLI and RMSEA: scaled.",
        "A Heywood case is a negative residual variance or a correlation beyond one.",
    )


def test_estimators_with_different_versions_share_headings_without_a_version():
    result = make_results()["confirmatory"]
    extra = result.models["estimator"] == "mlr"
    models = pd.concat([result.models, result.models.loc[extra].assign(estimator="ml")])
    plain = (result.fit["estimator"] == "mlr") & ~result.fit["statistic"].str.contains(
        "_scaled|_robust"
    )
    fit = pd.concat([result.fit, result.fit.loc[plain].assign(estimator="ml")])
    spec = TABLES["model_comparison_others"](change("confirmatory", models=models, fit=fit), EN)
    assert heads(spec)[2:7] == ["Chi-squared", "df", "p", "CFI", "TLI"]
    assert len(spec.notes) == 3
    assert "CFI, TLI and RMSEA: naive." in spec.notes[2]


def test_a_model_without_a_fit_has_gaps_and_a_status(bundle):
    rows = show(TABLES["model_comparison_others"](bundle, EN))
    assert [row[0] for row in rows] == ["MLR"] * 4
    assert rows[3][1:] == [
        "General and group factors (bifactor)",
        *("—", "150", "—", "—", "—", "—", "—", "—"),
        "did not converge",
    ]


def test_the_robust_version_is_told_only_where_every_model_has_it(bundle):
    assert heads(TABLES["model_comparison_others"](bundle, EN))[5] == "CFI (robust)"
    fit = make_results()["confirmatory"].fit
    lacking = (fit["model"] == "one_factor") & (fit["statistic"] == "tli_robust")
    spec = TABLES["model_comparison_others"](
        change("confirmatory", fit=fit.assign(value=fit["value"].mask(lacking, np.nan))), EN
    )
    assert heads(spec)[5:8] == ["CFI (scaled)", "TLI (scaled)", "RMSEA (scaled)"]
    assert show(spec)[1][5] == "0.985"


def test_all_versions_stand_in_a_table_of_their_own(bundle):
    rows = show(TABLES["fit_versions"](bundle, EN))
    assert [row[1:3] for row in rows if row[0] == "One general factor"] == [
        ["naive", "0.855"],
        ["scaled", "0.850"],
    ]


@pytest.mark.parametrize("name", ["model_comparison", "nested_tests", "modification_indices"])
def test_with_very_many_respondents_tests_are_called_uninformative(name):
    spec = TABLES[name](change("confirmatory", uninformative=True), EN)
    place = heads(spec).index("p")
    assert {row[place] for row in show(spec)} == {"uninformative"}


def test_invariance_tests_may_be_uninformative_too(bundle):
    assert show(TABLES["invariance_tests"](bundle, EN))[1][-1] == "0.155"
    spec = TABLES["invariance_tests"](change("invariance", uninformative=True), EN)
    assert {row[-1] for row in show(spec)} == {"uninformative"}
    assert "more than 100,000\u00a0respondents" in spec.notes[0]


def test_nested_models_name_the_stricter_first(bundle):
    assert show(TABLES["nested_tests"](bundle, EN))[1] == [
        "WLSMV",
        "Second-order factor",
        "Correlated factors of the groups",
        *("40.3", "5", "< 0.001", "−0.005", "0.003", "0.001"),
        "Satorra, 2000",
    ]


def test_parameters_of_the_intended_model_have_names_and_intervals(bundle):
    rows = show(TABLES["model_parameters"](bundle, EN))
    assert len(rows) == 20 + 10
    assert rows[0] == [
        "Friendliness and partnership → Professional competence of staff",
        *("0.80", "0.020", "1.00", "—"),
    ]
    assert rows[1][1:] == ["0.80", "0.020", "0.80", "[0.76, 0.84]"]
    assert rows[20][0] == "Friendliness and partnership ↔ Usefulness"


def test_misfit_of_the_intended_model_is_shown_largest_first(bundle):
    assert show(TABLES["modification_indices"](bundle, EN)) == [
        [
            "Professional competence of staff ↔ Accessibility",
            *("55.5", "44.4", "< 0.001", "−0.13", "−0.20"),
        ],
        [
            "Comfort and convenience → Professional competence of staff",
            *("20.3", "16.2", "< 0.001", "0.10", "0.15"),
        ],
    ]
    residuals = show(TABLES["model_residuals"](bundle, EN))
    assert len(residuals) == 10
    assert residuals[0][2:] == ["0.40", "0.53", "−0.125"]


def test_validity_of_groups_in_words(bundle):
    rows = show(TABLES["validity_groups"](bundle, EN))
    assert rows[0][1:] == [
        "0.64",
        "[0.61, 0.67]",
        "0.88",
        "[0.85, 0.91]",
        "0.39",
        "yes",
        "yes",
        "yes",
    ]
    assert rows[-1][-1] == "no"
    pairs = show(TABLES["htmt"](bundle, EN))
    assert pairs[0][2:] == [
        "0.63",
        "[0.60, 0.66]",
        "0.65",
        "[0.62, 0.68]",
        "0.64",
        "[0.61, 0.67]",
        "distinct",
    ]
    assert pairs[-1][-1] == "not distinct"
    assert show(TABLES["general_factor"](bundle, EN))[1] == [
        "Share of uncontaminated correlations (PUC)",
        *("0.84", "—", "—"),
    ]
    assert show(TABLES["omega_groups"](bundle, EN))[0][1:3] == ["0.88", "[0.85, 0.91]"]


def test_steps_of_invariance_tell_changes_and_outcome(bundle):
    rows = show(TABLES["invariance_steps"](bundle, EN))
    assert rows[0] == ["Segments", "configural", "0.985", "0.035", "0.030", *["—"] * 4]
    assert rows[7] == [
        *("Regions", "scalar", "0.965", "0.045", "0.035", "−0.020", "0.010", "0.005", "no"),
    ]
    note = TABLES["invariance_steps"](bundle, RU).notes[0]
    assert "CFI снижается менее чем на 0,010, RMSEA растёт менее чем на 0,015" in note


def test_a_step_that_did_not_converge_says_so(bundle):
    steps = make_results()["invariance"].steps.copy()
    steps.loc[7, "status"] = "not_converged"
    steps.loc[7, "holds"] = None
    rows = show(TABLES["invariance_steps"](change("invariance", steps=steps), EN))
    assert rows[7][-1] == "did not converge"


def test_freed_parameters_and_parts_left_out(bundle):
    assert show(TABLES["invariance_freed"](bundle, EN))[1] == [
        *("Regions", "scalar", "2", "threshold 2: Professional competence of staff"),
        *("21.5", "−0.008", "yes"),
    ]
    assert show(TABLES["invariance_left_out"](bundle, EN)) == [
        ["Regions", "Округ", "1", "20", "too few centres"],
        ["Periods", "2026", "5", "1,102", "nothing to compare with: there is one part"],
    ]
    assert show(TABLES["invariance_parts"](bundle, EN))[0] == [
        *("Segments", "Citizens", "5", "700", "yes", "—"),
    ]


def test_alignment_shows_means_and_only_the_indicators_that_differ(bundle):
    assert show(TABLES["alignment_means"](bundle, EN)) == [
        ["Regions", "Край", *["0.00"] * 5],
        ["Regions", "Псковская область", *["0.25"] * 5],
    ]
    rows = show(TABLES["alignment_differing"](bundle, EN))
    assert [row[1:] for row in rows] == [
        ["Professional competence of staff", "loading", "0.40", "1", "2"],
        ["Professional competence of staff", "intercept", "0.40", "1", "2"],
    ]
    assert len(TABLES["alignment_items"](bundle, EN).rows) == 40


def test_levels(bundle):
    assert show(TABLES["icc1"](bundle, EN))[-1] == [
        *("Accessibility", "0.900", "0.100", "0.145", "[0.115, 0.175]"),
    ]
    words = [row[-1] for row in show(TABLES["level_congruence"](bundle, EN))]
    assert words == ["equal", "similar", "similar", "similar", "different"]
    assert show(TABLES["level_fit"](bundle, EN))[3] == [
        "between centres",
        "Correlated factors of the groups",
        *("0.935", "0.930", "0.088", "0.038"),
    ]
    assert heads(TABLES["level_fit"](bundle, EN))[2] == "CFI (scaled)"


def test_the_exploratory_model(bundle):
    assert show(TABLES["exploratory_fit"](bundle, EN)) == [
        ["160.5", "100", "< 0.001", "0.023", "[0.016, 0.030]", "0.960", "−540.0", "0.020"]
    ]
    assert show(TABLES["verdicts"](bundle, EN))[0][1:] == [
        *("0.65", "−0.05", "F2", "own only", "98"),
    ]
    assert show(TABLES["rotations"](bundle, EN))[4] == ["bifactor (orthogonal)", *["—"] * 6]
    assert heads(TABLES["schmid_leiman"](bundle, EN))[1] == "General factor"
    assert show(TABLES["factor_congruence"](bundle, EN))[0] == [
        *("F1", "0.96", "−0.07", "−0.07", "−0.07", "−0.07"),
    ]


def test_a_general_factor_of_a_bifactor_rotation_has_a_name_and_no_group():
    model = make_results()["exploratory"]
    variance = model.variance.copy()
    variance.loc[0, ["factor", "matched_group"]] = ["general", ""]
    rows = show(TABLES["variance"](change("exploratory", variance=variance), EN))
    assert rows[0][:2] == ["General factor", "—"]


def test_suitability_of_both_kinds_of_correlations(bundle):
    assert show(TABLES["suitability_by_basis"](bundle, EN)) == [
        [
            "polychoric correlations",
            *("0.88", "[0.85, 0.90]", "12,345.7", "190", "< 0.001", "0.000100"),
        ],
        [
            "Pearson correlations",
            *("0.87", "[0.84, 0.89]", "9,876.5", "190", "< 0.001", "0.000800"),
        ],
    ]
    assert show(TABLES["kmo_groups"](bundle, EN))[0][1:] == ["0.75", "[0.80, 0.88]", "middling"]
    assert show(TABLES["msa"](bundle, EN))[0][3] == "0.45"
    statistics = show(TABLES["suitability_statistics"](bundle, EN))
    assert statistics[-1][1:] == ["All indicators", "Determinant", "0.0008", "—"]


def test_a_group_of_one_indicator_has_no_measure_of_its_own():
    groups = make_results()["suitability"].groups.assign(estimate=np.nan, ci_low=np.nan)
    rows = show(TABLES["kmo_groups"](change("suitability", groups=groups), EN))
    assert rows[0][1:] == ["—", "—", "—"]


@pytest.mark.parametrize("name", ["bartlett", "suitability_by_basis"])
def test_bartlett_may_be_uninformative(name):
    spec = TABLES[name](change("suitability", uninformative=True), EN)
    assert show(spec)[0][heads(spec).index("p")] == "uninformative"
