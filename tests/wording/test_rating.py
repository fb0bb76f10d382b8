"""Sentences about stars and their uncertainty where something lacks, or is other than usual."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from clientindex.methodology.scoring_settings import MeanRule, Normaliser, Periods
from clientindex.methodology.star_settings import (
    Cap,
    GuardrailSettings,
    PeerGroups,
    QuantileSettings,
    Requirements,
)
from clientindex.results import Scores, Unavailable
from clientindex.wording import load_wording
from clientindex.wording.absence import explain_absence, name_reason
from clientindex.wording.sentences import PARAGRAPHS
from clientindex.wording.sentences.rating.scoring import say_scoring
from clientindex.wording.sentences.rating.star_rule import say_star_rule
from clientindex.wording.sentences.rules import say_errors
from clientindex.wording.sentences.stars import say_given
from presentation_bundle import load_small_methodology, make_bundle, make_scores, make_stars
from presentation_rating import make_left_out, make_rating_results

if TYPE_CHECKING:
    from clientindex.results import Result

RU, EN = load_wording("ru"), load_wording("en")
METHODOLOGY = load_small_methodology()
RESULTS: dict[str, Result] = make_rating_results(METHODOLOGY) | {"stars": make_stars()}
WITHOUT_STAGE = ("not_weighted", "not_adjusted", "no_previous_edition")
DETAILED = ("unknown_error", "unknown_visitors", "too_few_centres", "no_common_centres")


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def say(paragraph, name="", wording=EN, /, **fields):
    """Say a paragraph of the bundle in which fields of the result `name` are changed."""
    changed: dict[str, Result] = {}
    if name:
        changed = {name: dataclasses.replace(RESULTS[name], **fields)}
    return plain(PARAGRAPHS[paragraph](make_bundle(results=RESULTS | changed), wording))


def both(paragraph, name, /, **fields):
    return [say(paragraph, name, wording, **fields) for wording in (RU, EN)]


def change_rule(kind, **fields):
    """Return the methodology with fields of its star rule or its scoring changed."""
    rule = getattr(METHODOLOGY, kind).model_copy(update=fields)
    return METHODOLOGY.model_copy(update={kind: rule})


def with_measure(**changed):
    """Return the methodology with its first indicator a measure, brought to scores like this."""
    own = {name: getattr(METHODOLOGY, name) for name in type(METHODOLOGY).model_fields}
    first = METHODOLOGY.indicators[0]
    measure = first.model_copy(update={"kind": "measure", "normaliser": Normaliser(**changed)})
    indicators = (measure, *METHODOLOGY.indicators[1:])
    checklist = METHODOLOGY.checklist.model_copy(update={"use": "blend", "weight": 0.25})
    changes = {"indicators": indicators, "checklist": checklist}
    return type(METHODOLOGY).model_construct(**(own | changes))


def tell_rule(**fields):
    methodology = change_rule("stars", **fields)
    return [plain(say_star_rule(methodology, wording=w)) for w in (RU, EN)]


def tell_scoring(**fields):
    methodology = change_rule("scoring", **fields)
    return [plain(say_scoring(methodology, wording=w)) for w in (RU, EN)]


def drop(frame, **labels):
    chosen = np.logical_and.reduce([frame[name] == label for name, label in labels.items()])
    assert chosen.any()
    return frame[~chosen].reset_index(drop=True)


# Reasons


@pytest.mark.parametrize("reason", DETAILED)
def test_what_is_known_of_a_reason_is_told(reason):
    wordings = (RU, EN)
    said = [
        name_reason(f"rating_detailed.{reason}", "2/4", METHODOLOGY, wording=w) for w in wordings
    ]
    assert all("2/4" in text for text in said)


@pytest.mark.parametrize("reason", WITHOUT_STAGE)
def test_what_the_methodology_or_the_edition_does_not_ask_for_is_one_sentence(reason):
    absent = Unavailable(stage="rating", reason=reason)
    bundle = make_bundle(results=RESULTS | {"change": absent})
    said = [explain_absence(bundle, ["change"], wording=w) for w in (RU, EN)]
    assert not said[0].startswith("Расчёт")
    assert not said[1].startswith("Index")
    assert [text.count(". ") for text in said] == [0, 0]


# Stars


def test_stars_whose_cut_points_come_from_the_data_are_told_by_draws():
    ru, en = both(
        "star_doubt", "star_doubt", leading="draws", drawn_around="shrunk", rule="quantiles"
    )
    assert "границы звёзд сами найдены по данным, верно в среднем 84 %" in ru
    assert "ожидаемое число центров с неверными звёздами — 0,6 из 4 центров" in ru
    assert "байесовский" not in ru
    assert "limits of the stars were themselves found in the data, 84% of the stars" in en


def test_nearly_all_is_not_rounded_to_all():
    summary = RESULTS["star_doubt"].summary.copy()
    summary.loc[summary["statistic"] == "expected_within_one", "estimate"] = 0.9997
    ru, en = both("star_doubt", "star_doubt", summary=summary)
    assert "С точностью до одной звезды верно больше 99 %." in ru
    assert "Within one star, more than 99% are right." in en


def test_expected_numbers_are_whole_from_ten_on():
    summary = RESULTS["star_doubt"].summary.copy()
    summary.loc[summary["statistic"] == "expected_wrong", "estimate"] = 50.7
    ru, en = both("star_doubt", "star_doubt", summary=summary)
    assert "с неверными звёздами — около 51 из 4 центров" in ru
    assert "with wrong stars is about 51 of 4 centres" in en


def test_stars_that_are_less_probable_than_others_are_counted():
    doubt = RESULTS["star_doubt"]
    probabilities = doubt.probabilities.copy()
    chosen = (probabilities["centre"] == "c3") & (probabilities["star"] == 4)
    assert chosen.sum() == 1
    probabilities.loc[chosen, "shrunk"] = 0.93
    ru, en = both("star_doubt", "star_doubt", probabilities=probabilities)
    assert "При таком счёте у 1 центра из 4 другое число звёзд вероятнее присвоенного." in ru
    assert "more probable than the one given for 1 centre of 4." in en
    assert "вероятнее присвоенного" not in say("star_doubt", "star_doubt", RU)


def test_small_samples_are_flagged_or_said_to_be_none():
    centres = RESULTS["star_doubt"].centres.assign(small_n=False)
    ru, en = both("star_doubt", "star_doubt", centres=centres, small_sample=30)
    assert "Центров со звёздами, где меньше 30 респондентов, нет." in ru
    assert "No centre with stars has fewer than 30 respondents." in en


def test_caps_are_said_to_be_certain():
    bundle = make_bundle(results=RESULTS)
    cap = Cap(reason="gap", at_most=3, flag="gap")
    stars = METHODOLOGY.stars.model_copy(update={"caps": (cap,)})
    methodology = METHODOLOGY.model_copy(update={"stars": stars})
    capped = dataclasses.replace(bundle, methodology=methodology)
    assert "ограничение считается установленным точно" in PARAGRAPHS["star_doubt"](capped, RU)
    assert "hold in all draws" in PARAGRAPHS["star_routes"](capped, EN)


def test_stars_lowered_by_caps_and_cut_points_held_are_counted():
    stars = make_stars()
    frame = stars.frame.assign(capped_by=["", "gap", "weak, gap", "", "", ""])
    rows = [("all", 2, 50.0, 49.0, 50.0, ""), ("all", 3, 62.0, 65.0, 60.0, "absolute")]
    columns = ["peer_group", "star", "cut", "wanted", "previous", "held_by"]
    cuts = pd.DataFrame(rows, columns=columns)
    stars = dataclasses.replace(stars, frame=frame, cuts=cuts)
    ru, en = (plain(say_given(stars, wording=w)) for w in (RU, EN))
    assert ru.endswith(
        "Ограничения сверху снизили число звёзд у 2 центров. "
        "Границ звёзд, удержанных вблизи границ предыдущего издания, — 1 из 2."
    )
    assert "Caps lowered the number of stars for 2 centres." in en


def test_cut_points_found_in_the_data_have_an_interval():
    doubt = RESULTS["star_doubt"]
    cuts = doubt.cuts.assign(ci_low=doubt.cuts["cut"] - 1, ci_high=doubt.cuts["cut"] + 1)
    cuts.loc[cuts["star"] == 4, "ci_low"] = 65.0
    ru, en = both("star_routes", "star_doubt", cuts=cuts, rule="k_means", leading="draws")
    assert (
        "та, с которой число звёзд равно 4: 70,0 балла (доверительный интервал [65,0; 71,0]" in ru
    )
    assert "becomes 4 is known least: 70.0 points (95% confidence interval [65.0, 71.0])" in en


def test_cut_points_found_without_draws():
    left_out = make_left_out([("draws", "too_few_centres", "2/4")], "statistic")
    summary = drop(RESULTS["star_doubt"].summary, route="draws")
    ru, en = both(
        "star_routes", "star_doubt", rule="quantiles", left_out=left_out, summary=summary, refused=3
    )
    assert "розыгрыш не удался" in ru
    assert "Не рассчитана вероятность по розыгрышам. Центров слишком мало: 2/4." in ru
    assert "Розыгрышей, к которым правило неприменимо, — 3" in ru
    assert "Ошибка границ звёзд не определена." in ru
    assert "there are no draws, so the probability by the centre" in en


def test_nobody_near_a_cut_point():
    far = RESULTS["star_doubt"].centres.assign(errors_up=9.0, errors_down=5.0)
    ru, en = both("star_distance", "star_doubt", centres=far)
    assert ru.endswith("не стоит индекс ни одного из 4 центров со звёздами.")
    assert en.startswith("The index of none of 4 centres")


# Ranks


def test_ranks_of_centres_whose_respondents_are_not_counted():
    frame = make_stars().frame.assign(n=np.nan)
    ru, en = both("ranks", "stars", frame=frame)
    assert "(число респондентов не известно) на месте" in ru
    assert "(number of respondents not known) at rank" in en


def test_ranks_without_sets():
    frame = RESULTS["ranks"].frame.assign(
        marginal_low=None, simultaneous_low=None, possible_best=None, certain_best=None
    )
    left_out = make_left_out([("country", "sets", "switched_off", "")], "scope", "statistic")
    scopes = RESULTS["ranks"].scopes.assign(critical_value=np.nan)
    fields = {"frame": frame, "left_out": left_out, "scopes": scopes}
    ru, en = both("ranks", "ranks", **fields)
    assert "у центра «ЦЗН № 2» (300 респондентов) на месте 2 из 4 интервал места — от 2 до 3" in ru
    assert ru.endswith("не определено. Отключено в методике.")
    assert en.endswith("is not defined. The methodology switches this off.")
    assert "There are no confidence sets. The methodology switches" in say(
        "rank_sets", "ranks", **fields
    )


def test_no_certain_best_and_regions_of_one():
    frame = RESULTS["ranks"].frame.assign(certain_best=False)
    ru, en = both("ranks", "ranks", frame=frame)
    assert "входящих в лучшие с вероятностью не ниже 95 %, — 1; это говорится о каждом" in ru
    assert ru.endswith("истинных индексов, уверенно назвать лучшим нельзя ни один центр.")
    assert en.endswith("of true indices, no centre is certainly among the best.")
    unknown = frame.assign(p_top=np.nan)
    assert "двояко" not in say("ranks", "ranks", RU, frame=unknown)
    rows = [("Округ", "rank", "one_centre", "c6"), ("country", "posterior", "too_few_centres", "3")]
    left_out = make_left_out(rows, "scope", "statistic")
    ru, en = both("rank_sets", "ranks", left_out=left_out)
    assert "В 1 регионе звёзды есть только у одного центра" in ru
    assert "Апостериорный интервал места не рассчитан. Центров слишком мало: 3." in ru
    assert "In 1 region only one centre has stars" in en


# Errors and shrinkage


def test_shrinkage_that_is_not_defined():
    models = RESULTS["shrinkage"].models.iloc[:0]
    rows = [("index", "", name, "too_few_centres", "2/4") for name in ("shrunk", "fay_herriot")]
    left_out = make_left_out(rows, "subject", "centre", "statistic")
    fields = {"models": models, "left_out": left_out}
    assert say("shrinkage", "shrinkage", RU, **fields) == (
        "Стянутые оценки не рассчитаны. Центров слишком мало: 2/4."
    )
    assert say("fay_herriot", "shrinkage", **fields) == (
        "The regression with the covariates the region and the logarithm of the number of visitors "
        "was not computed. There are too few centres: 2/4."
    )


def test_regression_without_covariates_or_variance_left():
    assert say("fay_herriot", "shrinkage", covariates=()).startswith("The methodology names no")
    models = drop(RESULTS["shrinkage"].models, statistic="r2")
    rows = [("index", "", "r2", "no_variance_left", "")]
    left_out = make_left_out(rows, "subject", "centre", "statistic")
    ru = say("fay_herriot", "shrinkage", RU, models=models, left_out=left_out)
    assert "Доля объяснённой дисперсии не определена. После вычета ошибки выборки" in ru
    assert "Без регрессии остались" not in ru
    rows = [("index", "", "coefficient.region", "one_region", "")]
    left_out = make_left_out(rows, "subject", "centre", "statistic")
    en = say("fay_herriot", "shrinkage", models=models, left_out=left_out)
    assert "The share of variance explained is not defined. There is only one region." in en


def test_errors_of_small_samples():
    check = RESULTS["error_check"]
    summary = check.summary.assign(median_ratio=[1.05, 1.2, 1.01])
    ru, en = both("error_check", "error_check", summary=summary)
    assert "Там, где меньше 250 респондентов (1 центр), отношение — 1,20 (медиана)." in ru
    assert "Where fewer than 250 respondents answered (1 centre), the ratio is 1.20" in en
    nothing = check.summary.assign(median_ratio=np.nan)
    assert "The ratio of the errors is not defined." in say(
        "error_check", "error_check", summary=nothing
    )


def test_imputed_values_and_what_does_not_count_are_told():
    left_out = make_left_out([("indicator", "waiting", "few_centres", "1")], "kind", "key")
    scores: Scores = dataclasses.replace(make_scores(), n_imputed=7, left_out=left_out)
    ru, en = (plain(say_errors(scores, methodology=METHODOLOGY, wording=w)) for w in (RU, EN))
    assert "заменены по правилу методики; число таких случаев — 7." in ru
    assert ru.endswith(
        "Не входят в индекс и весят ноль: «Отсутствие ожидания» (сообщили слишком мало центров)."
    )
    assert "number of such cases: 7." in en


# Regions


def test_country_by_visitors():
    means = RESULTS["regional"].means.copy()
    chosen = (means["region"] == "country") & (means["key"] == "index")
    chosen &= means["by"] == "visitors"
    columns = ["estimate", "ci_low", "ci_high", "effective"]
    assert chosen.sum() == 1
    means.loc[chosen, columns] = [73.25, 60.0, 86.5, 3.25]
    ru, en = both("regional_means", "regional", means=means, centres_are="finite")
    assert (
        "С весами по числу посетителей он равен 73,3 балла "
        "(доверительный интервал [60,0; 86,5] при уровне 95 %; 5 центров); "
        "из-за неравных весов он известен с той же точностью, как по 3 центрам с равными весами."
        in ru
    )
    assert "as precisely as from 3 centres of equal weight" in en
    assert "только ошибку выборки посетителей" in ru


def test_components_that_are_not_defined_and_the_group_with_the_largest_share():
    profile = RESULTS["regional"]
    rows = [("index", "components", "one_region", "5")]
    left_out = make_left_out(rows, "subject", "statistic")
    nothing = profile.components.iloc[:0]
    assert say("between_regions", "regional", RU, components=nothing, left_out=left_out) == (
        "Доля различий между регионами не определена. Регион всего один."
    )
    components = profile.components.copy()
    chosen = (components["key"] == "friendliness") & (components["statistic"] == "share")
    components.loc[chosen, "estimate"] = 0.25
    assert (
        'largest in "Friendliness and partnership": 25% (95% confidence interval [0, 45])'
        in say("between_regions", "regional", components=components)
    )


def test_funnels_that_are_not_made():
    profile = RESULTS["regional"]
    left_out = make_left_out([("region", "funnel", "too_few_regions", "1")], "subject", "statistic")
    fields = {"dispersion": drop(profile.dispersion, unit="region"), "left_out": left_out}
    ru, en = both("unusual", "regional", **fields)
    assert "Воронки регионов нет. Регионов слишком мало: 1." in ru
    assert "There is no funnel of regions. There are too few regions: 1." in en
    assert "Воронки регионов нет." in say("dispersion", "regional", RU, **fields)


def test_unusual_regions_are_counted():
    dispersion = RESULTS["regional"].dispersion.assign(high_additive=[0, 2], low_additive=[0, 1])
    ru, en = both("unusual", "regional", dispersion=dispersion)
    assert "Из 2 регионов необычно высокий средний индекс — у 2, необычно низкий — у 1" in ru
    assert "among 4 centres none is unusually high or unusually low" in en
    nobody = dispersion.assign(high_additive=0, low_additive=0)
    assert "by chance" not in say("unusual", "regional", dispersion=nobody)


def test_what_is_beyond_the_funnel_and_not_flagged_is_explained():
    centres = RESULTS["regional"].centres.copy()
    centres.loc[centres["centre"] == "c3", ["p_additive", "q_additive"]] = [0.0015, 0.22]
    centres.loc[centres["centre"] == "c1", "p_additive"] = 0.0001
    ru, en = both("unusual", "regional", centres=centres, target_kind="mean")
    assert (
        "Не названы необычными, хотя лежат за границами воронки (уровень 99,8 %): 1 центр. "
        "Границы относятся к одному центру, а среди 4 центров такое отклонение возможно и "
        "случайно (наименьшее q — 22 %, больше доли ложных открытий)." in ru
    )
    assert "Ориентир — среднее с весами по точности" in ru
    assert "beyond the limits of the funnel (level 99.8%): 1 centre." in en
    given = say("unusual", "regional", RU, target_kind="given")
    assert "Ориентир задан методикой" in given
    assert "за границами воронки" not in given


# Change


def test_change_that_is_established():
    summary = RESULTS["change"].summary.copy()
    service = summary["statistic"] == "mean_change_service"
    summary.loc[service, ["estimate", "ci_low", "ci_high"]] = [-2.0, -3.5, -0.5]
    ru, en = both("change", "change", summary=summary)
    assert (
        "изменение оценок в тех же центрах равно −2,0 балла (доверительный интервал [−3,5; −0,5]"
        in ru
    )
    assert ru.endswith("Весь интервал лежит по одну сторону от нуля, изменение установлено.")
    assert en.endswith("the change is established.")


def test_change_without_comparable_centres():
    summary = RESULTS["change"].summary.copy()
    means = summary["statistic"].isin(["mean_change_comparable", "mean_change_service"])
    summary.loc[means | (summary["statistic"] == "stuart_maxwell"), "estimate"] = np.nan
    summary.loc[summary["statistic"].isin(["tested", "up", "down"]), "estimate"] = 0.0
    parts = RESULTS["change"].parts.assign(estimate=np.nan)
    rows = [
        ("country", "service", "no_comparable_centres", ""),
        ("country", "stuart_maxwell", "other_stars", ""),
    ]
    left_out = make_left_out(rows, "subject", "statistic")
    fields = {"summary": summary, "parts": parts, "left_out": left_out}
    assert say("change", "change", RU, **fields).endswith(
        "Изменение оценок в тех же центрах не определено. "
        "Нет ни одного центра с оценкой в обоих изданиях."
    )
    assert say("change_parts", "change", **fields) == (
        "The change of the mean index cannot be split into parts. "
        "No centre has a score in both editions."
    )
    assert "не определено. Число возможных звёзд в изданиях разное." in say(
        "change_stars", "change", RU, **fields
    )
    assert say("change_centres", "change", **fields) == (
        "The change of the index can be tested for no centre."
    )


def test_stars_of_both_editions():
    summary = RESULTS["change"].summary.copy()
    summary.loc[summary["statistic"] == "stuart_maxwell", "p_value"] = 0.004
    assert "Распределение звёзд изменилось" in say("change_stars", "change", RU, summary=summary)
    summary.loc[summary["statistic"].str.startswith("star_"), "estimate"] = 0.0
    assert say("change_stars", "change", summary=summary) == (
        "No centre has stars in both editions."
    )
    summary.loc[summary["statistic"].isin(["up", "down"]), "estimate"] = 0.0
    assert "не установлено ни у одного из 4 центров" in say(
        "change_centres", "change", RU, summary=summary
    )


def test_the_same_indicators():
    indicators = RESULTS["change"].indicators
    same = indicators[indicators["status"] == "both"]
    ru, en = both("change_parts", "change", indicators=same, errors_before="exact")
    assert "Показатели методик «2025» и «2026» одни и те же (18 показателей)." in ru
    assert "covariances" not in en


# Weights, case mix, parts of the index


def test_weights_of_the_survey_alone():
    weights = RESULTS["answer_weights"]
    fields = {
        "design": True,
        "level_of_margins": "none",
        "trim": float("nan"),
        "left_out": weights.left_out.iloc[:0],
        "centres": weights.centres.assign(deff=1.0),
    }
    ru, en = both("answer_weights", "answer_weights", **fields)
    assert ru.startswith(
        "Ответы учтены с весами, переданными вместе с опросом. "
        "К известному составу посетителей веса не подгоняются. "
        "Предела для веса одного ответа нет. Веса внутри центров равны"
    )
    assert "Answers count with the weights delivered with the survey." in en
    assert "otherwise than meant" not in en


def test_weights_by_centre_are_counted_in_centres():
    ru = say("answer_weights", "answer_weights", RU, level_of_margins="centre")
    assert "Новые веса действуют у 1 из 2 центров" in ru


def test_case_mix_that_is_published_and_has_no_correlation():
    summary = RESULTS["case_mix"].summary.assign(correlation=np.nan)
    nothing = RESULTS["case_mix"].left_out.iloc[:0]
    ru, en = both("case_mix", "case_mix", summary=summary, published="basic", left_out=nothing)
    assert "корреляция индексов до и после не определена" in ru
    assert "Публикуются индекс и звёзды с поправкой «basic»" in ru
    assert "Not in the adjustment" not in en


def test_index_that_cannot_be_split():
    parts = RESULTS["score_parts"]
    ru, en = both("score_parts", "score_parts", frame=parts.frame.iloc[:0])
    assert ru.startswith("Вклады групп не определены. Индекс не разложен (число центров): ")
    assert en.startswith("Contributions of groups are not defined.")


# The language of the methodology


def test_means_other_than_arithmetic():
    ru, en = tell_scoring(aggregation="geometric", levels={"index": MeanRule(kind="median")})
    assert (
        "оценка группы — взвешенное среднее геометрическое показателей, "
        "индекс — взвешенная медиана групп. Чем меньше степень среднего" in ru
    )
    assert "the score of a group the weighted geometric mean of its indicators" in en
    assert "The indices of the segments are combined by the weighted geometric mean." in en
    power = MeanRule(kind="power", power=0.5)
    assert (
        "взвешенное степенное среднее (степень 0,50) групп"
        in tell_scoring(levels={"index": power})[0]
    )


def test_top_box_scale_and_periods():
    ru, en = tell_scoring(
        answers="top_box",
        top_box_from=4,
        normalise_groups="z",
        scale="standard",
        periods=Periods(weights={"2026-I": 0.4, "2026-II": 0.6}),
        missing_indicator="impute_region_mean",
    )
    assert "доля высоких ответов (4 и выше по шкале от 1 до 5) в процентах" in ru
    assert "с весами: 2026-I — 0,40 и 2026-II — 0,60" in ru
    assert "в стандартных отклонениях и с двух сторон не ограничен" in ru
    assert "before they make the index".capitalize() in en
    assert "its mean in the region stands in for it" in en


def test_measures_and_blended_checklists():
    methodology = with_measure(kind="goalposts", low=5, high=30)
    ru, en = (plain(say_scoring(methodology, wording=w)) for w in (RU, EN))
    name = METHODOLOGY.indicators[0].name
    assert f"«{name.ru}» — значения от 5,00 до 30,00 переводятся в баллы от 0 до 100" in ru
    assert f'"{name.en}": values from 5.00 to 30.00 become 0 to 100 points' in en
    assert "Чек-листы входят в каждую оценку центра с долей 25 %." in ru


@pytest.mark.parametrize(
    ("kind", "ru", "en"),
    [
        ("min_max", "худшее значение — 0, лучшее — 100", "the worst value is 0, the best 100"),
        ("z", "в стандартных отклонениях", "in standard deviations"),
        ("rank", "которые не лучше этого", "not better"),
        ("percentile", "которые хуже этого", "that are worse"),
        ("distance_to_best", "в долях размаха", "share of the range"),
        ("share_of_best", "доля лучшего значения", "share of the best value"),
    ],
)
def test_every_normaliser_has_words(kind, ru, en):
    methodology = with_measure(kind=kind)
    assert ru in say_scoring(methodology, wording=RU)
    assert en in say_scoring(methodology, wording=EN)


@pytest.mark.parametrize(
    ("fields", "ru", "en"),
    [
        (
            {"rule": "quantiles"},
            "на 3 промежутка квантилями индексов самих центров (доли центров в промежутках равны)",
            "into 3 bands (equal shares of centres in the bands)",
        ),
        (
            {"rule": "quantiles", "quantiles": QuantileSettings(shares=(0.2, 0.5, 0.3))},
            "начиная с наименьшего числа звёзд, — 20 %, 50 %, 30 %",
            "from the fewest stars: 20%, 50%, 30%",
        ),
        ({"rule": "k_means"}, "методом k средних", "k-means"),
        ({"rule": "optimal_k_means"}, "наименьшей из возможных", "least possible"),
        ({"rule": "hierarchical"}, "(метод Уорда)", "(Ward's method)"),
    ],
)
def test_rules_that_find_cut_points(fields, ru, en):
    said = tell_rule(**({"stars": 3, "bands": ()} | fields))
    assert ru in said[0]
    assert "звёзды центра зависят и от того, как выступили другие" in said[0]
    assert en in said[1]


def test_half_stars_peers_and_requirements():
    ru, en = tell_rule(
        rule="k_means",
        stars=5,
        half_stars=True,
        minimum_sample=0,
        peer_groups=PeerGroups(by="attribute", attribute="size", minimum_centres=21),
        requirements=Requirements(
            minimum_groups=3, minimum_indicators_per_group=2, any_of=("effort",)
        ),
    )
    assert "разделена на 9 промежутков" in ru
    assert "с шагом в половину звезды" in ru
    assert "с одним и тем же значением поля реестра «size»" in ru
    assert "если в группе меньше 21 центра" in ru
    assert "Наименьшего числа ответов методика не требует." in ru
    assert "оценки не менее 3 групп, в каждой из которых есть значения не менее 2 показ" in ru
    assert "хотя бы одна из групп: «Минимизация усилий»" in ru
    assert 'One of these groups at least must be among them: "Minimal effort".' in en


def test_caps_and_guardrails():
    caps = (
        Cap(reason="low", at_most=3, score_below=40),
        Cap(reason="weak", at_most=2.5, group="comfort", score_below=30),
        Cap(reason="few", at_most=1, group="effort", stars_below=2),
        Cap(reason="gap", at_most=4, flag="gap", holds=("1", "да")),
    )
    guardrail = GuardrailSettings(previous=(40, 50, 60, 70), absolute=2, relative=0.05, span=100)
    ru, en = tell_rule(caps=caps, guardrail=guardrail)
    assert (
        "Число звёзд ограничено сверху: не больше 3 звёзд, если индекс ниже 40,0 балла; "
        "не больше 2,5 звезды, если оценка группы «Внешний комфорт и удобство» ниже 30,0 балла; "
        "не больше 1 звезды, если группа «Минимизация усилий» по тем же границам получила бы "
        "меньше 2 звёзд; не больше 4 звёзд, если поле реестра «gap» имеет одно из значений: 1, да."
        in ru
    )
    assert "не дальше чем на 2,0 балла и 5 % от 100,0 балла; действует более узкий предел" in ru
    assert "at most 2.5 stars if the score of the group" in en
    only = GuardrailSettings(previous=(40, 50, 60, 70), relative=0.05)
    assert "by 5% of the previous limit at most." in tell_rule(guardrail=only)[1]
