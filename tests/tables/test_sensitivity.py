"""Tables of what weights and methods do to stars: cells as a document shows them."""

from __future__ import annotations

import csv
import dataclasses
import io

import numpy as np
import pytest

from clientindex.results import Unavailable, load_bundle
from clientindex.tables import TABLES, build_moves_of_centre
from clientindex.tables.cells import collect_notes
from clientindex.tables.csv_files import to_excel_csv, to_machine_csv
from clientindex.tables.flat import list_headers, list_keys
from clientindex.tables.sensitivity import RECIPES
from presentation_bundle import HOSTILE, make_bundle, make_results, save_bundle
from table_shown import EN, RU, both, change, heads, notes, show

NAMES = [recipe.name for recipe in RECIPES]


@pytest.fixture(scope="module")
def bundle():
    return make_bundle()


def test_a_stored_bundle_gives_the_same_tables(bundle, tmp_path):
    loaded = load_bundle(save_bundle(bundle, tmp_path / "bundle"))
    for recipe in RECIPES:
        assert recipe(loaded, RU) == recipe(bundle, RU), recipe.name


def test_importance_stands_beside_the_weight_with_intervals(bundle):
    russian, english = both(bundle, "weight_importance_groups")
    told = ["20,0", "30,0", "[20,0; 40,0]", "31,0", "[21,0; 41,0]", "32,0", "[22,0; 42,0]"]
    assert russian[0] == ["Дружелюбие и партнерство", *told]
    assert english[2] == ["Minimal effort", "20.0", "20.0", "[10.0, 30.0]", "—", "—", "—", "—"]
    assert heads(TABLES["weight_importance_groups"](bundle, RU))[1:3] == [
        "Вес в индексе, %",
        "Важность по прямым, %",
    ]
    told = notes(bundle, "weight_importance_groups", RU)
    assert "Центров — 5" in told
    assert "повторов — 1 000" in told
    assert told.endswith("Ошибка выборки вычтена по ответам каждого центра.")
    bounded = change("weight_importance", sampling="bound")
    assert "only an upper bound" in notes(bounded, "weight_importance_groups").lower()
    rows = show(TABLES["weight_importance_indicators"](bundle, EN))
    assert len(rows) == 20
    assert rows[-1][:4] == ["Accessibility", "5.0", "2.5", "[−7.5, 12.5]"]


def test_compensation_and_hidden_weakness(bundle):
    russian, english = both(bundle, "weight_compensation")
    assert russian[4] == [
        *("Внешний комфорт и удобство", "85,0", "[65,0; 105,0]", "2"),
        *("100,0", "[75,0; 100,0]", "2"),
    ]
    assert len(english) == 5
    assert "нижние 25 %" in notes(bundle, "weight_compensation", RU)


def test_indicators_that_repeat_each_other_or_run_against_the_index(bundle):
    russian, english = both(bundle, "redundant_indicators")
    assert [row[:2] for row in english] == [
        ["Comfort of premises", "Wayfinding"],
        ["Professional competence of staff", "Courtesy and respect"],
    ]
    assert russian[1][2:] == ["да", "0,85", "[0,79; 0,91]", "0,94", "[0,88; 0,99]"]
    assert "Из 3 пар" in notes(bundle, "redundant_indicators", RU)
    russian, english = both(bundle, "odd_indicators")
    assert [row[0] for row in english] == [
        "Convenient location and hours",
        "Accessibility",
        "Wayfinding",
    ]
    assert russian[1][2:5] == ["−0,05", "[−0,25; 0,15]", "да, но не точно"]
    assert russian[2][4:] == ["нет", "1,000", "0,0", "да", "5"]


def test_optimised_weights_and_how_near_they_are(bundle):
    russian, _ = both(bundle, "optimised_weights")
    assert russian[4] == [
        *("Внешний комфорт и удобство", "20,0", "10,0", "20,0"),
        *("30,0", "[22,0; 38,0]", "20,0", "5"),
    ]
    assert "Цель: одинаковая важность у всех." in notes(bundle, "optimised_weights", RU)
    _, english = both(bundle, "optimised_summary")
    assert english[1] == [
        *("groups", "by smooth curves", "not wholly reached", "10.0", "3.0", "15.0"),
        *("0.913", "0.3"),
    ]
    assert notes(bundle, "optimised_summary", RU).endswith("Центров — 5.")


def test_sources_of_weights_side_by_side(bundle):
    russian, english = both(bundle, "weight_sources")
    assert [row[0] for row in english] == [
        "Equal for groups",
        "Experts: budget allocation",
        "Experts: pairwise judgements (AHP)",
        "Entropy of scores",
        "Regression on overall satisfaction",
    ]
    assert russian[3][1:] == ["4", "20,0", "0,548", "0,8", "2", "1", "1", "50,0"]
    assert english[0][1] == "—"
    told = collect_notes(TABLES["weight_sources"](bundle, RU), wording=RU)
    assert "Прочерк — веса назначены поровну" in told[0]
    assert len(told) == 1
    frame = make_results()["weight_sources"].comparison
    unknown = change("weight_sources", comparison=frame.assign(share_changed=np.nan))
    told = collect_notes(TABLES["weight_sources"](unknown, RU), wording=RU)
    assert told[1] == "Прочерк — значение не определено."
    rows = show(TABLES["source_groups"](bundle, EN))
    assert rows[5][1:] == ["40.0", "30.0", "10.0", "10.0", "10.0"]
    assert show(TABLES["source_gaps"](bundle, RU), RU) == [
        ["Главные компоненты", "Для этих данных величина не определена.", "—"],
        ["Факторные нагрузки", "Факторных нагрузок нет.", "—"],
        [
            "Эксперты: парные сравнения (МАИ)",
            "Об этих группах экспертов не спрашивали, внутри них веса прежние.",
            "Внешний комфорт и удобство",
        ],
        [
            "Выгоднейшие для каждого центра, среднее",
            "При таких весах правило не находит границ звёзд.",
            "—",
        ],
    ]


def test_details_of_missing_sources_have_a_column_only_where_there_are_some(bundle):
    frame = make_results()["weight_sources"].left_out
    bare = change("weight_sources", left_out=frame.assign(detail=""))
    assert heads(TABLES["source_gaps"](bare, RU)) == ["Источник весов", "Почему"]
    assert len(heads(TABLES["source_gaps"](bundle, RU))) == 3
    told = collect_notes(TABLES["source_gaps"](bundle, RU), wording=RU)
    assert told == ("Прочерк — подробностей нет.",)
    assert collect_notes(TABLES["source_gaps"](bare, RU), wording=RU) == ()


def test_experts_who_contradict_themselves_are_named(bundle):
    russian, english = both(bundle, "expert_consistency")
    assert russian == [
        ["группы индекса", "все вместе", "0,011", "нет"],
        ["группы индекса", "expert_4", "0,201", "да"],
    ]
    assert "above 0.10" in notes(bundle, "expert_consistency")
    named = make_results()["weight_sources"].consistency.replace("expert_4", "Эксперт 4")
    changed = change("weight_sources", consistency=named)
    assert show(TABLES["expert_consistency"](changed, EN))[1][1] == "Expert 4"
    assert show(TABLES["expert_consistency"](changed, RU), RU)[1][1] == "Эксперт 4"
    assert show(TABLES["expert_judgements"](bundle, EN))[0][2:] == [
        *("Friendliness and partnership", "Comfort and convenience", "0.20", "3.00", "0.060")
    ]
    rows = show(TABLES["satisfaction_parts"](bundle, EN))
    assert rows[0] == ["All indicators together", "80.0", "[60.0, 90.0]", "100.0"]
    assert rows[1][1:] == ["32.0", "[24.0, 40.0]", "40.0"]
    nobody = change("weight_sources", outcome="")
    assert "не назван" in notes(nobody, "satisfaction_parts", RU)
    assert len(english) == 2


def test_stars_that_stand_are_counted_by_star(bundle):
    russian, _ = both(bundle, "stability_by_star")
    assert russian == [
        ["3", "1", "0", "0", "1", "88,0", "0,2"],
        ["4", "2", "0", "1", "2", "50,0", "0,7"],
        ["5", "1", "1", "1", "1", "100,0", "0,0"],
    ]
    old = make_results()["weight_stability"]
    before = change("weight_stability", frame=old.frame.drop(columns=["rank_sd", "rank_mean"]))
    assert show(TABLES["stability_by_star"](before, RU), RU)[1] == ["4", "2", "0", "1", "2", "50,0"]
    russian, english = both(bundle, "certain_by_star")
    assert russian[1] == ["4", "2", "0", "2", "0", "0", "9,5"]
    assert english[2] == ["5", "1", "1", "0", "0", "0", "52.5"]
    assert "не больше чем на ±25 %" in notes(bundle, "certain_by_star", RU)


def test_the_most_fragile_star_stands_first(bundle):
    russian, english = both(bundle, "fragile_stars")
    told = ["4", "71,0", "[68,5; 73,8]", "3–4", "9,5", "72,0", "4,0", "7,5"]
    assert russian[0] == ["ЦЗН № 4", *told]
    assert [row[0] for row in english] == ["ЦЗН № 4", "ЦЗН № 2", HOSTILE, "ЦЗН № 1"]
    for name in ("fragile_stars", "firm_gaps", "what_moves"):  # a dash is explained once
        told = " ".join(collect_notes(TABLES[name](bundle, RU), wording=RU))
        assert told.lower().count("прочерк") == 1
    assert english[3][1:] == ["5", "85.3", "[83.0, 87.3]", "5", "52.5", "—", "21.0", "—"]
    assert heads(TABLES["fragile_stars"](bundle, EN))[3:5] == ["Index at ±25%", "Stars at ±25%"]
    frame = make_results()["weight_bounds"].frame
    bands = ("smallest_band_pct", "loses_band_pct", "wins_band_pct", "l1_indicators", "l1_groups")
    found = change(
        "weight_bounds", frame=frame.assign(**dict.fromkeys(bands, np.nan)), stars_by="bounds"
    )
    rows = show(TABLES["fragile_stars"](found, EN))
    assert [row[0] for row in rows] == ["ЦЗН № 2", "ЦЗН № 4", HOSTILE]
    assert "smallest movements are not defined" in notes(found, "fragile_stars")
    assert "others may stand too" in notes(found, "certain_by_star")


def test_neighbours_that_are_hardest_to_swap(bundle):
    russian, english = both(bundle, "firm_gaps")
    assert russian == [
        ["ЦЗН № 1", "ЦЗН № 2", "14,25", "—", "60,0", "—"],
        ["ЦЗН № 4", HOSTILE, "8,50", "—", "—", "—"],
        ["ЦЗН № 1", "ЦЗН № 4", "14,25", "88,0", "45,0", "75,0"],
        ["ЦЗН № 2", HOSTILE, "8,50", "61,0", "27,5", "45,0"],
        ["ЦЗН № 2", "ЦЗН № 4", "0,00", "0,0", "0,0", "0,0"],
    ]
    assert len(english) == 5
    assert "Of all 5 pairs of neighbours, 1 can come level" in notes(bundle, "firm_gaps")


def test_what_would_move_one_centre(bundle):
    spec = TABLES["what_moves"](bundle, RU)
    assert spec.caption.replace("\u00a0", " ") == (
        "Что изменило бы звёзды центра «ЦЗН № 4» (сейчас 4 ★)"
    )
    rows = show(spec, RU)
    assert rows[:5] == [
        ["Все веса сдвигаются не больше чем на ±25 %", "индекс [68,5; 73,8]", "3–4"],
        ["Потерять звезду", "при сдвиге весов от ±9,5 %", "—"],
        ["Получить звезду", "при сдвиге весов от ±72,0 %", "—"],
        ["Ближайшие другие звёзды: перенести веса показателей", "4,0 %", "—"],
        ["Ближайшие другие звёзды: перенести веса групп", "7,5 %", "—"],
    ]
    assert ["Без группы «Внешний комфорт и удобство»", "индекс 80,5", "5"] in rows
    assert ["Веса из источника: Энтропия оценок", "индекс 80,0", "5"] in rows
    assert rows[-3:] == [
        ["Случайные веса", "звёзды те же в 50,0 % случаев", "4"],
        ["Другие варианты метода", "звёзды те же в 57,1 % случаев", "4"],
        ["Выборка, веса и метод вместе", "звёзды те же в 55,0 % случаев", "4"],
    ]
    assert ["Сосед с тем же индексом: ЦЗН № 2", *LEVEL] in rows
    english = show(build_moves_of_centre(bundle, "c1", EN))
    assert english[2] == ["To gain a star", "impossible even at ±100%", "—"]
    assert english[4][1] == "no weights would do it"
    assert english[6][:2] == ["The centre ЦЗН № 4 comes level", "weights move by ±88.0% or more"]
    alone = make_bundle(results={name: make_results()[name] for name in ("stars", "weight_bounds")})
    assert len(show(build_moves_of_centre(alone, "c4", EN))) == 8


LEVEL = ["любой сдвиг весов может поменять их местами", "—"]


def test_choices_of_the_method_and_what_one_change_does(bundle):
    russian, english = both(bundle, "multiverse_effects")
    assert russian[0] == ["правило звёзд", "2", "70,0", "31,3"]
    assert "95 %" in notes(bundle, "multiverse_effects", RU)
    nothing = change("multiverse", additive_share=float("nan"))
    assert "95" not in notes(nothing, "multiverse_effects")
    assert len(english) == 3
    rows = show(TABLES["multiverse_single"](bundle, EN))
    assert rows[0] == ["star rule: quantiles", "50.0", "25.0", "25.0", "0.0", "0.0", "1.000"]
    assert len(rows) == 3
    assert "7 of 8 possible" in notes(bundle, "multiverse_single")
    rows = show(TABLES["multiverse_options"](bundle, RU), RU)
    assert rows[3] == ["среднее групп", "геометрическое", "нет", "3", "41,7", "0,881"]
    rows = show(TABLES["multiverse_centres"](bundle, EN))
    assert rows[0] == [HOSTILE, "3", "42.9", "1–3", "14.3", "4", "3", "4"]
    rows = show(TABLES["multiverse_variants"](bundle, RU), RU)
    assert rows[0][:2] == ["0", "как в методике"]
    assert rows[3][1] == "среднее групп: геометрическое; правило звёзд: квантили"
    assert len(rows) == 7


def test_parts_of_the_spread_are_told_by_source_and_input(bundle):
    rows = show(TABLES["sobol_sources"](bundle, EN))
    assert len(rows) == 15
    assert rows[4][1:] == [
        *("all choices of method together", "50.0", "[48.0, 52.0]", "60.0", "[57.0, 63.0]")
    ]
    rows = show(TABLES["sobol_inputs"](bundle, RU), RU)
    assert rows[0] == ["выбор: правило звёзд", "40,0", "[38,0; 42,0]", "45,0", "[42,0; 48,0]"]
    assert rows[3][0] == "вес: Дружелюбие и партнерство"
    assert len(rows) == 7
    rows = show(TABLES["sobol_outputs"](bundle, EN))
    assert rows[1][1:] == ["0.35", "0.15", "85.0"]
    assert "ЦЗН № 1" in rows[3][0]
    assert len(rows) == 5
    assert "30,720" in notes(bundle, "sobol_outputs")
    assert "(16)" in notes(bundle, "sobol_sources")


def test_doubt_is_divided_between_sources(bundle):
    russian, english = both(bundle, "joint_parts")
    assert [row[1:] for row in russian] == [
        ["0,9", "0,02", "100,0"],
        ["0,5", "0,02", "56,8"],
        ["0,3", "0,02", "28,4"],
        ["0,1", "0,02", "14,8"],
    ]
    assert english[0][0] == "all together"
    assert notes(bundle, "joint_parts", RU).endswith(
        "Варианты метода: вид среднего — арифметическое и геометрическое."
    )
    rows = show(TABLES["joint_least_sure"](bundle, EN))
    assert rows[0] == ["ЦЗН № 4", "4", "71.0", "0.55", "0.74", "0.80", "0.90", "2", "[2, 4]"]


def test_parts_left_out_and_orders_that_turn(bundle):
    rows = show(TABLES["leave_out"](bundle, RU), RU)
    assert [row[:2] for row in rows] == [
        ["группа", "Дружелюбие и партнерство"],
        ["группа", "Внешний комфорт и удобство"],
        ["сегмент", "Граждане"],
        ["сегмент", "Работодатели"],
        ["показатель", "Удобство расположения и графика"],
    ]
    assert rows[0][2:] == ["50,0", "0", "2", "0,8", "0,548", "−1,50", "4"]
    rows = show(TABLES["rank_reversals"](bundle, EN))
    assert rows == [
        ["ЦЗН № 1", "3", "1", "50.00", "1", "1"],
        ["ЦЗН № 4", "3", "0", "0.00", "0", "1"],
    ]


def test_what_is_not_defined_says_why(bundle):
    rows = show(TABLES["sensitivity_gaps"](bundle, RU), RU)
    told = {row[1]: row[2] for row in rows}
    assert told["Минимизация усилий; важность без ошибки выборки"] == (
        "Ошибка выборки не меньше самих различий между центрами."
    )
    assert told["c5; границы индекса"].startswith("Опубликованный индекс отличается")
    assert told["пропуск показателя"] == "Пропусков нет, выбирать не из чего."
    assert told["Округ"] == "Вес равен нулю."
    assert told["группы; по плавным кривым"].startswith("Повторные выборки не делались")
    assert any(name and "Округ" in name and name != "Округ" for name in told)


KNOWN_REASONS = (
    *("no_variance", "few_values", "told_by_others", "too_few_centres", "no_sampling_error"),
    *("noise_exceeds_variance", "measures_in_index", "checklists_in_index", "not_additive"),
    *("unstable_resampling", "weight_zero", "no_importance", "no_index", "not_a_weighted_sum"),
    *("not_resampled", "no_experts", "no_outcome", "no_answers", "no_loadings", "no_reliability"),
    *("not_defined", "no_cut_points", "parents", "index_differs", "cut_points_found"),
    *("means_differ", "different_indicators", "no_weight", "sole_weight", "nothing_missing"),
    *("no_alternative", "switched_off", "nothing_left", "few_centres", "invalid_methodology"),
    *(
        "no_loss",
        "cut_points_of_other_scale",
        "cut_points_by_peer_group",
        "other_stars",
        "no_checklists",
    ),
    *("checklists_of_other_scale", "not_measured_again"),
)
"""Reasons that results of the sensitivity may have."""


KNOWN_STATISTICS = (
    *("linear", "smooth", "net", "uncorrelated", "applied", "made_up", "weak", "removal"),
    *("corrected_correlation", "bounds", "star", "distance", "swap"),
)
"""Statistics that results of the sensitivity may lack."""


@pytest.mark.parametrize("wording", [RU, EN], ids=["ru", "en"])
def test_every_reason_has_words(wording):
    lacking = [s for s in KNOWN_STATISTICS if f"gap_statistic.{s}" not in wording.texts]
    assert lacking == []
    assert [r for r in KNOWN_REASONS if f"sensitivity_gap.{r}" not in wording.texts] == []


@pytest.mark.parametrize("name", NAMES)
def test_a_table_of_an_absent_result_says_why(name):
    results = make_results()
    needs = TABLES[name].needs
    kept = {key: value for key, value in results.items() if key not in needs}
    lost = {need: Unavailable(stage="sensitivity", reason="no_stars") for need in needs}
    told = TABLES[name].explain_absence(make_bundle(results=kept | lost), wording=RU)
    assert "Звёзд нет ни у одного центра." in told
    assert TABLES[name].explain_absence(make_bundle(results=kept), wording=EN)


@pytest.mark.parametrize("wording", [RU, EN], ids=["ru", "en"])
@pytest.mark.parametrize("name", NAMES)
def test_headings_differ_and_files_have_all_rows(bundle, name, wording):
    spec = TABLES[name](bundle, wording)
    rows = list(csv.reader(io.StringIO(to_machine_csv(spec).decode())))
    assert rows[0] == [key for column in spec.columns for key in list_keys(column)]
    assert len(rows) == len(spec.rows) + 1
    excel = list(csv.reader(io.StringIO(to_excel_csv(spec).decode("utf-8-sig")), delimiter=";"))
    named = [head for column in spec.columns for head in list_headers(column)]
    assert [head.removeprefix("'") for head in excel[0]] == named
    assert len(set(named)) == len(named)


def test_sheets_have_different_names():
    for wording in (RU, EN):
        sheets = [wording.text(f"table.{name}.sheet") for name in TABLES]
        own = [wording.text(f"table.{name}.sheet") for name in NAMES]
        assert [name for name in own if sheets.count(name) > 1] == []
        assert [name for name in own if len(name) > 31] == []


def test_a_centre_whose_bounds_are_not_known_has_what_is(bundle):
    bounds = make_results()["weight_bounds"]
    lost = dataclasses.replace(bounds, frame=bounds.frame[bounds.frame["centre"] != "c4"])
    changed = make_bundle(results=make_results() | {"weight_bounds": lost})
    rows = show(build_moves_of_centre(changed, "c4", EN))
    assert rows[0][0] == "To come level with the centre ЦЗН № 1"
    empty = dataclasses.replace(bounds, frame=bounds.frame.iloc[:0])
    nobody = make_bundle(results=make_results() | {"weight_bounds": empty})
    assert TABLES["what_moves"](nobody, RU).rows == ()
