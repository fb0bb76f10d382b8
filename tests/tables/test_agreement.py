"""Tables of survey against checklist: cells as a document shows them, in both languages."""

from __future__ import annotations

import dataclasses
import math

import pytest

from clientindex.results import load_bundle
from clientindex.tables import TABLES
from clientindex.tables.agreement import RECIPES, build_audit_list
from clientindex.tables.agreement.files import RECIPES as FILES
from clientindex.tables.csv_files import to_machine_csv
from clientindex.wording import load_wording
from presentation_bundle import HOSTILE, load_small_methodology, make_bundle, make_results
from presentation_bundle import save_bundle as save
from table_shown import EN, RU, both, change, notes, show


@pytest.fixture(scope="module")
def bundle():
    return make_bundle()


def test_a_stored_bundle_gives_the_same_tables(bundle, tmp_path):
    loaded = load_bundle(save(bundle, tmp_path / "bundle"))
    for recipe in RECIPES:
        assert recipe(loaded, RU) == recipe(bundle, RU), recipe.name


def test_comparability(bundle):
    russian, english = both(bundle, "comparability")
    assert russian[0] == ["Индекс", "—", "—", "—", "—", "0,95", "[0,75; 1,15]"]
    assert russian[1] == [
        "Дружелюбие и партнерство",
        *("0,0", "13,5", "61,0", "11,5", "0,94", "[0,74; 1,14]"),
    ]
    assert english[5] == [
        "Comfort and convenience",
        *("0.0", "17.5", "65.0", "11.5", "0.90", "[0.70, 1.10]"),
    ]
    assert "одним ответом на все пункты — 8,0 %" in notes(bundle, "comparability", RU)
    assert "an assumption of the methodology" in notes(bundle, "comparability")
    assert "общее смещение не видно" in notes(
        change("comparability", scales="linked"), "comparability", RU
    )
    shares = make_results()["comparability"].shares
    unknown = change("comparability", shares=shares[shares["subject"] != "all"])
    assert "one answer to all items" not in notes(unknown, "comparability")


def test_centres_that_are_not_compared_are_counted_by_reason(bundle):
    russian, english = both(bundle, "not_compared")
    assert russian == [
        ["Нет чек-листа", "1"],
        ["Нет ответов посетителей", "1"],
        ["Все пункты чек-листа отмечены как неприменимые", "1"],
        ["По части групп есть только один источник", "1"],
    ]
    assert english[0] == ["No checklist", "1"]
    assert "register: 26; with both sources in some group: 23" in notes(bundle, "not_compared")
    assert show(TABLES["centres_not_compared"](bundle, RU), RU)[0] == [
        *("Округ", "c23", "По части групп есть только один источник", "Дружелюбие и партнерство"),
    ]


def test_reliability_of_both_sides(bundle):
    russian, english = both(bundle, "side_reliability")
    assert russian[0] == [
        "Индекс",
        *("0,75", "[0,67; 0,83]", "12,5", "0,86", "[0,76; 0,96]", "2,5"),
    ]
    assert english[5] == [
        "Comfort and convenience",
        *("0.70", "[0.62, 0.78]", "17.5", "—", "—", "2.5"),
    ]
    assert "их число — 12" in notes(bundle, "side_reliability", RU)
    frame = make_results()["side_reliability"].frame
    once = change("side_reliability", frame=frame[frame["side"] == "survey"], n_twice=0)
    assert show(TABLES["side_reliability"](once, EN))[0][4:] == ["—"] * 3
    assert "alpha does not stand in for it" in notes(once, "side_reliability")


def test_the_same_group_by_both_sources_with_the_error_that_was_removed(bundle):
    russian, english = both(bundle, "multitrait_same")
    told = ["0,45", "[0,25; 0,65]", "0,55", "[0,35; 0,75]"]
    assert russian[0] == ["Дружелюбие и партнерство", *told]
    assert len(russian) == 5
    assert english[4][0] == "Comfort and convenience"
    assert "исключена ошибка выборки опроса" in notes(bundle, "multitrait_same", RU)
    assert "sampling error of the survey" in notes(bundle, "multitrait_same")
    frame = make_results()["multitrait"].correlations
    raw = change("multitrait", correlations=frame[frame["removed"] == "none"])
    assert show(TABLES["multitrait_same"](raw, EN))[0][3:] == ["—", "—"]


def test_criteria_by_the_error_removed(bundle):
    russian, english = both(bundle, "multitrait_criteria")
    assert len(english) == 4 * 3
    assert russian[0] == ["1: больше нуля", "ничего", "5", "5", "0,45", "[0,35; 0,55]"]
    assert english[4] == [
        "2: above those of different groups over both sources",
        "sampling error of the survey",
        *("30", "40", "0.21", "[0.11, 0.31]"),
    ]
    assert english[6][2:] == ["5", "20", "−0.15", "[−0.25, −0.05]"]
    frame = make_results()["multitrait"].criteria
    lost = frame.assign(estimate=math.nan, ci_low=math.nan, ci_high=math.nan)
    assert not show(TABLES["multitrait_criteria"](change("multitrait", criteria=lost), EN))


def test_components_of_variance_with_their_check(bundle):
    russian, english = both(bundle, "method_variance")
    assert russian[0] == [
        "Подтверждено обоими источниками",
        *("18,0", "[14,0; 22,0]", "—", "4,5"),
    ]
    assert english[3] == [
        "General impression of visitors (halo)",
        *("12.0", "[8.0, 16.0]", "11.0", "3.0"),
    ]
    assert english[5][1] == "−1.5", "negative estimates are not cut off"
    assert english[7] == ["Sampling error of the survey", "9.0", "[5.0, 13.0]", *["—"] * 2]


def test_shares_of_trait_and_method_by_side(bundle):
    russian, english = both(bundle, "method_shares")
    assert russian[0] == ["Все группы", "Опрос", "0,60", "[0,45; 0,75]", "0,40", "[0,25; 0,55]"]
    assert english[3] == [
        "Friendliness and partnership",
        *("Checklist", "0.43", "[0.28, 0.58]", "0.36", "[0.21, 0.51]"),
    ]
    assert english[11] == ["Comfort and convenience", "Checklist", *["—"] * 4]


def test_shares_of_the_model_and_what_troubles_it(bundle):
    russian, english = both(bundle, "method_model")
    assert russian[0] == ["Все группы", "Опрос", "0,64", "[0,54; 0,74]", "—", "—", "0,36"]
    assert english[1] == [
        *("All groups", "Checklist", "0.16", "[0.06, 0.26]"),
        *("0.36", "[0.26, 0.46]", "0.48"),
    ]
    said = notes(bundle, "method_model")
    assert "chi-squared 812.4 with 725 degrees of freedom (p = 0.013), CFI = 0.955" in said
    assert "Negative residual variance: No waiting" in said
    told = "unweighted least squares of standardised scores, errors by the jackknife over centres"
    said = notes(change("method_model", estimator=told), "method_model", RU)
    assert "Оценивание: невзвешенный метод наименьших квадратов" in said
    failed = change("method_model", converged=False, improper="", sampling_removed=False)
    said = notes(failed, "method_model", RU)
    assert "не сошлось" in said
    assert "хи-квадрат" not in said
    assert "из ковариаций опроса не исключена" in said


def test_bias_with_limits_and_their_intervals(bundle):
    russian, english = both(bundle, "agreement_bias")
    assert russian[0] == [
        *("Индекс", "22", "6,3", "[4,3; 8,3]", "8,0"),
        *("[−9,4; 21,9]", "[−12,4; −6,4]", "[18,9; 24,9]"),
    ]
    assert english[1] == [
        *("Friendliness and partnership", "22", "7.3", "[5.3, 9.3]", "9.0"),
        *("[−8.4, 22.9]", "[−11.4, −5.4]", "[19.9, 25.9]"),
    ]
    assert len(english) == 6, "no indicators, no second rows of the bootstrap"
    heads = [column.header for column in TABLES["agreement_bias"](bundle, RU).columns]
    assert [head.replace("\u00a0", " ") for head in heads[6:]] == [
        "Нижняя: интервал (95 %)",
        "Верхняя: интервал (95 %)",
    ]
    assert "только опрос — 1, только чек-лист — 2" in notes(bundle, "agreement_bias", RU)
    assert "exact (noncentral t)" in notes(bundle, "agreement_bias")


def test_differences_without_sampling_error(bundle):
    russian, english = both(bundle, "agreement_net")
    assert russian[0] == [
        *("Индекс", "[−7,5; 20,0]", "18,5", "[15,5; 21,5]"),
        *("0,63", "[0,48; 0,78]", "[−12,5; 25,0]"),
    ]
    assert english[2][:4] == ["Usefulness", "[−5.5, 22.0]", "20.5", "[17.5, 23.5]"]
    assert "90% of the differences" in notes(bundle, "agreement_net")
    assert "не больше 10,0 балла" in notes(bundle, "agreement_net", RU)
    frame = make_results()["agreement"].frame
    no_error = change("agreement", frame=frame[frame["statistic"] != "loa_net_low"])
    assert show(TABLES["agreement_net"](no_error, EN))[0][1] == "—", "one limit is no pair"


def test_concordance_of_linked_scales_has_the_word(bundle):
    russian, english = both(bundle, "agreement_concordance")
    assert russian[0] == [
        *("Индекс", "0,45", "[0,20; 0,70]", "0,44", "[0,19; 0,69]"),
        *("0,44", "[0,24; 0,64]", "0,30", "слабое"),
    ]
    assert english[5] == ["Comfort and convenience", "0.40", "[0.15, 0.65]", *["—"] * 6]
    assert "uninformative at any number of centres" in notes(bundle, "agreement_concordance")
    assert "Koo T. K." in notes(bundle, "agreement_concordance", RU)
    frame = make_results()["agreement"].frame
    rows = (frame["statistic"] == "icc_c1") & (frame["scale"] == "linked")
    high = change("agreement", frame=frame.assign(estimate=frame["estimate"].mask(rows, 0.76)))
    words = [row[-1] for row in show(TABLES["agreement_concordance"](high, EN))]
    assert set(words) == {"good"}


def test_slope_of_the_difference(bundle):
    russian, english = both(bundle, "agreement_proportional")
    assert russian[0] == [
        *("Индекс", "0,35", "[0,05; 0,65]", "0,020", "0,30", "[−0,05; 0,65]"),
    ]
    assert english[1][3] == "0.120"


def test_limits_from_repeated_measurements(bundle):
    russian, english = both(bundle, "agreement_repeated")
    assert russian[0] == [
        *("Индекс", "Повторные чек-листы", "12", "24", "6,0", "[3,0; 9,0]", "[−11,0; 23,0]"),
    ]
    assert english[5][1] == "Repeated checklists"


def test_agreement_of_stars(bundle):
    russian, english = both(bundle, "star_agreement")
    assert russian[0] == ["Доля совпадений", "0,45", "[0,25; 0,65]", "22"]
    assert english[5] == ["Gwet's AC2 with quadratic weights", "0.71", "[0.51, 0.91]", "22"]
    said = notes(bundle, "star_agreement", RU)
    assert "хи-квадрат 9,5, степеней свободы 4, p = 0,050" in said
    margins = make_results()["category_agreement"].margins
    lost = change("category_agreement", margins=margins.assign(p_value=math.nan))
    assert "test is not defined" in notes(lost, "star_agreement")


def test_stars_are_crossed(bundle):
    russian, english = both(bundle, "star_cross")
    assert russian == [
        ["1", "0", "0", "0", "1", "0"],
        ["2", "0", "0", "1", "0", "1"],
        ["3", "0", "0", "3", "4", "2"],
        ["4", "0", "0", "1", "4", "3"],
        ["5", "0", "0", "0", "1", "1"],
    ]
    assert english == russian
    heads = [
        column.header.replace("\u00a0", " ") for column in TABLES["star_cross"](bundle, RU).columns
    ]
    assert heads[:2] == ["Звёзд по опросу", "Чек-лист: 1 ★"]


def test_slopes_by_what_is_taken_for_error(bundle):
    russian, english = both(bundle, "structural_slopes")
    assert english[0] == [
        *("Index", "0.45", "0.60", "[0.35, 0.85]", "0.80", "[0.55, 1.05]", "2.10", "22"),
    ]
    assert english[5][4:6] == ["—", "—"], "the line between traits of comfort is undefined"
    assert russian[0][2:4] == ["0,60", "[0,35; 0,85]"]
    lines = make_results()["structural"].lines
    reversed_order = change("structural", lines=lines[::-1].reset_index(drop=True))
    assert show(TABLES["structural_slopes"](reversed_order, RU), RU) == russian


def test_estimates_of_inflation_and_numbers_of_centres(bundle):
    russian, english = both(bundle, "inflation_summary")
    assert russian[0] == [
        *("Дисперсия эффектов регионов, баллов²", "4,00", "[0,50; 7,50]", "0,110", "—", "3"),
    ]
    assert english[3] == ["Share of inflating centres", "0.06", "[0.01, 0.11]", "0.010", "—", "22"]
    assert english[6] == ["Flagged at the false discovery rate", "—", "—", "—", "1", "22"]
    assert russian[7][0].endswith("(не применять)")


def test_gaps_of_regions(bundle):
    russian, english = both(bundle, "inflation_regions")
    assert russian[0] == ["Округ", "6", "4,0", "3,5", "[0,5; 6,5]", "0,40"]
    assert english[2] == ["Псковская область", "7", "7.5", "7.0", "[4.0, 10.0]", "0.40"]


def test_bunching_at_every_cut_and_at_all(bundle):
    russian, english = both(bundle, "bunching")
    assert russian[0] == ["50", "0", "0", "—", "—", "—"]
    assert english[2] == ["70", "1", "4", "0.80", "[0.28, 1.00]", "0.188"]
    assert russian[4] == ["все границы", "4", "8", "0,67", "[0,35; 0,90]", "0,194"]


def test_effect_of_the_rule_on_stars(bundle):
    russian, english = both(bundle, "audit_effect")
    assert russian[2] == ["3", "0", "0", "9", "3", "0"]
    assert english[3] == ["4", "0", "0", "2", "7", "0"]
    assert "what the rule would do" in notes(bundle, "audit_effect")
    assert "следуют этому правилу" in notes(change("audit", applied=True), "audit_effect", RU)


def test_decisions_are_counted(bundle):
    russian, english = both(bundle, "audit_summary")
    assert russian[2] == ["Чек-лист не учтён, назначена проверка", "1", "26"]
    assert english[5] == ["Stars provisional", "1", "24"]
    assert "z above 1.96; for z above 3.09" in notes(bundle, "audit_summary")


GAP_RU = (
    "разность чек-листа и опроса 41,0 балла, в регионе ожидается 4,5: z = 4,23, граница 3,09,"
    " q = 0,002; все показатели чек-листа с высшим баллом"
)
GAP_EN = (
    "checklist less survey 41.0 points, 4.5 are expected in the region: z = 4.23,"
    " limit 3.09, q = 0.002; all indicators of the checklist with the highest score"
)


def test_audits_for_gaps_stand_before_those_by_lot(bundle):
    russian, english = both(bundle, "audit_list")
    assert russian == [
        [
            *("c7", "ЦЗН № 7", "Край", "86", "58,0", "99,0", GAP_RU),
        ],
        [
            *("c2", "ЦЗН № 2", "Псковская область", "300", "62,5", "67,5", "выбран по жребию"),
        ],
        [
            *("c20", "ЦЗН № 20", "Округ", "190", "74,5", "71,5", "выбран по жребию"),
        ],
    ]
    assert english[0][-1] == GAP_EN
    assert "5 % центров, начальное число генератора — 1" in notes(bundle, "audit_list", RU)


def test_audit_list_needs_no_bundle_and_is_sorted_by_z():
    audit = make_results()["audit"]
    frame = audit.centres.assign(audit="gap")
    frame.loc[frame["centre"] == "c3", ["audit", "unverifiable_flagged"]] = ["random", True]
    frame.loc[frame["centre"] == "c7", "q_value"] = math.nan
    frame = frame[frame["centre"].isin(["c3", "c7", "c12"])]
    spec = build_audit_list(dataclasses.replace(audit, centres=frame), load_small_methodology(), RU)
    assert [row[0] for row in spec.rows] == ["c7", "c12", "c3"]
    assert spec.rows[0][-1].endswith("граница 3,09; все показатели чек-листа с высшим баллом")
    assert spec.rows[2][1] == HOSTILE
    assert spec.rows[2][-1] == (
        "выбран по жребию; разность сосредоточена в показателях, которые нельзя проверить"
    )
    text = to_machine_csv(spec).decode("utf-8")
    assert "разность чек-листа и опроса 41,0\u00a0балла" in text
    assert text.splitlines()[1].split(",")[3] == "86"
    nobody = dataclasses.replace(audit, centres=audit.centres.assign(audit=""))
    assert build_audit_list(nobody, load_small_methodology(), EN).rows == ()


SOURCES = {
    "comparability_shares": ("comparability", "shares"),
    "scale_links": ("comparability", "links"),
    "link_knots": ("comparability", "knots"),
    "centres_not_compared": ("comparability", "centres"),
    "side_reliability_parts": ("side_reliability", "frame"),
    "survey_reliabilities": ("side_reliability", "centres"),
    "multitrait_group_correlations": ("multitrait", "correlations"),
    "multitrait_group_criteria": ("multitrait", "criteria"),
    "multitrait_group_htmt": ("multitrait", "htmt"),
    "multitrait_indicator_correlations": ("multitrait_indicators", "correlations"),
    "multitrait_indicator_criteria": ("multitrait_indicators", "criteria"),
    "multitrait_indicator_htmt": ("multitrait_indicators", "htmt"),
    "method_variance_parts": ("method_variance", "frame"),
    "method_variance_check": ("method_variance", "check"),
    "method_model_parameters": ("method_model", "parameters"),
    "method_model_shares": ("method_model", "shares"),
    "method_model_fit": ("method_model", "fit"),
    "agreement_parts": ("agreement", "frame"),
    "agreement_points": ("agreement", "points"),
    "agreement_by_answers": ("agreement", "by_answers"),
    "agreement_regression": ("agreement", "regression"),
    "agreement_repeated_parts": ("agreement", "repeated"),
    "category_parts": ("category_agreement", "frame"),
    "category_margins": ("category_agreement", "margins"),
    "category_cells": ("category_agreement", "table"),
    "structural_lines": ("structural", "lines"),
    "structural_constants": ("structural", "constants"),
    "inflation_centres": ("inflation", "centres"),
    "inflation_funnel": ("inflation", "funnel"),
    "inflation_power": ("inflation", "power"),
    "audit_centres": ("audit", "centres"),
}
MEASURES = {
    "estimate": "estimate",
    "linked": "linked",
    "limits_low": "low",
    "proportional_slope": "slope",
    "chi_square": "statistic",
    "gap_z": "z",
    "funnel_high": "high",
    "share_found": "share",
    "composite": "composite",
}
"""Column of a table -> column of its frame."""


def test_every_file_table_is_looked_at():
    assert set(SOURCES) == {recipe.name for recipe in FILES}


@pytest.mark.parametrize("name", sorted(SOURCES))
def test_file_tables_have_every_row_and_number_of_their_frame(bundle, name):
    spec = TABLES[name](bundle, EN)
    result, field = SOURCES[name]
    frame = getattr(bundle.results[result], field)
    assert len(spec.rows) == len(frame)
    for place, column in enumerate(spec.columns):
        source = MEASURES.get(column.key)
        if source in frame:
            shown = [math.nan if row[place] is None else row[place] for row in spec.rows]
            assert shown == pytest.approx(frame[source].tolist(), nan_ok=True)


FIRST = {
    "comparability_shares": "Дружелюбие и партнерство|Опрос|Доля центров с высшим баллом|0,0000|"
    "[−0,0500; 0,0500]|26",
    "scale_links": "Индекс|по среднему и стандартному отклонению|Сдвиг, баллов|−4,5000|"
    "[−14,5000; 5,5000]|22",
    "link_knots": "Индекс|40,0000|50,0000",
    "side_reliability_parts": "Индекс|Опрос|Средняя надёжность центров|0,7500|[0,6700; 0,8300]|25",
    "survey_reliabilities": "Индекс|Псковская область|c1|400|0,9091|[0,8591; 0,9591]",
    "multitrait_group_correlations": "Опрос|Дружелюбие и партнерство|Опрос|Полезность|"
    "Разное, один источник|ничего|ничего|0,6000|0,1000|[0,4000; 0,8000]|22",
    "multitrait_group_criteria": "1: больше нуля|ничего|Все группы|Число выполненных неравенств|5|"
    "5,0000|—|[2,0000; 5,0000]|22",
    "multitrait_group_htmt": "HTMT: разные источники к одной и той же группе|ничего|"
    "Дружелюбие и партнерство|Полезность|0,8000|0,1000|[0,6000; 1,0000]|22",
    "multitrait_indicator_htmt": "HTMT: разные источники к одной и той же группе|ничего|"
    "Профессиональная компетентность сотрудников|Коммуникация сотрудников|0,8000|0,1000|"
    "[0,6000; 1,0000]|22",
    "method_variance_parts": "Центры внутри регионов|Все группы|Подтверждено обоими источниками|"
    "18,0000|2,0000|[14,0000; 22,0000]|22",
    "method_variance_check": "в том числе общее у всех групп|9,5000|2,5000|[0,5000; 14,5000]|22",
    "method_model_parameters": "Нагрузка на свойство|Опрос|"
    "Профессиональная компетентность сотрудников|—|5,0000|0,5000|[4,0000; 6,0000]|0,8000",
    "method_model_shares": "Все группы|Опрос|Подтверждённое|0,6400|[0,5400; 0,7400]",
    "method_model_fit": "Хи-квадрат|812,4000",
    "agreement_parts": "Индекс|Индекс|Как измерено|Смещение, баллов|6,2500|1,0000|"
    "[4,2500; 8,2500]|по формуле|22",
    "agreement_points": "Индекс|Псковская область|c1|400|56,0000|1,5000|49,0000|42,0500",
    "agreement_by_answers": "Индекс|30|−18,7045|31,2045",
    "agreement_regression": "Индекс|−18,0000|0,3500|0,020|8,0000|−0,0300|58,0000|88,0000",
    "agreement_repeated_parts": "Индекс|Повторные чек-листы|Смещение, баллов|6,0000|"
    "[3,0000; 9,0000]|12|24",
    "category_parts": "Звёзды|Звёзды|Доля совпадений|0,4545|0,1000|[0,2545; 0,6545]|22",
    "category_margins": "Звёзды|Звёзды|9,5000|4|0,050|0,050|22",
    "category_cells": "Звёзды|Звёзды|1|1|0",
    "structural_lines": "Индекс|Наименьшие квадраты, чек-лист по опросу|Свободный член, баллов|"
    "43,5000|5,0000|[33,5000; 53,5000]|по формуле|22",
    "structural_constants": "Индекс|Доля дисперсии опроса без ошибки выборки|0,7500",
    "inflation_centres": "Край|c7|58,0000|99,0000|41,0000|3,2350|4,5000|8,6293|4,2298|0,003|0,002|"
    "да|0,9800|20|1,0000|да|да|20,5000|2,1149|0,500|нет",
    "inflation_funnel": "0,9500|1,5000|−15,9532|15,9532",
    "inflation_power": "0,1000|22,5000",
    "audit_centres": "c1|ЦЗН № 1|Псковская область|400|56,0000|1,5000|49,0000|−7,0000|7,0000|"
    "−1,7200|1,000|0,3000|53,9000|1,2500|0,9091|нет|2|2|2|объединены оба источника|—|—|нет|нет|нет",
}


@pytest.mark.parametrize("name", sorted(FIRST))
def test_first_rows_of_file_tables(bundle, name):
    assert "|".join(show(TABLES[name](bundle, RU), RU)[0]) == FIRST[name]


def test_what_is_not_known_is_a_gap_and_not_a_no(bundle):
    rows = {row[1]: row for row in show(TABLES["inflation_centres"](bundle, EN))}
    assert rows["c6"][-4:] == ["—", "—", "—", "—"]
    assert rows["c12"][-1] == "yes"
    decisions = {row[0]: row for row in show(TABLES["audit_centres"](bundle, EN))}
    assert decisions["c24"][-6:] == ["survey only", "No checklist was delivered.", *["—"] * 4]


def test_rows_of_the_bootstrap_and_of_indicators_are_in_the_files(bundle):
    rows = show(TABLES["agreement_parts"](bundle, EN))
    assert rows[1][6:8] == ["[4.2000, 8.3000]", "bootstrap over centres"]
    assert ["Indicator", "No waiting"] in [row[:2] for row in rows]


def test_reasons_of_what_is_not_defined(bundle):
    russian, english = both(bundle, "agreement_gaps")
    assert russian[1] == [
        *("Надёжность источников", "Внешний комфорт и удобство", "Надёжность чек-листа"),
        *("Все оценки одного из источников одинаковы.", "—"),
    ]
    names = [row[2] for row in english]
    assert names[0] == "Survey: Share of centres with equal scores"
    assert "Correlation without sampling error" in names
    assert "Between traits (no halo, nothing specific)" in names
    assert russian[2][-1] == "Внешний комфорт и удобство"
    assert len(english) == 11


def test_a_detail_names_a_side_or_all_and_an_unknown_statistic_keeps_its_key():
    left_out = make_results()["structural"].left_out
    told = left_out.assign(statistic="", detail="checklist")
    rows = show(TABLES["agreement_gaps"](change("structural", left_out=told), EN))
    assert ["Lines", "Comfort and convenience", "—"] in [row[:3] for row in rows]
    assert "Checklist" in [row[-1] for row in rows]
    told = left_out.assign(statistic="some_line", detail="all")
    rows = show(TABLES["agreement_gaps"](change("structural", left_out=told), RU), RU)
    assert ["some_line", "все"] in [[row[2], row[-1]] for row in rows]
    left_out = make_results()["method_variance"].left_out.assign(statistic="region_halo")
    rows = show(TABLES["agreement_gaps"](change("method_variance", left_out=left_out), EN))
    assert "Regions: General impression of visitors (halo)" in [row[2] for row in rows]


@pytest.mark.parametrize("language", ["ru", "en"])
def test_every_table_has_its_texts_and_headings_differ_between_tables(bundle, language):
    wording = load_wording(language)
    captions = [recipe(bundle, wording).caption for recipe in RECIPES]
    assert len(set(captions)) == len(captions)
    sheets = [wording.text(f"table.{name}.sheet") for name in TABLES]
    own = [wording.text(f"table.{recipe.name}.sheet") for recipe in RECIPES]
    assert [name for name in own if sheets.count(name) > 1] == []
    for recipe in RECIPES:
        assert f"[-@tbl-{recipe.name.replace('_', '-')}]" in wording.text(
            f"table.{recipe.name}.lead"
        )


def test_whether_groups_are_told_apart_over_the_sources(bundle):
    russian, english = both(bundle, "multitrait_htmt")
    frame = make_results()["multitrait"].htmt
    chosen = frame[(frame["statistic"] == "htmt_between") & (frame["removed"] == "none")]
    assert len(english) == len(chosen) == 10
    assert english[0][:2] == ["Friendliness and partnership", "Usefulness"]
    row = chosen.iloc[0]
    assert english[0][2] == f"{row['estimate']:.2f}"
    assert english[0][3] == f"[{row['ci_low']:.2f}, {row['ci_high']:.2f}]"
    assert russian[0][2] == english[0][2].replace(".", ",")
