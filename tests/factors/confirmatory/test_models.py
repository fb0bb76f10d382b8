"""All models of a methodology side by side: fits, failures, tests, scores of centres."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from clientindex.errors import ModelSyntaxError
from clientindex.factors.confirmatory.attempt import attempt_fit
from clientindex.factors.confirmatory.centre_scores import compute_centre_answers
from clientindex.factors.confirmatory.models import fit_confirmatory
from clientindex.factors.confirmatory.scores import expect_latent_responses
from clientindex.factors.confirmatory.standard import build_standard_models
from clientindex.factors.sample import estimate_moments
from clientindex.results import ConfirmatoryModels, Unavailable

ITERATIVE = 1e-4
NAME = {"ru": "модель", "en": "model"}
OWN = (
    {"key": "freer", "name": NAME, "syntax": "a =~ a1+a2+a3+a4\nb =~ b1+b2+b3+b4\na1 ~~ a2"},
    {"key": "four", "name": NAME, "syntax": "f =~ a1 + a2 + b1 + b2"},
    {"key": "too_free", "name": NAME, "syntax": "f =~ NA*a1 + a2 + a3 + a4"},
)


@pytest.fixture(scope="module")
def fitted(make_sample):
    methodology, sample = make_sample(estimators=("wlsmv", "mlr", "ml"), models=OWN)
    result = fit_confirmatory(sample, methodology)
    assert isinstance(result, ConfirmatoryModels)
    return result


def read_status(result, model, estimator):
    row = result.models.set_index(["model", "estimator"]).loc[model, estimator]
    return row["status"], row["detail"]


def test_every_model_has_a_row_by_every_estimator(fitted):
    keys = ["one_factor", "correlated", "second_order", "bifactor", "freer", "four", "too_free"]
    assert fitted.models["model"].tolist() == keys * 3
    assert fitted.main == "wlsmv"
    assert (fitted.n, fitted.n_centres, fitted.uninformative) == (600, 60, False)
    assert read_status(fitted, "correlated", "wlsmv") == ("ok", "")
    assert read_status(fitted, "second_order", "wlsmv") == ("unidentified", "few_groups")


def test_an_unidentified_model_is_a_row_with_the_parameters(fitted):
    status, detail = read_status(fitted, "too_free", "ml")
    assert status == "unidentified"
    assert "f" in detail
    assert "too_free" not in set(fitted.parameters["model"]) | set(fitted.fit["model"])


def test_fit_equals_that_of_lavaan(fitted, model_folder):
    wanted = pd.read_csv(model_folder / "fit.csv").set_index(["case", "statistic"])["value"]
    found = fitted.fit.set_index(["model", "estimator", "statistic"])["value"]
    for model, case in (("one_factor", "wlsmv_one"), ("correlated", "wlsmv")):
        for ours, theirs in (("chi2", "chisq"), ("df", "df"), ("cfi", "cfi"), ("srmr", "srmr")):
            value = found[model, "wlsmv", ours]
            assert value == pytest.approx(wanted[case, theirs], rel=ITERATIVE), (model, ours)


def test_a_statistic_that_is_not_defined_is_absent(fitted):
    told = fitted.fit.groupby("estimator")["statistic"].agg(set)
    assert "aic" in told["ml"]
    assert "aic" not in told["wlsmv"]
    assert "chi2_scaled" not in told["ml"]
    assert fitted.fit["value"].notna().all()


def test_parameters_have_intervals_and_fixed_ones_none(fitted):
    frame = fitted.parameters
    free = frame[frame["free"]]
    assert (free["ci_low"] < free["estimate"]).all()
    assert free["z"].to_numpy() == pytest.approx((free["estimate"] / free["std_error"]).to_numpy())
    assert (
        frame.loc[~frame["free"], ["std_error", "z", "p", "ci_low", "ci_high"]]
        .isna()
        .all(axis=None)
    )


def test_models_are_compared_where_they_are_nested(fitted, model_folder):
    pairs = set(zip(fitted.nested["model"], fitted.nested["other"], strict=True))
    assert ("one_factor", "correlated") in pairs
    assert ("correlated", "freer") in pairs, "found by what it implies"
    assert ("one_factor", "freer") in pairs
    assert not {pair for pair in pairs if "four" in pair}, "other indicators"
    assert ("correlated", "bifactor") not in pairs
    wanted = pd.read_csv(model_folder / "nested.csv", index_col="case")
    row = fitted.nested[
        (fitted.nested["model"] == "one_factor")
        & (fitted.nested["other"] == "correlated")
        & (fitted.nested["estimator"] == "wlsmv")
    ].iloc[0]
    assert row["chi2"] == pytest.approx(wanted.loc["satorra_2000", "chi2"], rel=ITERATIVE)


def test_residuals_are_those_of_correlations(fitted, model_folder):
    wanted = pd.read_csv(model_folder / "residuals.csv")
    wanted = wanted[wanted["case"] == "wlsmv"]
    own = fitted.residuals
    own = own[(own["model"] == "correlated") & (own["estimator"] == "wlsmv")]
    both = own.merge(wanted, on=["indicator", "other"], suffixes=("", "_lavaan"))
    assert len(both) == 28
    assert both["residual"].to_numpy() == pytest.approx(
        both["residual_lavaan"].to_numpy(), abs=ITERATIVE
    )
    assert own["residual"].to_numpy() == pytest.approx(
        (own["observed"] - own["implied"]).to_numpy()
    )


def test_mean_scores_of_centres_average_to_those_of_the_country(fitted, ordinal_answers):
    means = fitted.scores.groupby(["estimator", "model", "method", "factor"])["estimate"].mean()
    assert means["ml", "correlated"].to_numpy() == pytest.approx(0, abs=1e-9), "centres equal in n"
    assert means["wlsmv", "correlated"].to_numpy() == pytest.approx(0, abs=1e-4), "thresholds"
    assert fitted.scores["centre"].nunique() == ordinal_answers["centre"].nunique()


def test_answers_of_a_centre_are_means_of_latent_responses(make_sample):
    methodology, sample = make_sample()
    thresholds = sample.moments["polychoric"].thresholds[0]
    expected = expect_latent_responses(thresholds)
    assert expected[0] < thresholds[0] < expected[1] < thresholds[1] < expected[2] < expected[3]
    spec = build_standard_models(methodology)["one_factor"]
    attempt = attempt_fit("one_factor", spec, sample.moments, "wlsmv")
    answers = compute_centre_answers(attempt.fit, sample.counts, methodology)
    margin = sample.counts.margins[0, 0, 1:]
    assert answers[0, 0] == pytest.approx((margin * expected).sum() / margin.sum())


def test_modification_indices_are_at_most_twenty_a_model(fitted):
    sizes = fitted.modifications.groupby(["estimator", "model"]).size()
    assert sizes.max() == 20
    assert fitted.modifications["mi"].min() >= 0


def test_the_result_is_told_as_a_tidy_table(fitted):
    tidy = fitted.tidy()
    assert len(tidy) == len(fitted.fit) + len(fitted.parameters)


def test_fewer_centres_than_parameters_refuse_what_is_robust_to_centres(make_sample):
    methodology, sample = make_sample(estimators=("mlr", "ml"))
    own = sample.moments["pearson"]
    few = replace(own, centres=own.centres[:15], influence=own.influence[:15])
    result = fit_confirmatory(
        replace(sample, moments={**sample.moments, "pearson": few}), methodology
    )
    assert read_status(result, "correlated", "mlr") == ("too_few_centres", "15/17")
    assert read_status(result, "correlated", "ml")[0] == "ok"
    assert set(result.parameters["estimator"]) == {"ml"}


def test_identical_indicators_are_a_status(make_sample, ordinal_answers):
    methodology, sample = make_sample(
        answers=ordinal_answers.assign(a2=ordinal_answers["a1"]), estimators=("ml",)
    )
    result = fit_confirmatory(sample, methodology)
    assert read_status(result, "correlated", "ml") == ("inadmissible", "a1, a2")
    assert result.parameters.empty
    assert result.tidy().empty


def test_a_model_that_cannot_be_read_names_its_key(make_sample):
    own = ({"key": "mine", "name": NAME, "syntax": "f =~ a1 + a22"},)
    methodology, sample = make_sample(models=own)
    with pytest.raises(ModelSyntaxError, match=r"mine: .*read 'a22'.*did you mean 'a2'"):
        fit_confirmatory(sample, methodology)


def test_two_indicators_have_no_factor_model(make_methodology):
    methodology = make_methodology({"one": ["a", "b"]})
    found = fit_confirmatory(None, methodology)
    assert found == Unavailable(stage="factors", reason="too_few_indicators", detail="2")


def test_many_respondents_make_chi_square_uninformative(make_sample):
    methodology, sample = make_sample(estimators=("ml",))
    own = sample.moments["pearson"]
    moments = {"pearson": replace(own, n=200_000.0), "polychoric": replace(own, n=200_000.0)}
    assert fit_confirmatory(replace(sample, moments=moments), methodology).uninformative


def test_an_answer_that_nobody_gave_is_no_obstacle(make_sample, ordinal_answers):
    answers = ordinal_answers.assign(a1=ordinal_answers["a1"].replace(2, 3))
    methodology, sample = make_sample(answers=answers, estimators=("wlsmv",))
    own = estimate_moments(sample.counts, methodology, "polychoric")
    assert len(own.thresholds[0]) == 2
    result = fit_confirmatory(
        replace(sample, moments={**sample.moments, "polychoric": own}), methodology
    )
    assert read_status(result, "correlated", "wlsmv") == ("ok", "")
    means = result.scores.groupby(["model", "method", "factor"])["estimate"].mean()
    assert means["correlated"].to_numpy() == pytest.approx(0, abs=1e-4)


def test_centres_as_clusters_change_errors_and_not_estimates(make_sample, fitted):
    methodology, sample = make_sample(estimators=("wlsmv",))
    own = estimate_moments(sample.counts, methodology, "polychoric")
    assert len(own.centres) == 60
    result = fit_confirmatory(
        replace(sample, moments={**sample.moments, "polychoric": own}), methodology
    )
    keys = ["model", "estimator", "lhs", "op", "rhs"]
    both = result.parameters.merge(fitted.parameters, on=keys, suffixes=("", "_persons"))
    both = both[(both["model"] == "correlated") & both["free"]]
    # the weights of diagonally weighted least squares are variances, which clusters change
    gap = (both["estimate"] - both["estimate_persons"]).abs().max()
    assert 0 < gap < 0.02
    ratio = both["std_error"] / both["std_error_persons"]
    assert ratio.between(0.6, 1.6).all()
    assert ratio.std() > 0.01
