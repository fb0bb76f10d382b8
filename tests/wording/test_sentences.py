from __future__ import annotations

import dataclasses
import tomllib
from pathlib import Path

import numpy as np
import pytest

from clientindex.errors import WordingError
from clientindex.results import Unavailable
from clientindex.wording import load_wording
from clientindex.wording.absence import explain_absence, explain_unavailable
from clientindex.wording.sentences import PARAGRAPHS
from clientindex.wording.sentences.coverage import (
    say_coverage,
    say_no_answer,
    say_response,
    say_warnings,
)
from clientindex.wording.sentences.factors import count_at_home, say_factor_correlations
from clientindex.wording.sentences.group_means import say_group_means
from clientindex.wording.sentences.provenance import say_costs, say_notes
from clientindex.wording.sentences.rating.scoring import say_scoring
from clientindex.wording.sentences.regions import say_regions
from clientindex.wording.sentences.rules import say_errors
from clientindex.wording.sentences.stars import (
    say_distribution,
    say_doubt,
    say_given,
    say_national,
    say_withheld,
)
from presentation_bundle import (
    make_bundle,
    make_coverage,
    make_group_means,
    make_model,
    make_regions,
    make_results,
    make_scores,
    make_stars,
)
from presentation_rating import make_star_doubt
from presentation_revision import make_revision

EXPECTED = tomllib.loads(
    Path(__file__).with_name("sentences.expected.toml").read_text(encoding="utf-8")
)
RU, EN = load_wording("ru"), load_wording("en")
NBSP = "\u00a0"


@pytest.fixture(scope="module")
def bundle():
    return make_bundle()


@pytest.fixture(scope="module")
def whole(bundle):
    """Make a bundle with every result, that of a revision too."""
    return make_bundle(results={**bundle.results, "revision": make_revision()})


def plain(text):
    return text.replace(NBSP, " ")


def test_every_paragraph_has_its_expected_text():
    assert set(EXPECTED["ru"]) == set(EXPECTED["en"]) == set(PARAGRAPHS)


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize("name", sorted(PARAGRAPHS))
def test_paragraphs(whole, name, language):
    said = PARAGRAPHS[name](whole, load_wording(language))
    said = said if isinstance(said, str) else "\n".join(said)
    assert plain(said) == EXPECTED[language][name].rstrip("\n")


def test_totals_without_respondents_and_checklists():
    coverage = dataclasses.replace(make_coverage(), n_respondents=None, n_centres_checklist=0)
    said = plain(say_coverage(coverage, wording=RU))
    assert "Переданы только итоги по центрам" in said
    assert said.endswith("Чек-листы не передавались.")


def test_a_register_without_visitors_leaves_the_response_unsaid():
    said = say_response(dataclasses.replace(make_coverage(), response=None), wording=RU)
    assert said.startswith("Какая доля посетителей ответила, сказать нельзя")


def test_the_next_review_is_named_where_it_is_set():
    bundle = make_bundle(next_review="2027-06-01")
    said = PARAGRAPHS["status"](bundle, EN)[-1]
    assert plain(said) == "Methodology and edition will be reviewed by: 1 June 2027"


def test_nothing_missing_and_no_remarks(bundle):
    coverage = make_coverage()
    nothing = coverage.no_answer.assign(n=0)
    coverage = dataclasses.replace(coverage, no_answer=nothing, warnings=coverage.warnings.iloc[:0])
    said = say_no_answer(coverage, methodology=bundle.methodology, wording=EN)
    assert said.startswith("No question was left")
    assert say_warnings(coverage, wording=EN) == "The check of the data gave no remarks."


def test_all_centres_with_stars():
    stars = make_stars()
    stars = dataclasses.replace(stars, frame=stars.frame.iloc[:4])
    assert (
        plain(say_given(stars, wording=EN)) == "Stars are given to all 4 centres of the register."
    )
    assert plain(say_withheld(stars, wording=RU)).endswith("отвечают все центры реестра.")


def test_a_country_without_any_index_is_said_to_be_so():
    regions = make_regions()
    frame = regions.frame.assign(estimate=np.nan)
    assert say_national(dataclasses.replace(regions, frame=frame), wording=RU).startswith(
        "Средний индекс не определён"
    )


def test_what_the_national_interval_counts_as_chance_is_said_without_a_profile_too():
    said = plain(say_national(make_regions(), wording=EN))
    assert said.endswith("and so allows for the differences between them too.")
    one = make_regions().frame.assign(ci_low=np.nan, ci_high=np.nan)
    said = plain(say_national(dataclasses.replace(make_regions(), frame=one), wording=RU))
    assert said.endswith("(интервал не определён).")


def test_centres_in_doubt_and_sure_at_once_are_explained():
    doubt = make_star_doubt()
    summary = doubt.summary.copy()
    summary.loc[summary["statistic"] == "certain", "estimate"] = 2.0
    sure = dataclasses.replace(doubt, summary=summary)
    ru, en = (plain(say_doubt(make_stars(), wording=w, doubt=sure)) for w in (RU, EN))
    assert "звёзды определены у 2 центров. Некоторые центры входят в оба числа" in ru
    assert "for 2 centres. Some centres are in both numbers" in en
    assert plain(say_doubt(make_stars(), wording=RU)) == (
        "У 3 центров из 4 данные не исключают другого числа звёзд: "
        "интервал индекса (уровень 95 %) выходит за границы присвоенных звёзд."
    )


def test_half_stars_are_counted_with_a_decimal():
    regions = make_regions()
    frame = regions.frame.rename(columns={"stars_5": "stars_4.5"})
    halves = dataclasses.replace(regions, frame=frame)
    ru, en = (plain(say_distribution(halves, wording=wording)[0]) for wording in (RU, EN))
    assert ru.startswith("4,5 звезды — ")
    assert en.startswith("4.5 stars: ")


def test_one_region_is_not_compared():
    regions = make_regions()
    frame = regions.frame.iloc[[0, 3]]
    said = say_regions(dataclasses.replace(regions, frame=frame), wording=EN)
    assert said == "Fewer than two regions have a mean index, so regions are not compared."


@pytest.mark.parametrize(
    ("known", "ru", "en"),
    [
        ([], "Средние оценки групп не определены", "Mean scores of groups are not defined"),
        (
            [70.0],
            "Средняя оценка по всем регионам определена только у группы «Дружелюбие и",
            'A mean score over all regions is defined only for the group "Friendliness and',
        ),
        (
            [70.01, 70.04],
            "Средние оценки групп, округлённые до десятых, совпадают. «Дружелюбие и партнерство»: "
            "70,0 балла (интервал не определён; 1 центр) и «Полезность»: 70,0 балла",
            "The mean scores of groups, rounded to one decimal, are equal. "
            '"Friendliness and partnership": 70.0 points (',
        ),
    ],
)
def test_groups_that_cannot_be_put_in_order(bundle, known, ru, en):
    keys = bundle.methodology.group_keys
    frame = make_group_means().frame.query("region == 'country'").assign(n_centres=1)
    frame["estimate"] = [*known, *[np.nan] * (len(keys) - len(known))]
    frame[["ci_low", "ci_high"]] = np.nan
    means = dataclasses.replace(make_group_means(), frame=frame)
    for wording, start in ((RU, ru), (EN, en)):
        said = plain(say_group_means(means, methodology=bundle.methodology, wording=wording))
        assert said.startswith(start)


def test_indicators_away_from_home_are_not_counted():
    model = make_model({"one": ("a", "b"), "two": ("c", "d")})
    assert count_at_home(model) == 4
    strays = model.loadings.assign(estimate=[0.1, 0.7, 0.6, 0.0, 0.0, 0.5, 0.0, 0.5])
    assert count_at_home(dataclasses.replace(model, loadings=strays)) == 3
    single = make_model({"one": ("a", "b", "c")})
    assert say_factor_correlations(single, wording=EN).startswith("The model has one factor")


def test_rules_follow_the_methodology(bundle):
    methodology = bundle.methodology
    one = methodology.model_copy(update={"segments": methodology.segments[:1]})
    assert "один сегмент посетителей: «Граждане»." in say_scoring(one, wording=RU)
    scores = dataclasses.replace(
        make_scores(), std_error_method="bound", fpc_used=False, n_reweighted=0
    )
    said = plain(say_errors(scores, methodology=methodology, wording=RU))
    assert "корреляция показателей равна 1,0" in said
    assert "поправка" in said.lower()
    assert said.endswith("Уровень всех интервалов — 95 %.")


def test_notes_of_the_publisher():
    bundle = make_bundle(notes={"ru": "Примечание.", "en": "A note."})
    assert say_notes(bundle.edition, wording=EN) == "A note."


def test_a_stage_that_was_not_asked_for_is_said_to_be_absent(bundle):
    results = {name: r for name, r in make_results().items() if name != "consistency"}
    absent = make_bundle(results=results)
    reason = explain_absence(absent, ["coverage", "consistency"], wording=RU)
    assert reason == "Оценка надёжности: в этом издании не проводится."
    assert explain_absence(bundle, ["consistency"], wording=RU) == ""
    with pytest.raises(WordingError, match="paragraph 'reliability'"):
        PARAGRAPHS["reliability"](absent, RU)


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize(
    "reason",
    [
        *("totals_only", "no_checklist", "no_shared_centres", "too_few_centres", "too_few_stars"),
        *("too_few_indicators", "one_centre", "too_few_answers", "zero_variance"),
        *("not_positive_definite", "not_converged", "too_many_factors", "unstable_resampling"),
    ],
)
def test_every_reason_of_the_statistics_has_a_sentence(bundle, reason, language):
    result = Unavailable(stage="factors", reason=reason, detail="individual_plan, follow_up")
    said = explain_unavailable(result, bundle.methodology, wording=load_wording(language))
    assert "individual_plan" not in said
    assert "{" not in said


def test_details_are_named_in_the_language_of_the_document(bundle):
    result = Unavailable(stage="factors", reason="zero_variance", detail="waiting, index, c9")
    said = explain_unavailable(result, bundle.methodology, wording=RU)
    assert said.endswith(
        "Все ответы одинаковы у показателей: Отсутствие ожидания, Все показатели, c9."
    )


def test_an_unknown_reason_raises(bundle):
    result = Unavailable(stage="factors", reason="moon")
    with pytest.raises(WordingError, match=r"no text 'unavailable\.moon'"):
        explain_unavailable(result, bundle.methodology, wording=EN)


def test_a_missing_number_raises_and_never_becomes_zero():
    results = make_results()
    stability = dataclasses.replace(results["weight_stability"], mean_abs_rank_shift=float("nan"))
    broken = make_bundle(results={**results, "weight_stability": stability})
    with pytest.raises(WordingError, match="missing or infinite"):
        PARAGRAPHS["stability"](broken, EN)


def test_orders_of_equal_centres_have_no_tau():
    results = make_results()
    stability = dataclasses.replace(results["weight_stability"], mean_kendall_tau=float("nan"))
    equal = make_bundle(results={**results, "weight_stability": stability})
    assert PARAGRAPHS["stability"](equal, EN).endswith(
        "Kendall's tau is undefined: all centres have the same index."
    )
    assert PARAGRAPHS["stability"](equal, RU).endswith(
        "Тау Кендалла не определён: индексы всех центров одинаковы."
    )


@pytest.mark.parametrize(
    ("n_centres", "told"),
    [
        (6, "(6 centres) allow 5 minutes and 4 GiB"),
        (240, "(240 centres) allow 5 minutes and 4 GiB"),
        (251, "(251 centres) allow 10 minutes and 4 GiB"),
        (2001, "(2,001 centres) allow 50 minutes and 8 GiB"),
    ],
)
def test_costs_are_told_by_size_so_that_runs_of_one_edition_tell_the_same(n_centres, told):
    assert told in plain(say_costs(n_centres, wording=EN))
