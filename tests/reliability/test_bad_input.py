"""Data of which something cannot be told: there is a number, or a reason that names the group."""

import numpy as np
import pandas as pd
import pytest

from clientindex.errors import StatisticsError
from clientindex.reliability import assess
from clientindex.reliability.scopes import list_scopes
from clientindex.results import INDEX, Unavailable
from reliability.contract import find_silent, find_untold, list_frames

GROUPS = {"a": ["a1", "a2", "a5"], "b": ["b1", "b2", "b3"]}
KEYS = [key for members in GROUPS.values() for key in members]


@pytest.fixture(scope="module")
def answers(reliability_answers):
    """Answers of twenty centres of one region."""
    number = reliability_answers["centre"].str[1:].astype(int)
    return reliability_answers[number < 20].assign(region="r0", segment="citizens")


@pytest.fixture(scope="module")
def in_regions(answers):
    """Put the same centres into two regions."""
    return answers.assign(region="r" + (answers["centre"].str[1:].astype(int) % 2).astype(str))


@pytest.fixture(scope="module")
def run(make_letters, code_answers, count_letters):
    """Return a function that assesses answers and holds the result to its promises."""

    def run(frame, groups=None, **changes):
        frame = frame.reset_index(drop=True)
        methodology = make_letters(
            groups or GROUPS,
            reversed_keys=(),
            replicates=100,
            factors={"n_factors": 1},
            **changes,
        )
        counts, strata = count_letters(frame, methodology)
        found = assess(
            counts,
            methodology=methodology,
            strata=strata,
            seed=0,
            responses=code_answers(frame, methodology),
            no_answer=tell_reasons(frame, methodology),
        )
        assert find_silent(found) == []
        assert find_untold(found, list_scopes(counts, methodology, strata), methodology) == []
        for result in found.results().values():
            assert set(result.tidy()) >= {"subject", "estimate", "ci_low", "ci_high"}
        return found

    return run


def tell_reasons(frame, methodology):
    """Return how often each indicator was not answered."""
    keys = list(methodology.indicator_keys)
    n = frame[keys].isna().sum().to_numpy()
    return pd.DataFrame(
        {"segment": "citizens", "indicator": keys, "reason": "empty", "n": n, "n_asked": len(frame)}
    )


def reasons(result, *, kind="all", by=None, **chosen):
    """Return reason and detail by the statistic, solution or rule of which they speak."""
    frame = result.left_out[result.left_out["kind"] == kind]
    for column, value in chosen.items():
        frame = frame[frame[column] == value]
    key = by or ("solution" if "solution" in frame else "statistic")
    return dict(zip(frame[key], zip(frame["reason"], frame["detail"], strict=True), strict=True))


def pick(frame, **values):
    for name, value in ({"kind": "all"} | values).items():
        frame = frame[frame[name] == value]
    return frame


def test_ordinary_answers_need_no_excuse(run, in_regions):
    found = run(in_regions)
    for result in (found.consistency, found.item_analysis, found.centre_reliability):
        assert not len(result.left_out[result.left_out["kind"] == "all"])


def test_groups_of_one_and_two_indicators(run, answers):
    groups = {"one": ["a1"], "two": ["b1", "b2"], "three": ["c1", "c2", "c3"]}
    found = run(answers, groups)
    assert reasons(found.consistency, group="one") == {"": ("one_indicator", "a1")}
    assert reasons(found.consistency, group="two")["omega_total"] == ("two_indicators", "")
    assert reasons(found.item_analysis, group="one") == {"": ("one_indicator", "a1")}
    assert reasons(found.item_analysis, group="two") == {"alpha_if_dropped": ("two_indicators", "")}
    assert reasons(found.centre_reliability, group="one")["levels"] == ("one_indicator", "")
    assert reasons(found.indicator_sets, group="one")[""] == ("one_indicator", "a1")
    assert reasons(found.indicator_sets, group="two")["alpha"] == ("one_indicator", "b1, b2")
    spearman_brown = pick(found.consistency.frame, group="two", statistic="standardised_alpha")
    r = answers["b1"].corr(answers["b2"])
    assert spearman_brown["estimate"].iloc[0] == pytest.approx(2 * r / (1 + r), abs=1e-9)
    assert len(pick(found.centre_reliability.coefficients, group="one", statistic="icc1")) == 2


def test_nothing_but_a_pair_of_indicators(run, answers):
    found = run(answers, {"two": ["a1", "a2"]})
    assert reasons(found.omegas)["correlated"] == ("model_absent", "")
    assert set(pick(found.consistency.frame, statistic="alpha")["group"]) == {"two", INDEX}


def test_nothing_but_one_indicator(run, answers):
    found = run(answers, {"one": ["a1"]})
    assert found.consistency.frame.empty
    assert {row[0] for row in reasons(found.consistency, by="group").values()} == {"one_indicator"}
    mean = pick(found.item_analysis.items, statistic="mean")["estimate"].iloc[0]
    assert mean == pytest.approx(answers["a1"].mean())
    assert len(pick(found.centre_reliability.coefficients, group=INDEX, statistic="icc1")) == 2


def test_an_indicator_without_variance(run, in_regions):
    found = run(in_regions.assign(b2=4))
    for group in ("b", INDEX):
        assert reasons(found.consistency, group=group) == {"": ("zero_variance", "b2")}
        assert reasons(found.item_analysis, group=group)[""] == ("zero_variance", "b2")
    assert reasons(found.item_analysis, group="b")["skew"] == ("zero_variance", "b2")
    assert reasons(found.omegas)["correlated"] == ("zero_variance", "b2")
    assert reasons(found.answer_quality, by="rule", statistic="")["outlier"] == ("singular", "")
    effects = reasons(found.answer_quality, statistic="alpha", group="b")
    assert effects["alpha"] == ("zero_variance", "b2")
    assert len(pick(found.consistency.frame, group="a", statistic="alpha")) == 3
    assert pick(found.item_analysis.items, indicator="b2", statistic="sd")["estimate"].iloc[0] == 0


def test_no_answer_differs_from_any_other(run, answers):
    found = run(answers.assign(**dict.fromkeys(KEYS, 4)))
    assert not len(found.consistency.frame)
    assert reasons(found.consistency, group="a") == {"": ("zero_variance", "a1, a2, a5")}
    assert reasons(found.centre_reliability, group="a")[""] == ("zero_variance", "")
    assert reasons(found.answer_quality, by="rule")["person_total"] == ("not_applicable", "")
    assert not len(found.indicator_sets.subsets)


def test_one_indicator_is_the_copy_of_another(run, answers):
    found = run(answers.assign(b2=answers["b1"]))
    lacking = reasons(found.consistency, group="b")
    assert {lacking[name][0] for name in ("lambda_6", "greatest_lower_bound", "omega_total")} == {
        "singular"
    }
    assert lacking["green_yang"] == ("identical_indicators", "")
    assert reasons(found.item_analysis, group="b")["item_total_corrected"] == ("singular", "")
    assert reasons(found.omegas)["bifactor"] == ("identical_indicators", "b1, b2")
    assert reasons(found.answer_quality, by="rule")["outlier"] == ("singular", "")
    assert reasons(found.indicator_sets, group="b", statistic="omega_total")
    pair = pick(found.indicator_sets.subsets, group="b", size=2, best_by="alpha")
    assert pair["indicators"].iloc[0] == "b1, b2"
    assert pair["estimate"].iloc[0] == pytest.approx(1.0)
    assert reasons(found.indicator_sets, group="b")["alpha"][0] == "unstable_resampling"


def test_polychoric_correlations_of_no_data(run, answers):
    """Pearson's are regular; answers that follow from two others make the others not."""
    sums = np.clip(answers["b1"] + answers["b2"] - 3, 1, 5)
    found = run(answers.assign(b3=sums))
    lacking = reasons(found.consistency, group="b")
    assert lacking["green_yang"] == ("not_positive_definite", "")
    assert lacking["latent_omega"] == ("not_positive_definite", "")
    assert len(pick(found.consistency.frame, group="b", statistic="omega_total"))


def test_answers_of_a_group_always_add_up_to_the_same(run, answers):
    groups = {"a": GROUPS["a"], "b": ["b1", "b2"]}
    found = run(answers.assign(b2=6 - answers["b1"]), groups)
    assert reasons(found.consistency, group="b")["alpha"] == ("no_total_variance", "")
    assert reasons(found.item_analysis, group="b")["item_total"] == ("no_total_variance", "")
    rest = pick(found.item_analysis.relations, group="b", statistic="item_rest")
    assert list(rest["estimate"]) == pytest.approx([-1.0, -1.0])
    assert reasons(found.centre_reliability, group="b")[""] == ("zero_variance", "")
    assert reasons(found.indicator_sets, group="b")["centre_reliability"][0] == "not_defined"


def test_negative_alpha_is_told_with_its_interval_and_the_indicator_is_named(run, answers):
    found = run(answers, {"a": GROUPS["a"], "n": ["b1", "a3"]})
    row = pick(found.consistency.frame, group="n", statistic="alpha", method="bootstrap").iloc[0]
    assert row["ci_low"] < row["estimate"] < row["ci_high"] < 0
    against = pick(found.item_analysis.against_key, group="n")
    assert list(against["indicator"]) == ["b1", "a3"]
    assert against["sure"].all()
    assert (against["ci_low"] <= against["estimate"]).all()
    assert (against["estimate"] <= against["ci_high"]).all()


def test_a_heywood_case_is_named(run, answers):
    """The three correlations ask for a communality above 1, which no factor has."""
    rng = np.random.default_rng(2)
    trait, one, two = rng.standard_normal((3, len(answers)))
    latent = [trait, 0.7 * trait + 0.7 * one, 0.7 * trait - 0.3 * one + 0.65 * two]
    coded = np.searchsorted([-1, 0, 1], latent) + 1
    frame = answers.assign(**dict(zip(GROUPS["a"], coded, strict=True)))
    r = frame[GROUPS["a"]].corr().to_numpy()
    assert r[0, 1] * r[0, 2] / r[1, 2] > 1
    found = run(frame)
    assert list(pick(found.consistency.heywood, group="a")["indicator"]) == ["a1"]
    assert len(pick(found.consistency.frame, group="a", statistic="omega_total"))


def test_a_centre_with_one_answer(run, answers):
    first = answers["centre"] == "c00"
    frame = answers[~first | ~first.cumsum().gt(1)]
    assert (frame["centre"] == "c00").sum() == 1
    found = run(frame)
    row = pick(found.centre_reliability.centres, group="a", centre="c00").iloc[0]
    assert row["n"] == 1
    assert not row["own"]
    assert 0 < row["estimate"] < 1


def test_every_centre_has_one_answer(run, answers):
    found = run(answers.groupby("centre").head(1))
    for group in ("a", "b", INDEX):
        assert reasons(found.centre_reliability, group=group)[""] == ("too_few_answers", "")
    assert len(pick(found.consistency.frame, group="a", statistic="alpha")) == 3


def test_all_centres_are_equal(run, answers):
    one = answers[answers["centre"] == "c01"]
    same = [one.assign(centre=f"k{k}", region=f"r{k % 2}") for k in range(8)]
    found = run(pd.concat(same))
    centres = found.centre_reliability
    assert (pick(centres.components, method="reml", component="centre")["estimate"] == 0).all()
    assert (pick(centres.components, method="anova", component="centre")["estimate"] < 0).all()
    assert (pick(centres.coefficients, method="reml", statistic="icc2")["estimate"] == 0).all()
    assert np.isinf(pick(centres.answers)["estimate"]).all()
    assert reasons(centres, group="a")["answers"] == ("no_between_variance", "")
    assert reasons(centres, group="a")["icc2"] == ("no_between_variance", "")


def test_answers_inside_centres_are_equal(run, answers):
    flat = answers.groupby("centre")[KEYS].transform("first")
    found = run(answers.assign(**flat))
    assert reasons(found.centre_reliability, group="a")[""] == ("zero_variance", "")
    told = reasons(found.indicator_sets, group="a")
    assert told["centre_reliability"][0] == "not_defined"


def test_one_centre(run, answers):
    found = run(answers.assign(centre="c00", region="r0"))
    for name in ("consistency", "item_analysis", "centre_reliability", "indicator_sets"):
        result = found.results()[name]
        assert set(result.left_out["reason"]) == {"one_centre"}, name
        assert not any(len(frame) for frame in list_frames(result).values()), name
    assert reasons(found.answer_quality, rule="any", statistic="")[""] == ("one_centre", "")
    assert len(found.answer_quality.centres)


@pytest.mark.parametrize("regions", [["r0", "r0"], ["r0", "r1"]])
def test_two_centres(run, answers, regions):
    chosen = answers[answers["centre"].isin(["c05", "c07"])]
    frame = chosen.assign(region=np.where(chosen["centre"] == "c05", *regions))
    found = run(frame)
    assert reasons(found.centre_reliability, group="a")["levels"][0] == "unstable_resampling"
    assert reasons(found.indicator_sets, group="a")["centre_reliability"][0] == (
        "unstable_resampling"
    )
    assert len(pick(found.consistency.frame, group="a", statistic="alpha"))


def test_an_indicator_that_nobody_answered(run, answers):
    found = run(answers.astype(dict.fromkeys(KEYS, float)).assign(b2=np.nan))
    assert reasons(found.consistency, group="b") == {"": ("too_few_answers", "b2")}
    assert reasons(found.item_analysis, group="b")["mean"] == ("too_few_answers", "b2")
    row = pick(found.item_analysis.items, indicator="b2", statistic="missing").iloc[0]
    assert row["estimate"] == 1
    assert not len(pick(found.centre_reliability.centres, group="b"))


def test_two_indicators_that_nobody_answered_both(run, answers):
    frame = answers.astype(dict.fromkeys(KEYS, float)).reset_index(drop=True)
    frame.loc[::2, "b1"] = np.nan
    frame.loc[1::2, "b2"] = np.nan
    found = run(frame)
    reason, detail = reasons(found.consistency, group="b")[""]
    assert reason == "too_few_answers"
    assert set(detail.split(", ")) == {"b1", "b2"}
    assert len(pick(found.centre_reliability.coefficients, group="b", statistic="icc1")) == 2


def test_answers_of_one_indicator_in_one_centre_leave_an_unsteady_interval(run, answers):
    """A third of the resamples lack the centre, so an interval would be of the others alone."""
    frame = answers.astype(dict.fromkeys(KEYS, float))
    frame.loc[frame["centre"] != "c05", "b2"] = np.nan
    found = run(frame)
    assert len(pick(found.item_analysis.options, indicator="b2"))
    detail = reasons(found.consistency, group="b")
    assert set(detail) <= {"", *found.consistency.frame["statistic"]}


def test_answers_at_random(run, answers):
    """Nothing is measured: bounds of psychometrics hardly above 0, and intervals that hold them."""
    rng = np.random.default_rng(5)
    noise = {key: rng.integers(1, 6, len(answers)) for key in KEYS}
    found = run(answers.assign(**noise))
    alphas = pick(found.consistency.frame, statistic="alpha", method="bootstrap")
    assert (alphas["estimate"].abs() < 0.3).all()


def test_a_handful_of_respondents(run, answers):
    run(answers.iloc[[0, 1, 20, 21]])


def test_a_segment_of_two_respondents(make_letters, code_answers, count_letters, answers):
    few = answers.reset_index(drop=True)
    few = few.assign(segment=np.where(few.index < 2, "employers", "citizens"))
    methodology = make_letters(
        GROUPS, reversed_keys=(), replicates=100, segments=("citizens", "employers")
    )
    counts, strata = count_letters(few, methodology)
    responses = code_answers(few, methodology)
    found = assess(counts, methodology=methodology, strata=strata, responses=responses)
    assert find_silent(found) == []
    scopes = list_scopes(counts, methodology, strata)
    assert [(scope.kind, scope.part) for scope in scopes][:3] == [
        ("all", "all"),
        ("segment", "citizens"),
        ("segment", "employers"),
    ]
    assert find_untold(found, scopes, methodology) == []


def test_without_single_answers_their_quality_is_unavailable(make_letters, count_letters, answers):
    methodology = make_letters(GROUPS, reversed_keys=(), replicates=100)
    counts, strata = count_letters(answers, methodology)
    found = assess(counts, methodology=methodology, strata=strata)
    assert isinstance(found.answer_quality, Unavailable)
    assert (found.answer_quality.stage, found.answer_quality.reason) == (
        "reliability",
        "single_answers",
    )
    assert find_silent(found) == []


def test_a_centre_without_a_region_is_refused(make_letters, count_letters, answers):
    methodology = make_letters(GROUPS, reversed_keys=(), replicates=100)
    counts, strata = count_letters(answers, methodology)
    strata.pop("c07")
    with pytest.raises(StatisticsError, match="no region is known for centres c07; add them"):
        assess(counts, methodology=methodology, strata=strata)


def test_a_seed_that_is_not_one_integer_is_refused(make_letters, count_letters, answers):
    methodology = make_letters(GROUPS, reversed_keys=(), replicates=100)
    counts, strata = count_letters(answers, methodology)
    with pytest.raises(StatisticsError, match="one integer"):
        assess(
            counts,
            methodology=methodology,
            strata=strata,
            seed=np.random.SeedSequence([1, 2]),
        )
