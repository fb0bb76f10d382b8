"""Reliability of centres: lme4, metafor, psych, multilevel, closed forms, refusals."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.stats import chi2

from clientindex.factors.levels.components import LevelCovariances
from clientindex.reliability.centres import assess_centres
from clientindex.reliability.centres.generalizability import compute_components, compute_decision
from clientindex.reliability.centres.jackknife import (
    Strata,
    compute_jackknife_error,
    make_bounded_interval,
)
from clientindex.reliability.centres.one_way import compute_deviance, fit_anova, fit_reml
from clientindex.reliability.centres.scores import CentreScores
from clientindex.reliability.centres.two_level import bend
from clientindex.reliability.scopes import list_scopes
from clientindex.results import load_result, save_result

GROUPS = ["a", "b", "c"]
CLOSED_FORM = 1e-6
ITERATIVE = 1e-4


@pytest.fixture(scope="session")
def of_r(reliability_folder):
    table = pd.read_csv(reliability_folder / "centres.csv")
    return table.set_index(["data", "statistic"])["value"]


@pytest.fixture(scope="module")
def assess(make_letters, count_letters):
    """Return a function that assesses answers with a methodology."""

    def assess(answers, methodology=None):
        settings = methodology or make_letters()
        counts, strata = count_letters(answers, settings)
        return assess_centres(list_scopes(counts, settings, strata), settings)

    return assess


@pytest.fixture(scope="module")
def found(assess, reliability_answers):
    return assess(reliability_answers)


@pytest.fixture(scope="module")
def balanced(assess, reliability_answers):
    return assess(reliability_answers.groupby("centre").head(5))


def pick(frame, **values):
    chosen = frame
    for name, value in ({"kind": "all"} | values).items():
        chosen = chosen[chosen[name] == value]
    assert len(chosen) == 1
    return chosen.iloc[0]


def component(found, group, method, name):
    return pick(found.components, group=group, method=method, component=name)


def coefficient(found, group, method, name):
    return pick(found.coefficients, group=group, method=method, statistic=name)


@pytest.mark.parametrize("group", GROUPS)
def test_components_by_moments_are_those_of_aov(found, of_r, group):
    size = coefficient(found, group, "anova", "icc1")["mean_size"]
    within = of_r[group, "mean_square_within"]
    between = (of_r[group, "mean_square_between"] - within) / of_r[group, "mean_size"]
    assert size == pytest.approx(of_r[group, "mean_size"], abs=CLOSED_FORM)
    assert component(found, group, "anova", "respondent")["estimate"] == pytest.approx(within)
    assert component(found, group, "anova", "centre")["estimate"] == pytest.approx(between)


@pytest.mark.parametrize("group", GROUPS)
def test_icc_by_moments_is_that_of_multilevel_with_the_size_that_unequal_centres_have(
    found, of_r, group
):
    """multilevel::ICC1 puts the arithmetic mean size where ANOVA has n0; ICC2 needs no size."""
    icc2 = coefficient(found, group, "anova", "icc2")["estimate"]
    icc1 = coefficient(found, group, "anova", "icc1")
    f = 1 / (1 - icc2)
    assert icc2 == pytest.approx(of_r[group, "multilevel_icc2"], abs=CLOSED_FORM)
    assert icc1["estimate"] == pytest.approx((f - 1) / (f - 1 + icc1["mean_size"]))
    arithmetic = icc1["n"] / icc1["n_centres"]
    assert (f - 1) / (f - 1 + arithmetic) == pytest.approx(of_r[group, "multilevel_icc1"])
    assert icc1["estimate"] > of_r[group, "multilevel_icc1"]


@pytest.mark.parametrize("group", GROUPS)
@pytest.mark.parametrize(
    ("method", "name", "reference"),
    [
        ("reml", "respondent", "reml_within"),
        ("reml", "centre", "reml_between"),
        ("regions", "respondent", "nested_within"),
        ("regions", "centre", "nested_centre"),
        ("regions", "region", "nested_region"),
    ],
)
def test_restricted_likelihood_is_that_of_lme4(found, of_r, group, method, name, reference):
    row = component(found, group, method, name)
    assert row["estimate"] == pytest.approx(of_r[group, reference], rel=ITERATIVE)
    assert row["ci_low"] <= row["estimate"] <= row["ci_high"]


@pytest.mark.parametrize("group", GROUPS)
@pytest.mark.parametrize("name", ["icc1", "icc2"])
def test_wald_interval_of_equal_centres_is_that_of_shrout_and_fleiss(balanced, of_r, group, name):
    row = coefficient(balanced, group, "anova", name)
    assert row["estimate"] == pytest.approx(of_r[group, f"balanced_{name}"], abs=CLOSED_FORM)
    assert row["ci_low"] == pytest.approx(of_r[group, f"balanced_{name}_low"], abs=CLOSED_FORM)
    assert row["ci_high"] == pytest.approx(of_r[group, f"balanced_{name}_high"], abs=CLOSED_FORM)


def make_scores(answers, group, *, df=None):
    """Scores of centres from single answers."""
    keys = [key for key in answers if key[0] == group and len(key) == 2]
    points = 25 * (answers[keys] - 1)
    points = points.assign(**{key: 100 - points[key] for key in keys if key == "a3"})
    by_centre = points.mean(axis=1).groupby(answers["centre"])
    n = by_centre.size().to_numpy(float)
    variance = by_centre.var().to_numpy()
    within = float(((n - 1) * variance).sum() / (n - 1).sum())
    return CentreScores(
        rows=np.arange(len(n)),
        mean=by_centre.mean().to_numpy(),
        respondents=n,
        n=n,
        error=variance / n,
        own=np.ones(len(n), dtype=bool),
        within=within,
        df=df or float((n - 1).sum()),
        within_left_out=np.full(len(n), within),
    )


@pytest.mark.parametrize("group", GROUPS)
def test_intervals_with_a_known_variance_inside_centres_are_those_of_metafor(
    reliability_answers, of_r, group
):
    """Meta-analysis knows the sampling variances: here, degrees of freedom without end."""
    scores = make_scores(reliability_answers, group, df=1e9)
    wald = fit_anova(scores, 0.95)
    profile = fit_reml(replace(scores, df=1e7), 0.95)
    for end, reference in ((wald.low, "q_low"), (wald.high, "q_high")):
        assert end * scores.within == pytest.approx(of_r[group, reference], rel=1e-6)
    for end, reference in ((profile.low, "profile_low"), (profile.high, "profile_high")):
        assert end * profile.within == pytest.approx(of_r[group, reference], rel=ITERATIVE)
    assert profile.between == pytest.approx(of_r[group, "meta_reml"], rel=1e-3)


@pytest.mark.parametrize("group", ["b", "c"])
def test_generalizability_of_balanced_data_is_that_of_lme4(balanced, of_r, group):
    for name, reference in (
        ("centre", "g_centre"),
        ("indicator", "g_item"),
        ("centre_indicator", "g_centre_item"),
        ("respondent", "g_respondent"),
        ("residual", "g_residual"),
    ):
        row = pick(balanced.generalizability, group=group, component=name)
        assert row["estimate"] == pytest.approx(of_r[group, reference], rel=ITERATIVE)


def test_generalizability_may_be_negative_where_a_likelihood_stops_at_zero(balanced, of_r):
    assert of_r["a", "g_centre_item"] < 1e-9
    row = pick(balanced.generalizability, group="a", component="centre_indicator")
    assert row["estimate"] < 0
    assert row["ci_low"] == row["estimate"]


@pytest.mark.parametrize("group", GROUPS)
@pytest.mark.parametrize("name", ["alpha_within", "omega_within", "alpha_between"])
def test_coefficients_of_the_levels_are_those_of_psych(found, of_r, group, name):
    row = coefficient(found, group, "jackknife", name)
    assert row["estimate"] == pytest.approx(of_r[group, name], abs=CLOSED_FORM)
    assert row["ci_low"] < row["estimate"] < row["ci_high"]
    assert row["bent"] == (name == "alpha_between")


def test_covariances_of_possible_data_are_not_bent():
    cov = np.array([[[2.0, 1.0], [1.0, 2.0]], [[1.0, 2.0], [2.0, 1.0]]])
    bent, needed = bend(cov)
    assert list(needed) == [False, True]
    np.testing.assert_array_equal(bent[0], cov[0])
    np.testing.assert_allclose(np.linalg.eigvalsh(bent[1]), [3e-4, 3.0])


def test_reliability_of_a_centre_is_tau_over_tau_and_its_own_error(
    found, of_r, reliability_answers
):
    scores = make_scores(reliability_answers, "b")
    rows = found.centres[(found.centres["kind"] == "all") & (found.centres["group"] == "b")]
    tau = of_r["b", "reml_between"]
    np.testing.assert_allclose(rows["score"], scores.mean)
    np.testing.assert_allclose(rows["error"], scores.error)
    np.testing.assert_allclose(rows["estimate"], tau / (tau + scores.error), rtol=ITERATIVE)
    assert rows["own"].all()
    average = coefficient(found, "b", "reml", "mean_reliability")["estimate"]
    assert average == pytest.approx(rows["estimate"].mean())
    for level in (0.6, 0.7, 0.8):
        row = pick(found.answers, group="b", level=level)
        assert row["share"] == pytest.approx((rows["estimate"] >= level).mean())
        assert row["share_low"] <= row["share"] <= row["share_high"]


@pytest.mark.parametrize("group", GROUPS)
def test_answers_needed_step_up_to_the_level_asked_for(found, of_r, group):
    """Spearman and Brown: the reliability of n answers from that of one."""
    tau, within = of_r[group, "reml_between"], of_r[group, "reml_within"]
    for level in (0.6, 0.7, 0.8):
        n = pick(found.answers, group=group, level=level)["estimate"]
        one = tau / (tau + within)
        assert n * one / (1 + (n - 1) * one) == pytest.approx(level, rel=ITERATIVE)


def test_design_effect_is_kishs(found):
    icc = coefficient(found, "c", "reml", "icc1")
    effect = coefficient(found, "c", "reml", "design_effect")
    assert effect["estimate"] == pytest.approx(1 + (icc["mean_size"] - 1) * icc["estimate"])


def test_with_the_listed_indicators_a_decision_study_gives_the_reliability_of_centre_means():
    """For parallel indicators the fixed coefficient is tau over tau plus sampling variance."""
    levels = LevelCovariances(
        within=np.full((1, 4, 4), 3.0) + 2.0 * np.eye(4),
        between=np.full((1, 4, 4), 1.0) + 0.5 * np.eye(4),
        size=np.full((1, 4, 4), 10.0),
    )
    means = np.array([[1.0, 2.0, 3.0, 4.0]])
    found = compute_components(levels, means, np.array([[100.0], [1000.0]]))
    assert {name: float(value[0]) for name, value in found.items()} == pytest.approx(
        {
            "centre": 1.0,
            "indicator": 5 / 3 - 0.5 * 0.1 - 2 / 100,
            "centre_indicator": 0.5,
            "respondent": 3.0,
            "residual": 2.0,
        }
    )
    tau, within = levels.between.sum() / 16, levels.within.sum() / 16
    decision = compute_decision(found, np.array([4.0]), np.array([20.0]))
    assert decision["fixed"][0, 0] == pytest.approx(tau / (tau + within / 20))
    noise = 0.5 / 4 + 3 / 20 + 2 / 80
    assert decision["relative"][0, 0] == pytest.approx(1 / (1 + noise))
    assert decision["absolute"][0, 0] == pytest.approx(
        1 / (1 + noise + float(found["indicator"][0]) / 4)
    )


def test_curves_rise_and_pass_through_the_minimum_sample(found):
    for facet in ("respondents", "indicators"):
        curve = found.curves[(found.curves["group"] == "c") & (found.curves["facet"] == facet)]
        for _, part in curve[curve["kind"] == "all"].groupby("statistic"):
            assert part["estimate"].is_monotonic_increasing
            assert (part["ci_low"] <= part["estimate"]).all()
    chosen = found.curves[found.curves["respondents"] == found.minimum_sample]
    same = chosen[(chosen["indicators"] == 6) & (chosen["group"] == "c")]
    for kind, part in same[same["statistic"] == "absolute"].groupby("kind"):
        assert part["estimate"].to_numpy()[0] == part["estimate"].to_numpy()[-1], kind


def test_leaving_out_centres_gives_the_error_of_a_mean_of_strata():
    """The textbook error: sum of m s^2 over strata, by C^2."""
    rng = np.random.default_rng(4)
    values, codes = rng.normal(size=12), np.repeat([0, 1, 2], 4)
    total = values.sum()
    left_out = (total - values) / 11
    spread = [((part - part.mean()) ** 2).sum() for part in np.split(values, 3)]
    strata = Strata(codes=codes)
    expected = np.sqrt(4 / 3 * sum(spread)) / 12
    assert compute_jackknife_error(left_out, strata) == pytest.approx(expected)
    assert strata.df == 9


def test_interval_of_a_coefficient_stays_below_one():
    left_out = np.array([0.97, 0.99, 0.95, 0.985])
    error, low, high = make_bounded_interval(
        np.asarray(0.98), left_out, Strata(codes=np.zeros(4, dtype=int)), 0.95
    )
    assert low < 0.98 < high < 1
    assert error > 0


def test_segments_make_a_weighted_score_with_their_errors_added(
    assess, make_letters, reliability_answers
):
    """As the rating: half of citizens' score and half of employers', whoever is more."""
    segment = np.where(np.arange(600) % 3 == 0, "employers", "citizens")
    answers = reliability_answers.assign(segment=segment)
    methodology = make_letters(segments=("citizens", "employers"))
    found = assess(answers, methodology)
    keys = ["b1", "b2", "b3", "b4"]
    points = (25 * (answers[keys] - 1)).mean(axis=1)
    cells = points.groupby([answers["centre"], segment]).agg(["mean", "var", "size"])
    cells = cells.unstack()  # noqa: PD010 - one row a centre
    rows = found.centres[(found.centres["kind"] == "all") & (found.centres["group"] == "b")]
    both = cells["mean"].notna().all(axis=1).to_numpy()
    score = cells["mean"].mean(axis=1)
    np.testing.assert_allclose(rows["score"], score)
    own = ((cells["size"] > 1) & (cells["var"] > 0)).all(axis=1).to_numpy() & both
    error = (cells["var"] / cells["size"]).sum(axis=1) / 4
    np.testing.assert_allclose(rows["error"][own], error[own])
    assert (rows["own"].to_numpy()[both] == own[both]).all()
    assert set(found.centres["kind"]) == {"all", "segment"}


def test_every_part_of_the_data_has_its_rows(found):
    assert set(found.components["kind"]) == {"all", "region"}
    assert not found.components.duplicated(["kind", "part", "group", "method", "component"]).any()
    assert found.components["ci_low"].notna().all()
    region = found.coefficients[found.coefficients["kind"] == "region"]
    assert set(region["part"]) == {"r0", "r1", "r2", "r3", "r4"}


def make_answers(centres, sizes, seed=3, *, spread=0.0):
    """Answers to b1-b4 of centres that differ by `spread`."""
    rng = np.random.default_rng(seed)
    code = np.repeat(np.arange(centres), sizes)
    level = 3 + spread * rng.standard_normal(centres)[code]
    latent = level + rng.standard_normal(len(code))
    found = {
        f"b{item + 1}": np.clip(np.rint(latent + 0.7 * rng.standard_normal(len(code))), 1, 5)
        for item in range(4)
    }
    places = {"centre": [f"c{k:02d}" for k in code], "region": [f"r{k % 2}" for k in code]}
    return pd.DataFrame(places | {key: value.astype(int) for key, value in found.items()})


@pytest.fixture(scope="module")
def four(make_letters):
    return make_letters({"b": ["b1", "b2", "b3", "b4"]}, reversed_keys=())


def test_equal_centres_have_no_reliability_and_no_number_of_answers_is_enough(assess, four):
    one = make_answers(1, 12)
    same = [one.assign(centre=f"c{k}", region=f"r{k % 2}") for k in range(6)]
    found = assess(pd.concat(same, ignore_index=True), four)
    assert component(found, "b", "reml", "centre")["estimate"] == 0
    assert component(found, "b", "anova", "centre")["estimate"] < 0
    assert coefficient(found, "b", "reml", "icc1")["estimate"] == 0
    rows = found.centres[found.centres["group"] == "b"]
    assert (rows["estimate"] == 0).all()
    answers = found.answers[(found.answers["group"] == "b") & (found.answers["kind"] == "all")]
    assert np.isinf(answers["estimate"]).all()
    assert (answers["share"] == 0).all()
    reasons = found.left_out[found.left_out["kind"] == "all"]
    assert "no_between_variance" in set(reasons["reason"])


def test_a_centre_with_one_answer_takes_the_variance_of_the_others(assess, four):
    answers = make_answers(8, [1, 10, 10, 10, 10, 10, 10, 10], spread=0.8)
    found = assess(answers, four)
    rows = found.centres[(found.centres["group"] == "b") & (found.centres["kind"] == "all")]
    single = rows[rows["centre"] == "c00"].iloc[0]
    pooled = component(found, "b", "anova", "respondent")["estimate"]
    assert not single["own"]
    assert single["error"] == pytest.approx(pooled)
    assert 0 < single["estimate"] < rows["estimate"].max()


def test_answers_that_never_differ_inside_centres_are_refused(assess, four):
    answers = make_answers(6, 5, spread=1.0)
    flat = answers.groupby("centre")[["b1", "b2", "b3", "b4"]].transform("first")
    found = assess(answers.assign(**flat), four)
    assert not len(found.components)
    assert set(found.left_out["reason"]) >= {"zero_variance"}


def test_one_centre_is_refused(assess, four):
    found = assess(make_answers(1, 30), four)
    assert list(found.left_out["reason"].unique()) == ["one_centre"]
    assert not len(found.centres)


def test_small_groups_keep_what_needs_no_covariance(assess, make_letters, reliability_answers):
    methodology = make_letters({"a": ["a1"], "b": ["b1", "b2"]}, reversed_keys=())
    found = assess(reliability_answers, methodology)
    reasons = found.left_out[found.left_out["kind"] == "all"].set_index(["group", "statistic"])
    assert reasons.loc[("a", "levels"), "reason"] == "one_indicator"
    assert reasons.loc[("b", "omega_between"), "reason"] == "two_indicators"
    assert coefficient(found, "a", "reml", "icc1")["estimate"] > 0
    assert coefficient(found, "b", "jackknife", "alpha_within")["estimate"] > 0.5


def test_one_region_has_no_component_of_regions(assess, four):
    answers = make_answers(8, 10, spread=0.5).assign(region="r0")
    found = assess(answers, four)
    assert "regions" not in set(found.components["method"])
    assert "one_region" in set(found.left_out["reason"])
    each = assess(answers.assign(region=answers["centre"]), four)
    assert "one_centre_a_region" in set(each.left_out["reason"])


def test_profile_interval_holds_what_the_likelihood_does_not_reject(reliability_answers):
    scores = make_scores(reliability_answers, "c")
    fit = fit_reml(scores, 0.95)
    lowest = compute_deviance(scores, fit.ratio)[0]
    for end in (fit.low, fit.high):
        rise = compute_deviance(scores, end)[0] - lowest
        assert rise == pytest.approx(chi2.ppf(0.95, 1), abs=1e-6)


def test_missing_answers_leave_centres_as_the_rating_has_them(assess, four):
    answers = make_answers(8, 12, spread=0.8).astype({f"b{k}": float for k in range(1, 5)})
    answers.loc[::7, "b2"] = np.nan
    found = assess(answers, four)
    rows = found.centres[(found.centres["group"] == "b") & (found.centres["kind"] == "all")]
    keys = ["b1", "b2", "b3", "b4"]
    means = (25 * (answers[keys] - 1)).groupby(answers["centre"]).mean().mean(axis=1)
    np.testing.assert_allclose(rows["score"], means)


def test_a_result_that_was_saved_is_read_back_equal(found, tmp_path):
    save_result(found, tmp_path, name="centre_reliability")
    again = load_result(tmp_path, name="centre_reliability")
    pd.testing.assert_frame_equal(again.answers, found.answers)
    pd.testing.assert_frame_equal(again.tidy(), found.tidy())
    tidy = found.tidy()
    assert set(tidy["statistic"]) >= {"icc1", "variance_centre", "answers_for_0.7", "reliability"}
