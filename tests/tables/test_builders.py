from __future__ import annotations

import dataclasses

import pandas as pd
import pytest

import table_shown
from clientindex.errors import WordingError
from clientindex.intake.codes import CODES
from clientindex.intake.leave_out import FILE_FAULTS
from clientindex.results import GroupMeans, Unavailable
from clientindex.tables import TABLES, build_stars_of_region, explain_regions
from clientindex.tables.cells import collect_notes
from clientindex.tables.group_means import build_region_groups
from clientindex.tables.indicators import count_digits
from clientindex.tables.intake_warnings import build_warnings
from clientindex.tables.response import build_response
from clientindex.tables.sample import build_sample
from clientindex.wording import load_wording
from presentation_bundle import HOSTILE, make_bundle, make_coverage, make_results, make_stars
from presentation_rating import WITHOUT_ROWS
from presentation_revision import make_revised_bundle

RU, EN = load_wording("ru"), load_wording("en")


@pytest.fixture(scope="module")
def bundle():
    return make_bundle()


@pytest.fixture(scope="module")
def whole():
    """Make a bundle with every result, that of a revision too."""
    return make_revised_bundle()


def show(spec, wording=RU):
    """Show the cells, in Russian unless another language is given."""
    return table_shown.show(spec, wording)


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize("name", sorted(TABLES))
def test_every_table_is_rectangular_with_different_headings(whole, name, language):
    wording = load_wording(language)
    spec = TABLES[name](whole, wording)
    assert spec.key == name
    assert bool(spec.rows) == (name not in WITHOUT_ROWS)
    assert {len(row) for row in spec.rows} <= {len(spec.columns)}
    assert len({column.key for column in spec.columns}) == len(spec.columns)
    assert wording.text(f"table.{name}.lead").count(f"[-@{spec.label}]") == 1
    show(spec, wording)


def test_visitors_who_answered_by_region_and_none_without_a_register(bundle):
    spec = TABLES["response"](bundle, EN)
    assert spec.rows[-1] == ("All regions", 5, 24680, 1234, 0.05)
    coverage = dataclasses.replace(make_coverage(), response=None)
    assert build_response(coverage, bundle.methodology, EN).rows == ()


def test_sample_by_region_and_segment(bundle):
    spec = TABLES["sample"](bundle, RU)
    assert [column.header for column in spec.columns] == [
        "Регион",
        "Граждане: центров",
        "Граждане: респондентов",
        "Работодатели: центров",
        "Работодатели: респондентов",
    ]
    assert show(spec) == [
        ["Край", "3", "700", "2", "234"],
        ["Псковская область", "2", "300", "—", "—"],
    ]
    assert collect_notes(spec, wording=RU) == ("Прочерк — значение не определено.",)


def test_totals_are_called_answers(bundle):
    coverage = dataclasses.replace(make_coverage(), data_kind="totals", n_respondents=None)
    spec = build_sample(coverage, methodology=bundle.methodology, wording=EN)
    assert spec.columns[2].header == "Citizens: answers"
    assert spec.columns[2].key == "citizens_answers"
    assert "Only totals by centre" in spec.notes[0]


def test_stars_are_ordered_by_region_and_rank(bundle):
    spec = TABLES["stars"](bundle, RU)
    told = ["4", "71,0", "[68,1; 73,9]", "200", "0,75", "2", "9,0", "6,0", "1,0", "0,7", "[2; 3]"]
    assert show(spec)[0] == ["Край", "c4", "ЦЗН № 4", *told]
    assert show(spec)[1][:3] == ["Край", "c3", HOSTILE]
    assert show(spec)[2] == [
        *("Псковская область", "c1", "ЦЗН № 1", "5", "85,3", "[83,3; 87,2]", "400", "1,00", "1"),
        *("—", "—", "5,3", "5,3", "[1; 1]"),
    ]
    assert [row[1] for row in show(spec)] == ["c4", "c3", "c1", "c2"]
    assert spec.columns[-1].header == "Множество мест"
    assert spec.columns[-1].low_header == "Множество мест: Интервал (95\u00a0%), нижняя граница"
    assert "пустая ячейка — в эту сторону звёзды не изменятся" in spec.notes[2]
    assert spec.notes[1] == "Звёзды присвоены по неокруглённому индексу."
    assert "истинное место центра" in spec.notes[3]


def test_an_older_bundle_knows_no_distances_and_sets():
    known = {"stars": make_stars()}
    rows = show(TABLES["stars"](make_bundle(results=known), RU))
    assert rows[0] == [
        *("Край", "c4", "ЦЗН № 4", "4", "71,0", "[68,1; 73,9]", "200", "0,75", "2"),
    ]
    lost = {
        name: Unavailable(stage="rating", reason="unknown_error", detail="1/4")
        for name in ("star_doubt", "ranks")
    }
    spec = TABLES["stars"](make_bundle(results=known | lost), EN)
    assert len(spec.columns) == 9
    assert "The error of the index is not known" in spec.notes[2]


def test_one_region_has_its_own_label_and_caption(bundle):
    spec = build_stars_of_region(bundle, region="Край", number=2, wording=RU)
    assert spec.label == "tbl-stars-2"
    assert spec.caption == "Звёзды центров занятости: Край"
    told = ["4", "71,0", "[68,1; 73,9]", "200", "0,75", "9,0 / 1,0", "2 [2; 3]"]
    assert show(spec)[0] == ["ЦЗН № 4", *told]
    assert [row[0] for row in spec.rows] == ["ЦЗН № 4", HOSTILE]
    assert spec.notes == ("ЦЗН № 5: звёзды не присвоены. Малая выборка (n = 20).",)
    assert [column.header.replace(" ", " ") for column in spec.columns][-2:] == [
        "Баллов до большего / до меньшего числа звёзд",
        "Место [множество мест этого центра, 95 %]",
    ]
    last = build_stars_of_region(bundle, region="Псковская область", number=3, wording=EN)
    assert show(last, EN)[0][-2:] == ["— / 5.3", "1 [1, 1]"]
    assert last.notes == ()
    old = make_bundle(results={"stars": make_stars()})
    plain = build_stars_of_region(old, region="Край", number=2, wording=RU)
    assert show(plain)[0] == ["ЦЗН № 4", "4", "71,0", "[68,1; 73,9]", "200", "0,75", "2"]


def test_a_region_without_stars_says_why(bundle):
    spec = build_stars_of_region(bundle, region="Округ", number=1, wording=EN)
    assert spec.rows == ()
    assert spec.notes == ("ЦЗН № 6: no stars are given. No answers (n = 0).",)


def test_what_holds_for_all_regions_is_said_once(bundle):
    assert list(explain_regions(bundle, EN)) == [
        "Stars are given by the unrounded index.",
        "A dash beside the stroke: stars cannot change that way.",
    ]
    old = make_bundle(results={"stars": make_stars()})
    assert list(explain_regions(old, RU)) == ["Звёзды присвоены по неокруглённому индексу."]
    nobody = make_stars().frame.assign(star=pd.array([None] * 6, dtype="Float64"))
    none = make_bundle(results={"stars": dataclasses.replace(make_stars(), frame=nobody)})
    assert list(explain_regions(none, RU)) == []


def test_half_stars_have_one_decimal():
    frame = make_stars().frame.assign(
        star=pd.array([4.5, 4.0, 3.0, 4.0, None, None], dtype="Float64")
    )
    halves = make_bundle(results={"stars": dataclasses.replace(make_stars(), frame=frame)})
    assert [row[3] for row in show(TABLES["stars"](halves, RU))] == ["4,0", "3,0", "4,5", "4,0"]
    regions = make_results()["regions"]
    counted = regions.frame.rename(columns={"stars_5": "stars_4.5"})
    some = make_bundle(results={"regions": dataclasses.replace(regions, frame=counted)})
    assert TABLES["regions"](some, RU).columns[-2].header == "4,5\u00a0★"


def test_withheld_centres_have_reasons_and_gaps(bundle):
    spec = TABLES["withheld"](bundle, RU)
    assert show(spec) == [
        ["Край", "ЦЗН № 5", "20", "90,0", "[78,2; 100,0]", "Малая выборка"],
        ["Округ", "ЦЗН № 6", "0", "—", "—", "Нет ответов"],
    ]
    assert "присвоения звёзд: 30." in spec.notes[0]


def test_regions_fall_by_mean_and_end_with_the_country(bundle):
    rows = show(TABLES["regions"](bundle, EN), EN)
    assert rows == [
        ["Псковская область", "2", "700", "78.1", "[0.0, 100.0]", "0", "0", "0", "1", "1", "0"],
        ["Край", "3", "470", "74.5", "[39.6, 75.0]", "0", "0", "1", "1", "0", "1"],
        ["Округ", "0", "0", "—", "—", "0", "0", "0", "0", "0", "0"],
        ["All regions", "5", "1,170", "76.0", "[62.1, 89.8]", "0", "0", "1", "2", "1", "1"],
    ]
    spec = TABLES["regions"](bundle, RU)
    assert spec.columns[-1].header == "Без звёзд"
    assert "число центров с индексом, которым звёзды не присвоены" in spec.notes[0]


def test_group_means_of_the_country_in_the_order_of_the_methodology(bundle):
    spec = TABLES["group_means"](bundle, RU)
    assert [column.header.replace("\u00a0", " ") for column in spec.columns] == [
        "Группа",
        "Центров",
        "Средняя оценка, баллов",
        "Интервал (95 %)",
    ]
    assert show(spec) == [
        ["Дружелюбие и партнерство", "5", "72,4", "[65,4; 79,3]"],
        ["Полезность", "0", "—", "—"],
        ["Минимизация усилий", "0", "—", "—"],
        ["Адресность", "0", "—", "—"],
        ["Внешний комфорт и удобство", "4", "76,5", "[65,4; 87,7]"],
    ]


def test_regions_by_groups_end_with_the_country(bundle):
    spec = TABLES["region_groups"](bundle, EN)
    assert [column.key for column in spec.columns] == [
        "region",
        "n_centres",
        *bundle.methodology.group_keys,
    ]
    assert spec.columns[2].header == "Friendliness and partnership"
    gap = ["—"] * 3
    assert show(spec, EN) == [
        ["Край", "3", "71.3", *gap, "80.0"],
        ["Округ", "0", "—", *gap, "—"],
        ["Псковская область", "1", "74.0", *gap, "66.1"],
        ["All regions", "4", "72.4", *gap, "76.5"],
    ]
    assert len(spec.notes) == 1


def test_many_groups_are_numbered_and_named_below_the_table(bundle):
    methodology = bundle.methodology
    extra = tuple(methodology.groups[0].model_copy(update={"key": f"more_{i}"}) for i in range(2))
    wide = methodology.model_copy(update={"groups": (*methodology.groups, *extra)})
    keys = [group.key for group in wide.groups]
    rows = pd.DataFrame({"region": "country", "group": keys, "n_centres": 9, "estimate": 50.0})
    means = GroupMeans(frame=rows, level=0.95)
    spec = build_region_groups(means, methodology=wide, wording=RU)
    assert [column.header for column in spec.columns] == ["Регион", "Центров", *"1234567"]
    assert spec.notes[0].startswith("Номера групп: 1 — Дружелюбие и партнерство; 2 — Полезность;")
    six = dataclasses.replace(means, frame=rows.iloc[:6])
    assert build_region_groups(six, methodology=wide, wording=RU).columns[3].header == "Полезность"


def test_intervals_of_regions_and_groups(bundle):
    rows = show(TABLES["region_group_intervals"](bundle, EN), EN)
    assert len(rows) == 20
    assert rows[0] == ["Край", "Friendliness and partnership", "3", "71.3", "[54.0, 88.5]"]
    assert rows[14] == ["Псковская область", "Comfort and convenience", "1", "66.1", "—"]
    assert rows[15][0] == "All regions"


def test_group_scores_leave_the_index_out(bundle):
    rows = show(TABLES["group_scores"](bundle, EN), EN)
    assert [row[1:5] for row in rows] == [
        ["c3", HOSTILE, "Friendliness and partnership", "61.0"],
        ["c1", "ЦЗН № 1", "Comfort and convenience", "88.0"],
    ]


def test_alpha_has_the_word_of_the_methodology(bundle):
    rows = show(TABLES["alpha"](bundle, RU))
    assert rows[0] == [
        "Дружелюбие и партнерство",
        "Все респонденты",
        "4",
        "0,80",
        "[0,77; 0,81]",
        "0,49",
        "1 230",
        "приемлемая",
    ]
    assert [row[-1] for row in rows] == ["приемлемая", "низкая", "высокая", "приемлемая"]


def test_suitability_ends_with_the_overall_measure(bundle):
    spec = TABLES["msa"](bundle, RU)
    assert len(spec.rows) == 21
    assert show(spec)[-1] == ["Все показатели", "0,88", "[0,85; 0,90]", "—", "хорошая"]
    assert show(TABLES["bartlett"](bundle, RU)) == [["12 345,7", "190", "< 0,001", "1 102"]]


def test_factors(bundle):
    loadings = TABLES["loadings"](bundle, RU)
    assert [column.header for column in loadings.columns[1:6]] == ["F1", "F2", "F3", "F4", "F5"]
    assert show(loadings)[0][1:] == ["0,65", "−0,05", "−0,05", "−0,05", "−0,05", "0,43"]
    assert show(TABLES["variance"](bundle, RU))[0] == [
        "F1",
        "Дружелюбие и партнерство",
        "1,69",
        "8,5",
        "7,5",
        "9,5",
    ]
    assert show(TABLES["eigenvalues"](bundle, RU))[:2] == [["1", "6,00"], ["2", "1,50"]]
    assert show(TABLES["factor_correlations"](bundle, RU))[0] == [
        "F1",
        "1,00",
        "0,63",
        "0,63",
        "0,63",
        "0,63",
    ]


def test_stability_lists_the_least_stable_first_and_leaves_the_certain_out(bundle):
    rows = show(TABLES["least_stable"](bundle, RU))
    assert [row[0] for row in rows] == ["ЦЗН № 4", HOSTILE, "ЦЗН № 2"]
    assert rows[0] == ["ЦЗН № 4", "Край", "4", "2", "[2; 4]", "50,0", "1,6"]
    words = [row[-1] for row in show(TABLES["stability"](bundle, RU))]
    assert words == ["устойчивы", "устойчивы", "неустойчивы", "умеренно устойчивы"]
    told = " ".join(TABLES["stability"](bundle, RU).notes).replace(" ", " ")
    assert told.endswith("устойчивы — от 95 %; умеренно устойчивы — от 80 %; неустойчивы — меньше.")
    errors = TABLES["stability"](bundle, RU).columns[6]
    assert (errors.header.replace(" ", " "), errors.kind) == ("Ошибка доли, п. п.", "number")


def test_missing_answers_have_a_column_for_reasons_that_occur(bundle):
    spec = TABLES["no_answer"](bundle, RU)
    assert [column.key for column in spec.columns[3:]] == ["dont_know_share"]
    assert show(spec) == [
        ["Граждане", "Профессиональная компетентность сотрудников", "1 000", "12,5"],
        ["Работодатели", "Отсутствие ожидания", "234", "1,3"],
    ]


def test_indicators_carry_the_status_of_the_working_set(bundle):
    spec = TABLES["indicators"](bundle, EN)
    assert len(spec.rows) == 20
    assert spec.notes[0].startswith("Working set of indicators.")
    assert show(spec, EN)[10][4] == "reverse"
    assert show(TABLES["bands"](bundle, EN), EN)[0] == ["1", "0", "50"]


def test_bands_are_told_where_they_are_stated_with_half_stars_too(bundle):
    stated = bundle.methodology.stars
    for fields, rows in (
        ({"half_stars": True, "bands": stated.bands[:2]}, [["1.0", "0"], ["1.5", "50"]]),
        ({"rule": "quantiles", "stars": 5, "bands": ()}, []),
    ):
        rule = stated.model_copy(update=fields)
        methodology = bundle.methodology.model_copy(update={"stars": rule})
        other = dataclasses.replace(bundle, methodology=methodology)
        assert [row[:2] for row in show(TABLES["bands"](other, EN), EN)] == rows


@pytest.mark.parametrize(
    ("values", "digits"), [((0, 50.0, 100), 0), ((62.5, 70), 1), ((0.125, 100.0), 3), ((), 0)]
)
def test_limits_are_shown_as_they_stand(values, digits):
    assert count_digits(values) == digits


def test_warnings_are_told_in_the_language(bundle):
    rows = show(TABLES["intake_warnings"](bundle, RU))
    assert rows == [
        ["W-CENTRE-SILENT", "У центра из реестра нет ответов", "register.csv", "7", "—"]
    ]


@pytest.mark.parametrize("wording", [RU, EN])
def test_whatever_intake_may_let_pass_has_words(bundle, wording):
    codes = sorted({*FILE_FAULTS, *(code for code in CODES if code.startswith("W-"))})
    warnings = pd.DataFrame({"code": codes, "file": "survey.csv", "row": 7, "column": ""})
    rows = build_warnings(dataclasses.replace(make_coverage(), warnings=warnings), wording=wording)
    assert [row[0] for row in show(rows, wording)] == codes
    assert len({row[1] for row in show(rows, wording)}) == len(codes)


def test_provenance(bundle):
    assert show(TABLES["inputs"](bundle, RU))[0] == ["survey.csv", "1 234", "aaaaaaaaaaaa"]
    assert show(TABLES["packages"](bundle, RU)) == [
        ["Python", "3.11.7"],
        ["numpy", "2.4.6"],
        ["Pandas", "3.1.1"],
    ]


def test_an_absent_result_is_explained_and_not_built():
    results = make_results() | {
        "consistency": Unavailable(stage="reliability", reason="totals_only")
    }
    bundle = make_bundle(results=results)
    reason = TABLES["alpha"].explain_absence(bundle, wording=RU)
    assert reason.startswith("Оценка надёжности: результата нет. Для этого нужны ответы")
    with pytest.raises(WordingError, match="table 'alpha'"):
        TABLES["alpha"](bundle, RU)
