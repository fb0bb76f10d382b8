"""Tables of stars and their uncertainty: cells as a document shows them, in both languages."""

from __future__ import annotations

import csv
import io
from typing import get_args

import pandas as pd
import pytest
from openpyxl import load_workbook

from clientindex.methodology.doubt_settings import ShrinkageSettings
from clientindex.publishing.table_files import make_cover
from clientindex.results import COUNTRY, Unavailable, load_bundle
from clientindex.results.change import FINER_PARTS, PARTS
from clientindex.tables import TABLES
from clientindex.tables.csv_files import to_excel_csv, to_machine_csv
from clientindex.tables.flat import list_headers, list_keys
from clientindex.tables.rating import RECIPES
from clientindex.tables.workbook import HEADER_ROW, write_workbook
from presentation_bundle import HOSTILE, make_bundle, make_results, save_bundle
from presentation_rating import WITHOUT_ROWS
from table_shown import EN, RU, both, change, notes, show

NAMES = [recipe.name for recipe in RECIPES]


@pytest.fixture(scope="module")
def bundle():
    return make_bundle()


def find(rows, *start):
    """Return the rest of the only row that begins with these cells."""
    found = [row[len(start) :] for row in rows if row[: len(start)] == list(start)]
    assert len(found) == 1, (start, found)
    return found[0]


def test_a_stored_bundle_gives_the_same_tables(bundle, tmp_path):
    loaded = load_bundle(save_bundle(bundle, tmp_path / "bundle"))
    for recipe in RECIPES:
        assert recipe(loaded, RU) == recipe(bundle, RU), recipe.name


def test_routes_tell_how_many_stars_are_right(bundle):
    russian, english = both(bundle, "doubt_summary")
    assert russian == [
        ["по ответам самого центра", "84,4", "0,00", "100,0", "0,6", "0,00", "1", "4"],
        ["по розыгрышам", "83,9", "0,60", "100,0", "0,6", "0,02", "1", "4"],
        [
            "среди похожих центров",
            *("87,8", "0,00", "100,0", "0,5", "0,00", "1", "4"),
        ],
    ]
    assert english[1][:3] == ["by draws", "83.9", "0.60"]
    assert "не ниже 95 %" in notes(bundle, "doubt_summary", RU)
    assert "Draws: 1,000" in notes(bundle, "doubt_summary")
    summary = make_results()["star_doubt"].summary
    alone = change("star_doubt", summary=summary[summary["route"] == "normal"])
    assert len(TABLES["doubt_summary"](alone, RU).rows) == 1
    nearly = summary.assign(estimate=summary["estimate"].replace(1.0, 0.99996))
    assert show(TABLES["doubt_summary"](change("star_doubt", summary=nearly), EN))[0][3] == "> 99.9"


def test_true_stars_beside_those_given(bundle):
    spec = TABLES["doubt_table"](bundle, RU)
    assert [column.key for column in spec.columns][:2] == ["star_given", "true_1"]
    assert show(spec, RU)[3] == ["4", "0,0", "0,0", "0,5", "1,5", "0,0"]
    assert spec.columns[2].header == "Истинных 2\u00a0★"
    assert show(TABLES["doubt_table"](bundle, EN))[2] == ["3", "0.0", "0.1", "0.9", "0.0", "0.0"]
    halves = make_results()["star_doubt"].table.astype("Float64").replace({5.0: 4.5})
    spec = TABLES["doubt_table"](change("star_doubt", table=halves), RU)
    assert spec.columns[-1].header == "Истинных 4,5\u00a0★"
    assert spec.columns[-1].key == "true_4_5"
    assert [row[0] for row in show(spec, RU)] == ["1,0", "2,0", "3,0", "4,0", "4,5"]


def test_cut_points_are_told_where_they_come_from_the_data(bundle):
    assert TABLES["star_cuts"](bundle, RU).rows == ()
    cuts = make_results()["star_doubt"].cuts
    found = cuts.assign(ci_low=cuts["cut"] - 2.5, ci_high=cuts["cut"] + 3.25)
    rows = show(TABLES["star_cuts"](change("star_doubt", cuts=found), RU), RU)
    assert rows[0] == ["2", "50,00", "[47,50; 53,25]"]
    peers = found.assign(peer_group="Города")
    rows = show(TABLES["star_cuts"](change("star_doubt", cuts=peers), EN))
    assert rows[3] == ["Города", "5", "80.00", "[77.50, 83.25]"]


def test_the_least_sure_centres_stand_first(bundle):
    russian, english = both(bundle, "unsure_centres")
    told = ["4", "71,0", "[68,1; 73,9]", "300", "0,75", "9,0 (6,0)", "1,0 (0,7)"]
    assert russian[0] == ["ЦЗН № 2", *told]
    assert [row[0] for row in russian] == ["ЦЗН № 2", "ЦЗН № 4", HOSTILE, "ЦЗН № 1"]
    assert russian[3][-2:] == ["нет", "5,3 (5,3)"]
    assert english[2][1:] == [
        *("3", "62.5", "[58.6, 66.4]", "250", "0.89", "7.5 (3.8)", "2.5 (1.3)")
    ]
    assert "не более 15" in notes(bundle, "unsure_centres", RU)
    assert "по неокруглённому индексу" in notes(bundle, "unsure_centres", RU)
    centres = make_results()["star_doubt"].centres
    near = centres.assign(points_up=centres["points_up"].replace(9.0, 0.04), errors_up=0.02)
    rows = show(TABLES["unsure_centres"](change("star_doubt", centres=near), EN))
    assert rows[0][-2] == "< 0.1 (< 0.1)"
    led = change("star_doubt", leading="draws")
    assert show(TABLES["unsure_centres"](led, EN))[0][0] == "ЦЗН № 4"
    assert show(TABLES["unsure_centres"](led, EN))[0][5] == "0.72"
    assert "(by draws)" in notes(led, "unsure_centres")


def test_certain_stars_are_counted_by_star(bundle):
    russian, _ = both(bundle, "certain_stars")
    assert russian == [["3", "1", "0"], ["4", "2", "0"], ["5", "1", "1"]]
    assert "not" not in notes(bundle, "certain_stars")
    assert "at least 95%" in notes(bundle, "certain_stars")


def test_the_best_centres_with_all_that_is_known_of_their_ranks(bundle):
    russian, english = both(bundle, "rank_top")
    assert russian[0] == [*("1", "ЦЗН № 1", "[1; 1]", "[1; 1]", "[1; 1]", "[1; 1]", "99,0", "400")]
    assert english[3] == ["4", HOSTILE, "[3, 4]", "[4, 4]", "[4, 4]", "[3, 4]", "< 0.1", "250"]
    heads = [column.header for column in TABLES["rank_top"](bundle, RU).columns]
    assert heads[4:6] == ["Множество одного центра", "Множества всех вместе"]
    assert "лучших 10 % — 1" in notes(bundle, "rank_top", RU)
    ranks = make_results()["ranks"]
    sets = [name for name in ranks.frame if name.startswith(("marginal", "simultaneous"))]
    frame = ranks.frame.assign(**dict.fromkeys(sets, pd.NA))
    frame = frame.astype(dict.fromkeys(sets, "Int64"))
    left_out = pd.DataFrame(
        [(COUNTRY, "sets", "switched_off", "")], columns=list(ranks.left_out), dtype="str"
    )
    off = change("ranks", frame=frame, left_out=left_out)
    assert show(TABLES["rank_top"](off, RU), RU)[0][4:6] == ["—", "—"]
    assert "Доверительные множества мест: Отключено в методике." in notes(off, "rank_top", RU)


def test_means_of_regions_in_two_ways_say_what_is_missing(bundle):
    russian, english = both(bundle, "regional_means")
    assert russian[0] == [
        *("Край", "74,5", "[39,6; 75,0]", "72,3", "[40,0; 100,0]", "3", "3", "470")
    ]
    assert russian[1] == ["Округ", "—", "—", "—", "—", "0", "1", "0"]
    assert english[3] == ["All regions", "76.0", "[62.1, 89.8]", "—", "—", "5", "6", "1,170"]
    told = notes(bundle, "regional_means", RU)
    assert "Среднее по центрам, баллов: Оценок нет. Число таких строк: 1." in told
    assert "Число посетителей известно не для всех центров. Число таких строк: 2." in told
    assert "a sample of those that could be" in notes(bundle, "regional_means")


def test_variance_between_regions_with_reasons_where_there_is_none(bundle):
    russian, english = both(bundle, "region_components")
    assert russian[0] == ["Индекс", "0,05", "[0,00; 0,50]", "4,0", "80,0", "11,3", "5", "2"]
    assert english[1][0] == "Friendliness and partnership"
    assert "Comfort and convenience: All scores are equal." in notes(bundle, "region_components")
    russian, _ = both(bundle, "region_variances")
    share = ["Между центрами региона, баллов²", "80,0000", "20,0000", "—", "5", "2"]
    assert russian[1] == ["Индекс", *share]
    assert russian[3][1:] == ["Ошибка выборки центра, баллов²", "11,3000", "—", "—", "5", "2"]


def test_without_components_the_table_of_variance_has_no_rows_and_says_why():
    fields = make_results()["regional"]
    rows = [["index", "components", "one_region", "4"]]
    left_out = pd.DataFrame(rows, columns=list(fields.left_out), dtype="str")
    columns = list(fields.components)
    one = change("regional", components=pd.DataFrame(columns=columns), left_out=left_out)
    assert TABLES["region_components"](one, EN).rows == ()
    assert "Index: There is only one region." in notes(one, "region_components")


def test_over_dispersion_of_both_funnels(bundle):
    russian, english = both(bundle, "funnel_dispersion")
    assert russian[0] == [
        *("Центры", "72,0", "4", "30,00", "5,48", "8,0", "198,7", "< 0,001", "1", "0")
    ]
    assert english[1][:4] == ["Regions", "74.0", "2", "0.50"]
    assert "Spiegelhalter" in notes(bundle, "funnel_dispersion", RU)


def test_unusual_centres_and_regions_state_their_rate(bundle):
    russian, english = both(bundle, "unusual_centres")
    told = ["выше", "85,3", "[83,3; 87,2]", "400", "2,50", "0,046", "—"]
    assert russian == [["ЦЗН № 1", "Псковская область", *told]]
    assert english[0][2] == "above"
    assert "открытий 5 %" in notes(bundle, "unusual_centres", RU)
    assert "median weighted by precision" in notes(bundle, "unusual_centres")
    assert TABLES["unusual_regions"](bundle, RU).rows == ()
    frame = make_results()["regional"].regions
    found = frame.assign(flagged_additive=["", "low"])
    rows = show(TABLES["unusual_regions"](change("regional", regions=found), EN))
    assert rows == [["Край", "below", "66.8", "6.50", "2", "−1.12", "0.492"]]


def test_models_of_the_index_and_their_methods(bundle):
    russian, english = both(bundle, "shrinkage_summary")
    mean = ["Моррис", "72,50", "4,75", "[63,19; 81,81]", "4"]
    assert find(russian, "Общее среднее, баллов") == mean
    assert len(russian) == 12
    assert find(english, "Region Псковская область, points") == [
        "REML",
        "12.50",
        "8.00",
        "[−3.18, 28.18]",
        "3",
    ]
    assert find(russian, "Регион Псковская область, баллов")[0] == "REML"
    told = notes(bundle, "shrinkage_summary", RU)
    assert "не меньше 30" in told
    assert "отличие от региона «Край»" in told
    models = make_results()["shrinkage"].models
    without = models[~models["statistic"].str.startswith("coefficient.region.")]
    told = TABLES["shrinkage_summary"](change("shrinkage", models=without), EN).notes
    assert len(told) == 1


def test_errors_of_resampled_respondents(bundle):
    russian, english = both(bundle, "error_check_summary")
    assert russian[0] == [
        *("Все центры со звёздами", "4", "1,050", "[0,994; 1,050]", "5,0", "0,10")
    ]
    assert english[1] == ["With few respondents", "1", "—", "—", "—", "—"]
    assert "меньше 250" in notes(bundle, "error_check_summary", RU)
    summary = make_results()["error_check"].summary
    none = summary.assign(n=summary["n"].where(summary["centres"] != "small_n", 0))
    assert len(TABLES["error_check_summary"](change("error_check", summary=none), RU).rows) == 1
    russian, _ = both(bundle, "error_check_centres")
    assert find(russian, "Край", "c4") == ["200", "да", "1,5000", "—", "—", "—", "199"]


def test_the_change_in_a_few_numbers(bundle):
    russian, english = both(bundle, "change_summary")
    assert russian[0] == [
        "Изменение среднего опубликованного индекса, все центры",
        *("3,53", "[−7,58; 14,64]", "0,427", "—", "7"),
    ]
    assert find(russian, "Объединённые из нескольких") == ["—", "—", "—", "1", "—"]
    assert find(english, "Change tested") == ["—", "—", "—", "4", "5"]
    assert find(english, "Index rose beyond chance")[-2:] == ["1", "4"]
    assert find(english, "of them in another region")[-1] == "5"
    assert find(english, "As many stars as before")[-2:] == ["2", "3"]
    told = notes(bundle, "change_summary", RU)
    assert "прежняя 2025, новая 2026" in told
    assert "отделить нельзя. Это: поправка на состав посетителей." in told


def test_parts_of_the_change_of_the_country(bundle):
    russian, english = both(bundle, "change_parts")
    assert russian[:4] == [
        ["Всё изменение", "—", "3,53", "[−7,58; 14,64]", "7"],
        ["Методика", "Всё изменение", "0,35", "[−0,21; 0,91]", "6"],
        ["Состав центров", "Всё изменение", "2,43", "[−1,73; 6,59]", "7"],
        ["Изменение оценок в тех же центрах", "Всё изменение", "0,75", "[−6,19; 7,69]", "5"],
    ]
    assert english[3][0] == "Change of scores in the same centres"
    assert "Method, composition and the change of scores in the same centres sum" in notes(
        bundle, "change_parts"
    )
    assert len(english) == 10
    regions, _ = both(bundle, "change_region_parts")
    assert find(regions, "Псковская область", "Изменение оценок в тех же центрах") == [
        *("Всё изменение", "0,7500", "—", "—", "1")
    ]
    assert find(regions, "Округ", "Всё изменение") == ["—", "—", "—", "—", "0"]


def test_transitions_of_stars(bundle):
    spec = TABLES["star_transitions"](bundle, RU)
    rows = show(spec, RU)
    assert [column.header.replace("\u00a0", " ") for column in spec.columns][5:] == [
        *("Теперь 5 ★", "Теперь без звёзд", "Теперь нет в реестре")
    ]
    assert rows[4] == ["5 ★", "0", "0", "0", "0", "1", "1", "0"]
    assert rows[5] == ["без звёзд", "0", "0", "1", "0", "0", "0", "0"]
    assert show(TABLES["star_transitions"](bundle, EN))[6][0] == "not in the register"
    frame = make_results()["change"].transitions.replace({"5": "4.5"})
    halves = TABLES["star_transitions"](change("change", transitions=frame), RU)
    assert show(halves, RU)[4][0] == "4,5 ★"
    assert halves.columns[5].key == "now_4_5"


def test_centres_that_changed_beyond_chance(bundle):
    russian, english = both(bundle, "change_flagged")
    told = ["80,5 → 85,3", "4,8", "[1,8; 7,7]", "0,005", "5 → 5"]
    assert russian[0] == ["ЦЗН № 1", "Псковская область", *told]
    assert english[1][0] == HOSTILE
    assert english[1][-1] == "without stars → 3"
    assert "Centres tested: 4" in notes(bundle, "change_flagged")


def test_indicators_in_which_methods_differ(bundle):
    russian, english = both(bundle, "change_indicators")
    assert [row[1] for row in russian] == ["переводится в баллы иначе", "новый", "исключён"]
    assert english[2] == ["Parking", "gone", "Comfort and convenience", "—", "5.0", "—"]
    frame = make_results()["change"].indicators
    weighed = frame.assign(weight_after=frame["weight_after"].mask(frame.index == 0, 0.07))
    rows = show(TABLES["change_indicators"](change("change", indicators=weighed), EN))
    assert rows[0][1] == "weight only"
    assert rows[0][-2:] == ["5.0", "7.0"]


def test_every_centre_of_both_editions(bundle):
    russian, english = both(bundle, "change_centres")
    merged = find(russian, "Край", "Край", "c3")
    assert merged[1:3] == ["в обоих", "2"]
    assert merged[-5:] == ["—", "3", "Прежних центров было несколько", "—", "—"]
    moved = find(russian, "Край", "Псковская область", "c4")
    assert moved[1] == "в другом регионе"
    new = find(english, "Округ", "—", "c6")
    assert new[-3:-1] == ["Not in the register", "No answers"]
    small = find(russian, "Край", "Край", "c5")
    assert small[-1] == "Респондентов меньше, чем нужно для звёзд."


def test_raking_of_scopes_and_why_it_did_not_end(bundle):
    russian, english = both(bundle, "weights_scopes")
    assert russian[0] == ["Край", "470", "2", "12", "0,0000", "3", "да", "—"]
    assert russian[1] == [
        *("Псковская область", "700", "1", "1 000", "0,0214", "0", "нет"),
        "Веса не сошлись с известными итогами и остались прежними.",
    ]
    assert english[0][6] == "yes"
    assert "не больше 5,0 среднего" in notes(bundle, "weights_scopes", RU)
    free = change("answer_weights", trim=float("nan"))
    assert "Weights have no limit." in notes(free, "weights_scopes")
    strict = change("answer_weights", tolerance=1e-9)
    assert "gap is below 0.000000001;" in notes(strict, "weights_scopes")
    left_out = make_results()["answer_weights"].left_out
    level = left_out.assign(
        reason=left_out["reason"].replace({"collapsed": "empty_level"}),
    )
    refused = change("answer_weights", left_out=level)
    assert show(TABLES["weights_scopes"](refused, RU), RU)[0][-1] == (
        "В опросе нет никого с признаком, который есть у посетителей."
    )


def test_what_weights_do_to_the_index(bundle):
    russian, english = both(bundle, "weights_effect")
    told = ["64,8", "1,80", "62,5", "2,00", "−2,25", "250", "200,0"]
    assert russian[0] == [HOSTILE, *told]
    assert [row[0] for row in english] == [HOSTILE, "ЦЗН № 5", "ЦЗН № 4"]
    margins, _ = both(bundle, "weights_margins")
    assert find(margins, "Край", "Граждане", "возраст", "16–17") == [
        *("16–17 + 18–35", "100", "0", "1,2500", "0,0000", "0,0000")
    ]


def test_what_the_adjustment_for_case_mix_does(bundle):
    russian, english = both(bundle, "case_mix_effect")
    assert russian[0] == [
        *("basic", "пол, возраст", "5", "0,996", "0,975", "0,89", "1,50", "4", "1")
    ]
    assert english[1][1] == "sex, age, survey channel"
    assert "без поправки" in notes(bundle, "case_mix_effect", RU)
    assert "set: full" in notes(change("case_mix", published="full"), "case_mix_effect")
    levels, _ = both(bundle, "case_mix_levels")
    assert find(levels, "basic", "Граждане", "пол", "неизвестно") == ["50", "5,0", "учтён"]
    assert find(levels, "full", "Граждане", "канал опроса", "phone")[-1] == (
        "не отличить от других"
    )
    centres, _ = both(bundle, "case_mix_centres")
    assert find(centres, "basic", "c4")[-2:] == ["4", "3"]
    assert find(centres, "basic", "c5")[-2:] == ["—", "—"]
    coefficients, _ = both(bundle, "case_mix_coefficients")
    assert coefficients[2][3:] == [
        *("пол", "male", "female", "−1,7500", "0,4000", "[−2,5300; −0,9700]", "1 000")
    ]
    variance, _ = both(bundle, "case_mix_variance")
    assert [row[-1] for row in variance] == ["1,2500", "—", "2,7500"]


def test_parts_of_the_index_sum_to_it(bundle):
    spec = TABLES["score_parts"](bundle, RU)
    rows = show(spec, RU)
    assert rows[0] == [
        *("c1", "Группа", "Дружелюбие и партнерство"),
        *("0,2000", "84,0000", "16,8000", "16,0250", "0,7750"),
    ]
    assert find(rows, "c3", "Группа", "Минимизация усилий")[:3] == ["0,0000", "—", "0,0000"]
    groups = [row for row in spec.rows if row[1] == "Группа" and row[0] == "c1"]
    assert sum(row[5] for row in groups) == pytest.approx(85.25)


def test_stars_of_every_centre_in_files(bundle):
    russian, _ = both(bundle, "star_probabilities")
    assert find(russian, "c3", "3") == ["0,8850", "0,8850", "0,9200"]
    russian, english = both(bundle, "star_doubt_centres")
    assert find(russian, "Край", "c5", "ЦЗН № 5")[-1] == "Малая выборка"
    told = find(english, "Псковская область", "c1", "ЦЗН № 1")
    assert told[-6:] == ["—", "—", "5.2500", "5.2500", "yes", "—"]
    russian, _ = both(bundle, "rank_intervals")
    assert find(russian, "Все регионы", "c2") == [
        *("2", "[2; 3]", "2,5000", "[2; 3]", "[2; 3]", "[2; 4]", "0,5000", "нет", "нет")
    ]
    assert find(russian, "Край", "c4")[4:6] == ["—", "—"]
    scopes, _ = both(bundle, "rank_scopes")
    assert scopes[1] == ["Край", "2", "1", "—", "—", "—"]


def test_scores_drawn_together_in_files(bundle):
    _, english = both(bundle, "shrunken_scores")
    told = find(english, "Index", "Псковская область", "c2")
    assert told[:4] == ["300", "71.0000", "1.5000", "71.1000"]
    assert told[-4:] == ["—", "—", "—", "—"]
    russian, _ = both(bundle, "shrinkage_models")
    assert len(russian) == 14
    centres, _ = both(bundle, "funnel_centres")
    assert find(centres, "Псковская область", "c1")[-8:-4] == ["2,5000", "0,012", "0,046", "выше"]
    regions, _ = both(bundle, "funnel_regions")
    assert find(regions, "Край")[:3] == ["2", "66,7500", "6,5000"]
    limits, _ = both(bundle, "funnel_limits")
    assert limits[0] == [
        *("Центры", "без сверхдисперсии", "95,0000", "0,9500", "748", "70,1380", "73,8620")
    ]
    means, _ = both(bundle, "region_score_means")
    assert find(means, "Псковская область", "Внешний комфорт и удобство", "по центрам")[:3] == [
        *("66,0500", "—", "—")
    ]


def test_all_that_is_not_defined_has_its_reason(bundle):
    russian, english = both(bundle, "rating_gaps")
    assert find(russian, "Состав индекса", "c2") == [
        *("—", "Вклады не складываются в индекс.", "1,25")
    ]
    assert find(russian, "Места", "Край", "Доверительные множества мест")[-1] == "1000"
    assert find(english, "Regions and funnels", "Округ", "by centres: Index")[0] == (
        "There are no scores."
    )
    assert find(english, "Change", "All regions", "Method")[-1] == "adjustment for case mix"
    assert find(russian, "Веса ответов", "Край; Граждане; возраст; 16–17")[-1] == "18–35"
    silent = find(russian, "Состав посетителей", "full; Работодатели")
    assert silent[-1] == "Коммуникация сотрудников"
    shrinkage = make_results()["shrinkage"]
    row = ("index", "", "fay_herriot", "dependent_covariates", "a message")
    left_out = pd.DataFrame([row], columns=list(shrinkage.left_out), dtype="str")
    rows = show(TABLES["rating_gaps"](change("shrinkage", left_out=left_out), RU), RU)
    told = find(rows, "Стянутые оценки", "Индекс")
    assert told[1:] == ["Ковариаты регрессии зависят друг от друга.", "—"]


@pytest.mark.parametrize("name", NAMES)
def test_a_table_of_an_absent_result_says_why(name):
    results = make_results()
    needs = TABLES[name].needs
    kept = {key: value for key, value in results.items() if key not in needs}
    lost = {need: Unavailable(stage="rating", reason="no_stars") for need in needs}
    told = TABLES[name].explain_absence(make_bundle(results=kept | lost), wording=RU)
    assert "Ни у одного центра нет звёзд." in told
    assert TABLES[name].explain_absence(make_bundle(results=kept), wording=EN)


@pytest.mark.parametrize("wording", [RU, EN], ids=["ru", "en"])
@pytest.mark.parametrize("name", NAMES)
def test_every_table_comes_back_from_csv(bundle, name, wording):
    spec = TABLES[name](bundle, wording)
    assert bool(spec.rows) == (name not in WITHOUT_ROWS)
    rows = list(csv.reader(io.StringIO(to_machine_csv(spec).decode())))
    assert rows[0] == [key for column in spec.columns for key in list_keys(column)]
    assert len(rows) == len(spec.rows) + 1
    for row, cells in zip(spec.rows, rows[1:], strict=True):
        flat = [
            value
            for cell, column in zip(row, spec.columns, strict=True)
            for value in (
                ((None, None) if cell is None else cell) if column.kind == "interval" else (cell,)
            )
        ]
        for value, text in zip(flat, cells, strict=True):
            if value is None:
                assert text == ""
            elif isinstance(value, str):
                assert text.removeprefix("'") == value
            else:
                assert float(text) == value
    excel = list(csv.reader(io.StringIO(to_excel_csv(spec).decode("utf-8-sig")), delimiter=";"))
    heads = [head for column in spec.columns for head in list_headers(column)]
    assert [head.removeprefix("'") for head in excel[0]] == heads
    assert len(set(heads)) == len(heads)


def test_every_table_comes_back_from_a_workbook(bundle, tmp_path):
    specs = [TABLES[name](bundle, EN) for name in NAMES if name not in WITHOUT_ROWS]
    path = tmp_path / "tables.xlsx"
    write_workbook(specs, path, cover=make_cover(bundle, wording=EN), wording=EN)
    book = load_workbook(path)
    assert len(book.worksheets) == len(specs) + 1
    for spec, sheet in zip(specs, book.worksheets[1:], strict=True):
        heads = [head for column in spec.columns for head in list_headers(column)]
        shown = [cell.value for cell in sheet[HEADER_ROW + 1]][: len(heads)]
        assert [str(value).removeprefix("'") for value in shown] == heads, spec.key


KNOWN = {
    "score_model": ("coefficient_checklist", "coefficient_log_visitors", "coefficient_intercept"),
    "score_model_method": get_args(ShrinkageSettings.model_fields["estimator"].annotation)
    + get_args(ShrinkageSettings.model_fields["model_variance"].annotation),
    "rank_statistic": ("rank", "posterior", "sets"),
    "shrunken_statistic": ("shrunk", "robust", "fay_herriot", "r2", "coefficient_region"),
    "regional_statistic": ("components", "funnel"),
    "target_kind": ("median", "mean", "given"),
    "centres_are": ("drawn", "finite"),
    "sentence.route": ("normal", "draws", "shrunk"),
    "change_part": (*PARTS, *(name for names in FINER_PARTS.values() for name in names), "total"),
    "indicator_status": ("both", "new", "gone", "rescaled"),
    "unusual_side": ("high", "low"),
}
"""Keys that results may hold, in the fixture or not."""


@pytest.mark.parametrize("prefix", KNOWN)
def test_all_that_results_may_hold_has_a_name(prefix):
    for wording in (RU, EN):
        assert [key for key in KNOWN[prefix] if f"{prefix}.{key}" not in wording.texts] == []


def test_sheets_have_different_names():
    for wording in (RU, EN):
        sheets = [wording.text(f"table.{name}.sheet") for name in TABLES]
        own = [wording.text(f"table.{name}.sheet") for name in NAMES]
        assert [name for name in own if sheets.count(name) > 1] == []
