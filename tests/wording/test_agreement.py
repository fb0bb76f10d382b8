"""Sentences about survey and checklist where something is lacking, or other than in the bundle."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from clientindex.results import Unavailable
from clientindex.results.bundle import RESULT_NAMES
from clientindex.wording import load_wording
from clientindex.wording.absence import STAGE_OF, explain_unavailable
from clientindex.wording.sentences import PARAGRAPHS
from clientindex.wording.sentences.rows import find_row, is_above, is_below
from presentation_agreement import make_agreement_results
from presentation_bundle import load_small_methodology, make_bundle

if TYPE_CHECKING:
    from clientindex.results import Result

RU, EN = load_wording("ru"), load_wording("en")
METHODOLOGY = load_small_methodology()
RESULTS = make_agreement_results(METHODOLOGY)


def take(name: str) -> Result:
    """Return a fresh copy of a result, so that no test changes another's."""
    return dataclasses.replace(RESULTS[name])


def say(paragraph, name="", wording=EN, /, **fields):
    """Say a paragraph of the bundle in which fields of the result `name` are changed."""
    changed = {name: dataclasses.replace(RESULTS[name], **fields)} if name else {}
    said = PARAGRAPHS[paragraph](make_bundle(results=RESULTS | changed), wording)
    return said.replace("\u00a0", " ")


def change(frame, labels, **columns):
    """Return a copy of a frame with columns of the rows with these labels changed."""
    chosen = pd.Series(data=True, index=frame.index)
    for name, label in labels.items():
        chosen &= frame[name] == label
    assert chosen.any()
    changed = frame.copy()
    for name, value in columns.items():
        changed[name] = changed[name].mask(chosen, value)
    return changed


def drop(frame, **labels):
    """Return a frame without the rows with these labels."""
    chosen = pd.Series(data=True, index=frame.index)
    for name, label in labels.items():
        chosen &= frame[name] == label
    assert chosen.any()
    return frame[~chosen].reset_index(drop=True)


def make_reason(statistic, reason, subject="index"):
    row = {"subject": subject, "statistic": statistic, "reason": reason, "detail": ""}
    return pd.DataFrame([row])


def test_every_result_belongs_to_a_stage():
    assert set(RESULT_NAMES) - {"coverage"} == set(STAGE_OF)
    assert {STAGE_OF[name] for name in RESULTS} == {"agreement"}


@pytest.mark.parametrize(
    ("detail", "expected"),
    [
        ("7/10", "too few centres with both sources (there are/needed): 7/10."),
        ("", "with both sources."),
    ],
)
def test_what_is_known_of_a_reason_is_told(detail, expected):
    result = Unavailable(stage="agreement", reason="too_few_centres", detail=detail)
    assert explain_unavailable(result, METHODOLOGY, wording=EN).endswith(expected)


def test_groups_that_say_nothing_are_named():
    result = Unavailable(stage="agreement", reason="constant_checklist", detail="effort, comfort")
    said = explain_unavailable(result, METHODOLOGY, wording=RU)
    assert said.endswith("одинаковы: Минимизация усилий, Внешний комфорт и удобство.")


class TestComparability:
    def test_all_centres_compared(self):
        result = take("comparability")
        said = say("comparability", "comparability", n=23, centres=result.centres.iloc[:0])
        assert said.startswith(
            "Both a survey and a checklist exist for all 23 centres of the register. No centre is"
        )
        said = say("comparability", "comparability", RU, n=21, n_shared=21, centres=result.centres)
        assert said.startswith("И опрос, и чек-лист есть у всех 21 центра реестра. Не сравниваются")

    def test_centres_without_any_data_are_counted_among_those_left_out(self):
        assert "neither answers of visitors nor" not in say("comparability")
        said = say("comparability", "comparability", n=28)
        assert "neither answers of visitors nor a checklist, 2 centres" in said

    def test_every_reason_has_words(self):
        reasons = ["survey_only", "checklist_only", "other_period", "not_applicable", "incomplete"]
        centres = pd.DataFrame({"reason": [reason for reason in reasons for _ in range(2)]})
        said = say("comparability", "comparability", RU, n=31, centres=centres)
        assert "чек-лист относится к другому периоду — 2 центра" in said
        assert said.count("2 центра") == 5

    @pytest.mark.parametrize(
        ("linking", "expected"),
        [("mean_sigma", "by mean and standard"), ("equipercentile", "by equal percentiles")],
    )
    def test_linked_scales_hide_inflation(self, linking, expected):
        said = say("comparability", "comparability", scales="linked", linking=linking)
        assert expected in said
        assert "inflation shared by all centres cannot be seen after it" in said
        assert "without it the mean difference" not in said

    def test_nothing_at_the_ends_and_no_straight_lines(self):
        shares = take("comparability").shares
        nothing = shares.assign(estimate=0.0)
        said = say("comparability", "comparability", shares=nothing)
        assert "Checklists reach the highest score in no group. There is no checklist in" in said
        said = say("comparability", "comparability", shares=shares.iloc[:0])
        assert said.endswith("would say nothing about bias.")

    def test_shares_that_are_not_known_are_marked(self):
        shares = take("comparability").shares
        shares = drop(drop(shares, side="survey"), statistic="straight_lined_highest")
        said = say("comparability", "comparability", shares=shares)
        assert "by the survey — do in the same group" in said
        assert "with the highest answers only in —" in said


class TestSides:
    def test_no_second_visits(self):
        frame = drop(take("side_reliability").frame, side="checklist")
        said = say("side_reliability", "side_reliability", frame=frame, n_twice=0)
        assert "The reliability of the checklists is unknown" in said
        assert "Alpha does not replace it" in said

    def test_too_few_second_visits(self):
        frame = drop(take("side_reliability").frame, side="checklist")
        left_out = make_reason("checklist", "too_few_centres")
        said = say(
            *("side_reliability", "side_reliability", RU),
            frame=frame,
            n_twice=1,
            left_out=left_out,
        )
        assert said.endswith(
            "Повторный чек-лист есть в 1 центре, но надёжность чек-листов не определена. "
            "Центров с обоими источниками слишком мало."
        )
        unsaid = say("side_reliability", "side_reliability", frame=frame, n_twice=1)
        assert unsaid.endswith("No reason is given.")

    def test_totals_give_no_reliability_of_the_survey(self):
        frame = drop(take("side_reliability").frame, side="survey")
        left_out = make_reason("survey", "no_sampling_error")
        said = say("side_reliability", "side_reliability", frame=frame, left_out=left_out)
        assert said.startswith(
            "The reliability of the survey's scores is not defined. The sampling error of the"
        )

    def test_an_index_without_groups(self):
        frame = take("side_reliability").frame
        said = say("side_reliability", "side_reliability", frame=frame[frame["subject"] == "index"])
        assert "Among the groups" not in said


class TestMultitrait:
    def test_only_sampling_error_removed(self):
        result = take("multitrait")
        known = {
            name: drop(getattr(result, name), removed="survey_sampling_and_visits")
            for name in ("correlations", "criteria")
        }
        said = say("multitrait", "multitrait", **known)
        assert "with the sampling error of the survey removed, 0.55." in said
        assert "The random error of checklists is unknown and not removed" in said
        assert "the correlation is not defined" not in said

    def test_nothing_removed(self):
        result = take("multitrait")
        known = {
            name: getattr(result, name).query("removed == 'none'")
            for name in ("correlations", "criteria")
        }
        assert "no error is removed from them. The sources" in say(
            "multitrait", "multitrait", **known
        )
        said = say("multitrait_indicators", "multitrait_indicators", **known)
        assert "(5 indicators) are 0.45; no error is removed from them." in said
        assert "Comparisons (no error removed) in which" in said

    def test_criteria_that_cannot_be_counted_are_told_with_less_removed(self):
        criteria = take("multitrait").criteria
        lost = change(criteria, {"removed": "survey_sampling_and_visits"}, estimate=np.nan)
        said = say("multitrait", "multitrait", criteria=lost)
        assert "Fiske (without the sampling error of the survey): comparisons" in said
        nothing = criteria.assign(estimate=np.nan)
        said = say("multitrait", "multitrait", criteria=nothing)
        assert "Fiske" not in said
        assert "Inside" not in said

    def test_halo_of_both_sources_and_of_none(self):
        criteria = take("multitrait").criteria
        differences = {"statistic": "difference"}
        both = change(criteria, differences, estimate=-0.2, ci_low=-0.3, ci_high=-0.1)
        said = say("multitrait", "multitrait", criteria=both)
        assert said.count("by 0.20 on average (95% confidence interval [0.10, 0.30])") == 2
        assert "A general manner of filling in checklists may" in said
        none = change(criteria, differences, ci_low=-0.1, ci_high=0.1)
        assert "Neither inside the survey nor inside" in say(
            "multitrait", "multitrait", criteria=none
        )
        unsure = change(criteria, differences, ci_low=np.nan, ci_high=np.nan)
        said = say("multitrait", "multitrait", criteria=unsure)
        assert "nside the survey different groups" not in said
        assert "Neither" not in said

    def test_a_correlation_above_one_is_explained(self):
        note = "the error removed is itself not known precisely"
        assert note not in say("multitrait")
        correlations = take("multitrait").correlations
        for removed in ("survey_sampling", "survey_sampling_and_visits"):
            labels = {"kind": "monotrait_heteromethod", "removed": removed}
            correlations = change(correlations, labels, estimate=1.2)
        assert note in say("multitrait", "multitrait", correlations=correlations)

    @pytest.mark.parametrize("estimate", [1.2, np.nan])
    def test_an_error_known_too_badly_is_not_led_with(self, estimate):
        whole = "and the differences of second checklists removed"
        correlations = take("multitrait").correlations
        labels = {"kind": "monotrait_heteromethod", "removed": "survey_sampling_and_visits"}
        said = [
            say("multitrait", "multitrait", correlations=change(correlations, labels, estimate=e))
            for e in (0.7, estimate)
        ]
        assert whole in said[0]
        assert whole not in said[1]
        assert "sampling error of the survey removed" in said[1]

    def test_correlations_that_are_not_defined(self):
        correlations = take("multitrait").correlations.assign(estimate=np.nan)
        said = say("multitrait", "multitrait", correlations=correlations)
        assert said.startswith(
            "Correlations of the same group over the two sources are not defined."
        )
        said = say("multitrait_indicators", "multitrait_indicators", correlations=correlations)
        assert said == "Correlations of the same indicator over the two sources are not defined."


class TestMethodVariance:
    def test_a_check_that_disagrees(self):
        check = change(take("method_variance").check, {"statistic": "halo"}, ci_low=40, ci_high=50)
        said = say("method_variance", "method_variance", check=check)
        assert "confirms 5 of 6 components; the intervals of the two ways do not overlap: " in said
        assert "overlap: general impression of visitors." in said

    def test_a_check_that_failed(self):
        result = take("method_variance")
        left_out = make_reason("check", "not_converged")
        said = say(
            "method_variance", "method_variance", check=result.check.iloc[:0], left_out=left_out
        )
        assert "could not be checked by a mixed model. The computation did not converge." in said

    def test_variances_above_zero_only(self):
        frame = take("method_variance").frame
        frame = frame.assign(estimate=frame["estimate"].abs())
        assert "Negative estimates" not in say("method_variance", "method_variance", frame=frame)

    def test_no_shares(self):
        frame = take("method_variance").frame.iloc[:0]
        left_out = make_reason("consistency_survey", "no_variance_left")
        said = say("method_variance", "method_variance", frame=frame, left_out=left_out)
        assert said == (
            "The components of variance are not defined. With the known error removed, no "
            "differences between centres are left."
        )


class TestMethodModel:
    def test_iterations_that_did_not_converge(self):
        said = say("method_model", "method_model", RU, converged=False)
        assert said == (
            "Модель с фактором метода чек-листа (22 центра; свободных параметров — 95) оценить не "
            "удалось. Вычисление не сошлось."
        )

    def test_a_proper_solution_with_sampling_error_in_it(self):
        said = say("method_model", "method_model", improper="", sampling_removed=False)
        assert "not admissible" not in said
        assert "Sampling error is not removed from the covariances of the survey." in said

    def test_fit_and_shares_that_are_not_defined(self):
        result = take("method_model")
        fit = drop(result.fit, statistic="cfi")
        said = say("method_model", "method_model", fit=fit, shares=result.shares.iloc[:0])
        assert "Fit to the data" not in said
        assert "the method factor for" not in said


class TestDifferences:
    def test_staff_below_visitors_and_intervals_over_zero(self):
        frame = take("agreement").frame
        bias = {"statistic": "bias", "kind": "group"}
        below = change(frame, bias, estimate=-3.0, ci_low=-5.0, ci_high=-1.0)
        assert "higher than visitors in 0 of 5 groups, lower in 5" in say(
            "agreement", "agreement", frame=below
        )
        neither = change(frame, bias, ci_low=-5.0, ci_high=20.0)
        assert "higher than visitors in 0 of 5 groups, lower in 0" in say(
            "agreement", "agreement", frame=neither
        )

    def test_one_group(self):
        frame = take("agreement").frame
        frame = frame[frame["subject"].isin(["index", "effort"])]
        assert "в 1 из 1 группы, ниже — в 0" in say("agreement", "agreement", RU, frame=frame)

    def test_bootstrap_rows_do_not_lead(self):
        frame = take("agreement").frame
        frame = change(frame, {"method": "bootstrap"}, estimate=77.0)
        assert "77" not in say("agreement", "agreement", frame=frame)

    def test_linked_scales_have_no_bias(self):
        frame = drop(take("agreement").frame, scale="common")
        left_out = make_reason("bias", "scales_linked")
        said = say("agreement", "agreement", frame=frame, left_out=left_out)
        assert said == (
            "The bias is not defined. Checklists are put on the scale of the survey, which removes "
            "bias."
        )
        said = say("agreement_proportional", "agreement", frame=frame, left_out=left_out)
        assert said.endswith("which removes bias.")

    def test_limits_with_the_sampling_error_in_them(self):
        frame = drop(take("agreement").frame, statistic="loa_net_low")
        said = say("agreement", "agreement", frame=frame)
        assert "for 95% of centres is from −9.4 to 21.9 points. The indices" in said
        for statistic in ("loa_low", "coverage_probability"):
            frame = drop(frame, statistic=statistic)
        said = say("agreement", "agreement", frame=drop(frame, kind="index", statistic="bias"))
        assert "Limits of agreement" not in said
        assert "In the index" not in said
        assert "at most" not in said

    def test_differences_that_do_not_change(self):
        frame = change(
            take("agreement").frame, {"statistic": "proportional_slope"}, ci_low=-0.1, ci_high=0.8
        )
        said = say("agreement_proportional", "agreement", frame=frame)
        assert said.startswith("The difference of the indices does not change significantly")
        assert said.endswith("depends on whether a centre is good or bad.")

    def test_no_repeated_measurements(self):
        repeated = take("agreement").repeated
        said = say("agreement_repeated", "agreement", repeated=repeated.iloc[:0])
        assert said.startswith("There are no repeated measurements")
        left_out = make_reason("repeated", "not_repeated")
        said = say("agreement_repeated", "agreement", repeated=repeated.iloc[:0], left_out=left_out)
        assert said.endswith("were not computed. Neither source measured centres repeatedly.")
        both = pd.concat([repeated.assign(design="periods"), repeated])
        said = say("agreement_repeated", "agreement", RU, repeated=both)
        assert said.startswith("По нескольким периодам (12 центров, 24 пары)")
        assert "По повторным чек-листам (12 центров, 24 пары)" in said


class TestConcordance:
    def test_words_of_all_groups_from_low_to_high(self):
        frame = take("agreement").frame
        high = {"scale": "linked", "statistic": "icc_c1", "subject": "effort"}
        frame = change(frame, high, estimate=0.8)
        said = say("agreement_concordance", "agreement", RU, frame=frame)
        assert "от 0,40 до 0,80; согласие по порогам методики: слабое и хорошее." in said

    def test_links_that_are_not_defined(self):
        frame = drop(take("agreement").frame, scale="linked")
        left_out = make_reason("linked", "link_undefined")
        said = say("agreement_concordance", "agreement", frame=frame, left_out=left_out)
        assert said == (
            "Coefficients of agreement are not defined. Checklists could not be put on the scale "
            "of the survey."
        )

    def test_coefficients_that_are_lacking(self):
        frame = take("agreement").frame
        frame = drop(drop(frame, statistic="icc_a1"), statistic="ccc")
        frame = drop(frame, subject="index", statistic="icc_c1")
        said = say("agreement_concordance", "agreement", frame=frame)
        assert "ICC(A,1)" not in said
        assert "CCC" not in said
        assert "For the index" not in said


class TestStars:
    def test_stars_that_cannot_be_compared(self):
        table = take("category_agreement").table.assign(n=0)
        left_out = make_reason("", "too_few_centres", subject="stars")
        said = say("star_agreement", "category_agreement", table=table, left_out=left_out)
        assert said.endswith("cannot be compared. There are too few centres with both sources.")

    def test_all_stars_equal(self):
        result = take("category_agreement")
        table = result.table.assign(
            n=result.table["n"].where(result.table["survey"] == result.table["checklist"], 0)
        )
        nothing = {"frame": result.frame.iloc[:0], "margins": result.margins.iloc[:0]}
        said = say("star_agreement", "category_agreement", RU, table=table, **nothing)
        assert said == (
            "Звёзды по опросу и по чек-листу совпадают у 8 из 8 центров; чек-лист дал бы больше "
            "звёзд у 0, меньше — у 0. Каппа и AC2 Гвет не определены."
        )

    def test_distributions_that_do_not_differ(self):
        margins = take("category_agreement").margins
        stars = {"kind": "stars"}
        said = say(
            "star_agreement", "category_agreement", margins=change(margins, stars, p_value=0.05)
        )
        assert "No difference of the distributions of stars" in said
        assert "this does not prove that the stars are equal" in said
        said = say(
            "star_agreement", "category_agreement", margins=change(margins, stars, p_value=np.nan)
        )
        assert "Stuart" not in said

    def test_indicators_are_judged_by_their_q_values(self):
        margins = change(take("category_agreement").margins, {"kind": "indicator"}, q_value=0.04)
        said = say("star_agreement", "category_agreement", margins=margins)
        assert "differ for 19 of 19 indicators" in said


class TestStructural:
    def test_the_interval_is_that_of_the_table(self):
        assert "is 0.60 points higher on average (95% confidence interval [0.35, 0.85]" in say(
            "structural"
        )
        lines = take("structural").lines
        alone = lines[lines["method"] == "bootstrap"].reset_index(drop=True)
        said = say("structural", "structural", lines=alone)
        assert "is 0.60 points higher on average (95% confidence interval [0.30, 0.90]" in said

    def test_an_estimate_without_an_interval_is_told_all_the_same(self):
        lines = take("structural").lines.assign(ci_low=np.nan, ci_high=np.nan)
        assert "is 0.60 points higher on average (interval not defined" in say(
            "structural", "structural", lines=lines
        )

    def test_a_slope_that_is_not_defined(self):
        lines = drop(take("structural").lines, line="errors_in_variables")
        left_out = make_reason("errors_in_variables", "no_variance_left")
        said = say("structural", "structural", lines=lines, left_out=left_out)
        assert said.startswith("The slope with the sampling error of the survey allowed for is not")
        assert "between those of the two least squares lines: from 0.45 to 2.10" in said

    def test_lines_that_are_lacking(self):
        result = take("structural")
        lines = result.lines[result.lines["line"] == "errors_in_variables"]
        said = say("structural", "structural", lines=lines)
        assert "least squares" not in said
        assert "Deming" not in said
        ratio = drop(result.constants, statistic="error_ratio")
        said = say("structural", "structural", constants=ratio)
        assert "should not be believed" in said
        assert "the ratio is" not in said


class TestInflation:
    def test_regions_that_do_not_differ(self):
        summary = change(take("inflation").summary, {"statistic": "between_regions"}, ci_low=0.0)
        said = say("inflation_regions", "inflation", summary=summary)
        assert said.startswith("There are no significant differences between regions")

    def test_regions_whose_effects_are_alike_in_writing_are_not_put_in_order(self):
        result = take("inflation")
        summary = change(result.summary, {"statistic": "between_regions"}, ci_low=0.0)
        regions = result.regions.assign(estimate=[3.71, 3.72, 3.74])
        said = say("inflation_regions", "inflation", summary=summary, regions=regions)
        assert "the expected difference is the same for all regions, 3.7 points." in said
        assert "Largest" not in said

    def test_one_region(self):
        result = take("inflation")
        said = say(
            *("inflation_regions", "inflation", RU),
            summary=drop(result.summary, statistic="between_regions"),
            left_out=make_reason("between_regions", "one_region"),
        )
        assert said.startswith("Различия между регионами не определены. Регион один")

    def test_nothing_flagged(self):
        summary = change(take("inflation").summary, {"statistic": "flagged"}, estimate=0.0)
        said = say("inflation", "inflation", summary=summary)
        assert said.startswith(
            "In no centre is checklist less survey unusually large for its region"
        )
        assert "(22 centres checked; false discovery rate 5%" in said
        assert "A test of whether the difference is zero would flag 9 centres" in said

    @pytest.mark.parametrize(
        ("statistic", "columns"),
        [("share", {"ci_low": 0.0}), ("separation", {"estimate": 1.2})],
    )
    def test_a_mixture_that_does_not_set_centres_apart(self, statistic, columns):
        summary = change(take("inflation").summary, {"statistic": statistic}, **columns)
        said = say("inflation", "inflation", summary=summary)
        assert "there may be no inflating centres at all" in said

    def test_few_centres_have_no_share(self):
        summary = drop(take("inflation").summary, statistic="share")
        left_out = make_reason("share", "too_few_for_share")
        said = say("inflation", "inflation", summary=summary, left_out=left_out)
        assert "cannot be estimated. There are too few centres to tell two" in said

    def test_what_is_lacking_is_not_invented(self):
        result = take("inflation")
        said = say(
            *("inflation", "inflation"),
            summary=result.summary.iloc[:0],
            power=result.power.iloc[:0],
            left_out=make_reason("spread", "no_spread"),
            has_checklist_error=False,
        )
        assert said.startswith("Unusually large differences are not defined. Most centres have")
        assert "would flag" not in said
        assert "probability" not in said
        assert "There are no second checklists, so their random error" in said
        assert said.endswith("It only shows whom to check.")

    def test_the_smallest_inflation_is_told_by_its_median_and_ends(self):
        found = [20.0, 21.0, 22.0, 23.0, 29.0]
        power = pd.DataFrame({"share": [0.0, 0.1, 0.25, 0.5, 0.9], "estimate": found})
        said = say("inflation", "inflation", power=power)
        assert "23.0 points or more (median over centres; from 20.0" in said
        assert "to 29.0 where it is largest" in said

    def test_an_inflation_that_is_not_found_at_all_has_no_power(self):
        power = take("inflation").power.assign(estimate=np.inf)
        assert "To be noticed" not in say("inflation", "inflation", power=power)

    def test_bunching_that_is_seen_and_that_cannot_be_looked_for(self):
        bunching = take("inflation").bunching
        seen = bunching.assign(ci_low=bunching["ci_low"].mask(bunching["cut"].isna(), 0.55))
        assert "Checklists bunch just above" in say("inflation_signs", "inflation", bunching=seen)
        said = say(
            *("inflation_signs", "inflation"),
            bunching=bunching.iloc[:0],
            left_out=make_reason("bunching", "overlapping_windows"),
        )
        assert "is not defined. The cuts of stars are so close" in said

    def test_signs_that_cannot_be_looked_for(self):
        summary = take("inflation").summary.iloc[:0]
        said = say("inflation_signs", "inflation", summary=summary)
        assert said.startswith("Of the checklists whose index is within")


class TestAudit:
    def test_a_rule_that_is_applied_and_has_no_lot(self):
        assert say("audit", "audit", applied=True).startswith("The published stars are given by")
        said = say("audit_rule", "audit", random_share=0.0, provisional_below=0.65)
        assert said.endswith(
            "reliability of 0.65 stars are provisional. No centres are audited by lot."
        )

    def test_nothing_happens(self):
        result = take("audit")
        summary = result.summary.assign(n=0)
        centres = result.centres.assign(audit="")
        said = say("audit", "audit", RU, summary=summary, centres=centres)
        assert "Решения" not in said
        assert "Предварительных звёзд нет." in said
        assert "звёзды не меняются ни у одного центра. Список на проверку пуст." in said

    @pytest.mark.parametrize(
        ("n", "expected"),
        [
            (1, "В списке на проверку 1 центр: из-за разности — 1, по жребию — 0."),
            (3, "В списке на проверку 3 центра: из-за разности — 3, по жребию — 0."),
            (5, "В списке на проверку 5 центров: из-за разности — 5, по жребию — 0."),
        ],
    )
    def test_centres_on_the_list_are_counted_in_russian(self, n, expected):
        result = take("audit")
        centres = result.centres.assign(audit=["gap"] * n + [""] * (len(result.centres) - n))
        summary = change(result.summary, {"statistic": "audit_gap"}, n=n)
        summary = change(summary, {"statistic": "audit_random"}, n=0)
        assert expected in say("audit", "audit", RU, centres=centres, summary=summary)

    def test_one_star_held_back(self):
        summary = change(take("audit").summary, {"statistic": "held_back"}, n=1)
        said = say("audit", "audit", RU, summary=summary)
        assert "Повысить звёзды правило не дало 1 центру." in said


def test_rows_are_found_by_labels_and_only_with_an_estimate():
    frame = pd.DataFrame({"name": ["a", "b", "b"], "estimate": [1.0, np.nan, 2.0]})
    assert find_row(frame, name="b") == {"name": "b", "estimate": 2.0}
    assert find_row(frame, name="c") is None


def test_an_interval_that_touches_the_limit_is_on_neither_side():
    row = {"ci_low": 0.0, "ci_high": 0.5}
    assert not is_above(row)
    assert is_above(row, -0.1)
    assert not is_below(row, 0.5)
    assert is_below(row, 0.6)
    assert not is_above({"ci_low": np.nan})


def test_errors_that_are_only_bounded_are_said_to_be():
    assert "bounded" not in say("comparability")
    assert "are bounded by the correlation" in say(
        "comparability", "comparability", sampling="bound"
    )
    assert "ограничены сверху" in say("comparability", "comparability", RU, sampling="bound")
